package bot

import (
	"context"
	"log/slog"
	"slices"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// guest is somebody who may speak, and for which workspace; or, with a kind, how somebody is met who
// may not.
type guest struct {
	funnel.Belonging
	kind commands.StrangerKind
	// reason is what the meter counts under.
	reason string
	// several says that the message could be about another workspace of the person too.
	several bool
	about   funnel.ID
	welcome *commands.Admitted
}

func stranger(kind commands.StrangerKind, reason string) guest {
	return guest{kind: kind, reason: reason}
}

// request is the visit as the dispatcher takes it.
func (g *guest) request(v *Visit) Request {
	return Request{
		Door: v.Caller.Door, Workspace: g.Workspace, Member: g.Member, Place: v.Place, From: v.From, Key: v.Key, Text: v.Text,
		Press: v.Press, Clip: v.Clip, Venue: v.Venue, About: g.about, Caller: v.Caller, Forms: v.Forms,
		Locale: v.Caller.Locale, At: v.At,
	}
}

// meet finds out who visits, and puts the connected chat into the visit's venue.
func (r *Reception) meet(ctx context.Context, v *Visit, verb commands.Key) (guest, error) {
	installed, err := r.installed(ctx, v.Caller)
	if err != nil {
		return guest{}, err
	}
	if v.Caller.Team != "" && installed.IsZero() {
		return stranger(commands.StrangerRefused, "outsider"), nil
	}
	spaces, err := r.spaces(ctx, v.Caller, installed)
	if err != nil {
		return guest{}, err
	}
	var welcome *commands.Admitted
	if len(spaces) == 0 {
		met, err := r.nobody(ctx, v, installed)
		if err != nil || met.kind != "" {
			return met, err
		}
		spaces, welcome = []funnel.Belonging{met.Belonging}, met.welcome
	}
	g, err := r.placed(ctx, v, verb, spaces)
	if err != nil || g.kind != "" {
		return g, err
	}
	g.welcome = welcome
	if welcome != nil {
		return g, nil
	}
	return r.still(ctx, v, &g)
}

// placed finds the workspace that is meant where the visit takes place. Somebody who does not belong
// to the one that a chat is connected to finds it not connected.
func (r *Reception) placed(ctx context.Context, v *Visit, verb commands.Key, spaces []funnel.Belonging) (guest, error) {
	g := guest{Belonging: spaces[0]}
	if v.Venue.Private || v.Venue.External == "" {
		g.several = len(spaces) > 1
		return g, r.recall(ctx, v, spaces, &g)
	}
	chat, err := r.chat(ctx, funnel.ChatRef{Door: v.Caller.Door, External: v.Venue.External})
	if err != nil {
		return guest{}, err
	}
	at := -1
	if chat != nil {
		at = slices.IndexFunc(spaces, func(b funnel.Belonging) bool { return b.Workspace == chat.Workspace })
	}
	switch {
	case at >= 0:
		v.Venue.Chat, g.Belonging = chat, spaces[at]
	case r.connectFirst[v.Caller.Door] && verb != commands.VerbConnect:
		return stranger(commands.StrangerPlace, "place"), nil
	}
	return g, r.recall(ctx, v, []funnel.Belonging{g.Belonging}, &g)
}

// recall finds the deal that the visit answers to. The message that it answers to also says which of
// several workspaces is meant.
func (r *Reception) recall(ctx context.Context, v *Visit, spaces []funnel.Belonging, g *guest) error {
	if v.Root == "" {
		return nil
	}
	at := anchor{door: v.Caller.Door, chat: v.Venue.External, message: v.Root}
	if v.Venue.Private {
		// Messages to one person are sent to the person, whatever the platform calls the chat.
		at.chat = v.Caller.External
	}
	for _, b := range spaces {
		at.workspace = b.Workspace
		deal, known := r.anchors.get(at)
		if !known {
			began := r.clock()
			var err error
			if deal, err = r.service.Access().Anchored(ctx, at.door, at.chat, at.message, b.Workspace); err != nil {
				return err
			}
			if !deal.IsZero() {
				r.anchors.put(at, deal, began)
			}
		}
		if !deal.IsZero() {
			g.Belonging, g.about = b, deal
			return nil
		}
	}
	return nil
}

// byCircle reports whether somebody may speak only while they are in a circle.
func byCircle(admittedBy string) bool {
	switch admittedBy {
	case funnel.AdmittedLocal, funnel.AdmittedInstaller, funnel.AdmittedInvitation, funnel.AdmittedLink, funnel.AdmittedApproval:
		return false
	}
	return true
}

// installed returns the workspace of the caller's team, or the zero ID.
func (r *Reception) installed(ctx context.Context, who funnel.Caller) (funnel.ID, error) {
	if who.Team == "" {
		return funnel.ID{}, nil
	}
	key := identity{who.Door, who.Team}
	if id, ok := r.teams.get(key); ok {
		return id, nil
	}
	began := r.clock()
	id, err := r.service.Access().Installed(ctx, who.Door, who.Team)
	if err == nil && !id.IsZero() {
		r.teams.put(key, id, began)
	}
	return id, err
}

// spaces returns the workspaces in which the caller may speak; where the caller's team has one, that
// one alone. That somebody has none is not remembered: they may be let in any moment.
func (r *Reception) spaces(ctx context.Context, who funnel.Caller, installed funnel.ID) ([]funnel.Belonging, error) {
	key := identity{who.Door, who.External}
	abreast := r.abreast(ctx)
	all, ok := r.belongings.get(key)
	if !abreast || !ok {
		began := r.clock()
		var err error
		if all, err = r.service.Access().Belongings(ctx, who.Door, who.External); err != nil {
			return nil, err
		}
		if len(all) > 0 {
			r.belongings.put(key, all, began)
		}
	}
	if who.Team == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(b funnel.Belonging) bool { return b.Workspace == installed })
	if i < 0 {
		return nil, nil
	}
	return all[i : i+1 : i+1], nil
}

func (r *Reception) chat(ctx context.Context, ref funnel.ChatRef) (*funnel.Chat, error) {
	abreast := r.abreast(ctx)
	if chat, ok := r.chats.get(ref); ok && abreast {
		return chat, nil
	}
	began := r.clock()
	chat, err := r.service.Access().Chat(ctx, ref.Door, ref.External)
	if err == nil {
		r.chats.put(ref, chat, began)
	}
	return chat, err
}

// note takes note that the person is there: once in a while, and at once where nothing could be
// delivered to them, in every workspace.
func (r *Reception) note(ctx context.Context, v *Visit, g *guest) {
	all, _ := r.belongings.get(identity{v.Caller.Door, v.Caller.External})
	r.noteAt(ctx, v, g.Belonging)
	for _, b := range all {
		if b.Gone && b.Workspace != g.Workspace {
			r.noteAt(ctx, v, b)
		}
	}
}

func (r *Reception) noteAt(ctx context.Context, v *Visit, b funnel.Belonging) {
	who := funnel.Identity{Door: v.Caller.Door, External: v.Caller.External, Workspace: b.Workspace}
	_, lately := r.seen.get(who)
	// Whoever speaks in a group may still have blocked the private chat with the bot. Platforms that
	// vouch for people have no such chat that has to be opened first.
	reached := v.Venue.Private || r.voucher(who.Door) != nil
	if b.Gone && !reached || !b.Gone && lately {
		return
	}
	began := r.clock()
	if err := r.service.Access().Seen(ctx, who); err != nil {
		r.log.WarnContext(ctx, "visitor not noted as seen", slog.String("door", who.Door), slog.Any("error", err))
		return
	}
	r.seen.put(who, struct{}{}, began)
	if b.Gone {
		r.belongings.forget(identity{who.Door, who.External})
	}
}

// changed forgets what the visit may have changed.
func (r *Reception) changed(v *Visit, verb commands.Key) {
	switch verb { //nolint:exhaustive // the others change nothing that is remembered here
	case commands.VerbWorkspace:
		r.belongings.forget(identity{v.Caller.Door, v.Caller.External})
	case commands.VerbRemove, commands.VerbUndo:
		r.belongings.clear()
	case commands.VerbConnect, commands.VerbDisconnect, commands.VerbAnnounce:
		r.chats.forget(funnel.ChatRef{Door: v.Caller.Door, External: v.Venue.External})
	case commands.VerbAccess:
		r.belongings.clear()
		r.vouched.clear()
	}
}
