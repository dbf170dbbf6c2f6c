package funnel

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// OwnerTable is what a report on owners is made of.
type OwnerTable struct {
	// Names are those of all members, also of those who no longer take part.
	Names  map[ID]string
	Open   []OpenCount
	Closed []ClosedCount
}

// OwnersReport is what each owner has open and has closed.
type OwnersReport struct {
	ReportHead
	// Owners has everybody with an open or closed deal, most won deals first.
	Owners []OwnerReport `json:"owners"`
}

// OwnerReport is one owner of a report.
type OwnerReport struct {
	// Owner is zero, and Name empty, for deals that nobody has taken.
	Owner ID     `json:"owner"`
	Name  string `json:"name"`
	Totals
}

// OwnersReport reports on open and closed deals by owner.
func (s *Service) OwnersReport(ctx context.Context, workspace ID, q ReportQuery) (OwnersReport, error) {
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return OwnersReport{}, err
	}
	table, err := s.store.CountOwners(ctx, workspace, p)
	if err != nil {
		return OwnersReport{}, fmt.Errorf("report on owners: %w", err)
	}
	return NewOwnersReport(p, table), nil
}

// NewOwnersReport makes the report of a period from its counts.
func NewOwnersReport(p Period, t OwnerTable) OwnersReport {
	open, closed := map[ID][]OpenCount{}, map[ID][]ClosedCount{}
	seen := map[ID]bool{}
	for _, o := range t.Open {
		open[o.Owner] = append(open[o.Owner], o)
		seen[o.Owner] = true
	}
	for _, c := range t.Closed {
		closed[c.Owner] = append(closed[c.Owner], c)
		seen[c.Owner] = true
	}
	r := OwnersReport{ReportHead: p.head(), Owners: []OwnerReport{}}
	for id := range seen {
		row := OwnerReport{Owner: id, Name: t.Names[id], Totals: newTotals(p.Funnel, open[id], closed[id])}
		// Targets and clients alone are neither open nor closed business.
		if row.Open+row.Won+row.Lost > 0 {
			r.Owners = append(r.Owners, row)
		}
	}
	slices.SortFunc(r.Owners, func(a, b OwnerReport) int {
		return cmp.Or(
			cmp.Compare(b.Won, a.Won), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Name, b.Name),
			slices.Compare(a.Owner[:], b.Owner[:]),
		)
	})
	return r
}
