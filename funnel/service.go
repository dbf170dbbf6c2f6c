package funnel

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Service is the use cases: one method for each thing that people and timed work can want.
type Service struct {
	store   Store
	funnels func(Kind) *Funnel
	gate    Gate
	clock   func() time.Time
	ids     IDs
	copies  Copies
	stuck   ruleBook
}

// Config is what a [Service] is made of. Store, Funnels, Clock and IDs are required.
type Config struct {
	Store   Store
	Funnels func(Kind) *Funnel
	Gate    Gate
	Clock   func() time.Time
	IDs     IDs
	// Copies are those of conversations that the store ends, if there are any.
	Copies Copies
}

// New returns the use cases over a store.
func New(c Config) *Service {
	return &Service{store: c.Store, funnels: c.Funnels, gate: c.Gate, clock: c.Clock, ids: c.IDs, copies: c.Copies}
}

// Read returns the queries, which change nothing.
func (s *Service) Read() Reader { return s.store }

// Funnel returns the funnel of a kind of deals.
func (s *Service) Funnel(k Kind) *Funnel { return s.funnels(k) }

// Now returns the time by the clock of the service.
func (s *Service) Now() time.Time { return s.clock() }

// Act says who acts, through what, and under which key.
type Act struct {
	Workspace ID
	// Member is zero for timed work.
	Member ID
	// Event is the key of the delivery; every effect has one.
	Event  string
	Origin Origin
	// Said is what was typed or pressed, for acts whose words may mean something else by the time
	// they are delivered again: it stands for the intent under the key, so that the same words get
	// the same answer and others under the key are refused. Empty: the intent itself is compared.
	Said string
	// Talk is the conversation that the act is part of and TalkWas how it is believed to stand; see
	// [Reads].
	Talk    SessionKey
	TalkWas Session
}

// Changed is the result of a use case on a deal, kept under the key of its delivery.
type Changed struct {
	Verb    string `json:"verb"`
	Deal    Deal   `json:"deal"`
	Company string `json:"company"`
	// From is the stage before, and Was the deal before; Was is nil for a new deal.
	From StageKey `json:"from,omitzero"`
	Was  *Deal    `json:"was,omitempty"`
	// Activities are what was logged with the change.
	Activities []Activity `json:"activities,omitempty"`
	// Why is the reason or the note that was given for the move.
	Why string `json:"why,omitzero"`
	// Undone is the verb of the change that was taken back.
	Undone string `json:"undone,omitzero"`
	// Customer is the company where the change touched it, and CustomerWas what it was.
	Customer    *Company `json:"customer,omitempty"`
	CustomerWas *Company `json:"customer_was,omitempty"`
	// Chairs are the committee where the change touched it, in the order in which it is shown, and
	// Person is the one whom the change was about: as he or she was, for one who left.
	Chairs []ChairView `json:"chairs,omitempty"`
	Person *ChairView  `json:"person,omitempty"`
	// Qualified is the qualification that was made, and Before the one before it, if there was one.
	Qualified *Qualified `json:"qualified,omitempty"`
	Before    *Qualified `json:"before,omitempty"`
}

// Faults of the caller: without a key a redelivery would happen twice, and what is asked for in a
// chat is judged by who asks.
var (
	errNoKey    = errors.New("an effect without a key")
	errNoMember = errors.New("a command on a deal from a chat without a member")
	errNoTeam   = errors.New("the workspace has no team")
)

// do runs fn in a unit of work whose result is stored under the key: the same delivery gets the
// same answer, also after a restart and from another process.
func do[T any](ctx context.Context, s *Service, a Act, intent any, reads Reads, fn func(*Env, *Snapshot) (T, *Writes, error)) (T, Stored, error) {
	var result T
	if a.Event == "" {
		return result, Stored{}, errNoKey
	}
	key, err := a.key(intent)
	if err != nil {
		return result, Stored{}, err
	}
	reads.Actor, reads.Talk, reads.TalkWas = a.Member, a.Talk, a.TalkWas
	var talk *TalkSave
	stored, err := s.store.Change(ctx, a.Workspace, key, reads, func(snap *Snapshot) (*Writes, error) {
		if !a.Member.IsZero() && !snap.Actor.Active {
			return nil, Refuse(CodeInactive, nil)
		}
		env := s.env(a, snap)
		r, w, err := fn(env, snap)
		if err != nil {
			return nil, err
		}
		result, talk = r, w.Talk
		if w.Result, err = json.Marshal(kept(&r)); err != nil {
			return nil, fmt.Errorf("keep result: %w", err)
		}
		return w, nil
	})
	s.copy(ctx, talk, stored, err)
	if err != nil {
		return result, Stored{}, err
	}
	if stored.Replayed {
		var again T
		if err := recall(stored.Result, &again); err != nil {
			return result, Stored{}, fmt.Errorf("read stored result: %w", err)
		}
		result = again
	}
	return result, stored, nil
}

// copy brings what a unit of work has done to conversations to their copies. After an error, and where
// another attempt has found the result, nobody knows how the one stands that was to be saved.
func (s *Service) copy(ctx context.Context, talk *TalkSave, stored Stored, err error) {
	if s.copies == nil {
		return
	}
	switch {
	case talk == nil:
	case err != nil || stored.Replayed:
		s.copies.Drop(ctx, talk.Key)
	default:
		s.copies.Keep(ctx, talk.Key, Session{Data: talk.Data, Version: talk.Version + 1}, talk.Life)
	}
	for _, over := range stored.Talks {
		s.copies.Drop(ctx, over)
	}
}

// key is the key of the act, with the hash of what it asks for.
func (a Act) key(intent any) (Key, error) {
	if a.Said != "" {
		intent = a.Said
	}
	asked, err := json.Marshal(struct {
		Member ID
		Intent any
	}{a.Member, intent})
	if err != nil {
		return Key{}, fmt.Errorf("hash intent: %w", err)
	}
	return Key{Event: a.Event, Intent: sha256.Sum256(asked)}, nil
}

func (s *Service) env(a Act, snap *Snapshot) *Env {
	kind := NewBusiness
	switch {
	case snap.Deal != nil:
		kind = snap.Deal.Deal.Kind
	case snap.Asking != nil:
		kind = snap.Asking.Kind
	}
	return &Env{
		Workspace: snap.Workspace, Funnel: s.funnels(kind), Actor: snap.Actor, Now: instant(s.clock()),
		Origin: a.Origin, NewID: s.ids, Gate: s.gate,
	}
}

// Target is the deal that a use case is about.
type Target struct {
	Deal ID
	// Number stands in where Deal is zero.
	Number int64
	// Version is what the person saw; zero means any. Another version is [CodeStale].
	Version int64
}

// change runs commands on one deal.
func (s *Service) change(ctx context.Context, a Act, t Target, verb string, reads Reads, cmds ...Command) (Changed, error) {
	intent := struct {
		Verb   string
		Target Target
		Do     []Command
	}{verb, t, cmds}
	return s.changeAs(ctx, a, t, intent, reads, func(*Env, *DealState) (string, []Command) { return verb, cmds })
}

// changeAs is change for commands that depend on how the deal stands. The intent is what was asked
// for, whatever follows from it.
func (s *Service) changeAs(
	ctx context.Context, a Act, t Target, intent any, reads Reads, as func(*Env, *DealState) (verb string, cmds []Command),
) (Changed, error) {
	if a.Member.IsZero() && a.Origin == FromChat {
		return Changed{}, errNoMember
	}
	reads.Deal, reads.Number = t.Deal, t.Number
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		if snap.Deal == nil {
			return Changed{}, nil, Refuse(CodeNoDeal, Args{"ref": fmt.Sprintf("#%d", t.Number)})
		}
		if t.Version != 0 && t.Version != snap.Deal.Deal.Version {
			return Changed{}, nil, Refuse(CodeStale, Args{"deal": snap.Deal.Deal.Number})
		}
		if !reads.Subject.IsZero() && (snap.Subject == nil || !snap.Subject.Active) {
			return Changed{}, nil, Refuse(CodeNoMember, Args{"name": ""})
		}
		if err := snap.renewedElsewhere(); err != nil {
			return Changed{}, nil, err
		}
		verb, cmds := as(e, snap.Deal)
		for i, c := range cmds {
			if edit, ok := c.(Edit); ok && edit.Field.OfCompany() && snap.Company != nil {
				edit.Company = *snap.Company
				cmds[i] = edit
			}
		}
		d, err := Decide(e, *snap.Deal, cmds...)
		if err != nil {
			return Changed{}, nil, err
		}
		return s.settle(e, snap, &d, verb)
	})
	return r, err
}

// settle turns a decision into what is stored and what is answered.
func (s *Service) settle(e *Env, snap *Snapshot, d *Decision, verb string) (Changed, *Writes, error) {
	w := &Writes{Deal: d}
	hold(e, d.Notices, snap.Subject)
	if !d.Silent {
		w.Change = d.record(e, verb)
	}
	r := Changed{
		Verb: verb, Deal: d.After.Deal, From: d.Before.Deal.Stage, Activities: d.Activities,
		Customer: d.Customer, CustomerWas: d.CustomerWas,
	}
	if !d.IsNew() {
		was := d.Before.Deal
		r.Was = &was
	}
	for _, m := range d.Moves {
		if r.Why = m.Note; m.Kind == MoveReturn || m.Kind == MovePark {
			r.Why = m.Reason
		}
	}
	if snap.Company != nil {
		r.Company = snap.Company.Name
	}
	if d.Customer != nil {
		r.Company = d.Customer.Name
	}
	r.seat(e.Funnel, d)
	return r, w, nil
}
