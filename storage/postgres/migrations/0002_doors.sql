-- +goose Up

-- How members want to be told, and when they are not there. Times of day are 15:04 in the member's
-- zone; an empty plan_at means no morning plan, equal ends mean no quiet hours.
ALTER TABLE members
    ADD COLUMN plan_at    text NOT NULL DEFAULT '',
    ADD COLUMN quiet_from text NOT NULL DEFAULT '20:00',
    ADD COLUMN quiet_to   text NOT NULL DEFAULT '08:00',
    ADD COLUMN away_until date,
    ADD COLUMN plan_day   date;

-- admitted_by says how the identity came to be one: local, installer, invitation, link, approval or
-- the platform's identifier of a circle, whose members may speak only while they are in it: whoever
-- has left is suspended_at, and keeps the member for the day of coming back.
ALTER TABLE identities
    ADD COLUMN handle      text NOT NULL DEFAULT '',
    ADD COLUMN admitted_by text NOT NULL DEFAULT 'local',
    ADD COLUMN checked_at  timestamptz,
    ADD COLUMN seen_at     timestamptz,
    ADD COLUMN chosen_at   timestamptz,
    ADD COLUMN gone_at     timestamptz,
    ADD COLUMN suspended_at timestamptz;
CREATE INDEX identities_member ON identities (workspace_id, member_id);

-- Global: a platform's team is looked up before the workspace is known.
CREATE TABLE installations (
    door         text NOT NULL,
    team         text NOT NULL,
    workspace_id uuid NOT NULL,
    installed_at timestamptz NOT NULL,
    PRIMARY KEY (door, team)
);

-- Codes are kept as hashes only. An invitation that was answered twice has two codes, in two rows of
-- one id, and is used up by either of them: whoever used it gets the same admission again.
CREATE TABLE invitations (
    hash         bytea PRIMARY KEY,
    id           uuid NOT NULL,
    workspace_id uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('invite', 'link')),
    role         text NOT NULL,
    -- The member whom the code is for; of an invitation of somebody new, nobody.
    member_id    uuid,
    made_by      uuid,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    used_door    text NOT NULL DEFAULT '',
    used_by      text NOT NULL DEFAULT '',
    admission    jsonb
);
CREATE INDEX invitations_id ON invitations (id);
CREATE INDEX invitations_expire ON invitations (expires_at);

-- Wrong codes by identity, so that guessing is slow.
CREATE TABLE guesses (
    door        text NOT NULL,
    external_id text NOT NULL,
    since       timestamptz NOT NULL,
    wrong       integer NOT NULL,
    -- The hash of the last wrong code: a delivery that is repeated is no other guess.
    last        bytea NOT NULL,
    PRIMARY KEY (door, external_id)
);
CREATE INDEX guesses_since ON guesses (since);

-- Chats of several people in which the bot works. Internal ones are read by colleagues only.
CREATE TABLE chats (
    door         text NOT NULL,
    external_id  text NOT NULL,
    workspace_id uuid NOT NULL,
    thread       text NOT NULL DEFAULT '',
    title        text NOT NULL DEFAULT '',
    internal     boolean NOT NULL,
    announces    boolean NOT NULL DEFAULT false,
    connected_by uuid,
    connected_at timestamptz NOT NULL,
    gone_at      timestamptz,
    PRIMARY KEY (door, external_id)
);
CREATE INDEX chats_workspace ON chats (workspace_id) WHERE announces;

-- Channels and user groups of a platform whose members may speak.
CREATE TABLE circles (
    workspace_id uuid NOT NULL,
    door         text NOT NULL,
    external_id  text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('channel', 'group')),
    title        text NOT NULL DEFAULT '',
    added_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, door, external_id)
);

-- People who have asked to be let in.
CREATE TABLE applications (
    workspace_id uuid NOT NULL,
    code         text NOT NULL,
    door         text NOT NULL,
    external_id  text NOT NULL,
    name         text NOT NULL,
    handle       text NOT NULL DEFAULT '',
    locale       text NOT NULL,
    zone         text NOT NULL DEFAULT '',
    asked_at     timestamptz NOT NULL,
    decided_at   timestamptz,
    granted      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (workspace_id, code)
);
CREATE UNIQUE INDEX applications_open ON applications (workspace_id, door, external_id) WHERE decided_at IS NULL;

-- Messages that were about one deal: what is said in answer to them is about it too.
CREATE TABLE anchors (
    door         text NOT NULL,
    chat         text NOT NULL,
    message_id   text NOT NULL,
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (door, chat, message_id)
);
CREATE INDEX anchors_at ON anchors USING brin (at);

-- What happened can carry a reference to a file or a recording of the platform.
ALTER TABLE activities ADD COLUMN ref text NOT NULL DEFAULT '';

-- Answers are messages that are owed too: one for each delivery, whoever handles it. A lane is a
-- destination: door:chat or door:chat/thread, and member:id while no door knows the member.
ALTER TABLE outbox
    ADD COLUMN answer   boolean NOT NULL DEFAULT false,
    -- The notice whose message this one takes the place of.
    ADD COLUMN replaces uuid;
CREATE UNIQUE INDEX outbox_answers ON outbox (notice_id) WHERE answer;
CREATE INDEX outbox_notice ON outbox (notice_id, lane) WHERE message_id <> '';
