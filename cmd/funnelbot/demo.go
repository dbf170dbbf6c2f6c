package main

import (
	"context"

	"funnelbot/bot/local"
	"funnelbot/funnel/sample"
)

type demoCommand struct{ person }

// Run talks over a sample company in a database that is gone afterwards.
func (c *demoCommand) Run(ctx context.Context, s *settings, io *streams) error {
	own := *s
	own.DatabaseURL, own.RedisURL, own.Workspace = "", "", "demo"
	a, err := newApp(ctx, &own, io, options{ephemeral: true, quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	member, err := a.signIn(ctx, c.person, io)
	if err != nil {
		return err
	}
	w, err := a.service.Read().Workspace(ctx, member.Workspace)
	if err != nil {
		return err
	}
	err = sample.Play(ctx, sample.Config{
		Language: member.Locale, Now: a.now(), Store: a.store, Funnel: a.funnelOf,
		NewID: newID, Workspace: w, Me: member, Place: local.Name + "/" + placeOf(io),
	})
	if err != nil {
		return err
	}
	return a.talk(ctx, member, "", io)
}
