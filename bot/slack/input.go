package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

// inputMark begins the identifiers of the inputs of a view: after it the number of the question, the
// kind of input with its number, and the action under which the answer comes back, on a page of
// several questions the name of the question. Slack keeps what people typed where the identifiers
// stay, so they differ from question to question.
const inputMark = "in."

// mayBeEmpty marks a question that an empty answer accepts the default of, mustBeGiven any other.
const (
	mayBeEmpty  = 'y'
	mustBeGiven = 'n'
)

// inputKind is what an input takes.
type inputKind byte

const (
	inputText inputKind = 't'
	inputDate inputKind = 'd'
	// inputPick is one of the options, inputMany any number of them.
	inputPick inputKind = 'o'
	inputMany inputKind = 'm'
)

func inputID(n int, kind inputKind, menu, reply string) string {
	return inputMark + strconv.Itoa(n) + "." + string(rune(kind)) + menu + "." + reply
}

// readInput takes an identifier apart. It came back through Slack, so it may be anything.
func readInput(id string) (n int, kind inputKind, reply string, ok bool) {
	rest, ours := strings.CutPrefix(id, inputMark)
	parts := strings.SplitN(rest, ".", 3)
	if !ours || len(parts) != 3 || parts[1] == "" {
		return 0, 0, "", false
	}
	n, err := strconv.Atoi(parts[0])
	kind = inputKind(parts[1][0])
	known := kind == inputText || kind == inputDate || kind == inputPick || kind == inputMany
	return n, kind, parts[2], err == nil && n >= 0 && n < maxViewBlocks && known
}

// question adds the inputs of the only question of a view, with the ways beside answering.
func (r *renderer) question(n int, f message.Form) {
	if f.Step > 0 && f.Steps > 0 {
		r.context(message.Text(r.p.Say("slack.step", text.Args{"step": f.Step, "steps": f.Steps})))
	}
	if f.Kind == message.AnswerSeveral && len(f.Options) > 0 {
		// Every press of it is an answer, as in a message.
		f.Step, r.pressed = 0, true
		r.form(f)
		return
	}
	r.reason(f)
	hint := oneLine(f.Hint)
	if f.Default != nil {
		if hint != "" && !strings.HasSuffix(hint, ".") {
			hint += "."
		}
		hint = strings.TrimSpace(hint + " " + r.p.Say("slack.default_hint", text.Args{"value": oneLine(f.Default.Label)}))
	}
	in := &inputs{r: r, n: n, reply: f.Reply, label: oneLine(f.Question.String()), hint: hint}
	typed := f.Kind.Typed() || len(f.Options) == 0
	other := !typed && (f.Hint != "" || f.Kind == message.AnswerPerson) // something that is not among the options
	in.alone = f.Default == nil && (typed && len(f.Options) == 0 && f.Kind != message.AnswerDate || !typed && !other)
	if typed {
		in.text("", false)
	}
	if f.Kind == message.AnswerDate {
		in.date("")
	}
	in.options(f.Options, len(f.Options) <= maxRadio && !typed)
	if other {
		in.label = r.p.Say("slack.or_type", nil)
		in.text("", false)
	}
	r.buttons(f.Controls, questionMark)
}

func (r *renderer) reason(f message.Form) {
	if f.Reason != "" {
		r.section(message.Text("⚠ " + plainly(f.Reason)))
	}
}

// inputs are the inputs of one question. The first bears the question, others say what they are.
type inputs struct {
	r           *renderer
	n           int
	reply       string
	label, hint string
	// alone says that there is one input, which must be filled in.
	alone bool
	// stable inputs are told apart by what they ask, so that what was typed stays in them when the
	// view is shown anew.
	stable bool
	menus  int
}

// id is the identifier of the next element.
func (in *inputs) id(mark string, kind inputKind, menu string) string {
	if in.stable {
		return inputID(in.n, kind, menu, in.reply)
	}
	return in.r.id(mark)
}

func (in *inputs) add(kind inputKind, e slackapi.BlockElement, menu string) {
	b := slackapi.NewInputBlock(inputID(in.n, kind, menu, in.reply), plainText(label(in.label, maxLabel)), nil, e)
	if in.hint != "" {
		b.Hint = plainText(label(in.hint, maxHint))
	}
	b.Optional = !in.alone
	in.r.add(b, in.label)
	in.hint = ""
}

// text is an input for words, with what stands in it at first.
func (in *inputs) text(initial string, lines bool) {
	const first = "0"
	e := slackapi.NewPlainTextInputBlockElement(nil, in.id("text", inputText, first))
	e.MaxLength, e.InitialValue, e.Multiline = maxTyped, initial, lines
	in.r.unfit = in.r.unfit || units(initial) > maxTyped
	in.add(inputText, e, first)
	in.label = in.r.p.Say("slack.or_choose", nil)
}

func (in *inputs) date(initial string) {
	const first = "0"
	e := slackapi.NewDatePickerBlockElement(in.id("date", inputDate, first))
	e.InitialDate = initial
	in.label = in.r.p.Say("slack.or_day", nil)
	in.add(inputDate, e, first)
	in.label = in.r.p.Say("slack.or_choose", nil)
}

// options are inputs to choose one in.
func (in *inputs) options(all []message.Option, radio bool) {
	most := maxOptions
	if radio {
		most = maxRadio
	}
	for part := range in.parted(all, most) {
		objects, chosen, _ := optionObjects(part)
		menu := in.menu(part)
		var e slackapi.BlockElement
		if radio {
			buttons := slackapi.NewRadioButtonsBlockElement(in.id("pick", inputPick, menu), objects...)
			buttons.InitialOption, e = chosen, buttons
		} else {
			list, _ := in.r.menu(part)
			if in.stable {
				list.ActionID = in.id("pick", inputPick, menu)
			}
			e = list
		}
		in.add(inputPick, e, menu)
		in.label = in.r.p.Say("slack.or_choose", nil)
	}
}

// several are inputs to choose any number in.
func (in *inputs) several(all []message.Option) {
	boxes := len(all) <= maxRadio
	for part := range in.parted(all, maxOptions) {
		objects := make([]*slackapi.OptionBlockObject, 0, len(part))
		var picked []*slackapi.OptionBlockObject
		for _, o := range part {
			object := optionObject(o)
			objects = append(objects, object)
			if o.Chosen {
				picked = append(picked, object)
			}
		}
		menu := in.menu(part)
		id := in.id("pick", inputMany, menu)
		var e slackapi.BlockElement
		if boxes {
			group := slackapi.NewCheckboxGroupsBlockElement(id, objects...)
			group.InitialOptions, e = picked, group
		} else {
			placeholder := plainText(label(in.r.p.Say("slack.choose", nil), maxPlaceholder))
			list := slackapi.NewOptionsMultiSelectBlockElement(slackapi.MultiOptTypeStatic, placeholder, id, objects...)
			list.InitialOptions, e = picked, list
		}
		in.add(inputMany, e, menu)
		in.label = in.r.p.Say("slack.or_choose", nil)
	}
}

// parted yields the options that each input takes. On a page only their number counts; a question of
// its own may be asked by message too, whose menus it shares.
func (in *inputs) parted(all []message.Option, most int) func(yield func([]message.Option) bool) {
	if in.stable {
		return parted(all, most, maxView)
	}
	return parted(all, most, maxMenu)
}

// menu numbers an input with options. Where other options stand in it, it is another input: what was
// chosen of the old ones is not kept for them.
func (in *inputs) menu(part []message.Option) string {
	name := strconv.Itoa(in.menus)
	in.menus++
	if !in.stable {
		return name
	}
	hash := sha256.New()
	for _, o := range part {
		_, _ = hash.Write([]byte(o.Action + "\x00"))
	}
	return name + "-" + hex.EncodeToString(hash.Sum(nil)[:4])
}
