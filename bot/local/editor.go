package local

import (
	"context"
	"errors"
	"fmt"

	"github.com/peterh/liner"
)

// editor edits lines at a terminal, with a history and completion.
type editor struct {
	state   *liner.State
	history *history
}

func newEditor(c Config) *editor {
	e := &editor{state: liner.NewLiner(), history: openHistory(c.Folder)}
	e.state.SetCtrlCAborts(true)
	e.state.SetTabCompletionStyle(liner.TabPrints)
	for _, line := range e.history.lines {
		e.state.AppendHistory(line)
	}
	if c.Complete != nil {
		e.state.SetCompleter(func(line string) []string { return complete(c.Complete, line) })
	}
	return e
}

// complete asks for suggestions but not for long, and shows titles that people wrote safely.
func complete(ask func(context.Context, string) []string, line string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), completeWait)
	defer cancel()
	found := ask(ctx, line)
	safe := make([]string, 0, len(found))
	for _, s := range found {
		safe = append(safe, inline(s))
	}
	return safe
}

func (e *editor) next(prompt string) (string, error) {
	line, err := e.state.Prompt(prompt)
	switch {
	case errors.Is(err, liner.ErrPromptAborted):
		return "", errLeft
	case err != nil:
		return "", fmt.Errorf("edit a line: %w", err)
	}
	return fitting(line, false)
}

func (e *editor) remember(line string) {
	if len(line) > historyLine {
		return
	}
	e.state.AppendHistory(line)
	e.history.add(line)
}

// close gives the terminal back as it was.
func (e *editor) close() error {
	e.history.close()
	return e.state.Close()
}
