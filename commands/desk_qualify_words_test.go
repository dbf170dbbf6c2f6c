package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// until begins to qualify deal 1 and answers every question before the step.
func (o *office) until(tb testing.TB, step string) commands.Reply {
	tb.Helper()
	o.types(tb, "new Acme Anvils, website")
	reply := o.types(tb, "qualify acme")
	for _, a := range interview() {
		if a.step == step {
			break
		}
		require.Equal(tb, a.step, asked(tb, reply), written(tb, reply))
		reply = o.types(tb, a.says)
	}
	require.Equal(tb, step, asked(tb, reply))
	return reply
}

func TestACommandIsNobodysName(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.until(t, "decider")
	for _, line := range []string{"show 128", "люди 318", "people"} {
		q := question(t, o.types(t, line))
		require.Equal(t, "decider", q.Outcome.Prompt.Step, line)
		require.Equal(t, dialog.CodeNotUnderstood, q.Outcome.Prompt.Problem.Code, line)
		require.Equal(t, line, q.Command, "what was typed is offered as a command")
	}
	_, known := o.kept(t, "decider")
	require.False(t, known)
	require.Equal(t, "signer", asked(t, o.types(t, "Mark Showalter")), "a name that only begins like a command")
}

func TestDoneSavesTheSummary(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"done", "готово", "save", "сохрани"} {
		o := setup(t)
		o.types(t, "new Acme Anvils, website", "qualify acme")
		for _, a := range interview() {
			o.types(t, a.says)
		}
		require.IsType(t, commands.Qualified{}, o.types(t, word), word)
	}
}

func TestTheSamePersonIsNamedInFewWords(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"the same", "Same person", "same", "он же", "Она же.", "тот же", "та же", "1"} {
		o := setup(t)
		signer := question(t, o.until(t, "signer"))
		require.Equal(t, "Carla Stone", signer.Outcome.Prompt.Options[0].Label)
		require.Equal(t, "others", asked(t, o.types(t, words)), words)
		g, _ := o.kept(t, "signer")
		require.Equal(t, "Carla Stone", g.Name, words)
	}
	o := setup(t)
	o.until(t, "decider")
	require.Equal(t, dialog.CodeNotUnderstood, question(t, o.types(t, "the same")).Outcome.Prompt.Problem.Code, "nobody was named yet")
}

func TestYesAcceptsWhatAQuestionOffersByItself(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"yes", "да", "OK"} {
		o := setup(t)
		o.until(t, "budget_source")
		require.Equal(t, "budget_amount", asked(t, o.types(t, "back")))
		require.Equal(t, "budget_source", asked(t, o.types(t, word)), word)
		g, _ := o.kept(t, "budget_amount")
		require.Equal(t, int64(6_000_000), g.Money.Minor)
	}
	o := setup(t)
	o.until(t, "cost_today")
	o.types(t, "back")
	require.Equal(t, "cost_today", asked(t, o.types(t, "yes")))
	g, _ := o.kept(t, "pain")
	require.Equal(t, "yes", g.Text, "in a text it is the answer")
}

func TestAnOptionThatExcludesTheOthersIsChosenAlone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.until(t, "others")
	p := question(t, o.types(t, "nobody, legal")).Outcome.Prompt
	require.Equal(t, funnel.CodeOnlyOption, p.Problem.Code)
	require.Equal(t, "Nobody else", p.Problem.Args["option"])
	_, known := o.kept(t, "others")
	require.False(t, known)
	require.Equal(t, "decide_by", asked(t, o.types(t, "nobody")))
}

func TestTheSamePersonIsUnderstoodOnAPage(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")
	a := o.ask(o.anna, "qualify acme")
	a.Forms = 40
	page := question(t, o.answer(t, a)).Outcome.Page
	keys := map[string]bool{}
	fields := []dialog.Field{{Step: "task", Text: "Send invoices"}, {Step: "decider", Text: "Carla Stone"}, {Step: "signer", Text: "он же"}}
	for _, p := range page.Prompts {
		keys[p.Step] = true
	}
	require.True(t, keys["decider"] && keys["signer"], "both are asked at once")
	a = o.ask(o.anna, "")
	a.Forms, a.Action, a.Fields = 40, "~"+page.Token+"~fill", fields
	o.answer(t, a)
	g, _ := o.kept(t, "signer")
	require.Equal(t, "Carla Stone", g.Name)
}

func TestSomebodyWithAPositionIsOfferedOnceWhenADealIsQualifiedAgain(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "qualify acme")
	for _, a := range interview() {
		says := a.says
		if a.step == "decider" {
			says += ", CFO"
		}
		o.types(t, says)
	}
	require.IsType(t, commands.Qualified{}, o.types(t, "yes"))
	require.Equal(t, "CFO", o.chair(t, "Carla Stone").Person.Position)

	review := question(t, o.types(t, "qualify acme"))
	signer := question(t, o.presses(t, commands.QuestionAction(review.Outcome.Summary.Token, dialog.ActEdit, "signer")))

	offered := map[string]int{}
	for _, option := range signer.Outcome.Prompt.Options {
		name, _ := funnel.NameAndPosition(option.Label, nil)
		offered[name]++
	}
	require.Equal(t, 1, offered["Carla Stone"], "%v", signer.Outcome.Prompt.Options)
}
