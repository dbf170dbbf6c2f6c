package commands_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// outside is a request in a chat that others than colleagues read.
func (o *office) outside(tb testing.TB, line string) commands.Reply {
	tb.Helper()
	a := o.ask(o.anna, line)
	a.Venue = commands.Venue{External: "-100", Chat: &funnel.Chat{Internal: false}}
	return o.answer(tb, a)
}

func TestWhatIsSaidInAThreadIsAboutItsDeal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "new Bluefin Robotics, 5k, website")
	for _, line := range []string{"move proposal", "log call, they like it", "next send the offer friday", "set amount 20k"} {
		a := o.ask(o.anna, line)
		a.About = o.deal(t, 1).ID
		done, ok := o.answer(t, a).(commands.Changed)
		require.True(t, ok, line)
		require.Equal(t, int64(1), done.Deal.Number, line)
	}
	a := o.ask(o.anna, "log bluefin meeting, went well")
	a.About = o.deal(t, 1).ID
	named, ok := o.answer(t, a).(commands.Changed)
	require.True(t, ok)
	require.Equal(t, int64(2), named.Deal.Number, "a deal that is named for sure is meant")
}

// TestAChangeNamesWhoMadeItWhereSeveralRead holds for what is typed and pressed, alone and before a
// question; in private everybody knows what they did themselves.
func TestAChangeNamesWhoMadeItWhereSeveralRead(t *testing.T) {
	t.Parallel()
	o := setup(t)
	places := map[string]commands.Venue{
		"":     {},
		"Anna": {External: "C1", Chat: &funnel.Chat{Internal: true}},
	}
	for by, venue := range places {
		ask := func(a commands.Ask) commands.Reply {
			a.Venue = venue
			a.Place = "place " + by
			return o.answer(t, a)
		}
		opened := ask(o.ask(o.anna, "new Acme Anvils, 12k, website, friday"))
		if s, ok := opened.(commands.Sequence); ok {
			opened = s.Replies[0]
		}
		require.Equal(t, by, opened.(commands.Changed).By)
		number := opened.(commands.Changed).Deal.Number
		moved := ask(o.press(o.anna, fmt.Sprintf("move:%d:0:proposal", number)))
		if a, ok := moved.(commands.Aside); ok {
			moved = a.Reply
		}
		if s, ok := moved.(commands.Sequence); ok {
			moved = s.Replies[0]
		}
		require.Equal(t, by, moved.(commands.Changed).By)
		require.Equal(t, by, ask(o.ask(o.anna, "undo")).(commands.Changed).By)
		ask(o.ask(o.anna, "undo"))
	}
	private := o.ask(o.anna, "new Bluefin Robotics, 5k, website, friday")
	private.Venue = commands.Venue{External: "D1", Private: true}
	require.NotContains(t, written(t, o.answer(t, private)), `"By":"Anna"`)
}

func TestWhereOutsidersReadNothingSaysAnAmountOrAContact(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 1234567, website", "log acme call, Carla +1 555 0100 said 1234567 is fine, next: call Carla friday")
	for _, line := range []string{
		"show acme", "list mine", "list team", "find acme", "company acme", "today", "log acme call, Carla +1 555 0100 agreed to 1234567",
		"set acme amount 1234567", "move acme proposal", "next acme call Carla +1 555 0100 friday", "done acme", "won acme", "funnel",
		"funnel owners", "funnel activity", "undo", "new Bluefin", "new", "set acme amount", "set acme amount -1234567",
	} {
		said := written(t, o.outside(t, line))
		for _, secret := range []string{"1234567", "Carla", "0100", "123456700"} {
			require.NotContains(t, said, secret, line)
		}
	}
}

func TestAQuestionAboutMoneyIsNotLeftOpenAmongOutsiders(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website")
	require.Equal(t, commands.CodePrivately, refusal(o.outside(t, "set acme amount")))
	_, listed := o.outside(t, "list mine").(commands.Deals)
	require.True(t, listed, "the next line is a command, not an answer")
}
