package slacktest

import (
	"regexp"
	"slices"
)

// chatting are the methods that write messages.
func chatting() map[string]method {
	const words = " text blocks attachments metadata mrkdwn parse link_names unfurl_links unfurl_media "
	return map[string]method{
		"chat.postMessage": {
			scope: "chat:write", takes: words + "thread_ts reply_broadcast username icon_url icon_emoji as_user", needs: "channel", do: (*Server).postMessage,
		},
		"chat.postEphemeral": {scope: "chat:write", takes: words + "thread_ts username icon_url icon_emoji as_user", needs: "channel user", do: (*Server).postEphemeral},
		"chat.update":        {scope: "chat:write", takes: words + "reply_broadcast as_user file_ids", needs: "channel ts", do: (*Server).updateMessage},
		"chat.delete":        {scope: "chat:write", takes: "as_user", needs: "channel ts", do: (*Server).deleteMessage},
		"chat.getPermalink":  {needs: "channel message_ts", do: (*Server).permalink},
	}
}

// sayable checks the words of a message and takes them apart.
func sayable(a args, longest int) (m *Message, bad *refused) {
	m = &Message{Text: a.str("text")}
	if given, ok := a["text"]; ok && given != nil {
		if _, isText := given.(string); !isText {
			return nil, no("invalid_arguments", "[ERROR] must provide a string [json-pointer:/text]")
		}
	}
	if a["attachments"] != nil {
		return nil, no("invalid_attachments", "[ERROR] attachments are legacy and not taken here [json-pointer:/attachments]")
	}
	if units(m.Text) > longest {
		return nil, no("msg_too_long")
	}
	if given := a["blocks"]; given != nil && given != "" {
		c := newChecker("message")
		blocks(0, maxMessageBlocks)(c, "/blocks", given)
		if len(c.messages) > 0 {
			return nil, no("invalid_blocks", c.messages...)
		}
		if c.length > maxAllText {
			return nil, no("msg_blocks_too_long")
		}
		m.Blocks = objects(given)
	}
	if m.Text == "" && len(m.Blocks) == 0 {
		return nil, no("no_text")
	}
	if given, ok := a["metadata"].(map[string]any); ok {
		if wrong := checkMetadata(given); len(wrong) > 0 {
			return nil, no("invalid_metadata_format", wrong...)
		}
		m.Metadata = given
	}
	m.Notifies = notifies(m.Text, m.Blocks, a.yes("link_names") || a.str("parse") == "full")
	return m, nil
}

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	found := make([]map[string]any, 0, len(list))
	for _, value := range list {
		if object, ok := value.(map[string]any); ok {
			found = append(found, object)
		}
	}
	return found
}

// nameParts fills in the ids Slack gives to blocks and elements without one.
func (s *Server) nameParts(blocks []map[string]any) {
	for _, b := range blocks {
		if b["block_id"] == nil {
			b["block_id"] = s.id("b")
		}
		for _, e := range interactive(b) {
			if e["action_id"] == nil {
				e["action_id"] = s.id("a")
			}
		}
	}
}

// writable is the conversation when the bot may post into it. A user id stands
// for the direct messages with that user.
func (s *Server) writable(id string) (*Channel, *refused) {
	if u := s.user(id); u != nil {
		if u.IsBot || u.Deleted {
			return nil, no("channel_not_found")
		}
		return s.openDM(id), nil
	}
	c := s.visible(id)
	switch {
	case c == nil:
		return nil, no("channel_not_found")
	case c.IsArchived:
		return nil, no("is_archived")
	case !c.BotIsMember && !s.hasScope("chat:write.public"):
		return nil, no("not_in_channel")
	}
	return c, nil
}

func (s *Server) postMessage(a args) (map[string]any, *refused) {
	c, bad := s.writable(a.str("channel"))
	if bad != nil {
		return nil, bad
	}
	m, bad := sayable(a, maxText)
	if bad != nil {
		return nil, bad
	}
	if m.ThreadTS, bad = s.threadOf(c.ID, a.str("thread_ts")); bad != nil {
		return nil, bad
	}
	m.Broadcast = m.ThreadTS != "" && a.yes("reply_broadcast")
	s.put(m, c.ID)
	return map[string]any{"channel": c.ID, "ts": m.TS, "message": s.wire(m, true)}, nil
}

// put stores what the bot says.
func (s *Server) put(m *Message, channel string) {
	m.Channel, m.TS, m.User, m.BotID = channel, s.nextTS(), s.BotUserID, s.BotID
	s.nameParts(m.Blocks)
	s.messages = append(s.messages, m)
}

// threadOf is the thread a reply goes to. Slack posts a reply to a message that
// is gone outside of any thread.
func (s *Server) threadOf(channel, ts string) (string, *refused) {
	if ts == "" {
		return "", nil
	}
	if !regexp.MustCompile(`^\d{10}\.\d{6}$`).MatchString(ts) {
		return "", no("invalid_thread_ts")
	}
	parent := s.message(channel, ts)
	switch {
	case parent == nil:
		return "", nil
	case parent.Only != "", parent.ThreadTS != "" && parent.ThreadTS != ts:
		return "", no("cannot_reply_to_message")
	}
	return ts, nil
}

func (s *Server) postEphemeral(a args) (map[string]any, *refused) {
	c, bad := s.writable(a.str("channel"))
	if bad != nil {
		return nil, bad
	}
	if !slices.Contains(c.Members, a.str("user")) {
		return nil, no("user_not_in_channel")
	}
	m, bad := sayable(a, maxText)
	if bad != nil {
		return nil, bad
	}
	if m.Metadata != nil {
		return nil, no("invalid_arguments", "[ERROR] an ephemeral message has no metadata [json-pointer:/metadata]")
	}
	if m.ThreadTS, bad = s.threadOf(c.ID, a.str("thread_ts")); bad != nil {
		return nil, bad
	}
	m.Only = a.str("user")
	s.put(m, c.ID)
	return map[string]any{"message_ts": m.TS}, nil
}

// owned is the bot's own message, or how the attempt to touch it fails.
func (s *Server) owned(a args, notOurs string) (*Message, *refused) {
	c := s.visible(a.str("channel"))
	if c == nil {
		return nil, no("channel_not_found")
	}
	m := s.message(c.ID, a.str("ts"))
	switch {
	case m == nil || m.Only != "":
		return nil, no("message_not_found")
	case m.BotID != s.BotID:
		return nil, no(notOurs)
	case c.IsArchived:
		return nil, no("is_archived")
	}
	return m, nil
}

func (s *Server) updateMessage(a args) (map[string]any, *refused) {
	m, bad := s.owned(a, "cant_update_message")
	if bad != nil {
		return nil, bad
	}
	next, bad := sayable(a, maxUpdateText)
	if bad != nil {
		return nil, bad
	}
	s.nameParts(next.Blocks)
	change(m, next)
	return map[string]any{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": s.wire(m, true)}, nil
}

func (s *Server) deleteMessage(a args) (map[string]any, *refused) {
	m, bad := s.owned(a, "cant_delete_message")
	if bad != nil {
		return nil, bad
	}
	m.Deleted = true
	return map[string]any{"channel": m.Channel, "ts": m.TS}, nil
}

func (s *Server) permalink(a args) (map[string]any, *refused) {
	c := s.visible(a.str("channel"))
	if c == nil {
		return nil, no("channel_not_found")
	}
	m := s.message(c.ID, a.str("message_ts"))
	if m == nil || m.Only != "" {
		return nil, no("message_not_found")
	}
	return map[string]any{"channel": c.ID, "permalink": s.permalinkOf(m)}, nil
}
