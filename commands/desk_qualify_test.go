package commands_test

import (
	"strconv"
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
					says = strconv.Itoa(i + 1)
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
