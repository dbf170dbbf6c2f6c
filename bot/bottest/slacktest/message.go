package slacktest

import (
	"encoding/json"
	"slices"
)

// Message is a message as its readers see it, whoever wrote it.
type Message struct {
	Channel, TS string
	// ThreadTS is the ts of the message it replies to, empty outside threads.
	ThreadTS string
	// User wrote it; BotID is set when that is the bot.
	User, BotID string
	Text        string
	// Blocks are as sent, with the block_id and action_id Slack fills in.
	Blocks []map[string]any
	// Attachments are those of forwarded messages.
	Attachments []map[string]any
	// Metadata is nil or has event_type and event_payload.
	Metadata map[string]any
	// Files are the ids of attached files.
	Files []string
	// Only is the one user an ephemeral message is shown to.
	Only      string
	Broadcast bool
	Deleted   bool
	// Edits are the earlier forms, oldest first.
	Edits []Edit
	// Notifies are the mentions that reach people: "!channel", "!here",
	// "!everyone", "@U…" and "!subteam^S…", each once, in order.
	Notifies []string
}

// Edit is what a message said before it was changed.
type Edit struct {
	Text     string
	Blocks   []map[string]any
	Notifies []string
}

// Messages are the messages of the conversation, threads included, oldest
// first, without deleted and ephemeral ones.
func (s *Server) Messages(channel string) []Message {
	return s.messagesThat(func(m *Message) bool { return m.Channel == channel && m.Only == "" && !m.Deleted })
}

// Thread are the message and the replies to it, oldest first.
func (s *Server) Thread(channel, ts string) []Message {
	return s.messagesThat(func(m *Message) bool {
		return m.Channel == channel && m.Only == "" && !m.Deleted && (m.TS == ts || m.ThreadTS == ts)
	})
}

// Ephemerals are what only the user sees, oldest first, in all conversations.
func (s *Server) Ephemerals(user string) []Message {
	return s.messagesThat(func(m *Message) bool { return m.Only == user && !m.Deleted })
}

// FromBot are all messages the bot wrote, ephemeral and deleted ones too.
func (s *Server) FromBot() []Message {
	return s.messagesThat(func(m *Message) bool { return m.BotID == s.BotID })
}

// Message is the message as it is now, and whether there ever was one.
func (s *Server) Message(channel, ts string) (Message, bool) {
	found := s.messagesThat(func(m *Message) bool { return m.Channel == channel && m.TS == ts })
	if len(found) == 0 {
		return Message{}, false
	}
	return found[0], true
}

// Latest is the newest message of the conversation; a test without one fails.
func (s *Server) Latest(channel string) Message {
	s.tb.Helper()
	all := s.Messages(channel)
	if len(all) == 0 {
		s.tb.Errorf("slacktest: no message in %s", channel)
		return Message{}
	}
	return all[len(all)-1]
}

func (s *Server) messagesThat(keep func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Message
	for _, m := range s.messages {
		if keep(m) {
			found = append(found, copied(m))
		}
	}
	return found
}

// copied shares nothing that changes with the message.
func copied(m *Message) Message {
	c := *m
	c.Blocks, c.Attachments = deepCopy(m.Blocks), deepCopy(m.Attachments)
	c.Metadata = deepCopy(m.Metadata)
	c.Files, c.Edits, c.Notifies = slices.Clone(m.Files), slices.Clone(m.Edits), slices.Clone(m.Notifies)
	return c
}

// deepCopy is for decoded JSON only.
func deepCopy[T any](v T) T {
	var c T
	raw, err := json.Marshal(v)
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return v
	}
	return c
}

func (s *Server) message(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

// wire is the message as the API and payloads show it.
func (s *Server) wire(m *Message, metadata bool) map[string]any {
	w := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.TeamID}
	if m.BotID != "" {
		w["bot_id"], w["app_id"] = m.BotID, s.AppID
	}
	if m.Blocks != nil {
		w["blocks"] = deepCopy(m.Blocks)
	}
	if m.Attachments != nil {
		w["attachments"] = deepCopy(m.Attachments)
	}
	if m.ThreadTS != "" {
		w["thread_ts"] = m.ThreadTS
	}
	if metadata && m.Metadata != nil {
		w["metadata"] = deepCopy(m.Metadata)
	}
	if len(m.Edits) > 0 {
		w["edited"] = map[string]any{"user": m.User, "ts": m.TS}
	}
	if files := s.fileWires(m.Files); len(files) > 0 {
		w["files"] = files
	}
	replies := 0
	for _, r := range s.messages {
		if r.Channel == m.Channel && r.ThreadTS == m.TS && !r.Deleted && r.Only == "" && r.TS != m.TS {
			replies++
		}
	}
	if replies > 0 {
		w["thread_ts"], w["reply_count"] = m.TS, replies
	}
	return w
}

// change keeps what the message said and gives it new words.
func change(m, next *Message) {
	m.Edits = append(m.Edits, Edit{Text: m.Text, Blocks: m.Blocks, Notifies: m.Notifies})
	m.Text, m.Blocks, m.Notifies = next.Text, next.Blocks, next.Notifies
	if next.Metadata != nil {
		m.Metadata = next.Metadata
	}
}
