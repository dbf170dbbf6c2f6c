package telegramtest

import (
	"encoding/json"
	"slices"
	"time"
)

// queue is what happened and has not been taken by the bot.
type queue struct {
	next    int64
	pending []Update // by id
	allowed []string
	poll    chan struct{} // of the getUpdates under way; closed when another takes its place
}

// kinds are all allowed_updates; those not in the default set must be asked for:
// https://core.telegram.org/bots/api#getting-updates.
func kinds() (usual, onDemand []string) {
	usual = []string{
		"message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
		"business_message", "edited_business_message", "deleted_business_messages", "inline_query",
		"chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
		"purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_join_request",
		"chat_boost", "removed_chat_boost",
	}
	onDemand = []string{"chat_member", "message_reaction", "message_reaction_count"}
	return usual, onDemand
}

// takes tells whether the bot asked for updates of that kind.
func (q *queue) takes(kind string) bool {
	if len(q.allowed) > 0 {
		return slices.Contains(q.allowed, kind)
	}
	usual, _ := kinds()
	return slices.Contains(usual, kind)
}

// allow takes allowed_updates of a call: absent keeps the last ones, an empty list is the default.
func (q *queue) allow(c *call) *Refusal {
	if c.params["allowed_updates"] == "" {
		return nil
	}
	var wanted []string
	if r := c.decode("allowed_updates", "allowed updates: expected an array of strings", &wanted); r != nil {
		return r
	}
	usual, onDemand := kinds()
	for _, kind := range wanted { // Telegram drops a name it does not know without a word
		if !slices.Contains(usual, kind) && !slices.Contains(onDemand, kind) {
			return bad("unknown kind of update %q in allowed_updates", kind)
		}
	}
	q.allowed = wanted
	return nil
}

func (q *queue) keep(u Update) {
	if u.ID == 0 || slices.ContainsFunc(q.pending, func(p Update) bool { return p.ID == u.ID }) {
		return
	}
	q.pending = append(q.pending, u)
	slices.SortFunc(q.pending, func(a, b Update) int { return int(a.ID - b.ID) })
}

func (q *queue) confirm(id int64) {
	q.pending = slices.DeleteFunc(q.pending, func(p Update) bool { return p.ID == id })
}

// Pending are the updates the bot has not taken yet, oldest first.
func (s *Server) Pending() []Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.updates.pending)
}

// from gives up to limit updates from an offset on and forgets those before it; a negative offset
// counts from the end of the queue.
func (q *queue) from(offset int64, limit int) []Update {
	if offset < 0 {
		q.pending = slices.Clone(q.pending[max(len(q.pending)+int(offset), 0):])
	} else {
		q.pending = slices.DeleteFunc(q.pending, func(p Update) bool { return p.ID < offset })
	}
	return q.pending[:min(limit, len(q.pending))]
}

// getUpdates waits for updates until the timeout of the call, of at most 50 seconds. It takes the
// lock itself, because it waits.
func (s *Server) getUpdates(c *call) (any, *Refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.address() != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if r := s.updates.allow(c); r != nil {
		return nil, r
	}
	if s.updates.poll != nil {
		close(s.updates.poll)
	}
	mine := make(chan struct{})
	s.updates.poll = mine
	defer func() {
		if s.updates.poll == mine {
			s.updates.poll = nil
		}
	}()
	limit := int(c.int("limit"))
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	deadline := time.NewTimer(time.Duration(min(max(c.int("timeout"), 0), 50)) * time.Second)
	defer deadline.Stop()
	for {
		before := len(s.updates.pending)
		ready := s.updates.from(c.int("offset"), limit)
		if len(s.updates.pending) < before { // somebody may wait for the bot to take what happened
			s.signal()
		}
		changed := s.changed
		if len(ready) > 0 || c.int("timeout") <= 0 {
			return raw(ready), nil
		}
		s.mu.Unlock()
		expired, displaced := false, false
		select {
		case <-changed:
		case <-deadline.C:
			expired = true
		case <-c.done:
			expired = true
		case <-mine:
			displaced = true
		}
		s.mu.Lock()
		switch {
		case displaced:
			return nil, conflict("terminated by other getUpdates request; make sure that only one bot instance is running").world()
		case s.address() != "":
			return nil, conflict("terminated by setWebhook request").world()
		case expired:
			return raw(nil), nil
		}
	}
}

func raw(updates []Update) []json.RawMessage {
	list := make([]json.RawMessage, 0, len(updates))
	for _, u := range updates {
		list = append(list, u.JSON)
	}
	return list
}
