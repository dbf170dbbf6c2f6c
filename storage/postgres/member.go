package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Members implements [funnel.Reader].
func (s *Store) Members(ctx context.Context, workspace funnel.ID) ([]funnel.Member, error) {
	var found []funnel.Member
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "SELECT "+memberColumns+` FROM members m
			WHERE m.workspace_id = $1 AND m.active ORDER BY lower(m.name), m.id`, workspace)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Member, error) {
			var m funnel.Member
			err := r.Scan(memberFields(&m)...)
			return m, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return found, nil
}

// handle is by what a platform knows a member.
type handle struct {
	Member           funnel.ID
	External, Handle string
}

// Handles implements [funnel.Reader].
func (s *Store) Handles(ctx context.Context, workspace funnel.ID) (map[funnel.ID][]string, error) {
	var found map[funnel.ID][]string
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT i.member_id, i.external_id, i.handle
			FROM identities i
			JOIN members m ON m.workspace_id = i.workspace_id AND m.id = i.member_id
			WHERE i.workspace_id = $1 AND m.active
			ORDER BY i.door, i.external_id`, workspace)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[handle])
		if err != nil {
			return err
		}
		found = map[funnel.ID][]string{}
		for _, h := range all {
			found[h.Member] = append(found[h.Member], h.External)
			if h.Handle != "" {
				found[h.Member] = append(found[h.Member], h.Handle)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read handles of members: %w", err)
	}
	return found, nil
}

// Workspace implements [funnel.Reader].
func (s *Store) Workspace(ctx context.Context, id funnel.ID) (funnel.Workspace, error) {
	var row settingsRow
	err := s.retry(ctx, func(ctx context.Context) error { return row.scan(s.pool.QueryRow(ctx, settingsQuery, id)) })
	if err != nil {
		return funnel.Workspace{}, fmt.Errorf("read workspace %s: %w", id, err)
	}
	return s.settings(&row)
}

// Settle implements [funnel.Directory]: it stores a workspace with its team unless one of the same
// name is there, and returns the one that is.
func (s *Store) Settle(ctx context.Context, w funnel.Workspace, t funnel.Team) (funnel.Workspace, error) {
	calendar, err := marshal(w.Calendar)
	if err != nil {
		return w, err
	}
	err = s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		// Two processes that start at once must not make two workspaces of one name.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 1))`, w.Name); err != nil {
			return err
		}
		var row settingsRow
		err := row.scan(tx.QueryRow(ctx, `SELECT id, name, locale, zone, currency, version, calendar::text
			FROM workspaces WHERE name = $1 ORDER BY created_at LIMIT 1`, w.Name))
		if err == nil {
			w, err = s.settings(&row)
			return err
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		w.Version = 1
		if _, err := tx.Exec(ctx, `INSERT INTO workspaces (id, name, locale, zone, currency, calendar, version, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			w.ID, w.Name, w.Locale, w.Zone, w.Currency, calendar, w.Version, s.clock()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO teams (workspace_id, id, name) VALUES ($1, $2, $3)`, w.ID, t.ID, t.Name)
		return err
	})
	if err != nil {
		return w, fmt.Errorf("settle workspace %q: %w", w.Name, err)
	}
	return w, nil
}

// SignIn implements [funnel.Directory]: it returns the member of the identity, or stores the
// member with it.
func (s *Store) SignIn(ctx context.Context, who funnel.Identity, m funnel.Member) (funnel.Member, error) {
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockIdentity, who.External, who.Door); err != nil {
			return err
		}
		var known funnel.Member
		err := tx.QueryRow(ctx, "SELECT "+memberColumns+` FROM identities i
			JOIN members m ON m.workspace_id = i.workspace_id AND m.id = i.member_id
			WHERE i.door = $1 AND i.external_id = $2 AND i.workspace_id = $3`,
			who.Door, who.External, who.Workspace).Scan(memberFields(&known)...)
		if err == nil {
			m = known
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		adopted, err := adopt(ctx, tx, who, &m)
		if adopted || err != nil {
			return err
		}
		m.Workspace, m.Version = who.Workspace, 1
		if err := tx.QueryRow(ctx, `INSERT INTO members AS m (workspace_id, id, team_id, name, role, locale, zone, active, version, created_at)
			VALUES ($1, $2, coalesce($3, (SELECT id FROM teams WHERE workspace_id = $1 ORDER BY id LIMIT 1)), $4, $5, $6, $7, $8, $9, $10)
			RETURNING `+memberColumns,
			m.Workspace, m.ID, m.Team, m.Name, m.Role, m.Locale, m.Zone, m.Active, m.Version, s.clock()).Scan(memberFields(&m)...); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO identities (door, external_id, workspace_id, member_id) VALUES ($1, $2, $3, $4)`,
			who.Door, who.External, who.Workspace, m.ID)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("sign in through %s: %w", who.Door, err)
	}
	s.signal()
	return m, nil
}

// adopt gives the identity to a member of m's name whom no door knows, such as the owner of imported
// deals, with the role and the language of m.
func adopt(ctx context.Context, tx pgx.Tx, who funnel.Identity, m *funnel.Member) (bool, error) {
	if !who.ByName {
		return false, nil
	}
	var known funnel.Member
	err := tx.QueryRow(ctx, `
		UPDATE members m SET role = $3, locale = $4, version = version + 1
		WHERE m.workspace_id = $1 AND m.id = (
			SELECT a.id FROM members a
			WHERE a.workspace_id = $1 AND lower(a.name) = lower($2) AND a.active AND NOT EXISTS (
				SELECT 1 FROM identities i WHERE i.workspace_id = a.workspace_id AND i.member_id = a.id)
			ORDER BY a.created_at, a.id LIMIT 1)
		RETURNING `+memberColumns, who.Workspace, m.Name, m.Role, m.Locale).Scan(memberFields(&known)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	*m = known
	_, err = tx.Exec(ctx, `INSERT INTO identities (door, external_id, workspace_id, member_id) VALUES ($1, $2, $3, $4)`,
		who.Door, who.External, who.Workspace, m.ID)
	return true, err
}

// Workspaces implements [funnel.Directory].
func (s *Store) Workspaces(ctx context.Context) ([]funnel.Workspace, error) {
	var found []funnel.Workspace
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `SELECT id, name, locale, zone, currency, version, calendar::text
			FROM workspaces ORDER BY name, created_at`)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Workspace, error) {
			var row settingsRow
			if err := row.scan(r); err != nil {
				return row.Workspace, err
			}
			return s.settings(&row)
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read workspaces: %w", err)
	}
	return found, nil
}

// begin runs fn in a transaction that is repeated after a lost connection: fn looks for what it may
// have stored before.
func (s *Store) begin(ctx context.Context, fn func(ctx context.Context, tx pgx.Tx) error) error {
	return s.retry(ctx, func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return fn(ctx, tx) })
	})
}
