package commands

import (
	"context"
	"slices"

	"funnelbot/funnel"
)

// repeated answers a request that was taken before, or returns nil: a platform that has not heard
// an answer delivers again, also to another process and also when the talk has gone on.
func (c *call) repeated(ctx context.Context) (Reply, error) {
	for i := range slices.Backward(c.talks.Talks) {
		t := &c.talks.Talks[i]
		if !slices.Contains(t.Heard, c.ask.Key) {
			continue
		}
		asking := i == len(c.talks.Talks)-1
		if latest := t.Heard[len(t.Heard)-1] == c.ask.Key; latest && asking && t.Open {
			return nil, nil
		}
		return c.repeatedTo(ctx, t, asking)
	}
	for _, d := range c.talks.Done {
		if d.Key == c.ask.Key {
			return c.ended(ctx, d)
		}
	}
	return nil, nil
}

// repeatedTo shows the question that a request to the dialog has led to. Behind another question
// it waits: that one is shown.
func (c *call) repeatedTo(ctx context.Context, t *talk, asking bool) (Reply, error) {
	if !asking {
		return c.again(ctx, c.talk(), true)
	}
	if t.State.Paused && t.Want.Inquiry != nil {
		return c.paused(t), nil
	}
	question, err := c.again(ctx, t, false)
	if err != nil || t.After == "" || len(t.Heard) > 1 {
		return question, err
	}
	change, err := c.kept(ctx, t.After)
	if err != nil || change == nil {
		return question, err
	}
	return Sequence{Replies: []Reply{change, question}}, nil
}

// ended answers the request that ended a dialog, again.
func (c *call) ended(ctx context.Context, d done) (Reply, error) {
	switch {
	case d.Parting != nil && d.Cancelled != "":
		return d.Parting.cancelled(), nil
	case d.Parting != nil:
		return d.Parting.refused(), nil
	case d.Cancelled != "":
		return Cancelled{Verb: d.Cancelled, Declined: d.Declined}, nil
	case !d.Shown.IsZero():
		return c.show(ctx, &want{Deal: d.Shown})
	}
	w := d.Want
	if ofAccess(w.Intent.Verb) {
		return c.run(ctx, &w)
	}
	if kept, err := c.kept(ctx, w.Event); kept != nil || err != nil {
		return kept, err
	}
	return c.run(ctx, &w)
}

// kept returns the reply to what the event has led to before, or nil.
func (c *call) kept(ctx context.Context, event string) (Reply, error) {
	k, err := c.desk.service.Kept(ctx, c.act(event))
	switch {
	case err != nil:
		return nil, err
	case k.Settled != nil:
		return c.settled(*k.Settled, nil)
	case k.Transferred != nil:
		return c.transferred(*k.Transferred), nil
	case k.Changed != nil && k.Changed.Verb == funnel.VerbUndo:
		return c.undone(*k.Changed), nil
	case k.Changed != nil:
		return c.changed(*k.Changed), nil
	case k.QuotaSet != nil:
		return c.planned(*k.QuotaSet), nil
	case k.Nudged != nil:
		return c.nudged(ctx, *k.Nudged)
	case k.Snoozed != nil:
		return c.snoozed(ctx, *k.Snoozed)
	}
	return nil, nil
}
