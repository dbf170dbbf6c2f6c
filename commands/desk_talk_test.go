package commands_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// control is the action of a control under the question that a reply is.
func control(tb testing.TB, r commands.Reply, act dialog.Act) string {
	tb.Helper()
	q := question(tb, r)
	if q.Outcome.Summary != nil {
		return commands.QuestionAction(q.Outcome.Summary.Token, act, "")
	}
	return commands.QuestionAction(q.Outcome.Prompt.Token, act, "")
}

func TestADialogGoesBackSkipsHelpsAndChangesAnAnswer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Equal(t, "company", asked(t, o.types(t, "new")))
	amount := o.types(t, "Acme")
	require.Equal(t, "amount", asked(t, amount))
	require.Equal(t, "company", asked(t, o.presses(t, control(t, amount, dialog.ActBack))))
	require.Equal(t, "amount", asked(t, o.types(t, "Acme Anvils")))
	help := o.types(t, "?")
	require.True(t, question(t, help).Outcome.Prompt.Help)
	require.Equal(t, "source", asked(t, o.types(t, "skip")))
	require.Equal(t, "review", asked(t, o.types(t, "пропустить")))
	require.Equal(t, "amount", asked(t, o.types(t, "сумма")))
	review := o.types(t, "12k")
	require.Equal(t, "review", asked(t, review))
	require.Equal(t, "company", asked(t, o.presses(t, commands.QuestionAction(question(t, review).Outcome.Summary.Token, dialog.ActEdit, "company"))))
	o.types(t, "Acme Hammers", "да")

	d := o.deal(t, 1)
	require.Equal(t, "Acme Hammers", d.CompanyName)
	require.Equal(t, int64(12_000_00), d.Amount.Minor)
}

func TestACommandInTheMiddleOfADialogShowsTheWayBack(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "new", "Globex")
	for _, line := range []string{"/show acme", "#1", "/двигай #1 предложение", "#99"} {
		aside, ok := o.types(t, line).(commands.Aside)
		require.True(t, ok, line)
		back := o.presses(t, aside.Back)
		require.Equal(t, "amount", asked(t, back), line)
		require.True(t, question(t, back).Again)
	}
	require.EqualValues(t, "proposal", o.deal(t, 1).Stage)
	o.types(t, "5k", "skip", "yes")
	require.Equal(t, "Globex", o.deal(t, 2).CompanyName)
}

func TestSeveralOpenDialogsKeepTheirAnswers(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "new Globex 3k")
	first := o.types(t, "new", "Initrode")
	o.types(t, "/lost #1")
	require.Equal(t, funnel.CodeNoDeal, refusal(o.types(t, "/back #99")))
	require.Equal(t, "source", asked(t, o.presses(t, control(t, first, dialog.ActSkip))))
	o.types(t, "skip", "yes")
	require.Equal(t, "Initrode", o.deal(t, 3).CompanyName)
	require.Equal(t, funnel.Open, o.deal(t, 1).Outcome)
	o.types(t, "price")
	require.Equal(t, funnel.Lost, o.deal(t, 1).Outcome)
}

func TestADialogOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	o := setup(t)
	lines := []string{"new", "Acme Anvils", "12k", "skip", "yes"}
	for _, line := range lines {
		o.types(t, line)
		o.start(t)
	}
	require.Equal(t, "Acme Anvils", o.deal(t, 1).CompanyName)
	require.Equal(t, 1, o.count(t, "deals"))
}

func TestADialogWhoseScriptHasChangedGoesOnWhereItCan(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new", "Acme Anvils", "12k")
	// Another version of the program asked a question that this one does not know.
	_, err := o.pool.Exec(t.Context(), `UPDATE sessions SET data =
		substring(data FOR 16) || convert_to(replace(replace(convert_from(substring(data FROM 17), 'UTF8'),
			'"script_version":1', '"script_version":0'), '"cursor":"source"', '"cursor":"mood"'), 'UTF8')`)
	require.NoError(t, err)
	o.start(t)
	stale := o.types(t, "website")
	require.Equal(t, "source", asked(t, stale))
	require.True(t, question(t, stale).Stale)
	o.types(t, "website", "yes")
	require.Equal(t, "site", o.deal(t, 1).Source)
	require.Equal(t, int64(12_000_00), o.deal(t, 1).Amount.Minor)
}

func TestAConversationThatCannotBeReadIsOver(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "new", "Globex")
	_, err := o.pool.Exec(t.Context(), `UPDATE sessions SET data = substring(data FOR 16) || '\x7b5b'`)
	require.NoError(t, err)
	o.start(t)
	require.IsType(t, commands.Changed{}, o.types(t, "#1 proposal"))
	require.Equal(t, "company", asked(t, o.types(t, "new")))
}

func TestButtonsOfSettledQuestionsAreAnswered(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	q := o.types(t, "lost #1")
	press := commands.QuestionAction(question(t, q).Outcome.Prompt.Token, dialog.ActPick, "price")
	require.IsType(t, commands.Changed{}, o.presses(t, press))
	require.Equal(t, commands.CodeQuestionOver, refusal(o.presses(t, press)), "a double press")
	require.Equal(t, 1, o.count(t, "changes WHERE verb = 'lost'"))
}

func TestAnOldButtonOfAQuestionIsNoAnswerToTheNext(t *testing.T) {
	t.Parallel()
	o := setup(t)
	q := o.types(t, "new", "Acme Anvils")
	skip := control(t, q, dialog.ActSkip)
	require.Equal(t, "source", asked(t, o.presses(t, skip)))
	again := o.presses(t, skip)
	require.Equal(t, "source", asked(t, again))
	require.True(t, question(t, again).Stale)
}

func TestADoublePressHasOneEffect(t *testing.T) {
	t.Parallel()
	o := setup(t)
	changed := o.types(t, "new Acme 12k", "log #1 call")
	var move string
	for _, b := range actions(changed) {
		if b.label == "move" {
			move = b.action
		}
	}
	require.NotEmpty(t, move)
	other := o.second(t)
	first, second := o.press(o.anna, move), o.press(o.anna, move)
	codes := make([]funnel.Code, 2)
	var all sync.WaitGroup
	for i, desk := range []*commands.Desk{o.desk, other.desk} {
		all.Go(func() {
			if reply, _, err := desk.Answer(t.Context(), []commands.Ask{first, second}[i]); err == nil {
				codes[i] = refusal(reply)
			} else {
				codes[i] = funnel.Code(err.Error())
			}
		})
	}
	all.Wait()
	require.ElementsMatch(t, []funnel.Code{"", funnel.CodeStale}, codes)
	require.Equal(t, 1, o.count(t, "moves WHERE kind = 'move' OR kind = 'advance'")+o.count(t, "changes WHERE verb = 'move'")-
		o.count(t, "moves WHERE kind = 'move' OR kind = 'advance'"))
}

func TestAnOldButtonAsksNothing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	old := "lost:1:1"
	o.types(t, "#1 proposal")
	for _, action := range []string{old, "log:1:1", "next:1:1", "set:1:1:amount", "done:1:1", "won:1:1", "park:1:1", "move:1:1:negotiation"} {
		require.Equal(t, funnel.CodeStale, refusal(o.presses(t, action)), action)
	}
}

func TestNotesThatTookTimeAreKeptAlthoughTheDealWentOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnel.Rep)
	o.types(t, "new Acme 12k")
	o.advance(time.Minute)
	require.Equal(t, "activity", asked(t, o.presses(t, "log:1:1")))
	o.answer(t, o.ask(boris, "#1 proposal"))
	o.types(t, "call", "they want an offer")
	require.Equal(t, 1, o.count(t, "activities WHERE text = 'they want an offer'"))
}

func TestAnAnswerThatReadsLikeACommandNamesNoDealByChance(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils 1k", "new Globex 2k", "new Globex 3k", "2")
	o.types(t, "won globex")
	reply := o.types(t, "park acmee")
	require.Equal(t, "deal", asked(t, reply))
	require.Equal(t, "park acmee", question(t, reply).Command)
	require.Zero(t, o.count(t, "deals WHERE outcome = 'won'"))
}

func TestACommandThatIsNoAnswerIsOneButtonAway(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils 1k", "new Globex 2k", "move globex")
	reply := question(t, o.types(t, "park acmee in a month"))
	require.Len(t, reply.Offers, 1)
	require.Equal(t, commands.Offer{Label: "do_it", Action: ">park acmee in a month", Name: "park acmee in a month"}, reply.Offers[0])
	aside, ok := o.presses(t, reply.Offers[0].Action).(commands.Aside)
	require.True(t, ok, "the question stays open")
	require.IsType(t, commands.Changed{}, aside.Reply)
	parked := o.deal(t, 1)
	require.True(t, parked.Parked())

	long := question(t, o.types(t, "park acmee in a month, "+strings.Repeat("because ", 8)))
	require.NotEmpty(t, long.Command)
	require.Empty(t, long.Offers, "it fits no button")
}

func TestACommandThatIsNoAnswerIsNoButtonForEverybody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils 1k", "new Globex 2k", "move globex")
	a := o.ask(o.anna, "park acmee in a month")
	a.Venue = commands.Venue{External: "C1", Chat: &funnel.Chat{Internal: true}}
	reply := question(t, o.answer(t, a))
	require.NotEmpty(t, reply.Command)
	require.Empty(t, reply.Offers)
}

func TestATextTooLongForItsFieldIsRefusedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	for _, line := range []string{
		"lost #1 " + strings.Repeat("a<<<<<<<", 1998), "lost #1 " + strings.Repeat("много ", 2500), "park #1 " + strings.Repeat("я ", 7900),
		"log " + strings.Repeat("qq ww ", 2500), "find " + strings.Repeat("<b> ", 3900),
	} {
		reply := o.types(t, line)
		require.NotEmpty(t, refusal(reply), "%.300s", written(t, reply))
		require.IsType(t, commands.Card{}, o.types(t, "#1"))
	}
}

func TestAConversationKeepsWhatFits(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	long := strings.Repeat("a<<<<<<<", 490)
	for range 10 {
		require.Equal(t, "reason", asked(t, o.types(t, "lost #1 "+long)))
		require.IsType(t, commands.Changed{}, o.types(t, "price"))
		require.IsType(t, commands.Changed{}, o.types(t, "reopen #1"))
	}
	for range 4 {
		o.types(t, "/lost #1 "+long)
	}
	require.IsType(t, commands.Changed{}, o.types(t, "price"))
}

func TestACurrencyIsAskedForByItsName(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "set #1", "currency")
	bad := question(t, o.types(t, "shells")).Outcome.Prompt
	require.Equal(t, funnel.CodeBadValue, bad.Problem.Code)
	o.types(t, "евро")
	require.Equal(t, funnel.Money{Minor: 12_000_00, Currency: "EUR"}, o.deal(t, 1).Amount)
	o.types(t, "set #1 currency jpy")
	require.Equal(t, funnel.Money{Minor: 12_000, Currency: "JPY"}, o.deal(t, 1).Amount, "the number that people see")
}

func TestAListIsNoAnswerInOnesOwnWords(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	require.Equal(t, "text", asked(t, o.types(t, "next #1 friday")))
	reply, ok := o.types(t, "list lost").(commands.Aside)
	require.True(t, ok)
	require.IsType(t, commands.Deals{}, reply.Reply)
	changed, ok := o.types(t, "list what they need").(commands.Changed)
	require.True(t, ok)
	require.Equal(t, "list what they need", changed.Deal.Next.What)
}

func TestThanksAreNoDeal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "next acme call friday")

	require.Equal(t, commands.CodeCourtesy, refusal(o.types(t, "Thanks!")))
	require.Equal(t, commands.CodeCourtesy, refusal(o.types(t, "Спасибо большое :)")), "whatever the language")
	require.Equal(t, commands.CodeCourtesy, refusal(o.types(t, "done acme", "ok")), "an offer needs no other answer")
	require.True(t, o.deal(t, 1).Next.IsZero(), "it is no step")
	require.IsType(t, commands.Deals{}, o.types(t, "list"), "nothing is asked any more")
}

func TestAnOfferThatIsSkippedIsDeclined(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "next acme call friday")

	for _, no := range []string{"skip", "no", "не надо", "cancel"} {
		a := o.ask(o.anna, no)
		o.types(t, "next acme call friday", "done acme")
		a.At = o.now()
		require.Equal(t, commands.Cancelled{Verb: commands.VerbNext, Declined: true}, o.answer(t, a), no)
		require.Equal(t, commands.Cancelled{Verb: commands.VerbNext, Declined: true}, o.answer(t, a), "delivered again")
	}
	require.Equal(t, commands.Cancelled{Verb: commands.VerbLost}, o.types(t, "lost acme", "cancel"), "what was begun and not done")
}

func TestAStageAloneIsAboutTheDealThatIsSpokenOf(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "new Bluefin, 5k, website")
	a := o.ask(o.anna, "qualification")
	a.About = o.deal(t, 1).ID

	require.IsType(t, commands.Changed{}, o.answer(t, a))
	require.Equal(t, funnel.StageKey("qualification"), o.deal(t, 1).Stage)
	require.IsType(t, commands.Deals{}, o.types(t, "negotiation"), "elsewhere it asks who is there")
}

func TestWhatHappenedIsToldInOnesOwnWords(t *testing.T) {
	t.Parallel()
	for said, kind := range map[string]funnel.ActivityKind{"they called and like it": funnel.Call, "nothing new so far": funnel.Note} {
		o := setup(t)
		require.Equal(t, "activity", asked(t, o.types(t, "new Acme Anvils, 12k, website", "log acme")))

		require.IsType(t, commands.Changed{}, o.types(t, said))

		require.Equal(t, kind, o.deal(t, 1).Recent[0].Kind)
		require.Contains(t, said, o.deal(t, 1).Recent[0].Text)
		require.IsType(t, commands.Deals{}, o.types(t, "list"), "nothing is asked any more")
	}
}

func TestNothingIsCancelledWhereNothingIsAsked(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "set acme title nets")
	for _, word := range []string{"cancel", "skip", "стоп", "пропустить", "отмена", "Отмена!", "отменить", "/cancel", "/отмена", "/skip", "jnvtyf"} {
		require.Equal(t, commands.CodeNothingOpen, refusal(o.types(t, word)), word)
	}
	require.Equal(t, "nets", o.deal(t, 1).Title, "nothing is taken back by a word that ends questions")
	require.IsType(t, commands.Changed{}, o.types(t, "отмени"))
	require.Empty(t, o.deal(t, 1).Title)
}
