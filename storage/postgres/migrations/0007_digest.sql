-- +goose Up

-- Where a digest goes: to a member in private, or to a chat of several people. Times of day are 15:04
-- in the zone of the member, or of the workspace.
CREATE TABLE digests (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    member_id    uuid,
    door         text NOT NULL DEFAULT '',
    chat         text NOT NULL DEFAULT '',
    at           text NOT NULL,
    -- Sections that are not wanted.
    without      text[] NOT NULL DEFAULT '{}',
    -- The day of the week on which the analysis is told in full, Sunday being 0.
    full_on      smallint NOT NULL DEFAULT 1,
    set_by       uuid,
    set_at       timestamptz NOT NULL,
    off_at       timestamptz,
    -- The last day that was counted: its digest was owed, or it needs none.
    day          date,
    version      bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (workspace_id, id),
    CHECK ((member_id IS NULL) = (door <> ''))
);
CREATE UNIQUE INDEX digests_member ON digests (workspace_id, member_id) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX digests_chat ON digests (door, chat) WHERE door <> '';

-- One row for each destination and local day: what was said, or that the day was missed.
CREATE TABLE digest_runs (
    workspace_id uuid NOT NULL,
    digest_id    uuid NOT NULL,
    local_date   date NOT NULL,
    owed_at      timestamptz NOT NULL,
    -- Up to when things are told of; the next digest goes on from there.
    told         timestamptz,
    skipped      boolean NOT NULL DEFAULT false,
    facts        jsonb,
    PRIMARY KEY (workspace_id, digest_id, local_date)
);
CREATE INDEX digest_runs_owed ON digest_runs (owed_at);

-- What was decided about advice, with the conversion as it was then.
CREATE TABLE advices (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    stage        text NOT NULL,
    advice       text NOT NULL,
    trait        text NOT NULL DEFAULT '',
    value        text NOT NULL DEFAULT '',
    accepted     boolean NOT NULL,
    owner_id     uuid,
    due_on       date,
    review_on    date,
    reason       text NOT NULL DEFAULT '',
    decided_by   uuid,
    decided_at   timestamptz NOT NULL,
    conversion   jsonb,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX advices_decided ON advices (workspace_id, decided_at);
