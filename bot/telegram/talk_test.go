package telegram

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/memory"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// firm puts the whole program behind the door, over a real database, and returns the code of an
// invitation for its first admin.
func firm(tb testing.TB, lang funnel.Locale) (h *house, code string) {
	tb.Helper()
	plan, err := definition.Default()
	require.NoError(tb, err)
	return firmOf(tb, lang, plan)
}

// firmOf is firm with a funnel of its own.
func firmOf(tb testing.TB, lang funnel.Locale, plan *funnel.Funnel) (h *house, code string) {
	tb.Helper()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	url := pgtest.New(tb, func(ctx context.Context, url string) error {
		return postgres.Migrate(ctx, postgres.Config{URL: url, Log: slog.New(slog.DiscardHandler), Clock: now})
	})
	store, err := postgres.Open(tb.Context(), postgres.Config{URL: url, Log: discard(), Clock: now, Connections: 4})
	require.NoError(tb, err)
	tb.Cleanup(store.Close)
	w, err := store.Settle(tb.Context(), funnel.Workspace{
		ID: newID(), Name: "Bluefin Robotics", Locale: lang, Zone: "UTC", Currency: "RUB", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(tb, err)
	service := funnel.New(funnel.Config{Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return plan }, Clock: now, IDs: newID})
	texts, err := text.Load()
	require.NoError(tb, err)
	n := 0
	desk := commands.NewDesk(commands.DeskConfig{
		Service: service, Sessions: memory.NewSessions(now, 0), NewToken: func() string { n++; return fmt.Sprintf("t%d", n) },
		InviteLink: func(code string) string { return Link("funnel_test_bot", code) },
	})
	dispatcher := bot.NewDispatcher(bot.DispatcherConfig{Desk: desk, Texts: texts, Log: discard(), NewCase: func() string { return "case" }})
	reception := bot.NewReception(bot.ReceptionConfig{
		Service: service, Dispatcher: dispatcher, Texts: texts, Clock: now, Log: discard(), ConnectFirst: map[string]bool{Name: true},
	})
	h = open(tb, func(c *Config) {
		c.Clock, c.Host = now, reception.Handle
		c.Answers = bot.NewAnswers(bot.AnswersConfig{Box: store.AnswerBox(), Anchors: store, Clock: now, Log: discard()})
	})
	h.Now = now
	h.AddUser(telegramtest.User{ID: anna, First: "Anna", Language: string(lang)})
	h.AddUser(telegramtest.User{ID: boris, First: "Boris", Language: string(lang)})
	got, err := service.Invite(tb.Context(), funnel.Act{Workspace: w.ID, Event: "first", Origin: funnel.FromChat}, funnel.Invite{Role: funnel.Admin})
	require.NoError(tb, err)
	return h, got.Code
}

func newID() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }

var codes = regexp.MustCompile(`/start \S+`)

// transcript is a chat as everybody sees it at the end, with what stood in edited messages before.
func transcript(h *house, chat int64) string {
	var b bytes.Buffer
	for _, m := range h.Messages(chat) {
		who := "▶ "
		if m.From == h.BotID {
			who = ""
		}
		for _, before := range m.Earlier {
			fmt.Fprintf(&b, "(before: %s)\n", strings.ReplaceAll(before.Text, "\n", " / "))
		}
		b.WriteString(who + strings.TrimSpace(m.Plain()))
		if m.ForceReply {
			b.WriteString("\n(answer here: " + m.Hint + ")")
		}
		b.WriteString("\n\n")
	}
	return codes.ReplaceAllString(b.String(), "/start CODE")
}

func TestTalkWithTheWholeProgram(t *testing.T) {
	t.Parallel()
	for lang, lines := range map[funnel.Locale][]string{
		funnel.Russian: {"новая Ромашка, внедрение, 1,2 млн", "двигай ромашка", "проиграна ромашка", "отмена", "список", "воронка", "помощь"},
		funnel.English: {"new Oakline Freight, spare parts, 45k", "move oakline", "lost oakline", "cancel", "list", "funnel", "help"},
	} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			h, code := firm(t, lang)
			taken(t, h.Private(boris, "help"))
			taken(t, h.Start(anna, code))
			for i, line := range lines {
				taken(t, h.Private(anna, line))
				if i == 1 {
					// The question is answered by its first button, and what follows by buttons too.
					for range 2 {
						if labels := h.Last(anna).Labels(); len(labels) > 0 {
							taken(t, h.Press(anna, h.Last(anna), labels[0]))
						}
					}
				}
			}
			dir := filepath.Join("testdata", "talk", string(lang))
			bottest.Golden(t, filepath.Join(dir, "private.txt"), transcript(h, anna))
			bottest.Golden(t, filepath.Join(dir, "stranger.txt"), transcript(h, boris))

			taken(t, h.Group(anna, team, "/list"))
			taken(t, h.Group(anna, team, "/connect@funnel_test_bot"))
			asked := h.Last(team)
			require.NotEmpty(t, asked.Labels())
			taken(t, h.Press(boris, asked, asked.Labels()[0]))
			taken(t, h.Press(anna, asked, asked.Labels()[0]))
			taken(t, h.Group(anna, team, "/set@funnel_test_bot #1"))
			taken(t, h.Group(anna, team, "/cancel@funnel_test_bot"))
			taken(t, h.Group(anna, team, "/show #1"))
			card := h.Last(team)
			happened, step := "called, they want a discount", "call Mira on friday"
			if lang == funnel.Russian {
				happened, step = "звонок, просят скидку", "позвонить Мире в пятницу"
			}
			taken(t, h.Group(anna, team, happened, telegramtest.ReplyTo(card.ID)))
			taken(t, h.Group(anna, team, "/next@funnel_test_bot #1"))
			taken(t, h.Group(anna, team, step, telegramtest.ReplyTo(h.Last(team).ID)))
			taken(t, h.Group(boris, team, "/list@funnel_test_bot"))
			bottest.Golden(t, filepath.Join(dir, "group.txt"), transcript(h, team))
		})
	}
}
