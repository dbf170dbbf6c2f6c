package telegramtest

import (
	"reflect"
	"time"
)

// deletable is how long a message may be deleted: https://core.telegram.org/bots/api#deletemessage.
const deletable = 48 * time.Hour

const notModified = "message is not modified: specified new message content and reply markup are exactly the same " +
	"as a current content and reply markup of the message"

// edited finds the message a call changes.
func (s *Server) edited(c *call) (*chat, *Message, *Refusal) {
	if c.params["inline_message_id"] != "" {
		return nil, nil, bad("message to edit not found")
	}
	ch, r := s.open(c)
	if r != nil {
		return nil, nil, r
	}
	if c.int("message_id") == 0 {
		return nil, nil, bad("message identifier is not specified")
	}
	m := ch.messages[int(c.int("message_id"))]
	switch {
	case m == nil:
		return nil, nil, bad("message to edit not found")
	case m.Deleted:
		return nil, nil, bad("message to edit not found").world()
	case m.From != s.BotID && (ch.kind != channel || m.From != 0):
		return nil, nil, bad("message can't be edited")
	}
	return ch, m, nil
}

func (s *Server) editMessageText(c *call) (any, *Refusal) {
	ch, m, r := s.edited(c)
	if r != nil {
		return nil, r
	}
	if m.File != nil {
		return nil, bad("there is no text in the message to edit")
	}
	text, entities, r := c.formatted("text", "entities")
	if r != nil {
		return nil, r
	}
	if r := c.checkText(text); r != nil {
		return nil, r
	}
	entities = s.mentioned(entities)
	below, r := c.replyMarkup(true) // an edit that names no keyboard takes it away
	if r != nil {
		return nil, r
	}
	if text == m.Text && same(entities, m.Entities) && same(below.Keyboard, m.Keyboard) {
		return nil, bad(notModified).world()
	}
	m.Earlier = append(m.Earlier, Edition{Text: m.Text, Keyboard: m.Keyboard})
	m.Text, m.Entities, m.Keyboard, m.Sent = text, entities, below.Keyboard, c.params["text"]
	m.Edited = s.Now()
	return s.wire(ch, m, false), nil
}

func (s *Server) editMessageReplyMarkup(c *call) (any, *Refusal) {
	ch, m, r := s.edited(c)
	if r != nil {
		return nil, r
	}
	below, r := c.replyMarkup(true)
	if r != nil {
		return nil, r
	}
	if same(below.Keyboard, m.Keyboard) {
		return nil, bad(notModified).world()
	}
	m.Earlier = append(m.Earlier, Edition{Text: m.Text, Keyboard: m.Keyboard})
	m.Keyboard, m.Edited = below.Keyboard, s.Now()
	return s.wire(ch, m, false), nil
}

// same compares lists and takes none for empty.
func same[T any](a, b []T) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

func (s *Server) deleteMessage(c *call) (any, *Refusal) {
	ch, r := s.open(c)
	if r != nil {
		return nil, r
	}
	if c.int("message_id") == 0 {
		return nil, bad("message identifier is not specified")
	}
	m := ch.messages[int(c.int("message_id"))]
	switch {
	case m == nil:
		return nil, bad("message to delete not found")
	case m.Deleted:
		return nil, bad("message to delete not found").world()
	case m.From != s.BotID && ch.kind != private && !ch.group.BotIsAdmin, s.Now().Sub(m.At) > deletable:
		return nil, bad("message can't be deleted").world()
	}
	m.Deleted = true
	return true, nil
}
