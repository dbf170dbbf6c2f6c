package postgres

import (
	"context"
	"fmt"

	"funnelbot/funnel"
)

// activitiesDone are the activities of the window with their deal, week, owner, stage and kind. The index on the
// time of activities serves the window. Where a deal moved at the moment of an activity, the stay that ended
// comes first.
func activitiesDone(k knowledge) string {
	return `
		SELECT a.deal_id, a.at, to_char(a.at AT TIME ZONE @zone, 'IYYY-"W"IW') AS week,
			coalesce(a.member_id, ` + k.owner + `) AS owner, coalesce(s.stage, '') AS stage, a.kind
		FROM activities a
		JOIN deals d ON d.workspace_id = a.workspace_id AND d.id = a.deal_id AND d.kind = @kind
			AND (d.voided_at IS NULL OR d.voided_at > @to)` + k.join + `
		LEFT JOIN LATERAL (
			SELECT p.stage FROM spells p
			WHERE p.deal_id = a.deal_id AND ` + seen + ` AND p.entered <= a.at
			  AND (p.left_at IS NULL OR p.left_at >= a.at OR p.left_recorded_at > @to)
			ORDER BY p.entered, p.seq LIMIT 1
		) s ON true
		WHERE a.workspace_id = @workspace AND a.at > @from AND a.at <= @to AND a.recorded_at <= @to
		  AND (a.voided_at IS NULL OR a.voided_at > @to)`
}

// doneDeals are the deals on which something was done, with when it was last.
func doneDeals(k knowledge, of funnel.Behind) string {
	narrow := ""
	switch of.Of {
	case funnel.OfOwner:
		narrow = ` AND o.owner IS NOT DISTINCT FROM @owner`
	case funnel.OfStage:
		narrow = ` AND o.stage = @stage`
	case funnel.OfWeek:
		narrow = ` AND o.week = @week`
	case funnel.OfAll, funnel.OfSource, funnel.OfAnswer:
	}
	if of.Kind != "" {
		narrow += ` AND o.kind = @activity`
	}
	return `SELECT o.deal_id, max(o.at) AS at FROM (` + activitiesDone(k) + `) o WHERE true` + narrow + ` GROUP BY o.deal_id`
}

// CountActivities implements [funnel.Reports].
func (s *Store) CountActivities(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.ActivityCount, error) {
	counts := []funnel.ActivityCount{}
	args, k := reportArgs(workspace, p), knownAt(p)
	err := s.report(ctx, func(b *batch) {
		rows(b, &counts, `WITH done AS (`+activitiesDone(k)+`)
			SELECT g.week, g.owner, coalesce(o.name, '') AS name, g.stage, g.kind, g.count
			FROM (SELECT week, owner, stage, kind, count(*) FROM done GROUP BY week, owner, stage, kind) g
			LEFT JOIN members o ON o.workspace_id = @workspace AND o.id = g.owner
			ORDER BY g.week, name COLLATE "C", g.owner, g.stage, g.kind`, args)
	})
	if err != nil {
		return nil, fmt.Errorf("count activities as of %s: %w", p.To, err)
	}
	return counts, nil
}
