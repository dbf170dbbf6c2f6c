package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Revision implements [funnel.Access].
func (s *Store) Revision(ctx context.Context) (int64, error) {
	var revision int64
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `SELECT revision FROM access_revision`).Scan(&revision)
	})
	if err != nil {
		return 0, fmt.Errorf("read the revision of who may speak: %w", err)
	}
	return revision, nil
}

// Belongings implements [funnel.Access].
func (s *Store) Belongings(ctx context.Context, door, external string) ([]funnel.Belonging, error) {
	var found []funnel.Belonging
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT w.id, w.name, m.id, m.role, i.admitted_by, i.checked_at, i.gone_at IS NOT NULL
			FROM identities i
			JOIN members m ON m.workspace_id = i.workspace_id AND m.id = i.member_id
			JOIN workspaces w ON w.id = i.workspace_id
			WHERE i.door = $1 AND i.external_id = $2 AND i.suspended_at IS NULL AND m.active
			ORDER BY i.chosen_at DESC NULLS LAST, i.seen_at DESC NULLS LAST, w.name, w.id`, door, external)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Belonging, error) {
			var b funnel.Belonging
			err := r.Scan(&b.Workspace, &b.Name, &b.Member, &b.Role, &b.AdmittedBy, &b.CheckedAt, &b.Gone)
			return b, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read belongings at %s: %w", door, err)
	}
	return found, nil
}

// Installed implements [funnel.Access].
func (s *Store) Installed(ctx context.Context, door, team string) (funnel.ID, error) {
	var workspace funnel.ID
	err := s.retry(ctx, func(ctx context.Context) error {
		err := s.pool.QueryRow(ctx, `SELECT workspace_id FROM installations WHERE door = $1 AND team = $2`,
			door, team).Scan(&workspace)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return workspace, fmt.Errorf("read the installation of %s in %s: %w", door, team, err)
	}
	return workspace, nil
}

// Install implements [funnel.Access].
func (s *Store) Install(ctx context.Context, door, team string, workspace funnel.ID) (funnel.ID, error) {
	var tied funnel.ID
	err := s.retry(ctx, func(ctx context.Context) error {
		// The row is written even where it stays as it is, so that it is returned.
		return s.pool.QueryRow(ctx, `
			INSERT INTO installations AS i (door, team, workspace_id, installed_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (door, team) DO UPDATE SET workspace_id = i.workspace_id
			RETURNING workspace_id`, door, team, workspace, s.clock()).Scan(&tied)
	})
	if err != nil {
		return tied, fmt.Errorf("install %s in %s: %w", door, team, err)
	}
	return tied, nil
}

// Admins implements [funnel.Access].
func (s *Store) Admins(ctx context.Context, workspace funnel.ID) (int, error) {
	var n int
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `
			SELECT count(*) FROM members m
			WHERE m.workspace_id = $1 AND m.role = 'admin' AND m.active AND EXISTS (
				SELECT 1 FROM identities i
				WHERE i.workspace_id = m.workspace_id AND i.member_id = m.id AND i.suspended_at IS NULL)`,
			workspace).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count the admins of workspace %s: %w", workspace, err)
	}
	return n, nil
}

// Seen implements [funnel.Access].
func (s *Store) Seen(ctx context.Context, who funnel.Identity) error {
	var moved int64
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var member funnel.ID
		err := tx.QueryRow(ctx, `
			UPDATE identities SET seen_at = $4, gone_at = NULL
			WHERE door = $1 AND external_id = $2 AND workspace_id = $3
			RETURNING member_id`, who.Door, who.External, who.Workspace, s.clock()).Scan(&member)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, bringOwed, funnel.LaneOfMember(member), funnel.LaneOf(who.Door, who.External, ""))
		moved = tag.RowsAffected()
		return err
	})
	if err != nil {
		return fmt.Errorf("see somebody at %s: %w", who.Door, err)
	}
	if moved > 0 {
		s.signal()
	}
	return nil
}

// Checked implements [funnel.Access].
func (s *Store) Checked(ctx context.Context, who funnel.Identity) error {
	err := s.retry(ctx, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, `
			UPDATE identities SET checked_at = $4
			WHERE door = $1 AND external_id = $2 AND workspace_id = $3`, who.Door, who.External, who.Workspace, s.clock())
		return err
	})
	if err != nil {
		return fmt.Errorf("note a check at %s: %w", who.Door, err)
	}
	return nil
}

// Choose implements [funnel.Admissions].
func (s *Store) Choose(ctx context.Context, who funnel.Identity) (bool, error) {
	var mine int64
	err := s.retry(ctx, func(ctx context.Context) error {
		tag, err := s.pool.Exec(ctx, `
			UPDATE identities i SET chosen_at = $4
			WHERE i.door = $1 AND i.external_id = $2 AND i.workspace_id = $3 AND i.suspended_at IS NULL AND EXISTS (
				SELECT 1 FROM members m WHERE m.workspace_id = i.workspace_id AND m.id = i.member_id AND m.active)`,
			who.Door, who.External, who.Workspace, s.clock())
		mine = tag.RowsAffected()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("choose a workspace at %s: %w", who.Door, err)
	}
	return mine > 0, nil
}

// Suspend implements [funnel.Admissions].
func (s *Store) Suspend(ctx context.Context, who funnel.Identity, c funnel.Change) error {
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var member funnel.ID
		err := tx.QueryRow(ctx, `
			UPDATE identities SET suspended_at = $4, checked_at = $4
			WHERE door = $1 AND external_id = $2 AND workspace_id = $3 AND suspended_at IS NULL
			RETURNING member_id`, who.Door, who.External, who.Workspace, c.At).Scan(&member)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		var b batch
		b.exec(reroute, who.Workspace, member.String(), funnel.LaneOf(who.Door, who.External, ""))
		if err := queueAudit(&b, who.Workspace, &funnel.Writes{Change: c}, c.At); err != nil {
			return err
		}
		return tx.SendBatch(ctx, &b.Batch).Close()
	})
	if err != nil {
		return fmt.Errorf("suspend somebody at %s: %w", who.Door, err)
	}
	s.signal()
	return nil
}

// reroute takes what is owed to the member $2 of the workspace $1 out of the lane $3 to where the
// member can be reached now. What was tried there stays: it may have arrived.
const reroute = `UPDATE outbox o SET lane = ` + reach + `
	FROM members m
	WHERE m.workspace_id = $1 AND m.id = $2::uuid
	  AND o.workspace_id = $1 AND o.lane = $3 AND o.payload->>'to' = $2::text
	  AND o.done_at IS NULL AND NOT o.answer AND o.tried_at IS NULL`
