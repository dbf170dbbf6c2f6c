package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// catalog has the sentences of both languages, read once: nothing changes them.
var catalog = sync.OnceValues(text.Load)

// house is a Slack with a door in it, and what came through the door.
type house struct {
	*slacktest.Server
	door *Door
	box  *box

	mu     sync.Mutex
	visits []bot.Visit
	gone   []string
	host   bot.Host
}

// box is an outbox that several doors may share: it stores the answers that were claimed and how
// the attempts at them ended.
type box struct {
	mu        sync.Mutex
	away      bool
	claimed   map[funnel.ID]*funnel.Owed
	delivered map[funnel.ID]string
	postponed map[funnel.ID]funnel.Setback
	buried    map[funnel.ID]string
}

var errAway = errors.New("database is away")

func newBox() *box {
	return &box{
		claimed: map[funnel.ID]*funnel.Owed{}, delivered: map[funnel.ID]string{},
		postponed: map[funnel.ID]funnel.Setback{}, buried: map[funnel.ID]string{},
	}
}

func (b *box) Claim(_ context.Context, owed *funnel.Owed) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return false, errAway
	}
	if b.claimed[owed.Notice.ID] != nil {
		return false, nil
	}
	b.claimed[owed.Notice.ID] = owed
	return true, nil
}

func (b *box) Delivered(_ context.Context, owed *funnel.Owed, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.delivered[owed.Notice.ID] = id
	return nil
}

func (b *box) Postpone(_ context.Context, owed *funnel.Owed, s funnel.Setback) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.postponed[owed.Notice.ID] = s
	return nil
}

func (b *box) Bury(_ context.Context, owed *funnel.Owed, _ funnel.Cause, words string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buried[owed.Notice.ID] = words
	return nil
}

// fails takes the database away, or brings it back.
func (b *box) fails(away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

func (b *box) isAway() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.away
}

// lanes are where the claimed answers were to go.
func (b *box) lanes() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, owed := range b.claimed {
		all = append(all, owed.Lane)
	}
	return all
}

// newHouse is a workspace with two colleagues, a guest and a stranger, and a door that answers over
// HTTP.
func newHouse(t *testing.T, host func(v bot.Visit) message.Doc) *house {
	t.Helper()
	h := &house{Server: slacktest.New(t), box: newBox()}
	// Time stands still and nobody is impatient, so that nothing depends on how busy the machine is.
	began := h.Now()
	h.Now = func() time.Time { return began }
	h.AckWithin = ample
	h.AddUser(slacktest.User{ID: "U1", Name: "anna", RealName: "Anna Bell", Locale: "en-US", TZ: "Europe/London"})
	h.AddUser(slacktest.User{ID: "U2", Name: "boris", RealName: "Борис", Locale: "ru-RU", TZ: "Europe/Moscow", IsAdmin: true})
	h.AddUser(slacktest.User{ID: "U3", Name: "guest", IsRestricted: true})
	h.AddUser(slacktest.User{ID: "U4", Name: "stranger", TeamID: "T0OTHER", IsStranger: true})
	h.AddChannel(slacktest.Channel{ID: "C1", Name: "sales", Members: []string{"U1", "U2", "U3"}, BotIsMember: true})
	h.AddChannel(slacktest.Channel{ID: "C2", Name: "elsewhere", Members: []string{"U1", "U2"}})
	h.AddChannel(slacktest.Channel{ID: "C3", Name: "shared", Members: []string{"U1", "U4"}, BotIsMember: true, IsExtShared: true})
	h.host = func(_ context.Context, v bot.Visit) (message.Doc, error) { return host(v), nil }
	h.door = h.open(t)
	h.Bot = h.serve(t, h.door)
	t.Cleanup(func() { require.Empty(t, h.Refusals(), "something was against Slack's rules") })
	return h
}

// ample is more time than anything takes, and none is none at all.
const (
	ample = time.Minute
	none  = time.Nanosecond
)

// held makes every visit wait, in its turn, until it is released.
func (h *house) held() (release func()) {
	gate := make(chan struct{})
	h.mu.Lock()
	inner := h.host
	h.host = func(ctx context.Context, v bot.Visit) (message.Doc, error) {
		select {
		case <-gate:
		case <-ctx.Done():
		}
		return inner(ctx, v)
	}
	h.mu.Unlock()
	return func() { close(gate) }
}

// open makes a door; several share the box as processes share a database.
func (h *house) open(t *testing.T) *Door {
	t.Helper()
	texts, err := catalog()
	require.NoError(t, err)
	keys := 0
	d, err := New(Config{
		Token: h.Token, SigningSecret: h.SigningSecret, AppToken: h.AppToken, APIURL: h.URL,
		Host: h.visited, Texts: texts, Clock: h.Now, Log: slog.New(slog.DiscardHandler),
		NewKey:  func() string { keys++; return fmt.Sprint("key-", keys) },
		Answers: bot.NewAnswers(bot.AnswersConfig{Box: h.box, Clock: h.Now, Log: slog.New(slog.DiscardHandler)}),
		Gone: func(_ context.Context, lane, reason string) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.gone = append(h.gone, lane+" "+reason)
			if h.box.isAway() {
				return errAway
			}
			return nil
		},
	})
	require.NoError(t, err)
	return d
}

func (h *house) serve(t *testing.T, d *Door) string {
	t.Helper()
	server := httptest.NewServer(d.Handler())
	t.Cleanup(server.Close)
	return server.URL
}

func (h *house) visited(ctx context.Context, v bot.Visit) (message.Doc, error) {
	h.mu.Lock()
	h.visits = append(h.visits, v)
	host := h.host
	h.mu.Unlock()
	return host(ctx, v)
}

func (h *house) hosts(host bot.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = host
}

// last is the latest visit.
func (h *house) last(t *testing.T) bot.Visit {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	require.NotEmpty(t, h.visits, "nobody came")
	return h.visits[len(h.visits)-1]
}

func (h *house) seen() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.visits)
}

// settled waits for everything that was begun.
func (h *house) settled(t *testing.T) {
	t.Helper()
	h.door.work.group.Wait()
}

func para(s string) message.Doc { return message.New(message.Para(message.Plain(s))) }

// shared is something that the team should see.
func shared(s string) message.Doc {
	d := para(s).With(message.Buttons{Buttons: []message.Button{{Label: "Move", Action: "move:42:7"}}})
	d.Shared, d.Deal, d.Workspace, d.Member = true, funnel.ID{4, 2}, funnel.ID{1}, funnel.ID{2}
	return d
}

// money asks for an amount, stage for one of several.
func money(token string) message.Doc {
	return message.New(message.Form{
		Question: message.Text("How much is it worth?"), Hint: "For example 450k", Kind: message.AnswerMoney, Step: 1, Steps: 2,
		Reply: "~" + token + "~answer", Controls: []message.Button{
			{Label: "Skip", Action: "~" + token + "~skip"}, {Label: "Cancel", Action: "~" + token + "~cancel"},
		},
	})
}

func stage(token string) message.Doc {
	return message.New(message.Form{
		Question: message.Text("Which stage?"), Kind: message.AnswerOne, Reply: "~" + token + "~answer",
		Options: []message.Option{
			{Label: "Proposal", Action: "~" + token + "~pick~proposal"}, {Label: "Won", Action: "~" + token + "~pick~won"},
		},
		Controls: []message.Button{{Label: "Cancel", Action: "~" + token + "~cancel"}},
	})
}

func (w *work) isClosed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

func status(r slacktest.Reply) int { return r.Status }

const ok = http.StatusOK
