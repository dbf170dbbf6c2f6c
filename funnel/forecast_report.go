package funnel

import (
	"context"
	"fmt"
	"time"

	"funnelbot/funnel/stats"
)

const (
	// forecastMonths is for how many months a plan is read, the present one included.
	forecastMonths = 13
	// checks is how many earlier forecasts are held against what came, each a window before the next.
	checks = 2
)

// ForecastReport reports on what the open deals are expected to bring, with a check of what was
// forecast a window and two windows ago.
func (s *Service) ForecastReport(ctx context.Context, workspace ID, q ReportQuery) (ForecastReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return ForecastReport{}, err
	}
	a, in, err := s.analyse(ctx, p, q)
	if err != nil {
		return ForecastReport{}, err
	}
	owners, err := s.store.CountOwners(ctx, workspace, a.of)
	if err != nil {
		return ForecastReport{}, fmt.Errorf("forecast by owners: %w", err)
	}
	in.Owners = &owners
	r := a.forecast(in)
	r.Check, err = s.check(ctx, a)
	return r, err
}

// countMonths counts what was planned for the months to come and won in the present one.
func (s *Service) countMonths(ctx context.Context, p Period, in *ForecastInput) error {
	month := DateOf(p.monthStart())
	var err error
	if in.Quotas, err = s.store.Quotas(ctx, p.Workspace, month, month.AddMonths(forecastMonths-1), p.To); err != nil {
		return fmt.Errorf("forecast with plans: %w", err)
	}
	// A win at the first instant of the month belongs to it.
	p.From = p.monthStart().Add(-time.Microsecond)
	if in.Won, err = s.store.CountWon(ctx, p.Workspace, p); err != nil {
		return fmt.Errorf("forecast with what is won: %w", err)
	}
	return nil
}

// check makes earlier forecasts with what was known then, and compares them with what came. It is nil
// where there were none that have come out.
func (s *Service) check(ctx context.Context, a *analysis) (*ForecastCheck, error) {
	var all record
	for k := 1; k <= checks && k*a.of.Days <= a.oldest; k++ {
		p := a.of
		p.To, p.Live = a.of.To.Add(-time.Duration(k*a.of.Days)*24*time.Hour), false
		p.From = p.before(p.Days)
		in := &BottleneckInput{SpellDays: max(p.Days, year)}
		var err error
		if in.Spells, err = s.store.CountSpells(ctx, p.Workspace, p.spells(in.SpellDays)); err != nil {
			return nil, fmt.Errorf("check the forecast of %s: %w", p.To, err)
		}
		if in.Entries, in.Typical, err = s.store.CountEntries(ctx, p.Workspace, p.last(p.Days)); err != nil {
			return nil, fmt.Errorf("check the amounts of %s: %w", p.To, err)
		}
		if in.Standing, err = s.store.Standing(ctx, p.Workspace, p); err != nil {
			return nil, fmt.Errorf("check the deals of %s: %w", p.To, err)
		}
		since := a.of
		since.From = p.To
		ended, err := s.store.Ended(ctx, p.Workspace, since)
		if err != nil {
			return nil, fmt.Errorf("check what came after %s: %w", p.To, err)
		}
		all.add(newAnalysis(p, in), ended)
	}
	return all.check(a.prices), nil
}

// EndedDeal is a deal that was closed and stood so.
type EndedDeal struct {
	Deal ID
	Won  bool
	// Amount is what it was worth at the end of the period, the zero Money where that is not known.
	Amount Money
}

// record collects forecasts that have come out.
type record struct {
	chances       []float64
	won           []bool
	wins          int
	undecided     int
	expected, got float64
}

func (r *record) add(then *analysis, ended []EndedDeal) {
	ends := make(map[ID]*EndedDeal, len(ended))
	for i := range ended {
		ends[ended[i].Deal] = &ended[i]
	}
	deals := then.standing()
	for i := range deals {
		d := &deals[i]
		end := ends[d.Deal]
		if end == nil {
			r.undecided++
			continue
		}
		r.chances, r.won = append(r.chances, d.wins), append(r.won, end.Won)
		r.expected += d.wins * float64(d.amount)
		if !end.Won {
			continue
		}
		r.wins++
		if end.Amount.Currency == then.of.Currency {
			r.got += float64(end.Amount.Minor)
		} else {
			r.got += float64(d.amount)
		}
	}
}

func (r *record) check(p prices) *ForecastCheck {
	brier, ok := stats.Brier(r.chances, r.won)
	if !ok {
		return nil
	}
	n := len(r.chances)
	won := float64(r.wins) / float64(n)
	return &ForecastCheck{
		Deals: n, Undecided: r.undecided, Brier: brier, Reference: won * (1 - won),
		Expected: p.sum(r.expected), Won: p.sum(r.got),
	}
}
