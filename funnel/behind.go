package funnel

import (
	"context"
	"fmt"
)

// BehindPart is a number of a report whose deals are asked for.
type BehindPart string

// The numbers. Those of a stage count stays; wins, losses and those of the qualification count deals, by how
// they stand; what was done counts activities.
const (
	BehindEntered  BehindPart = "entered"
	BehindAdvanced BehindPart = "advanced"
	BehindBack     BehindPart = "back"
	BehindLost     BehindPart = "lost"
	BehindOpen     BehindPart = "open"
	BehindWins     BehindPart = "wins"
	BehindLosses   BehindPart = "losses"
	BehindDone     BehindPart = "done"
	// BehindCame are the deals that came in, and BehindQualified those of them that are qualified.
	BehindCame      BehindPart = "came"
	BehindQualified BehindPart = "qualified"
	// BehindKnown and BehindUnknown are the open deals with a qualification and without, and BehindOutside
	// those of the former that lie outside the ideal customer profile.
	BehindKnown   BehindPart = "known"
	BehindUnknown BehindPart = "unknown"
	BehindOutside BehindPart = "outside"
	// BehindAnswered are the closed deals whose answers are held against how they ended, BehindWith those
	// of them that gave an answer, and BehindWithout those that could have and did not.
	BehindAnswered BehindPart = "answered"
	BehindWith     BehindPart = "with"
	BehindWithout  BehindPart = "without"
)

// known reports whether there is such a number, and overAnswers whether it is of the window over which answers
// are held against how deals ended.
func (b BehindPart) known() (known, overAnswers bool) {
	switch b {
	case BehindEntered, BehindAdvanced, BehindBack, BehindLost, BehindOpen, BehindWins, BehindLosses, BehindDone,
		BehindCame, BehindQualified, BehindKnown, BehindUnknown, BehindOutside:
		return true, false
	case BehindAnswered, BehindWith, BehindWithout:
		return true, true
	}
	return false, false
}

// BehindOf is a group that a number of a report is of.
type BehindOf string

// The groups. A group may be the one without: of deals that nobody owns or that have no source, and of what was
// done while a deal was in no stage.
const (
	OfAll    BehindOf = ""
	OfStage  BehindOf = "stage"
	OfOwner  BehindOf = "owner"
	OfWeek   BehindOf = "week"
	OfSource BehindOf = "source"
	OfAnswer BehindOf = "answer"
)

// Behind asks for one page of the deals behind a number of a report.
type Behind struct {
	Part BehindPart
	// Of is the group that the number is narrowed to: by Stage, by Owner as the report counts for the
	// member, by Week as [ActivityCount.Week], by Source, or by the Question and the Option of a [Finding].
	Of       BehindOf
	Stage    StageKey
	Owner    ID
	Week     string
	Source   string
	Question string
	Option   string
	// Kind narrows what was done, besides; empty for all kinds.
	Kind   ActivityKind
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
	known, overAnswers := b.Part.known()
	if !known {
		return BehindReport{}, Refuse(CodeBadValue, Args{"field": "text", "value": shown(string(b.Part))})
	}
	p, err := s.period(ctx, workspace, q)
	if err != nil {
		return BehindReport{}, err
	}
	if overAnswers && q.Window == 0 {
		p.Days, p.From = DefaultAnswerWindow, p.before(DefaultAnswerWindow)
	}
	r := BehindReport{ReportHead: p.head(), Behind: b}
	if r.Deals, r.Total, err = s.store.Behind(ctx, workspace, p, b); err != nil {
		return r, fmt.Errorf("find the deals behind %s: %w", b.Part, err)
	}
	return r, nil
}
