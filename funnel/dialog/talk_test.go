package dialog_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func TestADialogAsksInOrderAndEndsWithWhatWasConfirmed(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.asks("city")
	require.Equal(t, 1, k.out.Prompt.Position)
	require.Equal(t, 7, k.out.Prompt.Total, "questions about a car are not counted yet")
	require.Equal(t, []dialog.Control{dialog.CanHelp, dialog.CanCancel}, k.out.Prompt.Controls)

	k.says("  Tver ", "train", "2027-03-01", "2027-03-05", "500 EUR", "@anna")
	k.asks("insured")
	require.Equal(t, 7, k.out.Prompt.Position)

	out := k.says("да")
	require.Equal(t, dialog.Review, out.Result)
	require.Equal(t, []dialog.Control{dialog.CanConfirm, dialog.CanEdit, dialog.CanBack, dialog.CanHelp, dialog.CanCancel}, out.Summary.Controls)
	require.Len(t, out.Summary.Items, 7)

	out = k.does(dialog.Confirm())
	require.Equal(t, dialog.Finished, out.Result)
	require.Equal(t, dialog.Answers{
		"city": dialog.TextOf("Tver"), "transport": dialog.ChoiceOf("train", ""),
		"from": day(3, 1), "until": day(3, 5),
		"budget":    dialog.MoneyOf(funnel.Money{Minor: 50000, Currency: "EUR"}),
		"companion": dialog.PersonOf(dialog.Human{Name: "anna"}), "insured": dialog.YesNoOf(true),
	}, out.Answers)
}

func TestAShortScriptEndsWithItsLastAnswer(t *testing.T) {
	t.Parallel()
	script := trip()
	script.Summary = false
	script.Steps = script.Steps[:2]
	k := start(t, script, dialog.Answers{"city": dialog.TextOf("Tver")})
	k.asks("transport")
	out := k.says("2")
	require.Equal(t, dialog.Finished, out.Result)
	require.Equal(t, "plane", out.Answers.Choice("transport"))
	require.Equal(t, "Tver", out.Answers.Text("city"))
}

func TestWhatIsKnownIsNotAskedUnlessItDoesNotHold(t *testing.T) {
	t.Parallel()
	script := trip()
	script.Summary = false
	k := start(t, script, dialog.Answers{
		"city": dialog.TextOf("Tver"), "transport": dialog.ChoiceOf("boat", ""), "unknown": dialog.TextOf("x"),
		"from": day(3, 10), "until": day(3, 1), "budget": {}, "companion": dialog.TextOf("of another kind"),
	})
	k.refuses("transport", dialog.CodeOptionGone)
	k.says("train")
	k.refuses("until", "ends_before_it_begins")
	k.says("2027-03-12")
	k.asks("companion")
	out := k.does(dialog.Skip(), dialog.Answer("нет"))
	require.Equal(t, dialog.Finished, out.Result)
	require.Len(t, out.Answers, 7)

	everything := out.Answers
	_, out = dialog.Start(script, "d2", everything)
	require.Equal(t, dialog.Finished, out.Result)
	require.Equal(t, everything, out.Answers)
}

func TestAnswersAreReadByTheirKind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		step, text string
		want       dialog.Value
		code       funnel.Code
	}{
		{"city", "Нижний Новгород", dialog.TextOf("Нижний Новгород"), ""},
		{"city", "a\x00b\xff", dialog.TextOf("ab\uFFFD"), ""},
		{"city", " \t\n", dialog.Value{}, dialog.CodeEmpty},
		{"city", "\x00", dialog.Value{}, dialog.CodeEmpty},
		{"city", strings.Repeat("ы", 2000), dialog.TextOf(strings.Repeat("ы", 2000)), ""},
		{"city", strings.Repeat("ы", 2001), dialog.Value{}, dialog.CodeTooLong},
		{"transport", "1", dialog.ChoiceOf("train", ""), ""},
		{"transport", "3", dialog.ChoiceOf("own_car", "Blue Estate"), ""},
		{"transport", "TRAIN", dialog.ChoiceOf("train", ""), ""},
		{"transport", "самолет", dialog.ChoiceOf("plane", ""), ""},
		{"transport", "blue  estate", dialog.ChoiceOf("own_car", "Blue Estate"), ""},
		{"transport", "esta", dialog.ChoiceOf("own_car", "Blue Estate"), ""},
		{"transport", "night", dialog.Value{}, dialog.CodeAmbiguous},
		{"transport", "tate", dialog.Value{}, dialog.CodeNoOption}, // within a word
		{"transport", "t", dialog.Value{}, dialog.CodeNoOption},
		{"transport", "0", dialog.Value{}, dialog.CodeNoOption},
		{"transport", "4", dialog.Value{}, dialog.CodeNoOption},
		{"transport", "-1", dialog.Value{}, dialog.CodeNoOption},
		{"transport", "bicycle", dialog.Value{}, dialog.CodeNoOption},
		{"from", "2027-03-01", day(3, 1), ""},
		{"from", "2027-02-30", dialog.Value{}, dialog.CodeNotUnderstood},
		{"from", "01.02", dialog.Value{}, dialog.CodeAmbiguous},
		{"budget", "500 EUR", dialog.MoneyOf(funnel.Money{Minor: 50000, Currency: "EUR"}), ""},
		{"budget", "500", dialog.Value{}, "currency_missing"},
		{"budget", "some", dialog.Value{}, dialog.CodeNotUnderstood},
		{"budget", "", dialog.Value{}, ""},
		{"insured", "yes", dialog.YesNoOf(true), ""},
		{"insured", "2", dialog.YesNoOf(false), ""},
		{"insured", "нет", dialog.YesNoOf(false), ""},
		{"insured", "maybe", dialog.Value{}, dialog.CodeNotUnderstood},
		{"drivers", "2.5", dialog.NumberOf(2.5), ""},
		{"drivers", "", dialog.NumberOf(1), ""},
		{"drivers", "NaN", dialog.Value{}, dialog.CodeNotUnderstood},
		{"drivers", "-Inf", dialog.Value{}, dialog.CodeNotUnderstood},
	}
	for _, tt := range tests {
		t.Run(tt.step+" "+tt.text[:min(len(tt.text), 20)], func(t *testing.T) {
			t.Parallel()
			script := trip()
			for _, step := range script.Steps {
				if step.Key == tt.step {
					step.When = nil
					script.Steps = []dialog.Step{step}
				}
			}
			k := start(t, script, nil)
			k.says(tt.text)
			if tt.code != "" {
				k.refuses(tt.step, tt.code)
				return
			}
			require.Equal(t, tt.want, k.item(tt.step))
		})
	}
}

func TestAnAmbiguousAnswerOffersItsMeanings(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver", "night")
	k.refuses("transport", dialog.CodeAmbiguous)
	require.True(t, k.out.Prompt.Candidates)
	require.Equal(t, "train", k.out.Prompt.Options[0].Key)
	require.Equal(t, "plane", k.out.Prompt.Options[1].Key)
	k.says("2")
	k.asks("from")

	k.says("01.02")
	k.refuses("from", dialog.CodeAmbiguous)
	require.Len(t, k.out.Prompt.Options, 2)
	require.Equal(t, day(1, 2), k.out.Prompt.Options[0].Value)

	// Help does not take the offer away; the number means what was offered.
	k.does(dialog.Help())
	require.True(t, k.out.Prompt.Help)
	require.Len(t, k.out.Prompt.Options, 2)
	k.says("2")
	k.asks("until")
	require.Empty(t, k.out.Prompt.Options)
	k.says("01.02") // both meanings are offered, one does not hold
	k.does(dialog.Pick("1", k.out.Prompt.Token))
	k.refuses("until", "ends_before_it_begins")
	k.does(dialog.Pick("2", k.out.Prompt.Token), dialog.Skip(), dialog.Skip(), dialog.Answer("y"))
	require.Equal(t, day(2, 1), k.item("until"))
}

func TestNumbersDoNotPickWhereTheyAreAnswers(t *testing.T) {
	t.Parallel()
	scale := dialog.Options(dialog.Option{Key: "0"}, dialog.Option{Key: "1"}, dialog.Option{Key: "2"})
	five := dialog.Options(dialog.Option{Key: "usual", Value: dialog.NumberOf(5)})
	k := start(t, dialog.Script{Key: "s", Summary: true, Parsers: parsers(), Steps: []dialog.Step{
		{Key: "pulse", Kind: dialog.Choice, Options: scale},
		{Key: "people", Kind: dialog.Number, Options: five},
		{Key: "people2", Kind: dialog.Number, Options: five},
	}}, nil)
	require.False(t, k.out.Prompt.Numbered)
	k.says("1")
	require.False(t, k.out.Prompt.Numbered)
	k.says("1", "usual")
	require.Equal(t, "1", k.item("pulse").Key)
	require.Equal(t, dialog.NumberOf(1), k.item("people"))
	require.Equal(t, dialog.NumberOf(5), k.item("people2"))
}

func TestBackKeepsAnswersAndEnterAcceptsThem(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.does(dialog.Back())
	k.refuses("city", dialog.CodeFirst)

	k.says("Tver", "train")
	k.does(dialog.Back(), dialog.Back())
	k.asks("city")
	require.Equal(t, dialog.TextOf("Tver"), k.out.Prompt.Default)
	require.NotContains(t, k.out.Prompt.Controls, dialog.CanBack)
	k.says("")
	k.asks("from")
	k.does(dialog.Back())
	require.Equal(t, dialog.ChoiceOf("train", ""), k.out.Prompt.Default)
	k.says("plane")
	k.asks("from")
}

func TestSkipIsForOptionalQuestionsOnly(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.does(dialog.Skip())
	k.refuses("city", dialog.CodeRequired)
	k.says("Tver", "train", "2027-03-01", "2027-03-02")
	k.asks("budget")
	require.Contains(t, k.out.Prompt.Controls, dialog.CanSkip)
	k.does(dialog.Skip())
	k.says("", "да") // Enter skips where nothing is needed
	require.True(t, k.item("budget").Skipped())
	require.True(t, k.item("companion").Skipped())

	// A skipped answer can be given and taken away again.
	k.does(dialog.Edit("budget"), dialog.Answer("7 EUR"))
	require.False(t, k.item("budget").Skipped())
	k.does(dialog.Edit("budget"), dialog.Skip())
	require.True(t, k.item("budget").Skipped())
}

func TestHelpReturnsToTheQuestion(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	before := k.state
	out := k.does(dialog.Help())
	require.True(t, out.Prompt.Help)
	k.asks("city")
	require.Equal(t, before, k.state)
	k.says("Tver")
	require.False(t, k.out.Prompt.Help)
	k.asks("transport")
}

func TestCancelEndsWithoutAResult(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver")
	out := k.does(dialog.Cancel())
	require.Equal(t, dialog.Outcome{Result: dialog.Cancelled}, out)
	for _, in := range []dialog.Input{dialog.Answer("x"), dialog.Back(), dialog.Confirm(), dialog.Cancel(), dialog.Help()} {
		require.Equal(t, dialog.Outcome{Result: dialog.Stale}, k.does(in))
	}
}

func TestEditChangesOneAnswerAndReturns(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver", "train", "2027-03-01", "2027-03-02", "", "", "да")
	k.does(dialog.Edit("city"))
	k.asks("city")
	require.True(t, k.out.Prompt.Editing)
	k.says("Pskov")
	require.Equal(t, dialog.TextOf("Pskov"), k.item("city"))
	require.Equal(t, day(3, 1), k.item("from"))

	// Back from an edit changes nothing.
	k.does(dialog.Edit("transport"), dialog.Back())
	require.Equal(t, "train", k.item("transport").Key)

	// What cannot be edited is refused where it stands.
	out := k.does(dialog.Edit("plate"))
	require.Equal(t, dialog.CodeNoAnswer, out.Summary.Problem.Code)
	out = k.says("looks good")
	require.Equal(t, dialog.CodeConfirm, out.Summary.Problem.Code)
	out = k.says("")
	require.Equal(t, dialog.CodeConfirm, out.Summary.Problem.Code, "a second Enter must not confirm unseen")
}

func TestAnEditAsksWhatIsNewAndDropsWhatIsNoLongerAsked(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver", "train", "2027-03-01", "2027-03-02", "", "", "да")
	k.does(dialog.Edit("transport"), dialog.Answer("own_car"))
	k.asks("plate")
	k.says("A001AA")
	k.asks("drivers")
	require.Equal(t, dialog.NumberOf(1), k.out.Prompt.Default)
	k.says("2")
	require.Equal(t, dialog.TextOf("A001AA"), k.item("plate"))

	out := k.does(dialog.Edit("transport"), dialog.Answer("train"))
	require.Len(t, out.Summary.Items, 7)
	out = k.does(dialog.Confirm())
	require.NotContains(t, out.Answers, "plate")
	require.NotContains(t, out.Answers, "drivers")
}

func TestAnAnswerBehindAnOpenQuestionWaitsForIt(t *testing.T) {
	t.Parallel()
	k := start(t, dialog.Script{Key: "s", Summary: true, Steps: []dialog.Step{
		{Key: "trip", Kind: dialog.Choice, Options: dialog.Options(dialog.Option{Key: "there"}, dialog.Option{Key: "round"})},
		{Key: "length", Kind: dialog.Text, When: func(a dialog.Answers) bool { return a.Choice("trip") == "round" }},
		{Key: "pet", Kind: dialog.Text, When: func(a dialog.Answers) bool {
			return a.Choice("trip") == "there" || a.Text("length") == "long"
		}},
	}}, nil)
	k.says("there", "Rex")

	// Whether the pet is asked for is open until the length is known; if it is, the answer still stands.
	k.does(dialog.Edit("trip"), dialog.Answer("round"))
	k.asks("length")
	k.says("long")
	require.Equal(t, dialog.TextOf("Rex"), k.item("pet"))

	// If it is not, the answer goes, and does not come back.
	out := k.does(dialog.Edit("length"), dialog.Answer("short"))
	require.Len(t, out.Summary.Items, 2)
	k.does(dialog.Edit("length"), dialog.Answer("long"))
	k.asks("pet")
}

func TestAnEditThatBreaksALaterAnswerAsksForItWithTheReason(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver", "train", "2027-03-01", "2027-03-02", "", "", "да")
	k.does(dialog.Edit("from"), dialog.Answer("2027-04-01"))
	k.refuses("until", "ends_before_it_begins")
	require.True(t, k.out.Prompt.Default.Skipped(), "what does not hold is no default")
	k.says("2027-04-03")
	require.Equal(t, day(4, 3), k.item("until"))
	require.Equal(t, dialog.YesNoOf(true), k.item("insured"))
}

func TestAButtonOfAnOlderQuestionChangesNothing(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver")
	transport := k.out.Prompt.Token
	k.does(dialog.Pick("own_car", transport))
	k.asks("plate")

	// The same press once more, another button of the old prompt, a button of another dialog.
	before := k.state
	for _, in := range []dialog.Input{
		dialog.Pick("own_car", transport), dialog.Pick("train", transport), dialog.Cancel().Pressed(transport),
		dialog.Back().Pressed("d0.2"), dialog.Pick("train", ""),
		{Act: "dance"},
		{},
	} {
		out := k.does(in)
		require.Equal(t, dialog.Stale, out.Result)
		require.Equal(t, "plate", out.Prompt.Step)
		require.Equal(t, before, k.state)
	}

	// Back at the same question, the button of its first showing is old all the same.
	k.does(dialog.Back())
	require.Equal(t, dialog.Stale, k.does(dialog.Pick("train", transport)).Result)
	k.does(dialog.Pick("train", k.out.Prompt.Token))
	k.asks("from")
}

func TestAPickThatWasNotOfferedIsRefused(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver")
	k.does(dialog.Pick("rocket", k.out.Prompt.Token))
	k.refuses("transport", dialog.CodeNoOption)
}

func TestAnOptionThatIsGoneIsRefusedAndNumbersMeanWhatWasSeen(t *testing.T) {
	t.Parallel()
	options := []dialog.Option{{Key: "a"}, {Key: "b"}, {Key: "c"}}
	script := dialog.Script{Key: "s", Steps: []dialog.Step{
		{Key: "which", Kind: dialog.Choice, Options: func(dialog.Answers) []dialog.Option { return options }},
	}}
	k := start(t, script, nil)
	options = options[1:] // the world moved on after the question was shown
	before := k.out.Prompt.Token
	k.does(dialog.Pick("a", before))
	k.refuses("which", dialog.CodeOptionGone)
	require.Equal(t, dialog.Stale, k.does(dialog.Pick("b", before)).Result, "the buttons shown before are not those that stand")
	options = []dialog.Option{{Key: "a"}, {Key: "b"}, {Key: "c"}}
	out := k.says("1")
	require.Equal(t, "b", out.Answers.Choice("which"), "first of what was shown last")
}

func TestOnlyTheLastSummaryCanBeConfirmedByItsButton(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	require.Equal(t, dialog.CodeUnfinished, k.does(dialog.Confirm()).Prompt.Problem.Code)
	k.says("Tver", "train", "2027-03-01", "2027-03-02", "", "", "да")
	first := k.out.Summary.Token
	k.does(dialog.Edit("city").Pressed(first), dialog.Answer("Pskov"))
	require.Equal(t, dialog.Stale, k.does(dialog.Confirm().Pressed(first)).Result)
	last := k.out.Summary.Token
	require.Equal(t, dialog.Finished, k.does(dialog.Confirm().Pressed(last)).Result)
	require.Equal(t, dialog.Outcome{Result: dialog.Stale}, k.does(dialog.Confirm().Pressed(last)), "a double press finishes once")
}

func TestResumeShowsWhereItStood(t *testing.T) {
	t.Parallel()
	k := start(t, trip(), nil)
	k.says("Tver", "nothing like it")
	state, out := dialog.Resume(k.script, k.state)
	require.Equal(t, k.state, state)
	require.Equal(t, dialog.Ask, out.Result)
	require.Equal(t, "transport", out.Prompt.Step)
	require.Equal(t, k.out.Prompt.Token, out.Prompt.Token)

	k.says("train", "2027-03-01", "2027-03-02", "", "", "да")
	_, out = dialog.Resume(k.script, k.state)
	require.Equal(t, k.out, out)
	k.does(dialog.Confirm())
	_, out = dialog.Resume(k.script, k.state)
	require.Equal(t, k.out, out, "an effect that may not have happened can be made sure of")
}
