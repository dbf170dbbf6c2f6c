package telegram

import (
	"slices"
	"strconv"
	"strings"

	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel/dialog"
)

// A dialog is told by the token in the actions of its buttons: ~token~act or ~token~act~key, see
// [commands.QuestionAction]. The token is the name of the dialog, a dot, and what counts on with every
// question, see [dialog.State.Token].
const (
	dialogMark = "~"
	countMark  = "."
	// resumeAct leads back to the question from what came in between, pickAct chooses an option.
	resumeAct = "resume"
	pickAct   = string(dialog.ActPick)
)

// dialogOf takes the data of a button under a question apart: the name of the dialog, and the act.
func dialogOf(data string) (name, act string) {
	if _, action, ok := turned(data); ok {
		data = action
	}
	token, act, _ := actionParts(data)
	name, _, _ = strings.Cut(token, countMark)
	return name, act
}

// actionParts takes the action of a button under a question apart; all are empty for any other.
func actionParts(action string) (token, act, key string) {
	rest, ok := strings.CutPrefix(action, dialogMark)
	if !ok {
		return "", "", ""
	}
	token, act, _ = strings.Cut(rest, dialogMark)
	act, key, _ = strings.Cut(act, dialogMark)
	return token, act, key
}

// dialogIn returns the dialog that a document goes on with, and the one that it merely leads back to.
func dialogIn(d message.Doc) (asked, waiting string) {
	for _, action := range actions(d) {
		switch name, act := dialogOf(action); {
		case name == "":
		case act == resumeAct:
			waiting = name
		default:
			asked = name
		}
	}
	return asked, waiting
}

// actions are those of everything that can be pressed in a document.
func actions(d message.Doc) []string {
	var all []string
	add := func(buttons []message.Button) {
		for _, b := range buttons {
			all = append(all, b.Action)
		}
	}
	choose := func(options []message.Option) {
		for _, o := range options {
			all = append(all, o.Action)
		}
	}
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case message.List:
			for _, item := range b.Items {
				add(item.Buttons)
			}
		case message.Buttons:
			add(b.Buttons)
		case message.Choices:
			choose(b.Options)
		case message.Form:
			all = append(all, b.Reply)
			choose(b.Options)
			if b.Default != nil {
				choose([]message.Option{*b.Default})
			}
			add(b.Controls)
		}
	}
	return all
}

// question is a message that asks.
type question struct {
	message int
	// dialog is the name of its dialog; empty where the message does not tell.
	dialog string
	// pressable says that there are buttons under it.
	pressable bool
	// rest is what the message says without its buttons; nil if that is the same.
	rest *rest
}

// questionIn returns the question that a message of the bot asks, as far as it can be seen.
func questionIn(m *tgmodels.Message) question {
	q := question{message: m.ID}
	for _, action := range keysUnder(m) {
		q.pressable = true
		if name, act := dialogOf(action); act != resumeAct && name != "" {
			q.dialog = name
		}
	}
	return q
}

func keysUnder(m *tgmodels.Message) []string {
	var all []string
	if m.ReplyMarkup == nil {
		return nil
	}
	for _, line := range m.ReplyMarkup.InlineKeyboard {
		for _, b := range line {
			all = append(all, b.CallbackData)
		}
	}
	return all
}

// askedIn returns whom a message of a group asks: the person whom it mentions first, at its very
// beginning. The message itself keeps that, so it outlives the program. 0: everybody.
func askedIn(m *tgmodels.Message) int64 {
	for _, e := range m.Entities {
		if e.Offset != 0 {
			continue
		}
		switch {
		case e.Type == tgmodels.MessageEntityTypeTextMention && e.User != nil:
			return e.User.ID
		case e.Type == tgmodels.MessageEntityTypeTextLink:
			if id, ok := strings.CutPrefix(e.URL, mentionURL); ok {
				n, _ := strconv.ParseInt(strings.TrimRight(id, "/"), 10, 64)
				return n
			}
		}
	}
	return 0
}

// mentionURL names a person in the text of a message (https://core.telegram.org/bots/api#html-style).
const mentionURL = "tg://user?id="

// Ends of a message in which something was pressed.
type ending int

const (
	// stays as it is: its buttons are good for more.
	stays ending = iota
	// spent buttons go, the words stay.
	spent
	// replaced by the answer.
	replaced
)

// endingOf says what becomes of the message in which a button was pressed. A question becomes the
// next one of its dialog and a page of a list the other page. The buttons of a question that is over,
// and of a card whose deal has changed, would only be answered with a refusal.
func endingOf(pressed string, doc message.Doc) ending {
	name, act := dialogOf(pressed)
	asked, waiting := dialogIn(doc)
	_, _, turns := turned(pressed)
	switch {
	case name == "" && verbOf(pressed) == commands.VerbList:
		return replaced
	case name == "" && doc.Shared && versioned(pressed):
		return spent
	case turns && name == asked:
		return replaced
	case name == "" || act == resumeAct && !turns || name == waiting:
		return stays
	case name == asked:
		return replaced
	}
	return spent
}

func verbOf(action string) commands.Key {
	verb, _, _ := strings.Cut(action, ":")
	return commands.Key(verb)
}

// versioned reports whether a button is good for one state of its deal: verb:number:version.
func versioned(action string) bool {
	parts := strings.SplitN(action, ":", 4)
	return len(parts) >= 3 && parts[2] != "0" && !slices.Contains([]commands.Key{commands.VerbShow}, commands.Key(parts[0]))
}
