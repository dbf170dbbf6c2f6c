package telegramtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Message is one message as it stands in its chat.
type Message struct {
	ID     int
	Chat   int64
	From   int64 // 0 for the post of a channel
	Thread int   // topic of a forum
	At     time.Time
	Edited time.Time // zero until it is edited
	// Text is what people read, without tags; of a file it is the caption.
	Text     string
	Entities []Entity
	// Sent is the text as the bot sent it, tags and all.
	Sent string
	ReplyMarkup
	ReplyTo int
	File    *File
	Silent  bool // sent without a notification
	// Earlier are the editions before the last edit, oldest first.
	Earlier []Edition
	Deleted bool

	topical bool   // written in a topic, and not merely a reply that carries the id of its thread
	extra   object // what kinds of messages add: contact, forward_origin, new_chat_members ...
}

// Edition is what a message said before it was edited.
type Edition struct {
	Text     string
	Keyboard [][]Button
}

// Plain is what a reader sees: the file, the text without markup, and the buttons row by row.
func (m Message) Plain() string {
	var lines []string
	if m.File != nil {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("(%s %s", m.File.Kind, m.File.Name))+")")
	}
	if m.Text != "" {
		lines = append(lines, m.Text)
	}
	for _, row := range m.Keyboard {
		var labels []string
		for _, b := range row {
			labels = append(labels, "["+b.Text+"]")
		}
		lines = append(lines, strings.Join(labels, " "))
	}
	return strings.Join(lines, "\n") + "\n"
}

// Button finds the button with that label.
func (m Message) Button(label string) (Button, bool) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Text == label {
				return b, true
			}
		}
	}
	return Button{}, false
}

// Labels are the labels of all buttons in reading order.
func (m Message) Labels() []string {
	var labels []string
	for _, row := range m.Keyboard {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

func (m Message) copy() Message {
	m.Entities, m.Keyboard, m.Earlier = slices.Clone(m.Entities), slices.Clone(m.Keyboard), slices.Clone(m.Earlier)
	return m
}

// wire is the message as updates and answers carry it; the message it replies to is given whole,
// but not that one's own.
func (s *Server) wire(ch *chat, m *Message, nested bool) object {
	o := object{"message_id": m.ID, "chat": ch.wire(), "date": m.At.Unix()}
	maps.Copy(o, m.extra)
	if from := s.users[m.From]; from != nil {
		o["from"] = from.wire()
	} else if ch.kind == channel {
		o["sender_chat"] = ch.wire()
	}
	if !m.Edited.IsZero() {
		o["edit_date"] = m.Edited.Unix()
	}
	if m.Thread != 0 {
		o["message_thread_id"] = m.Thread
		if m.topical {
			o["is_topic_message"] = true
		}
	}
	text, entities := "text", "entities"
	if m.File != nil {
		o[m.File.Kind] = m.File.wire()
		text, entities = "caption", "caption_entities"
	}
	if m.Text != "" {
		o[text] = m.Text
	}
	if len(m.Entities) > 0 {
		o[entities] = m.Entities
	}
	if len(m.Keyboard) > 0 {
		o["reply_markup"] = object{"inline_keyboard": m.Keyboard}
	}
	if replied := ch.messages[m.ReplyTo]; replied != nil && !replied.Deleted && !nested {
		o["reply_to_message"] = s.wire(ch, replied, true)
	}
	return o
}

// Messages are the messages of a chat that have not been deleted, oldest first.
func (s *Server) Messages(chatID int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages(chatID)
}

func (s *Server) messages(chatID int64) []Message {
	ch := s.chats[chatID]
	if ch == nil {
		return nil
	}
	var messages []Message
	for _, id := range slices.Sorted(maps.Keys(ch.messages)) {
		if m := ch.messages[id]; !m.Deleted {
			messages = append(messages, m.copy())
		}
	}
	return messages
}

// Said are the messages of the bot in a chat that have not been deleted, oldest first.
func (s *Server) Said(chatID int64) []Message {
	return slices.DeleteFunc(s.Messages(chatID), func(m Message) bool { return m.From != s.BotID })
}

// Last is the latest message of the bot in a chat; the test fails when there is none.
func (s *Server) Last(chatID int64) Message {
	s.tb.Helper()
	said := s.Said(chatID)
	if len(said) == 0 {
		s.tb.Errorf("telegramtest: the bot has said nothing in chat %d", chatID)
		return Message{}
	}
	return said[len(said)-1]
}

// Message is one message, also a deleted one.
func (s *Server) Message(chatID int64, id int) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.chats[chatID]; ch != nil && ch.messages[id] != nil {
		return ch.messages[id].copy(), true
	}
	return Message{}, false
}

// Await gives the first message of the bot in a chat that matches, and waits for it up to ten
// seconds; then the test fails.
func (s *Server) Await(chatID int64, matches func(Message) bool) Message {
	s.tb.Helper()
	var found Message
	s.Until(func() bool {
		said := s.Said(chatID)
		i := slices.IndexFunc(said, matches)
		if i >= 0 {
			found = said[i]
		}
		return i >= 0
	})
	return found
}

// Until waits up to ten seconds for something that changes here to become true; then the test fails.
func (s *Server) Until(holds func() bool) {
	s.tb.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-deadline.C:
			s.tb.Errorf("telegramtest: what was waited for has not come in ten seconds")
			return
		}
	}
}
