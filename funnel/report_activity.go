package funnel

import (
	"context"
	"fmt"
)

// ActivityReport is who did what in which week, and in which stage the deals were then.
type ActivityReport struct {
	ReportHead
	// Activities are ordered by week, name, stage and kind. The window may cut the first and the
	// last week.
	Activities []ActivityCount `json:"activities"`
}

// ActivityCount is a group of activities.
type ActivityCount struct {
	// Week is an ISO 8601 week in the zone of the workspace, such as "2026-W48".
	Week string `json:"week"`
	// Owner is the member who did it, or the owner of the deal where history does not say who.
	Owner ID     `json:"owner"`
	Name  string `json:"name"`
	// Stage is where the deal was at the time, and empty before its beginning and after its end.
	// What was done at the moment of a move belongs to the stage that was left.
	Stage StageKey     `json:"stage"`
	Kind  ActivityKind `json:"kind"`
	Count int          `json:"count"`
}

// ActivityReport reports on activities by week, person, stage and kind.
func (s *Service) ActivityReport(ctx context.Context, workspace ID, q ReportQuery) (ActivityReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return ActivityReport{}, err
	}
	counts, err := s.store.CountActivities(ctx, workspace, p)
	if err != nil {
		return ActivityReport{}, fmt.Errorf("report on activities: %w", err)
	}
	return ActivityReport{ReportHead: p.head(), Activities: counts}, nil
}
