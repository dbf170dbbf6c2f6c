package commands

import (
	"context"

	"funnelbot/funnel"
)

// planMonths is how many months the plan is shown for, and planBefore how many of them are over.
const (
	planMonths = 4
	planBefore = 1
)

// quota says what the team is to win in a month, or shows it beside what was won and what is expected.
func (c *call) quota(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent
	month := in.Month
	if month.IsZero() {
		month = c.thisMonth()
	}
	switch {
	case !in.Amount.IsZero(), in.Switch == SwitchOff:
		r, err := c.desk.service.SetQuota(ctx, c.act(w.Event), month, in.Amount)
		if err != nil {
			return nil, err
		}
		return c.planned(r), nil
	case in.Switch == SwitchOn:
		// Nobody is asked for an amount who may not set it.
		return nil, funnel.Refuse(funnel.CodeForbidden, funnel.Args{"role": funnel.Manager})
	}
	first, months := month.AddMonths(-planBefore), planMonths
	if !in.Month.IsZero() {
		first, months = month, 1
	}
	plan, err := c.desk.service.PlanReport(ctx, c.ask.Workspace, funnel.ReportQuery{}, first, months)
	if err != nil {
		return nil, err
	}
	c.asksOfWon(month)
	return Plans{Report: plan, Offers: c.quotaOffers(&plan)}, nil
}

// asksOfWon makes "why" mean the deals that were won in a month, up to today where it is not over.
func (c *call) asksOfWon(month funnel.Date) {
	last, today := month.AddMonths(1).AddDays(-1), funnel.DateOf(c.ask.At.In(c.space.Location()))
	if today.Before(month) {
		return
	}
	if today.Before(last) {
		last = today
	}
	c.talks.Report = &Report{Name: reportFunnel, Days: last.Day, AsOf: last, Part: funnel.BehindWins}
}

// thisMonth is the month by the calendar of the workspace, which the plan is counted by.
func (c *call) thisMonth() funnel.Date {
	return funnel.DateOf(c.ask.At.In(c.space.Location())).FirstOfMonth()
}

// planned makes the reply to a plan that was set.
func (c *call) planned(r funnel.QuotaSet) Reply {
	reply := PlanSet{QuotaSet: r}
	if !r.Same() {
		reply.Offers = []Offer{{Label: "undo", Action: "undo:0:0"}}
	}
	reply.Offers = append(reply.Offers, Offer{Label: "plan", Action: string(VerbQuota) + ":0:0"})
	return reply
}

// quotaOffers let managers plan months that are not over, and lead everybody to the plan of the day,
// which may have been meant.
func (c *call) quotaOffers(r *funnel.PlanReport) []Offer {
	var offers []Offer
	if c.me.Role.Allows(funnel.Manager) {
		for i := range r.Months {
			if m := &r.Months[i]; !m.Month.Before(c.thisMonth()) && len(offers) < 2 {
				offers = append(offers, Offer{Label: "set_plan", Action: string(VerbQuota) + ":0:0:" + monthKey(m.Month), On: m.Month})
			}
		}
	}
	return append(offers, Offer{Label: "today", Action: string(VerbToday) + ":0:0"})
}

// monthKey writes a month as buttons carry it, 2026-12.
func monthKey(d funnel.Date) string { return d.String()[:len("2006-01")] }

// fillQuota takes the month that a button carries: it asks for the amount.
func fillQuota(in *Intent, arg string) {
	if d, err := funnel.ParseDate(arg + "-01"); err == nil {
		in.Month, in.Switch = d, SwitchOn
	}
}

// lackingQuota asks those who may set it for the amount that was announced by a button.
func (c *call) lackingQuota(in *Intent, missing []Arg) []Arg {
	if in.Switch == SwitchOn && in.Amount.IsZero() && c.me.Role.Allows(funnel.Manager) {
		return append(missing, ArgAmount)
	}
	return missing
}
