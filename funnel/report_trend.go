package funnel

import (
	"context"
	"fmt"
)

// TrendReport is what happened week by week.
type TrendReport struct {
	ReportHead
	// Weeks has the oldest first; the last ends with the as-of time.
	Weeks []TrendWeek `json:"weeks"`
}

// TrendReport reports on what came in, was won and was lost in each week of the window.
func (s *Service) TrendReport(ctx context.Context, workspace ID, q ReportQuery) (TrendReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return TrendReport{}, err
	}
	spells, err := s.store.CountSpells(ctx, workspace, p.last(p.Days))
	if err != nil {
		return TrendReport{}, fmt.Errorf("report on the trend: %w", err)
	}
	return TrendReport{ReportHead: p.head(), Weeks: NewTrend(p, spells)}, nil
}
