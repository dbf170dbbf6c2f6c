package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// names returns the companies of the deals that the words may mean, best first.
func (w *world) names(t *testing.T, words string) []string {
	t.Helper()
	found, err := w.store.SearchDeals(t.Context(), w.space.ID, words, 5)
	require.NoError(t, err, words)
	names := []string{}
	for _, m := range found {
		names = append(names, m.CompanyName)
	}
	return names
}

func TestDealsAreFoundByWhatPeopleType(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, name := range []string{
		"ООО «Ромашка»", "Ромашка Север", "Берёзка", "Acme Anvils Ltd", "Vector-M GmbH", "100% Juice", "O'Brien & Sons",
		"under_score", "Заря", "ООО", "Globex",
	} {
		w.open(t, name)
	}
	for words, want := range map[string]string{
		"ромашка": "ООО «Ромашка»", "РОМАШКА": "ООО «Ромашка»", "ромашк": "ООО «Ромашка»", "рамашка": "ООО «Ромашка»",
		"ромашку": "ООО «Ромашка»", "ООО Ромашка": "ООО «Ромашка»", "ромашкa": "ООО «Ромашка»", "«ромашка»": "ООО «Ромашка»",
		"север": "Ромашка Север", "ромашка сев": "Ромашка Север", "березка": "Берёзка", "берёзка": "Берёзка", "БЕРЁЗКУ": "Берёзка",
		"acme": "Acme Anvils Ltd", "anvils": "Acme Anvils Ltd", "akme anvils": "Acme Anvils Ltd", "acmee": "Acme Anvils Ltd",
		"vector m": "Vector-M GmbH", "вектор": "", "100%": "100% Juice", "100% juice": "100% Juice", "o'brien": "O'Brien & Sons",
		"obrien": "O'Brien & Sons", "under_score": "under_score", "under score": "under_score", "з": "Заря", "ооо": "ООО",
		"globx": "Globex", "nothing like it": "", "": "", "   ": "", "%": "", "_": "", `\`: "", "'": "", "\x00": "", "\xff\xfe": "",
		"'; DROP TABLE deals; --": "", strings.Repeat("очень длинно ", 100_000): "", "👍": "",
	} {
		t.Run(fmt.Sprintf("%.20q", words), func(t *testing.T) {
			t.Parallel()
			found := w.names(t, words)
			if want == "" {
				require.Empty(t, found)
				return
			}
			require.NotEmpty(t, found)
			require.Equal(t, want, found[0])
		})
	}
}

func TestDealsAreFoundByTheirTitle(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Globex")
	w.open(t, "Initech")
	_, err := w.service.Set(t.Context(), w.act("title"), funnel.Target{Deal: opened.Deal.ID},
		funnel.Edit{Field: funnel.FieldTitle, Text: "Тёплый склад, этап 2"})
	require.NoError(t, err)

	for _, words := range []string{"склад", "теплый склад", "Тёплый", "тёплый скалд", "этап 2"} {
		require.Equal(t, []string{"Globex"}, w.names(t, words), words)
	}
}

func TestAnExactNameIsBestAndOpenDealsComeFirst(t *testing.T) {
	t.Parallel()
	w := setup(t)
	lost := w.open(t, "Ромашка")
	w.open(t, "Ромашка Юг")
	_, err := w.service.Lose(t.Context(), w.act("lost"), funnel.Target{Deal: lost.Deal.ID}, funnel.Lose{Reason: "price"})
	require.NoError(t, err)
	again, err := w.service.Open(t.Context(), w.act("again"), funnel.OpenDeal{Company: funnel.Company{Name: "ромашка"}})
	require.NoError(t, err)
	w.advance(time.Minute)
	gone, err := w.service.Open(t.Context(), w.act("gone"), funnel.OpenDeal{Company: funnel.Company{Name: "ромашка"}})
	require.NoError(t, err)
	_, err = w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.NoError(t, err)

	found, err := w.store.SearchDeals(t.Context(), w.space.ID, "ромашка", 10)

	require.NoError(t, err)
	require.Len(t, found, 3)
	require.Equal(t, []int64{again.Deal.Number, lost.Deal.Number, 2}, []int64{found[0].Number, found[1].Number, found[2].Number})
	require.InDelta(t, 1, found[0].Score, 0)
	require.Less(t, found[2].Score, 1.0)
	for _, m := range found {
		require.NotEqual(t, gone.Deal.ID, m.ID, "a deal that was taken back is found")
	}
	companies, err := w.store.SearchCompanies(t.Context(), w.space.ID, "рамашка", 10)
	require.NoError(t, err)
	require.Len(t, companies, 2)
	require.Equal(t, "Ромашка", companies[0].Name)
	require.Equal(t, 1, companies[0].OpenDeals)
	view, err := w.store.Company(t.Context(), w.space.ID, companies[0].ID)
	require.NoError(t, err)
	require.Len(t, view.Deals, 2)
}

func TestWorkspacesNeverMix(t *testing.T) {
	t.Parallel()
	w := setup(t)
	mine := w.open(t, "Ромашка")
	other := *w
	var err error
	other.space, err = w.store.Settle(t.Context(), funnel.Workspace{
		ID: newID(), Name: "Rivals", Locale: funnel.Russian, Zone: "Europe/Moscow", Currency: "RUB", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Продажи"})
	require.NoError(t, err)
	other.member = other.join(t, "Anna", funnel.Admin)
	require.NotEqual(t, w.member.ID, other.member.ID)
	theirs := other.open(t, "Ромашка")
	require.Equal(t, int64(1), theirs.Deal.Number, "numbers are counted per workspace")

	require.Len(t, w.names(t, "ромашка"), 1)
	read := func(find func() (*funnel.DealView, error)) {
		v, err := find()
		require.NoError(t, err)
		require.Nil(t, v)
	}
	read(func() (*funnel.DealView, error) {
		return other.store.Deal(t.Context(), other.space.ID, mine.Deal.ID, 0)
	})
	firm, err := other.store.Company(t.Context(), other.space.ID, mine.Deal.Company)
	require.NoError(t, err)
	require.Nil(t, firm)
	views, total, err := w.store.ListDeals(t.Context(), w.space.ID, funnel.DealQuery{List: funnel.ListTeam, Limit: 10})
	require.NoError(t, err)
	require.Equal(t, 1, total)
	require.Equal(t, mine.Deal.ID, views[0].ID)

	// What belongs to the neighbours cannot be touched, named, or given away, whoever asks.
	_, err = other.service.Move(t.Context(), other.act("move"), funnel.Target{Deal: mine.Deal.ID}, funnel.MoveTo{Stage: "proposal"})
	require.Equal(t, funnel.CodeNoDeal, funnel.CodeOf(err))
	_, err = other.service.Assign(t.Context(), other.act("assign"), funnel.Target{Deal: theirs.Deal.ID}, funnel.Assign{To: w.member.ID})
	require.Equal(t, funnel.CodeNoMember, funnel.CodeOf(err))
	_, err = other.service.Open(t.Context(), other.act("new"), funnel.OpenDeal{Company: funnel.Company{ID: mine.Deal.Company, Name: "x"}})
	require.Equal(t, funnel.CodeNoCompany, funnel.CodeOf(err))
	_, err = other.service.Open(t.Context(), other.act("new2"), funnel.OpenDeal{Company: funnel.Company{Name: "x"}, Owner: w.member.ID})
	require.Equal(t, funnel.CodeNoMember, funnel.CodeOf(err))
	_, err = other.service.SetRole(t.Context(), other.act("role"), w.member.ID, funnel.Rep)
	require.Equal(t, funnel.CodeNoMember, funnel.CodeOf(err))
	stranger := other.act("stranger")
	stranger.Member = w.member.ID
	_, err = other.service.Move(t.Context(), stranger, funnel.Target{Deal: theirs.Deal.ID}, funnel.MoveTo{Stage: "proposal"})
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err))

	// The same key in two workspaces is two events.
	for _, x := range []*world{w, &other} {
		_, err := x.service.Log(t.Context(), x.act("same key"), funnel.Target{Number: 1}, funnel.Report{Activity: funnel.LogActivity{Text: "hello"}})
		require.NoError(t, err)
	}
	require.Equal(t, 2, w.count(t, "activities"))
	checkBooks(t, w.pool)
}

func TestListsArePagedAndCounted(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	def := w.service.Funnel(funnel.NewBusiness)
	today := funnel.DateOf(start)
	deals := map[string]funnel.Target{}
	for i, name := range []string{"plain", "stepped", "overdue", "parked", "lost", "client", "history", "target", "closing", "his"} {
		open := funnel.OpenDeal{Company: funnel.Company{Name: name}, Owner: w.member.ID, At: start.AddDate(0, 0, -i)}
		switch name {
		case "history":
			open.Historical = true
		case "target":
			open.Stage = "awareness"
		case "closing":
			open.Closing = today.AddDays(3)
		case "his":
			open.Owner = boris.ID
		}
		r, err := w.service.Open(t.Context(), w.act("open "+name), open)
		require.NoError(t, err)
		deals[name] = funnel.Target{Deal: r.Deal.ID}
	}
	for i, step := range []func() (funnel.Changed, error){
		func() (funnel.Changed, error) {
			return w.service.Next(t.Context(), w.act("n1"), deals["stepped"], funnel.SetNext{On: today.AddDays(9)})
		},
		func() (funnel.Changed, error) {
			return w.service.Next(t.Context(), w.act("n2"), deals["overdue"], funnel.SetNext{On: today})
		},
		func() (funnel.Changed, error) {
			return w.service.Park(t.Context(), w.act("p"), deals["parked"], funnel.Park{Until: today.AddDays(9)})
		},
		func() (funnel.Changed, error) {
			return w.service.Lose(t.Context(), w.act("l"), deals["lost"], funnel.Lose{Reason: "price"})
		},
		func() (funnel.Changed, error) {
			return w.service.Win(t.Context(), w.act("w"), deals["client"], funnel.Win{})
		},
		func() (funnel.Changed, error) {
			return w.service.Win(t.Context(), w.act("h"), deals["history"], funnel.Win{})
		},
	} {
		_, err := step()
		require.NoError(t, err, i)
	}
	w.advance(8 * 24 * time.Hour)
	list := func(q funnel.DealQuery) ([]string, int) {
		t.Helper()
		q.Today, q.Now, q.Funnel = funnel.DateOf(w.now()), w.now(), def
		if q.Limit == 0 {
			q.Limit = 50
		}
		views, total, err := w.service.ListDeals(t.Context(), w.space.ID, q)
		require.NoError(t, err)
		names := []string{}
		for _, v := range views {
			names = append(names, v.CompanyName)
		}
		return names, total
	}
	for _, c := range []struct {
		q    funnel.DealQuery
		want []string
	}{
		{funnel.DealQuery{List: funnel.ListMine, Owner: w.member.ID}, []string{"overdue", "stepped", "closing", "target", "plain", "parked"}},
		{funnel.DealQuery{List: funnel.ListTeam}, []string{"overdue", "stepped", "his", "closing", "target", "plain", "parked"}},
		{funnel.DealQuery{List: funnel.ListStage, Stage: "lead"}, []string{"overdue", "stepped", "his", "closing", "plain"}},
		{funnel.DealQuery{List: funnel.ListStage, Stage: "launch"}, []string{"client"}},
		{funnel.DealQuery{List: funnel.ListNoStep}, []string{"his", "closing", "plain"}},
		{funnel.DealQuery{List: funnel.ListClients}, []string{"client", "history"}},
		{funnel.DealQuery{List: funnel.ListParked}, []string{"parked"}},
		{funnel.DealQuery{List: funnel.ListStuck}, []string{"overdue", "stepped", "his", "closing", "plain"}},
		{funnel.DealQuery{List: funnel.ListStuck, Owner: boris.ID}, []string{"his"}},
		{funnel.DealQuery{List: funnel.ListDue}, []string{"overdue"}},
		{funnel.DealQuery{List: funnel.ListClosing}, []string{"closing"}},
	} {
		names, total := list(c.q)
		require.ElementsMatch(t, c.want, names, c.q.List)
		require.Equal(t, c.want[0], names[0], c.q.List)
		require.Equal(t, len(c.want), total)
	}

	first, total := list(funnel.DealQuery{List: funnel.ListTeam, Limit: 3})
	second, _ := list(funnel.DealQuery{List: funnel.ListTeam, Limit: 3, Offset: 3})
	third, _ := list(funnel.DealQuery{List: funnel.ListTeam, Limit: 3, Offset: 6})
	beyond, counted := list(funnel.DealQuery{List: funnel.ListTeam, Limit: 3, Offset: 9})
	all, _ := list(funnel.DealQuery{List: funnel.ListTeam})
	require.Equal(t, all, append(append(first, second...), third...))
	require.Equal(t, 7, total)
	require.Empty(t, beyond)
	require.Equal(t, 7, counted, "behind the last page the list has the same length")
}

func TestTheLastDealIsTheOneThatTheMemberChanged(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.open(t, "Ромашка")
	w.advance(time.Minute)
	second := w.open(t, "Лютик")
	last := func(since time.Time) funnel.ID {
		id, err := w.store.LastDeal(t.Context(), w.space.ID, w.member.ID, since)
		require.NoError(t, err)
		return id
	}
	require.Equal(t, second.Deal.ID, last(start))
	w.advance(time.Minute)
	_, err := w.service.Log(t.Context(), w.act("log"), funnel.Target{Deal: first.Deal.ID}, funnel.Report{Activity: funnel.LogActivity{Text: "x"}})
	require.NoError(t, err)
	require.Equal(t, first.Deal.ID, last(start))
	require.True(t, last(start.Add(time.Hour)).IsZero(), "it was too long ago")
}
