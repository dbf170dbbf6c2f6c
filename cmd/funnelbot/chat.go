package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"

	"funnelbot/bot"
	"funnelbot/bot/local"
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

type chatCommand struct{ person }

// Run talks at the terminal or line by line.
func (c *chatCommand) Run(ctx context.Context, s *settings, io *streams) error {
	a, err := newApp(ctx, s, io, options{quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	member, err := a.signIn(ctx, c.person, io)
	if err != nil {
		return err
	}
	folder, err := dataFolder(s, io)
	if err != nil {
		// Whoever has no home has a chat without a history.
		folder = ""
	}
	return a.talk(ctx, member, folder, io)
}

// signIn returns the member at the terminal, who joins the workspace at first use. A role or a
// language that is given holds from then on: whoever runs the program may be anybody.
func (a *app) signIn(ctx context.Context, p person, io *streams) (funnel.Member, error) {
	name := strings.TrimSpace(strings.ToValidUTF8(p.As, ""))
	if name == "" {
		name = userName(io.getenv)
	}
	if len([]rune(name)) > funnel.MaxName {
		return funnel.Member{}, fmt.Errorf("the name is longer than %d characters", funnel.MaxName)
	}
	l, role := funnel.Locale(p.Lang), funnel.Role(p.Role)
	if l == "" {
		l = machineLanguage(io.getenv)
	}
	if role == "" {
		role = funnel.Admin
	}
	w, err := a.workspace(ctx, l, io)
	if err != nil {
		return funnel.Member{}, err
	}
	who := funnel.Identity{Door: local.Name, External: strings.ToLower(name), Workspace: w.ID, ByName: true}
	m, err := a.store.SignIn(ctx, who, funnel.Member{
		Workspace: w.ID, ID: newID(), Name: name, Role: role, Locale: l, Active: true,
	})
	if err != nil {
		return m, err
	}
	if p.Role == "" {
		role = m.Role
	}
	if p.Lang == "" {
		l = m.Locale
	}
	if role == m.Role && l == m.Locale {
		return m, nil
	}
	act := funnel.Act{Workspace: w.ID, Event: "appoint:" + newID().String(), Origin: funnel.FromChat}
	r, err := a.service.Appoint(ctx, act, m.ID, role, l)
	return r.Member, a.sentence(l, err)
}

// talk holds the conversation, with the courier and the timed work running beside it.
func (a *app) talk(ctx context.Context, m funnel.Member, folder string, io *streams) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if folder != "" {
		folder = filepath.Join(folder, "chat")
	}
	place := placeOf(io)
	door := local.New(local.Config{
		Handle: a.dispatch.Handle, Workspace: m.Workspace, Member: m.ID, Locale: m.Locale, Name: m.Name,
		Place: place, Printer: func() *text.Printer { return a.texts.In(string(a.localeOf(ctx, m))) },
		In: io.in, Out: io.out, Folder: folder,
		Complete: func(ctx context.Context, line string) []string {
			return a.desk.Complete(ctx, commands.Ask{
				Workspace: m.Workspace, Member: m.ID, Door: local.Name, Text: line, At: a.now(),
			})
		},
		Now: a.now, NewKey: func() string { return local.Name + ":" + newID().String() },
		Getenv: io.getenv, Log: a.log,
	})
	defer a.leave(ctx, m, place)
	var background sync.WaitGroup
	background.Go(func() { a.deliver(ctx, m, door) })
	background.Go(func() { a.schedule(ctx) })
	err := door.Run(ctx)
	cancel()
	background.Wait()
	return err
}

// placeOf returns the conversation of the local chat.
func placeOf(io *streams) string {
	if local.IsTerminal(io.in) {
		return local.Terminal
	}
	return local.Lines
}

// leave ends a conversation of lines: a question that a script has left open must not take the
// first line of the next script for its answer. Who sits at a terminal comes back to the question.
func (a *app) leave(ctx context.Context, m funnel.Member, place string) {
	if place == local.Terminal {
		return
	}
	// The desk keeps a conversation under its door and place.
	key := funnel.SessionKey{Workspace: m.Workspace, Member: m.ID, Place: local.Name + "/" + place}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveStop)
	defer cancel()
	if err := a.sessions.Delete(ctx, key); err != nil {
		a.log.WarnContext(ctx, "conversation not ended", slog.Any("error", err))
	}
}

// localeOf is the language of a member now; people change it.
func (a *app) localeOf(ctx context.Context, m funnel.Member) funnel.Locale {
	if now, ok := a.desk.Member(ctx, m.Workspace, m.ID); ok {
		return now.Locale
	}
	return m.Locale
}

// deliver brings the messages that are owed to a member to the door at which the member sits.
func (a *app) deliver(ctx context.Context, m funnel.Member, door *local.Door) {
	bot.NewCourier(bot.CourierConfig{
		Outbox: a.store.Outbox(newID()), Lanes: funnel.Lanes{Exact: []string{funnel.LaneOfMember(m.ID)}},
		Sender:  localSender{door: door},
		Compose: a.compose, Clock: a.now, Log: a.log, Woken: a.store.Woken(),
	}).Run(ctx)
}

// localSender is the sender of the local chat.
type localSender struct{ door *local.Door }

// Send shows a message; there is no platform that could name it.
func (s localSender) Send(ctx context.Context, p bot.Parcel) (string, error) {
	err := s.door.Send(ctx, p.Doc)
	if errors.Is(err, local.ErrClosed) || err != nil && ctx.Err() != nil {
		// Nothing was shown: the person has left, and the message waits for the next conversation.
		return "", &bot.RetryError{Err: err}
	}
	return "", err
}

// Sent lets a message be shown again: twice on a screen is better than never.
func (s localSender) Sent(context.Context, bot.Parcel) (bot.Finding, error) {
	return bot.Finding{Verdict: bot.SendAgain}, nil
}
