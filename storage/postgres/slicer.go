package postgres

import (
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"funnelbot/funnel"
)

// slicer groups the stays of one stage that touch a period whose end is the present by the traits of their
// deals. They are read as they are and put together here: every stay belongs to a group of each trait, and the
// database would have to compare the names of all.
type slicer struct {
	ends  []slicedEnds
	deals map[pgtype.UUID]slicedDeal
	// values numbers what traits are, and names has them by number.
	values map[slicedValue]int32
	names  []slicedValue
}

// slicedEnds are the stays that ended alike, with the reasons of those that were lost.
type slicedEnds struct {
	exit funnel.Exit
	cells
	deals   []pgtype.UUID
	reasons []pgtype.Text
}

// slicedDeal has the numbers of the traits of a deal, and a bit for each of the wanted roles that somebody in
// its committee has.
type slicedDeal struct {
	traits  [3]int32
	present uint64
}

// slicedValue is a value of a trait.
type slicedValue struct {
	trait funnel.Trait
	value string
}

// mostRoles is how many roles a stage may ask for: more are not looked for.
const mostRoles = 64

// dealsOfStage are the deals of the stays of a stage that touch the period, in the order in which deals are kept.
const dealsOfStage = `(
			SELECT DISTINCT p.deal_id FROM w CROSS JOIN LATERAL (
				SELECT p.deal_id FROM spells p WHERE ` + onWay + ` AND p.left_at > @from
				UNION ALL
				SELECT p.deal_id FROM spells p WHERE ` + onWay + ` AND p.left_at IS NULL
			) p WHERE w.stage = ANY(@only) ORDER BY p.deal_id
		) p`

// queueStays reads the stays. Two losses of one deal at the same instant can only be history with days for
// times; the later one stands.
func (s *slicer) queueStays(b *batch, args pgx.NamedArgs) {
	b.Queue(ways+`
		SELECT w.exit, p.entered, p.left_at, p.lasted, p.deals, p.reasons
		FROM w CROSS JOIN LATERAL (
			SELECT array_agg(p.entered) AS entered, array_agg(p.left_at) AS left_at, array_agg(p.lasted) AS lasted,
				array_agg(p.deal_id) AS deals, array_agg(CASE WHEN w.exit = 'lost' THEN (
					SELECT v.reason FROM moves v
					WHERE v.workspace_id = @workspace AND v.deal_id = p.deal_id AND v.kind = 'lost' AND v.effective_at = p.left_at
					ORDER BY v.seq DESC LIMIT 1
				) END) AS reasons
			FROM (
				SELECT p.entered, p.left_at, p.lasted, p.deal_id FROM spells p WHERE `+onWay+` AND p.left_at > @from
				UNION ALL
				SELECT p.entered, p.left_at, p.lasted, p.deal_id FROM spells p WHERE `+onWay+` AND p.left_at IS NULL
			) p
		) p
		WHERE w.stage = ANY(@only) AND p.deals IS NOT NULL
		ORDER BY w.exit, w.destination`, args).Query(func(r pgx.Rows) error {
		for r.Next() {
			var e slicedEnds
			if err := r.Scan(&e.exit, &e.entered, &e.left, &e.lasted, &e.deals, &e.reasons); err != nil {
				return err
			}
			s.ends = append(s.ends, e)
		}
		return r.Err()
	})
}

// queueDeals reads the traits of the deals, and which of the wanted roles are there.
func (s *slicer) queueDeals(b *batch, args pgx.NamedArgs) {
	s.deals, s.values = map[pgtype.UUID]slicedDeal{}, map[slicedValue]int32{}
	b.Queue(ways+`
		SELECT array_agg(d.id), array_agg(d.source), array_agg(`+segment+`), array_agg(coalesce(d.owner_id::text, ''))
		FROM `+dealsOfStage+itsDeal+itsCompany, args).
		QueryRow(func(r pgx.Row) error {
			var deals []pgtype.UUID
			var sources, segments, owners []string
			if err := r.Scan(&deals, &sources, &segments, &owners); err != nil {
				return err
			}
			for i, id := range deals {
				s.deals[id] = slicedDeal{traits: [...]int32{
					s.value(funnel.TraitSource, sources[i]), s.value(funnel.TraitSegment, segments[i]), s.value(funnel.TraitOwner, owners[i]),
				}}
			}
			return nil
		})
	b.Queue(ways+`
		SELECT array_agg(c.deal_id), array_agg(r.place)
		FROM `+dealsOfStage+` CROSS JOIN LATERAL (
			SELECT c.deal_id, c.roles FROM committee c WHERE c.workspace_id = @workspace AND c.deal_id = p.deal_id OFFSET 0
		) c
		JOIN unnest(@wanted::text[]) WITH ORDINALITY r (role, place) ON r.role = ANY(c.roles)`, args).
		QueryRow(func(r pgx.Row) error {
			var deals []pgtype.UUID
			var places []int64
			if err := r.Scan(&deals, &places); err != nil {
				return err
			}
			for i, id := range deals {
				d := s.deals[id]
				d.present |= 1 << (places[i] - 1)
				s.deals[id] = d
			}
			return nil
		})
}

// value numbers a value; none is -1.
func (s *slicer) value(trait funnel.Trait, value string) int32 {
	if value == "" {
		return -1
	}
	v := slicedValue{trait, value}
	at, known := s.values[v]
	if !known {
		at = int32(len(s.names)) //nolint:gosec // there are not so many people
		s.values[v], s.names = at, append(s.names, v)
	}
	return at
}

// slicedCell tells stays apart that are counted apart.
type slicedCell struct {
	exit                funnel.Exit
	stay, entered, left int
	sharp               bool
}

// lie makes stays alike that windows between edges, in days before the end, have in common: of those that
// began and ended between the same two nothing is told but how long they took, and of the others only between
// which they ended.
func (c *slicedCell) lie(edges []int) {
	if edges == nil || c.left < 0 {
		return
	}
	after := func(days int) int {
		at, _ := slices.BinarySearch(edges, days+1)
		return at
	}
	if c.left = after(c.left); c.left == after(c.entered) {
		c.entered, c.sharp = 0, false
	}
}

// groups puts the stays together.
func (s *slicer) groups(p funnel.Period, wanted []string) []funnel.SliceGroup {
	roles := make([]int32, len(wanted))
	for i, role := range wanted {
		roles[i] = s.value(funnel.TraitRole, role)
	}
	end, edges := daysBefore(p.To), slices.Sorted(slices.Values(p.Edges))
	places := map[slicedCell]int{}
	var cells []funnel.SpellGroup
	// How many stays of a value are in a cell.
	var counts [][]int
	for i := range s.ends {
		e := &s.ends[i]
		e.counts = make([]int64, len(e.deals))
		for j, id := range e.deals {
			x := end.group(funnel.SpellGroup{Exit: e.exit}, &e.cells, j)
			key := slicedCell{exit: x.Exit, stay: x.Stay, entered: x.Entered, left: x.Left, sharp: x.Sharp}
			key.lie(edges)
			at, known := places[key]
			if !known {
				at = len(cells)
				places[key], cells = at, append(cells, x)
			}
			count := func(value int32) {
				if value < 0 {
					return
				}
				counts = slices.Grow(counts, max(0, int(value)+1-len(counts)))[:max(len(counts), int(value)+1)]
				of := counts[value]
				counts[value] = slices.Grow(of, max(0, at+1-len(of)))[:max(len(of), at+1)]
				counts[value][at]++
			}
			d, known := s.deals[id]
			if !known {
				continue
			}
			for _, value := range d.traits {
				count(value)
			}
			count(s.value(funnel.TraitReason, e.reasons[j].String))
			for i, role := range roles {
				if d.present&(1<<i) == 0 {
					count(role)
				}
			}
		}
	}
	return s.told(cells, counts)
}

// told are the groups that there are any stays of.
func (s *slicer) told(cells []funnel.SpellGroup, counts [][]int) []funnel.SliceGroup {
	var groups []funnel.SliceGroup
	for value, of := range counts {
		for at, n := range of {
			if n == 0 {
				continue
			}
			x := &cells[at]
			groups = append(groups, funnel.SliceGroup{
				Trait: s.names[value].trait, Value: s.names[value].value,
				Entered: x.Entered, Sharp: x.Sharp, Left: x.Left, Stay: x.Stay, Exit: x.Exit, Spells: n,
			})
		}
	}
	return groups
}
