package slack

import (
	"encoding/json"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel/dialog"
)

// viewName is the callback of the door's views.
const viewName = "funnelbot"

// asks reports whether a document holds a question.
func asks(doc message.Doc) bool {
	return slices.ContainsFunc(doc.Blocks, func(b message.Block) bool {
		_, ok := b.(message.Form)
		return ok
	})
}

// modal puts a document with questions, or with answers to be confirmed, into a view; false if it does
// not fit into one. What was sent of it before and not taken stands in it again.
func modal(p *text.Printer, doc message.Doc, from origin, sent []dialog.Field) (slackapi.ModalViewRequest, bool) {
	r := &renderer{p: p}
	from = from.bare()
	title, submit, n := "slack.title", p.Say("slack.submit", nil), 0
	for _, b := range doc.Blocks {
		var controls []message.Button
		switch b := b.(type) {
		case message.Form:
			controls = b.Controls
			if b.Name != "" {
				r.field(n, b, sent)
				from.Reply = b.Reply
				n++
				break
			}
			empty := mustBeGiven
			if b.Default != nil {
				empty = mayBeEmpty
			}
			r.question(len(from.Default), b)
			from.Default += string(empty)
		case message.Buttons:
			if i := confirming(b); i >= 0 && from.Submit == "" {
				from.Submit, submit, title = b.Buttons[i].Action, b.Buttons[i].Label, "slack.title_answers"
				b.Buttons = slices.Delete(slices.Clone(b.Buttons), i, i+1)
				controls = b.Buttons
			}
			r.block(b)
		default:
			r.block(b)
		}
		if action := leaving(controls); action != "" {
			from.Cancel = action
		}
	}
	if n > 1 {
		title = "slack.title_many"
	}
	v := view(p, r, title)
	if !r.pressed || from.Submit != "" || len(inputsOf(v)) > 0 {
		v.Submit = plainText(label(submit, maxTitle))
	}
	v.NotifyOnClose = from.Cancel != ""
	v.PrivateMetadata = from.encode()
	mixed := from.Reply != "" && from.Default != "" // two kinds of form are two views
	return v, !mixed && !r.unfit && len(r.files) == 0 && fits(v)
}

// fits reports whether Slack takes a view.
func fits(v slackapi.ModalViewRequest) bool {
	data, err := json.Marshal(v)
	n := len(v.Blocks.BlockSet)
	return err == nil && inASCII(data) <= maxView && n > 0 && n <= maxViewBlocks && len(v.PrivateMetadata) <= maxMetadata
}

// inASCII is the length of JSON with everything beyond ASCII escaped. Slack does not say how it counts
// what a view holds; it cannot count more than this.
func inASCII(data []byte) int {
	n := len(data)
	for _, c := range string(data) {
		if c >= utf8.RuneSelf {
			n += max(utf16.RuneLen(c), 1)*len(`\uffff`) - utf8.RuneLen(c)
		}
	}
	return n
}

// view is a modal of the rendered blocks.
func view(p *text.Printer, r *renderer, title string) slackapi.ModalViewRequest {
	v := slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: viewName, Title: plainText(label(p.Say(title, nil), maxTitle)),
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
	v := view(p, r, "slack.title")
	v.PrivateMetadata = from.bare().encode()
	return v
}

// closing shows what a view led to: a sentence, or where the answer stands, if said is nil or too much.
func closing(p *text.Printer, said message.Block, from origin) slackapi.ModalViewRequest {
	r := &renderer{p: p}
	if said != nil {
		r.block(said)
	}
	v := view(p, r, "slack.title")
	if !fits(v) {
		r = &renderer{p: p}
		r.section(message.Text(p.Say("slack.below", nil)))
		v = view(p, r, "slack.title")
	}
	v.PrivateMetadata = from.bare().encode()
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

// leaving is the action for a view that is closed: setting the dialog aside where that can be, else
// ending its question.
func leaving(controls []message.Button) string {
	for _, act := range []dialog.Act{dialog.ActLater, dialog.ActCancel} {
		for _, c := range controls {
			if does(c.Action, act) {
				return c.Action
			}
		}
	}
	return ""
}
