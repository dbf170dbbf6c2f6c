// Package bottest holds what doors are proved with: conversations that every door plays the same
// way, and goldens of what it answers.
package bottest

import (
	"embed"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//go:embed conversations/*.txt
var conversations embed.FS

// Conversation is what a person types, line by line.
type Conversation struct {
	// Name is that of its file without the ending; its first word is the language.
	Name  string
	Lines []string
}

// Locale is the language that the person has chosen.
func (c Conversation) Locale() string {
	l, _, _ := strings.Cut(c.Name, "-")
	return l
}

// Conversations returns what is typed in every play that is nothing but typing.
func Conversations(tb testing.TB) []Conversation {
	tb.Helper()
	var all []Conversation
	for _, p := range Plays(tb) {
		if slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Label != "" || s.Deed == Wait }) {
			continue
		}
		c := Conversation{Name: p.Name}
		for _, s := range p.Steps {
			c.Lines = append(c.Lines, s.typed())
		}
		all = append(all, c)
	}
	return all
}

// read returns the conversations of all files. Empty lines and lines with a # and a space are left out.
func read(tb testing.TB) []Conversation {
	tb.Helper()
	files, err := fs.Glob(conversations, "conversations/*.txt")
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	var all []Conversation
	for _, file := range files {
		data, err := conversations.ReadFile(file)
		require.NoError(tb, err)
		c := Conversation{Name: strings.TrimSuffix(path.Base(file), ".txt")}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimRight(line, "\n")
			if line != "" && !strings.HasPrefix(line, "# ") {
				c.Lines = append(c.Lines, line)
			}
		}
		all = append(all, c)
	}
	return all
}

// Typist is standard input on which somebody types a conversation: a line for each time that the
// program asks for one, which is also written to the transcript.
type Typist struct {
	Conversation
	// Transcript gets every line with a mark in front, before the program reads it.
	Transcript io.Writer
	// Before is called before the n-th line is typed, from 0; it may be nil.
	Before func(n int)
	next   int
	rest   string
}

// Read gives the program one line at a time, so that the transcript keeps the order of the
// conversation.
func (t *Typist) Read(p []byte) (int, error) {
	if t.rest == "" {
		if t.next == len(t.Lines) {
			return 0, io.EOF
		}
		if t.Before != nil {
			t.Before(t.next)
		}
		line := t.Lines[t.next]
		t.next++
		if _, err := io.WriteString(t.Transcript, "\n▶ "+line+"\n"); err != nil {
			return 0, err
		}
		t.rest = line + "\n"
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}
