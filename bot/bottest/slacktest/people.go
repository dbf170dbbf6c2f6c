package slacktest

import (
	"cmp"
	"slices"
)

// User is a person or a bot.
type User struct {
	ID, Name, RealName string
	// Locale is like "ru-RU", TZ an IANA zone.
	Locale, TZ string
	// TeamID is the server's team unless the person comes from another one.
	TeamID string

	IsAdmin, IsOwner, IsRestricted, IsUltraRestricted, IsBot, IsStranger, Deleted bool
}

// Channel is a conversation: a channel (C…), a private one (G… or C…) or a
// direct message (D…).
type Channel struct {
	ID, Name                                         string
	IsPrivate, IsExtShared, IsArchived, IsIM, IsMpIM bool
	// Members are user ids, without the bot's.
	Members     []string
	BotIsMember bool
}

// Group is a user group, mentioned as <!subteam^ID>.
type Group struct {
	ID, Name, Handle string
	Members          []string
	Disabled         bool
}

// AddUser adds the person, or replaces the one with the same id.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.TeamID = cmp.Or(u.TeamID, s.TeamID)
	u.RealName = cmp.Or(u.RealName, u.Name)
	u.Locale = cmp.Or(u.Locale, "en-US")
	u.TZ = cmp.Or(u.TZ, "Europe/London")
	if old := s.user(u.ID); old != nil {
		*old = u
		return
	}
	s.users = append(s.users, &u)
}

// AddChannel adds the conversation, or replaces the one with the same id.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	if old := s.channel(c.ID); old != nil {
		*old = c
		return
	}
	s.channels = append(s.channels, &c)
}

// AddGroup adds the user group, or replaces the one with the same id.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.Members = slices.Clone(g.Members)
	if at := slices.IndexFunc(s.groups, func(o *Group) bool { return o.ID == g.ID }); at >= 0 {
		s.groups[at] = &g
		return
	}
	s.groups = append(s.groups, &g)
}

// DM is the id of the bot's direct messages with the user, opened when it was
// not yet.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openDM(user).ID
}

func (s *Server) openDM(user string) *Channel {
	for _, c := range s.channels {
		if c.IsIM && slices.Equal(c.Members, []string{user}) {
			return c
		}
	}
	c := &Channel{ID: s.id("D"), IsIM: true, IsPrivate: true, Members: []string{user}, BotIsMember: true}
	s.channels = append(s.channels, c)
	return c
}

func (s *Server) user(id string) *User {
	for _, u := range s.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (s *Server) channel(id string) *Channel {
	for _, c := range s.channels {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// visible is the channel when the bot may know of it: a private one it is not
// in does not exist for it.
func (s *Server) visible(id string) *Channel {
	c := s.channel(id)
	if c == nil || c.IsPrivate && !c.BotIsMember {
		return nil
	}
	return c
}

func (u *User) wire(locale bool) map[string]any {
	w := map[string]any{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted,
		"is_admin": u.IsAdmin, "is_owner": u.IsOwner, "is_primary_owner": false, "is_restricted": u.IsRestricted,
		"is_ultra_restricted": u.IsUltraRestricted, "is_bot": u.IsBot, "is_stranger": u.IsStranger, "is_app_user": false,
		"profile": map[string]any{"real_name": u.RealName, "display_name": u.Name, "team": u.TeamID},
	}
	if !u.Deleted { // Slack leaves the zone of deactivated accounts out
		w["tz"] = u.TZ
		if locale {
			w["locale"] = u.Locale
		}
	}
	return w
}

func (c *Channel) wire(count bool) map[string]any {
	w := map[string]any{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.IsIM && !c.IsMpIM && !c.IsPrivate,
		"is_group": c.IsPrivate && !c.IsIM && !c.IsMpIM, "is_im": c.IsIM, "is_mpim": c.IsMpIM, "is_private": c.IsPrivate,
		"is_archived": c.IsArchived, "is_ext_shared": c.IsExtShared, "is_shared": c.IsExtShared, "is_member": c.BotIsMember,
	}
	if c.IsIM {
		w["user"] = c.Members[0]
	}
	if count {
		w["num_members"] = len(c.everybody(""))
	}
	return w
}

func (c *Channel) everybody(bot string) []string {
	if !c.BotIsMember {
		return c.Members
	}
	return append(slices.Clone(c.Members), bot)
}
