package slacktest

import (
	"fmt"
	"maps"
	"strings"
)

// Surface is what people press on: a Message or a View.
type Surface interface {
	parts() []map[string]any
}

func (m Message) parts() []map[string]any { return m.Blocks }
func (v View) parts() []map[string]any    { return v.Blocks }

// Press is the user pressing the button with the label or action_id on the
// message or view as given, which may be older than what is shown now.
func (s *Server) Press(user string, on Surface, button string, opts ...Option) Reply {
	s.tb.Helper()
	b, e := find(on, func(_, e map[string]any) bool {
		return kindOf(e) == "button" && (e["action_id"] == button || unescape(wordsOf(e["text"])) == button || wordsOf(e["text"]) == button)
	})
	if e == nil {
		return s.impossible("no button %q among %s", button, strings.Join(buttons(on), ", "))
	}
	action := map[string]any{"type": "button", "text": e["text"]}
	for _, name := range []string{"value", "style", "url"} {
		if e[name] != nil {
			action[name] = e[name]
		}
	}
	return s.act(user, on, b, e, action, opts)
}

// Select is the user choosing in a select, a picker, checkboxes, radio buttons
// or an overflow menu: found by action_id, block_id, placeholder or label; the
// choice is the label or value of an option, several for those that take them,
// a date, or an id.
func (s *Server) Select(user string, on Surface, menu string, choice any, opts ...Option) Reply {
	s.tb.Helper()
	b, e := find(on, func(b, e map[string]any) bool {
		return kindOf(e) != "button" && named(b, e, menu)
	})
	if e == nil {
		return s.impossible("nothing to select in is called %q", menu)
	}
	if kindOf(b) == "input" && b["dispatch_action"] != true {
		return s.impossible("%q tells the bot nothing before it is submitted", menu)
	}
	action, err := entered(e, choice)
	if err != nil {
		return s.impossible("%q: %v", menu, err)
	}
	return s.act(user, on, b, e, action, opts)
}

func named(b, e map[string]any, name string) bool {
	return e["action_id"] == name || b["block_id"] == name || wordsOf(e["placeholder"]) == name || wordsOf(b["label"]) == name
}

func find(on Surface, is func(b, e map[string]any) bool) (map[string]any, map[string]any) {
	for _, b := range on.parts() {
		for _, e := range interactive(b) {
			if is(b, e) {
				return b, e
			}
		}
	}
	return nil, nil
}

// Buttons are the labels of the buttons, in order.
func Buttons(on Surface) []string { return buttons(on) }

func buttons(on Surface) []string {
	var labels []string
	for _, b := range on.parts() {
		for _, e := range interactive(b) {
			if kindOf(e) == "button" {
				labels = append(labels, unescape(wordsOf(e["text"])))
			}
		}
	}
	return labels
}

func (s *Server) impossible(format string, args ...any) Reply {
	s.tb.Helper()
	err := fmt.Errorf(format, args...)
	s.tb.Errorf("slacktest: %v", err)
	return Reply{Err: err}
}

func (s *Server) act(user string, on Surface, b, e, action map[string]any, opts []Option) Reply {
	s.tb.Helper()
	o := s.choose(opts)
	payload, err := s.actionPayload(user, on, o)
	if err != nil {
		return s.impossible("%v", err)
	}
	s.mu.Lock()
	full := maps.Clone(action)
	full["action_id"], full["block_id"], full["action_ts"] = e["action_id"], b["block_id"], s.nextTS()
	payload["actions"] = []any{full}
	if initially(e) != nil {
		s.remember(on, payload, b, e, action)
	}
	s.mu.Unlock()
	r := s.send(s.interaction(payload), o)
	if r.Err == nil && !o.forged() && strings.TrimSpace(r.Body) != "" {
		s.mu.Lock()
		s.refuse("block_actions response", "body_ignored", "[ERROR] Slack ignores the body of this answer")
		s.mu.Unlock()
	}
	return r
}

// remember puts what was chosen into the state that is sent, and for a view
// into what is shown from now on.
func (s *Server) remember(on Surface, payload, b, e, state map[string]any) {
	block, _ := b["block_id"].(string)
	action, _ := e["action_id"].(string)
	holder := payload
	if v, ok := on.(View); ok {
		holder, _ = payload["view"].(map[string]any)
		if now := s.view(v.ID); now != nil && now.chosen[block] != nil {
			now.chosen[block][action] = state
		}
	}
	sent, _ := holder["state"].(map[string]any)
	values, _ := sent["values"].(map[string]map[string]any)
	if values[block] != nil {
		values[block][action] = state
	}
}

func (s *Server) actionPayload(user string, on Surface, o sending) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.user(user)
	if u == nil {
		return nil, fmt.Errorf("no user %s", user)
	}
	payload := s.basePayload("block_actions", u, o)
	switch shown := on.(type) {
	case View:
		payload["view"] = s.viewWire(&shown)
		payload["container"] = map[string]any{"type": "view", "view_id": shown.ID}
		payload["trigger_id"] = s.newTrigger(user, shown.ID)
	case Message:
		c := s.channel(shown.Channel)
		if c == nil || shown.Only != "" && shown.Only != user {
			return nil, fmt.Errorf("%s does not see that message", user)
		}
		container := map[string]any{
			"type": "message", "message_ts": shown.TS, "channel_id": c.ID, "is_ephemeral": shown.Only != "",
		}
		if shown.ThreadTS != "" {
			container["thread_ts"] = shown.ThreadTS
		}
		payload["container"] = container
		payload["channel"] = map[string]any{"id": c.ID, "name": c.Name}
		payload["state"] = map[string]any{"values": stateOf(shown.Blocks)}
		payload["trigger_id"] = s.newTrigger(user, "")
		payload["response_url"] = s.newHook(user, c.ID, s.messageAnyhow(c.ID, shown.TS))
		if shown.Only == "" { // the source of an ephemeral message is not told
			payload["message"] = s.wire(&shown, true)
		}
	}
	return payload, nil
}

// stateOf are the values of what is used in a message, as they were sent.
func stateOf(list []map[string]any) map[string]map[string]any {
	values := map[string]map[string]any{}
	for _, b := range list {
		for _, e := range interactive(b) {
			state := initially(e)
			if state == nil {
				continue
			}
			block, _ := b["block_id"].(string)
			action, _ := e["action_id"].(string)
			if values[block] == nil {
				values[block] = map[string]any{}
			}
			values[block][action] = state
		}
	}
	return values
}

func (s *Server) messageAnyhow(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts {
			return m
		}
	}
	return nil
}

// basePayload is what every interaction has.
func (s *Server) basePayload(kind string, u *User, o sending) map[string]any {
	return map[string]any{
		"type": kind, "token": "legacy", "api_app_id": s.AppID, "enterprise": nil, "is_enterprise_install": false,
		"team": map[string]any{"id": o.team, "domain": s.TeamDomain},
		"user": map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
	}
}
