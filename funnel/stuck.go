package funnel

import (
	"context"
	"time"
)

// StuckReport is which open deals stand too long where they are, and what the delay costs.
type StuckReport struct {
	ReportHead
	// Open is how many open deals were looked at; targets and client work are none of them.
	Open int `json:"open"`
	// CostOfDelay is the sum over Deals, in money days: amount · chance to be won · days over the
	// median time in stage.
	CostOfDelay Sum `json:"cost_of_delay"`
	// Deals has the largest cost of delay first.
	Deals []StuckDeal `json:"deals"`
	// Rules are what they were judged by.
	Rules []StuckRule `json:"-"`
}

// StuckReason is why a deal counts as stuck.
type StuckReason string

// Why deals count as stuck: their chance to go on is under half of what it was when they came into the
// stage; they are older than nine tenths of those that go on were; or they stand longer than the funnel
// allows, which decides where a stage has too few exits to know better.
const (
	StuckChance StuckReason = "chance"
	StuckLate   StuckReason = "late"
	StuckDays   StuckReason = "days"
)

// StuckDeal is a deal that stands too long.
type StuckDeal struct {
	Deal    ID        `json:"deal"`
	Number  int64     `json:"number"`
	Owner   ID        `json:"owner"`
	Stage   StageKey  `json:"stage"`
	Entered time.Time `json:"entered"`
	// Days is how many whole days of 24 hours it has been there.
	Days int         `json:"days"`
	Why  StuckReason `json:"why"`
	// Limit is how many days it may stand there: Days are more, always. It is the last age up to which
	// the chance is at least half, the p90 of those that go on, or the configured days.
	Limit int `json:"limit_days"`
	// Advances is the chance to go on from the stage at this age, and Fresh that of a deal which just
	// came in; nil where too little is known.
	Advances *float64 `json:"p_advance,omitempty"`
	Fresh    *float64 `json:"p_advance_fresh,omitempty"`
	// Wins is the chance to be won at this age.
	Wins *float64 `json:"p_win,omitempty"`
	// Amount is what it is worth, and StandIn says that it is the typical amount because it has none.
	Amount  Sum  `json:"amount"`
	StandIn bool `json:"stand_in"`
	// Over is how many days it stands longer than half of the deals do.
	Over        int `json:"days_over_median"`
	CostOfDelay Sum `json:"cost_of_delay"`
}

// StuckReport reports on open deals that stand too long.
func (s *Service) StuckReport(ctx context.Context, workspace ID, q ReportQuery) (StuckReport, error) {
	a, err := s.Analyse(ctx, workspace, q)
	if err == nil && q.Window == 0 && q.Widen {
		s.stuck.learn(ctx, workspace, &a)
	}
	return a.Stuck, err
}
