package funnel

import (
	"context"
	"fmt"
)

// BehindPart is a number of a report whose deals are asked for.
type BehindPart string

// The numbers. Those of a stage count stays; the last two count deals, by how they stand.
const (
	BehindEntered  BehindPart = "entered"
	BehindAdvanced BehindPart = "advanced"
	BehindBack     BehindPart = "back"
	BehindLost     BehindPart = "lost"
	BehindOpen     BehindPart = "open"
	BehindWins     BehindPart = "wins"
	BehindLosses   BehindPart = "losses"
)

// Behind asks for one page of the deals behind a number of a report.
type Behind struct {
	Part BehindPart
	// Stage narrows the numbers of a stage; empty for the whole funnel. Owner narrows open deals, wins and
	// losses to those that the report on owners counts for the member.
	Stage  StageKey
	Owner  ID
	Offset int
	Limit  int
}

// Behinds finds the deals behind numbers.
type Behinds interface {
	// Behind returns a page of the deals that the number counts and how many there are: each once, however
	// many of its stays are counted, the last that happened first. They are shown as they are now.
	Behind(ctx context.Context, workspace ID, p Period, b Behind) ([]DealView, int, error)
}

// BehindReport is one page of the deals behind a number.
type BehindReport struct {
	ReportHead
	Behind Behind
	Deals  []DealView
	// Total is how many deals there are on all pages.
	Total int
}

// Behind returns the deals behind a number of the report that the query asks for. A number that is none
// is [CodeBadValue].
func (s *Service) Behind(ctx context.Context, workspace ID, q ReportQuery, b Behind) (BehindReport, error) {
	switch b.Part {
	case BehindEntered, BehindAdvanced, BehindBack, BehindLost, BehindOpen, BehindWins, BehindLosses:
	default:
		return BehindReport{}, Refuse(CodeBadValue, Args{"field": "text", "value": shown(string(b.Part))})
	}
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return BehindReport{}, err
	}
	r := BehindReport{ReportHead: p.head(), Behind: b}
	if r.Deals, r.Total, err = s.store.Behind(ctx, workspace, p, b); err != nil {
		return r, fmt.Errorf("find the deals behind %s: %w", b.Part, err)
	}
	return r, nil
}
