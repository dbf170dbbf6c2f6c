package slacktest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Command is the user giving a slash command in a conversation. The body of the
// answer, if any, appears as a message.
func (s *Server) Command(user, channel, command, text string, opts ...Option) Reply {
	s.tb.Helper()
	o := s.choose(opts)
	req, h, err := s.commandRequest(user, channel, command, text, o)
	if err != nil {
		s.tb.Errorf("slacktest: %v", err)
		return Reply{Err: err}
	}
	r := s.send(req, o)
	if r.Err == nil && !o.forged() {
		s.answered(h, r)
	}
	return r
}

func (s *Server) commandRequest(user, channel, command, text string, o sending) (Request, *hook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, c := s.user(user), s.channel(channel)
	if u == nil || c == nil {
		return Request{}, nil, fmt.Errorf("no user %s or channel %s", user, channel)
	}
	name := c.Name
	switch {
	case c.IsIM:
		name = "directmessage"
	case c.IsPrivate:
		name = "privategroup"
	}
	link := s.newHook(user, channel, nil)
	form := url.Values{
		"token": {"legacy"}, "team_id": {o.team}, "team_domain": {s.TeamDomain}, "channel_id": {channel}, "channel_name": {name},
		"user_id": {user}, "user_name": {u.Name}, "command": {command}, "text": {text}, "api_app_id": {s.AppID},
		"is_enterprise_install": {"false"}, "response_url": {link}, "trigger_id": {s.newTrigger(user, "")},
	}
	payload := map[string]any{}
	for name, values := range form {
		payload[name] = values[0]
	}
	h := s.hooks[link[strings.LastIndexByte(link, '/')+1:]]
	return Request{
		Kind: "command", Path: s.CommandPath, ContentType: "application/x-www-form-urlencoded", Body: form.Encode(), payload: payload,
	}, h, nil
}

// answered applies the body of a command's acknowledgement.
func (s *Server) answered(h *hook, r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body := strings.TrimSpace(r.Body)
	if body == "" {
		return
	}
	sent := args{}
	if r.Header != nil && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		sent["text"] = body
	} else if json.Unmarshal([]byte(body), &sent) != nil {
		s.refuse("command response", "invalid_json")
		return
	}
	if bad := s.respond(h, sent); bad != nil {
		s.refuse("command response", bad.code, bad.messages...)
	}
}
