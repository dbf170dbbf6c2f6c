-- +goose Up

-- What estimates are made of is read from the stays alone, without their deals. A voided deal takes
-- its stays with it.
ALTER TABLE spells ADD COLUMN kind text NOT NULL DEFAULT '';
UPDATE spells p SET kind = d.kind, voided_at = coalesce(p.voided_at, d.voided_at)
FROM deals d WHERE d.workspace_id = p.workspace_id AND d.id = p.deal_id;
ALTER TABLE spells ALTER COLUMN kind DROP DEFAULT;

-- How long a stay took, in days of 24 hours that were begun.
ALTER TABLE spells ADD COLUMN lasted integer
    GENERATED ALWAYS AS (greatest(1, ceil(extract(epoch FROM left_at - entered) / 86400))::integer) STORED;

-- Serves a window without its table: stays that ended after its beginning, and those that go on.
CREATE INDEX spells_left ON spells (workspace_id, kind, left_at, stage)
    INCLUDE (entered, exit, destination, lasted, amount_minor, currency, deal_id)
    WHERE voided_at IS NULL;

-- Answers come from the index alone only where pages are known to be visible to all
-- (https://www.postgresql.org/docs/current/indexes-index-only-scans.html), which is what a vacuum
-- finds out; by default it would wait for a fifth of the history to change.
ALTER TABLE spells SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
