-- +goose Up

-- Trigram search is a package of its own on some systems; without it nothing can be found by name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE workspaces (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    locale     text NOT NULL,
    zone       text NOT NULL,
    currency   text NOT NULL,
    calendar   jsonb NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);

CREATE TABLE teams (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    name         text NOT NULL,
    manager_id   uuid,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE members (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    id           uuid NOT NULL,
    team_id      uuid,
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('rep', 'manager', 'admin')),
    locale       text NOT NULL,
    zone         text NOT NULL DEFAULT '',
    active       boolean NOT NULL DEFAULT true,
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Global: an identity is looked up before the workspace is known.
CREATE TABLE identities (
    door         text NOT NULL,
    external_id  text NOT NULL,
    workspace_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    PRIMARY KEY (door, external_id, workspace_id)
);

CREATE TABLE companies (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    name         text NOT NULL,
    -- The form under which two spellings of one name meet; computed by the program.
    name_key     text NOT NULL,
    domain       text NOT NULL DEFAULT '',
    tax_id       text NOT NULL DEFAULT '',
    industry     text NOT NULL DEFAULT '',
    size         text NOT NULL DEFAULT '',
    region       text NOT NULL DEFAULT '',
    custom       jsonb,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT companies_name UNIQUE (workspace_id, name_key)
);
CREATE INDEX companies_search ON companies USING gin (name_key gin_trgm_ops);

CREATE TABLE contacts (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    company_id   uuid NOT NULL,
    name         text NOT NULL,
    position     text NOT NULL DEFAULT '',
    phone        text NOT NULL DEFAULT '',
    email        text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contacts_company ON contacts (workspace_id, company_id);

-- Narrow and hot: one row a workspace, locked last in the transaction that opens a deal.
CREATE TABLE deal_counters (
    workspace_id uuid PRIMARY KEY,
    last         bigint NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE deals (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    number       bigint NOT NULL,
    company_id   uuid NOT NULL,
    title        text NOT NULL DEFAULT '',
    owner_id     uuid,
    kind         text NOT NULL,
    stage        text NOT NULL,
    amount_minor bigint NOT NULL DEFAULT 0,
    currency     text NOT NULL DEFAULT '',
    basis        text NOT NULL DEFAULT '',
    source       text NOT NULL DEFAULT '',
    signal       text NOT NULL DEFAULT '',
    pain         text NOT NULL DEFAULT '',
    effect       text NOT NULL DEFAULT '',
    closing      date,
    custom       jsonb,
    outcome      text NOT NULL,
    reason       text NOT NULL DEFAULT '',
    parked_until date,
    parked_from  text NOT NULL DEFAULT '',
    next_what    text NOT NULL DEFAULT '',
    next_on      date,
    next_at      timestamptz,
    remind_at    timestamptz,
    opened_at    timestamptz NOT NULL,
    stage_since  timestamptz NOT NULL,
    closed_at    timestamptz,
    signed_at    timestamptz,
    signing      jsonb,
    historical   boolean NOT NULL DEFAULT false,
    external_id  text NOT NULL DEFAULT '',
    voided_at    timestamptz,
    version      bigint NOT NULL,
    moves        integer NOT NULL,
    spells       integer NOT NULL,
    last_move_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT deals_number UNIQUE (workspace_id, number)
);
CREATE UNIQUE INDEX deals_external ON deals (workspace_id, external_id) WHERE external_id <> '';
CREATE INDEX deals_company ON deals (workspace_id, company_id);
CREATE INDEX deals_open ON deals (workspace_id, owner_id, stage) WHERE outcome = 'open' AND voided_at IS NULL;
CREATE INDEX deals_remind ON deals (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX deals_wake ON deals (parked_until) WHERE parked_until IS NOT NULL;
CREATE INDEX deals_title_search ON deals USING gin (translate(lower(title), 'ё', 'е') gin_trgm_ops) WHERE title <> '';

CREATE TABLE moves (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    seq          integer NOT NULL,
    kind         text NOT NULL,
    from_stage   text NOT NULL DEFAULT '',
    to_stage     text NOT NULL,
    actor_id     uuid,
    effective_at timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    reason       text NOT NULL DEFAULT '',
    note         text NOT NULL DEFAULT '',
    origin       text NOT NULL,
    external_id  text NOT NULL DEFAULT '',
    undoes       integer NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, deal_id, seq)
);

CREATE TABLE spells (
    workspace_id     uuid NOT NULL,
    deal_id          uuid NOT NULL,
    seq              integer NOT NULL,
    stage            text NOT NULL,
    entered          timestamptz NOT NULL,
    left_at          timestamptz,
    exit             text NOT NULL DEFAULT '',
    destination      text NOT NULL DEFAULT '',
    amount_minor     bigint NOT NULL DEFAULT 0,
    currency         text NOT NULL DEFAULT '',
    recorded_at      timestamptz NOT NULL,
    left_recorded_at timestamptz,
    voided_at        timestamptz,
    PRIMARY KEY (workspace_id, deal_id, seq)
);

CREATE TABLE activities (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    id           uuid NOT NULL,
    kind         text NOT NULL,
    direction    text NOT NULL DEFAULT '',
    text         text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    member_id    uuid,
    origin       text NOT NULL,
    external_id  text NOT NULL DEFAULT '',
    voided_at    timestamptz,
    PRIMARY KEY (workspace_id, deal_id, id)
);
CREATE INDEX activities_at ON activities (workspace_id, at);

CREATE TABLE contracts (
    workspace_id uuid NOT NULL,
    deal_id      uuid NOT NULL,
    id           uuid NOT NULL,
    company_id   uuid NOT NULL,
    value_minor  bigint NOT NULL DEFAULT 0,
    currency     text NOT NULL DEFAULT '',
    basis        text NOT NULL DEFAULT '',
    signed_at    timestamptz NOT NULL,
    started_at   timestamptz,
    voided_at    timestamptz,
    PRIMARY KEY (workspace_id, deal_id, id)
);

-- The audit: what changed by whom, and what it can be taken back to. The subject is a deal or a
-- member, and the version is the one that it had afterwards.
CREATE TABLE changes (
    workspace_id uuid NOT NULL,
    subject_id   uuid NOT NULL,
    version      bigint NOT NULL,
    of_deal      boolean NOT NULL,
    member_id    uuid,
    verb         text NOT NULL,
    origin       text NOT NULL,
    at           timestamptz NOT NULL,
    undone_at    timestamptz,
    before       jsonb NOT NULL,
    PRIMARY KEY (workspace_id, subject_id, version)
);
CREATE INDEX changes_member ON changes (workspace_id, member_id, at) WHERE member_id IS NOT NULL;

-- Results under the keys of their deliveries; pruned after 48 hours.
CREATE TABLE handled_events (
    workspace_id uuid NOT NULL,
    key          text NOT NULL,
    intent       bytea NOT NULL,
    result       bytea NOT NULL,
    deal_id      uuid,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, key)
);
CREATE INDEX handled_events_at ON handled_events USING brin (at);

-- Messages that are owed. A lane is a destination and is drained in the order of id. Lanes compare
-- byte by byte, so that an index finds those that begin alike.
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id uuid NOT NULL,
    notice_id    uuid NOT NULL,
    lane         text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    locale       text NOT NULL,
    payload      jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    next_at      timestamptz NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    -- Set before a send is tried and cleared by a clean refusal: a row that still carries it
    -- after a crash may have been sent. Such ends are counted in doubts.
    tried_at     timestamptz,
    doubts       integer NOT NULL DEFAULT 0,
    done_at      timestamptz,
    buried       text NOT NULL DEFAULT '',
    message_id   text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_pending ON outbox (lane, id) WHERE done_at IS NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX outbox_buried ON outbox (done_at) WHERE buried <> '';

-- Who drains a lane at present, by the clock of the database, which all processes share. Writers
-- of messages never touch it.
CREATE TABLE outbox_leases (
    lane  text COLLATE "C" PRIMARY KEY,
    until timestamptz NOT NULL,
    owner uuid NOT NULL
);

CREATE TABLE sessions (
    workspace_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    place        text NOT NULL,
    data         bytea NOT NULL,
    version      bigint NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, member_id, place)
);
CREATE INDEX sessions_expire ON sessions (expires_at);
