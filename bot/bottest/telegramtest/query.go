package telegramtest

import (
	"strconv"
	"time"
)

// maxAnswer is the longest text of an answer, in UTF-16 units:
// https://core.telegram.org/bots/api#answercallbackquery.
const maxAnswer = 200

// query is one press of a button that waits for its answer.
type query struct {
	user     int64
	at       time.Time
	answered bool
}

// Answer is what the bot showed to somebody who pressed a button.
type Answer struct {
	Query string
	User  int64
	Text  string // empty when the button merely stops spinning
	Alert bool
	At    time.Time
}

// Answers are all answers to presses, oldest first.
func (s *Server) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Answer(nil), s.answers...)
}

func (s *Server) answerCallbackQuery(c *call) (any, *Refusal) {
	id := c.params["callback_query_id"]
	q := s.queries[id]
	const expired = "query is too old and response timeout expired or query ID is invalid"
	switch {
	case q == nil:
		return nil, bad(expired)
	case q.answered, s.Now().Sub(q.at) > s.QueryLife:
		return nil, bad(expired).world()
	case units(c.params["text"]) > maxAnswer:
		return nil, bad("MESSAGE_TOO_LONG")
	case c.params["url"] != "":
		return nil, bad("URL_INVALID")
	}
	q.answered = true
	s.answers = append(s.answers, Answer{
		Query: id, User: q.user, Text: c.params["text"], Alert: c.bool("show_alert"), At: s.Now(),
	})
	return true, nil
}

// Press is a person who presses the button with that label on a message as they see it. The message
// is taken by its chat and id; the label is looked up on the message given, so that an old view of a
// message that has changed since can be pressed too.
func (s *Server) Press(user int64, seen Message, label string, opts ...Option) Delivery {
	s.tb.Helper()
	b, ok := seen.Button(label)
	if !ok || b.Data == "" {
		s.tb.Errorf("telegramtest: there is no button %q that sends data, only %q", label, seen.Labels())
		return Delivery{}
	}
	return s.PressData(user, seen.Chat, seen.ID, b.Data, opts...)
}

// PressData is a press with data of the test's choice, as a forged client may send it. For a message
// that is deleted or unknown the update carries the stub of an inaccessible message.
func (s *Server) PressData(user, chatID int64, messageID int, data string, opts ...Option) Delivery {
	s.tb.Helper()
	s.mu.Lock()
	u, ch := s.user(user), s.place(chatID)
	if u == nil || ch == nil {
		s.mu.Unlock()
		return Delivery{}
	}
	s.serial++
	id := strconv.FormatInt(4300000000000000000+s.serial, 10)
	s.queries[id] = &query{user: user, at: s.Now()}
	body := object{"id": id, "from": u.wire(), "chat_instance": strconv.FormatInt(7100000000000-chatID, 10), "data": data}
	if m := ch.messages[messageID]; m != nil && !m.Deleted {
		body["message"] = s.wire(ch, m, false)
	} else {
		body["message"] = object{"message_id": messageID, "chat": ch.wire(), "date": 0}
	}
	d := s.update("callback_query", body)
	s.mu.Unlock()
	d.Query = id
	return s.bring(d, opts)
}
