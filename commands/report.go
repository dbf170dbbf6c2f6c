package commands

import (
	"context"

	"funnelbot/funnel"
)

// Names of reports.
const (
	reportOwners   = "owners"
	reportActivity = "activity"
)

// report shows the funnel by stages, by owner, or what was done.
func (c *call) report(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent.Report
	// Without a day the report is as of now: the clock of a platform may be behind a change that was
	// just made.
	q := funnel.ReportQuery{Window: in.Days}
	if !in.AsOf.IsZero() {
		q.AsOf = in.AsOf.End(c.space.Location())
	}
	switch in.Name {
	case reportOwners:
		r, err := c.desk.service.OwnersReport(ctx, c.ask.Workspace, q)
		return Owners{Report: r}, err
	case reportActivity:
		r, err := c.desk.service.ActivityReport(ctx, c.ask.Workspace, q)
		return Activities{Report: r}, err
	}
	r, err := c.desk.service.FunnelReport(ctx, c.ask.Workspace, q)
	return FunnelReport{Report: r}, err
}
