package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestDealsAreFoundTheWayPeopleNameThem(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new ООО «Ромашка» 450к", "new Acme Anvils 12k", "set #2 title North plant", "new Василёк 5к")
	for line, number := range map[string]int64{
		"show 1": 1, "show #1": 1, "show №1": 1, "#1": 1, "покажи #1": 1, "show ромашка": 1, "РОМАШКА": 1, "рамашка": 1, "romashka?": 0,
		"hjvfirf": 1, "show hjvfirf": 1, "acme": 2, "фсьу": 2, "show acmee anvls": 2, "north plant": 2, "anvils": 2, "василек": 3, "Васелёк": 3,
		"ромашка ромашка": 1, "show 'Acme Anvils'": 2, "qwertyuiop": 0, "#77": 0,
	} {
		reply := o.types(t, line)
		if number == 0 {
			require.Equal(t, funnel.CodeNoDeal, refusal(reply), line)
			continue
		}
		card, ok := reply.(commands.Card)
		require.True(t, ok, "%q: %s", line, written(t, reply))
		require.Equal(t, number, card.Deal.Number, line)
	}
}

func TestSeveralDealsOfTheNameAreShownOrAskedAbout(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	q := question(t, o.types(t, "new Acme 13k")).Outcome.Prompt
	require.Equal(t, "twin", q.Step)
	o.presses(t, commands.QuestionAction(q.Token, "pick", "new"))
	list, ok := o.types(t, "acme").(commands.Deals)
	require.True(t, ok)
	require.Len(t, list.Deals, 2)

	q = question(t, o.types(t, "acme proposal")).Outcome.Prompt
	require.Equal(t, "deal", q.Step)
	require.Len(t, q.Options, 2)
	o.types(t, "#2")
	require.EqualValues(t, "proposal", o.deal(t, 2).Stage)

	o.types(t, "lost #1 price")
	o.types(t, "acme negotiation")
	require.EqualValues(t, "negotiation", o.deal(t, 2).Stage, "the lost one is not meant")
	o.types(t, "reopen acme")
	require.Equal(t, funnel.Open, o.deal(t, 1).Outcome, "the open one is not meant")
}

func TestTheLastDealIsMeantWhereNoneIsNamed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Equal(t, commands.CodeNoDeals, refusal(o.types(t, "move proposal")))
	o.types(t, "new Acme 12k", "new Globex 3k")
	last := func(line string) int64 {
		t.Helper()
		changed, ok := o.types(t, line).(commands.Changed)
		require.True(t, ok, line)
		return changed.Deal.Number
	}
	require.EqualValues(t, 2, last("move proposal"), "the one that was opened last")
	o.types(t, "#1")
	require.EqualValues(t, 1, last("move proposal"), "the one that was shown")
	require.EqualValues(t, 1, last("move negotiation"))
	o.types(t, "#2 negotiation")
	require.EqualValues(t, 2, last("log call"), "the one that was changed after another was shown")
	o.types(t, "#1")
	o.start(t)
	require.EqualValues(t, 1, last("log call"), "also in another process")
	o.advance(25 * time.Minute)
	o.types(t, "#1")
	o.advance(25 * time.Minute)
	require.EqualValues(t, 1, last("log call"))
	o.advance(time.Hour)
	require.Equal(t, "deal", asked(t, o.types(t, "log call")), "too long ago")
}

func TestADealThatIsNotThereIsOfferedToBeOpenedAsItWasTyped(t *testing.T) {
	t.Parallel()
	o := setup(t)
	reply := o.types(t, "ромашка 500к")
	require.Equal(t, funnel.CodeNoDeal, refusal(reply))
	require.Equal(t, []offered{{"open_new", ">new ромашка 500к"}}, actions(reply))
	o.presses(t, actions(reply)[0].action)
	require.Equal(t, int64(500_000_00), o.deal(t, 1).Amount.Minor)
}

func TestNamesThatNobodyHasAreSaidSo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	q := question(t, o.types(t, "assign acme to Bob")).Outcome.Prompt
	require.Equal(t, "person", q.Step)
	require.Equal(t, funnel.CodeNoMember, q.Problem.Code)
	require.Equal(t, "Bob", q.Problem.Args["name"])
	for _, line := range []string{"today Bob", "list Bob"} {
		o.types(t, "cancel")
		require.Equal(t, funnel.CodeNoMember, refusal(o.types(t, "/"+line)), line)
	}
	list, ok := o.types(t, "list acme").(commands.Deals)
	require.True(t, ok)
	require.Len(t, list.Deals, 1)
}

func TestAStepMayNameItsDealLast(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Globex 1k", "new Acme 2k")
	reply := o.types(t, "next send the drawings to globex friday")
	changed, ok := reply.(commands.Changed)
	require.True(t, ok, "%T", reply)
	require.Equal(t, int64(1), changed.Deal.Number)
	require.Contains(t, changed.Deal.Next.What, "send the drawings")
}

func TestReopeningAParkedDealGoesOnWhereItWasParked(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 2k", "acme proposal", "park acme until Dec 20")
	o.types(t, "reopen acme")
	require.Equal(t, funnel.StageKey("proposal"), o.deal(t, 1).Stage)
	require.True(t, o.deal(t, 1).ParkedUntil.IsZero())
}

func TestLoggingWithAnEarlierStageKeepsTheNoteAndAsksWhy(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 2k", "acme proposal")
	o.types(t, "log acme call, they step back -> lead")
	require.Equal(t, 1, o.count(t, "activities"))
	o.types(t, "the budget has gone")
	require.Equal(t, funnel.StageKey("lead"), o.deal(t, 1).Stage)
}
