-- +goose Up

-- What a team is to win in a month. A row is never changed: a later one of the same month takes its
-- place, so that a report of the past finds what was planned then. The version counts the rows of a
-- team, and the audit knows a change by it.
CREATE TABLE quotas (
    workspace_id uuid NOT NULL,
    team_id      uuid NOT NULL,
    version      bigint NOT NULL,
    month        date NOT NULL CHECK (extract(day FROM month) = 1),
    -- Without a currency there is no plan for the month any more.
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency     text NOT NULL,
    set_by       uuid,
    set_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, team_id, version)
);
CREATE INDEX quotas_month ON quotas (workspace_id, month, team_id, version DESC);
