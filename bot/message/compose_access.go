package message

import (
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// invited shows a code, how it is used, and how long.
func (c *composer) invited(r commands.Invited) []Block {
	until := text.Args{"until": c.p.Moment(r.Expires)}
	if r.Kind == funnel.KindLink {
		blocks := []Block{Paragraph{c.line("invited.link_lead", nil)}, Paragraph{Line{Code("join " + r.Code)}}}
		if r.Link != "" {
			blocks = append(blocks, Paragraph{c.line("invited.open", text.Args{"link": Plain(r.Link)})})
		}
		return append(blocks, Footnote{c.line("invited.link_note", until)})
	}
	lead := c.line("invited.lead", text.Args{"role": r.Role})
	switch {
	case r.Name != "":
		lead = c.line("invited.lead_member", text.Args{"name": r.Name})
	case r.For != "":
		lead = c.line("invited.lead_for", text.Args{"name": short(r.For, maxName), "role": r.Role})
	}
	if r.Link == "" {
		return []Block{
			Paragraph{lead},
			Paragraph{c.line("invited.type", text.Args{"line": Code("join " + r.Code)})},
			Footnote{c.line("invited.note", until)},
		}
	}
	return []Block{
		Paragraph{lead},
		Paragraph{c.line("invited.open", text.Args{"link": Plain(r.Link)})},
		Paragraph{c.line("invited.type_link", text.Args{"line": Code("join " + r.Code)})},
		Footnote{c.line("invited.note", until)},
	}
}

// InvitationText is an invitation as plain lines, for whoever makes one at the command line.
func InvitationText(p *text.Printer, r commands.Reader, reply commands.Invited) string {
	var lines []string
	for _, b := range newComposer(p, r).invited(reply) {
		switch b := b.(type) {
		case Paragraph:
			lines = append(lines, b.Text.String())
		case Footnote:
			lines = append(lines, b.Text.String())
		}
	}
	return strings.Join(lines, "\n")
}

// stranger answers somebody who may not speak here.
func (c *composer) stranger(r commands.Stranger) []Block {
	return append([]Block{Paragraph{c.line("stranger."+string(r.Kind), nil)}}, c.buttons(r.Offers)...)
}

// admitted welcomes somebody.
func (c *composer) admitted(r commands.Admitted) []Block {
	name, space := short(r.Member.Name, maxName), short(r.Workspace.Name, maxName)
	lead := c.line("admitted.member", text.Args{"name": name, "workspace": space, "role": r.Member.Role})
	switch {
	case r.Already && r.Kind == funnel.KindInvite:
		lead = c.line("admitted.already", text.Args{"name": name, "workspace": space})
	case r.Kind == funnel.KindLink:
		lead = c.line("admitted.link", text.Args{"name": name, "workspace": space})
	}
	blocks := []Block{Paragraph{lead}}
	if r.Absorbed != nil && r.Deals > 0 {
		blocks = append(blocks, Paragraph{c.counted("admitted.deals", r.Deals, nil)})
	}
	return append(blocks, c.buttons(r.Offers)...)
}

// granted says what became of an application.
func (c *composer) granted(r commands.Granted) []Block {
	name := short(r.Application.Caller.Name, maxName)
	lead := c.line("granted.declined", text.Args{"name": name})
	if r.Member != nil {
		lead = c.line("granted.approved", text.Args{"name": name, "role": r.Member.Role})
	}
	if r.Already {
		return append([]Block{Paragraph{c.line("granted.already", nil)}, Paragraph{lead}}, c.buttons(r.Offers)...)
	}
	return append([]Block{Paragraph{lead}, Footnote{c.line("granted.told", nil)}}, c.buttons(r.Offers)...)
}

// connection says how a chat of several people stands.
func (c *composer) connection(r commands.Connection) []Block {
	var line Line
	switch {
	case r.Verb == commands.VerbDisconnect:
		line = c.line("connection.disconnected", nil)
	case r.Verb == commands.VerbConnect && r.Asks:
		line = c.line("connection.ask", nil)
	case r.Verb == commands.VerbConnect && r.Chat.Internal:
		line = c.line("connection.internal", nil)
	case r.Verb == commands.VerbConnect:
		line = c.line("connection.outsiders", nil)
	case r.Chat.Announces:
		line = c.line("connection.announces", nil)
	default:
		line = c.line("connection.silent", nil)
	}
	return append([]Block{Paragraph{line}}, c.buttons(r.Offers)...)
}

// circles lists whose members may speak.
func (c *composer) circles(r commands.Circles) []Block {
	var blocks []Block
	switch {
	case r.Added.External != "":
		blocks = append(blocks, Paragraph{c.line("circles.added", text.Args{"name": Bold(circleName(r.Added))})})
	case r.Removed.External != "":
		blocks = append(blocks, Paragraph{c.line("circles.removed", text.Args{"name": Bold(circleName(r.Removed))})})
	}
	if len(r.Circles) == 0 {
		return append(blocks, Paragraph{c.line("circles.none", nil)})
	}
	items := make([]Item, len(r.Circles))
	for i, circle := range r.Circles {
		items[i] = Item{Text: Line{Bold(circleName(circle))}}
		if i < len(r.Offers) {
			items[i].Buttons = c.offered(r.Offers[i : i+1])
		}
	}
	return append(blocks, Paragraph{c.line("circles.title", nil)}, List{Items: items}, Footnote{c.line("circles.others", nil)})
}

// circleName is what people call a channel or a user group.
func circleName(c funnel.Circle) string {
	switch {
	case c.Title == "":
		return c.External
	case c.Kind == "group":
		return "@" + short(c.Title, maxName)
	}
	return "#" + short(c.Title, maxName)
}

// workspaces says which workspace is meant in private, and which others there are.
func (c *composer) workspaces(r commands.Workspaces) []Block {
	if len(r.Spaces) == 0 {
		return []Block{Paragraph{c.line("stranger.invitation", nil)}}
	}
	args := text.Args{"name": Bold(short(r.Spaces[0].Name, maxName))}
	line := c.line("workspaces.now", args)
	switch {
	case r.Chosen:
		line = c.line("workspaces.chosen", args)
	case len(r.Spaces) == 1:
		line = c.line("workspaces.only", args)
	}
	return append([]Block{Paragraph{line}}, c.buttons(r.Offers)...)
}

// Meant returns the line that says which workspace a message is about, for people who belong to
// several.
func Meant(p *text.Printer, workspace string) Block {
	return Footnote{Sentence(p, "workspaces.meant", text.Args{"name": Bold(short(workspace, maxName))})}
}

// accessNotice tells of who may speak.
func (c *composer) accessNotice(n funnel.Notification) []Block {
	switch n.Kind { //nolint:exhaustive // the others are about deals
	case funnel.NoticeApplication:
		return c.application(n)
	case funnel.NoticeAdmitted:
		return append([]Block{Paragraph{c.line("notice.admitted", nil)}}, c.buttons([]commands.Offer{{Label: "help", Action: "help:0:0"}})...)
	case funnel.NoticeDeclined:
		return []Block{Paragraph{c.line("notice.declined", nil)}}
	case funnel.NoticeUnreachable:
		return c.unreachable(n)
	case funnel.NoticeDeparted:
		return c.departed(n)
	}
	return nil
}

// application says who asks to be let in. The answers are buttons.
func (c *composer) application(n funnel.Notification) []Block {
	name, door := Bold(short(n.Data["name"], maxName)), c.door(n.Data["door"])
	lead := c.line("notice.application", text.Args{"name": name, "door": door})
	if handle := n.Data["handle"]; handle != "" {
		lead = c.line("notice.application_handle", text.Args{"name": name, "handle": short(handle, maxName), "door": door})
	}
	code := n.Data["code"]
	return append([]Block{Paragraph{lead}}, c.buttons([]commands.Offer{
		{Label: "approve_rep", Action: "approve:0:0:" + code + "." + string(funnel.Rep)},
		{Label: "approve_manager", Action: "approve:0:0:" + code + "." + string(funnel.Manager)},
		{Label: "decline", Action: "decline:0:0:" + code},
	})...)
}

// unreachable says who, or which chat, cannot be told anything any more, and what to do.
func (c *composer) unreachable(n funnel.Notification) []Block {
	door := c.door(n.Data["door"])
	if chat := n.Data["chat"]; chat != "" {
		return []Block{Paragraph{c.line("notice.unreachable_chat", text.Args{"name": Bold(short(chat, maxName)), "door": door})}}
	}
	return []Block{Paragraph{c.line("notice.unreachable", text.Args{"name": Bold(short(n.Data["name"], maxName)), "door": door})}}
}

// departed says who has left, and offers what is to be done about that.
func (c *composer) departed(n funnel.Notification) []Block {
	lead := c.line("notice.departed", text.Args{"name": Bold(short(n.Data["name"], maxName)), "door": c.door(n.Data["door"])})
	return append([]Block{Paragraph{lead}}, c.buttons([]commands.Offer{
		{Label: "transfer_from", Action: "transfer:0:0:" + n.Data["member"]},
		{Label: "remove_member", Action: "remove:0:0:" + n.Data["member"]},
	})...)
}

// door is what people call the platform.
func (c *composer) door(name string) string {
	if key := "door." + name; c.p.Has(key) {
		return c.p.Say(key, nil)
	}
	return name
}
