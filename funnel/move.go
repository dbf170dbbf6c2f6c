package funnel

import "time"

// MoveKind says what sort of change of stage a move is.
type MoveKind string

// The kinds of moves.
const (
	MoveOpen    MoveKind = "open"
	MoveAdvance MoveKind = "advance"
	MoveReturn  MoveKind = "back"
	MoveWon     MoveKind = "won"
	MoveLost    MoveKind = "lost"
	MovePark    MoveKind = "park"
	MoveWake    MoveKind = "wake"
	MoveReopen  MoveKind = "reopen"
	MoveUndo    MoveKind = "undo"
	MoveVoid    MoveKind = "void"
)

// Origin says through what a change came.
type Origin string

// The origins. History that was imported notifies nobody.
const (
	FromChat   Origin = "chat"
	FromImport Origin = "import"
	FromTimer  Origin = "timer"
)

// Move is one recorded change of stage. Moves are the truth: they are appended and never changed.
type Move struct {
	Deal ID       `json:"deal,omitzero"`
	Seq  int      `json:"seq,omitzero"`
	Kind MoveKind `json:"kind,omitzero"`
	// From is empty for the first move of a deal.
	From  StageKey `json:"from,omitzero"`
	To    StageKey `json:"to,omitzero"`
	Actor ID       `json:"actor,omitzero"`
	// EffectiveAt is when it happened, RecordedAt when the bot learned of it; both UTC.
	EffectiveAt time.Time `json:"effective_at,omitzero"`
	RecordedAt  time.Time `json:"recorded_at,omitzero"`
	Reason      string    `json:"reason,omitzero"`
	Note        string    `json:"note,omitzero"`
	Origin      Origin    `json:"origin,omitzero"`
	// External is the identifier of the source row of an imported move.
	External string `json:"external,omitzero"`
	// Undoes is the number of the oldest move that a compensation takes back, else 0.
	Undoes int `json:"undoes,omitzero"`
}

// Exit is how a spell ended.
type Exit string

// The exits. Stayed is a spell that has not ended.
const (
	Stayed  Exit = ""
	Advance Exit = "advance"
	Loss    Exit = "lost"
	Back    Exit = "back"
)

// Spell is one stay in a stage. Spells are derived from moves and can be rebuilt from them.
type Spell struct {
	Deal    ID        `json:"deal,omitzero"`
	Seq     int       `json:"seq,omitzero"`
	Stage   StageKey  `json:"stage,omitzero"`
	Entered time.Time `json:"entered,omitzero"`
	// Left is zero while the deal stays.
	Left        time.Time `json:"left,omitzero"`
	Exit        Exit      `json:"exit,omitzero"`
	Destination StageKey  `json:"destination,omitzero"`
	// Amount is the deal's amount at entry.
	Amount Money `json:"amount,omitzero"`
	// RecordedAt and LeftRecordedAt are when the bot learned of entry and exit.
	RecordedAt     time.Time `json:"recorded_at,omitzero"`
	LeftRecordedAt time.Time `json:"left_recorded_at,omitzero"`
	VoidedAt       time.Time `json:"voided_at,omitzero"`
}
