package funnel

import (
	"context"
	"slices"
	"time"
)

// LogActivity records what happened on a deal. It may have happened on any day up to now, also on
// a closed deal. Those of the client whom the text names count as touched.
type LogActivity struct {
	// Kind is what happened; empty means a note.
	Kind      ActivityKind
	Direction Direction
	Text      string
	At        time.Time
	External  string
	Ref       string
}

func (c LogActivity) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if err := fits("text", c.Text, MaxText); err != nil {
		return err
	}
	if err := fits("text", c.External, MaxName); err != nil {
		return err
	}
	if err := fits("text", c.Ref, MaxText); err != nil {
		return err
	}
	kind := c.Kind
	if kind == "" {
		kind = Note
	}
	if !slices.Contains(ActivityKinds(), kind) {
		return Refuse(CodeBadValue, Args{"field": "activity", "value": shown(string(kind))})
	}
	if c.Direction != Undirected && c.Direction != Outgoing && c.Direction != Incoming {
		return Refuse(CodeBadValue, Args{"field": "direction", "value": shown(string(c.Direction))})
	}
	at := e.Now
	if !c.At.IsZero() {
		at = instant(c.At)
	}
	if at.After(e.Now) {
		return Refuse(CodeInFuture, Args{"date": at})
	}
	d.Activities = append(d.Activities, Activity{
		ID: e.NewID(), Deal: d.After.Deal.ID, Kind: kind, Direction: c.Direction, Text: c.Text,
		At: at, RecordedAt: e.recorded(at), Member: e.Actor.ID, Origin: e.Origin, External: c.External, Ref: c.Ref,
		People: Named(c.Text, d.After.Contacts),
	})
	return nil
}

// SetNext says what was promised to the client, and for when. It takes the place of the step
// before.
type SetNext struct {
	What string
	// On is a day from today on.
	On Date
	// At is the instant on that day, where a time was given.
	At time.Time
}

func (c SetNext) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	deal := &d.After.Deal
	if deal.Outcome == Lost {
		return Refuse(CodeDealLost, Args{"deal": deal.Number, "reason": deal.Reason})
	}
	if err := fits("step", c.What, MaxText); err != nil {
		return err
	}
	if err := c.On.promised(e); err != nil {
		return err
	}
	if !c.At.IsZero() && c.At.Before(e.Now) {
		return Refuse(CodeInPast, Args{"date": c.On})
	}
	deal.Next = NextStep{What: c.What, On: c.On}
	remind := e.Workspace.Calendar.StartOf(c.On).On(c.On, e.zone())
	if !c.At.IsZero() {
		deal.Next.At = instant(c.At)
		remind = c.At
	}
	if remind.After(e.Now) {
		deal.Next.RemindAt = instant(remind)
	}
	return nil
}

// FinishNext records that the next step was taken.
type FinishNext struct{ Note string }

func (c FinishNext) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	deal := &d.After.Deal
	if deal.Next.IsZero() {
		return Refuse(CodeNoStep, Args{"deal": deal.Number})
	}
	text := deal.Next.What
	if c.Note != "" {
		if text != "" {
			text += ". "
		}
		text += c.Note
	}
	deal.Next = NextStep{}
	return LogActivity{Kind: StepDone, Direction: Outgoing, Text: text}.decide(e, d)
}

// RemindNext marks the reminder of the next step as written. It is held back until all that are due
// are, so that the owner gets one message.
type RemindNext struct{}

func (RemindNext) decide(e *Env, d *Decision) error {
	deal := &d.After.Deal
	if deal.Next.RemindAt.IsZero() || deal.Next.RemindAt.After(e.Now) {
		return Refuse(CodeNoStep, Args{"deal": deal.Number})
	}
	deal.Next.RemindAt = time.Time{}
	d.Silent = true
	if deal.VoidedAt.IsZero() {
		d.notify(e, NoticeStepDue, deal.Owner, map[string]string{"what": deal.Next.What, "on": deal.Next.On.String()})
		d.holdAll()
	}
	return nil
}

// Assign gives a deal to a member.
type Assign struct{ To ID }

func (c Assign) decide(e *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if d.After.Deal.Owner == c.To {
		return nil // nobody is told of what is so already
	}
	former := d.After.Deal.Owner
	d.After.Deal.Owner = c.To
	d.tellOwner(e, NoticeAssigned)
	told := len(d.Notices)
	d.notify(e, NoticeTaken, former, map[string]string{"by": e.Actor.Name})
	for i := range d.Notices[told:] {
		// The quiet hours of the former owner are known to the next run, which lets go of it.
		d.Notices[told+i].Held = true
	}
	return nil
}

// Report is what `log` says in one line: what happened, and what follows from it.
type Report struct {
	Activity LogActivity
	// Amount, Next and Stage follow where they are not zero.
	Amount Money
	Next   SetNext
	Stage  StageKey
}

// Log records an activity with what follows from it, as one change.
func (s *Service) Log(ctx context.Context, a Act, t Target, r Report) (Changed, error) {
	cmds := []Command{r.Activity}
	if !r.Amount.IsZero() {
		cmds = append(cmds, Edit{Field: FieldAmount, Money: r.Amount})
	}
	if r.Stage != "" {
		cmds = append(cmds, MoveTo{Stage: r.Stage, At: r.Activity.At})
	}
	if !r.Next.On.IsZero() {
		cmds = append(cmds, r.Next)
	}
	return s.change(ctx, a, t, "log", Reads{Contacts: r.Activity.Text != ""}, cmds...)
}

// Next sets the next step of a deal.
func (s *Service) Next(ctx context.Context, a Act, t Target, c SetNext) (Changed, error) {
	return s.change(ctx, a, t, "next", Reads{}, c)
}

// Done finishes the next step of a deal and sets the one after it, unless that has no day.
func (s *Service) Done(ctx context.Context, a Act, t Target, c FinishNext, after SetNext) (Changed, error) {
	cmds := []Command{c}
	if !after.On.IsZero() {
		cmds = append(cmds, after)
	}
	return s.change(ctx, a, t, "done", Reads{Contacts: true}, cmds...)
}

// Remind writes the reminder of a next step that is due; [Service.RunDue] owes it to the owner.
func (s *Service) Remind(ctx context.Context, a Act, t Target) (Changed, error) {
	return s.change(ctx, a, t, "remind", Reads{}, RemindNext{})
}

// Assign gives a deal to an active member.
func (s *Service) Assign(ctx context.Context, a Act, t Target, c Assign) (Changed, error) {
	reads := Reads{Subject: c.To}
	return s.change(ctx, a, t, "assign", reads, c)
}
