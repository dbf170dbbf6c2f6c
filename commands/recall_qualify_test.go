package commands_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

// counted counts how often the names of a workspace are read.
type counted struct {
	*postgres.Store
	members atomic.Int64
}

func (c *counted) Members(ctx context.Context, workspace funnel.ID) ([]funnel.Member, error) {
	c.members.Add(1)
	return c.Store.Members(ctx, workspace)
}

// frugal gives the office a desk whose reads are counted.
func (o *office) frugal() (*counted, *watched) {
	names, sessions := &counted{Store: o.store}, &watched{Sessions: o.store.Sessions()}
	o.service = funnel.New(funnel.Config{Store: names, Clock: o.now, IDs: newID, Funnels: o.service.Funnel})
	o.desk = commands.NewDesk(commands.DeskConfig{
		Service: o.service, Sessions: sessions,
		NewToken: func() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:8] },
	})
	return names, sessions
}

func TestAnAnswerToAQualificationReadsNothingThatThisProcessKnows(t *testing.T) {
	t.Parallel()
	o := setup(t)
	names, sessions := o.frugal()
	o.types(t, "new Acme Anvils, 12k, website", "qualify #1")
	named, loaded := names.members.Load(), sessions.loads.Load()
	o.types(t, "Send invoices on the same day", "Invoices arrive two weeks late", "120k")
	reply := o.types(t, "Invoices in two days")
	require.Equal(t, "effect", asked(t, reply))
	require.Equal(t, named, names.members.Load())
	require.Equal(t, loaded, sessions.loads.Load())
}

func TestAQualificationIsAnsweredInTwoProcessesInTurn(t *testing.T) {
	t.Parallel()
	here := setup(t)
	there := here.second(t)
	here.shared()
	there.shared()
	reply := here.types(t, "new Acme Anvils, 12k, website", "qualify #1")
	for i, a := range interview() {
		require.Equal(t, a.step, asked(t, reply), written(t, reply))
		reply = []*office{there, here}[i%2].types(t, a.says)
	}
	require.Equal(t, "review", asked(t, reply))
	again := here.ask(here.anna, "yes")
	require.IsType(t, commands.Qualified{}, here.answer(t, again))
	require.IsType(t, commands.Qualified{}, there.answer(t, again), "the same delivery, at another process")
	require.Equal(t, 1, here.count(t, "qualifications"))
	require.Equal(t, len(interview()), here.count(t, "answers"))
}

func TestAnAnswerThatIsDeliveredAgainToAnotherProcessIsNoSecondAnswer(t *testing.T) {
	t.Parallel()
	here := setup(t)
	there := here.second(t)
	here.shared()
	there.shared()
	here.types(t, "new Acme Anvils, 12k, website", "qualify #1")
	there.types(t, "Send invoices on the same day")
	pain := here.ask(here.anna, "Invoices arrive two weeks late")
	require.Equal(t, "cost_today", asked(t, here.answer(t, pain)))
	require.Equal(t, "cost_today", asked(t, there.answer(t, pain)))
	require.Equal(t, "cost_today", asked(t, here.answer(t, pain)))
	require.Equal(t, 2, here.count(t, "answers"))
}

func TestACommandInAQualificationKnowsWhoHasJustCome(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.frugal()
	o.types(t, "new Acme Anvils, 12k, website", "qualify #1", "Send invoices on the same day")
	boris := o.join(t, o.space, "Boris", funnel.Rep)
	o.types(t, "/assign #1 Boris")
	require.Equal(t, boris.ID, o.deal(t, 1).Owner)
	require.Equal(t, "cost_today", asked(t, o.types(t, "Invoices arrive two weeks late")))
}
