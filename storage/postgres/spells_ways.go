package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// ways begins a query with w, the ways by which stays of the kind ended or go on: number, stage, exit and
// destination. They are few, and an index skips from each to the next
// (https://wiki.postgresql.org/wiki/Loose_indexscan). What is joined to them laterally is read one way after
// the other, from the part of the index that has it: no names are compared, and what is kept in a row of the
// index lies where it always does.
const ways = `
		WITH RECURSIVE n AS (
			(SELECT p.way FROM spells p WHERE ` + stands + ` ORDER BY p.way LIMIT 1)
			UNION ALL
			SELECT next.way FROM n CROSS JOIN LATERAL (
				SELECT p.way FROM spells p WHERE ` + stands + ` AND p.way > n.way ORDER BY p.way LIMIT 1
			) next
		), w AS MATERIALIZED (
			SELECT n.way, p.stage, p.exit, p.destination FROM n CROSS JOIN LATERAL (
				SELECT p.kind, p.stage, p.exit, p.destination FROM spells p WHERE ` + stands + ` AND p.way = n.way
				ORDER BY p.left_at LIMIT 1
			) p WHERE p.kind = @kind
		)`

const (
	// stands is a stay that is not void.
	stands = `p.workspace_id = @workspace AND p.voided_at IS NULL`
	// onWay is one that goes the way w and had begun by the end of the period.
	onWay = stands + ` AND p.way = w.way AND p.entered <= @to`
	// signs is a way across the signature.
	signs = `w.exit = 'advance' AND w.destination = ANY(@signed) AND w.stage <> ALL(@signed)`
)

// itsDeal and itsCompany look up, under d and o, the deal of p and the company of d. There is one, which is said
// to the planner so that it looks them up one by one: how many there will be it cannot know, and for fear of
// many it would read all that there are.
const (
	itsDeal = ` CROSS JOIN LATERAL (
			SELECT d.* FROM deals d WHERE d.workspace_id = @workspace AND d.id = p.deal_id LIMIT 1
		) d`
	itsCompany = ` LEFT JOIN LATERAL (
			SELECT o.size, o.industry FROM companies o WHERE o.workspace_id = @workspace AND o.id = d.company_id LIMIT 1
		) o ON true`
)

// stretches are, under e, the times between which windows have the whole of a stay or nothing of it, from the
// beginning of the period on. The last has no end, for another process, whose clock is ahead, may have ended
// a stay after what is the present here.
const stretches = `(SELECT t.low, lead(t.low, 1, 'infinity') OVER (ORDER BY t.low) AS high FROM unnest(@lows::timestamptz[]) t (low)) e`

// stretched names the beginnings of the stretches of a period: the first instant at which a stay that
// touches it may have ended, and the edges after that.
func stretched(p funnel.Period, args pgx.NamedArgs) {
	lows := []time.Time{p.From.Add(time.Microsecond)}
	for _, edge := range daysBefore(p.To).edges(p.Edges) {
		if edge.After(lows[len(lows)-1]) {
			lows = append(lows, edge)
		}
	}
	args["lows"] = lows
}
