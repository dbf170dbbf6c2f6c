package dialog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// order is a script in three groups whose follow-up looks at a question of the first.
func order(page int) dialog.Script {
	kinds := dialog.Options(dialog.Option{Key: "box"}, dialog.Option{Key: "letter"})
	extras := dialog.Options(dialog.Option{Key: "fragile"}, dialog.Option{Key: "express"}, dialog.Option{Key: "insured"})
	return dialog.Script{Key: "order", Version: 1, Summary: true, Page: page, Parsers: parsers(), Steps: []dialog.Step{
		{Key: "what", Group: "goods", Kind: dialog.Choice, Options: kinds, Needs: []string{}},
		{
			Key: "weight", Group: "goods", Kind: dialog.Number, Needs: []string{"what"},
			When: func(a dialog.Answers) bool { return a.Choice("what") == "box" },
		},
		{Key: "to", Group: "way", Kind: dialog.Text},
		{Key: "day", Group: "way", Kind: dialog.Date, Optional: true},
		{Key: "extras", Group: "way", Kind: dialog.Several, Options: extras, Needs: []string{}, Optional: true},
		{Key: "price", Group: "money", Kind: dialog.Money, Optional: true},
		{
			Key: "bonus", Group: "money", Kind: dialog.Money, Optional: true, Needs: []string{"price"},
			When: func(a dialog.Answers) bool { return a.Given("price") },
		},
	}}
}

// shows requires that the page has these questions, and these only.
func (k *talk) shows(steps ...string) {
	k.Helper()
	require.Nil(k, k.out.Prompt)
	require.NotNil(k, k.out.Page)
	shown := make([]string, 0, len(steps))
	for _, p := range k.out.Page.Prompts {
		require.Equal(k, k.out.Page.Token, p.Token)
		shown = append(shown, p.Step)
	}
	require.Equal(k, steps, shown)
	require.Equal(k, k.state.Token(), k.out.Page.Token)
}

// fills sends the page that stands.
func (k *talk) fills(fields ...dialog.Field) {
	k.Helper()
	k.does(dialog.Fill(k.state.Token(), fields...))
}

// at returns the question of the page.
func (k *talk) at(step string) dialog.Prompt {
	k.Helper()
	for _, p := range k.out.Page.Prompts {
		if p.Step == step {
			return p
		}
	}
	require.Fail(k, "not on the page", step)
	return dialog.Prompt{}
}

func (k *talk) problems() map[string]funnel.Code {
	k.Helper()
	codes := map[string]funnel.Code{}
	for _, p := range k.out.Page.Prompts {
		if p.Problem != nil {
			codes[p.Step] = p.Problem.Code
		}
	}
	return codes
}

func field(step, text string) dialog.Field { return dialog.Field{Step: step, Text: text} }

func chosen(step string, keys ...string) dialog.Field { return dialog.Field{Step: step, Keys: keys} }

func TestAPageAsksWhatDoesNotDependOnIt(t *testing.T) {
	t.Parallel()
	k := start(t, order(10), nil)
	k.shows("what", "to", "day", "extras", "price")
	require.Equal(t, []dialog.Control{dialog.CanHelp, dialog.CanCancel}, k.out.Page.Controls)
	require.Equal(t, 1, k.out.Page.Position)
	require.True(t, k.at("extras").Optional)
	require.Equal(t, "way", k.at("extras").Group)

	k.fills(chosen("what", "box"), field("to", " Tver "), chosen("extras", "insured", "fragile"), field("price", "5 EUR"))
	k.shows("weight", "bonus")
	require.Equal(t, 2, k.out.Page.Position)
	require.Equal(t, []dialog.Control{dialog.CanBack, dialog.CanHelp, dialog.CanCancel}, k.out.Page.Controls)

	k.fills(field("weight", "12"), field("bonus", ""), field("to", "ignored here"), field("unknown", "x"))
	require.Equal(t, dialog.TextOf("Tver"), k.item("to"))
	require.Equal(t, dialog.SeveralOf("fragile", "insured"), k.item("extras"))
	require.True(t, k.item("day").Skipped())
	require.True(t, k.item("bonus").Skipped())
	require.Equal(t, dialog.Finished, k.does(dialog.Confirm()).Result)
}

func TestAPageEndsWithItsGroupWhereNotEverythingFits(t *testing.T) {
	t.Parallel()
	k := start(t, order(3), nil)
	k.shows("what")
	k.fills(chosen("what", "letter"))
	k.shows("to", "day", "extras")
	k = start(t, order(2), dialog.Answers{"what": dialog.ChoiceOf("letter", "")})
	k.shows("to", "day")
	k.fills(field("to", "Tver"))
	k.shows("extras", "price")
	k = start(t, order(1), nil)
	k.shows("what")
	k.fills(chosen("what", "box"))
	k.shows("weight")
}

func TestAStepThatNamesNoNeedsNeedsAllBeforeIt(t *testing.T) {
	t.Parallel()
	script := order(10)
	script.Steps[4].Needs = nil
	k := start(t, script, nil)
	k.shows("what", "to", "day", "price")
	k.fills(chosen("what", "letter"), field("to", "Tver"))
	k.shows("extras")
}

func TestWhatHangsOnAHiddenQuestionWaitsForWhatHidesIt(t *testing.T) {
	t.Parallel()
	script := order(10)
	script.Steps = append(script.Steps, dialog.Step{
		Key: "lift", Kind: dialog.YesNo, Needs: []string{"weight"}, When: func(a dialog.Answers) bool { return a.Number("weight") < 5 },
	})
	k := start(t, script, nil)
	k.shows("what", "to", "day", "extras", "price")
}

func TestAPageWithProblemsKeepsWhatHoldsAndStands(t *testing.T) {
	t.Parallel()
	k := start(t, order(10), nil)
	token := k.out.Page.Token
	k.fills(chosen("what", "rocket"), field("day", "01.02"), chosen("extras", "express"), field("price", "5"))
	k.shows("what", "to", "day", "extras", "price")
	require.Equal(t, token, k.out.Page.Token)
	require.Equal(t, map[string]funnel.Code{
		"what": dialog.CodeOptionGone, "to": dialog.CodeEmpty, "day": dialog.CodeAmbiguous, "price": "currency_missing",
	}, k.problems())
	require.Equal(t, funnel.Args{"answer": "01.02"}, k.at("day").Problem.Args)
	require.True(t, k.at("day").Candidates)
	require.Equal(t, day(1, 2), k.at("day").Options[0].Value)
	require.Equal(t, dialog.Answers{"extras": dialog.SeveralOf("express")}, k.state.Answers)
	require.Equal(t, []string{"express"}, k.at("extras").Picked)

	// The same form, mended: the form of the door still has the token it was made with.
	k.does(dialog.Fill(token, chosen("what", "letter"), field("to", "Tver"), field("day", "2027-02-01"), field("price", "5 EUR")))
	k.shows("bonus")
	require.True(t, k.state.Answers["extras"].Skipped(), "a field that was emptied skips its question")
	out := k.does(dialog.Fill(token, chosen("what", "box")))
	require.Equal(t, dialog.Stale, out.Result)
	k.shows("bonus")
}

func TestAnEmptiedFieldDoesNotTakeTheDefault(t *testing.T) {
	t.Parallel()
	script := dialog.Script{Key: "s", Summary: true, Page: 5, Parsers: parsers(), Steps: []dialog.Step{
		{Key: "a", Kind: dialog.Number, Optional: true, Needs: []string{}, Default: func(dialog.Answers) dialog.Value { return dialog.NumberOf(1) }},
		{Key: "b", Kind: dialog.Number, Needs: []string{}, Default: func(dialog.Answers) dialog.Value { return dialog.NumberOf(2) }},
	}}
	k := start(t, script, nil)
	k.shows("a", "b")
	require.Equal(t, dialog.NumberOf(1), k.at("a").Default)
	k.fills()
	require.Equal(t, map[string]funnel.Code{"b": dialog.CodeEmpty}, k.problems())
	require.True(t, k.state.Answers["a"].Skipped())
	require.Equal(t, dialog.NumberOf(2), k.at("b").Default)
	k.fills(field("b", "2"))
	require.True(t, k.item("a").Skipped())
}

func TestBackOnAPageIsThePageBefore(t *testing.T) {
	t.Parallel()
	k := start(t, order(3), nil)
	k.does(dialog.Back())
	k.shows("what")
	require.Equal(t, dialog.CodeFirst, k.problems()["what"])
	k.fills(chosen("what", "letter"))
	k.fills(field("to", "Tver"))
	k.shows("price")
	k.does(dialog.Back())
	k.shows("to", "day", "extras")
	require.Equal(t, dialog.TextOf("Tver"), k.at("to").Default)
	k.does(dialog.Back())
	k.shows("what")
	k.fills(chosen("what", "box"))
	k.shows("weight", "price")
	k.fills(field("weight", "2"), field("price", ""))

	// From the summary too; an emptied field takes an answer back, and a needed one stays what it was.
	k.does(dialog.Back())
	k.shows("price")
	k.does(dialog.Back())
	k.shows("to", "day", "extras")
	k.fills(field("to", ""))
	require.Equal(t, map[string]funnel.Code{"to": dialog.CodeEmpty}, k.problems())
	k.fills(field("to", "Pskov"))
	require.Equal(t, dialog.TextOf("Pskov"), k.item("to"))
}

func TestAFormThatIsLeftKeepsWhatHoldsInIt(t *testing.T) {
	t.Parallel()
	k := start(t, order(3), nil)
	k.fills(chosen("what", "letter"))
	k.shows("to", "day", "extras")
	token := k.state.Token()
	k.does(dialog.Input{Act: dialog.ActBack, Token: token, Fields: []dialog.Field{field("to", "Tver"), field("day", "someday"), field("price", "5")}})
	k.shows("what")
	require.Equal(t, dialog.TextOf("Tver"), k.state.Answers["to"])
	require.NotContains(t, k.state.Answers, "day", "what does not hold is asked again")
	require.NotContains(t, k.state.Answers, "extras", "what was left empty is not skipped")
	require.NotContains(t, k.state.Answers, "price", "it was not asked there")

	script := order(3)
	script.Pausable = true
	aside := start(t, script, nil)
	aside.does(dialog.Input{Act: dialog.ActLater, Token: aside.state.Token(), Fields: []dialog.Field{chosen("what", "letter"), field("to", " ")}})
	require.Equal(t, dialog.Paused, aside.out.Result)
	require.Equal(t, "letter", aside.state.Answers.Choice("what"))
	require.Len(t, aside.state.Answers, 1)

	// An edit that is left changes nothing.
	k = start(t, order(9), dialog.Answers{
		"what": dialog.ChoiceOf("letter", ""), "to": dialog.TextOf("Tver"), "day": {}, "extras": {}, "price": {},
	})
	k.does(dialog.Edit("to"))
	k.does(dialog.Input{Act: dialog.ActBack, Token: k.state.Token(), Fields: []dialog.Field{field("to", "Pskov")}})
	require.Equal(t, dialog.TextOf("Tver"), k.item("to"))
}

func TestAnEditIsAPageOfOne(t *testing.T) {
	t.Parallel()
	k := start(t, order(10), nil)
	k.fills(chosen("what", "letter"), field("to", "Tver"))
	require.Equal(t, dialog.Review, k.out.Result)
	k.does(dialog.Edit("to"))
	k.shows("to")
	require.True(t, k.at("to").Editing)
	k.does(dialog.Back())
	require.Equal(t, dialog.Review, k.out.Result)
	k.does(dialog.Edit("what"))
	k.fills(chosen("what", "box"))
	k.shows("weight")
	k.fills(field("weight", "1"))
	require.Equal(t, dialog.Review, k.out.Result)
}

func TestWordsAndButtonsAnswerTheFirstOpenQuestionOfAPage(t *testing.T) {
	t.Parallel()
	k := start(t, order(10), nil)
	k.does(dialog.Answer("nothing like it"))
	require.Equal(t, map[string]funnel.Code{"what": dialog.CodeNoOption}, k.problems())
	k.says("letter")
	k.shows("to", "day", "extras", "price")
	k.says("Tver", "01.02")
	k.shows("day", "extras", "price")
	require.True(t, k.at("day").Candidates)
	k.does(dialog.Pick("2", k.state.Token()))
	require.Equal(t, day(2, 1), k.state.Answers["day"])
	k.does(dialog.Pick("express", k.state.Token()))
	k.shows("extras", "price")
	require.Equal(t, []string{"express"}, k.at("extras").Picked)
	k.does(dialog.Done(), dialog.Skip())
	require.Equal(t, dialog.SeveralOf("express"), k.item("extras"))
}

func TestAnotherPlaceShowsTheSameInItsWay(t *testing.T) {
	t.Parallel()
	k := start(t, order(10), nil)
	page := k.out.Page.Token

	k.script.Page = 0
	k.state, k.out = dialog.Resume(k.script, k.state)
	k.asks("what")
	require.Equal(t, dialog.Stale, k.does(dialog.Fill(page, chosen("what", "box"))).Result)
	k.does(dialog.Pick("box", k.out.Prompt.Token))
	k.asks("weight")

	// What is pressed where it was shown last is taken; the next showing is as the place can.
	button := k.out.Prompt.Token
	k.script.Page = 10
	k.does(dialog.Answer("7"))
	k.shows("to", "day", "extras", "price")
	require.Equal(t, dialog.Stale, k.does(dialog.Back().Pressed(button)).Result)
	k.script.Page = 0
	k.fills(field("to", "Tver"), field("day", "soon"))
	k.refuses("day", dialog.CodeNotUnderstood)
	require.Equal(t, "Tver", k.state.Answers.Text("to"))
	k.says("2027-02-01")
	require.Equal(t, dialog.Review, k.out.Result)
}

func TestAFormOfAnOlderScriptAnswersWhatIsStillAsked(t *testing.T) {
	t.Parallel()
	k := start(t, order(10), nil)
	k.script.Version = 2
	k.script.Steps = append([]dialog.Step{{Key: "who", Kind: dialog.Text, Group: "goods", Optional: true}}, k.script.Steps[1:]...)
	k.fills(chosen("what", "box"), field("to", "Tver"))
	k.shows("who")
	require.NotContains(t, k.state.Answers, "who", "what nobody saw is not skipped")
	require.Equal(t, "Tver", k.state.Answers.Text("to"))
}

func TestChangedSaysWhatToStore(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver", "own_car", "A001AA", "2", "2027-03-01")
	before := k.state
	k.does(dialog.Back(), dialog.Edit("transport"), dialog.Answer("train"))
	given, dropped := k.state.Changed(before)
	require.Equal(t, map[string]dialog.Value{"transport": dialog.ChoiceOf("train", "")}, given)
	require.Equal(t, []string{"drivers", "plate"}, dropped)
	given, dropped = k.state.Changed(k.state)
	require.Empty(t, given)
	require.Empty(t, dropped)
}
