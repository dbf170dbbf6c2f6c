package telegramtest

import (
	"slices"
	"strings"
)

// Block is a user who blocks the bot.
func (s *Server) Block(user int64, opts ...Option) Delivery {
	s.tb.Helper()
	return s.turn(user, true, opts)
}

// Unblock is a user who lets the bot write again.
func (s *Server) Unblock(user int64, opts ...Option) Delivery {
	s.tb.Helper()
	return s.turn(user, false, opts)
}

func (s *Server) turn(user int64, blocked bool, opts []Option) Delivery {
	s.tb.Helper()
	s.mu.Lock()
	u := s.user(user)
	if u == nil {
		s.mu.Unlock()
		return Delivery{}
	}
	before, after := "member", "kicked"
	if !blocked {
		before, after = after, before
	}
	u.Blocked = blocked
	d := s.memberUpdate(s.chats[user], user, before, after)
	s.mu.Unlock()
	return s.bring(d, opts)
}

// memberUpdate tells the bot that its own standing in a chat has changed. The caller holds the lock.
func (s *Server) memberUpdate(ch *chat, by int64, before, after string) Delivery {
	return s.update("my_chat_member", object{
		"chat": ch.wire(), "from": s.users[by].wire(), "date": s.Now().Unix(),
		"old_chat_member": s.standing(s.BotID, before),
		"new_chat_member": s.standing(s.BotID, after),
	})
}

func (s *Server) standing(user int64, status string) object {
	o := object{"user": s.users[user].wire(), "status": status}
	switch status {
	case "kicked":
		o["until_date"] = 0
	case "creator":
		o["is_anonymous"] = false
	case "administrator":
		for right := range strings.FieldsSeq("can_be_edited is_anonymous can_promote_members can_restrict_members " +
			"can_change_info can_post_stories can_edit_stories can_delete_stories") {
			o[right] = false
		}
		for right := range strings.FieldsSeq("can_manage_chat can_delete_messages can_manage_video_chats can_invite_users") {
			o[right] = true
		}
	}
	return o
}

// Kick is a member who throws the bot out of a group.
func (s *Server) Kick(user, chatID int64, opts ...Option) Delivery {
	s.tb.Helper()
	return s.move(user, chatID, opts, func(ch *chat) (before, after string) {
		before = ch.botStatus()
		ch.kicked, ch.group.BotIsMember, ch.group.BotIsAdmin = true, false, false
		return before, "kicked"
	})
}

// Invite is a member who adds the bot to a group.
func (s *Server) Invite(user, chatID int64, opts ...Option) Delivery {
	s.tb.Helper()
	return s.move(user, chatID, opts, func(ch *chat) (before, after string) {
		before = ch.botStatus()
		ch.kicked, ch.group.BotIsMember = false, true
		return before, "member"
	})
}

// Promote is an administrator who makes the bot one too.
func (s *Server) Promote(user, chatID int64, opts ...Option) Delivery {
	s.tb.Helper()
	return s.move(user, chatID, opts, func(ch *chat) (before, after string) {
		before = ch.botStatus()
		ch.kicked, ch.group.BotIsMember, ch.group.BotIsAdmin = false, true, true
		return before, "administrator"
	})
}

func (ch *chat) botStatus() string {
	switch {
	case ch.kicked:
		return "kicked"
	case !ch.group.BotIsMember:
		return "left"
	case ch.group.BotIsAdmin:
		return "administrator"
	default:
		return "member"
	}
}

func (s *Server) move(user, chatID int64, opts []Option, change func(*chat) (before, after string)) Delivery {
	s.tb.Helper()
	s.mu.Lock()
	u, ch := s.user(user), s.place(chatID)
	if u == nil || ch == nil || ch.kind == private {
		s.mu.Unlock()
		return Delivery{}
	}
	before, after := change(ch)
	d := s.memberUpdate(ch, user, before, after)
	s.mu.Unlock()
	return s.bring(d, opts)
}

// Join adds members to a group; the bot is told by a service message.
func (s *Server) Join(chatID int64, users ...int64) Delivery {
	s.tb.Helper()
	s.mu.Lock()
	ch := s.place(chatID)
	if ch == nil || len(users) == 0 {
		s.mu.Unlock()
		return Delivery{}
	}
	var joined []object
	for _, id := range users {
		if u := s.user(id); u != nil && !ch.member(id) {
			ch.group.Members = append(ch.group.Members, id)
			joined = append(joined, u.wire())
		}
	}
	d := s.service(ch, users[0], object{"new_chat_members": joined})
	s.mu.Unlock()
	return s.bring(d, nil)
}

// Part takes a member out of a group; the bot is told by a service message.
func (s *Server) Part(chatID, user int64) Delivery {
	s.tb.Helper()
	s.mu.Lock()
	u, ch := s.user(user), s.place(chatID)
	if u == nil || ch == nil {
		s.mu.Unlock()
		return Delivery{}
	}
	ch.group.Members = slices.DeleteFunc(ch.group.Members, func(id int64) bool { return id == user })
	d := s.service(ch, user, object{"left_chat_member": u.wire()})
	s.mu.Unlock()
	return s.bring(d, nil)
}

// service puts a service message into a chat, which every bot in it sees.
func (s *Server) service(ch *chat, from int64, extra object) Delivery {
	m := &Message{ID: ch.next(), Chat: ch.id, From: from, At: s.Now(), extra: extra}
	ch.messages[m.ID] = m
	if !ch.group.BotIsMember {
		return Delivery{Message: m.copy(), Unseen: true}
	}
	d := s.update("message", s.wire(ch, m, false))
	d.Message = m.copy()
	return d
}

// Migrate turns a group into a supergroup with another id, which it gives together with the two
// service messages that tell the bot: migrate_to_chat_id in the old chat, migrate_from_chat_id in
// the new one. From then on the old id is refused with the new one in parameters.
func (s *Server) Migrate(user, chatID int64, opts ...Option) (newID int64, told []Delivery) {
	s.tb.Helper()
	s.mu.Lock()
	u, old := s.user(user), s.place(chatID)
	if u == nil || old == nil || old.kind != group {
		s.tb.Errorf("telegramtest: only a group can become a supergroup")
		s.mu.Unlock()
		return 0, nil
	}
	g := old.group
	s.serial++
	g.ID, g.Type = -1002000000000-s.serial, supergroup
	fresh := s.addGroup(g)
	to := s.service(old, user, object{"migrate_to_chat_id": g.ID})
	from := s.service(fresh, user, object{"migrate_from_chat_id": old.id})
	old.movedTo = g.ID
	s.mu.Unlock()
	return g.ID, []Delivery{s.bring(to, opts), s.bring(from, opts)}
}
