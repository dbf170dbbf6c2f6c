-- +goose Up

-- What is known of a deal by the questions of the qualification. A skipped question has the value {}.
CREATE TABLE answers (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    question     text NOT NULL,
    value        jsonb NOT NULL,
    member_id    uuid,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, deal_id, question)
);

-- Finished qualifications, counted per deal, with what was known then.
CREATE TABLE qualifications (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    seq          integer NOT NULL,
    member_id    uuid,
    at           timestamptz NOT NULL,
    score        integer NOT NULL,
    verdict      text NOT NULL,
    -- Whether the deal lies outside the ideal customer profile.
    outside      boolean NOT NULL,
    assessment   jsonb NOT NULL,
    answers      jsonb NOT NULL,
    definition   integer NOT NULL,
    voided_at    timestamptz,
    PRIMARY KEY (workspace_id, deal_id, seq)
);
CREATE INDEX qualifications_at ON qualifications (workspace_id, at);

-- Open qualification dialogs, and for a while those that ended. due_at is when the next thing is
-- to happen: the reminder, or the end.
CREATE TABLE dialogs (
    workspace_id uuid NOT NULL,
    id           text NOT NULL,
    member_id    uuid NOT NULL,
    deal_id      uuid NOT NULL,
    place        text NOT NULL,
    begun_at     timestamptz NOT NULL,
    heard_at     timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    reminded     boolean NOT NULL DEFAULT false,
    ended_at     timestamptz,
    how          text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX dialogs_open ON dialogs (workspace_id, member_id, deal_id) WHERE ended_at IS NULL;
CREATE INDEX dialogs_ended ON dialogs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX dialogs_due ON dialogs (due_at) WHERE ended_at IS NULL;

-- Who plays which part in a deal.
CREATE TABLE committee (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    contact_id   uuid NOT NULL,
    roles        text[] NOT NULL DEFAULT '{}',
    stance       text NOT NULL DEFAULT '',
    initiator    boolean NOT NULL DEFAULT false,
    next_what    text NOT NULL DEFAULT '',
    next_on      date,
    since        timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, deal_id, contact_id)
);
CREATE INDEX committee_contact ON committee (workspace_id, contact_id);

ALTER TABLE contacts ADD COLUMN forgotten_at timestamptz;
CREATE INDEX contacts_search ON contacts USING gin (translate(lower(name), 'ё', 'е') gin_trgm_ops);
-- The signed deal that this one renews.
ALTER TABLE deals ADD COLUMN renews uuid;
CREATE INDEX deals_renews ON deals (workspace_id, renews) WHERE renews IS NOT NULL;
-- The people of the client whom an activity names.
ALTER TABLE activities ADD COLUMN people uuid[];
