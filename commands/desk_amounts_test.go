package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestAnAmountWithoutACurrencyIsCountedInThatOfTheDeal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Zeta €5,000")
	euros := func(minor int64) funnel.Money { return funnel.Money{Minor: minor, Currency: "EUR"} }
	o.types(t, "set zeta amount 7k")
	require.Equal(t, euros(7_000_00), o.deal(t, 1).Amount)
	o.types(t, "log zeta call, 15k")
	require.Equal(t, euros(15_000_00), o.deal(t, 1).Amount)
	o.types(t, "set #1 amount 1,5")
	require.Equal(t, euros(1_50), o.deal(t, 1).Amount)
	o.types(t, "set #1 currency yen")
	require.Equal(t, euros(1_50), o.deal(t, 1).Amount, "there is no half of a yen")
	o.types(t, "set #1 amount 200", "set #1 currency jpy, amount 300")
	require.Equal(t, funnel.Money{Minor: 300, Currency: "JPY"}, o.deal(t, 1).Amount)
	require.Equal(t, funnel.CodeCoinsLost, refusal(o.types(t, "set #1 amount 300.5")))
	o.types(t, "set #1 amount $9k")
	require.Equal(t, funnel.Money{Minor: 9_000_00, Currency: "USD"}, o.deal(t, 1).Amount, "what is typed counts")
	o.types(t, "set #1 amount €9k", "set #1 amount", "10k")
	require.Equal(t, euros(10_000_00), o.deal(t, 1).Amount, "the answer to a question as well")
	o.types(t, "won zeta 12k")
	require.Equal(t, euros(12_000_00), o.deal(t, 1).Amount)
}

func TestAMoveTakesTheAmountThatIsSaidWithIt(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Beta €5,000")
	o.types(t, "beta proposal 25k")
	beta := o.deal(t, 1)
	require.EqualValues(t, "proposal", beta.Stage)
	require.Equal(t, funnel.Money{Minor: 25_000_00, Currency: "EUR"}, beta.Amount)
	o.types(t, "undo")
	beta = o.deal(t, 1)
	require.EqualValues(t, "lead", beta.Stage)
	require.Equal(t, funnel.Money{Minor: 5_000_00, Currency: "EUR"}, beta.Amount)
}

func TestADealMovesForwardStageByStage(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Beta 5k")
	o.types(t, "move beta forward")
	require.EqualValues(t, "qualification", o.deal(t, 1).Stage)
	o.types(t, "двигай beta дальше", "move beta next", "move #1 forward")
	beta := o.deal(t, 1)
	require.Equal(t, funnel.Won, beta.Outcome)
	o.types(t, "move beta forward")
	require.Equal(t, funnel.CodeAlreadyThere, refusal(o.types(t, "move beta forward")))
}

func TestClosedAndParkedDealsHaveListsOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Alpha 1k", "new Beta 2k", "new Gamma 3k", "new Delta 4k")
	o.types(t, "won alpha", "lost beta price", "park gamma until 2027-02-01")
	for line, number := range map[string]int64{
		"list won": 1, "список выигранные": 1, "list lost": 2, "проигранные": 2, "list parked": 3, "отложенные": 3,
	} {
		list, ok := o.types(t, line).(commands.Deals)
		require.True(t, ok, line)
		require.Len(t, list.Deals, 1, line)
		require.Equal(t, number, list.Deals[0].Number, line)
	}
}

func TestWordsBehindANameThatIsShownAreNamed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Alpha 5k")
	both, ok := o.types(t, "alpha xyz").(commands.Sequence)
	require.True(t, ok)
	require.IsType(t, commands.Card{}, both.Replies[0])
	require.Equal(t, commands.Unread{Words: "xyz"}, both.Replies[1])
}
