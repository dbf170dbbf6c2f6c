-- +goose Up

-- Serves windows without the table, like the index that it takes the place of, but has the stays that ended
-- alike together, by when they ended, and those that go on by when they began: whoever asks how stays of one
-- stage ended, or which of them were signed, reads no others.
CREATE INDEX spells_ways ON spells (workspace_id, kind, stage, exit, destination, left_at, entered)
    INCLUDE (lasted, deal_id, amount_minor, currency)
    WHERE voided_at IS NULL;
DROP INDEX spells_left;
