package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Submit is the user filling the modal in and pressing its button. Values are
// by block_id, action_id, placeholder or label of the input, or "A > B" for the
// next input called B below the one called A; the kinds of value are those of
// Select. A name that several inputs have is none. What is not named stays as it
// was. The answer of the bot
// is checked and applied: closed, cleared, replaced, covered, or with Errors.
func (s *Server) Submit(user string, on View, values map[string]any, opts ...Option) Reply {
	s.tb.Helper()
	o := s.choose(opts)
	if on.Submit == "" {
		return s.impossible("the modal %q has no button to submit", on.Title)
	}
	filled, err := fill(on, values)
	if err != nil {
		return s.impossible("%v", err)
	}
	s.mu.Lock()
	u := s.user(user)
	if u == nil || on.User != user {
		s.mu.Unlock()
		return s.impossible("%s does not see that modal", user)
	}
	if v := s.view(on.ID); v != nil && v.Hash == on.Hash {
		v.chosen, v.Errors = deepCopy(filled), nil
	}
	shown := on
	shown.chosen = filled
	payload := s.basePayload("view_submission", u, o)
	payload["view"], payload["response_urls"] = s.viewWire(&shown), []any{}
	payload["trigger_id"] = s.newTrigger(user, on.ID)
	s.mu.Unlock()
	r := s.send(s.interaction(payload), o)
	if r.Err == nil && !o.forged() && r.Status != 0 {
		s.submitted(on.ID, r)
	}
	return r
}

// Enter is the user filling the modal in without pressing anything, by the values
// of Submit. It returns the modal as it is then.
func (s *Server) Enter(user string, on View, values map[string]any) View {
	s.tb.Helper()
	filled, err := enterAll(on, values)
	if err != nil || on.User != user {
		s.tb.Errorf("slacktest: %s cannot enter that: %v", user, err)
		return on
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.view(on.ID); v != nil && v.Hash == on.Hash {
		v.chosen = deepCopy(filled)
	}
	on.chosen = filled
	return on
}

// enterAll is the state of the view with the values entered.
func enterAll(on View, values map[string]any) (map[string]map[string]any, error) {
	filled := deepCopy(on.chosen)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b, e, err := input(on, name)
		if err != nil {
			return nil, err
		}
		state, err := entered(e, values[name])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		block, _ := b["block_id"].(string)
		action, _ := e["action_id"].(string)
		filled[block][action] = state
	}
	return filled, nil
}

// fill is the state of the view with the values entered, as far as Slack's
// clients would let it be sent.
func fill(on View, values map[string]any) (map[string]map[string]any, error) {
	filled, err := enterAll(on, values)
	if err != nil {
		return nil, err
	}
	for _, b := range on.Blocks {
		for _, e := range interactive(b) {
			block, _ := b["block_id"].(string)
			action, _ := e["action_id"].(string)
			state, _ := filled[block][action].(map[string]any)
			if kindOf(b) == "input" && b["optional"] != true && isEmpty(state) {
				return nil, fmt.Errorf("%q is required", wordsOf(b["label"]))
			}
		}
	}
	return filled, nil
}

// input finds the one input that a name means.
func input(on View, name string) (block, element map[string]any, err error) {
	above, below, relative := strings.Cut(name, " > ")
	found, passed := 0, false
	for _, b := range on.Blocks {
		for _, e := range interactive(b) {
			if initially(e) == nil {
				continue // a button
			}
			switch {
			case named(b, e, name), relative && passed && found == 0 && named(b, e, below):
				block, element = b, e
				found++
			case relative && named(b, e, above):
				passed = true
			}
		}
	}
	switch found {
	case 0:
		return nil, nil, fmt.Errorf("no input is called %q", name)
	case 1:
		return block, element, nil
	}
	return nil, nil, fmt.Errorf("%d inputs are called %q", found, name)
}

// submitted applies the bot's answer to the view.
func (s *Server) submitted(id string, r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.view(id)
	if v == nil || v.Gone {
		return // an update or a close came first
	}
	if strings.TrimSpace(r.Body) == "" {
		v.Gone = true
		return
	}
	sent := map[string]any{}
	if r.Header != nil && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") ||
		json.Unmarshal([]byte(r.Body), &sent) != nil {
		s.refuse("view_submission response", "invalid_json")
		return
	}
	if bad := s.react(v, sent); bad != nil {
		s.refuse("view_submission response", bad.code, bad.messages...)
	}
}

func (s *Server) react(v *View, sent map[string]any) *refused {
	action, _ := sent["response_action"].(string)
	fields := map[string]string{"clear": "response_action", "errors": "response_action errors", "update": "response_action view", "push": "response_action view"}
	takes, known := fields[action]
	if !known {
		return no("invalid_arguments", "[ERROR] unknown response_action: "+action)
	}
	for _, name := range sortedKeys(sent) {
		if !slices.Contains(strings.Fields(takes), name) && sent[name] != nil {
			return no("invalid_arguments", "[ERROR] invalid additional property: "+name)
		}
	}
	switch action {
	case "clear":
		for _, one := range s.stack(v.User) {
			one.Gone = true
		}
		return nil
	case "errors":
		return showErrors(v, sent["errors"])
	}
	if wrong := checkView(sent["view"], "modal"); len(wrong) > 0 {
		return badView(wrong)
	}
	next, _ := sent["view"].(map[string]any)
	if action == "update" {
		s.show(v, next)
		v.Updates++
		return nil
	}
	if len(s.stack(v.User)) >= maxViewStack {
		return no("push_limit_reached")
	}
	s.open(v.User, next, true)
	return nil
}

// showErrors puts the errors below the inputs they name. Slack shows a general
// failure instead when one names anything else.
func showErrors(v *View, sent any) *refused {
	given, _ := sent.(map[string]any)
	if len(given) == 0 {
		return no("invalid_arguments", "[ERROR] no errors given")
	}
	shown := map[string]string{}
	for _, id := range sortedKeys(given) {
		words, isText := given[id].(string)
		input := slices.ContainsFunc(v.Blocks, func(b map[string]any) bool { return kindOf(b) == "input" && b["block_id"] == id })
		if !input || !isText || words == "" || units(words) > maxLabel {
			return no("invalid_arguments", "[ERROR] not an error of an input block: "+id)
		}
		shown[id] = words
	}
	v.Errors = shown
	return nil
}

// CloseView is the user closing the modal (cleared false) or the whole stack.
// The bot is told of those that asked to be.
func (s *Server) CloseView(user string, on View, cleared bool, opts ...Option) Reply {
	s.tb.Helper()
	o := s.choose(opts)
	s.mu.Lock()
	u, v := s.user(user), s.view(on.ID)
	if u == nil || v == nil || v.Gone {
		s.mu.Unlock()
		return s.impossible("%s does not see that modal", user)
	}
	cleared = cleared || v.ClearOnClose
	v.Gone = true
	if cleared {
		for _, one := range s.stack(user) {
			one.Gone = true
		}
	}
	payload := s.basePayload("view_closed", u, o)
	payload["view"], payload["is_cleared"] = s.viewWire(v), cleared
	tell := v.NotifyOnClose
	s.mu.Unlock()
	if !tell {
		return Reply{}
	}
	return s.send(s.interaction(payload), o)
}
