package funnel

import "slices"

// StageKey names a stage for ever; titles may change.
type StageKey string

// Kind is what sort of business a deal is. The kind picks the funnel; kinds are never pooled in
// a conversion.
type Kind string

// The kinds of deals.
const (
	NewBusiness Kind = "new"
	Renewal     Kind = "renewal"
	Expansion   Kind = "expansion"
)

// Titles are names of one thing in every language.
type Titles map[Locale]string

// In returns the title in the language, or in any other language that has one.
func (t Titles) In(l Locale) string {
	if s := t[l]; s != "" {
		return s
	}
	if s := t[English]; s != "" {
		return s
	}
	for _, s := range t {
		return s
	}
	return ""
}

// Stage is one level of a funnel.
type Stage struct {
	Key    StageKey
	Titles Titles
	// Aliases are other words that people use for the stage, in any language.
	Aliases []string
	// Target marks the level of companies that are named but not yet talking. Its deals stay
	// outside win rate, forecast and stuck lists.
	Target bool
	// StuckAfter is the number of days after which a deal counts as stuck while there are too
	// few exits to know better.
	StuckAfter int
	// Conversion is a hint at the share of deals that go on from the stage, for a workspace without
	// numbers of its own; Goal is the share that the workspace wants to reach. Both are 0..1, and 0
	// says that there is none.
	Conversion float64
	Goal       float64
	// People are keys of the committee roles that should be known at the stage.
	People []string
}

// ReasonClass tells a lost sale from a lead that was never a client of ours.
type ReasonClass string

// The classes of loss reasons.
const (
	LostSale     ReasonClass = "lost"
	Disqualified ReasonClass = "disqualified"
)

// Reason is why deals are lost.
type Reason struct {
	Key     string
	Titles  Titles
	Aliases []string
	Class   ReasonClass
}

// Source is the channel that a deal came through.
type Source struct {
	Key     string
	Titles  Titles
	Aliases []string
}

// Funnel is the ordered set of stages for one kind of deal, with what belongs to it. It is read
// from a file by package definition; no stage is written in Go.
type Funnel struct {
	Kind    Kind
	Version int
	Stages  []Stage
	// Signature is the stage entered by signing; every stage before it is a sale, every stage
	// from it on is client work.
	Signature StageKey
	// Entry is where new and incoming leads start; targets start at the first stage.
	Entry   StageKey
	Reasons []Reason
	Sources []Source
	// Roles are the parts of a buying committee; SilentAfter is after how many days without a touch
	// somebody of it counts as silent.
	Roles       []CommitteeRole
	SilentAfter int
	// Qualification is nil for a funnel that asks nothing.
	Qualification *Qualification
}

// Index returns the position of the stage, or -1.
func (f *Funnel) Index(key StageKey) int {
	return slices.IndexFunc(f.Stages, func(s Stage) bool { return s.Key == key })
}

// Stage returns the stage of the key.
func (f *Funnel) Stage(key StageKey) (Stage, bool) {
	i := f.Index(key)
	if i < 0 {
		return Stage{}, false
	}
	return f.Stages[i], true
}

// Signed reports whether the stage lies behind the signature.
func (f *Funnel) Signed(key StageKey) bool {
	return f.Index(key) >= f.Index(f.Signature)
}

// Next returns the stage after key, or "" at the end.
func (f *Funnel) Next(key StageKey) StageKey {
	i := f.Index(key)
	if i < 0 || i+1 >= len(f.Stages) {
		return ""
	}
	return f.Stages[i+1].Key
}

// Previous returns the stage before key, or "" at the start.
func (f *Funnel) Previous(key StageKey) StageKey {
	i := f.Index(key)
	if i <= 0 {
		return ""
	}
	return f.Stages[i-1].Key
}

// Reason returns the loss reason of the key.
func (f *Funnel) Reason(key string) (Reason, bool) {
	for _, r := range f.Reasons {
		if r.Key == key {
			return r, true
		}
	}
	return Reason{}, false
}

// Source returns the channel of the key.
func (f *Funnel) Source(key string) (Source, bool) {
	for _, s := range f.Sources {
		if s.Key == key {
			return s, true
		}
	}
	return Source{}, false
}
