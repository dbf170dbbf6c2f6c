package bot_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// The words with which strangers are met.
const (
	uninvited = "I work only with people who have been invited."
	mayAsk    = "Shall I ask the administrators to let you in?"
	turned    = "I work only with members of the team that runs me"
	unplaced  = "This chat is not connected yet"
)

func TestNobodySpeaksInTelegramWithoutAnInvitation(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	met := l.says(t, l.private("telegram", "99", "list team"))
	require.Contains(t, met, uninvited)
	for _, line := range []string{"", "help", "show #1", "invite admin", "connect", "workspace Bluefin Robotics", "approve k7m2x rep"} {
		require.Equal(t, met, l.says(t, l.private("telegram", "99", line)), line)
	}
	for _, action := range []string{"show:1:0", "approve:0:0:k7m2x.admin", "workspace:0:0:" + l.bluefin.ID.String(), commands.ActionApply, "~x.1~pick~y", ">list"} {
		require.Equal(t, met, l.says(t, pressing(l.private("telegram", "99", ""), action)), action)
	}
	require.Equal(t, met, l.says(t, l.group("telegram", "99", "-1", "list")), "in any group too")
	require.Zero(t, l.rows(t, "applications"))
	require.NotContains(t, l.log.String(), "Person 99", "no names in the log")
	require.Contains(t, l.log.String(), "reason=stranger")
	require.InDelta(t, 15, l.counted(t, "funnelbot_refused_total", "telegram", "stranger"), 0)
}

func TestACodeLetsSomebodyInOnce(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	code := l.code(t, l.bluefin, funnel.Manager)
	by := l.private("telegram", "10", "")
	by.Code = code
	require.Contains(t, l.says(t, by), "You take part in “Bluefin Robotics” now, with the role “manager”.")
	require.Contains(t, l.says(t, by), "You take part in “Bluefin Robotics” now", "the same delivery once more")
	require.Contains(t, l.says(t, l.private("telegram", "10", "new Acme 12k")), "I've opened #1 Acme")

	wrong := l.says(t, l.private("telegram", "11", "join "+code))
	require.Contains(t, wrong, "This code does not work", "it was used")
	require.Equal(t, wrong, l.says(t, l.private("telegram", "11", "join 00000-11111-22222-33333")), "there never was one")
	require.Contains(t, l.says(t, l.private("telegram", "11", "list")), uninvited)

	other := l.code(t, l.bluefin, funnel.Rep)
	require.Contains(t, l.says(t, l.private("telegram", "12", "/start "+other)), "Welcome, Person 12!")
	another := l.code(t, l.bluefin, funnel.Rep)
	require.Contains(t, l.says(t, l.private("telegram", "13", "войти "+another)), "Welcome, Person 13!")
	require.NotContains(t, l.log.String(), code)
	require.NotContains(t, l.log.String(), another)
}

func TestWordsBehindAGreetingAreNoCodes(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	for _, line := range []string{"help qualification-and-more", "/start negotiation stage", "старт переговоры-и-дальше", "hello bluefin-robotics-ltd", "start me"} {
		require.Contains(t, l.says(t, l.private("telegram", "10", line)), "What I can do", line)
	}
	require.Zero(t, l.rows(t, "guesses"))
}

func TestCodesAreNotGuessed(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	for i := range funnel.MaxGuesses {
		require.Contains(t, l.says(t, l.private("telegram", "66", "join 0000"+string(rune('a'+i))+"-11111-22222-33333")), "This code does not work")
	}
	right := l.code(t, l.bluefin, funnel.Admin)
	require.Contains(t, l.says(t, l.private("telegram", "66", "join "+right)), "Too many codes were wrong", "also the right one")
	require.InDelta(t, float64(funnel.MaxGuesses), l.counted(t, "funnelbot_refused_total", "telegram", "code"), 0)
	require.InDelta(t, 1, l.counted(t, "funnelbot_refused_total", "telegram", "guesses"), 0)
	l.advance(funnel.GuessWindow)
	require.Contains(t, l.says(t, l.private("telegram", "66", "join "+right)), "Welcome")
}

func TestCodesAreTakenAndGivenInPrivateOnly(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	code := l.code(t, l.bluefin, funnel.Rep)
	require.Contains(t, l.says(t, l.group("telegram", "11", "-1", "/join "+code)), "This is for one person's eyes")
	require.Contains(t, l.says(t, l.private("telegram", "11", "join "+code)), "Welcome", "the code is still good")

	l.says(t, l.group("telegram", "10", "-1", "/connect internal"))
	require.Contains(t, l.says(t, l.group("telegram", "10", "-1", "/invite rep")), "This is for one person's eyes")
	require.Contains(t, l.says(t, l.group("telegram", "10", "-1", "/link")), "This is for one person's eyes")
	before := l.rows(t, "invitations")
	doc := l.doc(t, l.private("telegram", "10", "invite rep Mira Holt"))
	require.True(t, doc.Secret)
	require.Contains(t, words(doc), "https://t.me/sample_bot?start=")
	require.Contains(t, words(doc), "for Mira Holt")
	require.Equal(t, before+1, l.rows(t, "invitations"))
	require.Contains(t, l.says(t, l.private("telegram", "10", "join")), "Please add the code")
}

func TestSomebodyRemovedInAnotherProcessIsRefusedWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	anna := l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	boris := l.admit(t, l.bluefin, "11", "Boris Lind", funnel.Rep)
	other := l.second(t)
	require.Contains(t, l.says(t, l.private("telegram", "11", "list")), "You have no open deals")
	_, err := other.service.Remove(t.Context(), funnel.Act{
		Workspace: l.bluefin.ID, Member: anna.ID, Event: "remove", Origin: funnel.FromChat,
	}, boris.ID)
	require.NoError(t, err)
	l.advance(2 * time.Second)
	require.Contains(t, l.says(t, l.private("telegram", "11", "list")), uninvited)
	require.Contains(t, other.says(t, other.private("telegram", "11", "list")), uninvited)
}

func TestSomebodyRemovedHereIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.admit(t, l.bluefin, "11", "Boris Lind", funnel.Rep)
	require.Contains(t, l.says(t, l.private("telegram", "11", "remove anna")), "This needs the role “administrator”")
	require.Contains(t, l.says(t, l.private("telegram", "10", "remove Boris")), "Boris Lind no longer takes part")
	visit := l.private("telegram", "11", "list")
	l.advance(-3 * time.Second)
	require.Contains(t, l.says(t, visit), uninvited)
	require.Contains(t, l.says(t, l.private("telegram", "10", "undo")), "the member takes part again")
	require.Contains(t, l.says(t, l.private("telegram", "11", "list")), "You have no open deals")
}

func TestABusyChatAsksTheDatabaseOnceInTwoSeconds(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.slack.set("U1", bot.Vouched{Installer: true})
	l.says(t, l.private("slack", "U1", "help"))
	for _, v := range []bot.Visit{l.group("slack", "U1", "C1", "help"), l.private("slack", "U1", "list")} {
		l.says(t, v)
		asked := l.store.asked.Load()
		for range 50 {
			l.says(t, v)
		}
		require.Equal(t, asked, l.store.asked.Load(), "%+v", v.Venue)
	}
	l.advance(2 * time.Second)
	asked := l.store.asked.Load()
	l.says(t, l.private("slack", "U1", "list"))
	require.Equal(t, asked+1, l.store.asked.Load(), "whether anything has changed, and no more")
}

func TestADatabaseThatIsAwayIsSaidInASentence(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	away := error(funnel.Refuse(funnel.CodeUnavailable, nil))
	l.store.fail.Store(&away)
	for _, v := range []bot.Visit{
		l.private("telegram", "10", "list"), l.private("slack", "U1", "list"), l.group("telegram", "10", "-1", "list"),
	} {
		require.Contains(t, l.says(t, v), "I cannot reach my database right now")
	}
	require.InDelta(t, 2, l.counted(t, "funnelbot_requests_total", "telegram", "unavailable"), 0)
	broken := errors.New("disk on fire")
	l.store.fail.Store(&broken)
	require.Contains(t, l.says(t, l.private("telegram", "10", "list the Mira deal")), "give your administrator this number: case-7")
	require.Contains(t, l.log.String(), "disk on fire")
	require.NotContains(t, l.log.String(), "Mira")
	l.store.fail.Store(nil)
	require.Contains(t, l.says(t, l.private("telegram", "10", "list")), uninvited)
}

func TestAPanicAtTheReceptionIsAnIncident(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.slack.change(func() { l.slack.panics = true })
	require.Contains(t, l.says(t, l.private("slack", "U1", "call Mira")), "give your administrator this number: case-7")
	require.Contains(t, l.log.String(), "a bug in a door")
	require.Contains(t, l.log.String(), "reception_setup_test.go", "the stack leads to the place")
	require.NotContains(t, l.log.String(), "Mira")
	require.InDelta(t, 1, l.counted(t, "funnelbot_requests_total", "slack", "fault"), 0)
	l.slack.change(func() { l.slack.panics = false })
	require.Contains(t, l.says(t, l.private("slack", "U1", "help")), mayAsk, "the next visit is not held up")
}

func TestOnePersonIsAnsweredInOrderAndTwoSideBySide(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	l.admit(t, l.bluefin, "10", "Anna Bell", funnel.Admin)
	l.admit(t, l.bluefin, "11", "Boris Lind", funnel.Rep)
	inside, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	hold := func(external string) {
		if external == "10" {
			once.Do(func() {
				close(inside)
				<-goOn
			})
		}
	}
	l.store.hold.Store(&hold)
	first, second := l.private("telegram", "10", "new Acme 12k"), l.private("telegram", "10", "set acme amount 15k")
	var both sync.WaitGroup
	both.Go(func() {
		_, err := l.Handle(context.WithoutCancel(t.Context()), first)
		require.NoError(t, err)
	})
	<-inside
	both.Go(func() {
		_, err := l.Handle(context.WithoutCancel(t.Context()), second)
		require.NoError(t, err)
	})
	require.Contains(t, l.says(t, l.private("telegram", "11", "list")), "You have no open deals", "Boris does not wait for Anna")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.Handle(ctx, l.private("telegram", "10", "list"))
	require.ErrorIs(t, err, context.Canceled, "whoever cannot wait gets no answer")
	close(goOn)
	both.Wait()
	card := l.doc(t, l.private("telegram", "10", "show acme"))
	require.Contains(t, fields(card), "$15,000")
}
