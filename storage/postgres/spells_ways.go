package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// ways begins a query with w, the ways by which stays of the kind ended or go on: stage, exit and destination.
// They are few, and an index skips from each to the next
// (https://wiki.postgresql.org/wiki/Loose_indexscan). What is joined to them laterally is read one way after
// the other, from the part of the index that has it, and needs no comparing of names.
const ways = `
		WITH RECURSIVE w AS (
			(SELECT p.stage, p.exit, p.destination FROM spells p WHERE ` + stands + `
			 ORDER BY p.stage, p.exit, p.destination LIMIT 1)
			UNION ALL
			SELECT n.stage, n.exit, n.destination FROM w CROSS JOIN LATERAL (
				SELECT p.stage, p.exit, p.destination FROM spells p
				WHERE ` + stands + ` AND (p.stage, p.exit, p.destination) > (w.stage, w.exit, w.destination)
				ORDER BY p.stage, p.exit, p.destination LIMIT 1
			) n
		)`

const (
	// stands is a stay of the kind that is not void.
	stands = `p.workspace_id = @workspace AND p.kind = @kind AND p.voided_at IS NULL`
	// begun is one that had begun by the end of the period.
	begun = stands + ` AND p.entered <= @to`
	// onWay is one that goes the way w.
	onWay = begun + ` AND p.stage = w.stage AND p.exit = w.exit AND p.destination = w.destination`
	// signs is a way across the signature.
	signs = `w.exit = 'advance' AND w.destination = ANY(@signed) AND w.stage <> ALL(@signed)`
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

// lying is by what stays of one way that ended within the stretch e, under the name p, are kept apart besides
// how long they took: those that began before it by the day on which they did, which says how old they were at
// its edge. Without edges every day of an end is an edge.
func lying(p funnel.Period) string {
	if p.Edges == nil {
		return `date_bin('1 day', p.left_at, @origin), ` + entryDay
	}
	return `CASE WHEN p.entered < e.low THEN ` + entryDay + ` END`
}
