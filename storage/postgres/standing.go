package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// standsNow are, with w, the stays of the sale that go on, under the name p. Their deals are all open, and an
// index has the open ones, which are few.
const standsNow = ways + `, p AS MATERIALIZED (
			SELECT w.stage, p.deal_id, p.entered FROM w CROSS JOIN LATERAL (
				SELECT p.deal_id, p.entered FROM spells p WHERE ` + onWay + ` AND p.left_at IS NULL
			) p WHERE w.stage <> ALL(@targets) AND w.stage <> ALL(@signed)
		)`

// standsWith are those with their deals, and with companies where an amount is missing.
const standsWith = `p
		JOIN deals d ON d.workspace_id = @workspace AND d.outcome = 'open' AND d.voided_at IS NULL AND d.id = p.deal_id
		LEFT JOIN LATERAL (
			SELECT o.size, o.industry FROM companies o
			WHERE o.workspace_id = @workspace AND o.id = d.company_id AND NOT (d.amount_minor <> 0 AND d.currency = @currency) LIMIT 1
		) o ON true`

// Standing implements [funnel.Spells]. The deals come in the order of their numbers.
func (s *Store) Standing(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.StandingDeal, error) {
	var open []funnel.StandingDeal
	args, k := reportArgs(workspace, p), knownAt(p)
	args["currency"] = p.Currency
	with, from, closing := standsNow, standsWith, `d.closing`
	if !p.Live {
		with, closing = ``, `CASE WHEN l.deal IS NULL THEN d.closing ELSE nullif(l.deal ->> 'closing', '')::date END`
		from = `spells p` + ofKind + k.join + `
			LEFT JOIN companies o ON o.workspace_id = d.workspace_id AND o.id = d.company_id
				AND NOT (` + k.amount + ` <> 0 AND ` + k.currency + ` = @currency)
			WHERE ` + seen + ` AND ` + k.standing + ` AND p.stage <> ALL(@targets) AND p.stage <> ALL(@signed)`
	}
	err := s.report(ctx, func(b *batch) {
		b.Queue(with+`
			SELECT d.id, d.number, `+k.owner+`, p.stage, p.entered, `+k.amount+`, `+k.currency+`, `+segment+`, `+closing+`
			FROM `+from, args).
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
	slices.SortFunc(open, func(a, b funnel.StandingDeal) int { return cmp.Compare(a.Number, b.Number) })
	return open, nil
}
