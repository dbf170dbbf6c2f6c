package slack

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/funnel/dialog"
)

func question(name, ask string, kind message.Answer, options ...string) message.Form {
	f := message.Form{Name: name, Question: message.Text(ask), Kind: kind, Optional: true}
	for _, o := range options {
		f.Options = append(f.Options, message.Option{Label: o, Key: strings.ToLower(o)})
	}
	return f
}

// need asks one question of every kind, in the language.
func need(language string) []message.Form {
	if language == "ru" {
		return []message.Form{
			question("pain", "Что болит?", message.AnswerText), question("cost", "Сколько это стоит в год?", message.AnswerMoney),
			question("when", "Когда нужно?", message.AnswerDate), question("source", "Откуда деньги?", message.AnswerOne, "Бюджет", "Резерв"),
			question("approved", "Сумма утверждена?", message.AnswerYesNo, "Да", "Нет"),
			question("decider", "Кто решает?", message.AnswerPerson, "Анна", "Борис"),
			question("others", "Кто ещё участвует?", message.AnswerSeveral, "Юристы", "Финансы", "Безопасность"),
		}
	}
	return []message.Form{
		question("pain", "What hurts?", message.AnswerText), question("cost", "What does it cost a year?", message.AnswerMoney),
		question("when", "When is it needed?", message.AnswerDate), question("source", "Where does the money come from?", message.AnswerOne, "Budget", "Reserve"),
		question("approved", "Is the amount approved?", message.AnswerYesNo, "Yes", "No"),
		question("decider", "Who decides?", message.AnswerPerson, "Anna", "Boris"),
		question("others", "Who else has a say?", message.AnswerSeveral, "Legal", "Finance", "Security"),
	}
}

// surveyed is a house whose host is the survey.
func surveyed(t *testing.T, s *survey) *house {
	t.Helper()
	h := newHouse(t, nil)
	h.hosts(s.host)
	return h
}

// fields is the page that came last.
func (h *house) fields(t *testing.T) []dialog.Field {
	t.Helper()
	v := h.last(t)
	require.NotNil(t, v.Press)
	return v.Press.Fields
}

func TestAPageIsOneViewWithTheInputsOfItsQuestions(t *testing.T) {
	t.Parallel()
	for language, user := range map[string]string{"en": "U1", "ru": "U2"} {
		s := newSurvey(need(language)...)
		h := surveyed(t, s)
		require.NoError(t, h.Command(user, "C1", "/deal", "qualify 42").Err)
		require.Equal(t, maxFormQuestions, h.last(t).Forms)
		form := h.Top(user)
		pages := []string{form.Plain()}
		ask := func(i int) string { return s.ask[i].Question.String() }

		require.NoError(t, h.Submit(user, form, map[string]any{
			ask(0): "twelve hours\na week", ask(1): "450k", ask(2): "next week", ask(3): s.ask[3].Options[1].Label,
			ask(4): s.ask[4].Options[0].Label, ask(5): s.ask[5].Options[0].Label,
			ask(6): []string{s.ask[6].Options[2].Label, s.ask[6].Options[0].Label},
		}).Err)
		require.Equal(t, []dialog.Field{
			{Step: "pain", Text: "twelve hours\na week"},
			{Step: "cost", Text: "450k"},
			{Step: "when", Text: "next week"},
			{Step: "source", Keys: []string{s.ask[3].Options[1].Key}},
			{Step: "approved", Keys: []string{s.ask[4].Options[0].Key}},
			{Step: "decider", Keys: []string{s.ask[5].Options[0].Key}},
			{Step: "others", Keys: []string{s.ask[6].Options[2].Key, s.ask[6].Options[0].Key}},
		}, h.fields(t))
		require.True(t, does(h.last(t).Press.Action, dialog.ActFill))

		summary := h.Top(user)
		require.Equal(t, form.ID, summary.ID, "the answers are shown in its place")
		pages = append(pages, summary.Plain())
		require.NoError(t, h.Press(user, summary, "Change pain").Err)
		h.settled(t)
		again := h.Top(user)
		pages = append(pages, again.Plain())
		require.NoError(t, h.Submit(user, again, map[string]any{ask(0): "nothing"}).Err)
		summary = h.Top(user)
		require.Equal(t, "Save", summary.Submit)

		require.NoError(t, h.Submit(user, summary, nil).Err)
		h.settled(t)
		require.Empty(t, h.Stack(user))
		require.Contains(t, h.Latest("C1").Plain(), "7 answers are kept.")
		require.Equal(t, dialog.Field{Step: "pain", Text: "nothing"}, s.given["pain"])
		require.Empty(t, h.Errors())
		bottest.Golden(t, filepath.Join("testdata", "page", language+".txt"), strings.Join(pages, "\n\n")+"\n")
	}
}

func TestWhatIsWrongStandsBelowItsInput(t *testing.T) {
	t.Parallel()
	reason := map[string]string{"U1": "“much” is no amount.", "U2": "«much» — это не сумма."}
	for language, user := range map[string]string{"en": "U1", "ru": "U2"} {
		s := newSurvey(need(language)...)
		s.wrong = func(f dialog.Field) string {
			if f.Step == "cost" && f.Text == "much" || f.Step == "decider" && f.Text == "much" {
				return reason[user]
			}
			return ""
		}
		h := surveyed(t, s)
		require.NoError(t, h.Command(user, "C1", "/deal", "qualify 42").Err)
		form := h.Top(user)
		cost, who := s.ask[1].Question.String(), s.ask[5].Question.String()+" > "+printerOf(t, language).Say("slack.or_type", nil)

		require.NoError(t, h.Submit(user, form, map[string]any{cost: "much", who: "much", s.ask[0].Question.String(): "hours"}).Err)
		form = h.Top(user)
		require.Len(t, form.Errors, 2)
		require.Equal(t, 2, strings.Count(form.Plain(), "! "+reason[user]))
		require.Zero(t, form.Updates, "what was typed stays where it is")
		require.Equal(t, "hours", s.given["pain"].Text, "what holds is kept")

		require.NoError(t, h.Submit(user, form, map[string]any{cost: "450k", who: nil}).Err)
		require.Contains(t, h.Top(user).Plain(), "Is this right?")
		require.Equal(t, "450k", s.given["cost"].Text)
		require.Empty(t, h.Errors())
	}
}

func TestPagesFollowEachOtherInOneViewAndLeadBack(t *testing.T) {
	t.Parallel()
	var ask []message.Form
	for i := range 45 {
		ask = append(ask, question("q"+string(rune('a'+i)), "Question "+string(rune('a'+i)), message.AnswerText))
	}
	s := newSurvey(ask...)
	h := surveyed(t, s)
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)
	first := h.Top("U1")
	require.Contains(t, first.Plain(), "Question a: ")

	require.NoError(t, h.Submit("U1", first, map[string]any{"Question a": "one"}).Err)
	second := h.Top("U1")
	require.Equal(t, first.ID, second.ID)
	require.NotContains(t, second.Plain(), "Question a: ")
	require.NoError(t, h.Press("U1", second, "Back").Err)
	h.settled(t)
	back := h.Top("U1")
	require.Contains(t, back.Plain(), "Question a: <one>", "it is filled in with what was given")

	// The same press again is an old one, and finds the view changed.
	require.NoError(t, h.Press("U1", second, "Back").Err)
	h.settled(t)
	require.Equal(t, back.Hash, h.Top("U1").Hash)
	require.Equal(t, "hash_conflict", h.Refusals()[0].Error)
	require.Empty(t, h.Ephemerals("U1"), "nothing is said about it")
	h.Forget()

	for range 3 {
		require.NoError(t, h.Submit("U1", h.Top("U1"), nil).Err)
	}
	require.Contains(t, h.Top("U1").Plain(), "Is this right?")
	require.Equal(t, "one", s.given["qa"].Text)
	require.Empty(t, h.Errors())
}

func TestAnOldViewShowsWhatStandsAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSurvey(need("en")...)
	h := surveyed(t, s)
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)
	old := h.Top("U1")
	require.NoError(t, h.DirectMessage("U1", "", "twelve hours").Err) // goes on by message
	h.settled(t)

	require.NoError(t, h.Submit("U1", old, map[string]any{"What does it cost a year?": "450k", "What hurts?": "nothing"}).Err)
	now := h.Top("U1")
	require.Contains(t, now.Plain(), "That was an earlier question.")
	require.Equal(t, "twelve hours", s.given["pain"].Text, "an old view answers nothing")
	require.NotContains(t, now.Plain(), "What hurts?")

	s.ended = true
	require.NoError(t, h.Submit("U1", now, nil).Err)
	h.settled(t)
	require.Empty(t, h.Stack("U1"))
	require.Equal(t, "This question is over.", h.Ephemerals("U1")[0].Plain())
	require.Empty(t, h.Errors())
}

func TestAPageSentTwiceIsOneAct(t *testing.T) {
	t.Parallel()
	s := newSurvey(need("en")...)
	h := surveyed(t, s)
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)

	first := h.Submit("U1", h.Top("U1"), map[string]any{"What hurts?": "hours"})
	require.NoError(t, first.Err)
	for _, r := range h.Deliver(first.Request, 4) {
		require.JSONEq(t, first.Body, r.Body)
	}
	require.Equal(t, 4, s.repeated)

	save := h.Submit("U1", h.Top("U1"), nil)
	require.NoError(t, save.Err)
	h.Deliver(save.Request, 3)
	h.settled(t)
	said := 0
	for _, m := range h.FromBot() {
		if strings.Contains(m.Plain(), "answers are kept") {
			said++
		}
	}
	require.Equal(t, 1, said)
}

func TestAPageIsAnsweredByAnotherProcess(t *testing.T) {
	t.Parallel()
	s := newSurvey(need("en")...)
	h := surveyed(t, s)
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)

	h.door = h.open(t) // as after a restart: nothing is remembered
	h.Bot = h.serve(t, h.door)
	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"What hurts?": "hours"}).Err)
	h.door = h.open(t)
	h.Bot = h.serve(t, h.door)
	require.NoError(t, h.Submit("U1", h.Top("U1"), nil).Err)
	h.settled(t)

	require.Equal(t, "hours", s.given["pain"].Text)
	require.Contains(t, h.Latest("C1").Plain(), "1 answers are kept.")
	require.Empty(t, h.Errors())
}

func TestClosingAPageSetsTheDialogAside(t *testing.T) {
	t.Parallel()
	s := newSurvey(need("en")...)
	h := surveyed(t, s)
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)

	require.NoError(t, h.CloseView("U1", h.Top("U1"), false).Err)
	h.settled(t)
	require.Contains(t, h.last(t).Press.Action, "~later")
	aside := h.Ephemerals("U1")[0]
	require.Equal(t, "Set aside.\n[Go on]", aside.Plain())

	require.NoError(t, h.Press("U1", aside, "Go on").Err)
	require.Contains(t, h.Top("U1").Plain(), "What hurts?", "it goes on where views are")
	require.NoError(t, h.Press("U1", h.Top("U1"), "Later").Err)
	h.settled(t)
	require.Len(t, h.Ephemerals("U1"), 2)
	require.Contains(t, h.Top("U1").Plain(), "The answer is in the conversation.")
}

func TestWhatStandsInAPageIsBroughtAlongWhenItIsLeft(t *testing.T) {
	t.Parallel()
	for _, leave := range []string{"Later", "Close"} {
		t.Run(leave, func(t *testing.T) {
			t.Parallel()
			forms := need("en")
			forms[3].Options[0].Chosen, forms[6].Options[1].Chosen = true, true
			h := surveyed(t, newSurvey(forms...))
			require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)
			v := h.Enter("U1", h.Top("U1"), map[string]any{"What hurts?": "Paper", "Who decides?": "Anna"})
			if leave == "Close" {
				require.NoError(t, h.CloseView("U1", v, false).Err)
			} else {
				require.NoError(t, h.Press("U1", v, leave).Err)
			}
			h.settled(t)
			require.Equal(t, []dialog.Field{{Step: "pain", Text: "Paper"}, {Step: "decider", Keys: []string{"anna"}}}, h.fields(t),
				"what stood there before is no answer")
		})
	}
}

func TestWithoutAViewTheQuestionsComeOneByOne(t *testing.T) {
	t.Parallel()
	for language, user := range map[string]string{"en": "U1", "ru": "U2"} {
		s := newSurvey(need(language)...)
		h := surveyed(t, s)
		h.Fail("views.open", slacktest.Fault{Error: "expired_trigger_id"})
		require.NoError(t, h.Command(user, "C1", "/deal", "qualify 42").Err)
		h.settled(t)
		asked := h.Ephemerals(user)[0]
		require.Contains(t, asked.Plain(), s.ask[0].Question.String())
		require.NotContains(t, asked.Plain(), s.ask[1].Question.String())

		for range 3 {
			require.NoError(t, h.Mention(user, "C1", "", "something").Err)
			h.settled(t)
		}
		require.Zero(t, h.last(t).Forms)
		source := h.Ephemerals(user)[len(h.Ephemerals(user))-1]
		require.Contains(t, source.Plain(), s.ask[3].Question.String())
		require.NoError(t, h.Press(user, source, s.ask[3].Options[1].Label).Err)
		h.settled(t)
		require.Empty(t, h.Stack(user), "what began as a message goes on as one")
		require.Equal(t, []string{s.ask[3].Options[1].Key}, s.given["source"].Keys)
		require.Empty(t, h.Errors())
	}
}

func TestAPageThatTakesItsTimeIsAnnouncedAndFilled(t *testing.T) {
	t.Parallel()
	s := newSurvey(need("en")...)
	s.wrong = func(f dialog.Field) string {
		if f.Text == "much" {
			return "“much” is no amount."
		}
		return ""
	}
	h := surveyed(t, s)
	h.door.patience = patience{acknowledge: ample, load: none, ask: ample}
	release := h.held()
	replied := make(chan slacktest.Reply, 1)
	go func() { replied <- h.Command("U1", "C1", "/deal", "qualify 42") }()
	require.Eventually(t, func() bool { return len(h.Stack("U1")) == 1 }, ample, time.Millisecond)
	require.Contains(t, h.Top("U1").Plain(), "I am still working on it.")
	release()
	require.NoError(t, (<-replied).Err)
	h.settled(t)
	require.Contains(t, h.Top("U1").Plain(), "What hurts?")

	h.door.patience.acknowledge = none
	release = h.held()
	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"What hurts?": "hours", "What does it cost a year?": "much"}).Err)
	require.Contains(t, h.Top("U1").Plain(), "I am still working on it.")
	release()
	h.settled(t)
	form := h.Top("U1").Plain()
	require.Contains(t, form, "⚠ “much” is no amount.\nWhat does it cost a year?: <much>", "what was not taken can be corrected")
	require.Contains(t, form, "What hurts?: <hours>")
	require.Empty(t, h.Errors())
}

func TestAnAmbiguousAnswerBringsItsMeanings(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ask := question("decider", "Who decides?", message.AnswerPerson, "Anna", "Boris")
	ask.Reply = "~s.1~fill"
	h.hosts(func(_ context.Context, v bot.Visit) (message.Doc, error) {
		switch {
		case v.Press == nil:
			return message.New(ask), nil
		case len(v.Press.Fields) == 1 && v.Press.Fields[0].Text == "Smith":
			f := question("decider", "Who decides?", message.AnswerPerson, "John", "Jane")
			f.Reply, f.Reason = ask.Reply, "There are two of that name."
			return message.New(f), nil
		}
		return para("thanks"), nil
	})
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)

	require.NoError(t, h.Submit("U1", h.Top("U1"), map[string]any{"Or type it": "Smith"}).Err)
	form := h.Top("U1")
	require.Equal(t, 1, form.Updates, "an error alone would not show them")
	require.Contains(t, form.Plain(), "⚠ There are two of that name.\nWho decides?: <Choose…: John | Jane>\nOr type it: <Smith>")

	require.NoError(t, h.Submit("U1", form, map[string]any{"Who decides?": "Jane"}).Err)
	h.settled(t)
	require.Equal(t, []dialog.Field{{Step: "decider", Keys: []string{"jane"}}}, h.fields(t), "the choice counts, not the words that stand below it still")
}
