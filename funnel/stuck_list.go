package funnel

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// rulesKept is how long lists go by the same rules. Estimating them costs a look at every stay of a year, a
// rule seldom moves by more than a day in a day, and a list is asked for many times an hour.
const rulesKept = 10 * time.Minute

// ListDeals returns a page of a list and how many deals are in it, as [Reader.ListDeals] does, and knows which
// are stuck: those that a live report without a window of its own would name, deals of every kind by what
// deals of their kind show.
func (s *Service) ListDeals(ctx context.Context, workspace ID, q DealQuery) ([]DealView, int, error) {
	if q.List == ListStuck {
		var err error
		if q.Stuck, err = s.StuckRules(ctx, workspace); err != nil {
			return nil, 0, err
		}
		q.Now = s.clock()
	}
	return s.store.ListDeals(ctx, workspace, q)
}

// StuckRules returns at which ages deals of every kind are stuck, at most [rulesKept] old.
func (s *Service) StuckRules(ctx context.Context, workspace ID) ([]StuckRule, error) {
	var all []StuckRule
	for _, kind := range []Kind{NewBusiness, Renewal, Expansion} {
		rules, err := s.stuck.rules(ctx, ruleKey{workspace, kind}, s.clock(), func() ([]StuckRule, error) {
			return s.judgeStuck(ctx, workspace, kind)
		})
		if err != nil {
			return nil, err
		}
		all = append(all, rules...)
	}
	return all, nil
}

// judgeStuck makes the rules of one kind as the report on stuck deals does, from the stays of the windows that
// it may take and nothing else.
func (s *Service) judgeStuck(ctx context.Context, workspace ID, kind Kind) ([]StuckRule, error) {
	p, err := s.period(ctx, workspace, ReportQuery{Kind: kind})
	if err != nil || p.Funnel == nil {
		return nil, err
	}
	if p.Funnel.Kind != kind {
		// A kind that borrows its funnel has stays of its own.
		borrowed := *p.Funnel
		borrowed.Kind, p.Funnel = kind, &borrowed
	}
	counted := p.last(year)
	counted.Edges = append([]int{0}, widths()...)
	slices.Sort(counted.Edges)
	spells, err := s.store.CountSpells(ctx, workspace, counted)
	if err != nil {
		return nil, fmt.Errorf("count what stages kept, for what is stuck: %w", err)
	}
	ps := newPassages(p.Funnel, spells)
	w := window{days: max(p.Days, ps.width())}
	return ps.stuckRules(func(i int) patience { return ps.patience(i, ps.curve(i, w)) }), nil
}

// ruleBook keeps the rules of workspaces for a while. Whoever asks for some that are being made waits for them.
type ruleBook struct {
	mu sync.Mutex
	of map[ruleKey]*ruled
}

type ruleKey struct {
	workspace ID
	kind      Kind
}

// ruled are rules with when they were made; turn is held by whoever reads or makes them.
type ruled struct {
	turn  chan struct{}
	rules []StuckRule
	at    time.Time
}

func (b *ruleBook) entry(key ruleKey) *ruled {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.of[key]
	if e == nil {
		if b.of == nil {
			b.of = map[ruleKey]*ruled{}
		}
		e = &ruled{turn: make(chan struct{}, 1)}
		b.of[key] = e
	}
	return e
}

func (b *ruleBook) rules(ctx context.Context, key ruleKey, now time.Time, judge func() ([]StuckRule, error)) ([]StuckRule, error) {
	e := b.entry(key)
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for what is stuck: %w", ctx.Err())
	}
	defer func() { <-e.turn }()
	if age := now.Sub(e.at); !e.at.IsZero() && age >= 0 && age < rulesKept {
		return e.rules, nil
	}
	rules, err := judge()
	if err != nil {
		return nil, err
	}
	e.rules, e.at = rules, now
	return rules, nil
}

// learn takes over what a live report has judged by, so that a list asked for next agrees with it.
func (b *ruleBook) learn(ctx context.Context, workspace ID, a *Analysis) {
	if !a.Period.Live {
		return
	}
	e := b.entry(ruleKey{workspace, a.Period.Funnel.Kind})
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-e.turn }()
	if !a.Period.To.Before(e.at) {
		e.rules, e.at = a.Stuck.Rules, a.Period.To
	}
}
