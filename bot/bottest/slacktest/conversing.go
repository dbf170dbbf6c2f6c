package slacktest

import (
	"slices"
	"strings"
)

// conversing are the methods that tell of conversations.
func conversing() map[string]method {
	const window = " cursor limit oldest latest inclusive include_all_metadata "
	return map[string]method{
		"conversations.info":    {takes: "include_locale include_num_members", needs: "channel", do: (*Server).channelInfo},
		"conversations.members": {takes: "cursor limit", needs: "channel", do: (*Server).channelMembers},
		"conversations.open":    {scope: "im:write", takes: "users channel return_im prevent_creation", do: (*Server).openConversation},
		"conversations.history": {takes: window, needs: "channel", do: (*Server).history},
		"conversations.replies": {takes: window, needs: "channel ts", do: (*Server).replies},
	}
}

func (s *Server) channelInfo(a args) (map[string]any, *refused) {
	c := s.visible(a.str("channel"))
	if c == nil {
		return nil, no("channel_not_found")
	}
	if bad := s.may(c, ":read"); bad != nil {
		return nil, bad
	}
	return map[string]any{"channel": c.wire(a.yes("include_num_members"))}, nil
}

func (s *Server) channelMembers(a args) (map[string]any, *refused) {
	c := s.visible(a.str("channel"))
	if c == nil {
		return nil, no("channel_not_found")
	}
	if bad := s.may(c, ":read"); bad != nil {
		return nil, bad
	}
	page, next, bad := pageOf(c.everybody(s.BotUserID), a, 100)
	if bad != nil {
		return nil, bad
	}
	return map[string]any{"members": slices.Clone(page), "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (s *Server) openConversation(a args) (map[string]any, *refused) {
	if id := a.str("channel"); id != "" {
		c := s.visible(id)
		if c == nil || !c.IsIM && !c.IsMpIM {
			return nil, no("channel_not_found")
		}
		return map[string]any{"channel": c.wire(false), "already_open": true, "no_op": true}, nil
	}
	users := strings.Split(a.str("users"), ",")
	if users[0] == "" {
		return nil, no("users_list_not_supplied")
	}
	if len(users) > 1 {
		return nil, no("invalid_arguments", "[ERROR] only direct messages with one person are kept here")
	}
	u := s.user(users[0])
	switch {
	case u == nil:
		return nil, no("user_not_found")
	case u.Deleted:
		return nil, no("user_disabled")
	case u.IsBot:
		return nil, no("cannot_dm_bot")
	}
	before := len(s.channels)
	c := s.openDM(u.ID)
	shown := map[string]any{"id": c.ID}
	if a.yes("return_im") {
		shown = c.wire(false)
	}
	return map[string]any{"channel": shown, "already_open": len(s.channels) == before, "no_op": len(s.channels) == before}, nil
}

// readable is the conversation when the bot may read it.
func (s *Server) readable(id string) (*Channel, *refused) {
	c := s.visible(id)
	switch {
	case c == nil:
		return nil, no("channel_not_found")
	case !c.BotIsMember:
		return nil, no("not_in_channel")
	}
	return c, s.may(c, ":history")
}

// may asks for the scope the kind of conversation wants.
func (s *Server) may(c *Channel, right string) *refused {
	scope := "channels" + right
	switch {
	case c.IsIM:
		scope = "im" + right
	case c.IsMpIM:
		scope = "mpim" + right
	case c.IsPrivate:
		scope = "groups" + right
	}
	if !s.hasScope(scope) {
		return lacking(scope)
	}
	return nil
}

func (s *Server) history(a args) (map[string]any, *refused) {
	c, bad := s.readable(a.str("channel"))
	if bad != nil {
		return nil, bad
	}
	list := s.within(a, func(m *Message) bool {
		return m.Channel == c.ID && (m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast)
	})
	slices.Reverse(list) // newest first
	return s.told(list, a)
}

func (s *Server) replies(a args) (map[string]any, *refused) {
	c, bad := s.readable(a.str("channel"))
	if bad != nil {
		return nil, bad
	}
	asked := s.message(c.ID, a.str("ts"))
	if asked == nil || asked.Only != "" {
		return nil, no("thread_not_found")
	}
	return s.told(s.within(a, func(m *Message) bool {
		return m.Channel == c.ID && (m.TS == asked.TS || m.ThreadTS == asked.TS)
	}), a)
}

// within are the messages of the asked time, oldest first. Timestamps have one
// length, so they compare as text.
func (s *Server) within(a args, keep func(*Message) bool) []*Message {
	oldest, latest, inclusive := a.str("oldest"), a.str("latest"), a.yes("inclusive")
	var list []*Message
	for _, m := range s.messages {
		late := oldest == "" || m.TS > oldest || inclusive && m.TS == oldest
		early := latest == "" || m.TS < latest || inclusive && m.TS == latest
		if m.Only == "" && !m.Deleted && late && early && keep(m) {
			list = append(list, m)
		}
	}
	return list
}

func (s *Server) told(list []*Message, a args) (map[string]any, *refused) {
	page, next, bad := pageOf(list, a, 100)
	if bad != nil {
		return nil, bad
	}
	shown := make([]any, 0, len(page))
	for _, m := range page {
		shown = append(shown, s.wire(m, a.yes("include_all_metadata")))
	}
	return map[string]any{"messages": shown, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (s *Server) permalinkOf(m *Message) string {
	link := "https://" + s.TeamDomain + ".slack.example/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return link
}
