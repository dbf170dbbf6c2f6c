package commands

import (
	"context"
	"slices"

	"funnelbot/funnel"
)

// Names of reports.
const (
	reportFunnel        = "funnel"
	reportOwners        = "owners"
	reportActivity      = "activity"
	reportQualification = "qualification"
	reportBottleneck    = "bottleneck"
	reportStuck         = "stuck"
	reportForecast      = "forecast"
	reportTrend         = "trend"
)

// report shows one of the reports, the figures behind it, or the deals behind a number.
func (c *call) report(ctx context.Context, w *want) (Reply, error) {
	in := w.Intent.Report
	if in.Name == "" {
		// "why" alone asks about what was shown last.
		last := Report{Name: reportBottleneck}
		if c.talks.Report != nil {
			last = *c.talks.Report
		}
		in.Name, in.Days, in.AsOf = last.Name, last.Days, last.AsOf
		if last.Part != "" && in.Of == "" {
			in.Why, in.Part = false, last.Part
		}
	}
	if last := (Report{Name: in.Name, Days: in.Days, AsOf: in.AsOf}); c.talks.Report == nil || *c.talks.Report != last {
		c.talks.Report = &last
	}
	// Without a day the report is as of now: the clock of a platform may be behind a change that was
	// just made.
	q := funnel.ReportQuery{Window: in.Days}
	if !in.AsOf.IsZero() {
		q.AsOf = in.AsOf.End(c.space.Location())
	}
	if in.Name == reportActivity && in.Why && in.Of == funnel.OfStage {
		in.Why, in.Part = false, funnel.BehindDone
	}
	if in.Part != "" {
		return c.behind(ctx, in, q)
	}
	service, space := c.desk.service, c.ask.Workspace
	switch in.Name {
	case reportOwners:
		r, err := service.OwnersReport(ctx, space, q)
		return c.owners(in, r), err
	case reportActivity:
		r, err := service.ActivityReport(ctx, space, q)
		return c.activities(in, r), err
	case reportQualification:
		r, err := service.QualificationReport(ctx, space, q)
		return c.qualifications(in, r), err
	case reportTrend:
		r, err := service.TrendReport(ctx, space, q)
		return Trend{Report: r}, err
	case reportBottleneck:
		q.Widen = q.Window == 0
		r, err := service.BottleneckReport(ctx, space, q)
		return c.bottleneck(in, r), err
	case reportStuck:
		q.Widen = q.Window == 0
		r, err := service.StuckReport(ctx, space, q)
		if err != nil {
			return nil, err
		}
		return c.stuck(ctx, in, r)
	case reportForecast:
		q.Widen = q.Window == 0
		r, err := service.ForecastReport(ctx, space, q)
		return c.forecast(in, r), err
	}
	r, err := service.FunnelReport(ctx, space, q)
	return c.funnelReport(in, r), err
}

// funnelReport offers to look behind the funnel.
func (c *call) funnelReport(in Report, r funnel.FunnelReport) FunnelReport {
	reply := FunnelReport{Report: r, Why: in.Why, Stage: in.Stage}
	if !in.Why {
		reply.Offers = []Offer{whyOffer(in, "")}
		return reply
	}
	if in.Stage == "" {
		for i := range r.Stages {
			if s := &r.Stages[i]; s.Entered+s.Open > 0 {
				reply.Offers = append(reply.Offers, stageOffer(in, s.Key))
			}
		}
		reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindOpen, r.Open)...)
		reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindWins, r.Won)...)
		reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindLosses, r.Lost)...)
		return reply
	}
	for i := range r.Stages {
		if s := &r.Stages[i]; s.Key == in.Stage {
			reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindEntered, s.Entered)...)
			reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindAdvanced, s.Exits.Advance)...)
			reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindBack, s.Exits.Back)...)
			reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindLost, s.Exits.Lost)...)
			reply.Offers = append(reply.Offers, partOffer(in, funnel.BehindOpen, s.Open)...)
		}
	}
	return reply
}

// maxOwners is how many owners the deals are offered of.
const maxOwners = 10

// owners offers to look behind the results of each owner.
func (c *call) owners(in Report, r funnel.OwnersReport) Owners {
	reply := Owners{Report: r}
	if !in.Why {
		if len(r.Owners) > 0 {
			reply.Offers = []Offer{whyOffer(in, "")}
		}
		return reply
	}
	for i := range r.Owners[:min(len(r.Owners), maxOwners)] {
		o, of := &r.Owners[i], in
		of.Of, of.Owner = funnel.OfOwner, o.Owner
		offers := partOffer(of, funnel.BehindOpen, o.Open)
		offers = append(offers, partOffer(of, funnel.BehindWins, o.Won)...)
		offers = append(offers, partOffer(of, funnel.BehindLosses, o.Lost)...)
		reply.Behind = append(reply.Behind, OwnerBehind{Name: o.Name, Offers: offers})
	}
	return reply
}

// bottleneck offers the figures behind the weakest link and the deals that stand in it. Who makes a
// stage weak is told to managers alone.
func (c *call) bottleneck(in Report, r funnel.BottleneckReport) Bottleneck {
	reply := Bottleneck{Report: r, Why: in.Why, Stage: in.Stage}
	if !c.ask.Venue.Private && c.ask.Venue.External != "" || !c.me.Role.Allows(funnel.Manager) {
		reply.Withheld = true
		reply.Report.Ranking = withheld(r.Ranking, c.plan)
	}
	if in.Days == 0 {
		in.Days = r.WindowDays
	}
	if !in.Why {
		if len(r.Ranking) > 0 {
			reply.Offers = []Offer{whyOffer(in, "")}
		}
		return reply
	}
	if reply.Stage == "" {
		reply.Stage = r.Weakest
	}
	if reply.Stage == "" && len(r.Ranking) > 0 {
		reply.Stage = r.Ranking[0].Stage
	}
	of := in
	of.Name = reportFunnel
	reply.Offers = append(reply.Offers, whyOffer(of, reply.Stage))
	for i := range r.Ranking {
		if s := r.Ranking[i].Stage; s != reply.Stage {
			reply.Offers = append(reply.Offers, whyOffer(in, s))
		}
	}
	return reply
}

// withheld names the next best cause where the best is a person. It shares nothing with the ranking.
func withheld(ranking []funnel.Ranked, plan *funnel.Funnel) []funnel.Ranked {
	out := slices.Clone(ranking)
	for i := range out {
		r := &out[i]
		if r.Cause = r.Apart; r.Advice != "" {
			r.Advice = funnel.Advise(plan, r.Stage, r.Cause.Trait)
		}
	}
	return out
}

// stuck shows a page of the deals that stand too long.
func (c *call) stuck(ctx context.Context, in Report, r funnel.StuckReport) (Reply, error) {
	page := max(in.Page, 1)
	reply := Stuck{Report: r, Why: in.Why, Deals: map[funnel.ID]*funnel.DealView{}}
	reply.From = min((page-1)*pageSize, len(r.Deals))
	reply.To = min(reply.From+pageSize, len(r.Deals))
	for _, d := range r.Deals[reply.From:reply.To] {
		view, err := c.desk.service.Read().Outline(ctx, c.ask.Workspace, d.Deal)
		if err != nil {
			return nil, err
		}
		if view != nil {
			reply.Deals[d.Deal] = view
		}
	}
	if !in.Why && reply.To > reply.From {
		reply.Offers = []Offer{whyOffer(in, "")}
	}
	reply.Offers = append(reply.Offers, turnOffers(in, page, reply.To < len(r.Deals))...)
	return reply, nil
}

// forecast offers to look behind it.
func (c *call) forecast(in Report, r funnel.ForecastReport) Forecast {
	reply := Forecast{Report: r, Why: in.Why}
	if !in.Why {
		if r.Open > 0 {
			reply.Offers = []Offer{whyOffer(in, "")}
		}
		return reply
	}
	of := in
	of.Name = reportFunnel
	for i := range r.Stages {
		if s := &r.Stages[i]; s.Open > 0 {
			of.Of, of.Stage = funnel.OfStage, s.Stage
			reply.Offers = append(reply.Offers, Offer{Label: "behind_stage", Stage: s.Stage, Action: reportAction(of, partLetter(funnel.BehindOpen))})
		}
	}
	return reply
}
