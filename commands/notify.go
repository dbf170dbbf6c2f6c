package commands

import (
	"context"
	"fmt"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// notify changes how the member is told, or shows it.
func (c *call) notify(ctx context.Context, w *want) (Reply, error) {
	if w.Intent.Wishes == (funnel.Wishes{}) {
		return Settled{
			Settled: funnel.Settled{Verb: string(VerbNotify), Member: c.me}, Own: true, Offers: c.wishOffers(),
		}, nil
	}
	r, err := c.desk.service.SetWishes(ctx, c.act(w.Event), w.Intent.Wishes)
	return c.settled(r, err)
}

// wishOffers change what holds.
func (c *call) wishOffers() []Offer {
	wish := func(label, what string) Offer {
		return Offer{Label: label, Action: string(VerbNotify) + ":0:0:" + what}
	}
	plan, quiet := wish("plan_on", "plan"), wish("quiet_on", "quiet")
	if c.me.PlanAt != "" {
		plan = wish("plan_off", "plan off")
	}
	if c.me.QuietFrom != c.me.QuietTo {
		quiet = wish("quiet_off", "quiet off")
	}
	return []Offer{plan, quiet}
}

// lackingWishes names the times that were spoken of and not said.
func lackingWishes(in *Intent, missing []Arg) []Arg {
	if in.Wishes.Plan == unsaid {
		missing = append(missing, ArgPlan)
	}
	if in.Wishes.Quiet == unsaid {
		missing = append(missing, ArgQuiet)
	}
	return missing
}

// wishStep asks for a time of day, or for hours.
func wishStep(about Arg) dialog.Step {
	var options []dialog.Option
	for _, wish := range wishOptions(about) {
		o := dialog.Option{Key: wish, Value: dialog.TextOf(wish)}
		if wish != funnel.WishOff {
			o.Label = wishLabel(wish)
		}
		options = append(options, o)
	}
	return dialog.Step{
		Kind: dialog.Text, Options: dialog.Options(options...),
		Parse: func(text string) (dialog.Value, error) {
			wish, err := parseWish(about, text)
			if err != nil {
				return dialog.Value{}, err
			}
			return dialog.TextOf(wish), nil
		},
	}
}

// wishLabel shows a time, or hours, as both languages write them.
func wishLabel(wish string) string {
	from, to := quietHours(wish)
	if to == "" {
		return from
	}
	return from + "–" + to
}

// Plan returns the plan of a member's day at now, as today shows it, and for whom it is put into
// words. A member who no longer takes part is refused with [funnel.CodeInactive].
func (d *Desk) Plan(ctx context.Context, workspace, member funnel.ID, now time.Time) (Today, Reader, error) {
	names, err := d.rosters.get(ctx, d.service, workspace)
	if err != nil {
		return Today{}, Reader{}, err
	}
	c := &call{
		desk: d, ask: Ask{Workspace: workspace, Member: member, At: now}, space: names.space, names: names,
		plan: d.service.Funnel(funnel.NewBusiness),
	}
	for _, m := range names.members {
		if m.ID == member {
			c.me = m
		}
	}
	if c.me.IsZero() {
		return Today{}, Reader{}, funnel.Refuse(funnel.CodeInactive, nil)
	}
	c.lex.Zone = c.me.Location(c.space)
	plan, err := c.dayOf(ctx, member, "")
	if err != nil {
		return plan, Reader{}, fmt.Errorf("plan the day of member %s: %w", member, err)
	}
	return plan, Reader{Locale: c.me.Locale, Zone: c.lex.Zone, Now: now, Funnel: c.plan, Funnels: d.service.Funnel}, nil
}
