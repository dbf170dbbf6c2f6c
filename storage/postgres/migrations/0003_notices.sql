-- +goose Up

-- Messages that wait for their receiver: quiet hours, an absence, others of the same run. They come
-- into the outbox together, so that nothing in a lane waits for anything but its delivery.
CREATE TABLE held_notices (
    workspace_id uuid NOT NULL,
    member_id    uuid NOT NULL,
    id           uuid NOT NULL,
    kind         text NOT NULL,
    payload      jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Orders what was written in one instant.
    seq          bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX held_notices_member ON held_notices (workspace_id, member_id);

CREATE INDEX members_plan ON members (workspace_id) WHERE plan_at <> '' AND active;
