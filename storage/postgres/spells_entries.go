package postgres

import (
	"context"
	"fmt"

	"funnelbot/funnel"
)

// segment is the segment of the company under the name o, as it is known now: no history of companies
// is kept.
const segment = `coalesce(nullif(o.size, ''), o.industry, '')`

// joinCompany joins the company of the deal under the name d.
const joinCompany = ` LEFT JOIN companies o ON o.workspace_id = d.workspace_id AND o.id = d.company_id`

// priced is a stay whose deal was worth something in the currency of the workspace when it came.
const priced = `(p.amount_minor <> 0 AND p.currency = @currency)`

// cameNow are the stays that began within a period whose end is the present, by stage: those of deals worth
// something summed, the others by deal. Each deal is looked up once to tell of its company, in the order in
// which deals are kept.
const cameNow = ways + `, came AS MATERIALIZED (
			SELECT w.stage, g.deal_id, g.n, g.total FROM w CROSS JOIN LATERAL (
				SELECT CASE WHEN NOT ` + priced + ` THEN p.deal_id END AS deal_id, count(*) AS n,
					sum(p.amount_minor) FILTER (WHERE ` + priced + `) AS total
				FROM spells p WHERE ` + onWay + ` AND p.left_at > @from AND p.entered > @from GROUP BY 1
				UNION ALL
				SELECT CASE WHEN NOT ` + priced + ` THEN p.deal_id END, count(*), sum(p.amount_minor) FILTER (WHERE ` + priced + `)
				FROM spells p WHERE ` + onWay + ` AND p.left_at IS NULL AND p.entered > @from GROUP BY 1
			) g
		), unpriced AS MATERIALIZED (
			SELECT p.deal_id, ` + segment + ` AS segment
			FROM (SELECT DISTINCT deal_id FROM came WHERE deal_id IS NOT NULL ORDER BY deal_id) p` + itsDeal + itsCompany + `
		)
		SELECT c.stage, coalesce(u.segment, ''), sum(c.n)::bigint, coalesce(sum(c.n) FILTER (WHERE c.deal_id IS NULL), 0)::bigint,
			coalesce(sum(c.total), 0)::bigint
		FROM came c LEFT JOIN unpriced u ON u.deal_id = c.deal_id
		GROUP BY 1, 2`

// cameThen are those of any period, as they were known at its end.
const cameThen = `
		SELECT p.stage, CASE WHEN ` + priced + ` THEN '' ELSE ` + segment + ` END, count(*), count(*) FILTER (WHERE ` + priced + `),
			coalesce(sum(p.amount_minor) FILTER (WHERE ` + priced + `), 0)::bigint
		FROM spells p` + ofKind + joinCompany + `
		WHERE ` + seen + ` AND p.entered > @from
		GROUP BY 1, 2`

// CountEntries implements [funnel.Spells].
func (s *Store) CountEntries(
	ctx context.Context, workspace funnel.ID, p funnel.Period,
) ([]funnel.EntryGroup, []funnel.TypicalAmount, error) {
	var entries []funnel.EntryGroup
	var typical []funnel.TypicalAmount
	args := spellArgs(workspace, p)
	args["currency"] = p.Currency
	args["year"] = p.To.AddDate(-1, 0, 0)
	came, won := cameThen, wonThen()
	if p.Live {
		came, won = cameNow, wonNow
	}
	err := s.report(ctx, func(b *batch) {
		b.exec(roomy)
		rows(b, &entries, came, args)
		// Nothing is known of how many rows there will be, and sorting them costs more than a table in memory.
		b.exec("SET LOCAL enable_mergejoin = off")
		rows(b, &typical, won, args)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("count entries as of %s: %w", p.To, err)
	}
	return entries, typical, nil
}

// medians end queries for the median amounts of the deals that were signed within a year before the end of
// the period, of each segment and of all. A deal is signed by the stay that crossed the signature.
const medians = `
		GROUP BY GROUPING SETS ((segment), ())
		HAVING count(*) > 0 AND (GROUPING(segment) = 1 OR segment <> '')`

// wonNow reads the deals of those stays from the index of signatures, which has all but those that were dated
// anew; they are looked up.
const wonNow = ways + `, crossed AS MATERIALIZED (
			SELECT p.deal_id FROM w CROSS JOIN LATERAL (
				SELECT p.deal_id FROM spells p WHERE ` + onWay + ` AND p.left_at > @year AND p.left_at <= @to
			) p WHERE ` + signs + `
		), won AS MATERIALIZED (
			SELECT s.id, s.company_id, s.amount_minor, s.currency FROM deals s
			WHERE s.workspace_id = @workspace AND s.kind = @kind AND s.signed_at > @year AND s.signed_at <= @to AND s.voided_at IS NULL
		)
		SELECT coalesce(segment, ''), percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)
		FROM (
			SELECT ` + segment + ` AS segment, d.amount_minor AS amount
			FROM (
				SELECT coalesce(s.company_id, d.company_id) AS company_id, coalesce(s.amount_minor, d.amount_minor) AS amount_minor,
					coalesce(s.currency, d.currency) AS currency
				FROM crossed p LEFT JOIN won s ON s.id = p.deal_id
				LEFT JOIN LATERAL (
					SELECT d.company_id, d.amount_minor, d.currency FROM deals d
					WHERE s.id IS NULL AND d.workspace_id = @workspace AND d.id = p.deal_id LIMIT 1
				) d ON true
				ORDER BY 1
			) d` + itsCompany + `
			WHERE d.amount_minor <> 0 AND d.currency = @currency
		) won` + medians

func wonThen() string {
	k := past()
	return `
		SELECT coalesce(segment, ''), percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)
		FROM (
			SELECT ` + segment + ` AS segment, ` + k.amount + ` AS amount, ` + k.currency + ` AS unit
			FROM spells p` + ofKind + k.join + joinCompany + `
			WHERE ` + seen + ` AND p.left_at > @year AND p.left_at <= @to AND p.left_recorded_at <= @to
			  AND p.exit = 'advance' AND p.destination = ANY(@signed) AND p.stage <> ALL(@signed)
		) won
		WHERE amount <> 0 AND unit = @currency` + medians
}
