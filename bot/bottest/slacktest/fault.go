package slacktest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is how the next requests to a method go wrong. The parts combine, in
// the order of the fields.
type Fault struct {
	// Times is how many requests fail; zero means one, below zero all.
	Times int
	// Delay holds the answer back, before anything is read.
	Delay time.Duration
	// DropBeforeRead closes the connection before the request is read.
	DropBeforeRead bool
	// DropAfterApply applies the request, then closes the connection, so that
	// the bot cannot know.
	DropAfterApply bool
	// Status answers with it in place of the method: 429, 500, 503 …
	Status int
	// RetryAfter is sent with Status; zero sends no such header.
	RetryAfter time.Duration
	// Error answers 200 with {"ok":false,"error":Error}.
	Error string
}

// Fail makes the method go wrong. Besides methods of the API "response_url",
// "upload" and "*" for all are understood. Faults of one method queue up.
func (s *Server) Fail(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults[method] = append(s.faults[method], &f)
}

// Heal forgets the faults that have not happened.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = map[string][]*Fault{}
}

// LimitRates refuses with 429 and Retry-After what goes over Slack's rates: one
// message a second in a channel and the tiers of the other methods.
func (s *Server) LimitRates(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited, s.sent = on, map[string][]time.Time{}
}

func (s *Server) takeFault(method string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{method, "*"} {
		queue := s.faults[name]
		if len(queue) == 0 {
			continue
		}
		taken := *queue[0]
		if queue[0].Times > 0 {
			if queue[0].Times--; queue[0].Times == 0 {
				s.faults[name] = queue[1:]
			}
		}
		return &taken
	}
	return nil
}

// before tells whether the fault has answered in place of the method.
func (f *Fault) before(w http.ResponseWriter, r *http.Request) bool {
	if f == nil {
		return false
	}
	if f.Delay > 0 {
		late := time.NewTimer(f.Delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-r.Context().Done():
		}
	}
	if f.DropBeforeRead {
		drop(w)
		return true
	}
	if f.DropAfterApply {
		return false
	}
	if f.Status != 0 {
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", pause(f.RetryAfter).header())
		}
		w.WriteHeader(f.Status)
		return true
	}
	if f.Error != "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(`{"ok":false,"error":` + strconv.Quote(f.Error) + `}`))
		return true
	}
	return false
}

func (f *Fault) after(w http.ResponseWriter, _ *http.Request) bool {
	if f == nil || !f.DropAfterApply {
		return false
	}
	drop(w)
	return true
}

func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

type pause time.Duration

func (p pause) header() string {
	return strconv.Itoa(int((time.Duration(p) + time.Second - 1) / time.Second))
}

// perMinute are the documented tiers of the methods a bot calls often
// (https://docs.slack.dev/apis/web-api/rate-limits).
func perMinute(method string) int {
	switch {
	case method == "chat.update":
		return 50
	case strings.HasPrefix(method, "views."), method == "users.info":
		return 100
	case method == "users.list":
		return 20
	default:
		return 0
	}
}

// overRate is how long to wait, zero when the request is within the rate.
func (s *Server) overRate(method string, a args) pause {
	if !s.limited {
		return 0
	}
	key, window, most := method, time.Minute, perMinute(method)
	if method == "chat.postMessage" || method == "chat.postEphemeral" {
		key, window, most = "post "+a.str("channel"), time.Second, 1
	}
	if most == 0 {
		return 0
	}
	now := s.Now()
	recent := s.sent[key][:0:0]
	for _, at := range s.sent[key] {
		if now.Sub(at) < window {
			recent = append(recent, at)
		}
	}
	if len(recent) >= most {
		s.sent[key] = recent
		return pause(window - now.Sub(recent[0]))
	}
	s.sent[key] = append(recent, now)
	return 0
}
