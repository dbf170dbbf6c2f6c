package main

import (
	"bytes"
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/storage/postgres/pgtest"
)

// monday is when the conversations begin: Monday noon in Moscow.
var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func nothing(context.Context, string) error { return nil }

// TestConversations plays what new users type, mistakes included, through the whole program, and
// compares every answer.
func TestConversations(t *testing.T) {
	t.Parallel()
	for _, c := range bottest.Conversations(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			var ticks atomic.Int64
			typist := &bottest.Typist{Conversation: c, Transcript: &out, Before: func(int) { ticks.Add(1) }}
			io := &streams{
				in: typist, out: &out, err: &errs,
				getenv: func(string) string { return "" },
				// A line a second, so that order and undo are as in life.
				now: func() time.Time { return monday.Add(time.Duration(ticks.Load()) * time.Second) },
			}
			code := runWith(t.Context(), []string{
				"chat", "--database-url", pgtest.New(t, nothing), "--data", t.TempDir(), "--as", "Anna", "--lang", c.Locale(),
				"--zone", "Europe/Moscow",
			}, io)

			require.Zero(t, code, errs.String())
			require.Empty(t, errs.String())
			bottest.Golden(t, filepath.Join("testdata", "conversations", c.Name+".golden"), saved.ReplaceAllString(out.String(), "$1…/"))
		})
	}
}
