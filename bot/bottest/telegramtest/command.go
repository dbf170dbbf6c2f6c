package telegramtest

import (
	"regexp"
	"strconv"
	"strings"
)

// Sizes of the menu of commands and of descriptions, in UTF-16 units:
// https://core.telegram.org/bots/api#botcommand and #setmydescription.
const (
	maxCommands           = 100
	maxCommandDescription = 256
	maxDescription        = 512
	maxShortDescription   = 120
)

// Command is one line of the menu.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// menu is where and for whom a list of commands holds.
type menu struct{ scope, language string }

type commandScope struct {
	Type   string `json:"type"`
	ChatID any    `json:"chat_id"`
	UserID int64  `json:"user_id"`
}

var (
	namePattern     = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2}$`)
)

// menuOf reads the scope and the language of a call.
func (s *Server) menuOf(c *call) (menu, *Refusal) {
	scope := commandScope{Type: "default"}
	if c.params["scope"] != "" {
		scope = commandScope{}
		if r := c.decode("scope", "BotCommandScope", &scope); r != nil {
			return menu{}, r
		}
	}
	m := menu{scope: scope.Type}
	m.language = c.params["language_code"]
	if m.language != "" && !languagePattern.MatchString(m.language) {
		return menu{}, bad("invalid language code specified")
	}
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		if scope.ChatID != nil || scope.UserID != 0 {
			return menu{}, bad("can't parse BotCommandScope: scope %q names no chat", scope.Type)
		}
		return m, nil
	case "chat", "chat_administrators", "chat_member":
	default:
		return menu{}, bad("can't parse BotCommandScope: Unsupported type specified")
	}
	id := ""
	switch v := scope.ChatID.(type) {
	case float64:
		id = strconv.FormatInt(int64(v), 10)
	case string:
		id = v
	}
	ch, r := s.chat(&call{params: map[string]string{"chat_id": id}})
	if r != nil {
		return menu{}, r
	}
	m.scope += ":" + strconv.FormatInt(ch.id, 10)
	if scope.Type == "chat_member" {
		if s.users[scope.UserID] == nil {
			return menu{}, bad("user not found")
		}
		m.scope += ":" + strconv.FormatInt(scope.UserID, 10)
	}
	return m, nil
}

func (s *Server) setMyCommands(c *call) (any, *Refusal) {
	m, r := s.menuOf(c)
	if r != nil {
		return nil, r
	}
	var commands []Command
	if c.params["commands"] == "" {
		return nil, bad(`can't parse list of bot commands: parameter "commands" is required`)
	}
	if r := c.decode("commands", "list of bot commands", &commands); r != nil {
		return nil, r
	}
	if len(commands) > maxCommands {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	for i, command := range commands {
		name := strings.TrimPrefix(command.Name, "/") // which Telegram forgives
		text := strings.TrimSpace(command.Description)
		switch {
		case !namePattern.MatchString(name):
			return nil, bad("BOT_COMMAND_INVALID")
		case text == "":
			return nil, bad("command description must be non-empty")
		case units(text) > maxCommandDescription:
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
		commands[i].Name = name
	}
	s.menus[m] = commands
	return true, nil
}

func (s *Server) getMyCommands(c *call) (any, *Refusal) {
	m, r := s.menuOf(c)
	if r != nil {
		return nil, r
	}
	if commands := s.menus[m]; commands != nil {
		return commands, nil
	}
	return []Command{}, nil
}

func (s *Server) deleteMyCommands(c *call) (any, *Refusal) {
	m, r := s.menuOf(c)
	if r != nil {
		return nil, r
	}
	delete(s.menus, m)
	return true, nil
}

// Commands are those set for a scope ("default", "all_private_chats", "chat:<id>" ...) and a
// language, empty for all others.
func (s *Server) Commands(scope, language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Command(nil), s.menus[menu{scope: scope, language: language}]...)
}

func (s *Server) setMyDescription(c *call) (any, *Refusal) {
	return s.describe(c, "description", maxDescription)
}

func (s *Server) setMyShortDescription(c *call) (any, *Refusal) {
	return s.describe(c, "short_description", maxShortDescription)
}

func (s *Server) describe(c *call, param string, limit int) (any, *Refusal) {
	language := c.params["language_code"]
	if language != "" && !languagePattern.MatchString(language) {
		return nil, bad("invalid language code specified")
	}
	if units(c.params[param]) > limit {
		return nil, bad("%s is too long", strings.ReplaceAll(param, "_", " "))
	}
	s.about[param+":"+language] = c.params[param]
	return true, nil
}

// Description is what setMyDescription set for a language, empty for all others.
func (s *Server) Description(language string) string { return s.described("description:" + language) }

// ShortDescription is what setMyShortDescription set for a language, empty for all others.
func (s *Server) ShortDescription(language string) string {
	return s.described("short_description:" + language)
}

func (s *Server) described(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.about[key]
}

func (s *Server) setChatMenuButton(c *call) (any, *Refusal) {
	if c.params["chat_id"] != "" {
		if _, r := s.open(c); r != nil {
			return nil, r
		}
	}
	if c.params["menu_button"] == "" {
		return true, nil
	}
	var b struct {
		Type   string `json:"type"`
		Text   string `json:"text"`
		WebApp object `json:"web_app"`
	}
	if r := c.decode("menu_button", "menu button", &b); r != nil {
		return nil, r
	}
	switch b.Type {
	case "commands", "default":
		return true, nil
	case "web_app":
		if b.Text != "" && b.WebApp != nil {
			return true, nil
		}
	}
	return nil, bad("can't parse menu button: Unsupported type or missing field")
}
