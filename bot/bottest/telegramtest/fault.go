package telegramtest

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Fault is what goes wrong with a call although it may be right.
type Fault struct {
	// Times is how many calls it hits, 1 when 0.
	Times int
	// Status answers with this code and does nothing: 429 with RetryAfter, 500, 502 ...
	Status int
	// Description words the refusal; the usual text of the status when empty.
	Description string
	// RetryAfter is in seconds.
	RetryAfter int
	// Delay is how long the answer takes; what was asked is done before, so that a bot that does not
	// wait for it is left in doubt.
	Delay time.Duration
	// DropBeforeRead closes the connection before the request is read; nothing is done.
	DropBeforeRead bool
	// DropAfterApply does what was asked and closes the connection without an answer.
	DropAfterApply bool
}

type fault struct {
	Fault
	method string
}

// Fail orders a fault for the next calls of a method, of any method when it is empty. Several faults
// come one after another in the order they were given.
func (s *Server) Fail(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Times = max(f.Times, 1)
	s.faults = append(s.faults, &fault{Fault: f, method: method})
}

// Faults is the number of calls that will still fail.
func (s *Server) Faults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	for _, f := range s.faults {
		left += f.Times
	}
	return left
}

func (s *Server) takeFault(method string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Times > 0 && (f.method == "" || f.method == method) {
			f.Times--
			return f.Fault
		}
	}
	return Fault{}
}

// refusal is the answer of a fault that gives one.
func (f Fault) refusal(method string) *Refusal {
	if f.Status == 0 {
		return nil
	}
	text := f.Description
	if text == "" {
		text = http.StatusText(f.Status)
		if f.RetryAfter > 0 {
			text += ": retry after " + strconv.Itoa(f.RetryAfter)
		}
	}
	return &Refusal{Method: method, Code: f.Status, Description: text, RetryAfter: f.RetryAfter}
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
