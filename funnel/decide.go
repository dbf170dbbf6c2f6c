package funnel

import (
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// Env is everything besides the deal that a decision depends on. Decisions read no clock, no
// random source and no database.
type Env struct {
	Workspace Workspace
	Funnel    *Funnel
	// Actor is the zero Member for timed work and for import.
	Actor  Member
	Now    time.Time
	Origin Origin
	NewID  IDs
	Gate   Gate
	// RecordedAt is when the bot counts as having learned of the change. The zero time means Now;
	// an import counts as recorded when it happened, so that reports of the past repeat.
	RecordedAt time.Time
}

// recorded returns the recording time of something that took effect at t.
func (e *Env) recorded(t time.Time) time.Time {
	switch {
	case !e.RecordedAt.IsZero():
		return e.RecordedAt
	case e.Origin == FromImport:
		return t
	}
	return e.Now
}

// Command is one thing that is to happen to a deal. The set is closed.
type Command interface {
	decide(e *Env, d *Decision) error
}

// Gate lists what is still unmet before a deal may go forward from one stage to another.
// A nil Gate lets everything pass.
type Gate func(s DealState, from, to StageKey) []Unmet

// Unmet is an exit criterion that does not hold.
type Unmet struct {
	Stage     StageKey
	Criterion string
}

// Decision is what a sequence of commands comes to: the deal afterwards and the rows to store.
type Decision struct {
	// Before is the state the decision was made on; its deal has no version when it is new.
	Before DealState
	After  DealState
	Moves  []Move
	// Closed are spells that stood before and end now; Opened are new ones.
	Closed []Spell
	Opened []Spell
	// VoidSpellsFrom takes every standing spell of this number and above out of the statistics.
	// Zero voids none.
	VoidSpellsFrom int
	Activities     []Activity
	// VoidActivities are taken back.
	VoidActivities []ID
	Contract       ContractChange
	Notices        []Notification
	// Customer is the company as it shall be, or nil where it stays; CustomerWas is the company that
	// was decided on. Only what differs is stored, because another deal of the same company may
	// have changed the rest meanwhile.
	Customer    *Company
	CustomerWas *Company
	// Contacts are new people of the company, or known ones as they shall be; nobody who was forgotten
	// meanwhile is written. VoidContacts are people whose first mention is taken back: they go unless
	// another deal has a place for them by then.
	Contacts     []Contact
	VoidContacts []ID
	// Chairs are places in the committee as they shall be, Gone those who leave it.
	Chairs []Chair
	Gone   []ID
	// Qualified is a qualification to store; VoidQualified takes the one of that number back.
	Qualified     *Qualified
	VoidQualified int
	// about is the person of the client whom the decision is about, or zero.
	about ID
	// Silent marks bookkeeping: nobody sees it as a change, so the version stays and buttons
	// that were shown stay good.
	Silent bool
}

// ContractChange is what happens to the contract of the deal. The zero value leaves it.
type ContractChange struct {
	Sign *Contract
	// StartedAt is written where it is not zero; Unstart clears it; Void takes the contract out,
	// and Restore, where it is not zero, brings back the one that was taken out at that instant.
	StartedAt time.Time
	Unstart   bool
	Void      bool
	Restore   time.Time
	// Revalue writes amount and basis of the deal into its contract: they were corrected after the
	// signature.
	Revalue bool
}

// Decide is the only place that judges what may happen to a deal: chat, buttons, import, undo and
// timed work all come through here. It applies the commands in order to the state and returns what
// has to be stored, or an [Error] and nothing. It has no side effects and does not keep or change
// what it is given.
func Decide(e *Env, s DealState, cmds ...Command) (Decision, error) {
	d := Decision{Before: s, After: s}
	if s.Spell != nil {
		spell := *s.Spell
		d.After.Spell = &spell
	}
	for _, c := range cmds {
		if err := c.decide(e, &d); err != nil {
			return Decision{}, err
		}
	}
	d.revalue()
	d.seats()
	d.Silent = d.Silent || e.Origin != FromImport && d.idle()
	if !d.Silent {
		d.After.Deal.Version++
	}
	return d, nil
}

// idle reports whether everything stays as it was. Nothing is recorded then: to take it back would
// take back nothing, where an earlier change is meant.
func (d *Decision) idle() bool {
	written := len(d.Moves) + len(d.Opened) + len(d.Closed) + len(d.Activities) + len(d.VoidActivities) + d.VoidSpellsFrom +
		len(d.Chairs) + len(d.Gone) + len(d.Contacts) + len(d.VoidContacts) + d.VoidQualified
	return written == 0 && d.Qualified == nil && !d.IsNew() && d.Contract == (ContractChange{}) &&
		reflect.DeepEqual(d.Customer, d.CustomerWas) && reflect.DeepEqual(d.Before.Deal, d.After.Deal)
}

// seats turns what became of the committee and of the people of the company into rows.
func (d *Decision) seats() {
	for _, v := range d.After.Committee {
		was, ok := chairOf(d.Before.Committee, v.Contact)
		if !ok || !was.same(&v.Chair) {
			d.Chairs = append(d.Chairs, v.Chair)
		}
	}
	for _, v := range d.Before.Committee {
		if _, ok := chairOf(d.After.Committee, v.Contact); !ok {
			d.Gone = append(d.Gone, v.Contact)
		}
	}
	for _, p := range d.After.Contacts {
		if was, ok := contactOf(d.Before.Contacts, p.ID); !ok || was != p {
			d.Contacts = append(d.Contacts, p)
		}
	}
	for _, p := range d.Before.Contacts {
		if _, ok := contactOf(d.After.Contacts, p.ID); !ok {
			d.VoidContacts = append(d.VoidContacts, p.ID)
		}
	}
}

// revalue keeps the contract of a signed deal at what the deal is worth.
func (d *Decision) revalue() {
	was, is := &d.Before.Deal, &d.After.Deal
	d.Contract.Revalue = was.Outcome == Won && is.Outcome == Won && (was.Amount != is.Amount || was.Basis != is.Basis)
}

// IsNew reports whether the decision opens the deal.
func (d *Decision) IsNew() bool { return d.Before.Deal.Version == 0 }

// effective checks the time of a change of stage: not ahead of now and not before the last move.
// The zero time stands for now.
func (d *Decision) effective(e *Env, at time.Time) (time.Time, error) {
	deal := &d.After.Deal
	if at.IsZero() {
		at = e.Now
		if at.Before(deal.LastMoveAt) {
			// Another process's clock ran ahead; order is worth more than a second.
			at = deal.LastMoveAt
		}
		return at.UTC(), nil
	}
	at = instant(at)
	if at.After(e.Now) {
		return at, Refuse(CodeInFuture, Args{"date": at})
	}
	if at.Before(deal.LastMoveAt) {
		return at, Refuse(CodeBeforeLast, Args{"deal": deal.Number, "date": at, "last": deal.LastMoveAt})
	}
	return at, nil
}

// instant gives a time the form in which it is stored: UTC, whole microseconds, no monotonic
// reading. What is answered at once is then equal to what is read later.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// standing refuses deals that were taken out of the numbers.
func (d *Decision) standing() error {
	if !d.After.Deal.VoidedAt.IsZero() {
		return Refuse(CodeDealVoided, Args{"deal": d.After.Deal.Number})
	}
	return nil
}

// open refuses deals that are closed.
func (d *Decision) open() error {
	if err := d.standing(); err != nil {
		return err
	}
	deal := &d.After.Deal
	switch deal.Outcome {
	case Lost:
		return Refuse(CodeDealLost, Args{"deal": deal.Number, "reason": deal.Reason})
	case Won:
		return Refuse(CodeDealWon, Args{"deal": deal.Number})
	case Open:
	}
	return nil
}

// addMove appends a move and makes it the last one.
func (d *Decision) addMove(e *Env, m Move) {
	deal := &d.After.Deal
	deal.Moves++
	m.Deal, m.Seq, m.Actor, m.Origin = deal.ID, deal.Moves, e.Actor.ID, e.Origin
	m.RecordedAt = e.recorded(m.EffectiveAt)
	deal.LastMoveAt = m.EffectiveAt
	d.Moves = append(d.Moves, m)
}

// leave ends the open spell, if there is one.
func (d *Decision) leave(e *Env, exit Exit, to StageKey, at time.Time) {
	s := d.After.Spell
	if s == nil {
		return
	}
	s.Left, s.Exit, s.Destination, s.LeftRecordedAt = at, exit, to, e.recorded(at)
	d.After.Spell = nil
	for i := range d.Opened {
		if d.Opened[i].Seq == s.Seq {
			d.Opened[i] = *s
			return
		}
	}
	d.Closed = append(d.Closed, *s)
}

// enter puts the deal into a stage and begins a spell there.
func (d *Decision) enter(e *Env, stage StageKey, at time.Time) {
	deal := &d.After.Deal
	deal.Stage, deal.StageSince = stage, at
	d.begin(Spell{Stage: stage, Entered: at, Amount: deal.Amount, RecordedAt: e.recorded(at)})
}

// begin appends a spell under the next number and makes it the open one.
func (d *Decision) begin(s Spell) {
	deal := &d.After.Deal
	deal.Spells++
	s.Deal, s.Seq = deal.ID, deal.Spells
	d.Opened = append(d.Opened, s)
	d.After.Spell = &s
}

// Limits on what people type, in characters: long enough for any honest use, short enough for
// every card and message.
const (
	MaxTitle = 200
	MaxText  = 4000
	MaxName  = 200
)

// fits refuses texts that are longer than the limit, or that are no text: bytes that are not UTF-8
// and the character NUL, which no database keeps.
func fits(field, text string, limit int) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Refuse(CodeBadValue, Args{"field": field, "value": shown(text)})
	}
	if utf8.RuneCountInString(text) > limit {
		return Refuse(CodeTooLong, Args{"field": field, "limit": limit})
	}
	return nil
}

// shown is the beginning of a text that cannot be kept, in a form that can be shown.
func shown(text string) string {
	const most = 40
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if r := []rune(text); len(r) > most {
		text = string(r[:most])
	}
	return text
}
