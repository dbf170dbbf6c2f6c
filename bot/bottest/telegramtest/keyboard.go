package telegramtest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Sizes of an inline keyboard: https://core.telegram.org/bots/api#inlinekeyboardbutton; those of
// rows and of the whole keyboard are enforced by the servers (REPLY_MARKUP_TOO_LONG).
const (
	maxData    = 64 // bytes
	maxRow     = 8
	maxButtons = 100
	maxCopy    = 256
	maxHint    = 64
)

// Button is one button of an inline keyboard.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// ReplyMarkup is what a message carries below it, and what it asks of its readers.
type ReplyMarkup struct {
	Keyboard   [][]Button // the inline keyboard
	ForceReply bool
	Hint       string // the placeholder of the field, with ForceReply
	Selective  bool
	Remove     bool // takes away the keyboard of an earlier message
}

// wireButton has every field a button may have, to tell those that are empty from those that are absent.
type wireButton struct {
	Text       *string `json:"text"`
	Icon       string  `json:"icon_custom_emoji_id"`
	Style      string  `json:"style"`
	URL        *string `json:"url"`
	Data       *string `json:"callback_data"`
	WebApp     object  `json:"web_app"`
	Login      object  `json:"login_url"`
	Switch     *string `json:"switch_inline_query"`
	SwitchHere *string `json:"switch_inline_query_current_chat"`
	SwitchChat object  `json:"switch_inline_query_chosen_chat"`
	Copy       *struct {
		Text string `json:"text"`
	} `json:"copy_text"`
	Game object `json:"callback_game"`
	Pay  bool   `json:"pay"`
}

type wireMarkup struct {
	Inline     json.RawMessage `json:"inline_keyboard"`
	Keyboard   json.RawMessage `json:"keyboard"`
	ForceReply bool            `json:"force_reply"`
	Remove     bool            `json:"remove_keyboard"`
	Selective  bool            `json:"selective"`
	Hint       string          `json:"input_field_placeholder"`
	Persistent bool            `json:"is_persistent"`
	Resize     bool            `json:"resize_keyboard"`
	OneTime    bool            `json:"one_time_keyboard"`
}

// replyMarkup reads reply_markup; onlyInline is set where a message is edited.
func (c *call) replyMarkup(onlyInline bool) (ReplyMarkup, *Refusal) {
	raw := c.params["reply_markup"]
	if raw == "" {
		return ReplyMarkup{}, nil
	}
	if !strings.HasPrefix(strings.TrimSpace(raw), "{") {
		return ReplyMarkup{}, bad("object expected as reply markup")
	}
	var m wireMarkup
	if r := c.decode("reply_markup", "reply keyboard markup JSON object", &m); r != nil {
		return ReplyMarkup{}, r
	}
	switch {
	case m.Inline != nil:
		rows, r := inlineKeyboard(m.Inline)
		return ReplyMarkup{Keyboard: rows}, r
	case onlyInline:
		return ReplyMarkup{}, bad("inline keyboard expected")
	case m.Keyboard != nil:
		return ReplyMarkup{}, bad("reply keyboards are not kept here, use an inline keyboard")
	case m.ForceReply && units(m.Hint) > maxHint:
		return ReplyMarkup{}, bad("input field placeholder is too long")
	case m.ForceReply, m.Remove:
		return ReplyMarkup{ForceReply: m.ForceReply, Hint: m.Hint, Remove: m.Remove, Selective: m.Selective}, nil
	default:
		return ReplyMarkup{}, bad("can't parse reply keyboard markup JSON object")
	}
}

func inlineKeyboard(raw json.RawMessage) ([][]Button, *Refusal) {
	var rows [][]wireButton
	c := call{params: map[string]string{"inline_keyboard": string(raw)}}
	if r := c.decode("inline_keyboard", "inline keyboard button", &rows); r != nil {
		return nil, r
	}
	if rows == nil {
		return nil, bad(`can't parse inline keyboard: field "inline_keyboard" must be of type Array`)
	}
	var keyboard [][]Button
	count := 0
	for _, row := range rows {
		if count += len(row); len(row) > maxRow || count > maxButtons {
			return nil, bad("reply markup is too long")
		}
		var buttons []Button
		for _, b := range row {
			button, r := b.button()
			if r != nil {
				return nil, r
			}
			buttons = append(buttons, button)
		}
		if len(buttons) > 0 { // Telegram leaves out empty rows
			keyboard = append(keyboard, buttons)
		}
	}
	return keyboard, nil
}

func (b wireButton) button() (Button, *Refusal) {
	const where = "can't parse inline keyboard button: "
	if b.Text == nil {
		return Button{}, bad(where + `Can't find field "text"`)
	}
	if strings.TrimSpace(clean(*b.Text)) == "" {
		return Button{}, bad("inline keyboard button text must be non-empty")
	}
	if b.Copy != nil && (b.Copy.Text == "" || units(b.Copy.Text) > maxCopy) {
		return Button{}, bad("BUTTON_COPY_TEXT_INVALID")
	}
	actions := 0
	for _, present := range []bool{
		nonEmpty(b.URL), nonEmpty(b.Data), b.WebApp != nil, b.Login != nil, b.Switch != nil,
		b.SwitchHere != nil, b.SwitchChat != nil, b.Copy != nil, b.Game != nil, b.Pay,
	} {
		if present {
			actions++
		}
	}
	switch {
	case actions == 0:
		return Button{}, bad(where + "Text buttons are unallowed in the inline keyboard")
	case actions > 1:
		return Button{}, bad(where + "exactly one action must be used")
	case b.Data != nil && len(*b.Data) > maxData:
		return Button{}, bad("BUTTON_DATA_INVALID")
	case b.Style != "" && !slices.Contains([]string{"danger", "success", "primary"}, b.Style):
		return Button{}, bad(where + "Invalid button style specified")
	}
	button := Button{Text: clean(*b.Text)}
	if b.Data != nil {
		button.Data = *b.Data
	}
	if nonEmpty(b.URL) {
		u, err := url.Parse(*b.URL)
		if err != nil || !slices.Contains([]string{"http", "https", "tg"}, u.Scheme) || u.Host == "" {
			return Button{}, bad("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", *b.URL)
		}
		button.URL = *b.URL
	}
	return button, nil
}

func nonEmpty(text *string) bool { return text != nil && *text != "" }
