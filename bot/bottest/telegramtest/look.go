package telegramtest

import "slices"

func (s *Server) getChat(c *call) (any, *Refusal) {
	ch, r := s.chat(c)
	if r != nil {
		return nil, r
	}
	if ch.movedTo != 0 || ch.kicked {
		_, r := s.open(c)
		return nil, r
	}
	if ch.kind == private && !ch.user.Started { // a bot knows only those who have spoken to it
		return nil, bad("chat not found").world()
	}
	o := ch.wire()
	o["accent_color_id"], o["max_reaction_count"] = 0, 11
	o["accepted_gift_types"] = object{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false,
	}
	return o, nil
}

func (s *Server) getChatMember(c *call) (any, *Refusal) {
	ch, r := s.open(c)
	if r != nil {
		return nil, r
	}
	id := c.int("user_id")
	if id == 0 {
		return nil, bad("invalid user_id specified")
	}
	switch {
	case s.users[id] == nil:
		return nil, bad("user not found")
	case ch.kind == private && id != ch.id && id != s.BotID:
		return nil, bad("member not found")
	case ch.kind == private:
		return s.standing(id, "member"), nil
	case id == s.BotID:
		return s.standing(id, ch.botStatus()), nil
	case len(ch.group.Admins) > 0 && ch.group.Admins[0] == id:
		return s.standing(id, "creator"), nil
	case slices.Contains(ch.group.Admins, id):
		return s.standing(id, "administrator"), nil
	case ch.member(id):
		return s.standing(id, "member"), nil
	default:
		return s.standing(id, "left"), nil
	}
}

func (s *Server) leaveChat(c *call) (any, *Refusal) {
	ch, r := s.open(c)
	if r != nil {
		return nil, r
	}
	if ch.kind == private {
		return nil, bad("chat member status can't be changed in private chats")
	}
	ch.group.BotIsMember, ch.group.BotIsAdmin = false, false
	return true, nil
}

func (s *Server) sendChatAction(c *call) (any, *Refusal) {
	ch, r := s.open(c)
	if r != nil {
		return nil, r
	}
	if _, r := ch.thread(c); r != nil {
		return nil, r
	}
	actions := []string{
		"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
		"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
	}
	if !slices.Contains(actions, c.params["action"]) {
		return nil, bad("wrong parameter action in request")
	}
	return true, nil
}
