package telegramtest

import (
	"regexp"
	"slices"
	"strings"
)

// place finds a chat somebody acts in; an unknown one fails the test. The caller holds the lock.
func (s *Server) place(id int64) *chat {
	s.tb.Helper()
	if ch := s.chats[id]; ch != nil {
		return ch
	}
	s.tb.Errorf("telegramtest: there is no chat %d, see AddUser and AddGroup", id)
	return nil
}

// Private is a user who writes to the bot. It starts the chat, as writing does in Telegram. A text
// longer than apps let through is passed on whole, as a forged client might send it; control
// characters are cleaned away as Telegram does, see Body for raw ones.
func (s *Server) Private(user int64, text string, opts ...Option) Delivery {
	s.tb.Helper()
	return s.say(user, user, func(m *Message) { m.Text = text }, opts)
}

var payloadPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Start is a user who opens t.me/<bot>?start=<payload>, or presses Start when the payload is empty.
// A payload a link cannot carry fails the test: https://core.telegram.org/bots/features#deep-linking.
func (s *Server) Start(user int64, payload string, opts ...Option) Delivery {
	s.tb.Helper()
	if payload == "" {
		return s.Private(user, "/start", opts...)
	}
	if !payloadPattern.MatchString(payload) {
		s.tb.Errorf("telegramtest: a link cannot carry the start parameter %q", payload)
		return Delivery{}
	}
	return s.Private(user, "/start "+payload, opts...)
}

// Group is a member who writes to a group. In privacy mode the bot is shown commands that are meant
// for it or for everybody, replies to its messages and texts that name it.
func (s *Server) Group(user, chatID int64, text string, opts ...Option) Delivery {
	s.tb.Helper()
	return s.say(user, chatID, func(m *Message) { m.Text = text }, opts)
}

// Forward is a user who forwards to a chat what somebody wrote; the author is hidden when from is 0.
func (s *Server) Forward(user, chatID, from int64, text string, opts ...Option) Delivery {
	s.tb.Helper()
	return s.say(user, chatID, func(m *Message) {
		origin := object{"type": "hidden_user", "sender_user_name": "Somebody", "date": m.At.Unix()}
		if author := s.users[from]; author != nil {
			origin = object{"type": "user", "sender_user": author.wire(), "date": m.At.Unix()}
		}
		m.Text, m.extra = text, object{"forward_origin": origin}
	}, opts)
}

// Contact is a user who shares a contact; of is the user it belongs to, 0 when not in Telegram.
func (s *Server) Contact(user, chatID int64, phone, first string, of int64, opts ...Option) Delivery {
	s.tb.Helper()
	return s.say(user, chatID, func(m *Message) {
		contact := object{"phone_number": phone, "first_name": first}
		if of != 0 {
			contact["user_id"] = of
		}
		m.extra = object{"contact": contact}
	}, opts)
}

// ChannelPost is a post in a channel the bot is in.
func (s *Server) ChannelPost(chatID int64, text string, opts ...Option) Delivery {
	s.tb.Helper()
	return s.say(0, chatID, func(m *Message) { m.Text = text }, opts)
}

// Edit is an author who changes what they wrote.
func (s *Server) Edit(chatID int64, messageID int, text string, opts ...Option) Delivery {
	s.tb.Helper()
	s.mu.Lock()
	ch := s.place(chatID)
	if ch == nil || ch.messages[messageID] == nil || ch.messages[messageID].From == s.BotID {
		s.tb.Errorf("telegramtest: no message %d of a person in chat %d", messageID, chatID)
		s.mu.Unlock()
		return Delivery{}
	}
	m := ch.messages[messageID]
	m.Earlier = append(m.Earlier, Edition{Text: m.Text})
	m.Text, m.Entities = trim(clean(text), nil)
	m.Entities, m.Edited = found(m.Text), s.Now()
	kind := "edited_message"
	if ch.kind == channel {
		kind = "edited_channel_post"
	}
	d := s.show(ch, m, kind)
	s.mu.Unlock()
	return s.bring(d, opts)
}

// say puts a person's message into a chat and brings it to the bot.
func (s *Server) say(user, chatID int64, fill func(*Message), opts []Option) Delivery {
	s.tb.Helper()
	o := gather(opts)
	s.mu.Lock()
	ch := s.place(chatID)
	if ch == nil || !s.mayWrite(ch, user) {
		s.mu.Unlock()
		return Delivery{}
	}
	m := &Message{ID: ch.next(), Chat: ch.id, From: user, At: s.Now(), ReplyTo: o.replyTo}
	fill(m)
	if m.File != nil {
		m.Text = o.caption
	}
	m.Sent = m.Text
	m.Text, _ = trim(clean(m.Text), nil)
	m.Entities = found(m.Text)
	s.inThread(ch, m, o.thread)
	ch.messages[m.ID] = m
	kind := "message"
	if ch.kind == channel {
		kind = "channel_post"
	}
	d := s.show(ch, m, kind)
	s.signal()
	s.mu.Unlock()
	return s.bring(d, opts)
}

func (s *Server) mayWrite(ch *chat, user int64) bool {
	s.tb.Helper()
	if ch.kind == channel {
		return true
	}
	u := s.user(user)
	switch {
	case u == nil:
		return false
	case ch.kind == private && u.Blocked:
		s.tb.Errorf("telegramtest: user %d has blocked the bot and cannot write to it, see Unblock", user)
		return false
	case ch.kind == private:
		u.Started = true
		return true
	case ch.movedTo != 0:
		s.tb.Errorf("telegramtest: group %d has become %d", ch.id, ch.movedTo)
		return false
	case !ch.member(user):
		s.tb.Errorf("telegramtest: user %d is not a member of group %d", user, ch.id)
		return false
	}
	return true
}

// inThread gives a message the thread it appears in. In a supergroup a reply outside of topics
// carries the id of the message that began the talk as its thread, which is not a topic: a bot that
// echoes it is refused.
func (s *Server) inThread(ch *chat, m *Message, topic int) {
	s.tb.Helper()
	if topic != 0 {
		if _, ok := ch.group.Topics[topic]; !ok || !ch.group.IsForum {
			s.tb.Errorf("telegramtest: there is no topic %d in chat %d", topic, ch.id)
		}
		m.Thread, m.topical = topic, topic != 1
		if topic == 1 { // messages of the general topic name no thread
			m.Thread = 0
		}
		return
	}
	replied := ch.messages[m.ReplyTo]
	if replied == nil || ch.kind != supergroup {
		return
	}
	m.Thread, m.topical = replied.Thread, replied.topical
	if m.Thread == 0 {
		m.Thread = replied.ID
	}
}

// show makes the update of a message, if the bot is shown it.
func (s *Server) show(ch *chat, m *Message, kind string) Delivery {
	if ch.kind != private && (!ch.group.BotIsMember || !s.visible(ch, m)) {
		return Delivery{Message: m.copy(), Unseen: true}
	}
	d := s.update(kind, s.wire(ch, m, false))
	d.Message = m.copy()
	return d
}

// visible is privacy mode: https://core.telegram.org/bots/features#privacy-mode.
func (s *Server) visible(ch *chat, m *Message) bool {
	if from := s.users[m.From]; from != nil && from.IsBot {
		return false // bots do not see each other
	}
	if !ch.group.Privacy || ch.group.BotIsAdmin || ch.kind == channel {
		return true
	}
	if replied := ch.messages[m.ReplyTo]; replied != nil && replied.From == s.BotID {
		return true
	}
	words := strings.Fields(m.Text)
	if len(words) > 0 && strings.HasPrefix(words[0], "/") {
		_, name, addressed := strings.Cut(words[0], "@")
		if !addressed || strings.EqualFold(name, s.Username) {
			return true
		}
	}
	return slices.ContainsFunc(mentionPattern.FindAllStringSubmatch(m.Text, -1), func(hit []string) bool {
		return strings.EqualFold(hit[1], "@"+s.Username)
	})
}
