package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/commands"
)

// Marks begin the identifiers of blocks whose message the answer takes the place of: those of a
// question of a dialog, and those of the summary at its end and of the pages of a list.
const (
	questionMark = "ask."
	turnMark     = "turn."
)

// placeMark stands in front of the place of a question in the identifier of a block.
const placeMark = "@"

// markOf is the mark of buttons by what they lead to. What leads back to a question from something
// else leaves that where it is.
func markOf(all []message.Button) string {
	for _, b := range all {
		verb, _, _ := strings.Cut(b.Action, ":")
		dialog := strings.HasPrefix(b.Action, "~") && !strings.HasSuffix(b.Action, "~resume")
		if dialog || commands.Key(verb) == commands.VerbList {
			return turnMark
		}
	}
	return ""
}

// fewOptions is how many options are shown as buttons; more of them are a menu.
const fewOptions = 5

// buttons puts buttons side by side. The mark begins the identifier of their block.
func (r *renderer) buttons(all []message.Button, mark string) {
	for len(all) > 0 {
		n := min(len(all), maxElements)
		elements := make([]slackapi.BlockElement, n)
		words := make([]string, n)
		for i, b := range all[:n] {
			elements[i], words[i] = r.button(b), label(b.Label, maxButton)
		}
		r.add(slackapi.NewActionBlock(r.actionID(mark+"b"), elements...), strings.Join(words, " · "))
		all = all[n:]
	}
}

func (r *renderer) button(b message.Button) *slackapi.ButtonBlockElement {
	e := slackapi.NewButtonBlockElement(r.id("press"), b.Action, plainText(label(b.Label, maxButton)))
	switch b.Look {
	case message.Ordinary:
	case message.Primary:
		e.Style = slackapi.StylePrimary
	case message.Danger:
		e.Style = slackapi.StyleDanger
	}
	return e
}

// options are buttons where they are few and say all in their label, else a menu.
func (r *renderer) options(all []message.Option, mark string) {
	few := len(all) <= fewOptions
	for _, o := range all {
		few = few && o.Note == "" && units(oneLine(o.Label)) <= maxButton-2
	}
	if few {
		buttons := make([]message.Button, len(all))
		for i, o := range all {
			buttons[i] = message.Button{Label: o.Label, Action: o.Action}
			if o.Chosen {
				buttons[i].Label = "✓ " + o.Label
			}
		}
		r.buttons(buttons, mark)
		return
	}
	for part := range parted(all, maxOptions, maxMenu) {
		menu, words := r.menu(part)
		r.add(slackapi.NewActionBlock(r.actionID(mark+"m"), menu), words)
	}
}

// parted yields options by the number and the length that one menu takes, each action once.
func parted(all []message.Option, most, longest int) func(yield func([]message.Option) bool) {
	seen := map[string]bool{}
	var once []message.Option
	for _, o := range all {
		if !seen[o.Action] {
			seen[o.Action] = true
			once = append(once, o)
		}
	}
	return func(yield func([]message.Option) bool) {
		for len(once) > 0 {
			n, length := 0, 0
			for n < len(once) && n < most && (n == 0 || length < longest) {
				length += units(label(once[n].Label, maxOption)) + units(label(once[n].Note, maxOption))
				n++
			}
			if !yield(once[:n]) {
				return
			}
			once = once[n:]
		}
	}
}

// menu is a list to select from.
func (r *renderer) menu(all []message.Option) (*slackapi.SelectBlockElement, string) {
	objects, chosen, words := optionObjects(all)
	placeholder := label(r.p.Say("slack.choose", nil), maxPlaceholder)
	e := slackapi.NewOptionsSelectBlockElement(slackapi.OptTypeStatic, plainText(placeholder), r.id("pick"), objects...)
	e.InitialOption = chosen
	return e, placeholder + " " + words
}

// optionObjects are options as Slack knows them, and the one that holds now.
func optionObjects(all []message.Option) (objects []*slackapi.OptionBlockObject, chosen *slackapi.OptionBlockObject, words string) {
	var said []string
	for _, o := range all {
		object := optionObject(o)
		said = append(said, object.Text.Text)
		if object.Description != nil {
			said = append(said, object.Description.Text)
		}
		if o.Chosen && chosen == nil {
			chosen = object
			said = append(said, object.Text.Text, label(o.Note, maxOption)) // it is counted again
		}
		objects = append(objects, object)
	}
	return objects, chosen, strings.Join(said, " · ")
}

func optionObject(o message.Option) *slackapi.OptionBlockObject {
	object := slackapi.NewOptionBlockObject(o.Action, plainText(label(o.Label, maxOption)), nil)
	if oneLine(o.Note) != "" {
		object.Description = plainText(label(o.Note, maxOption))
	}
	return object
}

// toggles are options of which any number can be picked, one press each: buttons where they are few,
// else a menu. Those that are picked have a check mark.
func (r *renderer) toggles(all []message.Option) {
	few := len(all) <= maxToggles
	picks := sha256.New()
	marked := make([]message.Option, len(all))
	for i, o := range all {
		few = few && o.Note == "" && units(oneLine(o.Label)) <= maxButton-2
		if o.Chosen {
			_, _ = picks.Write([]byte(o.Action + "\x00"))
			o.Label, o.Chosen = "✓ "+o.Label, false
		}
		marked[i] = o
	}
	if few {
		buttons := make([]message.Button, len(marked))
		for i, o := range marked {
			buttons[i] = message.Button{Label: o.Label, Action: o.Action}
		}
		r.buttons(buttons, questionMark)
		return
	}
	// A menu shows what was chosen in it last, and is silent when that is chosen again, until it is
	// another menu.
	mark := questionMark + hex.EncodeToString(picks.Sum(nil)[:4]) + ".m"
	for part := range parted(marked, maxOptions, maxMenu) {
		menu, words := r.menu(part)
		r.add(slackapi.NewActionBlock(r.actionID(mark), menu), words)
	}
}

// form asks a question by message: the answer comes as typed words or as a press.
func (r *renderer) form(f message.Form) {
	r.reason(f)
	if f.Step > 0 && f.Steps > 0 {
		r.context(message.Text(r.p.Say("slack.step", text.Args{"step": f.Step, "steps": f.Steps})))
	}
	r.section(strongLine(clean(f.Question)))
	if f.Hint != "" {
		r.context(message.Text(f.Hint))
	}
	switch {
	case f.Kind == message.AnswerSeveral:
		r.toggles(f.Options)
	case len(f.Options) > 0:
		r.options(f.Options, questionMark)
	}
	controls := f.Controls
	if f.Default != nil {
		keep := message.Button{
			Label: r.p.Say("slack.default", text.Args{"value": oneLine(f.Default.Label)}), Action: f.Default.Action, Look: message.Primary,
		}
		controls = append([]message.Button{keep}, controls...)
	}
	r.buttons(controls, questionMark)
	if r.among && (f.Kind.Typed() || f.Hint != "") {
		r.context(message.Text(r.p.Say("slack.mention_me", nil)))
	}
}
