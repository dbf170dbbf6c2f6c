package telegram

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// People and chats of the tests.
const (
	anna  = 501
	boris = 502
	team  = -1001000000077
	forum = -1001000000078
)

// box is the outbox of one program in memory.
type box struct {
	mu        sync.Mutex
	claimed   map[funnel.ID]bool
	owed      []funnel.Owed
	delivered []string
	setbacks  []funnel.Setback
	buried    []funnel.Cause
	words     []string
	// refuses makes Claim fail, as a database that is away does.
	refuses bool
}

func (b *box) Claim(_ context.Context, owed *funnel.Owed) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuses {
		return false, funnel.Refuse(funnel.CodeUnavailable, nil)
	}
	if b.claimed[owed.Notice.ID] {
		return false, nil
	}
	b.claimed[owed.Notice.ID] = true
	b.owed = append(b.owed, *owed)
	return true, nil
}

func (b *box) Delivered(_ context.Context, _ *funnel.Owed, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.delivered = append(b.delivered, id)
	return nil
}

func (b *box) Postpone(_ context.Context, _ *funnel.Owed, s funnel.Setback) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.setbacks = append(b.setbacks, s)
	return nil
}

func (b *box) Bury(_ context.Context, _ *funnel.Owed, r funnel.Cause, words string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buried, b.words = append(b.buried, r), append(b.words, words)
	return nil
}

// journal is a log that can be read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// house is a door with a platform in front and a host behind.
type house struct {
	*telegramtest.Server
	door *Door
	box  *box
	log  *journal
	web  *httptest.Server

	mu     sync.Mutex
	visits []bot.Visit
	// host answers; by default with the words that came.
	host  bot.Host
	moved [][2]string
	gone  []string
}

// open starts a door that gets its updates by webhook; change may be nil.
func open(tb testing.TB, change func(*Config)) *house {
	tb.Helper()
	h := build(tb, change)
	h.web = httptest.NewServer(h.door.Handler())
	tb.Cleanup(h.web.Close)
	h.Bot = h.web.URL + "/telegram"
	return h
}

func build(tb testing.TB, change func(*Config)) *house {
	tb.Helper()
	h := &house{Server: telegramtest.New(tb), box: &box{claimed: map[funnel.ID]bool{}}, log: &journal{}}
	h.AddUser(telegramtest.User{ID: anna, First: "Анна", Last: "<b>Ким", Username: "anna_k", Language: "ru-RU"})
	h.AddUser(telegramtest.User{ID: boris, First: "Boris", Language: "en"})
	h.AddGroup(telegramtest.Group{
		ID: team, Title: "Sales", Members: []int64{anna, boris}, Admins: []int64{anna}, BotIsMember: true, Privacy: true,
	})
	h.AddGroup(telegramtest.Group{
		ID: forum, Title: "Topics", Members: []int64{anna, boris}, BotIsMember: true, IsForum: true, Privacy: true,
		Topics: map[int]string{7: "Deals"},
	})
	h.host = func(_ context.Context, v bot.Visit) (message.Doc, error) { return message.New(echo(v)), nil }
	now := time.Now //nolint:forbidigo // the platform is asked over real connections
	texts, err := text.Load()
	require.NoError(tb, err)
	logger := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := Config{
		Token: h.Token, Secret: h.WebhookSecret, APIURL: h.URL, Texts: texts, Clock: now, Log: logger, Verbs: commands.Verbs(),
		Answers: bot.NewAnswers(bot.AnswersConfig{Box: h.box, Clock: now, Log: logger}),
		Host: func(ctx context.Context, v bot.Visit) (message.Doc, error) {
			h.mu.Lock()
			h.visits = append(h.visits, v)
			host := h.host
			h.mu.Unlock()
			return host(ctx, v)
		},
		Moved: func(_ context.Context, from, to string) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.moved = append(h.moved, [2]string{from, to})
			return nil
		},
		Gone: func(_ context.Context, lane, reason string) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.gone = append(h.gone, lane+" "+reason)
			return nil
		},
	}
	if change != nil {
		change(&c)
	}
	h.door, err = New(c)
	require.NoError(tb, err)
	tb.Cleanup(func() {
		h.door.drain(context.WithoutCancel(tb.Context()))
		require.Empty(tb, h.Mistakes(), "the platform had to refuse what no correct bot asks for")
		require.NotContains(tb, h.log.String(), h.Token, "the token got into the log")
	})
	return h
}

// echo says what came.
func echo(v bot.Visit) message.Block {
	said := "said " + v.Text
	switch {
	case v.Press != nil:
		said = "pressed " + v.Press.Action
	case v.Clip != nil:
		said = fmt.Sprintf("kept %s %s %q by %s", v.Clip.Kind, v.Clip.Name, v.Clip.Text, v.Clip.From)
	case v.Code != "":
		said = "code " + v.Code
	}
	return message.Para(message.Plain(said))
}

// answers makes the host answer with the documents, one after the other and the last one for ever.
func (h *house) answers(docs ...message.Doc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := 0
	h.host = func(context.Context, bot.Visit) (message.Doc, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		d := docs[min(next, len(docs)-1)]
		next++
		return d, nil
	}
}

// last returns what the host heard last.
func (h *house) last(tb testing.TB) bot.Visit {
	tb.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	require.NotEmpty(tb, h.visits, "the host has heard nothing")
	return h.visits[len(h.visits)-1]
}

func (h *house) heard() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.visits)
}

// taken requires that the platform got its 200.
func taken(tb testing.TB, d telegramtest.Delivery) telegramtest.Delivery {
	tb.Helper()
	require.NoError(tb, d.Err)
	require.False(tb, d.Unseen, "the platform does not show that to the bot")
	require.Equal(tb, http.StatusOK, d.Status, d.Body)
	return d
}

// asking is a question of the dialog of the token.
func questionDoc(token string, f message.Form) message.Doc {
	f.Reply = commands.QuestionAction(token, "answer", "")
	f.Controls = append(f.Controls, message.Button{Label: "Back", Action: commands.QuestionAction(token, "back", "")},
		message.Button{Label: "Cancel", Action: commands.QuestionAction(token, "cancel", "")})
	if f.Question == nil {
		f.Question = message.Text("How much?")
	}
	return message.New(f)
}

func para(s string) message.Doc { return message.New(message.Para(message.Plain(s))) }

func said(all []telegramtest.Message) string {
	lines := make([]string, len(all))
	for i, m := range all {
		lines[i] = strings.TrimSpace(m.Plain())
	}
	return strings.Join(lines, "\n--\n")
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
