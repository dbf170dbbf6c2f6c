package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Circles implements [funnel.Access].
func (s *Store) Circles(ctx context.Context, workspace funnel.ID) ([]funnel.Circle, error) {
	var found []funnel.Circle
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT workspace_id, door, external_id, kind, title FROM circles
			WHERE workspace_id = $1 ORDER BY door, added_at, external_id`, workspace)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[funnel.Circle])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the circles of workspace %s: %w", workspace, err)
	}
	return found, nil
}
