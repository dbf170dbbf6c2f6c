package funnel

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// widths are the windows of a report that may take a longer one.
func widths() []int { return []int{DefaultWindow, 180, year} }

// manySpells is with how many stays of a stage in the time of its baselines its slices are taken over one
// window before only: they are enough then, and counting more would cost more than it tells.
const manySpells = 20_000

// Analyse makes the reports on the bottleneck, stuck deals and the forecast together.
func (s *Service) Analyse(ctx context.Context, workspace ID, q ReportQuery) (Analysis, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return Analysis{}, err
	}
	return s.analyseOver(ctx, p, q)
}

// analyseOver makes those of a period of the query.
func (s *Service) analyseOver(ctx context.Context, p Period, q ReportQuery) (Analysis, error) {
	a, in, err := s.analyse(ctx, p, q)
	if err != nil {
		return Analysis{}, err
	}
	r := Analysis{Period: a.of, Bottleneck: a.report(), Stuck: a.stuck()}
	r.Bottleneck.Widened = q.Window == 0 && a.of.Days > DefaultWindow
	if err := s.slice(ctx, a, &r.Bottleneck); err != nil {
		return Analysis{}, err
	}
	a.explain(&r.Bottleneck)
	r.Forecast = a.forecast(in)
	return r, nil
}

// NewAnalysis makes the reports of a period from its counts.
func NewAnalysis(p Period, in *ForecastInput) Analysis {
	a := newAnalysis(p, &in.BottleneckInput)
	r := Analysis{Period: p, Bottleneck: a.report(), Stuck: a.stuck(), Forecast: a.forecast(in)}
	a.explain(&r.Bottleneck)
	return r
}

// analyse counts what the reports on a period are made of, all of it at once. The spells of a window are read
// with four windows before it; where a longer window is needed, which the first table shows, they are read again.
func (s *Service) analyse(ctx context.Context, p Period, q ReportQuery) (*analysis, *ForecastInput, error) {
	in := &ForecastInput{}
	usual := p
	err := together(
		func() error { return s.countSpells(ctx, &p, q, &in.BottleneckInput) },
		func() error { return s.countEntries(ctx, usual, &in.BottleneckInput) },
		func() (err error) {
			if in.Standing, err = s.store.Standing(ctx, usual.Workspace, usual); err != nil {
				return fmt.Errorf("read open deals: %w", err)
			}
			return s.countMonths(ctx, usual, in)
		},
	)
	if err == nil && p.Days > usual.Days {
		err = s.countEntries(ctx, p, &in.BottleneckInput)
	}
	if err != nil {
		return nil, nil, err
	}
	return newAnalysis(p, &in.BottleneckInput), in, nil
}

// countSpells counts the stays of a period, of a longer one where that is needed and wanted.
func (s *Service) countSpells(ctx context.Context, p *Period, q ReportQuery, in *BottleneckInput) error {
	in.SpellDays = spellDays(p.Days)
	var err error
	if in.Spells, err = s.store.CountSpells(ctx, p.Workspace, p.spells(in.SpellDays)); err != nil {
		return fmt.Errorf("count what stages kept: %w", err)
	}
	if q.Window != 0 || !q.Widen {
		return nil
	}
	if days := newPassages(p.Funnel, in.Spells).width(); days > p.Days {
		p.Days, p.From = days, p.before(days)
		in.SpellDays = spellDays(days)
		if in.Spells, err = s.store.CountSpells(ctx, p.Workspace, p.spells(in.SpellDays)); err != nil {
			return fmt.Errorf("count what stages kept for longer: %w", err)
		}
	}
	return nil
}

func (s *Service) countEntries(ctx context.Context, p Period, in *BottleneckInput) error {
	var err error
	if in.Entries, in.Typical, err = s.store.CountEntries(ctx, p.Workspace, p.last(p.Days)); err != nil {
		return fmt.Errorf("count what came into stages: %w", err)
	}
	return nil
}

// together does several things at once and returns the first error in their order.
func together(all ...func() error) error {
	errs := make([]error, len(all))
	var group sync.WaitGroup
	for i, do := range all {
		group.Go(func() { errs[i] = do() })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// spellDays is over how many days spells are needed for a window: with those before it, the days for
// which an alarm has to persist, and a year for what is usual.
func spellDays(window int) int { return max((baselines+1)*window+persistence, year) }

// spells is the period for counting stays over so many days, which may be counted together between the edges
// of the windows that are cut from them: that of the report, those that it may take instead, the last days
// and the year beside it, and those before it, each of the latter as well on the days for which an alarm has
// to persist. Stages behind the signature are left out: no estimate is made of them.
func (p Period) spells(days int) Period {
	edges := append(widths(), 0, recent, year)
	for ago := range persistence + 1 {
		for k := range baselines + 2 {
			edges = append(edges, k*p.Days+ago)
		}
	}
	p = p.last(days)
	p.Sale = true
	slices.Sort(edges)
	p.Edges = slices.Compact(edges)
	return p
}

// width is the least of the [widths] in which every stage that can be weak has exits enough, or the last.
func (p *passages) width() int {
	days := 0
	for _, days = range widths() {
		few := false
		for i := range p.stages {
			few = few || p.ranks(i) && p.curve(i, window{days: days}).Exits() < enough
		}
		if !few {
			break
		}
	}
	return days
}

// slice counts the stays of the weakest stage by trait, where a cause is looked for among them.
func (s *Service) slice(ctx context.Context, a *analysis, r *BottleneckReport) error {
	at := slices.IndexFunc(r.Ranking, func(row Ranked) bool { return row.Stage == r.Weakest })
	if at < 0 || r.Ranking[at].slowOnly() {
		return nil
	}
	spells, stage := 0, a.funnel.Index(r.Weakest)
	for _, st := range a.stays[stage] {
		spells += st.n
	}
	windows := a.windows
	if spells > manySpells {
		windows = min(windows, 1)
	}
	a.in.SliceDays = (windows + 1) * a.of.Days
	if a.split(stage, windows, &r.Ranking[at]).gap < leastGap {
		return nil
	}
	p := a.of.last(a.in.SliceDays)
	p.Edges = []int{0, a.of.Days, a.in.SliceDays}
	groups, err := s.store.CountSlices(ctx, a.of.Workspace, p, r.Weakest)
	if err != nil {
		return fmt.Errorf("slice the stage %s: %w", r.Weakest, err)
	}
	a.in.Slices = map[StageKey][]SliceGroup{r.Weakest: groups}
	return nil
}
