package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Kept implements [funnel.Tx].
func (s *Store) Kept(ctx context.Context, workspace funnel.ID, key funnel.Key) (funnel.Stored, error) {
	var intent []byte
	kept := funnel.Stored{Replayed: true}
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `
			SELECT h.intent, h.result, coalesce(d.number, 0), d.company_id
			FROM handled_events h
			LEFT JOIN deals d ON d.workspace_id = h.workspace_id AND d.id = h.deal_id
			WHERE h.workspace_id = $1 AND h.key = $2`,
			workspace, key.Event,
		).Scan(&intent, &kept.Result, &kept.Number, &kept.Company)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return funnel.Stored{}, nil
	case err != nil:
		return funnel.Stored{}, fmt.Errorf("read the result under %s: %w", key.Event, err)
	case !bytes.Equal(intent, key.Intent[:]):
		return funnel.Stored{}, funnel.Refuse(funnel.CodeKeyReused, nil)
	}
	return kept, nil
}
