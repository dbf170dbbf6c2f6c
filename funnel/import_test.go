package funnel_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// people knows one member and makes every company.
type people struct{ ids funnel.IDs }

func (p people) Company(c funnel.Company) funnel.Company {
	c.ID = p.ids()
	return c
}

func (p people) Member(name string) funnel.Member {
	if name != "Anna" {
		return funnel.Member{}
	}
	return funnel.Member{ID: funnel.ID{1}, Name: name, Role: funnel.Manager}
}

// importer is an import as of the morning, with identifiers that count up.
func importer(tb require.TestingT) (*funnel.Import, people) {
	def, err := definition.Default()
	require.NoError(tb, err)
	n := byte(0)
	ids := func() funnel.ID {
		n++
		return funnel.ID{9, n}
	}
	return funnel.NewImport(funnel.ImportConfig{
		Workspace: funnel.Workspace{ID: funnel.ID{7}, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours()},
		Funnels:   func(funnel.Kind) *funnel.Funnel { return def }, Clock: func() time.Time { return morning }, IDs: ids,
	}), people{ids}
}

// row is a change of stage n days before the morning.
func row(line int64, daysAgo int, stage string) funnel.ImportRow {
	r := funnel.ImportRow{
		Line: line, Kind: funnel.ImportMove, Case: "X", Said: stage, At: morning.AddDate(0, 0, -daysAgo),
		Deal: &funnel.ImportedDeal{Company: funnel.Company{Name: "Sample Works"}},
	}
	switch stage {
	case "won":
		r.Outcome = funnel.Won
	case "lost":
		r.Outcome = funnel.Lost
	default:
		r.Stage = funnel.StageKey(stage)
	}
	return r
}

func kinds(i *funnel.Imported) []string {
	out := make([]string, len(i.Moves))
	for n, m := range i.Moves {
		out[n] = fmt.Sprintf("%s %s", m.Kind, m.To)
	}
	return out
}

func TestHistoriesBecomeMoves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ stages, want []string }{
		"forward and back":           {[]string{"lead", "proposal", "lead"}, []string{"open lead", "advance proposal", "back lead"}},
		"said twice":                 {[]string{"lead", "lead", "proposal", "proposal"}, []string{"open lead", "advance proposal"}},
		"lost and taken up":          {[]string{"proposal", "lost", "lead"}, []string{"open proposal", "lost proposal", "reopen lead"}},
		"lost and won after all":     {[]string{"proposal", "lost", "won"}, []string{"open proposal", "lost proposal", "reopen proposal", "won launch"}},
		"begins with its end":        {[]string{"lost"}, []string{"open lead", "lost lead"}},
		"a signature that is none":   {[]string{"proposal", "won", "proposal"}, []string{"open proposal", "won launch", "reopen proposal"}},
		"a signature, then further":  {[]string{"proposal", "won", "negotiation"}, []string{"open proposal", "won launch", "reopen proposal", "advance negotiation"}},
		"a signature, then lost":     {[]string{"proposal", "won", "lost"}, []string{"open proposal", "won launch", "reopen proposal", "lost proposal"}},
		"stages behind a signature":  {[]string{"lead", "launch", "retention", "won"}, []string{"open lead", "won launch"}},
		"won again":                  {[]string{"lead", "won", "lead", "won"}, []string{"open lead", "won launch", "reopen lead", "won launch"}},
		"lost twice for two reasons": {[]string{"lead", "lost", "lost"}, []string{"open lead", "lost lead"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			im, names := importer(t)
			var rows []funnel.ImportRow
			for i, s := range c.stages {
				rows = append(rows, row(int64(i+2), 100-i, s))
			}

			got := im.Fold(rows, nil, names)

			require.Empty(t, got.Rejected)
			require.Equal(t, c.want, kinds(got))
			for _, m := range got.Moves {
				require.Equal(t, funnel.FromImport, m.Origin)
				require.Equal(t, m.EffectiveAt, m.RecordedAt)
			}
		})
	}
}

func TestContractsOfSignaturesThatDidNotLastAreVoided(t *testing.T) {
	t.Parallel()
	im, names := importer(t)

	got := im.Fold([]funnel.ImportRow{row(1, 9, "lead"), row(2, 8, "won"), row(3, 7, "lead"), row(4, 6, "won")}, nil, names)

	require.Len(t, got.Contracts, 2)
	require.Equal(t, morning.AddDate(0, 0, -7), got.Contracts[0].VoidedAt)
	require.True(t, got.Contracts[1].VoidedAt.IsZero())
	var standing []funnel.StageKey
	for _, p := range got.Spells {
		if p.VoidedAt.IsZero() {
			standing = append(standing, p.Stage)
		}
	}
	require.Equal(t, []funnel.StageKey{"lead"}, standing, "one stay from the beginning to the signature that lasted")
}

// Whatever the rows are: each is accounted for once, order holds, and the same rows again change
// nothing, also after rows that came later were added.
func TestEveryHistoryIsAccountedForAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		im, names := importer(t)
		stages := []string{"awareness", "lead", "qualification", "proposal", "negotiation", "launch", "retention", "won", "lost"}
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) funnel.ImportRow {
			r := row(0, rapid.IntRange(-3, 20).Draw(t, "days ago"), rapid.SampledFrom(stages).Draw(t, "stage"))
			r.Key = rapid.SampledFrom([]string{"", "", "", "k1", "k2"}).Draw(t, "key")
			r.Actor = rapid.SampledFrom([]string{"", "Anna", "Nobody"}).Draw(t, "actor")
			r.Amount.Minor = rapid.Int64Range(-1, 3).Draw(t, "amount")
			if r.Amount.Minor != 0 {
				r.Amount.Currency = "USD"
			}
			if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
				r.Kind, r.Activity, r.Stage, r.Outcome = funnel.ImportActivity, funnel.Call, "", ""
			}
			return r
		}), 1, 12).Draw(t, "rows")
		for i := range rows {
			rows[i].Line = int64(i + 1)
		}
		slices.SortStableFunc(rows, func(a, b funnel.ImportRow) int {
			if a.Kind != b.Kind {
				return map[funnel.ImportKind]int{funnel.ImportMove: 1, funnel.ImportActivity: 2}[a.Kind] -
					map[funnel.ImportKind]int{funnel.ImportMove: 1, funnel.ImportActivity: 2}[b.Kind]
			}
			return a.At.Compare(b.At)
		})

		first := im.Fold(rows, nil, names)

		check(t, first, len(rows))
		if first.After.Deal.Version == 0 {
			return
		}
		second := im.Fold(rows, remembered(first), names)
		check(t, second, len(rows))
		require.False(t, second.Changed())
		require.Equal(t, first.Stored, second.Unchanged)
		require.Equal(t, first.Folded, second.Folded)
		require.Len(t, second.Rejected, len(first.Rejected))
	})
}

// check holds what must be true of every result.
func check(t *rapid.T, got *funnel.Imported, rows int) {
	require.EqualValues(t, rows, got.Stored+got.Folded+got.Unchanged+int64(len(got.Rejected)))
	for _, r := range got.Rejected {
		require.NotRegexp(t, unreadable, r.Detail)
	}
	deal := got.After.Deal
	require.Equal(t, len(got.Moves)+got.Before.Deal.Moves, deal.Moves)
	require.Equal(t, len(got.Spells)+got.Before.Deal.Spells, deal.Spells)
	open := 0
	for i, m := range got.Moves {
		require.False(t, m.EffectiveAt.After(morning))
		require.True(t, i == 0 || !m.EffectiveAt.Before(got.Moves[i-1].EffectiveAt))
	}
	for _, p := range got.Spells {
		if p.Left.IsZero() && p.VoidedAt.IsZero() {
			open++
			require.Equal(t, deal.Stage, p.Stage)
		}
		require.True(t, p.Left.IsZero() || !p.Left.Before(p.Entered))
	}
	if got.IsNew() {
		require.Equal(t, deal.Outcome == funnel.Open, open == 1)
		live := 0
		for _, c := range got.Contracts {
			if c.VoidedAt.IsZero() {
				live++
			}
		}
		require.Equal(t, deal.Outcome == funnel.Won, live == 1)
		require.LessOrEqual(t, live, 1)
	}
}

// remembered is what a store would give back of a deal.
func remembered(i *funnel.Imported) *funnel.KnownDeal {
	k := &funnel.KnownDeal{State: i.After, Moves: map[string]bool{}, Activities: map[string]bool{}}
	for n := range i.Moves {
		k.Moves[i.Moves[n].Key()] = true
	}
	for n := range i.Activities {
		k.Activities[i.Activities[n].Key()] = true
	}
	return k
}
