package bot_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

// Answers of the process that is killed: so many to so many chats.
const answersInAll, answerChats = 200, 10

// deadAnswer is the nth answer of the process that is killed, which the platform delivers again later.
func deadAnswer(n int, space funnel.ID) bot.Answer {
	return bot.Answer{
		Workspace: space, Member: space, Lane: laneName(n % answerChats), Key: "update " + strconv.Itoa(n),
		Doc: message.New(message.Para(message.Plain("an answer"))),
	}
}

func TestAnswersOfAKilledProcessArriveOnceAllTheSame(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	server := httptest.NewServer(p.platform)
	t.Cleanup(server.Close)
	p.platform.after = func(bot.Parcel, int) error {
		if rand.N(10) == 0 {
			return errBroken
		}
		return nil
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAnswererOfItsOwnProcess$")
	cmd.Env = append(os.Environ(), childDatabase+"="+p.url, childPlatform+"="+server.URL, childSpace+"="+p.space.String())
	cmd.Stderr = os.Stderr
	alive := p.sessions()
	require.NoError(t, cmd.Start())
	p.platform.await(t, answersInAll/3)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Eventually(t, func() bool { return p.sessions() <= alive }, funnel.Lease/3, 10*time.Millisecond)

	// The platform delivers all of it again, to another process.
	p.platform.drop(server)
	p.platform.after = nil
	answers := p.answers(nil)
	for n := range answersInAll {
		a := deadAnswer(n, p.space)
		a.Send = func(ctx context.Context) (string, error) {
			return p.platform.Send(ctx, bot.Parcel{
				Workspace: a.Workspace, Member: a.Member, Lane: a.Lane, Notice: a.Notice(), Doc: a.Doc,
			})
		}
		require.NoError(t, answers.Post(t.Context(), a))
	}
	p.clock.Store(real().Add(time.Hour).UnixNano())
	last := map[string]funnel.ID{}
	for n := range answerChats {
		last[laneName(n)] = p.owe(laneName(n))[0]
	}
	p.during(func() {
		require.Eventually(t, func() bool { return p.count("outbox WHERE done_at IS NULL") == 0 }, funnel.Lease*2/3, 10*time.Millisecond)
	}, p.courier(func(c *bot.CourierConfig) {
		words := c.Compose
		c.Compose = func(ctx context.Context, owed *funnel.Owed) (message.Doc, error) {
			if owed.Answer != nil {
				return stored(ctx, owed)
			}
			return words(ctx, owed)
		}
	}))

	require.Empty(t, p.platform.bad)
	times := map[funnel.ID]int{}
	for _, lane := range p.platform.arrived {
		for _, notice := range lane {
			times[notice]++
		}
	}
	for n := range answersInAll {
		require.Equal(t, 1, times[deadAnswer(n, p.space).Notice()], "answer %d", n)
	}
	for lane, notice := range last {
		arrived := p.platform.arrived[lane]
		require.Equal(t, notice, arrived[len(arrived)-1], "what was owed later comes later")
	}
	p.is(0, 0)
}

// drop waits until nothing is under way to the platform any more, and forgets who waited.
func (f *platform) drop(server *httptest.Server) {
	server.Close()
	for len(f.seen) > 0 {
		<-f.seen
	}
}

// childSpace is the workspace of the process that answers.
const childSpace = "COURIER_TEST_SPACE"

func TestAnswererOfItsOwnProcess(t *testing.T) {
	t.Parallel()
	database, platform := os.Getenv(childDatabase), os.Getenv(childPlatform)
	if database == "" || os.Getenv(childSpace) == "" {
		// Without a database it is no child but this test by itself, which has nothing to prove.
		t.Skip("it is started by the tests that kill it")
	}
	space, err := funnel.ParseID(os.Getenv(childSpace))
	require.NoError(t, err)
	store, err := postgres.Open(t.Context(), postgres.Config{URL: database, Log: slog.New(slog.DiscardHandler), Clock: real})
	require.NoError(t, err)
	defer store.Close()
	answers := bot.NewAnswers(bot.AnswersConfig{Box: store.AnswerBox(), Clock: real, Log: slog.New(slog.DiscardHandler)})
	door := remote{platform}
	var all sync.WaitGroup
	for chat := range answerChats {
		// A door answers one after the other in each chat.
		all.Go(func() {
			for n := chat; n < answersInAll; n += answerChats {
				a := deadAnswer(n, space)
				a.Send = func(ctx context.Context) (string, error) {
					return door.Send(ctx, bot.Parcel{
						Workspace: a.Workspace, Member: a.Member, Lane: a.Lane, Notice: a.Notice(), Doc: a.Doc,
					})
				}
				if err := answers.Post(t.Context(), a); err != nil {
					t.Errorf("post answer %d: %v", n, err)
					return
				}
			}
		})
	}
	all.Wait()
}
