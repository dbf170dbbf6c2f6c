package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// hands gives the bot something to keep and returns the question about it.
func (o *office) hands(tb testing.TB, clip commands.Clip) commands.Question {
	tb.Helper()
	a := o.ask(o.anna, "")
	a.Clip = &clip
	return question(tb, o.answer(tb, a))
}

// option is the action of the option of that key.
func option(tb testing.TB, q commands.Question, key string) string {
	tb.Helper()
	for _, o := range asking(q) {
		if o.action == commands.QuestionAction(q.Outcome.Prompt.Token, "pick", key) {
			return o.action
		}
	}
	require.Fail(tb, "no such option", "%s in %+v", key, q.Outcome.Prompt.Options)
	return ""
}

func TestAForwardedMessageIsLoggedToTheDealThatIsChosen(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "new Bluefin Robotics, 5k, website")
	written := o.now().Add(-26 * time.Hour)

	q := o.hands(t, commands.Clip{
		Kind: commands.ClipMessage, From: "Carla at Acme", Text: "we need the offer by Monday", Ref: "https://chat.example/p1", At: written,
	})
	require.Equal(t, "#2", q.Outcome.Prompt.Options[0].Key, "the deal that was spoken of last comes first")
	done, ok := o.presses(t, option(t, q, "#1")).(commands.Changed)

	require.True(t, ok)
	require.Len(t, done.Activities, 1)
	a := o.deal(t, 1).Recent[0]
	require.Equal(t, "Carla at Acme: we need the offer by Monday", a.Text)
	require.Equal(t, funnel.Incoming, a.Direction)
	require.Equal(t, "message:https://chat.example/p1", a.Ref)
	require.Equal(t, written.Truncate(time.Minute), a.At)
}

func TestAFileBeginsANewDeal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	q := o.hands(t, commands.Clip{Kind: commands.ClipFile, Name: "tender.pdf", Ref: "F1"})
	require.Equal(t, "company", asked(t, o.presses(t, option(t, q, commands.ClipNew))))
	require.Equal(t, "review", asked(t, o.types(t, "Acme Anvils", "12k", "website")))
	o.types(t, "yes")

	view := o.deal(t, 1)
	require.Equal(t, "Acme Anvils", view.CompanyName)
	require.Len(t, view.Recent, 1)
	require.Equal(t, "tender.pdf", view.Recent[0].Text)
	require.Equal(t, "file:F1", view.Recent[0].Ref)
}

func TestAnOfferToLogIsDeclinedByGoingOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website")
	o.hands(t, commands.Clip{Kind: commands.ClipVoice, Ref: "V1"})
	_, listed := o.types(t, "list mine").(commands.Deals)
	require.True(t, listed)
	require.Empty(t, o.deal(t, 1).Recent)
}

func TestTheSameClipDeliveredAgainAsksTheSameOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website")
	a := o.ask(o.anna, "")
	a.Clip = &commands.Clip{Kind: commands.ClipMessage, Text: "call me"}
	first := question(t, o.answer(t, a))
	require.Equal(t, first.Outcome.Prompt.Token, question(t, o.answer(t, a)).Outcome.Prompt.Token)

	press := o.press(o.anna, option(t, first, "#1"))
	o.answer(t, press)
	o.answer(t, press)
	require.Len(t, o.deal(t, 1).Recent, 1)
}

func TestTheWordsBesideAFileSayWhereItBelongs(t *testing.T) {
	t.Parallel()
	file := commands.Clip{Kind: commands.ClipFile, Name: "quote.pdf", Ref: "F1"}
	forwarded := commands.Clip{Kind: commands.ClipMessage, From: "Carla", Text: "we need an offer", Ref: "p1"}
	for _, c := range []struct {
		name, said, want string
		clip             commands.Clip
		kind             funnel.ActivityKind
	}{
		{"a log", "log acme call, they like it", "quote.pdf: they like it", file, funnel.Call},
		{"a log without a verb", "acme call yesterday, they like it", "quote.pdf: they like it", file, funnel.Call},
		{"a deal", "Acme", "quote.pdf", file, funnel.Note},
		{"a number", "#1", "quote.pdf", file, funnel.Note},
		{"a forwarded message for a deal", "acme", "Carla: we need an offer", forwarded, funnel.Message},
		{"a log with a forwarded message", "log acme email, see below", "see below\nCarla: we need an offer", forwarded, funnel.Email},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			o.types(t, "new Acme Anvils, 12k, website", "new Bluefin, 5k, website")
			a := o.ask(o.anna, c.said)
			a.Clip = &c.clip

			require.IsType(t, commands.Changed{}, o.answer(t, a))
			require.IsType(t, commands.Changed{}, o.answer(t, a), "delivered again")

			recent := o.deal(t, 1).Recent
			require.Len(t, recent, 1)
			require.Equal(t, c.want, recent[0].Text)
			require.Equal(t, c.kind, recent[0].Kind)
			require.Equal(t, string(c.clip.Kind)+":"+c.clip.Ref, recent[0].Ref)
		})
	}
}

func TestOtherWordsBesideAFileAreKeptWithIt(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"the estimate we spoke of", "log zenith call, they like it", "won", "🙂"} {
		o := setup(t)
		o.types(t, "new Acme Anvils, 12k, website")
		a := o.ask(o.anna, said)
		a.Clip = &commands.Clip{Kind: commands.ClipFile, Name: "quote.pdf", Ref: "F1"}

		q := question(t, o.answer(t, a))
		o.presses(t, option(t, q, "#1"))

		require.Equal(t, "quote.pdf: "+said, o.deal(t, 1).Recent[0].Text)
	}
}
