package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"funnelbot/funnel"
)

// roomy lets a whole table of groups be kept in memory at once.
const roomy = "SET LOCAL work_mem = '64MB'"

// CountSpells implements [funnel.Spells]. What groups have in common with many others is sent once, and
// the rest as arrays: reading rows would cost more than counting.
func (s *Store) CountSpells(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.SpellTable, error) {
	t := funnel.SpellTable{To: p.To}
	args := spellArgs(workspace, p)
	end := daysBefore(p.To)
	sql := countedThen(p, args)
	if p.Live {
		sql = countedNow(p, args)
	}
	err := s.report(ctx, func(b *batch) {
		b.exec(roomy)
		b.Queue(sql, args).Query(func(r pgx.Rows) error {
			for r.Next() {
				var g funnel.SpellGroup
				var c cells
				if err := r.Scan(&g.Stage, &g.Exit, &g.Destination, &c.entered, &c.left, &c.lasted, &c.counts); err != nil {
					return err
				}
				t.Groups = slices.Grow(t.Groups, len(c.counts))
				for i := range c.counts {
					t.Groups = append(t.Groups, end.group(g, &c, i))
				}
			}
			return r.Err()
		})
	})
	if err != nil {
		return t, fmt.Errorf("count stays as of %s: %w", p.To, err)
	}
	if p.Sale {
		t.Oldest, err = s.oldest(ctx, p, t.Groups, args)
	}
	return t, err
}

// oldest is how many days ago the first stay began, those behind the signature included. Where those before it
// go back to the beginning of the period they tell enough.
func (s *Store) oldest(ctx context.Context, p funnel.Period, counted []funnel.SpellGroup, args pgx.NamedArgs) (int, error) {
	oldest := 0
	for i := range counted {
		oldest = max(oldest, counted[i].Entered)
	}
	if oldest >= p.Days {
		return oldest, nil
	}
	all := p
	all.Sale = false
	sql := `SELECT min(p.entered) FROM (` + touching(all, `p.stage`) + `) p`
	if p.Live {
		sql = ways + `
			SELECT min(p.entered) FROM w CROSS JOIN LATERAL (
				(SELECT p.entered FROM spells p WHERE ` + onWay + ` AND p.left_at IS NULL ORDER BY p.entered LIMIT 1)
				UNION ALL
				SELECT min(p.entered) FROM spells p WHERE ` + onWay + ` AND p.left_at > @from
			) p WHERE w.stage = ANY(@signed)`
	}
	var first pgtype.Timestamptz
	err := s.report(ctx, func(b *batch) {
		b.row(func(r pgx.Row) error { return r.Scan(&first) }, sql, args)
	})
	if err != nil {
		return 0, fmt.Errorf("look for the first stay as of %s: %w", p.To, err)
	}
	if first.Valid {
		days, _ := daysBefore(p.To).count(first.Time)
		oldest = max(oldest, days)
	}
	return oldest, nil
}

// countedNow groups the stays that touch a period whose end is the present: nothing was recorded after it, so
// the index has it all. Whatever stays of one group have in common says when they began and ended.
func countedNow(p funnel.Period, args pgx.NamedArgs) string {
	stretched(p, args)
	ended, begun := `e.low`, `CASE WHEN p.entered < e.low THEN `+entryDay+` END`
	if p.Edges == nil {
		ended, begun = `date_bin('1 day', p.left_at, @origin)`, entryDay
	}
	return ways + `
		SELECT w.stage, w.exit, w.destination, g.entered, g.left_at, g.lasted, g.n
		FROM w CROSS JOIN LATERAL (
			SELECT array_agg(coalesce(g.entered, g.left_at)) AS entered, array_agg(g.left_at) AS left_at,
				array_agg(g.lasted) AS lasted, array_agg(g.n) AS n
			FROM (
				SELECT g.* FROM ` + stretches + ` CROSS JOIN LATERAL (
					SELECT ` + begun + ` AS entered, ` + ended + ` AS left_at, p.lasted, count(*) AS n
					FROM spells p WHERE ` + onWay + ` AND p.left_at >= e.low AND p.left_at < e.high
					GROUP BY 1, 2, 3
				) g
				UNION ALL
				SELECT ` + entryDay + `, NULL, NULL, count(*)
				FROM spells p WHERE ` + onWay + ` AND p.left_at IS NULL
				GROUP BY 1
			) g
		) g
		WHERE g.n IS NOT NULL AND ` + wanted(p, `w`) + `
		ORDER BY 1, 2, 3`
}

// countedThen groups the stays that touched a period as they were known at its end.
func countedThen(p funnel.Period, args pgx.NamedArgs) string {
	return `
		SELECT g.stage, g.exit, g.destination, array_agg(g.entered), array_agg(g.left_at), array_agg(g.lasted), array_agg(g.n)
		FROM (
			SELECT p.stage, p.exit, p.destination, p.lasted, count(*) AS n, min(p.entered) AS entered, max(p.left_at) AS left_at
			FROM (` + touching(p, `p.stage`) + `) p
			GROUP BY p.stage, p.exit, p.destination, p.lasted, ` + apart(p, args) + `
		) g
		GROUP BY 1, 2, 3`
}

// wanted is a stage, of what goes under the name, that is to be counted.
func wanted(p funnel.Period, name string) string {
	switch {
	case p.Only != nil:
		return name + `.stage = ANY(@only)`
	case p.Sale:
		return name + `.stage <> ALL(@signed)`
	}
	return `true`
}

// touching selects the stays that touched the period, with what was known of their ends. Its columns are
// entered, left_at, lasted, exit and destination, and what more is asked for of the spell under the name p.
// Where history was imported after something that was typed late, several stays may seem to go on: all but
// the last have ended, nobody knew when.
func touching(p funnel.Period, more string) string {
	return `SELECT p.entered, k.left_at, CASE WHEN k.left_at IS NOT NULL THEN p.lasted END AS lasted,
			CASE WHEN k.left_at IS NOT NULL THEN p.exit ELSE '' END AS exit,
			CASE WHEN k.left_at IS NOT NULL THEN p.destination ELSE '' END AS destination, ` + more + `
		FROM spells p
		CROSS JOIN LATERAL (
			SELECT CASE WHEN p.left_at <= @to AND p.left_recorded_at <= @to THEN p.left_at END AS left_at
		) k
		WHERE ` + seen + ` AND p.kind = @kind AND ` + wanted(p, `p`) + ` AND CASE WHEN k.left_at IS NOT NULL THEN k.left_at > @from
			ELSE NOT EXISTS (SELECT 1 FROM spells q WHERE ` + ofDeal + ` AND q.seq > p.seq) END`
}

// entryDay names the day before the end in which a stay that touches the period began, and tells one that
// began exactly so many days before it. Binning is whole numbers all through; the parts of an interval
// would be reckoned in decimals.
const entryDay = `CASE WHEN date_bin('1 day', p.entered, @origin) = p.entered - interval '23:59:59.999999'
				THEN p.entered ELSE date_bin('1 day', p.entered, @origin) END`

// apart is by what stays that touch the period, under the name p, are kept apart besides how they ended
// and how long they took. Between two edges that is nothing: every window has the whole stay or nothing
// of it. Over an edge it is how old the stay was there, which the day says in which it began.
func apart(p funnel.Period, args pgx.NamedArgs) string {
	if p.Edges == nil {
		return `date_bin('1 day', p.left_at, @origin), ` + entryDay
	}
	args["edges"] = daysBefore(p.To).edges(p.Edges)
	const entered, left = `width_bucket(p.entered, @edges::timestamptz[])`, `width_bucket(p.left_at, @edges::timestamptz[])`
	return left + `, CASE WHEN p.left_at IS NULL OR ` + entered + ` <> ` + left + ` THEN ` + entryDay + ` END`
}

// cells are groups of stays as the database counts them: a time that stands for the beginning of its stays and
// one for their end, how many days they took and how many they are.
type cells struct {
	entered, left []pgtype.Timestamptz
	lasted        []pgtype.Int4
	counts        []int64
}

// daysBefore counts days back from the end of a period. In the database a day that ends with the end
// itself begins a microsecond, its grain, after the end of the one before.
type daysBefore time.Time

const microsecondsADay = 24 * 60 * 60 * 1_000_000

// origin begins one of the days, long before there was anything to count.
func (d daysBefore) origin() time.Time {
	const years400 = 146_097
	return time.UnixMicro(time.Time(d).UnixMicro()+1).UTC().AddDate(0, 0, -years400)
}

// edges are the times that lie so many days before the end, the earliest first. What happened at such a time
// was before it.
func (d daysBefore) edges(days []int) []time.Time {
	edges := make([]time.Time, len(days))
	for i, n := range days {
		edges[i] = time.UnixMicro(time.Time(d).UnixMicro() + 1 - int64(n)*microsecondsADay)
	}
	slices.SortFunc(edges, time.Time.Compare)
	return edges
}

// count returns how many whole days before the end a time lies, rounded down, and whether it is exactly
// so many. It is -1 for a time after the end.
func (d daysBefore) count(at time.Time) (days int, sharp bool) {
	before := time.Time(d).UnixMicro() - at.UnixMicro()
	if before < 0 {
		return -1, false
	}
	return int(before / microsecondsADay), before%microsecondsADay == 0
}

// group is one of the cells with what it has in common with the others.
func (d daysBefore) group(g funnel.SpellGroup, c *cells, i int) funnel.SpellGroup {
	g.Spells, g.Stay, g.Left = int(c.counts[i]), int(c.lasted[i].Int32), -1
	g.Entered, g.Sharp = d.count(c.entered[i].Time)
	if c.left[i].Valid {
		g.Left, _ = d.count(c.left[i].Time)
	}
	if g.Left < 0 {
		// Or another process, whose clock is ahead, ended it after what is the present here.
		g.Stay, g.Exit, g.Destination = 0, funnel.Stayed, ""
	}
	return g
}

// spellArgs are the names that queries of stays may use.
func spellArgs(workspace funnel.ID, p funnel.Period) pgx.NamedArgs {
	args := reportArgs(workspace, p)
	args["origin"], args["only"] = daysBefore(p.To).origin(), p.Only
	return args
}
