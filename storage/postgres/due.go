package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Due implements [funnel.Reader]. It crosses workspaces, as maintenance may. A parking ends at
// midnight of its day in the zone of the workspace. A reminder waits while its owner sleeps, is away
// or takes part no more: whoever gets the deal meanwhile is reminded instead. Days and hours are
// counted here: a zone that the server does not know would otherwise stop the reminders of everybody.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]funnel.DueDeal, error) {
	var due []funnel.DueDeal
	err := s.retry(ctx, func(ctx context.Context) error {
		zones, days, err := s.days(ctx, now)
		if err != nil {
			return err
		}
		resting, err := s.resting(ctx, now)
		if err != nil {
			return err
		}
		rows, err := s.pool.Query(ctx, `
			(SELECT workspace_id, id, version, false FROM deals
			 WHERE remind_at IS NOT NULL AND remind_at <= $1 AND (owner_id IS NULL OR owner_id <> ALL($5))
			 ORDER BY remind_at LIMIT $2)
			UNION ALL
			(SELECT d.workspace_id, d.id, d.version, true
			 FROM deals d
			 JOIN workspaces w ON w.id = d.workspace_id
			 JOIN unnest($3::text[], $4::date[]) AS z (zone, today) ON z.zone = w.zone
			 WHERE d.parked_until IS NOT NULL AND d.outcome = 'open' AND d.voided_at IS NULL
			   AND d.parked_until <= z.today
			 ORDER BY d.parked_until LIMIT $2)`, now, limit, zones, days, resting)
		if err != nil {
			return err
		}
		due, err = pgx.CollectRows(rows, pgx.RowToStructByPos[funnel.DueDeal])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is due: %w", err)
	}
	return due, nil
}

// days returns the zones that workspaces live in, with the day that it is there.
func (s *Store) days(ctx context.Context, now time.Time) (zones, days []string, err error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT zone FROM workspaces`)
	if err != nil {
		return nil, nil, err
	}
	zones, err = pgx.CollectRows(rows, pgx.RowTo[string])
	for _, zone := range zones {
		days = append(days, funnel.DateOf(now.In(funnel.Workspace{Zone: zone}.Location())).String())
	}
	return zones, days, err
}

// resting returns the owners of steps that are due who may not be reminded now. Identifiers of
// members are unique over all workspaces.
func (s *Store) resting(ctx context.Context, now time.Time) ([]funnel.ID, error) {
	owners, err := s.addressees(ctx, `(m.workspace_id, m.id) IN (
		SELECT d.workspace_id, d.owner_id FROM deals d WHERE d.remind_at IS NOT NULL AND d.remind_at <= $1)`, now)
	resting := []funnel.ID{}
	for _, o := range owners {
		if !o.Member.Reachable(o.Workspace, now) {
			resting = append(resting, o.Member.ID)
		}
	}
	return resting, err
}
