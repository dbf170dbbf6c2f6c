package commands

import (
	"context"

	"funnelbot/funnel"
)

func (c *call) move(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	known, err := w.known(view)
	if err != nil {
		return nil, err
	}
	to := w.Intent.Stage
	if to == "" && w.Intent.Forward && view != nil {
		if to = c.planFor(view).Next(view.Stage); to == "" {
			return nil, funnel.Refuse(funnel.CodeAlreadyThere, funnel.Args{"deal": view.Number, "stage": view.Stage})
		}
	}
	r, err := c.desk.service.Move(ctx, c.act(w.Event), w.target(), funnel.MoveTo{
		Stage: to, At: c.happened(w.Intent.When, view), Note: w.Intent.Text,
	}, known...)
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

// straight takes a deal that is named by its number to a stage without reading it first: the use case
// reads it anyway, and this is what people do most. Whatever stands in the way is found out, and
// asked for, the long way.
func (c *call) straight(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent
	bare := in.Amount.IsZero() && in.When.IsZero() && len(in.Choices) == 0 && len(in.Fields) == 0
	if in.Verb != VerbMove && in.Verb != VerbBack || !w.Deal.IsZero() || in.Deal.Number == 0 || in.Stage == "" || !bare {
		return nil, nil
	}
	t := funnel.Target{Number: in.Deal.Number, Version: w.Version}
	var r funnel.Changed
	var err error
	if in.Verb == VerbMove {
		r, err = c.desk.service.Go(ctx, c.act(w.Event), t, in.Stage, in.Text)
	} else {
		r, err = c.desk.service.Back(ctx, c.act(w.Event), t, funnel.MoveBack{Stage: in.Stage, Reason: in.Text})
	}
	code := funnel.CodeOf(err)
	if err == nil || code != "" && code != funnel.CodeUnavailable {
		c.unsure = false // the unit of work has looked
	}
	if code != "" && code != funnel.CodeUnavailable {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}

func (c *call) back(ctx context.Context, w *want) (Reply, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	known, err := w.known(view)
	if err != nil {
		return nil, err
	}
	r, err := c.desk.service.Back(ctx, c.act(w.Event), w.target(), funnel.MoveBack{
		Stage: w.Intent.Stage, Reason: w.Intent.Text, At: c.happened(w.Intent.When, view),
	}, known...)
	if err != nil {
		return nil, err
	}
	return c.changed(r), nil
}
