package funnel

import (
	"context"
	"fmt"
)

// PlanRow is one month of the plan beside what was won in it.
type PlanRow struct {
	// Month is the first day of the month.
	Month Date `json:"month"`
	// Plan is nil where nothing is planned.
	Plan *Sum `json:"plan,omitempty"`
	// Won is what was won in the month up to the as-of time, in the currency of the workspace, by WonDeals
	// deals; Unpriced are those among them without an amount, or with one in another currency.
	Won      Sum `json:"won"`
	WonDeals int `json:"won_deals"`
	Unpriced int `json:"unpriced"`
	// Running says that the month had begun and not ended at the as-of time.
	Running bool `json:"running"`
}

// PlanReport is the plan of several months.
type PlanReport struct {
	ReportHead
	Months []PlanRow `json:"months"`
}

// PlanReport returns the plan of so many months from the one that the day is in, as known at the as-of
// time of the query; its window does not matter.
func (s *Service) PlanReport(ctx context.Context, workspace ID, q ReportQuery, first Date, months int) (PlanReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return PlanReport{}, err
	}
	rows, err := s.planRows(ctx, workspace, p, first, months)
	return PlanReport{ReportHead: p.head(), Months: rows}, err
}

// planRows is [Service.PlanReport] for a period that is known: what was won counts up to its end,
// wherever it begins.
func (s *Service) planRows(ctx context.Context, workspace ID, p Period, first Date, months int) ([]PlanRow, error) {
	first = first.FirstOfMonth()
	last := first.AddMonths(months - 1)
	quotas, err := s.store.Quotas(ctx, workspace, first, last, p.To)
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	// The first instant of the month is in it, and a period begins after its first.
	p.From = first.AddDays(-1).End(p.Zone)
	if p.From.After(p.To) {
		return NewPlanRows(p, first, months, quotas, nil), nil
	}
	won, err := s.store.CountWon(ctx, workspace, p)
	if err != nil {
		return nil, fmt.Errorf("sum what was won: %w", err)
	}
	return NewPlanRows(p, first, months, quotas, won), nil
}

// NewPlanRows makes the rows of so many months from the first one.
func NewPlanRows(p Period, first Date, months int, quotas []Quota, won []WonCount) []PlanRow {
	rows := make([]PlanRow, months)
	at := map[Date]*PlanRow{}
	today := DateOf(p.To.In(p.Zone))
	for i := range rows {
		month := first.AddMonths(i)
		rows[i] = PlanRow{Month: month, Won: Sum{Currency: p.Currency}, Running: month == today.FirstOfMonth()}
		at[month] = &rows[i]
	}
	for _, q := range quotas {
		row := at[q.Month]
		if row == nil || q.Amount.Currency != p.Currency {
			continue
		}
		if row.Plan == nil {
			row.Plan = &Sum{Currency: p.Currency}
		}
		row.Plan.Minor += q.Amount.Minor
	}
	for _, w := range won {
		row := at[w.Month]
		if row == nil {
			continue
		}
		row.WonDeals += w.Deals
		if w.Sum.Currency == p.Currency {
			row.Won.Minor += w.Sum.Minor
		} else {
			row.Unpriced += w.Deals
		}
	}
	return rows
}
