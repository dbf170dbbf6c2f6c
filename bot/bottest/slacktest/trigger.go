package slacktest

import (
	"fmt"
	"time"
)

// trigger lets the bot open one modal for a user who just did something.
type trigger struct {
	user, view string
	at         time.Time
	used       bool
}

func (s *Server) newTrigger(user, view string) string {
	s.serial++
	id := fmt.Sprintf("%d.%d.%032x", 900000000000+s.serial, 700000000, 0xc0ffee00+s.serial)
	s.triggers[id] = &trigger{user: user, view: view, at: s.Now()}
	return id
}

// Trigger makes a trigger_id as if the user had just done something, for tests
// that call the API by themselves.
func (s *Server) Trigger(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	view := ""
	if stack := s.stack(user); len(stack) > 0 {
		view = stack[len(stack)-1].ID
	}
	return s.newTrigger(user, view)
}

func (s *Server) exchange(id string) (*trigger, *refused) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, no("invalid_trigger_id")
	case t.used:
		return nil, no("exchanged_trigger_id")
	case s.Now().Sub(t.at) > triggerLives:
		return nil, no("expired_trigger_id")
	}
	t.used = true
	return t, nil
}
