package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Ended implements [funnel.Spells]. The deals come in the order of their numbers.
func (s *Store) Ended(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.EndedDeal, error) {
	var ended []funnel.EndedDeal
	args, k := reportArgs(workspace, p), knownAt(p)
	err := s.report(ctx, func(b *batch) {
		b.Queue(`
			SELECT d.id, p.exit = 'advance' AS won, `+k.amount+`, `+k.currency+`
			FROM spells p`+ofKind+k.join+closings+`
			ORDER BY d.number, p.seq`, args).
			Query(func(r pgx.Rows) error {
				for r.Next() {
					var d funnel.EndedDeal
					if err := r.Scan(&d.Deal, &d.Won, &d.Amount.Minor, &d.Amount.Currency); err != nil {
						return err
					}
					ended = append(ended, d)
				}
				return r.Err()
			})
	})
	if err != nil {
		return nil, fmt.Errorf("read what ended until %s: %w", p.To, err)
	}
	return ended, nil
}
