package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// hook is what a response_url stands for.
type hook struct {
	user, channel string
	source        *Message // of a press; nil for a command
	at            time.Time
	uses          int
}

func (s *Server) newHook(user, channel string, source *Message) string {
	s.serial++
	id := fmt.Sprintf("%032x", 0xdecade0000+s.serial)
	s.hooks[id] = &hook{user: user, channel: channel, source: source, at: s.Now()}
	return s.http.URL + "/hooks/" + id
}

// ResponseURL makes a response_url as if the user had given a command in the
// channel, for tests that answer by themselves.
func (s *Server) ResponseURL(user, channel string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newHook(user, channel, nil)
}

func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	f := s.takeFault("response_url")
	if f.before(w, r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	status, code := s.throughHook(r.PathValue("id"), r.Header.Get("Content-Type"), body)
	if f.after(w, r) {
		return
	}
	if code != "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error": code})
		return
	}
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("ok"))
}

func (s *Server) throughHook(id, kind string, body []byte) (int, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[id]
	var sent map[string]any
	code, status := "", http.StatusNotFound
	switch {
	case !s.installed:
		code = "no_active_hooks"
	case h == nil:
		code = "invalid_url"
	case s.Now().Sub(h.at) > hookLives:
		code = "expired_url"
	case h.uses >= hookUses:
		code = "used_url"
	case !strings.HasPrefix(kind, "application/json") || json.Unmarshal(body, &sent) != nil:
		code, status = "invalid_payload", http.StatusBadRequest
	}
	if code != "" {
		s.refuse("response_url", code)
		return status, code
	}
	h.uses++
	if bad := s.respond(h, sent); bad != nil {
		s.refuse("response_url", bad.code, bad.messages...)
		return http.StatusBadRequest, bad.code
	}
	return http.StatusOK, ""
}

// respond applies what came to a response_url, or as the answer to a command.
func (s *Server) respond(h *hook, sent args) *refused {
	if meta, ok := sent["metadata"].(map[string]any); ok && meta["event_type"] == "" {
		delete(sent, "metadata") // what the Slack library sends for none
	}
	for name, v := range sent {
		if v == nil {
			delete(sent, name) // and here for no blocks
		}
	}
	known := " text blocks attachments metadata response_type replace_original delete_original thread_ts mrkdwn parse link_names unfurl_links unfurl_media "
	for _, name := range sortedKeys(sent) {
		if !strings.Contains(known, " "+name+" ") {
			return no("invalid_arguments", "[ERROR] unknown argument: "+name)
		}
	}
	public := sent.str("response_type") == "in_channel"
	if kind := sent.str("response_type"); kind != "" && kind != "ephemeral" && !public {
		return no("invalid_arguments", "[ERROR] unknown response_type: "+kind)
	}
	if sent.yes("delete_original") {
		if h.source != nil {
			h.source.Deleted = true
		}
		return nil
	}
	m, bad := sayable(sent, maxText)
	if bad != nil {
		return bad
	}
	if sent.yes("replace_original") && h.source != nil {
		if h.source.Deleted {
			return no("message_not_found")
		}
		s.nameParts(m.Blocks)
		change(h.source, m)
		return nil
	}
	if m.ThreadTS, bad = s.threadOf(h.channel, sent.str("thread_ts")); bad != nil {
		return bad
	}
	if !public {
		m.Only = h.user
	}
	s.put(m, h.channel)
	return nil
}
