package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

const applicationColumns = `a.workspace_id, a.code, a.door, a.external_id, a.name, a.handle, a.locale, a.zone,
	a.asked_at, a.decided_at, a.granted`

func applicationFields(a *funnel.Application) []any {
	c := &a.Caller
	return []any{
		&a.Workspace, &a.Code, &c.Door, &c.External, &c.Name, &c.Handle, &c.Locale, &c.Zone,
		&a.AskedAt, &a.DecidedAt, &a.Granted,
	}
}

// queueApplication reads an application and who has made it. The lock of the identity keeps everybody
// else from deciding about it or letting the applicant in otherwise.
func queueApplication(b *batch, seen *funnel.AccessSnapshot, workspace funnel.ID, code string) {
	b.exec(`SELECT pg_advisory_xact_lock(hashtextextended(external_id, hashtextextended(door, 2)))
		FROM applications WHERE workspace_id = $1 AND code = $2`, workspace, code)
	var a funnel.Application
	var found bool
	b.row(one(func(r pgx.Row) error {
		if err := r.Scan(applicationFields(&a)...); err != nil {
			return err
		}
		seen.Application = &a
		return nil
	}, &found), "SELECT "+applicationColumns+` FROM applications a
		WHERE a.workspace_id = $1 AND a.code = $2`, workspace, code)
	var m funnel.Member
	b.row(one(func(r pgx.Row) error {
		if err := r.Scan(append(memberFields(&m), &seen.Suspended)...); err != nil {
			return err
		}
		seen.Applicant = &m
		return nil
	}, &found), "SELECT "+memberColumns+`, i.suspended_at IS NOT NULL
		FROM applications a
		JOIN identities i ON i.door = a.door AND i.external_id = a.external_id AND i.workspace_id = a.workspace_id
		JOIN members m ON m.workspace_id = i.workspace_id AND m.id = i.member_id
		WHERE a.workspace_id = $1 AND a.code = $2 FOR UPDATE OF m`, workspace, code)
}

// readApplication returns the last application of an identity, or nil.
func readApplication(ctx context.Context, tx pgx.Tx, workspace funnel.ID, who funnel.Caller) (*funnel.Application, error) {
	var a funnel.Application
	err := tx.QueryRow(ctx, "SELECT "+applicationColumns+` FROM applications a
		WHERE a.workspace_id = $1 AND a.door = $2 AND a.external_id = $3
		ORDER BY a.decided_at DESC NULLS FIRST, a.asked_at DESC LIMIT 1`, workspace, who.Door, who.External).
		Scan(applicationFields(&a)...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &a, nil
}

// Applied implements [funnel.Access].
func (s *Store) Applied(ctx context.Context, who funnel.Caller, workspace funnel.ID) (bool, error) {
	var open bool
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `
			SELECT EXISTS (SELECT 1 FROM applications
				WHERE workspace_id = $1 AND door = $2 AND external_id = $3 AND decided_at IS NULL)`,
			workspace, who.Door, who.External).Scan(&open)
	})
	if err != nil {
		return false, fmt.Errorf("look for an application in workspace %s: %w", workspace, err)
	}
	return open, nil
}

func queueApplied(b *batch, a *funnel.Application) {
	c := a.Caller
	b.exec(`INSERT INTO applications (workspace_id, code, door, external_id, name, handle, locale, zone, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.Workspace, a.Code, c.Door, c.External, c.Name, c.Handle, c.Locale, clean(c.Zone), a.AskedAt)
}

func queueDecided(b *batch, a *funnel.Application) {
	b.exec(`UPDATE applications SET decided_at = $3, granted = $4 WHERE workspace_id = $1 AND code = $2`,
		a.Workspace, a.Code, a.DecidedAt, a.Granted)
}
