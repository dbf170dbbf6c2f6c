package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// state is what a unit of work sees of the deal.
func (w *world) state(tb testing.TB, deal funnel.ID) funnel.DealState {
	tb.Helper()
	var seen funnel.DealState
	_, err := w.store.Change(tb.Context(), w.space.ID, funnel.Key{Event: newID().String()},
		funnel.Reads{Actor: w.member.ID, Deal: deal, People: true, Answers: true},
		func(snap *funnel.Snapshot) (*funnel.Writes, error) {
			seen = *snap.Deal
			return &funnel.Writes{Result: []byte("{}")}, nil
		})
	require.NoError(tb, err)
	return seen
}

func TestAQualificationIsReadBackAndTakenBackWhole(t *testing.T) {
	t.Parallel()
	w := setup(t)
	deal := w.open(t, "Ромашка").Deal
	w.ask(t, w.service, "ask", "d1", "slack/C1", deal.ID)
	_, err := w.service.Answer(t.Context(), w.act("a1"), funnel.GiveAnswers{Deal: deal.ID, Dialog: "d1", Place: "slack/C1", Given: map[string]funnel.Given{
		"pain":      inWords("простои"),
		"decider":   {Kind: funnel.AskPerson, Name: "Пётр Образцов"},
		"signer":    {Kind: funnel.AskPerson, Name: "пётр образцов"},
		"industry":  {Kind: funnel.AskOne, Keys: []string{"manufacturing"}},
		"decide_by": {Kind: funnel.AskDate, Date: funnel.Date{Year: 2027, Month: 2, Day: 1}},
	}})
	require.NoError(t, err)
	before := w.state(t, deal.ID)
	require.Len(t, before.Answers, 5)
	require.Nil(t, before.Qualified)
	w.advance(time.Minute)

	r, err := w.service.Qualify(t.Context(), w.act("qualify"), funnel.Target{Deal: deal.ID}, funnel.Qualify{Dialog: "d1"})
	require.NoError(t, err)
	again, err := w.service.Qualify(t.Context(), w.act("qualify"), funnel.Target{Deal: deal.ID}, funnel.Qualify{Dialog: "d1"})
	require.NoError(t, err)
	require.Equal(t, r, again)
	after := w.state(t, deal.ID)
	require.Equal(t, r.Qualified, after.Qualified)
	require.Equal(t, 1, after.Qualifications)
	require.Equal(t, r.Deal, after.Deal)
	require.Equal(t, "простои", after.Deal.Pain)
	require.Len(t, after.Contacts, 1, "who decides and who signs is one person")
	require.ElementsMatch(t, []string{"decision_maker", "principal"}, after.Committee[0].Roles)
	card := w.card(t, deal.ID)
	require.Nil(t, card.Qualified.Answers, "a card does without the answers")
	short := *r.Qualified
	short.Answers = nil
	require.Equal(t, &short, card.Qualified)
	require.Equal(t, after.Committee, card.Committee)
	require.Equal(t, 1, w.count(t, "dialogs WHERE how = 'finished'"))
	firm, err := w.store.Company(t.Context(), w.space.ID, deal.Company)
	require.NoError(t, err)
	require.NotEmpty(t, firm.Industry)

	w.advance(time.Minute)
	_, err = w.service.Undo(t.Context(), w.act("undo"), 0, 0)
	require.NoError(t, err)
	undone := w.state(t, deal.ID)
	require.Nil(t, undone.Qualified)
	require.Nil(t, w.card(t, deal.ID).Qualified)
	require.Equal(t, 1, undone.Qualifications, "its number stays taken")
	require.Empty(t, undone.Committee)
	require.Empty(t, undone.Contacts)
	require.Empty(t, undone.Deal.Pain)
	require.Equal(t, before.Answers, undone.Answers, "what was answered stays")

	w.advance(time.Minute)
	w.ask(t, w.service, "anew", "d2", "slack/C1", deal.ID)
	second, err := w.service.Qualify(t.Context(), w.act("anew qualify"), funnel.Target{Deal: deal.ID}, funnel.Qualify{Dialog: "d2"})
	require.NoError(t, err)
	require.Equal(t, 2, second.Qualified.Seq)
	require.Nil(t, second.Before)
	w.advance(time.Minute)
	w.ask(t, w.service, "third", "d3", "slack/C1", deal.ID)
	third, err := w.service.Qualify(t.Context(), w.act("third qualify"), funnel.Target{Deal: deal.ID}, funnel.Qualify{Dialog: "d3"})
	require.NoError(t, err)
	require.Equal(t, second.Qualified, third.Before)
	checkBooks(t, w.pool)
}
