package commands

import (
	"context"
	"strings"

	"funnelbot/funnel"
)

// log records what happened, and what follows from it.
func (c *call) log(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	in := &w.Intent
	kind := in.Activity.Kind
	if kind == "" {
		kind = funnel.Note
	}
	stage := in.Stage
	behind := stage != "" && view != nil && view.Outcome != funnel.Lost && c.planFor(view).Index(stage) < c.planFor(view).Index(view.Stage)
	if behind {
		// Going back asks why; what happened is written down all the same.
		stage = ""
	}
	text, err := c.toldOf(ctx, w, view)
	if err != nil {
		return nil, err
	}
	amount, err := counted(in.Amount, in.AmountAssumed, coin(view))
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Log(ctx, c.act(w.Event), w.target(), funnel.Report{
		Activity: funnel.LogActivity{
			Kind: kind, Direction: in.Activity.Direction, Text: text, At: c.happened(in.When, view),
			Ref: w.Clip.ref(),
		},
		Amount: amount, Stage: stage, Next: c.step(in.Next),
	})
	if err != nil {
		return nil, err
	}
	reply := c.changed(r)
	if late := view != nil && view.Version > r.Deal.Version; !behind || late {
		return reply, nil
	}
	return c.followed(ctx, reply, &want{
		Intent: Intent{Verb: VerbBack, Deal: Ref{Number: r.Deal.Number}, Stage: in.Stage}, Deal: r.Deal.ID, Event: w.Event,
	})
}

// toldOf is what happened, with the name of the person whose button was pressed: the text is where it is
// found out who took part.
func (c *call) toldOf(ctx context.Context, w *want, view *funnel.DealView) (string, error) {
	who := w.Intent.Seat.Contact
	if who.IsZero() || view == nil {
		return w.Intent.Text, nil
	}
	company, err := c.desk.service.Read().Company(ctx, c.ask.Workspace, view.Company)
	if err != nil || company == nil {
		return w.Intent.Text, err
	}
	for _, p := range company.Contacts {
		if p.ID == who && p.Name != "" && !strings.Contains(fold(w.Intent.Text), fold(p.Name)) {
			return strings.TrimSuffix(p.Name+": "+w.Intent.Text, ": "), nil
		}
	}
	return w.Intent.Text, nil
}

// followed shows a reply and the question that comes after it.
func (c *call) followed(ctx context.Context, reply Reply, follow *want) (Reply, error) {
	script, err := c.script(ctx, follow)
	if err != nil {
		return nil, err
	}
	question, err := c.begin(ctx, follow, script)
	if err != nil {
		return nil, err
	}
	return Sequence{Replies: []Reply{reply, question}}, nil
}

// step turns a promise that was typed into the command for it.
func (c *call) step(s Step) funnel.SetNext {
	next := funnel.SetNext{What: s.Text, On: s.When.Date}
	if s.When.Clock != "" {
		next.At = s.When.At(c.lex.Zone)
	}
	return next
}

func (c *call) next(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Next(ctx, c.act(w.Event), w.target(), c.step(Step{Text: w.Intent.Text, When: w.Intent.When}))
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

// done finishes the next step. What comes next is said in the same line, or asked.
func (c *call) done(ctx context.Context, w *want) (Reply, error) {
	seen, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Done(ctx, c.act(w.Event), w.target(), funnel.FinishNext{Note: w.Intent.Text}, c.step(w.Intent.Next))
	if err != nil {
		return nil, err
	}
	reply := c.changed(r)
	// Where the deal went on after the change, this is a late delivery of it.
	late := seen != nil && seen.Version > r.Deal.Version
	if r.Deal.Outcome != funnel.Open || !r.Deal.Next.IsZero() || late {
		return reply, nil
	}
	return c.followed(ctx, reply, &want{
		Intent: Intent{Verb: VerbNext, Deal: Ref{Number: r.Deal.Number}}, Deal: r.Deal.ID, Silent: true, Event: w.Event,
	})
}
