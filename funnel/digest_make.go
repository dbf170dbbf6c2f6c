package funnel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

const (
	// digestBack is how far back a digest looks for news after a long silence.
	digestBack = 14 * 24 * time.Hour
	// adviceBack is how long accepted advice is followed and declined advice is not repeated.
	adviceBack = 180 * 24 * time.Hour
	// adviceAfter is how many days after its review advice is reported on.
	adviceAfter = 7
	// adviceMost is how many pieces of advice one digest reports on.
	adviceMost = 3
)

// DigestQuery asks for a digest without sending it.
type DigestQuery struct {
	// AsOf is the moment whose knowledge counts; zero means now.
	AsOf time.Time
	// Member gets it in private, or Chat where several read it. Without both it is for whoever runs the
	// program.
	Member ID
	Chat   ChatRef
}

// DigestInput is what a digest is made of.
type DigestInput struct {
	Place DigestPlace
	On    Date
	AsOf  time.Time
	Since time.Time
	// Last is the digest before, or nil.
	Last     *DigestRun
	Missed   []Date
	Analysis Analysis
	News     NewsTable
	// Advices are those that were decided about, newest first, and Followed what came of some of them.
	Advices  []Advice
	Followed []DigestAdvice
	// Snoozed are deals that the reader does not want to hear of.
	Snoozed map[ID]bool
}

// DigestNow makes the digest of a moment as it would be sent then, and returns the setting of the place
// where there is one.
func (s *Service) DigestNow(ctx context.Context, workspace ID, q DigestQuery) (Digest, *DigestSetting, error) {
	w, err := s.store.Workspace(ctx, workspace)
	if err != nil {
		return Digest{}, nil, fmt.Errorf("read the settings of a digest: %w", err)
	}
	p := DigestPlace{Workspace: w, Setting: DigestSetting{
		Workspace: workspace, Member: q.Member, Chat: q.Chat, At: DefaultDigestAt, FullOn: time.Monday,
	}}
	var set *DigestSetting
	if !q.Member.IsZero() || q.Chat != (ChatRef{}) {
		if set, err = s.store.DigestSetting(ctx, workspace, q.Member, q.Chat); err != nil {
			return Digest{}, nil, fmt.Errorf("read the setting of a digest: %w", err)
		}
	}
	if set != nil {
		p.Setting = *set
		// What is shown is not sent, so nothing was missed.
		p.Setting.Day = Date{}
	}
	if !q.Member.IsZero() {
		m, _, err := s.store.Holdings(ctx, workspace, q.Member)
		if err != nil {
			return Digest{}, nil, fmt.Errorf("read whose digest it is: %w", err)
		}
		if m != nil {
			p.Member = *m
		}
	}
	d, err := s.digest(ctx, &p, q.AsOf)
	return d, set, err
}

// digest makes the digest of a place. A moment that is zero or lies ahead is now.
func (s *Service) digest(ctx context.Context, p *DigestPlace, asOf time.Time) (Digest, error) {
	workspace := p.Workspace.ID
	moment := asOf
	if now := s.clock(); moment.IsZero() || moment.After(now) {
		asOf, moment = time.Time{}, now
	}
	last, err := s.store.LastDigest(ctx, workspace, p.Setting.ID, moment)
	if err != nil {
		return Digest{}, fmt.Errorf("look for the digest before: %w", err)
	}
	in := DigestInput{Place: *p, On: DateOf(moment.In(p.Zone())), AsOf: moment, Last: last}
	in.Since = in.since()
	in.Missed = p.missed(in.On)
	if err := s.count(ctx, &in, ReportQuery{AsOf: asOf, Widen: true}); err != nil {
		return Digest{}, err
	}
	s.stuck.learn(ctx, workspace, &in.Analysis)
	if !p.Member.ID.IsZero() {
		if in.Snoozed, err = s.store.Snoozed(ctx, workspace, p.Member.ID, in.On); err != nil {
			return Digest{}, fmt.Errorf("look for what is put off: %w", err)
		}
	}
	if in.Advices, err = s.store.Advices(ctx, workspace, moment.Add(-adviceBack)); err != nil {
		return Digest{}, fmt.Errorf("look for advice: %w", err)
	}
	in.Advices = slices.DeleteFunc(in.Advices, func(a Advice) bool { return a.At.After(moment) })
	if err := s.follow(ctx, &in, asOf); err != nil {
		return Digest{}, err
	}
	return NewDigest(&in), nil
}

// count makes the analysis, and counts the news beside it.
func (s *Service) count(ctx context.Context, in *DigestInput, q ReportQuery) error {
	p, err := s.period(ctx, in.Place.Workspace.ID, q)
	if err != nil {
		return fmt.Errorf("analyse for a digest: %w", err)
	}
	in.AsOf = p.To
	return together(
		func() (err error) {
			if in.Analysis, err = s.analyseOver(ctx, p, q); err != nil {
				return fmt.Errorf("analyse for a digest: %w", err)
			}
			return nil
		},
		func() (err error) {
			news := p
			news.From = in.Since
			if in.News, err = s.store.CountNews(ctx, p.Workspace, news); err != nil {
				return fmt.Errorf("count for a digest: %w", err)
			}
			return nil
		},
	)
}

// follow looks what came of accepted advice: with the full analysis of the week, and on the day of its
// review.
func (s *Service) follow(ctx context.Context, in *DigestInput, asOf time.Time) error {
	zone := in.Place.Zone()
	for _, a := range in.Advices {
		days := in.On.Sub(DateOf(a.At.In(zone)))
		review := a.reviewed(in)
		if !a.Accepted || days < 1 || len(in.Followed) == adviceMost || a.Review.AddDays(adviceAfter).Before(in.On) ||
			!review && in.On.Weekday() != in.Place.Setting.FullOn {
			continue
		}
		r, err := s.FunnelReport(ctx, in.Place.Workspace.ID, ReportQuery{AsOf: asOf, Window: days})
		if err != nil {
			return fmt.Errorf("look what came of advice: %w", err)
		}
		for _, stage := range r.Stages {
			if stage.Key == a.Stage {
				in.Followed = append(in.Followed, DigestAdvice{Advice: a, Days: days, Since: stage.Conversion, Review: review})
			}
		}
	}
	return nil
}

// reviewed reports whether the day of the review has come since the digest before.
func (a *Advice) reviewed(in *DigestInput) bool {
	return !a.Review.IsZero() && !in.On.Before(a.Review) && (in.Last == nil || in.Last.On.Before(a.Review))
}

// since is from when on things are news: the digest before, or the time of the working day before.
func (in *DigestInput) since() time.Time {
	if in.Last != nil && in.Last.Facts.AsOf.After(in.AsOf.Add(-digestBack)) {
		return in.Last.Facts.AsOf
	}
	at, err := ParseClock(in.Place.Setting.At)
	if err != nil {
		at = At(9, 0)
	}
	day := in.On.AddDays(-1)
	for range 14 {
		if !in.Place.Workspace.Calendar.On(day).Off() {
			break
		}
		day = day.AddDays(-1)
	}
	return at.On(day, in.Place.Zone())
}

// missedMost is how many missed days are counted.
const missedMost = 31

// missed returns the working days between the last one that was counted and today. Days of an absence
// are none of them.
func (p *DigestPlace) missed(on Date) []Date {
	if p.Setting.Day.IsZero() {
		return nil
	}
	var all []Date
	for day := p.Setting.Day.AddDays(1); day.Before(on) && len(all) < missedMost; day = day.AddDays(1) {
		if p.Workspace.Calendar.On(day).Off() || day.Before(p.Member.AwayUntil) {
			continue
		}
		all = append(all, day)
	}
	return all
}

// NewDigest makes a digest from what was read.
func NewDigest(in *DigestInput) Digest {
	a := &in.Analysis
	d := Digest{
		AsOf: in.AsOf, On: in.On, Currency: a.Period.Currency, Since: in.Since, Missed: in.Missed, News: in.News.News,
		Plan: a.month(), Stuck: len(a.Stuck.Deals), StuckRules: a.Stuck.Rules, Work: in.News.Work, Attention: in.News.Attention, Outside: in.News.Outside,
		Advice: in.Followed, Without: in.Place.Setting.Without,
	}
	d.News.Risks = a.risks(in.Since, in.ruled())
	d.Bottleneck = in.bottleneck()
	d.Full = in.On.Weekday() == in.Place.Setting.FullOn || !d.Bottleneck.Unchanged
	d.Deals = a.pressing(in.Snoozed)
	return d
}

// month is the present month of the forecast, with what is signed in it already; nil where there is
// nothing to tell.
func (a *Analysis) month() *DigestPlan {
	name := a.Period.To.In(a.Period.Zone).Format("2006-01")
	for i := range a.Forecast.Months {
		m := &a.Forecast.Months[i]
		if m.Month != name {
			continue
		}
		if m.Plan == nil && m.Open == 0 && m.Won.Minor == 0 {
			return nil
		}
		more := func(s Sum) Sum { return Sum{Minor: m.Won.Minor + s.Minor, Currency: a.Period.Currency} }
		return &DigestPlan{
			Month: name, Plan: m.Plan, Won: m.Won, Expected: more(m.Mean), Low: more(m.Low), High: more(m.High),
			TooFew: a.Forecast.TooFew,
		}
	}
	return nil
}

// ruled are the rules that deals were judged by when things were news last, or none.
func (in *DigestInput) ruled() []StuckRule {
	if in.Last == nil || !in.Last.Facts.AsOf.Equal(in.Since) {
		return nil
	}
	return in.Last.Facts.StuckRules
}

// risks are the deals that stand too long and did not then, by the rules of that time: a deal that is stuck
// because others have become faster is news like one that has grown old. Where those rules are not known it is
// judged by the present ones.
func (a *Analysis) risks(since time.Time, rules []StuckRule) DigestGroup {
	if len(rules) == 0 {
		rules = a.Stuck.Rules
	}
	g := DigestGroup{Sum: Sum{Currency: a.Period.Currency}}
	for i := range a.Stuck.Deals {
		deal := &a.Stuck.Deals[i]
		if !deal.Entered.After(since) && stuckBy(rules, deal.Stage, ageAt(deal.Entered, since)) {
			continue
		}
		g.Deals++
		if !deal.StandIn {
			g.Sum.Minor += deal.Amount.Minor
		}
		if len(g.Named) < digestDeals {
			g.Named = append(g.Named, DigestDeal{Deal: deal.Deal, Number: deal.Number, Stage: deal.Stage})
		}
	}
	return g
}

// pressing are the deals to talk about today: those in the weakest stage whose delay costs most, then
// others.
func (a *Analysis) pressing(snoozed map[ID]bool) []StuckDeal {
	var found []StuckDeal
	for _, weakest := range []bool{true, false} {
		for _, deal := range a.Stuck.Deals {
			if len(found) == digestDeals {
				return found
			}
			if !snoozed[deal.Deal] && (deal.Stage == a.Bottleneck.Weakest) == weakest {
				found = append(found, deal)
			}
		}
	}
	return found
}

// bottleneck cuts the report down. Whose deals are the cause is told in private only, and so is advice
// that follows from it.
func (in *DigestInput) bottleneck() DigestBottleneck {
	r := &in.Analysis.Bottleneck
	b := DigestBottleneck{WindowDays: r.WindowDays, Widened: r.Widened, TooFew: r.TooFew, Since: in.On}
	for i := range r.Stages {
		b.Stages = append(b.Stages, DigestStage{Key: r.Stages[i].Key, Conversion: r.Stages[i].Conversion})
	}
	for i := range r.Ranking {
		for j := range b.Stages {
			if b.Stages[j].Key == r.Ranking[i].Stage {
				b.Stages[j].Entered = int(math.Round(r.Ranking[i].EntriesPer30d * float64(r.WindowDays) / 30))
			}
		}
		if r.Weakest != "" && r.Ranking[i].Stage == r.Weakest {
			weakest := r.Ranking[i]
			b.Weakest = &weakest
		}
	}
	if b.Weakest != nil && b.Weakest.Cause.Trait == TraitOwner && in.Place.Member.IsZero() && in.Place.Setting.Chat != (ChatRef{}) {
		b.Withheld = true
		b.Weakest.Cause, b.Weakest.Advice = Weakness{}, ""
	}
	if in.Last != nil && b.same(&in.Last.Facts.Bottleneck) {
		b.Since, b.Unchanged = in.Last.Facts.Bottleneck.Since, true
	}
	if b.Weakest != nil {
		b.Decided = decided(in.Advices, b.Weakest)
	}
	return b
}

// same reports whether there is nothing new to say.
func (b *DigestBottleneck) same(o *DigestBottleneck) bool {
	if b.Weakest == nil || o.Weakest == nil {
		return b.Weakest == nil && o.Weakest == nil && b.TooFew == o.TooFew
	}
	n, w := b.Weakest, o.Weakest
	return n.Stage == w.Stage && n.Alarm == w.Alarm && n.Pace.Alarm == w.Pace.Alarm && n.Cause.Trait == w.Cause.Trait &&
		n.Cause.Value == w.Cause.Value
}

// decided returns what was decided last about the advice, or nil.
func decided(all []Advice, r *Ranked) *Advice {
	for i := range all {
		a := &all[i]
		if r.Advice != "" && a.Stage == r.Stage && a.Key == r.Advice && a.Trait == r.Cause.Trait && a.Value == r.Cause.Value {
			return a
		}
	}
	return nil
}
