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
		did := func(a commands.Ask) commands.Changed {
			a.Venue, a.Place = venue, "place "+by
			reply := o.answer(t, a)
			if aside, ok := reply.(commands.Aside); ok {
				reply = aside.Reply
			}
			if s, ok := reply.(commands.Sequence); ok {
				reply = s.Replies[0]
			}
			changed, ok := reply.(commands.Changed)
			require.True(t, ok, "%T", reply)
			return changed
		}
		opened := did(o.ask(o.anna, "new Acme Anvils, 12k, website, friday"))
		require.Equal(t, by, opened.By)
		require.Equal(t, by, did(o.press(o.anna, fmt.Sprintf("move:%d:0:proposal", opened.Deal.Number))).By)
		require.Equal(t, by, did(o.ask(o.anna, "undo")).By)
		did(o.ask(o.anna, "undo"))
	}
	private := o.ask(o.anna, "new Bluefin Robotics, 5k, website, friday")
	private.Venue = commands.Venue{External: "D1", Private: true}
	require.NotContains(t, written(t, o.answer(t, private)), `"By":"Anna"`)
}

func TestWhoHasQualifiedADealIsNamedAmongColleagues(t *testing.T) {
	t.Parallel()
	for by, venue := range map[string]commands.Venue{"": {}, "Anna": {External: "C1", Chat: &funnel.Chat{Internal: true}}} {
		o := setup(t)
		o.types(t, "new Acme Anvils, website, friday")
		says := func(line string) commands.Reply {
			a := o.ask(o.anna, line)
			a.Venue = venue
			return o.answer(t, a)
		}
		says("qualify acme")
		for _, answer := range interview() {
			says(answer.says)
		}
		done, ok := says("yes").(commands.Qualified)
		require.True(t, ok)
		require.Equal(t, by, done.By)
	}
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
