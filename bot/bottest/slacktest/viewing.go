package slacktest

// viewing are the methods that show views.
func viewing() map[string]method {
	return map[string]method{
		"views.open":    {needs: "trigger_id view", do: (*Server).openView},
		"views.push":    {needs: "trigger_id view", do: (*Server).pushView},
		"views.update":  {takes: "view_id external_id hash", needs: "view", do: (*Server).updateView},
		"views.publish": {takes: "hash", needs: "user_id view", do: (*Server).publishView},
	}
}

func (s *Server) openView(a args) (map[string]any, *refused) {
	sent, bad := s.modal(a, "")
	if bad != nil {
		return nil, bad
	}
	t, bad := s.exchange(a.str("trigger_id"))
	if bad != nil {
		return nil, bad
	}
	return map[string]any{"view": s.viewWire(s.open(t.user, sent, false))}, nil
}

func (s *Server) pushView(a args) (map[string]any, *refused) {
	sent, bad := s.modal(a, "")
	if bad != nil {
		return nil, bad
	}
	t, bad := s.exchange(a.str("trigger_id"))
	if bad != nil {
		return nil, bad
	}
	stack := s.stack(t.user)
	switch {
	case len(stack) == 0 || t.view == "":
		return nil, no("invalid_arguments", "[ERROR] a view is pushed onto a modal, with a trigger of that modal")
	case len(stack) >= maxViewStack:
		return nil, no("push_limit_reached")
	}
	return map[string]any{"view": s.viewWire(s.open(t.user, sent, true))}, nil
}

func (s *Server) updateView(a args) (map[string]any, *refused) {
	id, external := a.str("view_id"), a.str("external_id")
	if (id == "") == (external == "") {
		return nil, no("invalid_arguments", "[ERROR] must provide either view_id or external_id")
	}
	var v *View
	for _, one := range s.views {
		if !one.Gone && (id != "" && one.ID == id || external != "" && one.ExternalID == external) {
			v = one
		}
	}
	if v == nil {
		return nil, no("not_found")
	}
	var sent map[string]any
	var bad *refused
	if v.Type == "home" {
		sent, bad = s.home(a)
	} else {
		sent, bad = s.modal(a, v.ID)
	}
	if bad != nil {
		return nil, bad
	}
	if hash := a.str("hash"); hash != "" && hash != v.Hash {
		return nil, no("hash_conflict")
	}
	s.show(v, sent)
	v.Updates++
	return map[string]any{"view": s.viewWire(v)}, nil
}

func (s *Server) publishView(a args) (map[string]any, *refused) {
	u := s.user(a.str("user_id"))
	if u == nil || u.IsBot || u.Deleted {
		return nil, no("user_not_found")
	}
	sent, bad := s.home(a)
	if bad != nil {
		return nil, bad
	}
	for _, v := range s.views {
		if v.Type != "home" || v.User != u.ID {
			continue
		}
		if hash := a.str("hash"); hash != "" && hash != v.Hash {
			return nil, no("hash_conflict")
		}
		s.show(v, sent)
		v.Updates++
		return map[string]any{"view": s.viewWire(v)}, nil
	}
	v := &View{ID: s.id("V"), User: u.ID}
	v.RootID = v.ID
	s.show(v, sent)
	s.views = append(s.views, v)
	return map[string]any{"view": s.viewWire(v)}, nil
}

// modal is the view of the request, when it is a modal without fault. Its
// external_id may be that of the view it replaces.
func (s *Server) modal(a args, replaces string) (map[string]any, *refused) {
	if wrong := checkView(a["view"], "modal"); len(wrong) > 0 {
		return nil, badView(wrong)
	}
	sent, _ := a["view"].(map[string]any)
	if external := args(sent).str("external_id"); external != "" {
		for _, v := range s.views {
			if v.ExternalID == external && !v.Gone && v.ID != replaces {
				return nil, no("duplicate_external_id")
			}
		}
	}
	return sent, nil
}

func (s *Server) home(a args) (map[string]any, *refused) {
	if wrong := checkView(a["view"], "home"); len(wrong) > 0 {
		return nil, badView(wrong)
	}
	sent, _ := a["view"].(map[string]any)
	return sent, nil
}
