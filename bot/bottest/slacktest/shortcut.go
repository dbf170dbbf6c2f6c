package slacktest

import (
	"encoding/json"
	"strings"
)

// MessageShortcut is the user choosing the app's shortcut in a message's menu.
func (s *Server) MessageShortcut(user, callback string, on Message, opts ...Option) Reply {
	s.tb.Helper()
	o := s.choose(opts)
	s.mu.Lock()
	u, c := s.user(user), s.channel(on.Channel)
	if u == nil || c == nil || on.Only != "" {
		s.mu.Unlock()
		return s.impossible("%s has no menu at that message", user)
	}
	payload := s.basePayload("message_action", u, o)
	payload["callback_id"], payload["message_ts"], payload["message"] = callback, on.TS, s.wire(&on, true)
	payload["action_ts"], payload["trigger_id"] = s.nextTS(), s.newTrigger(user, "")
	payload["channel"] = map[string]any{"id": c.ID, "name": c.Name}
	payload["response_url"] = s.newHook(user, c.ID, nil)
	s.mu.Unlock()
	return s.send(s.interaction(payload), o)
}

// Shortcut is the user choosing a shortcut that belongs to no message.
func (s *Server) Shortcut(user, callback string, opts ...Option) Reply {
	s.tb.Helper()
	o := s.choose(opts)
	s.mu.Lock()
	u := s.user(user)
	if u == nil {
		s.mu.Unlock()
		return s.impossible("no user %s", user)
	}
	payload := s.basePayload("shortcut", u, o)
	payload["callback_id"], payload["action_ts"], payload["trigger_id"] = callback, s.nextTS(), s.newTrigger(user, "")
	s.mu.Unlock()
	return s.send(s.interaction(payload), o)
}

// Suggest is the user typing into an external select, found as by Select. It
// returns the labels the bot offers, after they were checked.
func (s *Server) Suggest(user string, on Surface, menu, typed string, opts ...Option) ([]string, Reply) {
	s.tb.Helper()
	o := s.choose(opts)
	b, e := find(on, func(b, e map[string]any) bool {
		return strings.HasSuffix(kindOf(e), "external_select") && named(b, e, menu)
	})
	if e == nil {
		return nil, s.impossible("no external select is called %q", menu)
	}
	payload, err := s.actionPayload(user, on, o)
	if err != nil {
		return nil, s.impossible("%v", err)
	}
	payload["type"], payload["value"] = "block_suggestion", typed
	payload["action_id"], payload["block_id"] = e["action_id"], b["block_id"]
	delete(payload, "trigger_id") // nothing can be opened from here
	delete(payload, "response_url")
	r := s.send(s.interaction(payload), o)
	if r.Err != nil || o.forged() || r.Status == 0 {
		return nil, r
	}
	return s.offered(r.Body), r
}

func (s *Server) offered(body string) []string {
	var sent any
	c := newChecker("message")
	if err := json.Unmarshal([]byte(body), &sent); err != nil {
		c.fail("", "not JSON")
	}
	object(shape{"options": list(0, maxOptions, option(false, false)), "option_groups": optionGroups()})(c, "", sent)
	given, _ := sent.(map[string]any)
	if (given["options"] == nil) == (given["option_groups"] == nil) {
		c.fail("", "must provide either options or option_groups")
	}
	if len(c.messages) > 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.refuse("options response", "invalid_arguments", c.messages...)
		return nil
	}
	labels := []string{}
	for _, o := range choicesOf(given) {
		option, _ := o.(map[string]any)
		labels = append(labels, wordsOf(option["text"]))
	}
	return labels
}
