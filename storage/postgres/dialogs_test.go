package postgres_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// ask begins a qualification, or goes on with it elsewhere.
func (w *world) ask(tb testing.TB, s *funnel.Service, event, dialog, place string, deal funnel.ID) funnel.Asked {
	tb.Helper()
	r, err := s.StartAsking(tb.Context(), w.act(event), funnel.Target{Deal: deal}, funnel.StartAsking{Dialog: dialog, Place: place})
	require.NoError(tb, err)
	return r
}

func inWords(text string) funnel.Given { return funnel.Given{Kind: funnel.AskText, Text: text} }

func byQuestion(a []funnel.Answer) map[string]funnel.Given {
	all := map[string]funnel.Given{}
	for _, one := range a {
		all[one.Question] = one.Given
	}
	return all
}

func TestAnswersAreReadBackAsTheyWereGiven(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	w.ask(t, w.service, "ask", "d1", "slack/C1", deal.ID)
	money := funnel.Money{Minor: 4_500_000_00, Currency: "RUB"}
	all := map[string]funnel.Given{
		"task":            inWords("сократить простои 👍\n\"дважды\" <b>"),
		"pain":            {},
		"cost_today":      {Kind: funnel.AskMoney, Money: money},
		"budget_approved": {Kind: funnel.AskOne, Keys: []string{"planned"}},
		"others":          {Kind: funnel.AskSeveral, Keys: []string{"finance", "legal"}},
		"decider":         {Kind: funnel.AskPerson, Contact: newID(), Name: "Пётр Образцов"},
		"decide_by":       {Kind: funnel.AskDate, Date: funnel.Date{Year: 2028, Month: 2, Day: 29}},
	}
	give := funnel.GiveAnswers{Deal: deal.ID, Dialog: "d1", Place: "slack/C1", Given: all}
	heard, err := w.service.Answer(t.Context(), w.act("a1"), give)
	require.NoError(t, err)
	require.True(t, heard.Until.After(w.now()))

	known, err := w.store.Answers(t.Context(), w.space.ID, deal.ID)
	require.NoError(t, err)
	require.Equal(t, all, byQuestion(known))
	require.Equal(t, w.member.ID, known[0].Member)
	require.Equal(t, w.now(), known[0].At)

	w.advance(time.Minute)
	_, err = w.service.Answer(t.Context(), w.act("a2"), funnel.GiveAnswers{
		Deal: deal.ID, Dialog: "d1", Place: "slack/C1", Given: map[string]funnel.Given{"task": inWords("иначе")}, Dropped: []string{"others", "cost_today"},
	})
	require.NoError(t, err)
	known, err = w.store.Answers(t.Context(), w.space.ID, deal.ID)
	require.NoError(t, err)
	all["task"] = inWords("иначе")
	delete(all, "others")
	delete(all, "cost_today")
	require.Equal(t, all, byQuestion(known))

	again := w.ask(t, w.service, "again", "d2", "telegram/7", deal.ID)
	require.Equal(t, "slack/C1", again.From)
	require.Equal(t, known, again.Answers)
	_, err = w.service.Answer(t.Context(), w.act("late"), give)
	require.Equal(t, funnel.CodeQualifyElsewhere, funnel.CodeOf(err))
}

func TestADialogOfAnotherWorkspaceIsNotThere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	w.ask(t, w.service, "ask", "d1", "slack/C1", deal.ID)
	other, err := w.store.Settle(t.Context(), funnel.Workspace{
		ID: newID(), Name: "Elsewhere", Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(t, err)

	open, err := w.store.OpenAsking(t.Context(), other.ID, w.member.ID)
	require.NoError(t, err)
	require.Empty(t, open)
	_, err = w.store.Change(t.Context(), other.ID, funnel.Key{Event: "x"}, funnel.Reads{Asking: "d1", Deal: deal.ID, Answers: true, People: true},
		func(snap *funnel.Snapshot) (*funnel.Writes, error) {
			require.Nil(t, snap.Asking)
			require.Nil(t, snap.Deal)
			return nil, errors.New("seen enough")
		})
	require.ErrorContains(t, err, "seen enough")
}

// Whichever process is faster, one dialog is open afterwards, and the other place is told.
func TestADialogThatTwoProcessesTakeOverAtOnceStandsInOnePlace(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	for round := range 15 {
		w.advance(time.Second)
		deal := w.open(t, fmt.Sprintf("Sample %d", round)).Deal
		if round%2 == 0 {
			w.ask(t, w.service, fmt.Sprintf("begin %d", round), fmt.Sprintf("d%d", round), "slack/C1", deal.ID)
		}
		var asked [4]funnel.Asked
		var errs [4]error
		var group sync.WaitGroup
		for i := range asked {
			group.Go(func() {
				asked[i], errs[i] = services[i%2].StartAsking(t.Context(), w.act(fmt.Sprintf("take %d %d", round, i)),
					funnel.Target{Deal: deal.ID}, funnel.StartAsking{Dialog: fmt.Sprintf("t%d-%d", round, i), Place: fmt.Sprintf("door%d/1", i)})
			})
		}
		group.Wait()
		for i := range errs {
			require.NoError(t, errs[i])
		}
		open, err := w.store.OpenAsking(t.Context(), w.space.ID, w.member.ID)
		require.NoError(t, err)
		require.Len(t, open, round+1)
		require.Equal(t, deal.Number, open[0].Number)
		took := 0
		for i := range asked {
			_, err := services[(i+1)%2].Answer(t.Context(), w.act(fmt.Sprintf("say %d %d", round, i)), funnel.GiveAnswers{
				Deal: deal.ID, Dialog: asked[i].Asking.ID, Place: asked[i].Asking.Place,
				Given: map[string]funnel.Given{"task": inWords(strconv.Itoa(i))},
			})
			if asked[i].Asking.ID == open[0].ID {
				require.NoError(t, err)
				took++
				continue
			}
			require.Equal(t, funnel.CodeQualifyElsewhere, funnel.CodeOf(err))
		}
		require.Equal(t, 1, took)
	}
	require.Equal(t, 15, w.count(t, "dialogs WHERE ended_at IS NULL"))
}

func TestOneAnswerDeliveredFourTimesAtOnceToTwoProcessesIsKeptOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	deal := w.open(t, "Ромашка").Deal
	var asked [4]funnel.Asked
	var heard [4]funnel.Heard
	for round := range 15 {
		w.advance(time.Minute)
		dialog := fmt.Sprintf("d%d", round)
		var errs [8]error
		var group sync.WaitGroup
		for i := range asked {
			group.Go(func() {
				asked[i], errs[i] = services[i%2].StartAsking(t.Context(), w.act("ask "+dialog),
					funnel.Target{Deal: deal.ID}, funnel.StartAsking{Dialog: dialog, Place: "slack/C1"})
			})
		}
		group.Wait()
		for i := range heard {
			group.Go(func() {
				heard[i], errs[4+i] = services[i%2].Answer(t.Context(), w.act("say "+dialog), funnel.GiveAnswers{
					Deal: deal.ID, Dialog: dialog, Place: "slack/C1", Given: map[string]funnel.Given{"task": inWords(dialog)},
				})
			})
		}
		group.Wait()
		for i := range errs {
			require.NoError(t, errs[i])
		}
		for i := range asked {
			require.Equal(t, asked[0].Asking, asked[i].Asking)
			require.Equal(t, asked[0].Answers, asked[i].Answers)
			require.Equal(t, heard[0], heard[i])
		}
		known, err := w.store.Answers(t.Context(), w.space.ID, deal.ID)
		require.NoError(t, err)
		require.Equal(t, map[string]funnel.Given{"task": inWords(dialog)}, byQuestion(known))
	}
	require.Equal(t, 15, w.count(t, "dialogs"))
	require.Equal(t, 1, w.count(t, "dialogs WHERE ended_at IS NULL"))
	require.Equal(t, 30, w.count(t, "handled_events WHERE key LIKE 'ask d%' OR key LIKE 'say d%'"))
}

// Answers of one dialog that arrive at once, as a form and a button might, are all kept.
func TestDifferentAnswersAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	deal := w.open(t, "Ромашка").Deal
	w.ask(t, w.service, "ask", "d1", "slack/C1", deal.ID)
	questions := []string{"task", "pain", "outcome", "why_then", "otherwise"}
	var group sync.WaitGroup
	errs := make([]error, len(questions))
	for i, q := range questions {
		group.Go(func() {
			_, errs[i] = services[i%2].Answer(t.Context(), w.act("say "+q), funnel.GiveAnswers{
				Deal: deal.ID, Dialog: "d1", Place: "slack/C1", Given: map[string]funnel.Given{q: inWords(q)},
			})
		})
	}
	group.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	known, err := w.store.Answers(t.Context(), w.space.ID, deal.ID)
	require.NoError(t, err)
	require.Len(t, known, len(questions))
}

func TestSilentDialogsOfAllWorkspacesAreRemindedAndEndedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	worlds := []*world{w}
	for i := range 3 {
		other := *w
		var err error
		other.space, err = w.store.Settle(t.Context(), funnel.Workspace{
			ID: newID(), Name: fmt.Sprint("Works ", i), Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
		}, funnel.Team{ID: newID(), Name: "Sales"})
		require.NoError(t, err)
		other.member = other.join(t, "Anna", funnel.Admin)
		worlds = append(worlds, &other)
	}
	for i, one := range worlds {
		deal := one.open(t, "Ромашка").Deal
		one.ask(t, one.service, "ask", "d1", "slack/C1", deal.ID)
		if i == 0 {
			require.NoError(t, one.service.EndAsking(t.Context(), one.act("cancel"), funnel.EndAsking{
				Deal: deal.ID, Dialog: "d1", How: funnel.AskingCancelled,
			}))
		}
		w.advance(time.Second)
	}
	run := func() {
		services := []*funnel.Service{w.service, w.another(t)}
		var group sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			group.Go(func() { _, errs[i] = services[i%2].RunDue(t.Context()) })
		}
		group.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
	}
	notices := func(kind string) int {
		return w.count(t, fmt.Sprintf("(SELECT payload FROM outbox WHERE kind = '%s' UNION ALL SELECT payload FROM held_notices WHERE kind = '%s') n", kind, kind))
	}
	due, err := w.store.DueAsking(t.Context(), w.now(), 10)
	require.NoError(t, err)
	require.Empty(t, due)

	w.advance(4*time.Hour + time.Minute)
	due, err = w.store.DueAsking(t.Context(), w.now(), 10)
	require.NoError(t, err)
	require.Len(t, due, 3)
	require.Equal(t, worlds[1].space.ID, due[0].Workspace, "the oldest first")
	require.Equal(t, int64(1), due[0].Number)
	run()
	require.Equal(t, 3, notices("qualify_waiting"))
	run()
	require.Equal(t, 3, notices("qualify_waiting"))

	w.advance(26 * time.Hour)
	run()
	run()
	require.Equal(t, 3, notices("qualify_ended"))
	require.Equal(t, 3, w.count(t, "dialogs WHERE how = 'silence'"))
	require.Equal(t, 1, w.count(t, "dialogs WHERE how = 'cancelled'"))

	w.advance(29 * 24 * time.Hour)
	_, err = w.store.Prune(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, w.count(t, "dialogs"), "the one that was cancelled lies behind")
	w.advance(2 * 24 * time.Hour)
	_, err = w.store.Prune(t.Context())
	require.NoError(t, err)
	require.Zero(t, w.count(t, "dialogs"))
}
