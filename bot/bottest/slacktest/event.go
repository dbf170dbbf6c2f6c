package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Mention is the user naming the bot in a channel, in the thread if one is
// given: the message appears and an app_mention event is sent. The text is as
// Slack passes it on; the mention itself is put in front.
func (s *Server) Mention(user, channel, thread, text string, opts ...Option) Reply {
	s.tb.Helper()
	return s.says(user, channel, &Message{ThreadTS: thread, Text: "<@" + s.BotUserID + "> " + text}, opts)
}

// DirectMessage is the user writing to the bot alone, thread may be empty.
func (s *Server) DirectMessage(user, thread, text string, opts ...Option) Reply {
	s.tb.Helper()
	return s.says(user, s.DM(user), &Message{ThreadTS: thread, Text: text}, opts)
}

// ForwardMessage is the user sharing a message into the bot's direct messages
// (channel empty) or, with a mention of the bot, into a channel.
func (s *Server) ForwardMessage(user, channel string, forwarded Message, comment string, opts ...Option) Reply {
	s.tb.Helper()
	s.mu.Lock()
	attachment := map[string]any{
		"is_share": true, "is_msg_unfurl": true, "channel_id": forwarded.Channel, "ts": forwarded.TS, "author_id": forwarded.User,
		"text": forwarded.Text, "fallback": forwarded.Text, "from_url": s.permalinkOf(&forwarded), "mrkdwn_in": []any{"text"},
	}
	if forwarded.Blocks != nil {
		attachment["message_blocks"] = []any{map[string]any{
			"team": s.TeamID, "channel": forwarded.Channel, "ts": forwarded.TS, "message": map[string]any{"blocks": forwarded.Blocks},
		}}
	}
	s.mu.Unlock()
	m := &Message{Text: comment, Attachments: []map[string]any{attachment}}
	if channel == "" {
		channel = s.DM(user)
	} else {
		m.Text = "<@" + s.BotUserID + "> " + comment
	}
	return s.says(user, channel, m, opts)
}

// ShareFile is the user uploading a file to the bot's direct messages (channel
// empty) or, with a mention of the bot, to a channel.
func (s *Server) ShareFile(user, channel, name string, content []byte, text string, opts ...Option) Reply {
	s.tb.Helper()
	f := s.keepFile(user, name, content)
	m := &Message{Text: text, Files: []string{f}}
	if channel == "" {
		channel = s.DM(user)
	} else {
		m.Text = "<@" + s.BotUserID + "> " + text
	}
	return s.says(user, channel, m, opts)
}

// Says puts a person's message into a conversation without telling the bot, as
// most of what people say there is.
func (s *Server) Says(user, channel, thread, text string) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &Message{Channel: channel, TS: s.nextTS(), ThreadTS: thread, User: user, Text: text, Notifies: notifies(text, nil, false)}
	s.messages = append(s.messages, m)
	return copied(m)
}

func (s *Server) says(user, channel string, m *Message, opts []Option) Reply {
	s.tb.Helper()
	s.mu.Lock()
	u, c := s.user(user), s.channel(channel)
	if u == nil || c == nil || !c.BotIsMember {
		s.mu.Unlock()
		return s.impossible("no user %s, or the bot is not in channel %s", user, channel)
	}
	m.Channel, m.TS, m.User = channel, s.nextTS(), user
	m.Notifies = notifies(m.Text, nil, false)
	s.messages = append(s.messages, m)
	event := s.wire(m, false)
	event["team"] = u.TeamID
	event["client_msg_id"] = s.id("00000000-0000-4000-8000-0000")
	event["channel"], event["event_ts"] = channel, m.TS
	delete(event, "reply_count")
	if c.IsIM {
		event["channel_type"] = "im"
		if len(m.Files) > 0 {
			event["subtype"] = "file_share"
		}
	} else {
		event["type"] = "app_mention"
	}
	s.mu.Unlock()
	return s.Event(event, opts...)
}

// MemberLeft is the user leaving the channel; the bot itself when user is
// BotUserID, as after it was removed.
func (s *Server) MemberLeft(user, channel string, opts ...Option) Reply {
	s.mu.Lock()
	if c := s.channel(channel); c != nil {
		c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return m == user })
		c.BotIsMember = c.BotIsMember && user != s.BotUserID
	}
	s.mu.Unlock()
	return s.Event(map[string]any{"type": "member_left_channel", "user": user, "channel": channel, "channel_type": "C", "team": s.TeamID}, opts...)
}

// MemberJoined is the user, or the bot, coming into the channel.
func (s *Server) MemberJoined(user, channel string, opts ...Option) Reply {
	s.mu.Lock()
	if c := s.channel(channel); c != nil {
		if user == s.BotUserID {
			c.BotIsMember = true
		} else if !slices.Contains(c.Members, user) {
			c.Members = append(c.Members, user)
		}
	}
	s.mu.Unlock()
	return s.Event(map[string]any{"type": "member_joined_channel", "user": user, "channel": channel, "channel_type": "C", "team": s.TeamID}, opts...)
}

// ChannelArchived is the user archiving the channel.
func (s *Server) ChannelArchived(user, channel string, opts ...Option) Reply {
	s.mu.Lock()
	if c := s.channel(channel); c != nil {
		c.IsArchived = true
	}
	s.mu.Unlock()
	return s.Event(map[string]any{"type": "channel_archive", "channel": channel, "user": user}, opts...)
}

// HomeOpened is the user looking at the app's home tab.
func (s *Server) HomeOpened(user string, opts ...Option) Reply {
	return s.Event(map[string]any{"type": "app_home_opened", "user": user, "channel": s.DM(user), "tab": "home"}, opts...)
}

// Uninstalled takes the app out of the workspace: the token is dead at once.
func (s *Server) Uninstalled(opts ...Option) Reply {
	s.mu.Lock()
	s.installed = false
	s.mu.Unlock()
	return s.Event(map[string]any{"type": "app_uninstalled"}, opts...)
}

// Verification is the check of a new events URL; the bot answers with the
// challenge.
func (s *Server) Verification(challenge string, opts ...Option) Reply {
	body, _ := json.Marshal(map[string]any{"token": "legacy", "challenge": challenge, "type": "url_verification"}) //nolint:errchkjson // texts
	return s.overHTTP(Request{Kind: "event", Path: s.EventPath, ContentType: "application/json", Body: string(body)}, s.choose(opts))
}

// Event sends any inner event in its envelope, with an event_id of its own.
func (s *Server) Event(event map[string]any, opts ...Option) Reply {
	o := s.choose(opts)
	s.mu.Lock()
	inner := maps.Clone(event)
	if inner["event_ts"] == nil {
		inner["event_ts"] = s.nextTS()
	}
	shared := false
	if c := s.channel(fmt.Sprint(inner["channel"])); c != nil {
		shared = c.IsExtShared
	}
	payload := map[string]any{
		"token": "legacy", "team_id": o.team, "api_app_id": s.AppID, "event": inner, "type": "event_callback",
		"event_id": s.id("Ev"), "event_time": s.Now().Unix(), "is_ext_shared_channel": shared,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": o.team, "user_id": s.BotUserID, "is_bot": true, "is_enterprise_install": false,
		}},
		"event_context": s.id("4-"),
	}
	s.mu.Unlock()
	raw, _ := json.Marshal(payload) //nolint:errchkjson // made of texts, numbers and booleans
	return s.send(Request{Kind: "event", Path: s.EventPath, ContentType: "application/json", Body: string(raw), payload: payload}, o)
}
