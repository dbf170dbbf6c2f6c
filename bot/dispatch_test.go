package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/memory"
	"funnelbot/storage/postgres"
	"funnelbot/storage/postgres/pgtest"
)

// counter is a dispatcher over a real desk, with what it logs.
type counter struct {
	*bot.Dispatcher
	log  bytes.Buffer
	anna funnel.Member
}

// fragile are sessions that fail as they are told to.
type fragile struct {
	funnel.Sessions
	load func(context.Context) error
}

func (f fragile) Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error) {
	if err := f.load(ctx); err != nil {
		return funnel.Session{}, err
	}
	return f.Sessions.Load(ctx, key)
}

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// newCounter opens a dispatcher whose sessions do what load says.
func newCounter(t *testing.T, load func(context.Context) error) *counter {
	t.Helper()
	c := &counter{}
	url := pgtest.New(t, migrate)
	store, err := postgres.Open(t.Context(), postgres.Config{
		URL: url, Log: slog.New(slog.DiscardHandler), Clock: noon, Connections: 2,
	})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	space, err := store.Settle(t.Context(), funnel.Workspace{
		ID: newID(), Name: "Test works", Locale: funnel.English, Zone: "UTC", Currency: "USD", Calendar: funnel.OfficeHours(),
	}, funnel.Team{ID: newID(), Name: "Sales"})
	require.NoError(t, err)
	c.anna, err = store.SignIn(t.Context(), funnel.Identity{Door: "local", External: "anna", Workspace: space.ID}, funnel.Member{
		Workspace: space.ID, ID: newID(), Name: "Anna", Role: funnel.Admin, Locale: funnel.English, Active: true,
	})
	require.NoError(t, err)
	plan, err := definition.Default()
	require.NoError(t, err)
	texts, err := text.Load()
	require.NoError(t, err)
	token := func() string { return uuid.NewString()[:8] }
	c.Dispatcher = bot.NewDispatcher(bot.DispatcherConfig{
		Desk: commands.NewDesk(commands.DeskConfig{
			Service: funnel.New(funnel.Config{
				Store: store, Funnels: func(funnel.Kind) *funnel.Funnel { return plan }, Clock: noon, IDs: newID,
			}),
			Sessions: fragile{Sessions: memory.NewSessions(noon, 0), load: load}, NewToken: token,
		}),
		Texts: texts, Log: slog.New(slog.NewTextHandler(&c.log, nil)), NewCase: func() string { return "case-7" },
	})
	return c
}

func well(context.Context) error { return nil }

// words are the sentences of a message.
func words(doc message.Doc) string {
	var all bytes.Buffer
	for _, b := range doc.Blocks {
		switch b := b.(type) {
		case message.Paragraph:
			all.WriteString(b.Text.String() + "\n")
		case message.Heading:
			all.WriteString(b.Text.String() + "\n")
		case message.List:
			for _, item := range b.Items {
				all.WriteString(item.Text.String() + "\n")
			}
		}
	}
	return all.String()
}

func (c *counter) say(ctx context.Context, t *testing.T, line string, press *bot.Press) string {
	t.Helper()
	doc, err := c.Handle(ctx, bot.Request{
		Door: "local", Workspace: c.anna.Workspace, Member: c.anna.ID, Place: "here", Key: uuid.NewString(),
		Text: line, Press: press, Locale: funnel.English, At: noon(),
	})
	require.NoError(t, err, "whatever happens is answered")
	return words(doc)
}

// secret stands for what people type, which no log may hold.
const secret = "call Mira about the merger"

func TestARequestThatTakesTooLongIsAnswered(t *testing.T) {
	t.Parallel()
	c := newCounter(t, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	require.Contains(t, c.say(ctx, t, secret, nil), "This took too long")
	require.Contains(t, c.log.String(), "request not answered in time")
	require.NotContains(t, c.log.String(), "Mira")
}

func TestAPanicIsAnIncidentWithItsStackInTheLog(t *testing.T) {
	t.Parallel()
	// The panic is what is tested: that of a desk with a fault.
	c := newCounter(t, func(context.Context) error { panic("index out of range") })
	require.Contains(t, c.say(t.Context(), t, secret, nil), "give your administrator this number: case-7")
	require.Contains(t, c.log.String(), "incident=case-7")
	require.Contains(t, c.log.String(), "index out of range")
	require.Contains(t, c.log.String(), "dispatch_test.go", "the stack leads to the place")
	require.NotContains(t, c.log.String(), "Mira")
}

func TestAFaultIsAnIncidentWithItsErrorInTheLogAlone(t *testing.T) {
	t.Parallel()
	c := newCounter(t, func(context.Context) error { return errors.New("disk on fire") })
	said := c.say(t.Context(), t, secret, nil)
	require.Contains(t, said, "case-7")
	require.NotContains(t, said, "disk")
	require.Contains(t, c.log.String(), "disk on fire")
	require.Contains(t, c.log.String(), "member="+c.anna.ID.String())
	require.NotContains(t, c.log.String(), "Mira")
}

func TestADatabaseThatIsAwayIsASentence(t *testing.T) {
	t.Parallel()
	c := newCounter(t, func(context.Context) error { return funnel.Refuse(funnel.CodeUnavailable, nil) })
	require.Contains(t, c.say(t.Context(), t, secret, nil), "I cannot reach my database right now")
	require.NotContains(t, c.log.String(), "Mira")
}

func TestARefusalIsASentenceAndNoIncident(t *testing.T) {
	t.Parallel()
	c := newCounter(t, well)
	require.Contains(t, c.say(t.Context(), t, "undo", nil), "nothing in the last minutes")
	require.Contains(t, c.say(t.Context(), t, "#77", nil), "77")
	require.Contains(t, c.say(t.Context(), t, "", &bot.Press{Action: "no:such:button"}), "I no longer know this button")
	require.Empty(t, c.log.String())
}

func TestWhatNoDatabaseTakesIsCleanedOutOfTextsAndButtons(t *testing.T) {
	t.Parallel()
	c := newCounter(t, well)
	require.Contains(t, c.say(t.Context(), t, "new Ac\x00me 12k website", nil), "Acme")
	require.Contains(t, c.say(t.Context(), t, "log acme call, they\x00 agree \xff", nil), "they agree \ufffd")
	require.Contains(t, c.say(t.Context(), t, "", &bot.Press{Action: "sh\x00ow:1:0"}), "Acme")
	require.Contains(t, c.say(t.Context(), t, "", &bot.Press{Action: "show:\xff", Value: "\x00"}), "I no longer know this button")
	require.Empty(t, c.log.String(), "none of it was a fault")
}
