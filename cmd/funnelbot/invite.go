package main

import (
	"context"
	"fmt"
	"strings"

	"funnelbot/funnel"
)

type inviteCommand struct {
	Role string `name:"role" default:"rep" enum:"rep,manager,admin" help:"What the new colleague may do: ${enum}."`
	Name string `name:"name" placeholder:"NAME" help:"A member who is here already, such as an owner of imported deals. Unset: somebody new."`
	Lang string `name:"lang" env:"FUNNELBOT_LANG" placeholder:"LANG" help:"Language of a new workspace, en or ru. Unset: the language of this machine."`
}

// Validate implements kong.Validatable.
func (c *inviteCommand) Validate() error { return knownLanguage(c.Lang) }

// Run prints a code that lets one person in. Whoever runs the program may invite anybody.
func (c *inviteCommand) Run(ctx context.Context, s *settings, io *streams) error {
	a, err := newApp(ctx, s, io, options{quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	l := funnel.Locale(c.Lang)
	if l == "" {
		l = machineLanguage(io.getenv)
	}
	w, err := a.workspace(ctx, l, io)
	if err != nil {
		return err
	}
	in := funnel.Invite{Role: funnel.Role(c.Role)}
	if in.Member, err = a.memberCalled(ctx, w.ID, c.Name); err != nil {
		return err
	}
	act := funnel.Act{Workspace: w.ID, Event: "invite:" + newID().String(), Origin: funnel.FromChat}
	made, err := a.service.Invite(ctx, act, in)
	if err != nil {
		return a.sentence(l, err)
	}
	who := made.Name
	if who == "" {
		who = "a new " + string(made.Role)
	}
	fmt.Fprintf(io.out, "An invitation for %s to the workspace %s. It works once, until %s.\n\nCode: %s\n",
		who, w.Name, made.Expires.In(w.Location()).Format("Jan 2, 15:04 MST"), made.Code)
	if s.telegram() {
		link, err := a.startLink(ctx, made.Code)
		if err != nil {
			fmt.Fprintf(io.out, "Telegram: send the bot this message: /start %s\n", made.Code)
			fmt.Fprintf(io.err, "funnelbot: no link, because Telegram could not be asked: %v\n", err)
		} else {
			fmt.Fprintf(io.out, "Telegram: open %s and press Start.\n", link)
		}
	}
	if s.slack() {
		fmt.Fprintf(io.out, "Slack: send the bot a direct message: join %s\n", made.Code)
	}
	if !s.telegram() && !s.slack() {
		fmt.Fprintln(io.out, "No platform is connected yet: set TELEGRAM_BOT_TOKEN or SLACK_BOT_TOKEN, and run funnelbot serve.")
	}
	return nil
}

// memberCalled returns the member of that name; nobody for the empty name.
func (a *app) memberCalled(ctx context.Context, workspace funnel.ID, name string) (funnel.ID, error) {
	if name == "" {
		return funnel.ID{}, nil
	}
	members, err := a.service.Read().Members(ctx, workspace)
	if err != nil {
		return funnel.ID{}, err
	}
	var known []string
	for _, m := range members {
		if strings.EqualFold(m.Name, name) {
			return m.ID, nil
		}
		known = append(known, m.Name)
	}
	return funnel.ID{}, fmt.Errorf("there is no member %q; there is %s", name, strings.Join(known, ", "))
}
