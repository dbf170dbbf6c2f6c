package funnel

import (
	"context"
	"time"
)

// Park lets a deal rest at the level of targets until a day.
type Park struct {
	// Until is the day on which it wakes, after today.
	Until  Date
	Reason string
	At     time.Time
}

func (c Park) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	deal := &d.After.Deal
	if today := DateOf(e.Now.In(e.zone())); !today.Before(c.Until) {
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
	d.addMove(e, Move{Kind: MovePark, From: from, To: rest, EffectiveAt: at, Reason: c.Reason})
	return nil
}

// Wake ends the rest of a parked deal: it starts again as a lead, and its owner is told.
type Wake struct{}

func (Wake) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	deal := &d.After.Deal
	if !deal.Parked() {
		return Refuse(CodeNotParked, Args{"deal": deal.Number})
	}
	at, err := d.effective(e, time.Time{})
	if err != nil {
		return err
	}
	from := deal.Stage
	d.notify(e, NoticeWoken, deal.Owner, map[string]string{"from": string(deal.ParkedFrom)})
	d.leave(e, Advance, e.Funnel.Entry, at)
	d.unpark()
	d.enter(e, e.Funnel.Entry, at)
	d.addMove(e, Move{Kind: MoveWake, From: from, To: e.Funnel.Entry, EffectiveAt: at})
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
