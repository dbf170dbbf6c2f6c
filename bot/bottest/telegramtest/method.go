package telegramtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// spec is one method: what it takes and what it does. A handler in run works under the lock, one in
// waits takes the lock itself.
type spec struct {
	name  string
	takes map[string]string // parameter to its type: id, int, bool, text, json or file
	run   func(*Server, *call) (any, *Refusal)
	waits func(*Server, *call) (any, *Refusal)
}

const (
	chatMessage = "chat_id:id message_id:int"
	addressed   = "chat_id:id message_thread_id:int "
	sendOptions = addressed + "business_connection_id:text direct_messages_topic_id:int parse_mode:text " +
		"disable_notification:bool protect_content:bool allow_paid_broadcast:bool message_effect_id:text " +
		"reply_parameters:json reply_markup:json "
	captioned = sendOptions + "caption:text caption_entities:json "
	oneToEdit = "business_connection_id:text chat_id:id message_id:int inline_message_id:text reply_markup:json "
)

// methods are all methods the double knows, by their name in lower case, as Telegram finds them.
func methods() map[string]spec {
	all := map[string]spec{}
	add := func(name, takes string, run func(*Server, *call) (any, *Refusal)) {
		sp := spec{name: name, takes: map[string]string{}, run: run}
		for field := range strings.FieldsSeq(takes) {
			param, kind, _ := strings.Cut(field, ":")
			sp.takes[param] = kind
		}
		all[strings.ToLower(name)] = sp
	}
	add("getMe", "", (*Server).getMe)
	add("setWebhook", "url:text certificate:file ip_address:text max_connections:int allowed_updates:json "+
		"drop_pending_updates:bool secret_token:text", (*Server).setWebhook)
	add("deleteWebhook", "drop_pending_updates:bool", (*Server).deleteWebhook)
	add("getWebhookInfo", "", (*Server).getWebhookInfo)
	add("sendMessage", sendOptions+"text:text entities:json link_preview_options:json", (*Server).sendMessage)
	add("sendPhoto", captioned+"photo:file show_caption_above_media:bool has_spoiler:bool", (*Server).sendPhoto)
	add("sendDocument", captioned+"document:file thumbnail:file disable_content_type_detection:bool",
		(*Server).sendDocument)
	add("editMessageText", oneToEdit+"text:text parse_mode:text entities:json link_preview_options:json",
		(*Server).editMessageText)
	add("editMessageReplyMarkup", oneToEdit, (*Server).editMessageReplyMarkup)
	add("deleteMessage", chatMessage, (*Server).deleteMessage)
	add("answerCallbackQuery", "callback_query_id:text text:text show_alert:bool url:text cache_time:int",
		(*Server).answerCallbackQuery)
	add("setMyCommands", "commands:json scope:json language_code:text", (*Server).setMyCommands)
	add("getMyCommands", "scope:json language_code:text", (*Server).getMyCommands)
	add("deleteMyCommands", "scope:json language_code:text", (*Server).deleteMyCommands)
	add("setMyDescription", "description:text language_code:text", (*Server).setMyDescription)
	add("setMyShortDescription", "short_description:text language_code:text", (*Server).setMyShortDescription)
	add("setChatMenuButton", "chat_id:id menu_button:json", (*Server).setChatMenuButton)
	add("getChat", "chat_id:id", (*Server).getChat)
	add("getChatMember", "chat_id:id user_id:int", (*Server).getChatMember)
	add("leaveChat", "chat_id:id", (*Server).leaveChat)
	add("getFile", "file_id:text", (*Server).getFile)
	add("sendChatAction", addressed+"business_connection_id:text action:text", (*Server).sendChatAction)
	add("getUpdates", "offset:int limit:int timeout:int allowed_updates:json", nil)
	polled := all["getupdates"]
	polled.waits = (*Server).getUpdates
	all["getupdates"] = polled
	return all
}

// check refuses parameters that the method does not know or that are not of their type.
func (sp spec) check(c *call) *Refusal {
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		if sp.takes[name] != "file" {
			return bad("unexpected file %q, %s takes %s", name, sp.name, quoted(slices.Sorted(maps.Keys(sp.takes))))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.params)) {
		value, kind := c.params[name], sp.takes[name]
		if kind == "" {
			return bad("unknown parameter %q, %s takes %s", name, sp.name, quoted(slices.Sorted(maps.Keys(sp.takes))))
		}
		if value != "" && !fits(kind, value) {
			return bad("parameter %q is not of type %s", name, kind)
		}
	}
	return nil
}

func fits(kind, value string) bool {
	switch kind {
	case "int":
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case "bool":
		return slices.Contains([]string{"true", "false", "True", "False", "1", "0"}, value)
	case "json":
		return json.Valid([]byte(value))
	case "id":
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil || strings.HasPrefix(value, "@")
	default:
		return true
	}
}

func (c *call) int(name string) int64 {
	n, _ := strconv.ParseInt(c.params[name], 10, 64) // checked by the spec; absent is zero
	return n
}

func (c *call) bool(name string) bool {
	return strings.EqualFold(c.params[name], "true") || c.params[name] == "1"
}

func (s *Server) getMe(*call) (any, *Refusal) {
	me := s.users[s.BotID].wire()
	me["can_join_groups"], me["can_read_all_group_messages"] = true, false
	me["supports_inline_queries"], me["can_connect_to_business"], me["has_main_web_app"] = false, false, false
	return me, nil
}
