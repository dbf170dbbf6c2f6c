package telegramtest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Kinds of chats, as Telegram names them.
const (
	private    = "private"
	group      = "group"
	supergroup = "supergroup"
	channel    = "channel"
)

// Group is a chat of several people, or a channel.
type Group struct {
	ID          int64 // negative; from -1000000000001 downwards for supergroups and channels
	Title       string
	Username    string // of a public group, without @
	Type        string // group, supergroup (the default) or channel
	IsForum     bool
	Topics      map[int]string // message_thread_id to name, only in forums; 1 is the general topic
	Members     []int64
	Admins      []int64
	BotIsMember bool
	BotIsAdmin  bool
	// Privacy keeps from the bot what is not meant for it, as is the default of a bot. An
	// administrator sees everything.
	Privacy bool
}

// chat is a private chat or a group with its messages.
type chat struct {
	id       int64
	kind     string
	user     *User // of a private chat
	group    Group
	kicked   bool
	movedTo  int64
	messages map[int]*Message
	lastID   int
}

// AddGroup makes a group known.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addGroup(g)
}

func (s *Server) addGroup(g Group) *chat {
	if g.Type == "" {
		g.Type = supergroup
	}
	g.Topics = maps.Clone(g.Topics)
	if g.Topics == nil {
		g.Topics = map[int]string{}
	}
	g.Members = slices.Clone(g.Members)
	for _, id := range g.Admins {
		if !slices.Contains(g.Members, id) {
			g.Members = append(g.Members, id)
		}
	}
	ch := &chat{id: g.ID, kind: g.Type, group: g, messages: map[int]*Message{}}
	for id := range g.Topics {
		ch.lastID = max(ch.lastID, id)
	}
	s.chats[g.ID] = ch
	return ch
}

func (ch *chat) wire() object {
	if ch.kind == private {
		o := ch.user.wire()
		delete(o, "is_bot")
		delete(o, "language_code")
		o["type"] = private
		return o
	}
	o := object{"id": ch.id, "type": ch.kind, "title": ch.group.Title}
	if ch.group.Username != "" {
		o["username"] = ch.group.Username
	}
	if ch.group.IsForum {
		o["is_forum"] = true
	}
	return o
}

func (ch *chat) next() int {
	ch.lastID++
	return ch.lastID
}

func (ch *chat) member(id int64) bool { return slices.Contains(ch.group.Members, id) }

// chat finds the chat a call is about, wherever the bot may not write to it included.
func (s *Server) chat(c *call) (*chat, *Refusal) {
	name := c.params["chat_id"]
	if name == "" {
		return nil, bad("chat_id is empty")
	}
	if username, ok := strings.CutPrefix(name, "@"); ok {
		for _, ch := range s.chats {
			if ch.kind != private && username != "" && strings.EqualFold(ch.group.Username, username) {
				return ch, nil
			}
		}
		return nil, bad("chat not found")
	}
	id, _ := strconv.ParseInt(name, 10, 64)
	if ch := s.chats[id]; ch != nil {
		return ch, nil
	}
	return nil, bad("chat not found")
}

// open finds the chat a call writes to, or says why the bot may not.
func (s *Server) open(c *call) (*chat, *Refusal) {
	ch, r := s.chat(c)
	if r != nil {
		return nil, r
	}
	switch {
	case ch.kind == private && ch.user.IsBot:
		return nil, &Refusal{Code: http.StatusForbidden, Description: "Forbidden: bot can't send messages to bots"}
	case ch.kind == private && ch.user.Blocked:
		return nil, forbidden("bot was blocked by the user")
	case ch.kind == private && !ch.user.Started:
		return nil, forbidden("bot can't initiate conversation with a user")
	case ch.movedTo != 0:
		r := bad("group chat was upgraded to a supergroup chat").world()
		r.MigrateTo = ch.movedTo
		return nil, r
	case ch.kicked:
		return nil, forbidden("bot was kicked from the " + ch.kind + " chat")
	case ch.kind != private && !ch.group.BotIsMember:
		return nil, forbidden("bot is not a member of the " + ch.kind + " chat")
	case ch.kind == channel && !ch.group.BotIsAdmin:
		return nil, bad("need administrator rights in the channel chat")
	}
	return ch, nil
}

// thread checks message_thread_id: only the topics of a forum are threads the bot may name, and the
// general topic is reached by naming none.
func (ch *chat) thread(c *call) (int, *Refusal) {
	id := int(c.int("message_thread_id"))
	if id == 0 {
		return 0, nil
	}
	if _, ok := ch.group.Topics[id]; !ok || id == 1 || !ch.group.IsForum {
		return 0, bad("message thread not found")
	}
	return id, nil
}
