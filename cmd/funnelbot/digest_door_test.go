package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image/png"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/local"
	"funnelbot/funnel"
	"funnelbot/funnel/sample"
	"funnelbot/storage/postgres/pgtest"
)

// TestTheDigestOfTheSampleCompany comes to a manager at each door on Monday, the day of the whole
// analysis. The goldens are what the platforms received and what the terminal showed.
func TestTheDigestOfTheSampleCompany(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "ru"} {
		for name, shown := range map[string]func(*stage) string{
			"slack.json": digestInSlack, "telegram.html": digestInTelegram, "local.txt": digestInLocal,
		} {
			t.Run(locale+"-"+name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, locale)
				bottest.Golden(t, filepath.Join("testdata", "digest", locale+"-"+name), shown(s))
			})
		}
	}
}

// sample tells the history of the sample company up to the day of the stage, to which meet brings
// somebody before anybody else is there. Identifiers are the same every time, because what is drawn by
// lot in an analysis depends on that of the workspace.
func (s *stage) sample(meet func()) {
	s.tb.Helper()
	ctx := s.tb.Context()
	var errs screen
	io := &streams{out: &errs, err: &errs, getenv: func(string) string { return "" }, now: s.now}
	line := &settings{DatabaseURL: s.url, Workspace: "main", Zone: "Europe/Moscow", LogLevel: "error", Data: s.tb.TempDir()}
	a, err := newApp(ctx, line, io, options{quiet: true})
	require.NoError(s.tb, err)
	defer a.close(ctx)
	var last atomic.Uint64
	newID := func() funnel.ID {
		var id funnel.ID
		binary.BigEndian.PutUint64(id[8:], last.Add(1))
		return id
	}
	w, err := a.newWorkspace(funnel.Locale(s.locale), io)
	require.NoError(s.tb, err)
	w.ID = newID()
	w, err = a.store.Settle(ctx, w, funnel.Team{ID: newID(), Name: w.Name})
	require.NoError(s.tb, err)
	meet()
	me, err := a.signIn(ctx, person{As: "Anna", Lang: s.locale}, io)
	require.NoError(s.tb, err)
	now := a.now()
	// A program that runs beside would remind of steps of the past while they are being written.
	s.clock.Store(now.AddDate(-2, 0, 0).UnixNano())
	defer s.clock.Store(now.UnixNano())
	require.NoError(s.tb, sample.Play(ctx, sample.Config{
		Language: me.Locale, Now: now, Store: a.store, Funnel: a.funnelOf, NewID: newID, Workspace: w, Me: me,
		Place: local.Name + "/" + local.Lines,
	}))
	require.Empty(s.tb, errs.take())
}

// wish asks for the digest an hour from now.
func (s *stage) wish() bottest.Step {
	text := map[string]string{"en": "digest 13:00 me", "ru": "дайджест 13:00 мне"}[s.locale]
	return bottest.Step{Deed: bottest.Type, Line: text, Text: text}
}

// send lets the hour of the digest come and waits until it was delivered.
func (s *stage) send() {
	s.tb.Helper()
	s.move(monday.Add(time.Hour + time.Minute))
	var errs bytes.Buffer
	code := runWith(s.tb.Context(), []string{"digest", "--send", "--database-url", s.url, "--lang", s.locale, "--data", s.tb.TempDir()}, &streams{
		out: &errs, err: &errs, getenv: func(string) string { return "" }, now: s.now,
	})
	require.Zero(s.tb, code, errs.String())
	pool := pgtest.Pool(s.tb, s.url)
	require.Eventually(s.tb, func() bool {
		var sent int
		err := pool.QueryRow(s.tb.Context(), "SELECT count(*) FROM outbox WHERE kind = 'digest' AND done_at IS NOT NULL").Scan(&sent)
		return err == nil && sent == 1
	}, patience, glance, "the digest was not delivered")
}

// picture says what is known of a picture without looking at it.
func picture(tb testing.TB, name string, content []byte) string {
	tb.Helper()
	drawn, err := png.DecodeConfig(bytes.NewReader(content))
	require.NoError(tb, err)
	return fmt.Sprintf("%s, %d×%d", name, drawn.Width, drawn.Height)
}

func digestInSlack(s *stage) string {
	p := newSlackPlayer(s)
	s.sample(func() {
		p.enter()
		p.done(p.DirectMessage(annaInSlack, "", "help"))
	})
	p.look()
	answer := p.perform(s.wish())
	require.Contains(s.tb, answer, "13:00")
	before := len(p.FromBot())
	s.send()
	type posted struct {
		Text   string           `json:"text"`
		Blocks []map[string]any `json:"blocks,omitempty"`
		Files  []string         `json:"files,omitempty"`
	}
	var all []posted
	for _, m := range p.FromBot()[before:] {
		one := posted{Text: m.Text, Blocks: m.Blocks}
		for _, f := range p.Files() {
			if slices.Contains(m.Files, f.ID) {
				one.Files = append(one.Files, picture(s.tb, f.Name, f.Content)+": "+f.AltText)
			}
		}
		all = append(all, one)
	}
	p.look()
	p.leave()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(s.tb, e.Encode(all))
	return out.String()
}

func digestInTelegram(s *stage) string {
	p := newTelegramPlayer(s, annaInTelegram)
	s.sample(p.enter)
	p.brought(p.Private(annaInTelegram, s.wish().Text))
	p.Await(annaInTelegram, func(m telegramtest.Message) bool { return strings.Contains(m.Text, "13:00") })
	before := len(p.Said(annaInTelegram))
	s.send()
	var out strings.Builder
	for i, m := range p.Said(annaInTelegram)[before:] {
		fmt.Fprintf(&out, "<!-- %d -->\n", i+1)
		if m.File != nil {
			fmt.Fprintf(&out, "(%s)\n", picture(s.tb, m.File.Name, m.File.Content))
		}
		out.WriteString(m.Sent + "\n")
		for _, row := range m.Keyboard {
			for _, b := range row {
				fmt.Fprintf(&out, "[%s → %s]\n", b.Text, b.Data)
			}
		}
	}
	p.look()
	p.leave()
	return out.String()
}

// inFolder is where the local chat keeps the files of this run.
var inFolder = regexp.MustCompile(`/\S+/chat/files`)

func digestInLocal(s *stage) string {
	p := &localPlayer{stage: s}
	s.sample(func() {})
	p.enter()
	require.Contains(s.tb, p.perform(s.wish()), "13:00")
	s.send()
	shown := p.perform(bottest.Step{Deed: bottest.Wait})
	p.leave()
	return inFolder.ReplaceAllString(shown, "FOLDER")
}
