-- +goose Up

-- Owners who were reminded of a deal by somebody: at most once on a day of the workspace. What the owner
-- does with the deal afterwards is the answer, which whoever asked is told of once.
CREATE TABLE nudges (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    day          date NOT NULL,
    by_id        uuid NOT NULL,
    owner_id     uuid NOT NULL,
    at           timestamptz NOT NULL,
    answered_at  timestamptz,
    PRIMARY KEY (workspace_id, deal_id, day)
);
CREATE INDEX nudges_open ON nudges (at) WHERE answered_at IS NULL;

-- Deals that a member does not want to be shown as a risk before a day.
CREATE TABLE snoozes (
    workspace_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    deal_id      uuid NOT NULL,
    until        date NOT NULL,
    set_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, member_id, deal_id)
);
