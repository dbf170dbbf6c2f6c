package bot_test

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

// shelf is an answer box that takes everything.
type shelf struct {
	mu   sync.Mutex
	kept []time.Time
}

func (*shelf) Claim(context.Context, *funnel.Owed) (bool, error) { return true, nil }

func (*shelf) Delivered(context.Context, *funnel.Owed, string) error { return nil }

func (s *shelf) Postpone(_ context.Context, _ *funnel.Owed, b funnel.Setback) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, b.Until)
	return nil
}

func (*shelf) Bury(context.Context, *funnel.Owed, funnel.Cause, string) error { return nil }

func TestAnAnswerThatIsLeftToTheCourierHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		box := &shelf{}
		answers := bot.NewAnswers(bot.AnswersConfig{
			Box: box, Limiter: bot.NewLimiter(bot.Limits{Chat: 1}, bubble), Clock: bubble, Log: slog.New(slog.DiscardHandler),
		})
		start := bubble()
		var mu sync.Mutex
		var went []time.Duration
		var all sync.WaitGroup
		for n := range 6 {
			all.Go(func() {
				err := answers.Post(t.Context(), bot.Answer{
					Lane: "a:1", Key: strconv.Itoa(n), Doc: message.New(message.Para(message.Plain("hello"))), Locale: funnel.English,
					Send: func(context.Context) (string, error) {
						mu.Lock()
						defer mu.Unlock()
						went = append(went, bubble().Sub(start))
						return "m", nil
					},
				})
				if err != nil {
					t.Errorf("post: %v", err)
				}
			})
		}
		all.Wait()

		require.Equal(t, []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second}, went)
		require.Len(t, box.kept, 2, "those that would wait longer")
	})
}
