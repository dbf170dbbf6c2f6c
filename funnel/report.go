package funnel

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DefaultWindow is the number of days that a report looks back over where none is asked for.
const DefaultWindow = 90

// maxWindow is a century: more is a slip of the finger, and dates before year 1 are none.
const maxWindow = 36525

// ReportQuery asks for a report on the deals of one kind; kinds are never pooled.
type ReportQuery struct {
	// AsOf is the moment whose knowledge counts: nothing that happened, was recorded or was voided
	// after it is seen, so the same report gives the same answer at any later time. Zero means now,
	// and so does a time ahead of now, because nobody knows more yet. A day is meant by its [Date.End].
	AsOf time.Time
	// Window is how many days before AsOf count, by the calendar of the workspace's zone. Zero means
	// [DefaultWindow].
	Window int
	// Kind is empty for new business.
	Kind Kind
	// Widen lets reports that look for the weakest link take a longer window where none is asked for and
	// the usual one has too few exits.
	Widen bool
}

// End returns the last instant of the day in the zone that the database can tell from the next
// midnight, to which things of the next day are often dated.
func (d Date) End(zone *time.Location) time.Time {
	return d.AddDays(1).In(zone).Add(-time.Microsecond)
}

// Period is what a report looks at: what happened after From and not after To, as it was known at
// To.
type Period struct {
	// Workspace is whose deals are looked at; with the day of To it is the seed of what is drawn by lot.
	Workspace ID
	From      time.Time
	To        time.Time
	// Live says that To is the present, after which nothing can have been recorded.
	Live bool
	// Days is the width that was asked for.
	Days int
	// Zone is where days and weeks are counted.
	Zone     *time.Location
	Currency Currency
	Funnel   *Funnel
	// Edges and Only are for counting stays. Edges are whole days of 24 hours before To at which windows
	// will begin and end: stays that began and ended between the same two of them may be counted
	// together. Nil keeps every day apart.
	Edges []int
	// Only are the stages that are counted; nil means all. Sale leaves out those behind the signature.
	Only []StageKey
	Sale bool
}

// Reports counts what reports are made of. Every answer is grouped, belongs to one workspace and to
// the deals of the period's funnel, and leaves out what was not known at the end of the period.
type Reports interface {
	Spells

	// CountStages counts entries, exits, open deals and closings of the whole workspace.
	CountStages(ctx context.Context, workspace ID, p Period) (StageTable, error)
	// CountOwners counts open deals and closings by owner.
	CountOwners(ctx context.Context, workspace ID, p Period) (OwnerTable, error)
	// CountActivities counts activities by week, person, stage and kind, in this order.
	CountActivities(ctx context.Context, workspace ID, p Period) ([]ActivityCount, error)
	// CountQualified counts the deals that came in and that are open by whether they are qualified,
	// and those that were closed after closed by what was answered before.
	CountQualified(ctx context.Context, workspace ID, p Period, closed time.Time) (QualifiedTable, error)
}

// ReportHead says what a report speaks of.
type ReportHead struct {
	// AsOf is in the zone of the workspace.
	AsOf       time.Time `json:"as_of"`
	WindowDays int       `json:"window_days"`
	// Currency is that of the workspace; every sum carries its own.
	Currency Currency `json:"currency"`
	Kind     Kind     `json:"kind"`
}

func (p Period) head() ReportHead {
	return ReportHead{AsOf: p.To.In(p.Zone), WindowDays: p.Days, Currency: p.Currency, Kind: p.Funnel.Kind}
}

// period finds what a query looks at. A window that is no number of days is [CodeBadValue].
func (s *Service) period(ctx context.Context, workspace ID, q ReportQuery) (Period, error) {
	if q.Window < 0 || q.Window > maxWindow {
		return Period{}, Refuse(CodeBadValue, Args{"field": "window", "value": strconv.Itoa(q.Window)})
	}
	w, err := s.store.Workspace(ctx, workspace)
	if err != nil {
		return Period{}, fmt.Errorf("read the settings of a report: %w", err)
	}
	p := Period{Workspace: workspace, To: q.AsOf, Days: q.Window, Zone: w.Location(), Currency: w.Currency}
	if now := s.clock(); p.To.IsZero() || !p.To.Before(now) {
		p.To, p.Live = now, true
	}
	if p.Days == 0 {
		p.Days = DefaultWindow
	}
	kind := q.Kind
	if kind == "" {
		kind = NewBusiness
	}
	p.Funnel = s.funnels(kind)
	p.From = p.before(p.Days)
	return p, nil
}

// Sum is an amount of money as reports write it: a decimal string in major units with its currency
// beside it, {"amount":"12000.50","currency":"USD"}.
type Sum Money

// MarshalJSON implements json.Marshaler.
func (s Sum) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Amount   string   `json:"amount"`
		Currency Currency `json:"currency"`
	}{Money(s).decimal(), s.Currency})
}

// decimal writes the amount in major units with every digit of its currency.
func (m Money) decimal() string {
	digits := strconv.FormatInt(m.Minor, 10)
	places := m.Currency.Exponent()
	if places == 0 {
		return digits
	}
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - places
	return sign + digits[:point] + "." + digits[point:]
}
