package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Due implements [funnel.Reader]. It crosses workspaces, as maintenance may. A parking ends at
// midnight of its day in the zone of the workspace.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]funnel.DueDeal, error) {
	rows, err := s.pool.Query(ctx, `
		(SELECT workspace_id, id, version, false FROM deals
		 WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at LIMIT $2)
		UNION ALL
		(SELECT d.workspace_id, d.id, d.version, true
		 FROM deals d JOIN workspaces w ON w.id = d.workspace_id
		 WHERE d.parked_until IS NOT NULL AND d.outcome = 'open' AND d.voided_at IS NULL
		   AND d.parked_until <= ($1 AT TIME ZONE w.zone)::date
		 ORDER BY d.parked_until LIMIT $2)`, now, limit)
	if err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	due, err := pgx.CollectRows(rows, pgx.RowToStructByPos[funnel.DueDeal])
	if err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	return due, nil
}
