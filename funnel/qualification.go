package funnel

import "time"

// Given is one answer of a qualification: the fields of its kind, the others zero. The zero Given
// stands for a question that was skipped.
type Given struct {
	Kind QuestionKind `json:"kind,omitzero"`
	Text string       `json:"text,omitzero"`
	// Keys are the options that were chosen: one for [AskOne], yes or no for [AskYesNo].
	Keys   []string `json:"keys,omitempty"`
	Number float64  `json:"number,omitzero"`
	Money  Money    `json:"money,omitzero"`
	Date   Date     `json:"date,omitzero"`
	// Contact and Name are the person of [AskPerson]; Contact is zero for one not known here before.
	Contact ID     `json:"contact,omitzero"`
	Name    string `json:"name,omitzero"`
}

// Skipped reports whether the question was skipped.
func (g *Given) Skipped() bool { return g.Kind == "" }

// Answer is what is known of a deal by one question, and who said so last.
type Answer struct {
	Question string    `json:"question"`
	Given    Given     `json:"given"`
	Member   ID        `json:"member,omitzero"`
	At       time.Time `json:"at,omitzero"`
}

// Verdict is what a qualification comes to.
type Verdict string

// The verdicts.
const (
	// Undecided: too little is known to tell.
	Undecided Verdict = "undecided"
	Promising Verdict = "promising"
	Nurture   Verdict = "nurture"
	NotAFit   Verdict = "not_a_fit"
)

// Assessment is what answers come to.
type Assessment struct {
	// Score is of 100, of the weight that was asked for; Known how many percent of it are answered.
	Score   int     `json:"score"`
	Known   int     `json:"known"`
	Parts   []Part  `json:"parts"`
	Verdict Verdict `json:"verdict"`
	// Reasons are the two or three grounds of the verdict, the heaviest first.
	Reasons []Ground `json:"reasons,omitempty"`
	// Missing are the unanswered questions that matter most, the heaviest first.
	Missing []string `json:"missing,omitempty"`
	// Payback is in months; zero where it cannot be computed.
	Payback float64 `json:"payback,omitzero"`
	// Outside are the questions by whose answers the deal lies outside the ideal customer profile.
	Outside []string `json:"outside,omitempty"`
	// Reason is the loss reason that is proposed with [NotAFit].
	Reason string `json:"reason,omitzero"`
	// Until is the day that a deal is proposed to be parked to with [Nurture].
	Until Date `json:"until,omitzero"`
	// Stage is where a promising deal is proposed to go; empty where it is there or beyond.
	Stage StageKey `json:"stage,omitzero"`
}

// Part is the share of one section in the score.
type Part struct {
	Section string `json:"section"`
	// Points are of Of; both in the weights of the file.
	Points float64 `json:"points"`
	Of     float64 `json:"of"`
	// Given is how many of Asked questions are answered.
	Given int `json:"given"`
	Asked int `json:"asked"`
}

// Ground is one reason of a verdict.
type Ground struct {
	Kind GroundKind `json:"kind"`
	// Question is the question whose answer is the ground; for a payback it is empty.
	Question string `json:"question,omitzero"`
	// Option is the option that was chosen, where one was.
	Option string `json:"option,omitzero"`
}

// GroundKind is what sort of reason a [Ground] is. Every kind has sentences in every language.
type GroundKind string

// The kinds of grounds.
const (
	// GroundStrong and GroundWeak: the answer speaks for or against the deal.
	GroundStrong GroundKind = "strong"
	GroundWeak   GroundKind = "weak"
	// GroundUnknown: what matters is not known.
	GroundUnknown GroundKind = "unknown"
	// GroundOutside: the answer lies outside the ideal customer profile.
	GroundOutside GroundKind = "outside"
	// GroundExcluded: the answer disqualifies.
	GroundExcluded GroundKind = "excluded"
	// GroundPayback and GroundSlow: the payback is short, or long.
	GroundPayback GroundKind = "payback"
	GroundSlow    GroundKind = "slow_payback"
)

// Qualified is one finished qualification of a deal.
type Qualified struct {
	// Seq counts from 1 per deal.
	Seq        int        `json:"seq"`
	Member     ID         `json:"member,omitzero"`
	At         time.Time  `json:"at"`
	Assessment Assessment `json:"assessment"`
	// Answers are what was known then, by question.
	Answers []Answer `json:"answers,omitempty"`
	// Definition is the version of the funnel that asked.
	Definition int `json:"definition"`
}

// Asking is an open qualification dialog of a member about a deal. There is one at most for each
// member and deal; it stands in one place and can be gone on with in another.
type Asking struct {
	// ID is that of the dialog in the place where it stands.
	ID     string `json:"id"`
	Member ID     `json:"member"`
	Deal   ID     `json:"deal"`
	Number int64  `json:"number,omitzero"`
	// Kind is that of the deal, which tells the funnel.
	Kind Kind `json:"kind,omitzero"`
	// Place is that of the session, in the words of its door: door/chat.
	Place   string    `json:"place"`
	BegunAt time.Time `json:"begun_at"`
	HeardAt time.Time `json:"heard_at"`
	// DueAt is when the person is reminded, or where Reminded says that this has happened, when the
	// dialog ends.
	DueAt    time.Time `json:"due_at"`
	Reminded bool      `json:"reminded,omitzero"`
	// EndedAt is zero while the dialog is open; How is what ended it.
	EndedAt time.Time `json:"ended_at,omitzero"`
	How     AskingEnd `json:"how,omitzero"`
}

// AskingEnd is how a qualification dialog ended.
type AskingEnd string

// The ends of a dialog.
const (
	AskingFinished  AskingEnd = "finished"
	AskingCancelled AskingEnd = "cancelled"
	AskingSilence   AskingEnd = "silence"
	// AskingTaken: it was gone on with under another identifier, in another place or anew.
	AskingTaken AskingEnd = "taken"
)
