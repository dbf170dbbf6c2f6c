package funnel

import "time"

// Digest is what a manager is told of the sale on one day: data, put into words when it is delivered.
// Deals stand in it by their identifiers; what they are called is read then.
type Digest struct {
	AsOf time.Time `json:"as_of"`
	// On is the day that it is for, in the zone of whoever gets it.
	On       Date     `json:"on"`
	Currency Currency `json:"currency"`
	// Since is from when on things are news: the digest before, or the working day before.
	Since time.Time `json:"since"`
	// Missed are the working days before that got none.
	Missed []Date `json:"missed,omitempty"`
	// Full says that the analysis is told at length: on one day of the week, and when it changes.
	Full bool       `json:"full"`
	News DigestNews `json:"news"`
	// Plan is nil where a month has neither a plan nor a forecast.
	Plan       *DigestPlan      `json:"plan,omitempty"`
	Bottleneck DigestBottleneck `json:"bottleneck"`
	// Deals are the ones to talk about today, at most [digestDeals].
	Deals []StuckDeal `json:"deals,omitempty"`
	// Stuck is how many deals stand too long, and StuckRules are what they were judged by: the next digest
	// tells by them which deals are stuck that were not before.
	Stuck      int         `json:"stuck"`
	StuckRules []StuckRule `json:"stuck_rules,omitempty"`
	// Work is how the open deals are kept; nil for a day of the past, of which that is not known.
	Work *DigestWork `json:"work,omitempty"`
	// Attention is what the last seven days went into.
	Attention DigestAttention `json:"attention"`
	// Outside are open deals outside of the ideal customer profile.
	Outside DigestGroup `json:"outside"`
	// Advice is what came of advice that was accepted; on days with the full analysis.
	Advice []DigestAdvice `json:"advice,omitempty"`
	// Without are the sections that are not wanted.
	Without []DigestSection `json:"without,omitempty"`
}

// digestDeals is how many deals a digest names to be talked about.
const digestDeals = 3

// DigestNews is what happened since the digest before.
type DigestNews struct {
	Opened   DigestGroup `json:"opened"`
	Won      DigestGroup `json:"won"`
	Lost     DigestGroup `json:"lost"`
	Advanced DigestGroup `json:"advanced"`
	// Risks are deals that began to stand too long.
	Risks DigestGroup `json:"risks"`
}

// IsZero reports whether nothing happened.
func (n *DigestNews) IsZero() bool {
	return n.Opened.Deals+n.Won.Deals+n.Lost.Deals+n.Advanced.Deals+n.Risks.Deals == 0
}

// DigestGroup is a number of deals of which the largest are named.
type DigestGroup struct {
	Deals int `json:"deals"`
	// Sum is what those are worth that have an amount in the currency of the workspace.
	Sum   Sum          `json:"sum"`
	Named []DigestDeal `json:"named,omitempty"`
}

// DigestDeal names a deal, and the stage in which it is now or the reason why it was lost.
type DigestDeal struct {
	Deal   ID       `json:"deal"`
	Number int64    `json:"number"`
	Stage  StageKey `json:"stage,omitzero"`
	Reason string   `json:"reason,omitzero"`
}

// DigestPlan is the present month: the plan, what was signed, and what will have been by its end.
type DigestPlan struct {
	// Month is such as "2026-11".
	Month string `json:"month"`
	// Plan is nil where none is set.
	Plan *Sum `json:"plan,omitempty"`
	Won  Sum  `json:"won"`
	// Expected is what is signed already and what the open deals will bring in the month, with the band
	// in which it lies in eight of ten cases.
	Expected Sum `json:"expected"`
	Low      Sum `json:"low"`
	High     Sum `json:"high"`
	// TooFew says that the chances stand on too few exits to be more than a guess.
	TooFew bool `json:"too_few"`
}

// DigestBottleneck is the weakest link of the sale, as a report cut down to what a digest tells.
type DigestBottleneck struct {
	WindowDays int  `json:"window_days"`
	Widened    bool `json:"widened"`
	TooFew     bool `json:"too_few"`
	// Weakest is nil where there is none.
	Weakest *Ranked `json:"weakest,omitempty"`
	// Since is the first day on which it was said; Unchanged says that nothing about it has changed since
	// the digest before.
	Since     Date `json:"since,omitzero"`
	Unchanged bool `json:"unchanged"`
	// Withheld says that the cause is somebody's, which is told in private only.
	Withheld bool `json:"withheld,omitzero"`
	// Decided is what was decided about the advice, if anything was.
	Decided *Advice `json:"decided,omitempty"`
	// Stages are those of the report, for the picture.
	Stages []DigestStage `json:"stages,omitempty"`
}

// Standing is how many days it has been said, the first and that of the digest included.
func (b *DigestBottleneck) Standing(on Date) int { return on.Sub(b.Since) + 1 }

// DigestStage is one stage of the sale in the window.
type DigestStage struct {
	Key        StageKey   `json:"key"`
	Entered    int        `json:"entered"`
	Conversion Conversion `json:"conversion"`
}

// DigestWork is how open deals are kept.
type DigestWork struct {
	Open int `json:"open"`
	// NoStep have no next step, Overdue one whose day is over.
	NoStep  int `json:"no_step"`
	Overdue int `json:"overdue"`
}

// DigestAttention counts activities by whether they were with clients.
type DigestAttention struct {
	Clients int `json:"clients"`
	New     int `json:"new"`
}

// DigestAdvice is advice that was accepted, and the conversion of the stage since then.
type DigestAdvice struct {
	Advice Advice     `json:"advice"`
	Days   int        `json:"days"`
	Since  Conversion `json:"since"`
	// Review says that the day of the review has come.
	Review bool `json:"review"`
}

// DigestSection is a part of a digest that can be left out.
type DigestSection string

// The sections, in their order.
const (
	SectionNews       DigestSection = "news"
	SectionPlan       DigestSection = "plan"
	SectionBottleneck DigestSection = "bottleneck"
	SectionDeals      DigestSection = "deals"
	SectionWork       DigestSection = "work"
	SectionAttention  DigestSection = "attention"
	SectionProfile    DigestSection = "profile"
	SectionPicture    DigestSection = "picture"
)

// DigestSections lists every section in its order.
func DigestSections() []DigestSection {
	return []DigestSection{
		SectionNews, SectionPlan, SectionBottleneck, SectionDeals, SectionWork, SectionAttention, SectionProfile, SectionPicture,
	}
}
