package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// answer is one as it comes from a door.
func (w *world) answer(lane string, doc string) *funnel.Owed {
	o := &funnel.Owed{
		Workspace: w.space.ID, Lane: lane, Locale: funnel.English, Since: w.now(), Attempts: 1,
		Notice: funnel.Notification{ID: newID(), Kind: funnel.AnswerKind, To: w.member.ID},
	}
	if doc != "" {
		o.Answer = []byte(doc)
	}
	return o
}

func TestAClaimWhoseConnectionBreaksIsStillTheCallersOwn(t *testing.T) {
	t.Parallel()
	w, wire := wired(t)
	answers, a := w.store.AnswerBox(), w.answer("chat:1", `{"blocks": []}`)
	warm, err := answers.Claim(t.Context(), w.answer("chat:1", `{"blocks": []}`))
	require.NoError(t, err)
	require.True(t, warm)
	// The statement arrives and is committed, and its answer is lost.
	wire.spoil(t, "timeout", "downstream")
	var mended sync.WaitGroup
	mended.Go(func() {
		require.Eventually(t, func() bool { return w.count(t, "outbox") == 2 }, 2*time.Second, time.Millisecond)
		wire.mend(t.Context())
	})

	mine, err := answers.Claim(t.Context(), a)
	mended.Wait()

	require.NoError(t, err)
	require.True(t, mine, "nobody would send it until the claim runs out")
	require.NotZero(t, a.Seq)
	again, err := answers.Claim(t.Context(), a)
	require.NoError(t, err)
	require.False(t, again, "another delivery of the same")
	require.NoError(t, answers.Delivered(t.Context(), a, "m1"))
	require.Equal(t, 1, w.count(t, "outbox WHERE message_id = 'm1'"))
}

func TestAnAnswerQueuesUpBehindThoseThatWaitInItsLane(t *testing.T) {
	t.Parallel()
	w := setup(t)
	answers := w.store.AnswerBox()
	claim := func(a *funnel.Owed) bool {
		mine, err := answers.Claim(t.Context(), a)
		require.NoError(t, err)
		return mine
	}
	held, second := w.answer("chat:1", `{}`), w.answer("chat:1", `{}`)
	require.True(t, claim(held))
	require.True(t, claim(second), "one that is being sent holds up nobody")
	require.NoError(t, answers.Postpone(t.Context(), held, funnel.Setback{Until: w.now().Add(time.Minute)}))
	woken := w.store.Woken()
	require.False(t, claim(w.answer("chat:1", `{}`)))
	<-woken
	require.True(t, claim(w.answer("chat:2", `{}`)), "another lane")
	require.True(t, claim(w.answer("chat:1", "")), "what is not stored cannot wait")
	require.NoError(t, answers.Delivered(t.Context(), second, "m2"))

	// The couriers get to what waits in its order.
	require.Empty(t, w.claim(t, funnel.Lanes{}, 8))
	w.advance(time.Minute)
	courier := w.store.Outbox(newID())
	owed := first(t, courier, "chat:1")
	require.Equal(t, held.Notice.ID, owed.Notice.ID)
	require.JSONEq(t, `{}`, string(owed.Answer))
	require.Equal(t, 2, owed.Attempts)
	require.False(t, owed.InDoubt)
}

func TestEndsOfAnAnswerThatACourierHasTakenOverAreIgnored(t *testing.T) {
	t.Parallel()
	w := setup(t)
	answers, a := w.store.AnswerBox(), w.answer("chat:1", `{}`)
	mine, err := answers.Claim(t.Context(), a)
	require.NoError(t, err)
	require.True(t, mine)
	w.advance(funnel.Lease)
	courier := w.store.Outbox(newID())
	owed := first(t, courier, "chat:1")
	require.True(t, owed.InDoubt)
	require.Equal(t, 1, owed.Doubts)

	require.NoError(t, answers.Bury(t.Context(), a, funnel.BuriedGone, "too late"))
	require.NoError(t, answers.Postpone(t.Context(), a, funnel.Setback{Until: w.now()}))
	require.Equal(t, 1, w.count(t, "outbox WHERE done_at IS NULL AND tried_at IS NOT NULL AND doubts = 1"))

	next, err := courier.Next(t.Context(), owed, "m1")
	require.NoError(t, err)
	require.Nil(t, next)
	require.Zero(t, w.count(t, "outbox_leases"), "an empty lane is given back")
	require.Equal(t, 1, w.count(t, "outbox WHERE message_id = 'm1'"))
}

func TestEveryCourierOfAProcessIsWoken(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	deal := w.open(t, "Acme").Deal
	one, two := w.store.Woken(), w.store.Woken()

	_, err := w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: deal.ID}, funnel.Assign{To: boris.ID})
	require.NoError(t, err)

	<-one
	<-two
}
