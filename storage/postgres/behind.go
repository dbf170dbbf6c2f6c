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
	args["week"], args["source"], args["activity"] = of.Week, of.Source, of.Kind
	counted := ""
	switch k := knownAt(p); of.Part {
	case funnel.BehindEntered, funnel.BehindAdvanced, funnel.BehindBack, funnel.BehindLost, funnel.BehindOpen, funnel.BehindWins,
		funnel.BehindLosses:
		counted = countedDeals(k, of)
	case funnel.BehindDone:
		counted = doneDeals(k, of)
	case funnel.BehindCame, funnel.BehindQualified:
		counted = cameDeals(k, of)
	case funnel.BehindKnown, funnel.BehindUnknown, funnel.BehindOutside:
		counted = fittingDeals(k, of)
	case funnel.BehindAnswered, funnel.BehindWith, funnel.BehindWithout:
		counted = answeredDeals(p, of, args)
	}
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
	if of.Of == funnel.OfStage {
		narrow = inStage
	}
	where := ended
	switch of.Part { //nolint:exhaustive // the numbers of stays and closings
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
		if of.Of != funnel.OfStage {
			narrow = ` AND p.stage <> ALL(@signed) AND p.stage <> ALL(@targets)`
		}
		if of.Of == funnel.OfOwner {
			narrow += ` AND ` + k.owner + ` IS NOT DISTINCT FROM @owner`
		}
	case funnel.BehindWins, funnel.BehindLosses:
		exit := ` AND p.exit = 'lost'`
		if of.Part == funnel.BehindWins {
			exit = ` AND p.exit = 'advance'`
		}
		if of.Of == funnel.OfOwner {
			join, narrow = joinHandover, narrow+` AND `+ownerAtClosing+` IS NOT DISTINCT FROM @owner`
		}
		return `SELECT p.deal_id, max(p.left_at) AS at FROM spells p` + ofKind + join + closings + exit + narrow + ` GROUP BY p.deal_id`
	}
	return `SELECT p.deal_id, max(` + at + `) AS at FROM spells p` + ofKind + join + ` WHERE ` + where + narrow + ` GROUP BY p.deal_id`
}
