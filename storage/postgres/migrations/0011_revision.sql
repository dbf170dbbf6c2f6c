-- +goose Up

-- Counts what changes about who may speak and where, so that a process may remember that for long and
-- look at one row now and then.
CREATE TABLE access_revision (revision bigint NOT NULL);
INSERT INTO access_revision VALUES (1);

-- +goose StatementBegin
CREATE FUNCTION access_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Once is enough for a transaction that changes many.
    UPDATE access_revision SET revision = revision + 1 WHERE xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- All of them wait for the end of their transaction: the row is shared by everybody, must not be held
-- for longer than a commit takes, and is the last thing that any of them waits for.
CREATE CONSTRAINT TRIGGER identities_came AFTER INSERT OR DELETE ON identities
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_revised();
-- Nobody is kept from speaking by having been seen, or asked for, later than before.
CREATE CONSTRAINT TRIGGER identities_revised AFTER UPDATE ON identities
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.door, OLD.external_id, OLD.workspace_id, OLD.member_id, OLD.admitted_by, OLD.chosen_at, OLD.suspended_at,
           OLD.gone_at IS NULL, OLD.checked_at IS NULL)
        IS DISTINCT FROM
          (NEW.door, NEW.external_id, NEW.workspace_id, NEW.member_id, NEW.admitted_by, NEW.chosen_at, NEW.suspended_at,
           NEW.gone_at IS NULL, NEW.checked_at IS NULL))
    EXECUTE FUNCTION access_revised();
CREATE CONSTRAINT TRIGGER members_left AFTER DELETE ON members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_revised();
CREATE CONSTRAINT TRIGGER members_revised AFTER UPDATE ON members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.active, OLD.role) IS DISTINCT FROM (NEW.active, NEW.role)) EXECUTE FUNCTION access_revised();
CREATE CONSTRAINT TRIGGER workspaces_revised AFTER UPDATE ON workspaces
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION access_revised();
CREATE CONSTRAINT TRIGGER chats_revised AFTER INSERT OR UPDATE OR DELETE ON chats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_revised();
