package slack

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzInbound reads anything as each kind of request. Whatever comes, what is taken for a visit has
// somebody who came and somewhere to answer, and holds nothing that must not be kept.
func FuzzInbound(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "payloads", "*"))
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(data))
	}
	for _, w := range hostile() {
		f.Add(`{"type":"block_actions","user":{"id":"U1"},"channel":{"id":"C1"},"actions":[{"value":"` + strings.ReplaceAll(w, `"`, "") + `"}]}`)
		f.Add("user_id=U1&channel_id=C1&command=/deal&text=" + url.QueryEscape(w))
	}
	f.Fuzz(func(t *testing.T, data string) {
		form, err := formOf([]byte(data))
		if err == nil {
			a, ok := command(form)
			holds(t, a, ok)
		}
		var e envelope
		if decode([]byte(data), &e) == nil {
			a, ok := spoken(e, "U0BOT")
			holds(t, a, ok)
			channelOf(e.Event.Channel)
		}
		var p interaction
		if decode([]byte(data), &p) == nil {
			a, ok := acted(p)
			holds(t, a, ok)
			if ok {
				require.LessOrEqual(t, len(a.origin.encode()), max(maxMetadata, len(p.View.Metadata)+len(p.Channel.ID)+len(p.Container.ChannelID)+
					len(p.Container.ThreadTS)+len(p.Message.TS)+len(p.Message.ThreadTS)+len(p.Container.MessageTS)+1000))
			}
		}
	})
}

func holds(t *testing.T, a act, ok bool) {
	t.Helper()
	if !ok {
		return
	}
	require.NotEmpty(t, a.user)
	require.NotEmpty(t, a.origin.Channel)
	require.NotEmpty(t, a.origin.place())
	texts := []string{a.text}
	if a.clip != nil {
		texts = append(texts, a.clip.Text, a.clip.Name)
	}
	for _, given := range a.answers {
		texts = append(texts, given.press.Value)
	}
	for _, s := range texts {
		require.True(t, utf8.ValidString(s))
		require.False(t, strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x202e }), "%q", s)
		require.LessOrEqual(t, len(s), 2*maxText)
	}
}
