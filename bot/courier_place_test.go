package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// settle makes the workspace of the test a real one with an admin whom a door knows, and a rep.
func (p *post) settle(admin, rep string) {
	p.Helper()
	w, err := p.store.Settle(p.Context(), funnel.Workspace{
		ID: p.space, Name: "Test works", Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(p, err)
	require.Equal(p, p.space, w.ID)
	for lane, role := range map[string]funnel.Role{admin: funnel.Admin, rep: funnel.Rep} {
		door, external, _ := funnel.ParseLane(lane)
		_, err := p.store.SignIn(p.Context(), funnel.Identity{Door: door, External: external, Workspace: w.ID}, funnel.Member{
			Workspace: w.ID, ID: newID(), Name: "Member " + external, Role: role, Locale: funnel.English, Active: true,
		})
		require.NoError(p, err)
	}
}

func TestALostDestinationIsNotedOnceAndAnAdminIsToldOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.settle("chat:1", "chat:2")
	p.owe("chat:2", "chat:2", "chat:2")
	refused := make(chan struct{}, 3)
	p.platform.before = func(parcel bot.Parcel, _ int) error {
		if parcel.Lane == "chat:2" {
			refused <- struct{}{}
			return &bot.GoneError{Err: errors.New("bot was blocked by the user")}
		}
		return nil
	}

	p.during(func() {
		for range 3 {
			<-refused
		}
		p.platform.await(t, 1)
	}, p.courier(func(c *bot.CourierConfig) { c.Anchors = p.store }))

	require.Len(t, p.platform.arrived["chat:1"], 1, "the admin")
	p.is(0, 3)
	require.Equal(t, 1, p.count("identities WHERE external_id = '2' AND gone_at IS NOT NULL"))
	require.Equal(t, 1, p.count("outbox WHERE kind = '"+string(funnel.NoticeUnreachable)+"'"))
	state, err := p.store.OutboxState(t.Context())
	require.NoError(t, err)
	require.Equal(t, []funnel.DoorState{{Door: "chat", Buried: map[funnel.Cause]int{funnel.BuriedGone: 3}}}, state.Doors)
	buried, err := p.store.Buried(t.Context(), 2)
	require.NoError(t, err)
	require.Len(t, buried, 2)
	require.Equal(t, funnel.Burial{
		Workspace: p.space, Door: "chat", Lane: "chat:2", Kind: funnel.NoticeAssigned, Cause: funnel.BuriedGone,
		Words: "destination is gone: bot was blocked by the user", Since: p.now(), At: p.now(),
	}, buried[0])
}

func TestAChatThatMovesTakesItsMessagesAlongInOrder(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for range 4 {
		p.owe("chat:1", "chat:1/7", "chat:12", "chat:9")
	}
	p.platform.before = func(parcel bot.Parcel, _ int) error {
		if _, chat, _ := funnel.ParseLane(parcel.Lane); chat == "1" {
			return &bot.MovedError{To: "9", Err: errors.New("group chat was upgraded")}
		}
		return nil
	}

	p.deliver(16, func(c *bot.CourierConfig) { c.Anchors, c.Poll = p.store, time.Hour })

	require.Empty(t, p.platform.bad)
	require.Equal(t, p.owed["chat:1/7"], p.platform.arrived["chat:9/7"])
	require.Equal(t, p.owed["chat:12"], p.platform.arrived["chat:12"], "a chat whose name begins alike")
	require.Len(t, p.platform.arrived["chat:9"], 8)
	for _, lane := range []string{"chat:1", "chat:9"} {
		var kept []funnel.ID
		for _, notice := range p.platform.arrived["chat:9"] {
			for _, owed := range p.owed[lane] {
				if owed == notice {
					kept = append(kept, notice)
				}
			}
		}
		require.Equal(t, p.owed[lane], kept)
	}
	require.Empty(t, p.platform.arrived["chat:1"])
	p.is(0, 0)
}

func TestAMoveThatCannotBeNotedIsTriedAgainAndNothingIsLost(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.owe("chat:1", "chat:1")
	p.platform.before = func(parcel bot.Parcel, n int) error {
		if n < 3 {
			return &bot.MovedError{To: "9", Err: errors.New("group chat was upgraded")}
		}
		return nil
	}

	p.deliver(2, func(c *bot.CourierConfig) {
		c.Backoff = bot.Backoff{First: time.Nanosecond, Most: time.Nanosecond}
		p.hasty(c)
	})

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestACorrectionEditsWhatItReplacesOrSaysNothing(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	told := p.owe("chat:1", "chat:2")
	p.platform.before = func(parcel bot.Parcel, _ int) error {
		if parcel.Lane == "chat:2" {
			return &bot.RejectedError{Err: errors.New("too long")}
		}
		return nil
	}
	p.deliver(1, nil)
	p.is(0, 1)
	p.platform.before = nil
	correct := func(lane string, replaces funnel.ID) funnel.ID {
		id := p.owe(lane)[0]
		_, err := p.pool.Exec(t.Context(), `
			UPDATE outbox SET replaces = $2, payload = payload || jsonb_build_object('replaces', $2::uuid) WHERE notice_id = $1`,
			id.String(), replaces.String())
		require.NoError(t, err)
		return id
	}
	first := correct("chat:1", told[0])
	second := correct("chat:1", first)
	correct("chat:2", told[1])          // never arrived
	correct("chat:3", told[0])          // not in this chat
	behind := p.owe("chat:2", "chat:3") // once they come, what was before them is settled
	replaced := map[funnel.ID]string{}
	sender := editor{p.platform, func(parcel bot.Parcel) { replaced[parcel.Notice] = parcel.Replaces }}

	p.deliver(4, func(c *bot.CourierConfig) { c.Sender, c.Parallel = sender, 1 })

	original := "message of " + told[0].String()
	require.Equal(t, original, replaced[first])
	require.Equal(t, original, replaced[second], "an edited message keeps its identifier")
	require.Equal(t, behind[:1], p.platform.arrived["chat:2"])
	require.Equal(t, behind[1:], p.platform.arrived["chat:3"])
	p.is(0, 1)
}

// editor is a platform that says nothing of the identifier of what it has edited.
type editor struct {
	*platform
	see func(bot.Parcel)
}

func (e editor) Send(ctx context.Context, p bot.Parcel) (string, error) {
	e.see(p)
	id, err := e.platform.Send(ctx, p)
	if p.Replaces != "" {
		id = ""
	}
	return id, err
}

func TestAPacedChatKeepsItsPlaceForOthers(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for range 5 {
		p.owe("slow:1")
		for lane := range 20 {
			p.owe(laneName(lane))
		}
	}
	// The clock stands still, so the slow chat has but one turn.
	limiter := bot.NewLimiter(bot.Limits{Chat: 1, Burst: 5}, p.now)
	for range 4 {
		require.NoError(t, limiter.Wait(t.Context(), "slow:1"))
	}

	p.deliver(101, func(c *bot.CourierConfig) { c.Limiter, c.Parallel = limiter, 1 })

	p.is(4, 0)
	require.Equal(t, p.owed["slow:1"][:1], p.platform.arrived["slow:1"])
	require.Zero(t, p.count("outbox WHERE done_at IS NULL AND (tried_at IS NOT NULL OR attempts > 0)"), "marked without being sent")

	p.advance(5 * time.Second)
	p.deliver(4, func(c *bot.CourierConfig) { c.Limiter = limiter })
	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestTheCourierComesBackWhenARestIsOverAndNotAtItsNextPoll(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for range 3 {
		p.owe("chat:1", "chat:2", "chat:3")
	}
	began := real()
	clock := func() time.Time { return opening().Add(real().Sub(began)) }
	p.platform.before = func(bot.Parcel, int) error {
		p.clock.Store(clock().UnixNano())
		return nil
	}

	p.deliver(9, func(c *bot.CourierConfig) {
		c.Poll, c.Clock = time.Hour, clock
		c.Limiter = bot.NewLimiter(bot.Limits{Chat: 10, Burst: 1}, clock)
		c.Outbox = ticking{c.Outbox, func() { p.clock.Store(clock().UnixNano()) }}
	})

	require.GreaterOrEqual(t, real().Sub(began), 200*time.Millisecond)
	p.platform.has(t, p.owed)
	p.is(0, 0)
}

// ticking is an outbox whose clock goes on with every look.
type ticking struct {
	bot.Outbox
	tick func()
}

func (o ticking) Claim(ctx context.Context, from funnel.Lanes, limit int) ([]string, error) {
	o.tick()
	return o.Outbox.Claim(ctx, from, limit)
}

func (o ticking) Take(ctx context.Context, lane string) (*funnel.Owed, error) {
	o.tick()
	return o.Outbox.Take(ctx, lane)
}

func TestWhatArrivesIsTiedToItsDeal(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	notice := p.owe("chat:1/5")[0]
	deal := newID()

	p.deliver(1, func(c *bot.CourierConfig) {
		c.Anchors = p.store
		c.Compose = func(context.Context, *funnel.Owed) (message.Doc, error) {
			doc := message.New(message.Head("yours"))
			doc.Deal = deal
			return doc, nil
		}
	})

	found, err := p.store.Anchored(t.Context(), "chat", "1", "message of "+notice.String(), p.space)
	require.NoError(t, err)
	require.Equal(t, deal, found)
}
