package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// LastDigest implements [funnel.Digests].
func (s *Store) LastDigest(ctx context.Context, workspace, digest funnel.ID, before time.Time) (*funnel.DigestRun, error) {
	found, err := s.digestRun(ctx, `r.workspace_id = $1 AND ($2::uuid IS NULL OR r.digest_id = $2) AND r.told < $3
		ORDER BY r.told DESC LIMIT 1`, workspace, digest, before)
	if err != nil {
		return nil, fmt.Errorf("read the last digest: %w", err)
	}
	return found, nil
}

// DigestOn implements [funnel.Digests].
func (s *Store) DigestOn(ctx context.Context, workspace, digest funnel.ID, on funnel.Date) (*funnel.Digest, error) {
	found, err := s.digestRun(ctx, `r.workspace_id = $1 AND r.digest_id = $2 AND r.local_date = $3 AND NOT r.skipped`,
		workspace, digest, on)
	if err != nil {
		return nil, fmt.Errorf("read the digest of %s: %w", on, err)
	}
	if found == nil {
		return nil, nil //nolint:nilnil // there is none, which is no fault
	}
	return &found.Facts, nil
}

func (s *Store) digestRun(ctx context.Context, where string, args ...any) (*funnel.DigestRun, error) {
	var r *funnel.DigestRun
	err := s.retry(ctx, func(ctx context.Context) error {
		var row funnel.DigestRun
		err := s.pool.QueryRow(ctx, `SELECT r.workspace_id, r.digest_id, r.local_date, r.owed_at, r.facts
			FROM digest_runs r WHERE `+where, args...).
			Scan(&row.Workspace, &row.Digest, &row.On, &row.OwedAt, &row.Facts)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			r = nil
			return nil
		case err != nil:
			return err
		}
		r = &row
		return nil
	})
	return r, err
}

const adviceColumns = `a.workspace_id, a.id, a.stage, a.advice, a.trait, a.value, a.accepted, a.owner_id, a.due_on, a.review_on,
	a.reason, a.decided_by, a.decided_at, a.conversion`

// Advices implements [funnel.Digests].
func (s *Store) Advices(ctx context.Context, workspace funnel.ID, since time.Time) ([]funnel.Advice, error) {
	var found []funnel.Advice
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `SELECT `+adviceColumns+` FROM advices a
			WHERE a.workspace_id = $1 AND a.decided_at > $2 ORDER BY a.decided_at DESC, a.id`, workspace, since)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Advice, error) {
			var a funnel.Advice
			err := r.Scan(&a.Workspace, &a.ID, &a.Stage, &a.Key, &a.Trait, &a.Value, &a.Accepted, &a.Owner, &a.Due, &a.Review,
				&a.Reason, &a.By, &a.At, &a.Conversion)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was decided about advice: %w", err)
	}
	return found, nil
}

// queueAdvice stores what was decided about advice.
func queueAdvice(b *batch, ws funnel.ID, a *funnel.Advice) error {
	conversion, err := marshal(a.Conversion)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO advices (workspace_id, id, stage, advice, trait, value, accepted, owner_id, due_on, review_on, reason,
			decided_by, decided_at, conversion)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		ws, a.ID, a.Stage, a.Key, a.Trait, a.Value, a.Accepted, a.Owner, a.Due, a.Review, a.Reason, a.By, a.At, conversion)
	return nil
}
