package commands

import (
	"context"
	"slices"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// begin starts to ask for what the want lacks.
func (c *call) begin(ctx context.Context, w *want, script dialog.Script) (Reply, error) {
	id := c.desk.newToken()
	state, outcome := dialog.Start(script, id, nil)
	kept := *w
	// The effect of a dialog has one key, whichever answer was the last.
	kept.Event = "dialog:" + id
	c.start(talk{State: state, Want: kept, Seen: c.ask.Key})
	return c.question(ctx, &kept, outcome)
}

// speak gives an input to the dialog that is asking, and runs what was wanted when it is complete.
func (c *call) speak(ctx context.Context, in dialog.Input) (Reply, error) {
	t := c.find(in.Token)
	if t == nil {
		return nil, funnel.Refuse(CodeQuestionOver, nil)
	}
	script, err := c.script(ctx, &t.Want)
	if err != nil {
		return nil, err
	}
	var outcome dialog.Outcome
	t.State, outcome = dialog.Advance(script, t.State, in)
	t.Seen = c.ask.Key
	switch outcome.Result {
	case dialog.Cancelled:
		verb := t.Want.Intent.Verb
		c.end()
		return Cancelled{Verb: verb}, nil
	case dialog.Finished:
		w := t.Want
		c.end()
		if shown, err := c.take(ctx, &w, outcome.Answers); shown != nil || err != nil {
			return shown, err
		}
		c.remember(w)
		return c.run(ctx, &w)
	case dialog.Ask, dialog.Review, dialog.Stale:
	}
	return c.question(ctx, &t.Want, outcome)
}

// find returns the dialog that the token belongs to and makes it the one that is asking; without
// a token it is the one that asks now.
func (c *call) find(token string) *talk {
	if token == "" {
		return c.talk()
	}
	for i, t := range slices.Backward(c.talks.Talks) {
		if sameDialog(t.State.ID, token) {
			c.talks.Talks = append(append(c.talks.Talks[:i:i], c.talks.Talks[i+1:]...), t)
			return c.talk()
		}
	}
	return nil
}

// sameDialog reports whether a token, the identifier with a dot and a counter, is of the dialog.
func sameDialog(id, token string) bool {
	return len(token) > len(id) && token[:len(id)] == id && token[len(id)] == '.'
}

// resume shows a question again after something in between.
func (c *call) resume(ctx context.Context, token string) (Reply, error) {
	t := c.find(token)
	if t == nil {
		return nil, funnel.Refuse(CodeQuestionOver, nil)
	}
	return c.again(ctx, t, true)
}

func (c *call) again(ctx context.Context, t *talk, between bool) (Reply, error) {
	script, err := c.script(ctx, &t.Want)
	if err != nil {
		return nil, err
	}
	var outcome dialog.Outcome
	t.State, outcome = dialog.Resume(script, t.State)
	reply, err := c.question(ctx, &t.Want, outcome)
	if q, ok := reply.(Question); ok {
		q.Again = between
		return q, err
	}
	return reply, err
}

// question shows what is asked.
func (c *call) question(ctx context.Context, w *want, outcome dialog.Outcome) (Reply, error) {
	if outcome.Prompt == nil && outcome.Summary == nil {
		return nil, funnel.Refuse(CodeQuestionOver, nil)
	}
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	return Question{
		Outcome: outcome, Verb: w.Intent.Verb, Deal: view, Stale: outcome.Result == dialog.Stale, Company: w.Intent.Company,
	}, nil
}

// view returns the deal of the want, or nil while it is not known.
func (c *call) view(ctx context.Context, w *want) (*funnel.DealView, error) {
	if w.view != nil || w.Deal.IsZero() {
		return w.view, nil
	}
	view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, w.Deal, 0)
	if err != nil {
		return nil, err
	}
	w.view = view
	return view, nil
}
