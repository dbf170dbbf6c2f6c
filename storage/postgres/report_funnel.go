package postgres

import (
	"context"
	"fmt"

	"funnelbot/funnel"
)

// wholeWorkspace stands for an owner where nobody in particular is asked for.
const wholeWorkspace = `NULL::uuid`

// CountStages implements [funnel.Reports].
func (s *Store) CountStages(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.StageTable, error) {
	var t funnel.StageTable
	args := reportArgs(workspace, p)
	err := s.report(ctx, func(b *batch) {
		rows(b, &t.Entries, `
			SELECT p.stage, count(*) FROM spells p`+ofKind+`
			WHERE `+seen+` AND p.entered > @from
			GROUP BY p.stage`, args)
		rows(b, &t.Exits, `
			SELECT p.stage, p.exit, p.destination, coalesce(m.reason, ''), count(*)
			FROM spells p`+ofKind+joinReason+`
			WHERE `+ended+`
			GROUP BY p.stage, p.exit, p.destination, m.reason`, args)
		queueOpen(b, args, knownAt(p), wholeWorkspace, func(o funnel.OpenCount) { t.Open = append(t.Open, o) })
		queueClosed(b, args, knownAt(p), wholeWorkspace, "", func(c funnel.ClosedCount) { t.Closed = append(t.Closed, c) })
	})
	if err != nil {
		return t, fmt.Errorf("count stages as of %s: %w", p.To, err)
	}
	return t, nil
}
