package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// CountSpells implements [funnel.Spells].
func (s *Store) CountSpells(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.SpellTable, error) {
	t := funnel.SpellTable{To: p.To}
	days := daysBefore(p.To)
	err := s.report(ctx, func(b *batch) {
		b.Queue(`
			SELECT p.stage, `+inDays+`, p.destination, count(*)
			FROM (`+touching(p, `p.stage`)+`) p
			GROUP BY 1, 2, 3, 4, 5, 6, 7`, spellArgs(workspace, p)).
			Query(func(r pgx.Rows) error {
				for r.Next() {
					var g funnel.SpellGroup
					var c cell
					if err := r.Scan(&g.Stage, &c.entered, &c.sharp, &c.left, &c.stay, &c.exit, &g.Destination, &g.Spells); err != nil {
						return err
					}
					g.Entered, g.Sharp, g.Left, g.Stay, g.Exit = days.of(&c)
					if g.Left < 0 {
						g.Destination = ""
					}
					t.Groups = append(t.Groups, g)
				}
				return r.Err()
			})
	})
	if err != nil {
		return t, fmt.Errorf("count stays as of %s: %w", p.To, err)
	}
	return t, nil
}

// touching selects the stays that touch the period, with what was known of their ends. Its columns are
// entered, left_at, lasted, exit and destination, and what more is asked for of the spell under the name p.
func touching(p funnel.Period, more string) string {
	if p.Live {
		// Nothing was recorded after the end, so the index on the ends has it all.
		const live = ` FROM spells p WHERE p.workspace_id = @workspace AND p.kind = @kind AND p.voided_at IS NULL AND p.entered <= @to AND `
		columns := `SELECT p.entered, p.left_at, p.lasted, p.exit, p.destination, ` + more
		return columns + live + `p.left_at > @from UNION ALL ` + columns + live + `p.left_at IS NULL`
	}
	// Where history was imported after something that was typed late, several stays may seem to go on:
	// all but the last have ended, nobody knew when.
	return `SELECT p.entered, k.left_at, CASE WHEN k.left_at IS NOT NULL THEN p.lasted END AS lasted,
			CASE WHEN k.left_at IS NOT NULL THEN p.exit ELSE '' END AS exit,
			CASE WHEN k.left_at IS NOT NULL THEN p.destination ELSE '' END AS destination, ` + more + `
		FROM spells p
		CROSS JOIN LATERAL (
			SELECT CASE WHEN p.left_at <= @to AND p.left_recorded_at <= @to THEN p.left_at END AS left_at
		) k
		WHERE ` + seen + ` AND p.kind = @kind AND CASE WHEN k.left_at IS NOT NULL THEN k.left_at > @from
			ELSE NOT EXISTS (SELECT 1 FROM spells q WHERE ` + ofDeal + ` AND q.seq > p.seq) END`
}

// inDays counts the times of a stay that touches the period, under the name p, in whole days before its
// end. Binning is whole numbers all through; the parts of an interval would be reckoned in decimals.
const inDays = `date_bin('1 day', p.entered, @origin) AS entered_bin,
			date_bin('1 day', p.entered, @origin) = p.entered - interval '23:59:59.999999' AS sharp,
			date_bin('1 day', p.left_at, @origin) AS left_bin, coalesce(p.lasted, 0) AS stay, p.exit`

// cell is a stay as the database counts it.
type cell struct {
	// entered and left begin the days in which it began and ended; left is zero if it had not.
	entered, left time.Time
	sharp         bool
	stay          int
	exit          funnel.Exit
}

// daysBefore counts days back from the end of a period. A day that ends with the end itself begins a
// microsecond, the grain of the database, after the end of the one before.
type daysBefore time.Time

const microsecondsADay = 24 * 60 * 60 * 1_000_000

// origin begins one of the days, long before there was anything to count.
func (d daysBefore) origin() time.Time {
	const years400 = 146_097
	return time.UnixMicro(time.Time(d).UnixMicro()+1).UTC().AddDate(0, 0, -years400)
}

// count returns how many whole days before the end a time lies that is in the day that begins there;
// it is negative for a time after the end.
func (d daysBefore) count(begins time.Time) int {
	return int((time.Time(d).UnixMicro()+1-begins.UnixMicro())/microsecondsADay) - 1
}

func (d daysBefore) of(c *cell) (entered int, sharp bool, left, stay int, exit funnel.Exit) {
	entered, sharp, left = d.count(c.entered), c.sharp, -1
	if !c.left.IsZero() {
		left = d.count(c.left)
	}
	if left < 0 {
		// Another process, whose clock is ahead, ended it after what is the present here.
		return entered, sharp, -1, 0, funnel.Stayed
	}
	return entered, sharp, left, c.stay, c.exit
}

// spellArgs are the names that queries of stays may use.
func spellArgs(workspace funnel.ID, p funnel.Period) pgx.NamedArgs {
	args := reportArgs(workspace, p)
	args["origin"] = daysBefore(p.To).origin()
	return args
}
