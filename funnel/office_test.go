package funnel_test

import (
	"bytes"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// morning is when the stories of these tests begin: a Monday.
var morning = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// The built-in funnels are read once: there are tests with thousands of offices.
var (
	newBusiness = sync.OnceValues(definition.Default)
	renewal     = sync.OnceValues(definition.Renewal)
)

// builtIn is the funnel of new business, of which a test may replace fields.
func builtIn(tb testing.TB) *funnel.Funnel {
	tb.Helper()
	plan, err := newBusiness()
	require.NoError(tb, err)
	mine := *plan
	return &mine
}

// renewing is the funnel of renewals.
func renewing(tb testing.TB) *funnel.Funnel {
	tb.Helper()
	plan, err := renewal()
	require.NoError(tb, err)
	mine := *plan
	return &mine
}

// office is a service over a ledger, with three people at work.
type office struct {
	*funnel.Service
	*ledger
	plan *funnel.Funnel
	// renewals is the funnel of renewals; there is none of expansions.
	renewals *funnel.Funnel
	now      time.Time
	gate     funnel.Gate
	ids      int
	event    int
	// anna is an admin, boris a rep, clara a manager.
	anna, boris, clara funnel.Member
}

func newOffice(tb testing.TB) *office {
	tb.Helper()
	plan, renewals := builtIn(tb), renewing(tb)
	o := &office{plan: plan, renewals: renewals, now: morning}
	o.ledger = &ledger{
		members: map[funnel.ID]funnel.Member{}, companies: map[funnel.ID]funnel.Company{},
		deals: map[funnel.ID]*file{}, keys: map[string]kept{}, circle: newCircle(),
		space: funnel.Workspace{
			ID: o.newID(), Name: "Sample works", Locale: funnel.English, Zone: "Europe/Berlin", Currency: "EUR",
			Calendar: funnel.OfficeHours(), Version: 1,
		},
	}
	o.anna = o.hire("Anna", funnel.Admin)
	o.boris = o.hire("Boris", funnel.Rep)
	o.clara = o.hire("Clara", funnel.Manager)
	o.Service = funnel.New(funnel.Config{
		Store: o.ledger, Clock: func() time.Time { return o.now }, IDs: o.newID,
		Funnels: func(k funnel.Kind) *funnel.Funnel {
			switch k {
			case funnel.NewBusiness:
				return plan
			case funnel.Renewal:
				return renewals
			case funnel.Expansion:
			}
			return nil
		},
		Gate: func(s funnel.DealState, from, to funnel.StageKey) []funnel.Unmet {
			if o.gate == nil {
				return nil
			}
			return o.gate(s, from, to)
		},
	})
	return o
}

func (o *office) newID() funnel.ID {
	o.ids++
	return funnel.ID{14: byte(o.ids >> 8), 15: byte(o.ids)}
}

func (o *office) hire(name string, role funnel.Role) funnel.Member {
	m := funnel.Member{Workspace: o.space.ID, ID: o.newID(), Name: name, Role: role, Locale: funnel.English, Active: true, Version: 1}
	o.members[m.ID] = m
	return m
}

// by is a command of a member, under a key of its own.
func (o *office) by(m funnel.Member) funnel.Act {
	o.event++
	return funnel.Act{Workspace: o.space.ID, Member: m.ID, Event: "event " + time.Duration(o.event).String(), Origin: funnel.FromChat}
}

// timer is timed work.
func (o *office) timer() funnel.Act {
	a := o.by(funnel.Member{})
	a.Origin = funnel.FromTimer
	return a
}

func (o *office) wait(d time.Duration) { o.now = o.now.Add(d) }

// opened is a deal of Anna's in the stage, ten days old.
func (o *office) opened(tb testing.TB, stage funnel.StageKey) funnel.Target {
	tb.Helper()
	r, err := o.Open(tb.Context(), o.by(o.anna), funnel.OpenDeal{
		Company: funnel.Company{Name: "Ромашка"}, Owner: o.anna.ID, Amount: funnel.Money{Minor: 120_000_00, Currency: "EUR"},
		At: o.now.AddDate(0, 0, -10),
	})
	require.NoError(tb, err)
	t := funnel.Target{Deal: r.Deal.ID}
	o.wait(time.Hour)
	switch {
	case stage == "lead":
		return t
	case o.plan.Index(stage) < o.plan.Index("lead"):
		_, err = o.Back(tb.Context(), o.by(o.anna), t, funnel.MoveBack{Stage: stage, Reason: "not talking"})
	case o.plan.Signed(stage):
		_, err = o.Win(tb.Context(), o.by(o.anna), t, funnel.Win{})
	default:
		_, err = o.Move(tb.Context(), o.by(o.anna), t, funnel.MoveTo{Stage: stage})
	}
	require.NoError(tb, err)
	o.wait(time.Hour)
	if stage == "retention" {
		_, err = o.Move(tb.Context(), o.by(o.anna), t, funnel.MoveTo{Stage: stage})
		require.NoError(tb, err)
		o.wait(time.Hour)
	}
	return t
}

// view is what a person sees of a deal, without numbers that only count.
type view struct {
	Deal       funnel.Deal
	Company    funnel.Company
	Stays      []stay
	Activities []funnel.Activity
	Contract   *funnel.Contract
	Chairs     []funnel.Chair
	People     []funnel.Contact
	Qualified  *funnel.Qualified
}

// stay is a spell without its number and the times of recording.
type stay struct {
	Stage       funnel.StageKey
	Entered     time.Time
	Left        time.Time
	Exit        funnel.Exit
	Destination funnel.StageKey
	Amount      funnel.Money
}

func stayOf(p funnel.Spell) stay {
	return stay{p.Stage, p.Entered, p.Left, p.Exit, p.Destination, p.Amount}
}

func (o *office) view(id funnel.ID) view {
	f := o.deals[id]
	v := view{Deal: f.deal, Company: o.companies[f.deal.Company]}
	v.Deal.Version, v.Deal.Moves, v.Deal.Spells = 0, 0, 0
	v.Deal.Custom = maps.Clone(f.deal.Custom)
	if f.deal.Signing != nil {
		signing := *f.deal.Signing
		signing.Spell = 0
		v.Deal.Signing = &signing
	}
	for _, p := range f.spells {
		if p.VoidedAt.IsZero() {
			v.Stays = append(v.Stays, stayOf(p))
		}
	}
	for _, a := range f.activities {
		if a.VoidedAt.IsZero() {
			v.Activities = append(v.Activities, a)
		}
	}
	if c := f.contract(); c != nil {
		contract := *c
		v.Contract = &contract
	}
	v.Qualified = f.last()
	v.Chairs, v.People = append([]funnel.Chair(nil), f.chairs...), o.staff(f.deal.Company)
	slices.SortFunc(v.Chairs, func(a, b funnel.Chair) int { return bytes.Compare(a.Contact[:], b.Contact[:]) })
	return v
}
