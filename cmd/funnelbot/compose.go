package main

import (
	"context"
	"encoding/json"
	"fmt"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// compose puts an owed message into the words of whom it is for, as things are now. Answers have
// their words already.
func (a *app) compose(ctx context.Context, owed *funnel.Owed) (message.Doc, error) {
	if owed.Notice.Kind == funnel.AnswerKind {
		return composeAnswer(owed)
	}
	if owed.Notice.Kind == funnel.NoticePlan {
		return a.composePlan(ctx, owed)
	}
	if owed.Notice.Kind == funnel.NoticeDigest {
		return a.composeDigest(ctx, owed)
	}
	var deals []*funnel.DealView
	for _, id := range owed.Notice.About() {
		d, err := a.service.Read().Outline(ctx, owed.Workspace, id)
		if err != nil {
			return message.Doc{}, err
		}
		deals = append(deals, d)
	}
	r, err := a.reader(ctx, owed)
	if err != nil {
		return message.Doc{}, err
	}
	return message.ComposeNotice(a.texts.In(string(r.Locale)), r, owed.Notice, deals...), nil
}

func composeAnswer(owed *funnel.Owed) (message.Doc, error) {
	var doc message.Doc
	if len(owed.Answer) == 0 {
		return doc, nil
	}
	if err := json.Unmarshal(owed.Answer, &doc); err != nil {
		return doc, fmt.Errorf("read a stored answer: %w", err)
	}
	return doc, nil
}

// composePlan is the morning plan as it is when it is delivered.
func (a *app) composePlan(ctx context.Context, owed *funnel.Owed) (message.Doc, error) {
	plan, r, err := a.desk.Plan(ctx, owed.Workspace, owed.Notice.To, a.now())
	if funnel.CodeOf(err) == funnel.CodeInactive {
		return message.Doc{}, nil
	}
	if err != nil {
		return message.Doc{}, err
	}
	return message.ComposePlan(a.texts.In(string(r.Locale)), r, owed.Notice, plan), nil
}

// reader is who reads a notice: a member, or everybody in a chat, who may be outsiders.
func (a *app) reader(ctx context.Context, owed *funnel.Owed) (commands.Reader, error) {
	w, err := a.desk.Workspace(ctx, owed.Workspace)
	if err != nil {
		return commands.Reader{}, err
	}
	r := commands.Reader{Locale: owed.Locale, Zone: w.Location(), Now: a.now(), Funnel: a.funnel, Funnels: a.funnelOf}
	if owed.Notice.Team {
		door, chat, _ := funnel.ParseLane(owed.Lane)
		c, err := a.service.Access().Chat(ctx, door, chat)
		if err != nil {
			return r, err
		}
		r.Outsiders = c == nil || !c.Internal
		return r, nil
	}
	if m, ok := a.desk.Member(ctx, owed.Workspace, owed.Notice.To); ok {
		r.Locale, r.Zone = m.Locale, m.Location(w)
	}
	return r, nil
}
