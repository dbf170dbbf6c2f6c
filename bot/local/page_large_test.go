package local

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/memory"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// desk is the whole program behind the door, with a funnel of its own: how it answers, and one member.
func desk(t *testing.T, lang funnel.Locale, plan *funnel.Funnel) (handle bot.Handler, workspace, member funnel.ID) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	id := func() funnel.ID { return funnel.ID(uuid.Must(uuid.NewV7())) }
	quiet := slog.New(slog.DiscardHandler)
	url := pgtest.New(t, func(ctx context.Context, url string) error {
		return postgres.Migrate(ctx, postgres.Config{URL: url, Log: quiet, Clock: now})
	})
	store, err := postgres.Open(t.Context(), postgres.Config{URL: url, Log: quiet, Clock: now, Connections: 4})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	w, err := store.Settle(t.Context(), funnel.Workspace{
		ID: id(), Name: "Bluefin Robotics", Locale: lang, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: id(), Name: "Sales"})
	require.NoError(t, err)
	service := funnel.New(funnel.Config{Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return plan }, Clock: now, IDs: id})
	anna, err := service.Join(t.Context(), funnel.Caller{Door: Name, External: "anna", Name: "Anna", Locale: lang}, w.ID, funnel.Admin, "test")
	require.NoError(t, err)
	texts, err := text.Load()
	require.NoError(t, err)
	tokens := 0
	d := commands.NewDesk(commands.DeskConfig{
		Service: service, Sessions: memory.NewSessions(now, 0), NewToken: func() string { tokens++; return fmt.Sprintf("t%d", tokens) },
	})
	dispatcher := bot.NewDispatcher(bot.DispatcherConfig{Desk: d, Texts: texts, Log: quiet, NewCase: func() string { return "case" }})
	return dispatcher.Handle, w.ID, anna.ID
}

func TestTheLargestQuestionnaireIsAnsweredByTyping(t *testing.T) {
	t.Parallel()
	for lang, w := range map[funnel.Locale]struct{ letter, open, ask, done, save, later, result string }{
		funnel.English: {"W", "new Oakline Freight, spare parts, 45k", "qualify #1", "Done", "Save", "later", "of 100"},
		funnel.Russian: {"щ", "новая Ромашка, внедрение, 1,2 млн", "квалифицируй #1", "Готово", "Сохранить", "позже", "из 100"},
	} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			plan := bottest.Largest(t)
			handle, workspace, member := desk(t, lang, plan)
			long := strings.Repeat(w.letter, 1500)
			lines := []string{w.open, w.ask}
			for _, s := range plan.Qualification.Sections {
				for i := range s.Questions {
					lines = append(lines, map[funnel.QuestionKind]string{
						funnel.AskOne: "100", funnel.AskSeveral: "2, 100", funnel.AskText: long, funnel.AskPerson: strings.Repeat(w.letter, 60),
						funnel.AskMoney: "999999999", funnel.AskNumber: "123456", funnel.AskDate: "2026-12-01", funnel.AskYesNo: "1",
					}[s.Questions[i].Kind])
				}
			}
			lines = append(lines, w.later, w.ask, "1")
			b := setup(t, strings.NewReader(strings.Join(lines, "\n")+"\n"), handle)
			texts, err := text.Load()
			require.NoError(t, err)
			b.door.Workspace, b.door.Member, b.door.Locale = workspace, member, lang
			b.door.Printer = func() *text.Printer { return texts.In(string(lang)) }
			b.door.width = func() int { return 40 }
			require.NoError(t, b.door.Run(t.Context()))

			shown := b.out.String()
			asked := 0
			squeezed := strings.NewReplacer("\n", "", " ", "").Replace(shown)
			for _, s := range plan.Qualification.Sections {
				for i := range s.Questions {
					require.Positive(t, strings.Count(squeezed, s.Questions[i].Ask.In(lang)), "question %d was not asked", asked)
					asked++
				}
			}
			require.Equal(t, definition.MaxQuestions, asked)
			require.Positive(t, strings.Count(shown, "[101] "+w.done))
			require.Positive(t, strings.Count(shown, "[1] "+w.save))
			require.Contains(t, shown[len(shown)-2000:], w.result, "it was judged")
			for row := range strings.Lines(shown) {
				require.LessOrEqual(t, cells(strings.TrimRight(row, "\n")), 40)
			}
		})
	}
}
