package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// segment is the segment of the company under the name o, as it is known now: no history of companies
// is kept.
const segment = `coalesce(nullif(o.size, ''), o.industry, '')`

// joinCompany joins the company of the deal under the name d.
const joinCompany = ` LEFT JOIN companies o ON o.workspace_id = d.workspace_id AND o.id = d.company_id`

// CountEntries implements [funnel.Spells].
func (s *Store) CountEntries(
	ctx context.Context, workspace funnel.ID, p funnel.Period,
) ([]funnel.EntryGroup, []funnel.TypicalAmount, error) {
	var entries []funnel.EntryGroup
	var typical []funnel.TypicalAmount
	args, k := spellArgs(workspace, p), knownAt(p)
	args["currency"] = p.Currency
	args["year"] = p.To.AddDate(-1, 0, 0)
	err := s.report(ctx, func(b *batch) {
		rows(b, &entries, `
			SELECT p.stage, `+segment+`, count(*),
				count(*) FILTER (WHERE p.amount_minor <> 0 AND p.currency = @currency),
				coalesce(sum(p.amount_minor) FILTER (WHERE p.currency = @currency), 0)::bigint
			FROM spells p`+ofKind+joinCompany+`
			WHERE `+seen+` AND p.entered > @from
			GROUP BY 1, 2`, args)
		queueTypical(b, args, k, &typical)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("count entries as of %s: %w", p.To, err)
	}
	return entries, typical, nil
}

// queueTypical finds the median amounts of the deals that were signed within a year before the end of
// the period, of each segment and of all. A deal is signed by the stay that crossed the signature.
func queueTypical(b *batch, args pgx.NamedArgs, k knowledge, into *[]funnel.TypicalAmount) {
	rows(b, into, `
		SELECT coalesce(segment, ''), percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)
		FROM (
			SELECT `+segment+` AS segment, `+k.amount+` AS amount, `+k.currency+` AS unit
			FROM spells p`+ofKind+k.join+joinCompany+`
			WHERE `+seen+` AND p.left_at > @year AND p.left_at <= @to AND p.left_recorded_at <= @to
			  AND p.exit = 'advance' AND p.destination = ANY(@signed) AND p.stage <> ALL(@signed)
		) w
		WHERE amount <> 0 AND unit = @currency
		GROUP BY GROUPING SETS ((segment), ())
		HAVING count(*) > 0 AND (GROUPING(segment) = 1 OR segment <> '')`, args)
}
