-- +goose Up

-- What people do most is to move a deal. With the stage in no index the new version of the row stays
-- on its page and needs no new entry in any index, as long as the page has room
-- (https://www.postgresql.org/docs/current/storage-hot.html). The open deals of one owner are few
-- enough to look through for a stage.
DROP INDEX deals_open;
CREATE INDEX deals_open ON deals (workspace_id, owner_id) WHERE outcome = 'open' AND voided_at IS NULL;
ALTER TABLE deals SET (fillfactor = 90);
