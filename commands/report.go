package commands

import (
	"context"

	"funnelbot/funnel"
)

// Names of reports.
const (
	reportOwners        = "owners"
	reportActivity      = "activity"
	reportQualification = "qualification"
)

// report shows the funnel by stages, by owner, what was done, or how deals are qualified.
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
	case reportQualification:
		r, err := c.desk.service.QualificationReport(ctx, c.ask.Workspace, q)
		return Qualifications{Report: r}, err
	}
	r, err := c.desk.service.FunnelReport(ctx, c.ask.Workspace, q)
	return FunnelReport{Report: r}, err
}
