package telegram

import (
	"encoding/json"
	"errors"
	"fmt"

	tgmodels "github.com/go-telegram/bot/models"
)

// errNoUpdate says that bytes are no update at all.
var errNoUpdate = errors.New("not an update")

// head is what every update has.
type head struct {
	ID            *int64     `json:"update_id"`
	Message       *headed    `json:"message"`
	MyChatMember  *headed    `json:"my_chat_member"`
	CallbackQuery *headQuery `json:"callback_query"`
}

type headed struct {
	Chat struct {
		ID int64 `json:"id"`
	} `json:"chat"`
}

type headQuery struct {
	Message *headed `json:"message"`
}

// idOf returns the number of an update, 0 if there is none.
func idOf(raw []byte) int64 {
	var h struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &h) != nil {
		return 0
	}
	return h.ID
}

// chatOf returns the chat of an update, 0 if it has none.
func chatOf(raw []byte) int64 {
	var h head
	if json.Unmarshal(raw, &h) != nil {
		return 0
	}
	for _, at := range []*headed{h.Message, h.MyChatMember} {
		if at != nil {
			return at.Chat.ID
		}
	}
	if h.CallbackQuery != nil && h.CallbackQuery.Message != nil {
		return h.CallbackQuery.Message.Chat.ID
	}
	return 0
}

// decode reads an update. What the library cannot read, because it holds a kind of something that is
// newer than the library, is read without what the door does not need.
func decode(raw []byte) (*tgmodels.Update, error) {
	var u tgmodels.Update
	err := json.Unmarshal(raw, &u)
	if err == nil && u.ID != 0 {
		return &u, nil
	}
	var h struct {
		ID *int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &h); err != nil || h.ID == nil {
		return nil, errNoUpdate
	}
	if err == nil {
		return &u, nil
	}
	slim, ok := lean(raw)
	u = tgmodels.Update{}
	if !ok || json.Unmarshal(slim, &u) != nil {
		return nil, fmt.Errorf("decode update %d: %w", *h.ID, err)
	}
	return &u, nil
}

// needed are the fields without which neither a message nor a press means anything; all of them are
// of plain types.
func needed() map[string]bool {
	all := map[string]bool{}
	for _, name := range []string{
		"message_id", "message_thread_id", "is_topic_message", "date", "from", "chat", "sender_chat", "via_bot", "text", "caption",
		"migrate_to_chat_id", "migrate_from_chat_id", "media_group_id",
	} {
		all[name] = true
	}
	return all
}

// lean returns an update with nothing but what is needed.
func lean(raw []byte) ([]byte, bool) {
	var u map[string]json.RawMessage
	if json.Unmarshal(raw, &u) != nil {
		return nil, false
	}
	slim := map[string]json.RawMessage{"update_id": u["update_id"]}
	if m, ok := leanMessage(u["message"]); ok {
		slim["message"] = m
	}
	var query map[string]json.RawMessage
	if json.Unmarshal(u["callback_query"], &query) == nil && query != nil {
		if m, ok := leanMessage(query["message"]); ok {
			query["message"] = m
		} else {
			delete(query, "message")
		}
		slim["callback_query"], _ = json.Marshal(query)
	}
	out, err := json.Marshal(slim)
	return out, err == nil && len(slim) > 1
}

func leanMessage(raw json.RawMessage) (json.RawMessage, bool) {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil || m == nil {
		return nil, false
	}
	keep := needed()
	for name := range m {
		if !keep[name] {
			delete(m, name)
		}
	}
	out, err := json.Marshal(m)
	return out, err == nil
}
