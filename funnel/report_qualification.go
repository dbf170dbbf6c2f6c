package funnel

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// DefaultAnswerWindow is the number of days over which answers are held against how deals ended,
// where no window is asked for. Deals take longer to close than to be qualified.
const DefaultAnswerWindow = 365

// QualifiedTable is what a report on the qualification is made of. A qualification counts that was
// made and stood at the end of the period, and of several of a deal the last.
type QualifiedTable struct {
	// Names are those of all members, also of those who no longer take part.
	Names map[ID]string
	Came  []CameCount
	Open  OpenFit
	// Closed and Answers are of the deals that were closed in the time for answers and stood so at
	// the end of the period.
	Closed  ClosedFit
	Answers []AnswerCount
}

// CameCount is a group of deals that came to the first stage above the level of targets, or beyond
// it, within the period.
type CameCount struct {
	// Source and Owner are as they were at the end of the period; empty and zero where there was none.
	Source    string
	Owner     ID
	Deals     int
	Qualified int
}

// OpenFit counts the deals that were open at the end of the period. Outside are those of Qualified
// that lie outside the ideal customer profile.
type OpenFit struct {
	Deals     int
	Qualified int
	Outside   int
}

// ClosedFit counts closed deals that were clients of ours. Qualified are those that were qualified before they closed, and
// Won those of them that were won.
type ClosedFit struct {
	Deals     int
	Qualified int
	Won       int
}

// AnswerCount is a group of closed deals by what was answered before they closed.
type AnswerCount struct {
	// Definition is the version of the funnel that asked.
	Definition int
	Question   string
	Kind       QuestionKind
	// Option is one that was chosen. It is empty for the group of all deals that answered the
	// question, and Question is empty too for the group of all that were qualified.
	Option string
	Closed int
	Won    int
}

// QualificationReport is how far deals are qualified, and what qualifications have to do with
// winning.
type QualificationReport struct {
	ReportHead
	// Came is of all deals that came in within the window, Sources and Owners divide them, the
	// largest groups first.
	Came    QualifiedShare    `json:"came_in"`
	Sources []SourceQualified `json:"sources"`
	Owners  []OwnerQualified  `json:"owners"`
	Open    ProfileShare      `json:"open"`
	Answers AnswerReport      `json:"answers"`
}

// QualifiedShare is how many deals of a group have a qualification.
type QualifiedShare struct {
	Deals     int `json:"deals"`
	Qualified int `json:"qualified"`
	Likely
}

// Likely is a share with how sure it is.
type Likely struct {
	// Value is nil for a share of nothing: no number is better than an invented one.
	Value *float64 `json:"value,omitempty"`
	// Low and High are the Wilson interval at [stats.Level].
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func likely(part, of int) Likely {
	r := newRate(part, of)
	return Likely{Value: r.Value, Low: r.Low, High: r.High}
}

// SourceQualified is the share of one source; the empty one stands for deals without.
type SourceQualified struct {
	Source string `json:"source"`
	QualifiedShare
}

// OwnerQualified is the share of one owner.
type OwnerQualified struct {
	// Owner is zero, and Name empty, for deals that nobody has taken.
	Owner ID     `json:"owner"`
	Name  string `json:"name"`
	QualifiedShare
}

// ProfileShare is how many open deals lie outside the ideal customer profile.
type ProfileShare struct {
	Deals       int `json:"deals"`
	Qualified   int `json:"qualified"`
	Unqualified int `json:"not_qualified"`
	// Outside is the number of Qualified that lie outside, and Likely their share of Qualified.
	Outside int `json:"outside_profile"`
	Likely
}

// QualificationReport reports on the shares of deals that are qualified and that fit, over a window
// of [DefaultWindow], and on the answers that go with winning, over one of [DefaultAnswerWindow]; a
// window that is asked for holds for both.
func (s *Service) QualificationReport(ctx context.Context, workspace ID, q ReportQuery) (QualificationReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return QualificationReport{}, err
	}
	closed := p.Days
	if q.Window == 0 {
		closed = DefaultAnswerWindow
	}
	table, err := s.store.CountQualified(ctx, workspace, p, p.before(closed))
	if err != nil {
		return QualificationReport{}, fmt.Errorf("report on the qualification: %w", err)
	}
	return NewQualificationReport(p, closed, table), nil
}

// before returns the beginning of a window of so many days that ends with the period.
func (p Period) before(days int) time.Time { return p.To.In(p.Zone).AddDate(0, 0, -days) }

// NewQualificationReport makes the report of a period from its counts, with the days over which
// closed deals were counted.
func NewQualificationReport(p Period, closedDays int, t QualifiedTable) QualificationReport {
	r := QualificationReport{
		ReportHead: p.head(), Sources: []SourceQualified{}, Owners: []OwnerQualified{},
		Answers: newAnswerReport(p.Funnel.Qualification, closedDays, t.Closed, t.Answers),
	}
	bySource, byOwner := map[string]QualifiedShare{}, map[ID]QualifiedShare{}
	for _, c := range t.Came {
		r.Came = r.Came.and(c)
		bySource[c.Source] = bySource[c.Source].and(c)
		byOwner[c.Owner] = byOwner[c.Owner].and(c)
	}
	r.Came.Likely = likely(r.Came.Qualified, r.Came.Deals)
	for source, share := range bySource {
		share.Likely = likely(share.Qualified, share.Deals)
		r.Sources = append(r.Sources, SourceQualified{source, share})
	}
	for owner, share := range byOwner {
		share.Likely = likely(share.Qualified, share.Deals)
		r.Owners = append(r.Owners, OwnerQualified{owner, t.Names[owner], share})
	}
	slices.SortFunc(r.Sources, func(a, b SourceQualified) int {
		return cmp.Or(cmp.Compare(b.Deals, a.Deals), cmp.Compare(a.Source, b.Source))
	})
	slices.SortFunc(r.Owners, func(a, b OwnerQualified) int {
		return cmp.Or(cmp.Compare(b.Deals, a.Deals), cmp.Compare(a.Name, b.Name), slices.Compare(a.Owner[:], b.Owner[:]))
	})
	r.Open = ProfileShare{
		Deals: t.Open.Deals, Qualified: t.Open.Qualified, Unqualified: t.Open.Deals - t.Open.Qualified,
		Outside: t.Open.Outside, Likely: likely(t.Open.Outside, t.Open.Qualified),
	}
	return r
}

// and adds a group; the interval follows when all are added.
func (s QualifiedShare) and(c CameCount) QualifiedShare {
	return QualifiedShare{Deals: s.Deals + c.Deals, Qualified: s.Qualified + c.Qualified}
}
