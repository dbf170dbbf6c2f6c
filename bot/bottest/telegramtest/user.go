package telegramtest

// User is somebody in Telegram.
type User struct {
	ID       int64
	First    string
	Last     string
	Username string
	Language string // IETF tag of the app's language, may be empty
	Started  bool   // has written to the bot; until then the bot may not write to them
	Blocked  bool   // has blocked the bot
	IsBot    bool
}

func (u *User) wire() object {
	o := object{"id": u.ID, "is_bot": u.IsBot, "first_name": u.First}
	if u.Last != "" {
		o["last_name"] = u.Last
	}
	if u.Username != "" {
		o["username"] = u.Username
	}
	if u.Language != "" {
		o["language_code"] = u.Language
	}
	return o
}

// AddUser makes a user known, and the private chat with them.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.First == "" {
		u.First = "User"
	}
	s.users[u.ID] = &u
	s.chats[u.ID] = &chat{id: u.ID, kind: private, user: &u, messages: map[int]*Message{}}
}

// user finds somebody who acts; an unknown one fails the test. The caller holds the lock.
func (s *Server) user(id int64) *User {
	s.tb.Helper()
	if u := s.users[id]; u != nil {
		return u
	}
	s.tb.Errorf("telegramtest: there is no user %d, see AddUser", id)
	return nil
}
