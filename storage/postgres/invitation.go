package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

func queueInvitation(b *batch, v *funnel.Invitation, now time.Time) {
	b.exec(`INSERT INTO invitations (hash, id, workspace_id, kind, role, member_id, made_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		v.Hash[:], v.ID, v.Workspace, v.Kind, v.Role, v.Member, v.MadeBy, now, v.Expires)
}

// queueRevoke makes the unused codes for a member worthless.
func queueRevoke(b *batch, ws, member funnel.ID, now time.Time) {
	b.exec(`UPDATE invitations SET expires_at = least(expires_at, $3)
		WHERE workspace_id = $1 AND member_id = $2 AND used_at IS NULL`, ws, member, now)
}

// Another implements [funnel.Admissions]. The lock makes it wait for whoever is using the
// invitation up, and whoever comes after it finds the row that it adds.
func (s *Store) Another(ctx context.Context, workspace, invitation funnel.ID, hash funnel.CodeHash) (bool, error) {
	var added int64
	err := s.retry(ctx, func(ctx context.Context) error {
		tag, err := s.pool.Exec(ctx, `
			INSERT INTO invitations (hash, id, workspace_id, kind, role, member_id, made_by, created_at, expires_at)
			SELECT $3, v.id, v.workspace_id, v.kind, v.role, v.member_id, v.made_by, v.created_at, v.expires_at
			FROM (
				SELECT * FROM invitations
				WHERE workspace_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $4
				ORDER BY hash LIMIT 1 FOR UPDATE
			) v
			ON CONFLICT (hash) DO UPDATE SET id = excluded.id`, workspace, invitation, hash[:], s.clock())
		added = tag.RowsAffected()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("renew invitation %s: %w", invitation, err)
	}
	return added > 0, nil
}

// readInvitation locks all codes of the invitation that the hash belongs to. The first to come uses
// all of them up.
func readInvitation(ctx context.Context, tx pgx.Tx, hash funnel.CodeHash) (*funnel.Invitation, error) {
	rows, err := tx.Query(ctx, `
		SELECT hash, id, workspace_id, kind, role, member_id, made_by, expires_at, used_at, used_door, used_by, admission
		FROM invitations WHERE id = (SELECT id FROM invitations WHERE hash = $1)
		ORDER BY hash FOR UPDATE`, hash[:])
	if err != nil {
		return nil, err
	}
	var found *funnel.Invitation
	_, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (struct{}, error) {
		var v funnel.Invitation
		var raw []byte
		err := r.Scan(&raw, &v.ID, &v.Workspace, &v.Kind, &v.Role, &v.Member, &v.MadeBy, &v.Expires,
			&v.UsedAt, &v.UsedDoor, &v.UsedBy, &v.Admission)
		if copy(v.Hash[:], raw); v.Hash == hash {
			found = &v
		}
		return struct{}{}, err
	})
	return found, err
}

// queueUsed uses an invitation up, with every code that it has. Whoever has got in so needs no other
// invitation that was meant for the same member.
func queueUsed(b *batch, v *funnel.Invitation, k funnel.Knock, admission []byte, now time.Time) {
	b.exec(`UPDATE invitations SET used_at = $3, used_door = $4, used_by = $5, admission = $6 WHERE workspace_id = $1 AND id = $2`,
		v.Workspace, v.ID, now, k.Caller.Door, k.Caller.External, admission)
	if !v.Member.IsZero() {
		b.exec(`UPDATE invitations SET expires_at = least(expires_at, $4)
			WHERE workspace_id = $1 AND member_id = $2 AND kind = $3 AND used_at IS NULL`,
			v.Workspace, v.Member, funnel.KindInvite, now)
	}
}

func readGuesses(ctx context.Context, tx pgx.Tx, who funnel.Caller) (funnel.Guesses, error) {
	var g funnel.Guesses
	var last []byte
	err := tx.QueryRow(ctx, `SELECT since, wrong, last FROM guesses WHERE door = $1 AND external_id = $2`,
		who.Door, who.External).Scan(&g.Since, &g.Wrong, &last)
	copy(g.Last[:], last)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return g, err
}

func queueGuesses(b *batch, who funnel.Caller, g *funnel.Guesses) {
	b.exec(`INSERT INTO guesses (door, external_id, since, wrong, last) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (door, external_id) DO UPDATE
		SET since = excluded.since, wrong = excluded.wrong, last = excluded.last`,
		who.Door, who.External, g.Since, g.Wrong, g.Last[:])
}
