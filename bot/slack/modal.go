package slack

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel/dialog"
)

// viewName is the callback of the door's views.
const viewName = "funnelbot"

// inputMark begins the identifiers of the inputs of a view: after it the number of the question,
// the kind of input, and the action under which the answer comes back. Slack keeps what people
// typed where the identifiers stay, so they differ from question to question.
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
	inputPick inputKind = 'o'
)

func inputID(n int, kind inputKind, menu int, reply string) string {
	return inputMark + strconv.Itoa(n) + "." + string(rune(kind)) + strconv.Itoa(menu) + "." + reply
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
	known := kind == inputText || kind == inputDate || kind == inputPick
	return n, kind, parts[2], err == nil && n >= 0 && n < maxViewBlocks && known
}

// asks reports whether a document holds a question.
func asks(doc message.Doc) bool {
	return slices.ContainsFunc(doc.Blocks, func(b message.Block) bool {
		_, ok := b.(message.Form)
		return ok
	})
}

// modal puts a document with questions into a view; false if it does not fit into one.
func modal(p *text.Printer, doc message.Doc, from origin) (slackapi.ModalViewRequest, bool) {
	r := &renderer{p: p}
	from.Cancel, from.Default = "", ""
	for _, b := range doc.Blocks {
		f, ok := b.(message.Form)
		if !ok {
			r.block(b)
			continue
		}
		r.question(len(from.Default), f)
		empty := mustBeGiven
		if f.Default != nil {
			empty = mayBeEmpty
		}
		from.Default += string(empty)
		if action := cancelOf(f); action != "" {
			from.Cancel = action
		}
	}
	v := view(p, r)
	v.Submit = plainText(label(p.Say("slack.submit", nil), maxTitle))
	v.NotifyOnClose = from.Cancel != ""
	v.PrivateMetadata = from.encode()
	return v, len(r.files) == 0 && fits(v)
}

// fits reports whether Slack takes a view.
func fits(v slackapi.ModalViewRequest) bool {
	data, err := json.Marshal(v)
	n := len(v.Blocks.BlockSet)
	return err == nil && len(data) <= maxView && n > 0 && n <= maxViewBlocks && len(v.PrivateMetadata) <= maxMetadata
}

// view is a modal of the rendered blocks.
func view(p *text.Printer, r *renderer) slackapi.ModalViewRequest {
	v := slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: viewName, Title: plainText(label(p.Say("slack.title", nil), maxTitle)),
		Close: plainText(label(p.Say("slack.close", nil), maxTitle)),
	}
	for _, b := range r.blocks {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, b.block)
	}
	return v
}

// loading is the view that stands while the question is being made.
func loading(p *text.Printer, from origin) slackapi.ModalViewRequest {
	r := &renderer{p: p}
	r.section(message.Text(p.Say("slack.working", nil)))
	from.Cancel, from.Default = "", ""
	v := view(p, r)
	v.PrivateMetadata = from.encode()
	return v
}

// closing shows what a view led to: a sentence, or where the answer stands, if said is nil or too much.
func closing(p *text.Printer, said message.Block, from origin) slackapi.ModalViewRequest {
	r := &renderer{p: p}
	if said != nil {
		r.block(said)
	}
	v := view(p, r)
	if !fits(v) {
		r = &renderer{p: p}
		r.section(message.Text(p.Say("slack.below", nil)))
		v = view(p, r)
	}
	from.Cancel, from.Default = "", ""
	v.PrivateMetadata = from.encode()
	return v
}

// encode writes the place into a view. The response_url is left out before there is no room.
func (o origin) encode() string {
	data, err := json.Marshal(o)
	if err == nil && len(data) > maxMetadata {
		o.Hook = ""
		data, err = json.Marshal(o)
	}
	if err != nil {
		return ""
	}
	return string(data)
}

// cancelOf is the action that ends the question, if there is one.
func cancelOf(f message.Form) string {
	for _, c := range f.Controls {
		if strings.HasSuffix(c.Action, string(dialog.ActCancel)) {
			return c.Action
		}
	}
	return ""
}

// question adds the inputs of one question.
func (r *renderer) question(n int, f message.Form) {
	if f.Step > 0 && f.Steps > 0 {
		r.context(message.Text(r.p.Say("slack.step", text.Args{"step": f.Step, "steps": f.Steps})))
	}
	if f.Reason != "" {
		r.section(message.Text("⚠ " + plainly(f.Reason)))
	}
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
		in.text()
	}
	if f.Kind == message.AnswerDate {
		in.date()
	}
	in.options(f.Options, len(f.Options) <= maxRadio && !typed)
	if other {
		in.label = r.p.Say("slack.or_type", nil)
		in.text()
	}
	r.buttons(f.Controls, questionMark)
}

// inputs are the inputs of one question. The first bears the question, others say what they are.
type inputs struct {
	r           *renderer
	n           int
	reply       string
	label, hint string
	// alone says that there is one input, which must be filled in.
	alone bool
	menus int
}

func (in *inputs) add(kind inputKind, e slackapi.BlockElement, menu int) {
	b := slackapi.NewInputBlock(inputID(in.n, kind, menu, in.reply), plainText(label(in.label, maxLabel)), nil, e)
	if in.hint != "" {
		b.Hint = plainText(label(in.hint, maxHint))
	}
	b.Optional = !in.alone
	in.r.add(b, in.label)
	in.hint = ""
}

func (in *inputs) text() {
	e := slackapi.NewPlainTextInputBlockElement(nil, "text")
	e.ActionID, e.MaxLength = in.r.id("text"), maxTyped
	in.add(inputText, e, 0)
	in.label = in.r.p.Say("slack.or_choose", nil)
}

func (in *inputs) date() {
	e := slackapi.NewDatePickerBlockElement(in.r.id("date"))
	in.label = in.r.p.Say("slack.or_day", nil)
	in.add(inputDate, e, 0)
	in.label = in.r.p.Say("slack.or_choose", nil)
}

func (in *inputs) options(all []message.Option, radio bool) {
	most := maxOptions
	if radio {
		most = maxRadio
	}
	for part := range parted(all, most) {
		objects, chosen, _ := optionObjects(part)
		var e slackapi.BlockElement
		if radio {
			buttons := slackapi.NewRadioButtonsBlockElement(in.r.id("pick"), objects...)
			buttons.InitialOption, e = chosen, buttons
		} else {
			menu, _ := in.r.menu(part)
			e = menu
		}
		in.add(inputPick, e, in.menus)
		in.menus++
		in.label = in.r.p.Say("slack.or_choose", nil)
	}
}
