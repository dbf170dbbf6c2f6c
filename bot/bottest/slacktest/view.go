package slacktest

import (
	"fmt"
	"maps"
)

// View is a modal or a home tab.
type View struct {
	ID, Type, CallbackID, ExternalID, PrivateMetadata string
	// Title, Submit and Close are what people read.
	Title, Submit, Close string
	Blocks               []map[string]any
	// Hash changes at every update.
	Hash string
	// RootID is the lowest of the stack, PreviousID the one below.
	RootID, PreviousID          string
	NotifyOnClose, ClearOnClose bool
	// User sees it.
	User string
	// Errors are shown below the inputs, by block id, until the next try.
	Errors map[string]string
	// Updates counts how often it was replaced in place.
	Updates int
	// Gone tells that it was closed or submitted.
	Gone bool

	chosen map[string]map[string]any
}

// Top is the modal the user looks at; a test whose user sees none fails.
func (s *Server) Top(user string) View {
	s.tb.Helper()
	stack := s.Stack(user)
	if len(stack) == 0 {
		s.tb.Errorf("slacktest: %s sees no modal", user)
		return View{}
	}
	return stack[len(stack)-1]
}

// Stack are the user's open modals, the topmost last.
func (s *Server) Stack(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var stack []View
	for _, v := range s.stack(user) {
		stack = append(stack, copiedView(v))
	}
	return stack
}

// Home is the user's home tab and whether one was published.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.views {
		if v.Type == "home" && v.User == user {
			return copiedView(v), true
		}
	}
	return View{}, false
}

// View is the view as it is now, also after it was closed.
func (s *Server) View(id string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.view(id); v != nil {
		return copiedView(v), true
	}
	return View{}, false
}

func copiedView(v *View) View {
	c := *v
	c.Blocks, c.chosen, c.Errors = deepCopy(v.Blocks), deepCopy(v.chosen), maps.Clone(v.Errors)
	return c
}

func (s *Server) view(id string) *View {
	for _, v := range s.views {
		if v.ID == id {
			return v
		}
	}
	return nil
}

func (s *Server) stack(user string) []*View {
	var stack []*View
	for _, v := range s.views {
		if v.User == user && v.Type == "modal" && !v.Gone {
			stack = append(stack, v)
		}
	}
	return stack
}

// show gives the view what the bot sent.
func (s *Server) show(v *View, sent map[string]any) {
	words := func(name string) string {
		object, _ := sent[name].(map[string]any)
		said, _ := object["text"].(string)
		return said
	}
	a := args(sent)
	v.Type, v.CallbackID, v.ExternalID = a.str("type"), a.str("callback_id"), a.str("external_id")
	v.PrivateMetadata = a.str("private_metadata")
	v.Title, v.Submit, v.Close = words("title"), words("submit"), words("close")
	v.NotifyOnClose, v.ClearOnClose = a.yes("notify_on_close"), a.yes("clear_on_close")
	v.Blocks = objects(sent["blocks"])
	v.Errors = nil
	s.nameParts(v.Blocks)
	s.serial++
	v.Hash = fmt.Sprintf("%d.%08x", s.Now().Unix(), 0xa0000000+s.serial)
	// What people typed stays where block_id and action_id stay.
	old := v.chosen
	v.chosen = stateOf(v.Blocks)
	for block, actions := range v.chosen {
		for action, state := range actions {
			kept, _ := old[block][action].(map[string]any)
			if kept != nil && kindOf(kept) == kindOf(state) {
				actions[action] = kept
			}
		}
	}
}

// open puts a new modal on top of the stack, or in place of it.
func (s *Server) open(user string, sent map[string]any, push bool) *View {
	v := &View{ID: s.id("V"), User: user}
	stack := s.stack(user)
	v.RootID = v.ID
	if push {
		v.RootID, v.PreviousID = stack[0].ID, stack[len(stack)-1].ID
	} else {
		for _, below := range stack {
			below.Gone = true
		}
	}
	s.show(v, sent)
	s.views = append(s.views, v)
	return v
}

// wire is the view as the API and payloads show it.
func (s *Server) viewWire(v *View) map[string]any {
	plain := func(said string) any {
		if said == "" {
			return nil
		}
		return map[string]any{"type": "plain_text", "text": said, "emoji": true}
	}
	var previous any
	if v.PreviousID != "" {
		previous = v.PreviousID
	}
	chosen := deepCopy(v.chosen)
	if chosen == nil {
		chosen = map[string]map[string]any{}
	}
	return map[string]any{
		"id": v.ID, "team_id": s.TeamID, "type": v.Type, "blocks": deepCopy(v.Blocks), "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "external_id": v.ExternalID, "hash": v.Hash, "title": plain(v.Title),
		"submit": plain(v.Submit), "close": plain(v.Close), "clear_on_close": v.ClearOnClose,
		"notify_on_close": v.NotifyOnClose, "root_view_id": v.RootID, "previous_view_id": previous,
		"app_id": s.AppID, "bot_id": s.BotID, "app_installed_team_id": s.TeamID, "state": map[string]any{"values": chosen},
	}
}
