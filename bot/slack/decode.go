package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
)

// These are the parts of Slack's payloads that the door reads. Whatever else is in them, and
// whatever has another type than expected there, is passed over.

// ref names a person, team or channel.
type ref struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	TeamID   string `json:"team_id"`
}

// envelope is what an event comes in (https://docs.slack.dev/apis/events-api).
type envelope struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	TeamID    string `json:"team_id"`
	EventID   string `json:"event_id"`
	Event     event  `json:"event"`
	// Authorizations name the teams that the event is for. In shared channels TeamID may be that of
	// the other company, whoever speaks.
	Authorizations []struct {
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
}

// concerns reports whether an event is for the team.
func (e envelope) concerns(team string) bool {
	if e.TeamID == team {
		return true
	}
	for _, a := range e.Authorizations {
		if a.TeamID == team {
			return true
		}
	}
	return false
}

type event struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	User     string `json:"user"`
	UserTeam string `json:"user_team"`
	Team     string `json:"team"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	// Channel is an identifier, or an object in events about channels.
	Channel     json.RawMessage `json:"channel"`
	ChannelType string          `json:"channel_type"`
	Files       []sentFile      `json:"files"`
	Attachments []attachment    `json:"attachments"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

type sentFile struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	MIME      string `json:"mimetype"`
	Subtype   string `json:"subtype"`
	Permalink string `json:"permalink"`
}

// attachment is a message that was forwarded, among other things.
type attachment struct {
	Shared     bool            `json:"is_share"`
	Message    bool            `json:"is_msg_unfurl"`
	FromURL    string          `json:"from_url"`
	AuthorName string          `json:"author_name"`
	Text       string          `json:"text"`
	Fallback   string          `json:"fallback"`
	TS         json.RawMessage `json:"ts"`
	Files      []sentFile      `json:"files"`
}

// interaction is what somebody did to a message, view or shortcut
// (https://docs.slack.dev/reference/interaction-payloads).
type interaction struct {
	Type        string `json:"type"`
	Team        *ref   `json:"team"`
	User        ref    `json:"user"`
	Channel     ref    `json:"channel"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	MessageTS   string `json:"message_ts"`
	Container   struct {
		Type      string `json:"type"`
		MessageTS string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
		ChannelID string `json:"channel_id"`
		ViewID    string `json:"view_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message sentMessage `json:"message"`
	View    sentView    `json:"view"`
	Actions []action    `json:"actions"`
}

// sentMessage is the one that a button stood under or a shortcut was used on.
type sentMessage struct {
	User     string     `json:"user"`
	Username string     `json:"username"`
	BotID    string     `json:"bot_id"`
	Text     string     `json:"text"`
	TS       string     `json:"ts"`
	ThreadTS string     `json:"thread_ts"`
	Files    []sentFile `json:"files"`
}

// sentView is a view with what stands in its inputs.
type sentView struct {
	ID       string `json:"id"`
	Hash     string `json:"hash"`
	Callback string `json:"callback_id"`
	Metadata string `json:"private_metadata"`
	// Blocks are as the door made them, in their order.
	Blocks []sentBlock `json:"blocks"`
	State  struct {
		Values map[string]map[string]field `json:"values"`
	} `json:"state"`
}

// sentBlock is a block of a view, with what stood in its input at first.
type sentBlock struct {
	ID      string `json:"block_id"`
	Element struct {
		Value   string   `json:"initial_value"`
		Date    string   `json:"initial_date"`
		Option  *chosen  `json:"initial_option"`
		Several []chosen `json:"initial_options"`
	} `json:"element"`
}

// field is what an input of a view holds.
type field struct {
	Type     string   `json:"type"`
	Value    string   `json:"value"`
	Date     string   `json:"selected_date"`
	Selected *chosen  `json:"selected_option"`
	Several  []chosen `json:"selected_options"`
}

type chosen struct {
	Value string `json:"value"`
}

type action struct {
	ActionID string  `json:"action_id"`
	BlockID  string  `json:"block_id"`
	Type     string  `json:"type"`
	Value    string  `json:"value"`
	TS       string  `json:"action_ts"`
	Selected *chosen `json:"selected_option"`
}

// decode reads JSON as far as it is what is expected. Only what is no JSON at all is an error.
func decode(data []byte, into any) error {
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(data, into); err != nil && !errors.As(err, &wrong) {
		return fmt.Errorf("decode a payload of %d bytes: %w", len(data), err)
	}
	return nil
}

// formOf reads a form. It is an error of its own, so that nothing of the body is named.
func formOf(body []byte) (url.Values, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("decode a form of %d bytes", len(body))
	}
	return form, nil
}

// channelOf reads the channel of an event, whichever form it has.
func channelOf(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object ref
	if json.Unmarshal(raw, &object) == nil {
		return object.ID
	}
	return ""
}

// bodyOf reads a request once, up to the limit.
func bodyOf(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read a request: %w", err)
	}
	return body, nil
}
