package slack

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"funnelbot/bot"
	"funnelbot/commands"
)

// way is how something came in.
type way int

const (
	// byCommand is a slash command, byMention a message in a channel that names the bot, byMessage a
	// direct message, byPress a button or a menu, byShortcut the menu of a message, bySubmit a form
	// that was sent and byClose one that was closed.
	byCommand way = iota
	byMention
	byMessage
	byPress
	byShortcut
	bySubmit
	byClose
)

// act is one thing that somebody did, and where an answer can go.
type act struct {
	way  way
	key  string
	team string
	user string
	// userTeam is the team of the person where the payload names it.
	userTeam string
	origin   origin
	text     string
	clip     *commands.Clip
	// answers are the presses of a form that was sent, one for each of its questions.
	answers []answer
	// missing are the inputs that were left empty and must not be.
	missing []string
	// inputs are those of the page that was sent, blocks where what was given to a question stands, by
	// its name.
	inputs []string
	blocks map[string]string
	press  *bot.Press
	// trigger opens a modal.
	trigger string
	view    shown
	// loading says that the view was opened by the door while the answer was being made.
	loading bool
	// question says that the button belongs to a question of a dialog that was asked by message, turns
	// that the answer takes the place of the message.
	question, turns bool
	// from is the place of the question, where it could not be shown there.
	from string
	// message is what the button stands under, ephemeral that only its reader sees it.
	message   string
	ephemeral bool
}

// shown is a view as Slack knows it.
type shown struct{ id, hash string }

// answer is what was given to one question of a form.
type answer struct {
	// block is the input that shows what is wrong with it.
	block string
	press bot.Press
}

// origin is the place that something came from. It travels with a view, so its names are short.
type origin struct {
	Channel string `json:"c,omitempty"`
	Thread  string `json:"t,omitempty"`
	// Hook is the response_url.
	Hook string `json:"h,omitempty"`
	// Cancel is the action that ends the question of a view, or sets its dialog aside.
	Cancel string `json:"x,omitempty"`
	// Default says by question whether it may be left empty.
	Default string `json:"d,omitempty"`
	// Message is the one whose place the answer takes.
	Message string `json:"m,omitempty"`
	// Reply is the action under which a page of several questions comes back, Submit the one that the
	// button of a summary stands for.
	Reply  string `json:"r,omitempty"`
	Submit string `json:"s,omitempty"`
	// Forms is how many questions the view was laid out for.
	Forms int `json:"f,omitempty"`
}

// bare is the place of a view in which nothing is asked.
func (o origin) bare() origin {
	o.Cancel, o.Default, o.Reply, o.Submit = "", "", "", ""
	return o
}

// direct reports whether it is a chat of two, one of which may be the bot.
func (o origin) direct() bool { return strings.HasPrefix(o.Channel, "D") }

// place names the conversation. Direct messages are one, whatever thread they are in.
func (o origin) place() string {
	if o.Thread == "" || o.direct() {
		return o.Channel
	}
	return o.Channel + "/" + o.Thread
}

// command reads a slash command: /deal takes what could be typed anywhere, any other command is a
// verb itself.
func command(form url.Values) (act, bool) {
	a := act{
		way: byCommand, team: form.Get("team_id"), user: form.Get("user_id"), trigger: form.Get("trigger_id"),
		origin: origin{Channel: form.Get("channel_id"), Thread: form.Get("thread_ts"), Hook: form.Get("response_url")},
		text:   said(form.Get("text"), ""),
	}
	if a.user == "" || a.origin.Channel == "" {
		return act{}, false
	}
	switch name := tidy(strings.TrimPrefix(form.Get("command"), "/")); {
	case "/"+name != dealCommand:
		a.text = strings.TrimSpace(name + " " + a.text)
	case a.text == "":
		a.text = "help"
	}
	a.text = commands.AsCommand(a.text)
	a.key = keyOf(a.trigger)
	return a, true
}

// keyOf is the key of an act by what Slack calls it.
func keyOf(id string) string {
	if id == "" {
		return ""
	}
	return Name + ":" + id
}

// spoken reads an event in which somebody speaks to the bot.
func spoken(e envelope, self string) (act, bool) {
	ev := e.Event
	plain := slices.Contains([]string{"", "file_share", "thread_broadcast"}, ev.Subtype)
	if ev.BotID != "" || ev.User == "" || ev.User == self || ev.User == "USLACKBOT" || !plain {
		return act{}, false
	}
	a := act{
		key: keyOf(e.EventID), team: e.TeamID, user: ev.User, userTeam: cmp.Or(ev.UserTeam, ev.Team),
		origin: origin{Channel: channelOf(ev.Channel), Thread: ev.ThreadTS}, text: said(ev.Text, self), clip: clipOf(ev),
	}
	switch {
	case a.origin.Channel == "":
		return act{}, false
	case ev.Type == "app_mention":
		a.way = byMention
	case ev.Type == "message" && ev.ChannelType == "im":
		a.way = byMessage
	default:
		return act{}, false
	}
	if a.text == "" && a.clip == nil {
		a.text = "help"
	}
	return a, true
}

// acted reads what somebody did to a message, a view or a shortcut.
func acted(p interaction) (act, bool) {
	a := act{user: p.User.ID, userTeam: p.User.TeamID, trigger: p.TriggerID, view: shown{p.View.ID, p.View.Hash}}
	if p.Team != nil {
		a.team = p.Team.ID
	}
	if a.user == "" {
		return act{}, false
	}
	switch p.Type {
	case "block_actions":
		return pressed(a, p)
	case "view_submission":
		return submitted(a, p)
	case "view_closed":
		if !reopen(&a.origin, p.View) || a.origin.Cancel == "" {
			return act{}, false
		}
		a.way, a.key = byClose, keyOf(p.View.ID+".closed")
		a.press = &bot.Press{Action: a.origin.Cancel, Fields: unsent(a.origin, p.View)}
		return a, true
	case "message_action":
		return shortcut(a, p)
	}
	return act{}, false
}

// reopen reads the place from which a view of this door was opened.
func reopen(o *origin, v sentView) bool {
	ok := v.Callback == viewName && json.Unmarshal([]byte(v.Metadata), o) == nil && o.Channel != ""
	o.Forms = min(max(o.Forms, 0), maxFormQuestions)
	return ok
}

func pressed(a act, p interaction) (act, bool) {
	if len(p.Actions) == 0 {
		return act{}, false
	}
	first := p.Actions[0]
	token := first.Value
	if first.Selected != nil {
		token = first.Selected.Value
	}
	if token == "" || strings.HasPrefix(first.BlockID, inputMark) {
		return act{}, false // a menu of a form, which is read when the form is sent
	}
	a.way, a.press = byPress, &bot.Press{Action: token}
	a.key = keyOf(strings.Join([]string{first.TS, a.user, first.ActionID, p.View.ID + p.Container.MessageTS}, "."))
	if first.TS == "" {
		a.key = keyOf(p.TriggerID)
	}
	if p.View.ID != "" {
		ok := reopen(&a.origin, p.View)
		a.message, a.turns = a.origin.Message, a.origin.Message != ""
		a.press.Fields = unsent(a.origin, p.View)
		return a, ok
	}
	a.message, a.ephemeral = p.Container.MessageTS, p.Container.Ephemeral
	if a.message == "" {
		a.message = p.Message.TS
	}
	a.question = strings.HasPrefix(first.BlockID, questionMark)
	a.turns = a.question || strings.HasPrefix(first.BlockID, turnMark)
	a.origin = origin{Channel: p.Container.ChannelID, Thread: p.Container.ThreadTS, Hook: p.ResponseURL}
	if a.origin.Channel == "" {
		a.origin.Channel = p.Channel.ID
	}
	if a.origin.Thread == "" {
		a.origin.Thread = p.Message.ThreadTS
	}
	if a.question && a.origin.direct() {
		_, a.from, _ = strings.Cut(first.BlockID, placeMark)
		a.from = tidy(a.from)
	}
	if a.origin.Thread == "" && !a.ephemeral && !a.turns && !a.origin.direct() {
		a.origin.Thread = a.message // what is said about a message belongs below it
	}
	return a, a.origin.Channel != ""
}

// shortcut reads the menu entry of a message that hands the message over.
func shortcut(a act, p interaction) (act, bool) {
	if p.CallbackID != logShortcut || p.Channel.ID == "" {
		return act{}, false
	}
	a.way, a.key = byShortcut, keyOf(p.TriggerID)
	a.origin = origin{Channel: p.Channel.ID, Thread: p.Message.ThreadTS, Hook: p.ResponseURL}
	a.message = p.Message.TS
	if a.message == "" {
		a.message = p.MessageTS
	}
	a.clip = &commands.Clip{Kind: commands.ClipMessage, Text: said(p.Message.Text, ""), From: p.Message.User, At: moment(a.message)}
	if a.clip.Text == "" && len(p.Message.Files) > 0 {
		clip := fileClip(p.Message.Files)
		clip.From, clip.At, a.clip = a.clip.From, a.clip.At, &clip
	}
	return a, true
}

// moment reads a timestamp of Slack, such as 1700000000.000100; zero if it is none.
func moment(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n <= 0 || n > 1<<40 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
