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

// priced is a stay whose deal was worth something in the currency of the workspace when it came.
const priced = `(p.amount_minor <> 0 AND p.currency = @currency)`

// came are the stays that began within the period, under the name p, with their deals. Where its end is the
// present, the index on the ends has them all, for they ended within it or go on, and deals are joined only
// where they have to tell of a company because the stay has no amount.
func came(p funnel.Period) string {
	if !p.Live {
		return `(SELECT p.* FROM spells p WHERE ` + seen + ` AND p.entered > @from) p` + ofKind
	}
	some := `SELECT p.workspace_id, p.deal_id, p.stage, p.amount_minor, p.currency FROM spells p
		WHERE ` + begunLive + ` AND p.entered > @from AND p.left_at `
	return `(` + some + `> @from UNION ALL ` + some + `IS NULL) p
		LEFT JOIN deals d ON d.workspace_id = p.workspace_id AND d.id = p.deal_id AND NOT ` + priced
}

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
			SELECT p.stage, CASE WHEN `+priced+` THEN '' ELSE `+segment+` END, count(*), count(*) FILTER (WHERE `+priced+`),
				coalesce(sum(p.amount_minor) FILTER (WHERE `+priced+`), 0)::bigint
			FROM `+came(p)+joinCompany+`
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
