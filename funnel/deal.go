package funnel

import "time"

// Outcome is how a deal stands. "Open" everywhere means outcome open.
type Outcome string

// The outcomes.
const (
	Open Outcome = "open"
	Won  Outcome = "won"
	Lost Outcome = "lost"
)

// Basis says what an amount is paid for.
type Basis string

// The bases of an amount.
const (
	Once    Basis = "once"
	PerYear Basis = "year"
)

// Deal is one sale to one company.
type Deal struct {
	Workspace ID `json:"workspace,omitzero"`
	ID        ID `json:"id,omitzero"`
	// Number is what people call the deal by, counted per workspace from 1.
	Number  int64  `json:"number,omitzero"`
	Company ID     `json:"company,omitzero"`
	Title   string `json:"title,omitzero"`
	// Owner is zero for a deal that nobody has taken.
	Owner  ID       `json:"owner,omitzero"`
	Kind   Kind     `json:"kind,omitzero"`
	Stage  StageKey `json:"stage,omitzero"`
	Amount Money    `json:"amount,omitzero"`
	Basis  Basis    `json:"basis,omitzero"`
	Source string   `json:"source,omitzero"`
	// Signal is what the client did first: asked a price, downloaded, came to a webinar.
	Signal  string            `json:"signal,omitzero"`
	Pain    string            `json:"pain,omitzero"`
	Effect  string            `json:"effect,omitzero"`
	Closing Date              `json:"closing,omitzero"`
	Custom  map[string]string `json:"custom,omitempty"`
	Outcome Outcome           `json:"outcome,omitzero"`
	// Reason is the key of the loss reason while the outcome is lost.
	Reason string `json:"reason,omitzero"`
	// ParkedUntil is the day on which a parked deal wakes; ParkedFrom the stage it left.
	ParkedUntil Date     `json:"parked_until,omitzero"`
	ParkedFrom  StageKey `json:"parked_from,omitzero"`
	Next        NextStep `json:"next,omitzero"`
	// OpenedAt, StageSince and ClosedAt are effective times in UTC.
	OpenedAt   time.Time `json:"opened_at,omitzero"`
	StageSince time.Time `json:"stage_since,omitzero"`
	ClosedAt   time.Time `json:"closed_at,omitzero"`
	SignedAt   time.Time `json:"signed_at,omitzero"`
	// Signing remembers where the signature was reached from, so that a mistaken one can be corrected.
	// It is nil while the deal is not signed, and replaced, never changed.
	Signing *Signing `json:"signing,omitempty"`
	// Historical marks a deal that was signed before it came here: it opens no client work.
	Historical bool `json:"historical,omitzero"`
	// Renews is the signed deal that this one renews.
	Renews ID `json:"renews,omitzero"`
	// External is the identifier in the system that the deal was imported from.
	External string    `json:"external,omitzero"`
	VoidedAt time.Time `json:"voided_at,omitzero"`
	// Version grows by one with every change; buttons carry it to be told when they are old.
	Version int64 `json:"version,omitzero"`
	// Moves and Spells count the rows written so far, so that the next one has its number.
	Moves  int `json:"moves,omitzero"`
	Spells int `json:"spells,omitzero"`
	// LastMoveAt is the effective time of the newest move that still stands.
	LastMoveAt time.Time `json:"last_move_at,omitzero"`
}

// NextStep is what was promised to the client and for when. The zero NextStep is "none".
type NextStep struct {
	What string `json:"what,omitzero"`
	On   Date   `json:"on,omitzero"`
	// At is the instant where a time of day was given.
	At time.Time `json:"at,omitzero"`
	// RemindAt is when the owner is reminded; zero after the reminder was written.
	RemindAt time.Time `json:"remind_at,omitzero"`
}

// IsZero reports whether nothing is promised.
func (n NextStep) IsZero() bool { return n.What == "" && n.On.IsZero() }

// Signing is the stay that a signature ended.
type Signing struct {
	From    StageKey  `json:"from"`
	Entered time.Time `json:"entered"`
	Amount  Money     `json:"amount,omitzero"`
	// Spell is the number of the spell that was closed.
	Spell int `json:"spell"`
}

// Parked reports whether the deal sleeps until a day.
func (d *Deal) Parked() bool { return !d.ParkedUntil.IsZero() }

// DealState is what Decide judges by: the deal with its open spell.
type DealState struct {
	Deal Deal
	// Spell is the stay in the present stage; nil for closed and historical deals.
	Spell *Spell
	// Committee are the deal's people, and Contacts all people of its company who were not
	// forgotten; both only where the unit of work asked for them.
	Committee []ChairView
	Contacts  []Contact
	// Answers are what is known by the questions of the qualification, and Qualified the last
	// qualification that stands or nil; only where the unit of work asked for them. Qualifications is
	// the number of the last one, also of one that was taken back; it is read with them.
	Answers        []Answer
	Qualified      *Qualified
	Qualifications int
}
