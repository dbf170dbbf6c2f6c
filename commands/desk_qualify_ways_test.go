package commands_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func TestQualifyGoesBack(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")
	back := o.types(t, "назад")
	require.Equal(t, "task", asked(t, back))
	require.Equal(t, "Send invoices", question(t, back).Outcome.Prompt.Default.Text)
	require.Equal(t, "pain", asked(t, o.types(t, "Send invoices faster")))
	g, _ := o.kept(t, "task")
	require.Equal(t, "Send invoices faster", g.Text)
	require.Equal(t, dialog.CodeFirst, question(t, o.types(t, "back", "back")).Outcome.Prompt.Problem.Code)
}

func TestQualifySkipsWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme")
	require.Equal(t, dialog.CodeRequired, question(t, o.types(t, "skip")).Outcome.Prompt.Problem.Code, "the task has to be known")
	o.types(t, "Send invoices")
	for i, line := range []string{"skip", "не знаю", "don't know"} {
		require.Equal(t, interview()[i+2].step, asked(t, o.types(t, line)), line)
		g, known := o.kept(t, interview()[i+1].step)
		require.True(t, known && g.Skipped(), line)
	}
	require.Equal(t, "effect", asked(t, o.types(t, "qualify acme")), "what was skipped in this one is not asked again")
}

func TestQualifyIsCancelledAndKeepsWhatWasGiven(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices", "Late invoices")
	a := o.ask(o.anna, "отмена")
	cancelled, ok := o.answer(t, a).(commands.Cancelled)
	require.True(t, ok)
	require.Equal(t, 2, cancelled.Kept)
	require.Equal(t, 17, cancelled.Of, "one of the questions depends on another")
	require.Equal(t, written(t, cancelled), written(t, o.answer(t, a)), "delivered again")
	require.Equal(t, 1, o.count(t, "dialogs WHERE how = 'cancelled'"))
	require.IsType(t, commands.Card{}, o.types(t, "acme"), "words are commands again")

	require.Equal(t, "cost_today", asked(t, o.presses(t, cancelled.Offers[0].Action)), "it goes on where it was")
}

func TestQualifyHelpsAndReturns(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, line := range []string{"?", "help", "помощь"} {
		p := question(t, o.types(t, line)).Outcome.Prompt
		require.Equal(t, "task", p.Step, line)
		require.True(t, p.Help, line)
	}
	require.Equal(t, "pain", asked(t, o.types(t, "Send invoices")))
}

func TestQualifyWaitsUntilLater(t *testing.T) {
	t.Parallel()
	o := setup(t)
	q := o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")
	a := o.ask(o.anna, "later")
	paused, ok := o.answer(t, a).(commands.Paused)
	require.True(t, ok)
	require.Equal(t, 1, paused.Given)
	require.Equal(t, written(t, paused), written(t, o.answer(t, a)), "delivered again")
	require.IsType(t, commands.Changed{}, o.types(t, "move acme qualification"), "words are commands while it waits")
	require.Equal(t, commands.CodeNothingOpen, refusal(o.types(t, "cancel")))
	require.Equal(t, 1, o.count(t, "dialogs WHERE ended_at IS NULL"))

	require.Equal(t, "pain", asked(t, o.types(t, "continue")))
	o.types(t, "позже")
	require.Equal(t, "pain", asked(t, o.presses(t, paused.Offers[0].Action)))
	stale := o.presses(t, control(t, q, dialog.ActSkip))
	require.True(t, question(t, stale).Stale, "the button of the question before")
	require.Equal(t, "cost_today", asked(t, o.types(t, "Late invoices")))
}

func TestQualifySaysWhatIsWrongWithAnAnswer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices", "skip")
	for _, c := range []struct {
		says string
		step string
	}{{"a lot", "cost_today"}, {"-5k", "cost_today"}} {
		q := question(t, o.types(t, c.says))
		require.Equal(t, c.step, q.Outcome.Prompt.Step)
		require.NotNil(t, q.Outcome.Prompt.Problem, c.says)
	}
	_, known := o.kept(t, "cost_today")
	require.False(t, known)
	require.Equal(t, "outcome", asked(t, o.types(t, "100k")))
	o.types(t, "skip", "skip", "skip")
	require.Equal(t, dialog.CodeNoOption, question(t, o.types(t, "zzz")).Outcome.Prompt.Problem.Code)
}

func TestQualifySumsUpAndChangesOneAnswer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	reply := o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview() {
		reply = o.types(t, a.says)
	}
	require.Len(t, question(t, reply).Outcome.Summary.Items, len(interview()))
	require.Equal(t, "region", asked(t, o.types(t, "Region")), "the name of an answer asks for it again")
	require.Equal(t, "review", asked(t, o.types(t, "South")))
	g, _ := o.kept(t, "region")
	require.Equal(t, "South", g.Text)
	require.IsType(t, commands.Qualified{}, o.types(t, "да"))
}

func TestQualifyOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	o := setup(t)
	reply := o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview() {
		o.start(t)
		require.Equal(t, a.step, asked(t, reply))
		reply = o.types(t, a.says)
	}
	o.start(t)
	require.IsType(t, commands.Qualified{}, o.types(t, "yes"))
}

func TestQualifyGoesOnWithoutItsSession(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices", "Late invoices")
	_, err := o.pool.Exec(t.Context(), "DELETE FROM sessions")
	require.NoError(t, err)
	o.start(t)
	list, ok := o.elsewhere(t, "qualify").(commands.Question)
	require.True(t, ok, "the deal was changed a moment ago")
	require.Equal(t, "cost_today", list.Outcome.Prompt.Step, "nothing is asked again that was answered")
	require.Equal(t, "local", list.From)
}

func TestQualifyIsGoneOnWithElsewhere(t *testing.T) {
	t.Parallel()
	o := setup(t)
	here := o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")

	there, ok := o.elsewhere(t, "qualify acme").(commands.Question)
	require.True(t, ok)
	require.Equal(t, "local", there.From)
	require.Equal(t, "pain", there.Outcome.Prompt.Step)
	require.Equal(t, "cost_today", asked(t, o.elsewhere(t, "Late invoices")))

	a := o.press(o.anna, control(t, here, dialog.ActSkip))
	told, ok := o.answer(t, a).(commands.Refused)
	require.True(t, ok)
	require.Equal(t, funnel.CodeQualifyElsewhere, told.Err.Code)
	require.Equal(t, "telegram", told.Err.Args["door"])
	require.Equal(t, "go_on_here", told.Offers[0].Label)
	require.Equal(t, written(t, told), written(t, o.answer(t, a)), "delivered again")
	require.IsType(t, commands.Card{}, o.types(t, "acme"), "words are commands here")

	back := o.presses(t, told.Offers[0].Action)
	require.Equal(t, "cost_today", asked(t, back))
	require.Equal(t, "telegram", question(t, back).From)
	require.Equal(t, funnel.CodeQualifyElsewhere, refusal(o.elsewhere(t, "100k")))
	_, known := o.kept(t, "cost_today")
	require.False(t, known)
	require.Equal(t, 1, o.count(t, "dialogs WHERE ended_at IS NULL"))
}

func TestWordsAtThePlaceThatWasLeftAreToldWhereItGoesOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme")
	o.elsewhere(t, "qualify acme")
	require.Equal(t, funnel.CodeQualifyElsewhere, refusal(o.types(t, "Send invoices")))
	_, known := o.kept(t, "task")
	require.False(t, known)
}

func TestBareQualifyOffersWhatIsOpen(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "new Bluefin, website", "qualify acme", "Send invoices", "later")
	o.advance(2 * time.Hour)
	open, ok := o.elsewhere(t, "qualify").(commands.Asking)
	require.True(t, ok)
	require.Len(t, open.Open, 1)
	require.Equal(t, "local", open.Open[0].Door)
	a := o.press(o.anna, open.Open[0].Offer.Action)
	a.Door, a.Place = "telegram", "there"
	require.Equal(t, "pain", asked(t, o.answer(t, a)))
}

func TestQualifyRemindsOnceAndEndsWithNotice(t *testing.T) {
	t.Parallel()
	o := setup(t)
	q := o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")
	due := func() int {
		n, err := o.service.RunDue(t.Context())
		require.NoError(t, err)
		return n
	}
	require.Zero(t, due())
	o.advance(5 * time.Hour)
	require.Equal(t, 1, due())
	require.Zero(t, due(), "once")
	require.Equal(t, 1, o.count(t, "outbox WHERE kind = '"+string(funnel.NoticeQualifyWaiting)+"'"))
	o.advance(48 * time.Hour)
	due()
	require.Zero(t, due())
	require.Equal(t, 1, o.count(t, "outbox WHERE kind = '"+string(funnel.NoticeQualifyEnded)+"'"))

	over := o.presses(t, control(t, q, dialog.ActSkip))
	require.Equal(t, funnel.CodeQualifyEnded, refusal(over))
	goOn := actions(over)[0]
	require.Equal(t, "go_on", goOn.label)
	require.Equal(t, "pain", asked(t, o.presses(t, goOn.action)), "what was given is kept")
}

func TestWordsOfTheNextDayAreNoAnswer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")
	o.advance(72 * time.Hour)
	require.IsType(t, commands.Card{}, o.types(t, "acme"))
	_, known := o.kept(t, "pain")
	require.False(t, known)
}

func TestSmallQuestionsEndByThemselves(t *testing.T) {
	t.Parallel()
	o := setup(t)
	lost := o.types(t, "new Acme Anvils, website", "lost acme")
	o.advance(6 * time.Hour)
	require.Equal(t, "reason", asked(t, o.types(t, "?")), "the day is not over")
	o.advance(24 * time.Hour)
	require.IsType(t, commands.Card{}, o.types(t, "acme"))
	require.Equal(t, funnel.Open, o.deal(t, 1).Outcome)
	press := commands.QuestionAction(question(t, lost).Outcome.Prompt.Token, dialog.ActPick, "price")
	require.Equal(t, commands.CodeQuestionOver, refusal(o.presses(t, press)))
}

func TestQualifyAnswersAStaleButton(t *testing.T) {
	t.Parallel()
	o := setup(t)
	q := o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")
	skip := control(t, q, dialog.ActSkip)
	require.Equal(t, "cost_today", asked(t, o.presses(t, skip)))
	stale := o.presses(t, skip)
	require.True(t, question(t, stale).Stale)
	require.Equal(t, "cost_today", asked(t, stale))
	_, known := o.kept(t, "cost_today")
	require.False(t, known)
	done := o.types(t, "cancel")
	require.IsType(t, commands.Cancelled{}, done)
	require.Equal(t, commands.CodeQuestionOver, refusal(o.presses(t, skip)))
}

func TestQualifyHearsNobodyElse(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnel.Rep)
	q := o.types(t, "new Acme Anvils, website", "qualify acme")
	press := o.press(boris, control(t, q, dialog.ActCancel))
	require.Equal(t, commands.CodeQuestionOver, refusal(o.answer(t, press)))
	require.Equal(t, 1, o.count(t, "dialogs WHERE ended_at IS NULL"))
	require.Equal(t, "pain", asked(t, o.types(t, "Send invoices")))

	require.Equal(t, "pain", asked(t, o.answer(t, o.ask(boris, "qualify acme"))), "what is known of the deal is known to all")
}

func TestQualifyTakesADoublePressOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	reply := o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview() {
		reply = o.types(t, a.says)
	}
	save := control(t, reply, dialog.ActConfirm)
	other := o.second(t)
	asks := []commands.Ask{o.press(o.anna, save), o.press(o.anna, save)}
	kinds := make([]string, 2)
	var all sync.WaitGroup
	for i, desk := range []*commands.Desk{o.desk, other.desk} {
		all.Go(func() {
			reply, _, err := desk.Answer(t.Context(), asks[i])
			kinds[i] = fmt.Sprintf("%T %s %v", reply, refusal(reply), err)
		})
	}
	all.Wait()
	require.Equal(t, 1, o.count(t, "qualifications WHERE voided_at IS NULL"), kinds)
	require.Contains(t, kinds, "commands.Qualified  <nil>")
	first := o.answer(t, asks[0])
	require.Equal(t, written(t, first), written(t, o.answer(t, asks[0])))
}

func TestACommandInTheMiddleOfAQualificationShowsTheWayBack(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme", "Send invoices")
	for _, line := range []string{"/show acme", "#1", "show acme", "log acme call, they like it", "people acme"} {
		aside, ok := o.types(t, line).(commands.Aside)
		require.True(t, ok, line)
		require.Equal(t, commands.VerbQualify, aside.Verb)
		back := o.presses(t, aside.Back)
		require.Equal(t, "pain", asked(t, back), line)
	}
	require.Equal(t, "cost_today", asked(t, o.types(t, "Late invoices")))
}

func TestQualifyGoesOnInPrivateWhereOutsidersRead(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")
	require.Equal(t, commands.CodePrivately, refusal(o.outside(t, "qualify acme")))
	require.Zero(t, o.count(t, "dialogs"))
	require.Equal(t, commands.CodePrivately, refusal(o.outside(t, "people acme")))
	require.Equal(t, commands.CodePrivately, refusal(o.outside(t, "people acme Carla Stone +1 555 0100")))
	require.Zero(t, o.count(t, "contacts"))
	require.Equal(t, commands.CodePrivately, refusal(o.outside(t, "forget Carla")))
}
