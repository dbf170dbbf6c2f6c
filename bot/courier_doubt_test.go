package bot_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/funnel"
)

// hasty makes waits end at once: the clock of the courier lags behind that of the store.
func (p *post) hasty(c *bot.CourierConfig) {
	c.Clock = func() time.Time { return p.now().Add(-time.Hour) }
}

func TestACrashBetweenMarkAndSendLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("chat:1", "chat:1")
	p.crash("chat:1")

	p.deliver(2, nil)

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestACrashBetweenSendAndItsRecordDoublesNothing(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	sent := p.owe("chat:1", "chat:1")[0]
	p.platform.arrived["chat:1"] = []funnel.ID{sent}
	p.crash("chat:1")

	p.deliver(1, nil)

	p.platform.has(t, p.owed)
	p.is(0, 0)
	var id string
	require.NoError(t, p.pool.QueryRow(t.Context(), `SELECT message_id FROM outbox ORDER BY id LIMIT 1`).Scan(&id))
	require.Equal(t, "message of "+sent.String(), id)
}

func TestAConnectionThatBreaksAfterTheMessageWasReadDoublesNothing(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for range 5 {
		p.owe("chat:1")
	}
	p.platform.after = func(bot.Parcel, int) error { return errBroken }

	p.deliver(5, p.hasty)
	p.platform.after = nil
	p.owe("chat:1") // a message behind the last one shows that its doubt is settled
	p.deliver(1, p.hasty)

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestADoorThatCannotAskSendsOnceMoreAndThenGivesUp(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	doubtful := p.owe("chat:1", "chat:1")[0]
	p.platform.found = func(parcel bot.Parcel) (bot.Finding, error) { return bot.OnceMore(parcel), nil }
	p.platform.after = func(parcel bot.Parcel, _ int) error {
		if parcel.Notice == doubtful {
			return errBroken
		}
		return nil
	}

	p.deliver(3, p.hasty)

	require.Equal(t, 2, p.platform.sends[doubtful])
	p.is(0, 1)
	require.Contains(t, p.reasons()[0], "nobody knows whether the message arrived")
}

func TestAQuestionThatIsNotAnsweredLeavesTheDoubt(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]error{
		"lost":     errBroken,
		"held off": &bot.RetryError{After: time.Minute, Err: errors.New("429")},
		"refused":  &bot.RetryError{Err: errors.New("503")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.owe("chat:1")
			p.crash("chat:1")
			asked := make(chan struct{}, 100)
			p.platform.found = func(bot.Parcel) (bot.Finding, error) {
				asked <- struct{}{}
				return bot.Finding{}, answer
			}

			p.during(func() { <-asked; <-asked }, p.courier(p.hasty))

			require.Empty(t, p.platform.sends)
			p.is(1, 0)
			require.Equal(t, 1, p.count("outbox WHERE tried_at IS NOT NULL"))
		})
	}
}

func TestADatabaseThatIsAwayAfterTheSendIsWaitedFor(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("chat:1", "chat:1")
	p.platform.found = func(bot.Parcel) (bot.Finding, error) { return bot.Finding{Verdict: bot.SendAgain}, nil }

	p.deliver(2, func(c *bot.CourierConfig) {
		c.Outbox = newFlaky(c.Outbox, 3)
		c.Backoff = bot.Backoff{First: time.Millisecond}
	})

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestTwoCouriersNeverSendTheSameMessage(t *testing.T) {
	t.Parallel()
	const lanes, each = 12, 25
	p := newPost(t)
	one, two := p.courier(nil), p.courier(nil)

	p.during(func() {
		for range each {
			for lane := range lanes {
				p.owe(laneName(lane))
			}
		}
		p.platform.await(t, lanes*each)
	}, one, two)

	p.platform.has(t, p.owed)
	for notice, sends := range p.platform.sends {
		require.Equal(t, 1, sends, "sends of %s", notice)
	}
	p.is(0, 0)
}

func TestACourierThatHasLostItsLaneChangesNothingThere(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("chat:1")
	late, next := p.store.Outbox(newID()), p.store.Outbox(newID())
	all := funnel.Lanes{Prefix: "chat:"}
	_, err := late.Claim(t.Context(), all, 1)
	require.NoError(t, err)
	old, err := late.Take(t.Context(), "chat:1")
	require.NoError(t, err)
	lanes, err := next.Claim(t.Context(), all, 1)
	require.NoError(t, err)
	require.Empty(t, lanes, "claimed twice")
	_, err = p.pool.Exec(t.Context(), `UPDATE outbox_leases SET until = now() - interval '1 second'`)
	require.NoError(t, err)
	lanes, err = next.Claim(t.Context(), all, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"chat:1"}, lanes)
	owed, err := next.Take(t.Context(), "chat:1")
	require.NoError(t, err)
	require.True(t, owed.InDoubt)

	again, err := late.Take(t.Context(), "chat:1")
	require.NoError(t, err)
	require.Nil(t, again)
	require.NoError(t, late.Postpone(t.Context(), old, funnel.Setback{Until: p.now()}))
	require.NoError(t, late.Bury(t.Context(), old, funnel.BuriedGone, "too late"))
	require.NoError(t, late.Release(t.Context(), "chat:1", time.Time{}))
	require.Equal(t, 1, p.count("outbox WHERE tried_at IS NOT NULL AND done_at IS NULL"))
	require.Equal(t, 1, p.count("outbox_leases"))

	require.NoError(t, late.Delivered(t.Context(), old, "m1"), "what is known to have arrived has arrived")
	require.Equal(t, 1, p.count("outbox WHERE message_id = 'm1'"))
	require.NoError(t, next.Release(t.Context(), "chat:1", time.Time{}))
	p.is(0, 0)
}
