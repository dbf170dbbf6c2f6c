package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Behind implements [funnel.Behinds] with the conditions by which the numbers were counted.
func (s *Store) Behind(ctx context.Context, workspace funnel.ID, p funnel.Period, of funnel.Behind) ([]funnel.DealView, int, error) {
	args := reportArgs(workspace, p)
	args["stage"], args["owner"], args["limit"], args["offset"] = of.Stage, of.Owner, of.Limit, of.Offset
	counted := countedDeals(knownAt(p), of)
	var views []funnel.DealView
	total := 0
	err := s.report(ctx, func(b *batch) {
		// Counted apart, because behind the last page there is no row that could say how many there are.
		b.row(func(r pgx.Row) error { return r.Scan(&total) }, "SELECT count(*) FROM ("+counted+") n", args)
		b.Queue("SELECT "+viewColumns+viewFrom+` JOIN (`+counted+`) n ON n.deal_id = d.id
			WHERE d.workspace_id = @workspace
			ORDER BY n.at DESC, d.number DESC LIMIT @limit OFFSET @offset`, args).
			Query(func(rows pgx.Rows) error {
				var err error
				views, err = pgx.CollectRows(rows, scanView)
				return err
			})
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the deals behind %s as of %s: %w", of.Part, p.To, err)
	}
	return views, total, nil
}

// countedDeals are the deals of a number with when each was counted last.
func countedDeals(k knowledge, of funnel.Behind) string {
	const inStage = ` AND p.stage = @stage`
	join, narrow, at := "", "", "p.left_at"
	if of.Stage != "" {
		narrow = inStage
	}
	where := ended
	switch of.Part {
	case funnel.BehindEntered:
		where, at = seen+` AND p.entered > @from`, "p.entered"
	case funnel.BehindAdvanced:
		where += ` AND p.exit = 'advance'`
	case funnel.BehindBack:
		where += ` AND p.exit = 'back'`
	case funnel.BehindLost:
		where += ` AND p.exit = 'lost'`
	case funnel.BehindOpen:
		join, where, at = k.join, seen+` AND `+k.standing, "p.entered"
		if of.Stage == "" {
			narrow = ` AND p.stage <> ALL(@signed) AND p.stage <> ALL(@targets)`
		}
		if !of.Owner.IsZero() {
			narrow += ` AND ` + k.owner + ` = @owner`
		}
	case funnel.BehindWins, funnel.BehindLosses:
		exit := ` AND p.exit = 'lost'`
		if of.Part == funnel.BehindWins {
			exit = ` AND p.exit = 'advance'`
		}
		if !of.Owner.IsZero() {
			join, narrow = joinHandover, narrow+` AND `+ownerAtClosing+` = @owner`
		}
		return `SELECT p.deal_id, max(p.left_at) AS at FROM spells p` + ofKind + join + closings + exit + narrow + ` GROUP BY p.deal_id`
	}
	return `SELECT p.deal_id, max(` + at + `) AS at FROM spells p` + ofKind + join + ` WHERE ` + where + narrow + ` GROUP BY p.deal_id`
}
