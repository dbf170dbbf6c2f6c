package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// begunLive is a stay that had begun where the end of the period is the present; an index has all of it.
const begunLive = `p.workspace_id = @workspace AND p.kind = @kind AND p.voided_at IS NULL AND p.entered <= @to`

// Standing implements [funnel.Spells]. The deals come in the order of their numbers.
func (s *Store) Standing(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.StandingDeal, error) {
	var open []funnel.StandingDeal
	args, k := reportArgs(workspace, p), knownAt(p)
	// Whoever stands in the sale now is one of the open deals, which an index has: they are few among the stays
	// that go on, most of which are those of clients.
	closing, begun := `d.closing`, begunLive+` AND d.outcome = 'open' AND d.voided_at IS NULL`
	if !p.Live {
		begun = seen
		closing = `CASE WHEN l.deal IS NULL THEN d.closing ELSE nullif(l.deal ->> 'closing', '')::date END`
	}
	err := s.report(ctx, func(b *batch) {
		b.Queue(`
			SELECT d.id, d.number, `+k.owner+`, p.stage, p.entered, `+k.amount+`, `+k.currency+`, `+segment+`, `+closing+`
			FROM spells p`+ofKind+k.join+joinCompany+`
			WHERE `+begun+` AND `+k.standing+` AND p.stage <> ALL(@targets) AND p.stage <> ALL(@signed)
			ORDER BY d.number`, args).
			Query(func(r pgx.Rows) error {
				for r.Next() {
					var d funnel.StandingDeal
					if err := r.Scan(&d.Deal, &d.Number, &d.Owner, &d.Stage, &d.Entered, &d.Amount.Minor, &d.Amount.Currency,
						&d.Segment, &d.Closing); err != nil {
						return err
					}
					open = append(open, d)
				}
				return r.Err()
			})
	})
	if err != nil {
		return nil, fmt.Errorf("read what stands as of %s: %w", p.To, err)
	}
	return open, nil
}
