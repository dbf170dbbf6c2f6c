package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// seat puts somebody new into the committee.
func (w *world) seat(tb testing.TB, event string, deal funnel.ID, name string, roles ...string) funnel.ChairView {
	tb.Helper()
	r, err := w.service.Seat(tb.Context(), w.act(event), funnel.Target{Deal: deal}, funnel.SeatPerson{
		New: &funnel.Contact{Name: name}, Roles: roles,
	})
	require.NoError(tb, err)
	require.NotNil(tb, r.Person)
	return *r.Person
}

func (w *world) card(tb testing.TB, deal funnel.ID) *funnel.DealView {
	tb.Helper()
	v, err := w.store.Deal(tb.Context(), w.space.ID, deal, 0)
	require.NoError(tb, err)
	require.NotNil(tb, v)
	return v
}

func TestAPlaceInACommitteeIsReadBackAsItWasGiven(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	in := funnel.SeatPerson{
		New: &funnel.Contact{Name: `Пётр "Питер" Образцов`}, Phone: new("+7 (900) 000-00-00"), Email: new("p@client.example"), Position: new("<CFO> & Co"),
		Roles: []string{"finance", "decision_maker"}, Stance: new(funnel.Supporter), Initiator: new(true),
		NextWhat: new("показать расчёт 👍"), NextOn: &funnel.Date{Year: 2028, Month: 2, Day: 29},
	}
	seated, err := w.service.Seat(t.Context(), w.act("seat"), funnel.Target{Deal: deal.ID}, in)
	require.NoError(t, err)
	replayed, err := w.service.Seat(t.Context(), w.act("seat"), funnel.Target{Deal: deal.ID}, in)
	require.NoError(t, err)
	require.Equal(t, seated, replayed)

	require.Equal(t, []funnel.ChairView{*seated.Person}, w.card(t, deal.ID).Committee)
	firm, err := w.store.Company(t.Context(), w.space.ID, deal.Company)
	require.NoError(t, err)
	require.Equal(t, []funnel.Contact{seated.Person.Person}, firm.Contacts)

	w.advance(time.Minute)
	_, err = w.service.Seat(t.Context(), w.act("change"), funnel.Target{Deal: deal.ID}, funnel.SeatPerson{
		Contact: seated.Person.Contact, NotRoles: []string{"finance"}, Stance: new(funnel.Blocker), Phone: new(""),
	})
	require.NoError(t, err)
	now := w.card(t, deal.ID).Committee[0]
	require.Equal(t, []string{"decision_maker"}, now.Roles)
	require.Equal(t, funnel.Blocker, now.Stance)
	require.Empty(t, now.Person.Phone)

	for range 2 {
		w.advance(time.Minute)
		_, err = w.service.Undo(t.Context(), w.act(fmt.Sprint("undo ", w.now())), 0, 0)
		require.NoError(t, err)
		if c := w.card(t, deal.ID).Committee; len(c) > 0 {
			require.Equal(t, *seated.Person, c[0], "taking back the change brings back what was")
		}
	}
	require.Empty(t, w.card(t, deal.ID).Committee)
	require.Zero(t, w.count(t, "contacts"), "whose first mention is taken back is not known any more")
}

func TestWhoeverHasAPlaceElsewhereStaysWhenTheFirstMentionIsTakenBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	opened, err := w.service.Open(t.Context(), w.act("second"), funnel.OpenDeal{Company: funnel.Company{Name: "Ромашка"}, Title: "second"})
	require.NoError(t, err)
	other := opened.Deal
	anna := w.seat(t, "seat", deal.ID, "Anna Sample", "user")
	w.advance(time.Second)
	boris := w.join(t, "Boris", funnel.Rep)
	by := w.act("elsewhere")
	by.Member = boris.ID
	_, err = w.service.Seat(t.Context(), by, funnel.Target{Deal: other.ID}, funnel.SeatPerson{Contact: anna.Contact, Roles: []string{"finance"}})
	require.NoError(t, err)
	w.advance(time.Second)

	_, err = w.service.Undo(t.Context(), w.act("undo"), deal.Number, 0)

	require.NoError(t, err)
	require.Empty(t, w.card(t, deal.ID).Committee)
	require.Len(t, w.card(t, other.ID).Committee, 1)
	require.Equal(t, "Anna Sample", w.card(t, other.ID).Committee[0].Person.Name)
}

func TestTheLastTouchIsThatOfWhatStandsAndNamesThePerson(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	w.seat(t, "a", deal.ID, "Anna Sample", "user")
	w.advance(time.Second)
	w.seat(t, "p", deal.ID, "Peter Example", "finance")
	log := func(event, text string, at time.Time) funnel.Changed {
		t.Helper()
		r, err := w.service.Log(t.Context(), w.act(event), funnel.Target{Deal: deal.ID}, funnel.Report{Activity: funnel.LogActivity{
			Kind: funnel.Call, Text: text, At: at,
		}})
		require.NoError(t, err)
		return r
	}
	w.advance(24 * time.Hour)
	first := log("l1", "Anna Sample wants a trial", w.now().Add(-time.Hour))
	log("l0", "Anna Sample asked the price", w.now().Add(-3*time.Hour))
	touches := func() []time.Time {
		var at []time.Time
		for _, v := range w.card(t, deal.ID).Committee {
			at = append(at, v.LastTouch)
		}
		return at
	}
	require.Equal(t, []time.Time{w.now().Add(-time.Hour), {}}, touches())
	require.Len(t, w.card(t, deal.ID).Recent[0].People, 1)
	w.advance(time.Second)
	_, err := w.service.Undo(t.Context(), w.act("undo"), deal.Number, 0)
	require.NoError(t, err, "the earlier call, which was noted last")
	require.Equal(t, []time.Time{first.Activities[0].At, {}}, touches())
	w.advance(time.Second)
	_, err = w.service.Undo(t.Context(), w.act("undo more"), deal.Number, 0)
	require.NoError(t, err)
	require.Equal(t, []time.Time{{}, {}}, touches())
}

func TestARenewalBeginsWithTheCommitteeAndIsOpenedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	deal := w.open(t, "Ромашка").Deal
	w.seat(t, "a", deal.ID, "Anna Sample", "user")
	_, err := w.service.Win(t.Context(), w.act("won"), funnel.Target{Deal: deal.ID}, funnel.Win{})
	require.NoError(t, err)

	var renewed [4]funnel.Changed
	var errs [4]error
	var group sync.WaitGroup
	for i := range renewed {
		group.Go(func() {
			renewed[i], errs[i] = services[i%2].Renew(t.Context(), w.act(fmt.Sprint("renew ", i)), funnel.Renew{Of: funnel.Target{Deal: deal.ID}})
		})
	}
	group.Wait()

	done := 0
	for i := range errs {
		if errs[i] != nil {
			require.Equal(t, funnel.CodeRenewalOpen, funnel.CodeOf(errs[i]))
			continue
		}
		done++
		v := w.card(t, renewed[i].Deal.ID)
		require.Equal(t, renewed[i].Deal, v.Deal)
		require.Equal(t, deal.ID, v.Renews)
		require.Len(t, v.Committee, 1)
		require.Equal(t, []string{"user"}, v.Committee[0].Roles)
	}
	require.Equal(t, 1, done)
}

func TestPeopleAreFoundDespiteTyposCaseAndEndings(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	for i, name := range []string{"Пётр Образцов", "Мария Пример-Ёлкина", "Anna Sample", "Ann Example", "100% Real_Name"} {
		w.seat(t, fmt.Sprint("p", i), deal.ID, name)
	}
	for words, want := range map[string]string{
		"петр образцов": "Пётр Образцов", "Образцову": "Пётр Образцов", "ОБРОЗЦОВ": "Пётр Образцов", "елкина": "Мария Пример-Ёлкина",
		"ana sample": "Anna Sample", "ann example": "Ann Example", "real_name": "100% Real_Name",
	} {
		found, err := w.store.SearchContacts(t.Context(), w.space.ID, words, 3)
		require.NoError(t, err)
		require.NotEmpty(t, found, words)
		require.Equal(t, want, found[0].Name, words)
		require.Equal(t, "Ромашка", found[0].Company)
		require.Equal(t, deal.Company, found[0].Contact.Company)
	}
	for _, words := range []string{"", "%", "_", "zzzzzz", "\x00\xff"} {
		found, err := w.store.SearchContacts(t.Context(), w.space.ID, words, 3)
		require.NoError(t, err, "%q", words)
		require.Empty(t, found, "%q", words)
	}
	exact, err := w.store.SearchContacts(t.Context(), w.space.ID, "anna sample", 3)
	require.NoError(t, err)
	require.InDelta(t, 1.0, exact[0].Score, 0)
	elsewhere, err := w.store.SearchContacts(t.Context(), newID(), "anna sample", 3)
	require.NoError(t, err)
	require.Empty(t, elsewhere)
}
