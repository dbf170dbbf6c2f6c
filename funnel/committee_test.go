package funnel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// seated gives a new person of the client a place, by Anna.
func (o *office) seated(tb testing.TB, t funnel.Target, name string, roles ...string) funnel.ID {
	tb.Helper()
	r, err := o.Seat(tb.Context(), o.by(o.anna), t, funnel.SeatPerson{New: &funnel.Contact{Name: name}, Roles: roles})
	require.NoError(tb, err)
	o.wait(time.Minute)
	return r.Person.Contact
}

// committeeOf reads the committee as a card does.
func (o *office) committeeOf(tb testing.TB, t funnel.Target) []funnel.ChairView {
	tb.Helper()
	d, err := o.Read().Deal(tb.Context(), o.space.ID, t.Deal, 0)
	require.NoError(tb, err)
	return o.plan.Seating(d.Committee)
}

// named lists people by their names.
func named(chairs []funnel.ChairView) []string {
	names := []string{}
	for _, v := range chairs {
		names = append(names, v.Person.Name)
	}
	return names
}

func TestAPersonIsSeatedWithEverythingThatIsSaid(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	on := funnel.DateOf(o.now).AddDays(3)

	r, err := o.Seat(t.Context(), o.by(o.boris), deal, funnel.SeatPerson{
		New: &funnel.Contact{Name: "  Ольга   Образцова "}, Phone: new(" +49 170 0000000 "), Email: new("olga@client.example"),
		Position: new("CFO"), Roles: []string{"finance", "user"}, Stance: new(funnel.Supporter), Initiator: new(true),
		NextWhat: new("send the calculation"), NextOn: &on,
	})

	require.NoError(t, err)
	require.Equal(t, funnel.VerbPeople, r.Verb)
	require.Equal(t, r.Was.Version+1, r.Deal.Version)
	v := *r.Person
	require.Equal(t, "Ольга Образцова", v.Person.Name)
	require.Equal(t, "+49 170 0000000", v.Person.Phone)
	require.Equal(t, "olga@client.example", v.Person.Email)
	require.Equal(t, "CFO", v.Person.Position)
	require.Equal(t, r.Deal.Company, v.Person.Company)
	require.Equal(t, o.space.ID, v.Person.Workspace)
	require.Equal(t, funnel.Chair{
		Contact: v.Person.ID, Roles: []string{"user", "finance"}, Stance: funnel.Supporter, Initiator: true,
		NextWhat: "send the calculation", NextOn: on, Since: o.now,
	}, v.Chair, "roles come in the order of the funnel")
	require.Equal(t, []funnel.ChairView{v}, r.Chairs)
	require.Equal(t, []funnel.ChairView{v}, o.committeeOf(t, deal), "what is answered is not what is stored")
}

func TestASecondTimeTheSamePersonIsMeant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Пётр Образцов", "user")

	r, err := o.Seat(t.Context(), o.by(o.boris), deal, funnel.SeatPerson{
		New: &funnel.Contact{Name: "петр  ОБРАЗЦОВ", Phone: "123"}, Roles: []string{"legal"}, NotRoles: []string{"user"},
	})

	require.NoError(t, err)
	require.Equal(t, who, r.Person.Contact)
	require.Equal(t, []string{"legal"}, r.Person.Roles)
	require.Equal(t, "Пётр Образцов", r.Person.Person.Name)
	require.Equal(t, "123", r.Person.Person.Phone)
	require.Len(t, r.Chairs, 1)
}

func TestAPersonOfAnotherDealIsKnownWithWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, second := o.opened(t, "proposal"), o.opened(t, "proposal")
	who := o.seated(t, first, "Olga Sample", "user")

	r, err := o.Seat(t.Context(), o.by(o.anna), second, funnel.SeatPerson{Contact: who, Phone: new("555 0100"), Roles: []string{"finance"}})

	require.NoError(t, err)
	require.Equal(t, []string{"finance"}, r.Person.Roles)
	there := o.committeeOf(t, first)
	require.Equal(t, []string{"user"}, there[0].Roles, "roles are those of one deal")
	require.Equal(t, "555 0100", there[0].Person.Phone, "a number is the person's")
}

func TestOnePersonBeganItAll(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	olga, pavel := o.seated(t, deal, "Olga Sample", "user"), o.seated(t, deal, "Pavel Sample", "finance")
	mark := func(who funnel.ID, yes bool) {
		_, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{Contact: who, Initiator: &yes})
		require.NoError(t, err)
		o.wait(time.Minute)
	}
	began := func() []string {
		names := []string{}
		for _, v := range o.committeeOf(t, deal) {
			if v.Initiator {
				names = append(names, v.Person.Name)
			}
		}
		return names
	}

	mark(olga, true)
	mark(pavel, true)
	require.Equal(t, []string{"Pavel Sample"}, began())

	_, err := o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"Olga Sample"}, began(), "undo gives the mark back")
	mark(olga, false)
	require.Empty(t, began())
}

func TestUndoOfAPersonTakesBackAllOfIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Olga Sample", "user")
	before := o.committeeOf(t, deal)
	on := funnel.DateOf(o.now).AddDays(1)
	_, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{
		Contact: who, Phone: new("555 0100"), Email: new("olga@client.example"), Position: new("CFO"), Roles: []string{"legal"},
		NotRoles: []string{"user"}, Stance: new(funnel.Blocker), Initiator: new(true), NextWhat: new("call"), NextOn: &on,
	})
	require.NoError(t, err)
	require.NotEqual(t, before, o.committeeOf(t, deal))
	o.wait(time.Minute)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)

	require.NoError(t, err)
	require.Equal(t, before, o.committeeOf(t, deal))

	// One step further: nobody knows the person any more.
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.Empty(t, o.committeeOf(t, deal))
	require.Empty(t, o.circle.people)
}

func TestUndoOfAPersonLeavesWhatOthersHaveSaidMeanwhile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, second := o.opened(t, "proposal"), o.opened(t, "proposal")
	who := o.seated(t, first, "Olga Sample", "user")
	_, err := o.Seat(t.Context(), o.by(o.anna), first, funnel.SeatPerson{Contact: who, Phone: new("555 0100")})
	require.NoError(t, err)
	_, err = o.Seat(t.Context(), o.by(o.boris), second, funnel.SeatPerson{Contact: who, Email: new("olga@client.example")})
	require.NoError(t, err)
	o.wait(time.Minute)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)

	require.NoError(t, err)
	require.Empty(t, o.circle.people[who].Phone)
	require.Equal(t, "olga@client.example", o.circle.people[who].Email)

	// The first mention is taken back where she has a place by now, with an address by now.
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.Empty(t, o.committeeOf(t, first))
	require.Equal(t, []string{"Olga Sample"}, named(o.committeeOf(t, second)))

	// What somebody else has said of the same is not taken back.
	_, err = o.Seat(t.Context(), o.by(o.anna), first, funnel.SeatPerson{Contact: who, Phone: new("555 0100")})
	require.NoError(t, err)
	_, err = o.Seat(t.Context(), o.by(o.boris), second, funnel.SeatPerson{Contact: who, Phone: new("555 0199")})
	require.NoError(t, err)
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.Equal(t, funnel.CodeUndoOvertaken, funnel.CodeOf(err))
	require.Equal(t, "555 0199", o.circle.people[who].Phone)
}

func TestWhoLeavesTheCommitteeStaysAtTheCompany(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	olga := o.seated(t, deal, "Olga Sample", "user", "finance")
	o.seated(t, deal, "Pavel Sample", "legal")
	before := o.committeeOf(t, deal)

	r, err := o.Unseat(t.Context(), o.by(o.anna), deal, funnel.UnseatPerson{Contact: olga})

	require.NoError(t, err)
	require.Equal(t, []string{"user", "finance"}, r.Person.Roles, "the answer says what she was")
	require.Equal(t, []string{"Pavel Sample"}, named(r.Chairs))
	require.Contains(t, o.circle.people, olga)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.ElementsMatch(t, before, o.committeeOf(t, deal))
}

func TestWhatIsSoAlreadyIsNoChangeOfTheCommittee(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Olga Sample", "user")
	apart := o.seated(t, deal, "Pavel Sample")
	_, err := o.Unseat(t.Context(), o.by(o.anna), deal, funnel.UnseatPerson{Contact: apart})
	require.NoError(t, err)
	changes, version := len(o.changes), o.deals[deal.Deal].deal.Version

	again, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{
		Contact: who, Roles: []string{"user", "user"}, NotRoles: []string{"legal"}, Stance: new(funnel.Stance), Initiator: new(false), NextWhat: new(" "),
	})
	require.NoError(t, err)
	require.Equal(t, "Olga Sample", again.Person.Person.Name, "she is shown all the same")
	_, err = o.Unseat(t.Context(), o.by(o.anna), deal, funnel.UnseatPerson{Contact: apart})
	require.NoError(t, err)

	require.Len(t, o.changes, changes)
	require.Equal(t, version, o.deals[deal.Deal].deal.Version)
}

func TestWhatNoChairCanHoldIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Olga Sample", "user")
	other, err := o.Open(t.Context(), o.by(o.anna), funnel.OpenDeal{Company: funnel.Company{Name: "Elsewhere"}, Owner: o.anna.ID})
	require.NoError(t, err)
	stranger := o.seated(t, funnel.Target{Deal: other.Deal.ID}, "Stranger", "user")
	yesterday, never := funnel.DateOf(o.now).AddDays(-1), funnel.Date{Year: 2027, Month: 2, Day: 30}
	long := strings.Repeat("x", funnel.MaxText+1)
	changes := len(o.changes)
	for _, c := range []struct {
		name string
		in   funnel.SeatPerson
		code funnel.Code
	}{
		{"nobody", funnel.SeatPerson{}, funnel.CodeNoContact},
		{"somebody of another company", funnel.SeatPerson{Contact: stranger}, funnel.CodeNoContact},
		{"no name", funnel.SeatPerson{New: &funnel.Contact{Name: " \u00a0"}}, funnel.CodeEmpty},
		{"a name of signs", funnel.SeatPerson{New: &funnel.Contact{Name: "+49 170"}}, funnel.CodeEmpty},
		{"a long name", funnel.SeatPerson{New: &funnel.Contact{Name: long}}, funnel.CodeTooLong},
		{"a name of two lines", funnel.SeatPerson{New: &funnel.Contact{Name: "Olga\nSample"}}, funnel.CodeBadValue},
		{"a name that is no text", funnel.SeatPerson{New: &funnel.Contact{Name: "Olga\xff"}}, funnel.CodeBadValue},
		{"a role of nobody", funnel.SeatPerson{Contact: who, Roles: []string{"king"}}, funnel.CodeUnknownRole},
		{"a role of nobody taken away", funnel.SeatPerson{Contact: who, NotRoles: []string{"king"}}, funnel.CodeUnknownRole},
		{"a stance of nobody", funnel.SeatPerson{Contact: who, Stance: new(funnel.Stance("lover"))}, funnel.CodeBadValue},
		{"a number without digits", funnel.SeatPerson{Contact: who, Phone: new("call her")}, funnel.CodeBadValue},
		{"an address without a place", funnel.SeatPerson{Contact: who, Email: new("olga@")}, funnel.CodeBadValue},
		{"an address of two words", funnel.SeatPerson{Contact: who, Email: new("olga @client.example")}, funnel.CodeBadValue},
		{"an escape", funnel.SeatPerson{Contact: who, Position: new("\x1b[2J")}, funnel.CodeBadValue},
		{"a long step", funnel.SeatPerson{Contact: who, NextWhat: &long}, funnel.CodeTooLong},
		{"a step of yesterday", funnel.SeatPerson{Contact: who, NextOn: &yesterday}, funnel.CodeInPast},
		{"a day that never comes", funnel.SeatPerson{Contact: who, NextOn: &never}, funnel.CodeBadValue},
	} {
		_, err := o.Seat(t.Context(), o.by(o.anna), deal, c.in)
		require.Equal(t, c.code, funnel.CodeOf(err), c.name)
	}
	_, err = o.Unseat(t.Context(), o.by(o.anna), deal, funnel.UnseatPerson{Contact: stranger})
	require.Equal(t, funnel.CodeNoContact, funnel.CodeOf(err))
	require.Len(t, o.changes, changes)
	require.Len(t, o.committeeOf(t, deal), 1)
}

func TestARoleThatTheFunnelNoLongerHasCanBeKeptAndTakenAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Olga Sample", "user", "security")
	o.plan.Roles = o.plan.Roles[:2]

	r, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{Contact: who, Roles: []string{"decision_maker"}})
	require.NoError(t, err)
	require.Equal(t, []string{"user", "decision_maker", "security"}, r.Person.Roles)
	r, err = o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{Contact: who, NotRoles: []string{"security"}})
	require.NoError(t, err)
	require.Equal(t, []string{"user", "decision_maker"}, r.Person.Roles)
}

func TestWhatIsLoggedTouchesThePeopleItNames(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	olga, pavel := o.seated(t, deal, "Ольга Образцова", "user"), o.seated(t, deal, "Павел Кравец", "finance")
	at := o.now.Add(-time.Hour)

	r, err := o.Log(t.Context(), o.by(o.anna), deal, funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Call, Text: "с Образцовой, просит КП", At: at}})
	require.NoError(t, err)
	require.Equal(t, []funnel.ID{olga}, r.Activities[0].People)
	_, err = o.Next(t.Context(), o.by(o.anna), deal, funnel.SetNext{What: "позвонить Павлу", On: funnel.DateOf(o.now)})
	require.NoError(t, err)
	done, err := o.Done(t.Context(), o.by(o.anna), deal, funnel.FinishNext{Note: "Ольга тоже была"}, funnel.SetNext{})
	require.NoError(t, err)
	require.Equal(t, []funnel.ID{pavel, olga}, done.Activities[0].People)
	touched := func() map[string]time.Time {
		all := map[string]time.Time{}
		for _, v := range o.committeeOf(t, deal) {
			all[v.Person.Name] = v.LastTouch
		}
		return all
	}
	require.Equal(t, map[string]time.Time{"Ольга Образцова": o.now, "Павел Кравец": o.now}, touched())

	// What is taken back has touched nobody.
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.Equal(t, map[string]time.Time{"Ольга Образцова": at, "Павел Кравец": {}}, touched())
}

func TestACommitteeIsCoveredAsFarAsTheStageWants(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	zone, err := time.LoadLocation("Asia/Vladivostok")
	require.NoError(t, err)
	o.plan.SilentAfter = 14
	chair := func(name string, since, touch time.Time, roles ...string) funnel.ChairView {
		id := o.newID()
		return funnel.ChairView{
			Chair: funnel.Chair{Contact: id, Roles: roles, Since: since}, Person: funnel.Contact{ID: id, Name: name}, LastTouch: touch,
		}
	}
	// 09:00 UTC on the 23rd is the evening of the same day in Vladivostok; 15:00 UTC is the next day there.
	now := morning
	fresh := chair("Zoya", now.AddDate(0, 0, -90), now.AddDate(0, 0, -14), "finance")
	lateHour := chair("Alla", now.AddDate(0, 0, -90), time.Date(2026, time.November, 8, 15, 0, 0, 0, time.UTC), "user")
	never := chair("Boris", now.AddDate(0, 0, -40), time.Time{}, "legal", "user")
	silent := chair("Clara", now.AddDate(0, 0, -1), now.AddDate(0, 0, -20))
	forgotten := chair("", now.AddDate(0, 0, -90), time.Time{}, "decision_maker")
	forgotten.Person.ForgottenAt = now

	c := o.plan.Cover("negotiation", []funnel.ChairView{fresh, silent, never, forgotten, lateHour}, now, zone)

	require.Equal(t, []string{"Alla", "Boris", "Zoya", "Clara"}, named(c.Known), "by the roles of the funnel, then by name, those without one last")
	require.Equal(t, []string{"decision_maker", "principal"}, c.Missing, "who was forgotten is not known")
	require.Equal(t, []funnel.Silence{{Chair: never, Days: 40}, {Chair: silent, Days: 20}}, c.Silent)
	inUTC := o.plan.Cover("negotiation", []funnel.ChairView{lateHour}, now, time.UTC)
	require.Equal(t, []funnel.Silence{{Chair: lateHour, Days: 15}}, inUTC.Silent, "it was a day earlier in Greenwich")

	require.Empty(t, o.plan.Cover("lead", nil, now, zone))
	require.Equal(t, []string{"user", "decision_maker"}, o.plan.Cover("qualification", nil, now, zone).Missing)
	o.plan.SilentAfter = 0
	require.Empty(t, o.plan.Cover("negotiation", []funnel.ChairView{never}, now, zone).Silent)
}
