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

// interview are answers to every question of the built-in funnel, as people type them.
func interview() []struct{ step, says string } {
	return []struct{ step, says string }{
		{"task", "Send invoices on the same day"},
		{"pain", "Invoices arrive two weeks late"},
		{"cost_today", "120k"},
		{"outcome", "Invoices in two days"},
		{"effect", "90k"},
		{"budget_amount", "60k"},
		{"budget_source", "1"},
		{"budget_approved", "planned"},
		{"decider", "Carla Stone"},
		{"signer", "Omar Field"},
		{"others", "finance, legal"},
		{"decide_by", "20.12.2026"},
		{"why_then", "The year closes"},
		{"otherwise", "Another two people in accounting"},
		{"industry", "it"},
		{"size", "2"},
		{"region", "North"},
		{"exclusions", "none"},
	}
}

// qualified answers every question about the deal and confirms.
func (o *office) qualified(tb testing.TB, deal string) commands.Qualified {
	tb.Helper()
	reply := o.types(tb, "qualify "+deal)
	for _, a := range interview() {
		require.Equal(tb, a.step, asked(tb, reply), written(tb, reply))
		reply = o.types(tb, a.says)
	}
	require.Equal(tb, "review", asked(tb, reply))
	done, ok := o.types(tb, "yes").(commands.Qualified)
	require.True(tb, ok)
	return done
}

// kept is the stored answer to a question of deal 1.
func (o *office) kept(tb testing.TB, question string) (funnel.Given, bool) {
	tb.Helper()
	answers, err := o.service.Read().Answers(tb.Context(), o.space.ID, o.deal(tb, 1).ID)
	require.NoError(tb, err)
	for _, a := range answers {
		if a.Question == question {
			return a.Given, true
		}
	}
	return funnel.Given{}, false
}

// elsewhere is a line that Anna types in another chat.
func (o *office) elsewhere(tb testing.TB, line string) commands.Reply {
	tb.Helper()
	a := o.ask(o.anna, line)
	a.Door, a.Place = "telegram", "there"
	return o.answer(tb, a)
}

func TestADealIsQualifiedByItsAnswers(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")

	done := o.qualified(t, "acme")

	require.Equal(t, funnel.Promising, done.Result.Assessment.Verdict)
	require.InDelta(t, 8, done.Result.Assessment.Payback, 0.01, "60 of 90 a year, in months")
	require.Nil(t, done.Last)
	require.Empty(t, done.Different)
	d := o.deal(t, 1)
	require.Equal(t, "Invoices arrive two weeks late", d.Pain)
	require.Equal(t, funnel.Date{Year: 2026, Month: time.December, Day: 20}, d.Closing)
	require.Equal(t, int64(60_000_00), d.Amount.Minor)
	require.Len(t, d.Committee, 2)
	require.Equal(t, done.Result.Seq, d.Qualified.Seq)
	require.Equal(t, "propose_move", done.Offers[0].Label)

	moved := o.presses(t, done.Offers[0].Action)
	require.IsType(t, commands.Changed{}, moved)
	require.Equal(t, done.Result.Assessment.Stage, o.deal(t, 1).Stage)
}

func TestAQualificationIsTakenBackWhole(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")
	before := o.deal(t, 1)
	o.qualified(t, "acme")

	require.IsType(t, commands.Changed{}, o.types(t, "undo"))

	d := o.deal(t, 1)
	require.Nil(t, d.Qualified)
	require.Empty(t, d.Committee)
	require.Equal(t, before.Amount, d.Amount)
	require.Equal(t, before.Pain, d.Pain)
	_, known := o.kept(t, "task")
	require.True(t, known, "what was answered is still known")
}

func TestASecondQualificationShowsWhatIsOtherwise(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")
	o.qualified(t, "acme")

	review := o.types(t, "qualify acme")
	require.Equal(t, "review", asked(t, review), "what is known is not asked again")
	o.presses(t, commands.QuestionAction(question(t, review).Outcome.Summary.Token, dialog.ActEdit, "budget_amount"))
	require.Equal(t, "review", asked(t, o.types(t, "300k")))
	again, ok := o.types(t, "save").(commands.Qualified)

	require.True(t, ok)
	require.Equal(t, 2, again.Result.Seq)
	require.Equal(t, 1, again.Last.Seq)
	require.Len(t, again.Different, 1)
	require.Equal(t, "budget_amount", again.Different[0].Question)
	require.Equal(t, int64(60_000_00), again.Different[0].Was.Money.Minor)
	require.Equal(t, int64(300_000_00), again.Different[0].Is.Money.Minor)
}

func TestEveryAnswerIsStoredBeforeTheNextQuestion(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview() {
		o.types(t, a.says)
		g, known := o.kept(t, a.step)
		require.True(t, known, a.step)
		require.False(t, g.Skipped(), a.step)
	}
	g, _ := o.kept(t, "others")
	require.Equal(t, []string{"finance", "legal"}, g.Keys)
	g, _ = o.kept(t, "decider")
	require.Equal(t, "Carla Stone", g.Name)
}

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

func TestQualifyFillsAFormWithSeveralQuestions(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")
	form := func(action string, fields ...dialog.Field) commands.Reply {
		a := o.press(o.anna, action)
		a.Fields, a.Forms = fields, 6
		return o.answer(t, a)
	}
	reply := form("qualify:1:0")
	page := question(t, reply).Outcome.Page
	require.NotNil(t, page)
	require.LessOrEqual(t, len(page.Prompts), 6)
	fill := commands.QuestionAction(page.Token, dialog.ActFill, "")

	wrong := form(fill, dialog.Field{Step: "task", Text: "Send invoices"}, dialog.Field{Step: "cost_today", Text: "a lot"})
	again := question(t, wrong).Outcome.Page
	require.Equal(t, page.Token, again.Token)
	for _, p := range again.Prompts {
		require.Equal(t, p.Step == "cost_today", p.Problem != nil, p.Step)
	}
	g, _ := o.kept(t, "task")
	require.Equal(t, "Send invoices", g.Text, "what holds is kept at once")

	next := form(fill, dialog.Field{Step: "task", Text: "Send invoices"}, dialog.Field{Step: "cost_today", Text: "100k"})
	require.NotEqual(t, page.Token, question(t, next).Outcome.Page.Token)
	twice := form(fill, dialog.Field{Step: "task", Text: "Something else"})
	require.True(t, question(t, twice).Stale, "a form that was sent before")
	g, _ = o.kept(t, "task")
	require.Equal(t, "Send invoices", g.Text)
	require.NotNil(t, question(t, o.types(t, "?")).Outcome.Prompt, "without forms it asks one by one")
}

func TestSeveralAnswersArePickedOneByOne(t *testing.T) {
	t.Parallel()
	o := setup(t)
	reply := o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview()[:10] {
		reply = o.types(t, a.says)
	}
	pick := func(key string) {
		reply = o.presses(t, commands.QuestionAction(question(t, reply).Outcome.Prompt.Token, dialog.ActPick, key))
	}
	pick("finance")
	pick("legal")
	pick("finance")
	require.Equal(t, []string{"legal"}, question(t, reply).Outcome.Prompt.Picked)
	require.Equal(t, "decide_by", asked(t, o.types(t, "готово")))
	g, _ := o.kept(t, "others")
	require.Equal(t, []string{"legal"}, g.Keys)
}

func TestANotSuitableDealIsProposedToBeLost(t *testing.T) {
	t.Parallel()
	o := setup(t)
	reply := o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview() {
		says := a.says
		if a.step == "exclusions" {
			says = "1"
			for i, option := range question(t, reply).Outcome.Prompt.Options {
				if option.Key == "no_task" {
					says = fmt.Sprint(i + 1)
				}
			}
		}
		reply = o.types(t, says)
	}
	done, ok := o.types(t, "yes").(commands.Qualified)
	require.True(t, ok)
	require.Equal(t, funnel.NotAFit, done.Result.Assessment.Verdict)
	require.Equal(t, "propose_lost", done.Offers[0].Label)
	require.IsType(t, commands.Changed{}, o.presses(t, done.Offers[0].Action))
	d := o.deal(t, 1)
	require.Equal(t, funnel.Lost, d.Outcome)
	require.Equal(t, done.Result.Assessment.Reason, d.Reason)
}

func TestAClosedDealIsNotQualified(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "lost acme price")
	require.Equal(t, funnel.CodeDealLost, refusal(o.types(t, "qualify #1")))
	o.types(t, "new Bluefin, website")
	reply := o.types(t, "qualify bluefin")
	for _, a := range interview() {
		reply = o.types(t, a.says)
	}
	o.elsewhere(t, "lost #2 price")
	require.Equal(t, funnel.CodeDealLost, refusal(o.presses(t, control(t, reply, dialog.ActConfirm))))
	require.Zero(t, o.count(t, "dialogs WHERE ended_at IS NULL"))
}
