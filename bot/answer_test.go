package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

// answers posts through a store of their own on the database, as another process would.
func (p *post) answers(change func(*bot.AnswersConfig)) *bot.Answers {
	p.Helper()
	store, err := postgres.Open(p.Context(), postgres.Config{URL: p.url, Log: slog.New(slog.DiscardHandler), Clock: p.now})
	require.NoError(p, err)
	p.Cleanup(store.Close)
	c := bot.AnswersConfig{Box: store.AnswerBox(), Clock: p.now, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&c)
	}
	return bot.NewAnswers(c)
}

// answer is one whose first attempt goes to the platform of the test.
func (p *post) answer(lane, key string) bot.Answer {
	a := bot.Answer{
		Workspace: p.space, Member: newID(), Lane: lane, Key: key, Locale: funnel.Russian,
		Doc: message.New(message.Para(message.Plain("answer to " + key))),
	}
	a.Send = func(ctx context.Context) (string, error) {
		return p.platform.Send(ctx, bot.Parcel{
			Workspace: a.Workspace, Member: a.Member, Lane: a.Lane, Notice: a.Notice(), Doc: a.Doc,
		})
	}
	return a
}

// stored is the words of the courier for an answer.
func stored(_ context.Context, owed *funnel.Owed) (doc message.Doc, err error) {
	return doc, doc.UnmarshalJSON(owed.Answer)
}

func TestTheSameAnswerFromManyDeliveriesIsPostedOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	one, two := p.answers(nil), p.answers(nil)
	var all sync.WaitGroup
	want := map[string][]funnel.ID{}
	for n := range 20 {
		a := p.answer(laneName(n), "update of "+laneName(n))
		want[a.Lane] = []funnel.ID{a.Notice()}
		for _, process := range []*bot.Answers{one, one, two, two} {
			all.Go(func() {
				if err := process.Post(t.Context(), a); err != nil {
					t.Errorf("post: %v", err)
				}
			})
		}
	}
	all.Wait()

	p.platform.has(t, want)
	p.is(0, 0)
	require.Equal(t, 20, p.count("outbox WHERE answer AND message_id <> '' AND locale = 'ru'"))
}

func TestAnAnswerWhoseProcessDiedIsDeliveredByTheCourierOnce(t *testing.T) {
	t.Parallel()
	for name, arrived := range map[string]bool{"before the send": false, "after the send": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			a := p.answer("chat:1", "update 7")
			doc, err := a.Doc.MarshalJSON()
			require.NoError(t, err)
			// The dead process got as far as this.
			mine, err := p.store.AnswerBox().Claim(t.Context(), &funnel.Owed{
				Workspace: p.space, Lane: a.Lane, Locale: a.Locale, Since: p.now(), Attempts: 1, Answer: doc,
				Notice: funnel.Notification{ID: a.Notice(), Kind: funnel.AnswerKind, To: a.Member},
			})
			require.NoError(t, err)
			require.True(t, mine)
			if arrived {
				p.platform.arrived["chat:1"] = []funnel.ID{a.Notice()}
			}
			require.NoError(t, p.answers(nil).Post(t.Context(), a), "the platform delivers again")
			require.Empty(t, p.platform.sends)

			// Until it can be told that the process is dead, nobody touches the answer.
			p.advance(funnel.Lease - time.Second)
			lanes, err := p.store.Outbox(newID()).Claim(t.Context(), funnel.Lanes{}, 8)
			require.NoError(t, err)
			require.Empty(t, lanes)
			p.advance(time.Second)
			p.owed["chat:1"] = []funnel.ID{a.Notice()}
			p.owe("chat:1")
			news := 2
			if arrived {
				news = 1
			}
			p.deliver(news, func(c *bot.CourierConfig) {
				words := c.Compose
				c.Compose = func(ctx context.Context, owed *funnel.Owed) (message.Doc, error) {
					if owed.Answer == nil {
						return words(ctx, owed)
					}
					doc, err := stored(ctx, owed)
					require.Equal(t, a.Doc, doc)
					return doc, err
				}
			})

			p.platform.has(t, p.owed)
			p.is(0, 0)
		})
	}
}

func TestAnAnswerThatIsHeldOffComesWhenThePlatformTakesItAndNothingPassesIt(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	limiter := bot.NewLimiter(bot.Limits{}, p.now)
	answers := p.answers(func(c *bot.AnswersConfig) { c.Limiter = limiter })
	p.platform.before = func(parcel bot.Parcel, n int) error {
		if len(p.platform.arrived) == 0 && parcel.Lane == "chat:1" && n == 1 && p.platform.sends[parcel.Notice] == 1 {
			return &bot.RetryError{After: 30 * time.Second, Err: errors.New("429")}
		}
		return nil
	}
	var want []funnel.ID
	for _, key := range []string{"a", "b", "c"} {
		a := p.answer("chat:1", key)
		want = append(want, a.Notice())
		require.NoError(t, answers.Post(t.Context(), a))
	}
	require.Len(t, p.platform.sends, 1, "only the first was tried")
	// Another process knows nothing of the silence, but sees what waits.
	other := p.answer("chat:1", "d")
	want = append(want, other.Notice())
	require.NoError(t, p.answers(nil).Post(t.Context(), other))
	require.Len(t, p.platform.sends, 1)
	p.is(4, 0)

	p.advance(30*time.Second - time.Millisecond)
	lanes, err := p.store.Outbox(newID()).Claim(t.Context(), funnel.Lanes{}, 8)
	require.NoError(t, err)
	require.Empty(t, lanes)
	p.advance(time.Millisecond)
	p.deliver(4, func(c *bot.CourierConfig) { c.Compose, c.Limiter = stored, limiter })

	p.platform.has(t, map[string][]funnel.ID{"chat:1": want})
	p.is(0, 0)
}

func TestAnAnswerInDoubtIsAskedAfterByTheCourier(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	lost := p.answer("chat:1", "lost")
	p.platform.after = func(bot.Parcel, int) error { return errBroken }
	require.NoError(t, p.answers(nil).Post(t.Context(), lost))
	p.platform.await(t, 1)
	p.platform.after = nil
	p.is(1, 0)

	p.advance(time.Minute)
	p.owed["chat:1"] = []funnel.ID{lost.Notice()}
	p.owe("chat:1")
	p.deliver(1, nil)

	p.platform.has(t, p.owed)
	p.is(0, 0)
}

func TestASecretAnswerIsNeverStoredAndNeverSentLater(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"held off": &bot.RetryError{After: time.Second, Err: errors.New("429")},
		"refused":  &bot.RetryError{Err: errors.New("503")},
		"in doubt": errBroken,
		"moved":    &bot.MovedError{To: "2", Err: errors.New("migrated")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			a := p.answer("chat:1", "invite")
			a.Doc = message.New(message.Para(message.Plain("the code is hunter2")))
			a.Doc.Secret = true
			p.platform.before = func(bot.Parcel, int) error { return failure }

			require.NoError(t, p.answers(nil).Post(t.Context(), a))

			p.is(0, 1)
			require.True(t, strings.HasPrefix(p.reasons()[0], string(funnel.BuriedSecret)+": "), p.reasons()[0])
			require.Zero(t, p.count("outbox o WHERE o::text LIKE '%hunter2%'"))
		})
	}
}

func TestASecretAnswerWhoseProcessDiedIsBuried(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	_, err := p.store.AnswerBox().Claim(t.Context(), &funnel.Owed{
		Workspace: p.space, Lane: "chat:1", Since: p.now(), Attempts: 1,
		Notice: funnel.Notification{ID: newID(), Kind: funnel.AnswerKind, To: newID()},
	})
	require.NoError(t, err)
	p.advance(funnel.Lease)
	p.owe("chat:1")

	p.deliver(1, nil)

	p.platform.has(t, p.owed)
	p.is(0, 1)
	require.Contains(t, p.reasons()[0], "not stored")
}

func TestWhatCannotBeStoredIsNotPosted(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	answers, a := p.answers(nil), p.answer("chat:1", "update 7")

	require.Error(t, answers.Post(ctx, a))
	require.Empty(t, p.platform.sends)

	require.NoError(t, answers.Post(t.Context(), a), "the platform delivers again")
	p.platform.has(t, map[string][]funnel.ID{"chat:1": {a.Notice()}})
}

func TestAnAnswerThatWasBegunEndsThoughItsRequestIsGivenUp(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx, stop := context.WithCancel(t.Context())
	a := p.answer("chat:1", "update 7")
	p.platform.before = func(bot.Parcel, int) error {
		stop()
		return nil
	}

	require.NoError(t, p.answers(nil).Post(ctx, a))

	p.platform.has(t, map[string][]funnel.ID{"chat:1": {a.Notice()}})
	p.is(0, 0)
}

func TestStrangersAndEmptyAnswersPassAsWell(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	stranger, sent := p.answer("chat:1", "who are you"), atomic.Int32{}
	stranger.Workspace, stranger.Member = funnel.ID{}, funnel.ID{}
	stranger.Send = func(context.Context) (string, error) {
		if sent.Add(1) == 1 {
			return "", &bot.RetryError{Err: errors.New("503")}
		}
		return "", errors.New("sent by the wrong one")
	}
	silence := p.answer("chat:2", "nothing")
	silence.Doc = message.Doc{}
	answers := p.answers(nil)

	require.NoError(t, answers.Post(t.Context(), stranger))
	require.NoError(t, answers.Post(t.Context(), silence))
	p.is(1, 0)
	p.advance(time.Minute)
	composed := make(chan funnel.ID, 1)
	p.during(func() { require.Equal(t, stranger.Notice(), <-composed) }, p.courier(func(c *bot.CourierConfig) {
		c.Compose = func(_ context.Context, owed *funnel.Owed) (message.Doc, error) {
			require.True(t, owed.Workspace.IsZero())
			composed <- owed.Notice.ID
			return message.Doc{}, nil
		}
	}))

	p.is(0, 0)
	require.EqualValues(t, 1, sent.Load())
}

// ledger writes down what the platform is said to have said.
type ledger struct {
	mu     sync.Mutex
	noted  []string
	access bot.Anchors
}

func (l *ledger) note(words ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noted = append(l.noted, strings.Join(words, " "))
}

func (l *ledger) Gone(_ context.Context, workspace funnel.ID, lane, reason string) error {
	l.note("gone", workspace.String(), lane, reason)
	return errors.New("the database is away")
}

func (l *ledger) Moved(ctx context.Context, door, from, to string) error {
	l.note("moved", door, from, to)
	return l.access.Moved(ctx, door, from, to)
}

func TestWhatBecomesOfAnAnswerIsNoted(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	l := &ledger{access: p.store}
	answers := p.answers(func(c *bot.AnswersConfig) { c.Anchors = l })
	about := p.answer("chat:1/77", "card")
	about.Doc.Deal = newID()
	require.NoError(t, answers.Post(t.Context(), about))
	require.NoError(t, answers.Post(t.Context(), p.answer("chat:1/77", "list")))

	blocked := p.answer("chat:2", "help")
	blocked.Send = func(context.Context) (string, error) { return "", &bot.GoneError{Err: errors.New("bot was blocked")} }
	require.NoError(t, answers.Post(t.Context(), blocked))

	migrated := p.answer("chat:3/5", "pipeline")
	migrated.Send = func(context.Context) (string, error) {
		return "", &bot.MovedError{To: "-1003", Err: errors.New("upgraded")}
	}
	require.NoError(t, answers.Post(t.Context(), migrated))
	p.deliver(3, func(c *bot.CourierConfig) { c.Compose = stored })

	require.Equal(t, []string{
		"gone " + p.space.String() + " chat:2 bot was blocked",
		"moved chat 3 -1003",
	}, l.noted)
	tied, err := p.store.Anchored(t.Context(), "chat", "1", "message of "+about.Notice().String(), p.space)
	require.NoError(t, err)
	require.Equal(t, about.Doc.Deal, tied)
	require.Equal(t, []funnel.ID{migrated.Notice()}, p.platform.arrived["chat:-1003/5"])
	p.is(0, 1)
	require.Equal(t, []string{"gone: destination is gone: bot was blocked"}, p.reasons())
}
