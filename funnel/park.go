package funnel

import (
	"context"
	"time"
)

// Park lets a deal rest at the level of targets until a day.
type Park struct {
	// Until is the day on which it wakes, after today.
	Until    Date
	Reason   string
	At       time.Time
	External string
}

func (c Park) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	deal := &d.After.Deal
	if err := c.Until.promised(e); err != nil && e.Origin != FromImport {
		return err
	}
	if c.Until == e.today() && e.Origin != FromImport {
		return Refuse(CodeInPast, Args{"date": c.Until})
	}
	if err := fits("reason", c.Reason, MaxText); err != nil {
		return err
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	rest, from := e.Funnel.Stages[0].Key, deal.Stage
	if !deal.Parked() {
		deal.ParkedFrom = from
	}
	deal.ParkedUntil = c.Until
	deal.Next = NextStep{}
	if from != rest {
		d.leave(e, Back, rest, at)
		d.enter(e, rest, at)
	}
	d.addMove(e, Move{Kind: MovePark, From: from, To: rest, EffectiveAt: at, Reason: c.Reason, External: c.External})
	return nil
}

// Wake ends the rest of a parked deal, and its owner is told: it starts again as a lead, or goes on
// as the target that it was before.
type Wake struct {
	At       time.Time
	External string
}

func (c Wake) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	deal := &d.After.Deal
	// The timer may be late: meanwhile somebody may have parked the deal anew.
	early := e.Origin == FromTimer && e.today().Before(deal.ParkedUntil)
	if !deal.Parked() || early {
		return Refuse(CodeNotParked, Args{"deal": deal.Number})
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	from := deal.Stage
	d.notify(e, NoticeWoken, deal.Owner, map[string]string{"from": string(deal.ParkedFrom)})
	if e.Origin == FromTimer {
		d.holdAll()
	}
	to := e.Funnel.Entry
	if deal.ParkedFrom == from {
		// A day that comes does not make a lead of a company that never spoke.
		to = from
	}
	d.unpark()
	if to != from {
		d.leave(e, Advance, to, at)
		d.enter(e, to, at)
	}
	d.addMove(e, Move{Kind: MoveWake, From: from, To: to, EffectiveAt: at, External: c.External})
	return nil
}

// today is the day of a decision where it is made.
func (e *Env) today() Date { return DateOf(e.Now.In(e.zone())) }

// promised refuses days that do not exist and days that are over.
func (d Date) promised(e *Env) error {
	switch {
	case d.IsZero():
		return Refuse(CodeEmpty, Args{"field": "date"})
	case !d.Valid():
		return Refuse(CodeBadValue, Args{"field": "date", "value": d.String()})
	case d.Before(e.today()):
		return Refuse(CodeInPast, Args{"date": d})
	}
	return nil
}

// zone is where the day of a decision is counted.
func (e *Env) zone() *time.Location {
	if e.Actor.IsZero() {
		return e.Workspace.Location()
	}
	return e.Actor.Location(e.Workspace)
}

// Park lets a deal rest until a day.
func (s *Service) Park(ctx context.Context, a Act, t Target, c Park) (Changed, error) {
	return s.change(ctx, a, t, "park", Reads{}, c)
}

// Wake ends the rest of a parked deal.
func (s *Service) Wake(ctx context.Context, a Act, t Target) (Changed, error) {
	return s.change(ctx, a, t, "wake", Reads{}, Wake{})
}
