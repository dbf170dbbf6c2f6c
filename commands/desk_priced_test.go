package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestAnAmountInAnswerToADealIsItsAmount(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "new Bluefin Robotics, 5k, website")
	about := func(line string) commands.Reply {
		a := o.ask(o.anna, line)
		a.About = o.deal(t, 1).ID
		return o.answer(t, a)
	}
	for line, minor := range map[string]int64{
		"50 000": 5_000_000, "1 200 000": 120_000_000, "70000": 7_000_000, "35k": 3_500_000, "1,5 млн": 150_000_000, "$80": 8_000,
	} {
		done, ok := about(line).(commands.Changed)
		require.True(t, ok, line)
		require.Equal(t, int64(1), done.Deal.Number, line)
		require.Equal(t, minor, done.Deal.Amount.Minor, line)
	}
	shown, ok := about("2").(commands.Card)
	require.True(t, ok, "a short number is that of a deal")
	require.Equal(t, int64(2), shown.Deal.Number)
	require.Equal(t, funnel.CodeNoDeal, refusal(about("12.05")), "a day is no amount")
	require.Equal(t, funnel.CodeNoDeal, refusal(o.types(t, "50 000")), "where no deal is spoken of, it may be anything")
}
