package commands

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"funnelbot/funnel"
)

// recalled are conversations as this process read or saved them last, so that not every line waits
// for one to be read. Another process may have gone on with one since: what is recalled is believed
// only after the unit of work, or another look at the store, has found the same.
type recalled struct {
	mu   sync.Mutex
	kept map[funnel.SessionKey]funnel.Session
}

const (
	maxRecalled = 20_000
	// maxRecalledData keeps long conversations from filling the memory; they are read as ever.
	maxRecalledData = 2 << 10
)

func (r *recalled) get(key funnel.SessionKey) (funnel.Session, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.kept[key]
	return s, ok
}

// put takes note of how a conversation stands; of version zero it is not stored.
func (r *recalled) put(key funnel.SessionKey, s funnel.Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case len(s.Data) > maxRecalledData:
		delete(r.kept, key)
		return
	case r.kept == nil:
		r.kept = map[funnel.SessionKey]funnel.Session{}
	case len(r.kept) >= maxRecalled:
		clear(r.kept) // they are read again, one with each line
	}
	r.kept[key] = s
}

func (r *recalled) forget(key funnel.SessionKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, key)
}

// recall takes the conversation as it was known last, if a request can be answered on that alone: a
// line that meets no question, or an answer to a qualification, each of which is kept by a unit of
// work. It must be no repetition. False says that the conversation has to be loaded.
func (c *call) recall() bool {
	if c.ask.Clip != nil || c.ask.Text == "" && c.ask.Action == "" {
		return false
	}
	s, ok := c.desk.recalled.get(c.session())
	if !ok {
		return false
	}
	c.adopt(s)
	line := c.ask.Action == "" && len(c.talks.Talks) == 0
	if !line && !c.interviewed() || c.wasDone() {
		c.talks, c.version, c.before = conversation{}, 0, nil
		return false
	}
	c.unsure = true
	return true
}

// looked takes note of how a unit of work ended: unless the store was away or something failed, it has
// looked at the conversation.
func (c *call) looked(err error) {
	if code := funnel.CodeOf(err); err == nil || code != "" && code != funnel.CodeUnavailable {
		c.unsure = false
	}
}

// saving is the conversation in which the dialog that is asking goes on as now; nil where it is too long
// to be saved as it is. It leaves the call as it was.
func (c *call) saving(now talk, h funnel.Heard) (*funnel.TalkSave, error) {
	now.Until = h.Until
	talks := c.talks
	talks.Talks = slices.Clone(c.talks.Talks)
	talks.Talks[len(talks.Talks)-1] = now
	data, err := json.Marshal(talks)
	if err != nil {
		return nil, fmt.Errorf("encode the conversation: %w", err)
	}
	if len(data) > funnel.MaxSessionData {
		return nil, nil
	}
	return &funnel.TalkSave{Key: c.session(), Session: funnel.Session{Data: data, Version: c.version}, Life: sessionLife}, nil
}

// saved takes note of what was saved by a unit of work: the conversation is saved again only if it has
// changed since. Nil: nothing was.
func (c *call) saved(t *funnel.TalkSave) {
	if t == nil {
		return
	}
	c.version, c.before = t.Version+1, t.Data
	c.desk.recalled.put(t.Key, funnel.Session{Data: c.before, Version: c.version})
}

// wasDone reports whether the request was taken before.
func (c *call) wasDone() bool {
	for i := range c.talks.Talks {
		if slices.Contains(c.talks.Talks[i].Heard, c.ask.Key) {
			return true
		}
	}
	for i := range c.talks.Done {
		if c.talks.Done[i].Key == c.ask.Key {
			return true
		}
	}
	return false
}

// sure looks whether the conversation that was recalled still stands, before anything depends on it
// that does not look itself. If it does not, the error is [funnel.ErrSessionMoved], and the line is
// taken up again.
func (c *call) sure(ctx context.Context) error {
	if !c.unsure {
		return nil
	}
	s, err := c.desk.sessions.Load(ctx, c.session())
	switch {
	case errors.Is(err, funnel.ErrNoSession):
		s = funnel.Session{}
	case err != nil:
		return fmt.Errorf("load the conversation: %w", err)
	}
	if s.Version != c.version || !bytes.Equal(s.Data, c.before) {
		return fmt.Errorf("recall the conversation: %w", funnel.ErrSessionMoved)
	}
	c.unsure = false
	return nil
}
