package funnel_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel"
)

// firms remembers companies by name, as a store does.
type firms struct {
	people
	known map[string]funnel.Company
}

func (f firms) Company(c funnel.Company) funnel.Company {
	key := funnel.NameKey(c.Name)
	if _, ok := f.known[key]; !ok {
		f.known[key] = f.people.Company(c)
	}
	return f.known[key]
}

// dealRow is a row of a file of deals with anything in it.
func dealRow(t *rapid.T) funnel.ImportRow {
	word := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	at := func(label string) int { return rapid.IntRange(-2, 30).Draw(t, label) }
	d := &funnel.ImportedDeal{
		Company: funnel.Company{Name: word("company", "Anvil Works", "Spring Works", "")}, Title: word("title", "", "A", "B"),
		Owner: word("owner", "", "Anna", "Nobody", "Somebody"), Source: word("source", "", "site", "Fair"),
		Pain: word("pain", "", "p"), Amount: funnel.Money{Minor: rapid.Int64Range(-1, 3).Draw(t, "amount"), Currency: "USD"},
		Opened: morning.AddDate(0, 0, -at("opened")), Closed: morning.AddDate(0, 0, -at("closed")),
	}
	if word("closing", "", "x") != "" {
		d.Closing = funnel.DateOf(morning).AddDays(at("closing day"))
	}
	if word("custom", "", "x") != "" {
		d.Custom = map[string]string{"product": word("product", "G", "H")}
	}
	r := funnel.ImportRow{Line: 2, Kind: funnel.ImportDeal, Case: "X", Deal: d}
	switch word("stands", "lead", "proposal", "won", "lost") {
	case "won":
		r.Outcome = funnel.Won
	case "lost":
		r.Outcome = funnel.Lost
	case "proposal":
		r.Stage, d.Closed = "proposal", time.Time{}
		d.StageSince = morning.AddDate(0, 0, -at("since"))
	default:
		r.Stage, d.Closed = "lead", time.Time{}
	}
	return r
}

// Whatever a file says first and then: a row that is refused changes nothing, what is kept is kept
// and said, and what is taken over is taken over once.
func TestRowsOfKnownDealsAreTakenOverOnceOrNotAtAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		im, p := importer(t)
		names := firms{people: p, known: map[string]funnel.Company{}}
		first := im.Fold([]funnel.ImportRow{dealRow(t)}, nil, names)
		if first.After.Deal.Version == 0 {
			return
		}
		row := dealRow(t)
		row.Deal.Update = rapid.Bool().Draw(t, "update")

		second := im.Fold([]funnel.ImportRow{row}, names.recall(first), names)

		require.EqualValues(t, 1, second.Stored+second.Unchanged+second.Differs+int64(len(second.Rejected)))
		was, is := first.After.Deal, second.After.Deal
		if len(second.Rejected) > 0 {
			require.False(t, second.Changed())
			require.Empty(t, second.Notes)
			return
		}
		require.True(t, was.Outcome == funnel.Open || was.Outcome == is.Outcome, "no row alone turns one end into another")
		require.Equal(t, second.Differs > 0, !second.Changed() && len(second.Notes) > 0)
		if !row.Deal.Update {
			require.Equal(t, was.Title, is.Title)
			require.Equal(t, was.Company, is.Company)
			require.Equal(t, was.Owner, is.Owner)
			require.True(t, maps.Equal(was.Custom, is.Custom))
		}
		for _, n := range second.Notes {
			require.True(t, !row.Deal.Update || n.Column == "stage" || n.Column == "opened" || n.Column == "closed", n.Detail)
			require.NotRegexp(t, unreadable, n.Detail)
		}
		known := names.recall(second)
		maps.Copy(known.Moves, remembered(first).Moves)

		third := im.Fold([]funnel.ImportRow{row}, known, names)

		require.False(t, third.Changed(), "a second run changes nothing")
		require.Len(t, third.Notes, len(second.Notes))
		require.Empty(t, third.Rejected)
	})
}

// recall is what a store would give back, with the names that it has.
func (f firms) recall(i *funnel.Imported) *funnel.KnownDeal {
	k := remembered(i)
	for _, c := range f.known {
		if c.ID == i.After.Deal.Company {
			k.Company = c.Name
		}
	}
	if i.After.Deal.Owner == (funnel.ID{1}) {
		k.Owner = "Anna"
	}
	return k
}
