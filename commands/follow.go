package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"funnelbot/funnel"
)

// departure is a conversation without the dialog that has gone on elsewhere.
type departure struct {
	key  funnel.SessionKey
	rest funnel.Session
}

// follow brings a dialog to where its question was shown: a platform that could not show it where it was
// asked says of a press on it from where it comes.
func (c *call) follow(ctx context.Context) error {
	p, ok := readAction(c.ask.Action)
	if c.ask.From == "" || c.ask.From == c.ask.Place || !ok || p.verb != "" || p.line != "" || c.wasDone() {
		return nil
	}
	asked := func(t talk) bool { return t.has(p.input.Token) }
	if slices.ContainsFunc(c.talks.Talks, asked) {
		return nil
	}
	key := c.session()
	key.Place = c.ask.Door + "/" + c.ask.From
	s, err := c.desk.sessions.Load(ctx, key)
	if errors.Is(err, funnel.ErrNoSession) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load the conversation that a question is of: %w", err)
	}
	var there conversation
	if err := json.Unmarshal(s.Data, &there); err != nil {
		return nil //nolint:nilerr // it is of another version of the program, and over
	}
	i := slices.IndexFunc(there.Talks, asked)
	if i < 0 {
		return nil
	}
	c.start(there.Talks[i])
	there.Talks = slices.Delete(there.Talks, i, i+1)
	data, err := json.Marshal(there)
	if err != nil {
		return fmt.Errorf("encode the conversation that a question is of: %w", err)
	}
	c.left = &departure{key, funnel.Session{Data: data, Version: s.Version}}
	return nil
}

// leave takes the dialog that was brought along out of the conversation where it was asked. Where that
// cannot be, the question stands twice, and its effect has one key all the same.
func (c *call) leave(ctx context.Context) {
	if c.left == nil {
		return
	}
	c.desk.recalled.forget(c.left.key)
	version, err := c.desk.sessions.Save(ctx, c.left.key, c.left.rest, sessionLife)
	if err == nil {
		c.left.rest.Version = version
		c.desk.recalled.put(c.left.key, c.left.rest)
	}
}
