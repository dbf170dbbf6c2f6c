package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// begin starts to ask for what the want lacks.
func (c *call) begin(ctx context.Context, w *want, script dialog.Script) (Reply, error) {
	id := c.desk.newToken()
	state, outcome := dialog.Start(script, id, nil)
	t := talk{State: state, Want: *w}
	if w.Silent {
		t.After = w.Event
	}
	// The effect of a dialog has one key, whichever answer was the last.
	t.Want.Event = dialogEvent + c.me.ID.String() + ":" + id
	if w.Version != 0 && asIs(w.Intent.Verb) {
		// What is asked for does not depend on what becomes of the deal meanwhile.
		t.Want.Version = 0
	}
	if !w.Deal.IsZero() {
		c.focus(w.Deal)
	}
	c.hear(&t)
	c.start(t)
	switch p := outcome.Prompt; {
	case p == nil, p.Problem != nil:
	case p.Step == string(ArgPerson):
		p.Problem = stranger(&w.Intent)
	case p.Step == string(ArgFrom) && w.Intent.From.Mention != "":
		p.Problem = w.Intent.From.unmet()
	}
	return c.question(ctx, &t.Want, outcome)
}

// stranger refuses the name that was typed where a member was expected, or is nil.
func stranger(in *Intent) *funnel.Error {
	name := strings.Join(in.Unknown, " ")
	switch {
	case in.Person.Mention != "":
		return in.Person.unmet()
	case in.Verb == VerbAssign:
		name = in.Text
		for _, to := range []string{"to ", "на "} {
			name = strings.TrimPrefix(name, to)
		}
	}
	if name == "" {
		return nil
	}
	return funnel.Refuse(funnel.CodeNoMember, funnel.Args{"name": name})
}

// asIs reports whether the verb means the same whatever else has happened to the deal.
func asIs(v Key) bool {
	return v == VerbLog || v == VerbNext || v == VerbSet || v == VerbAssign
}

// speak gives an input to the dialog that is asking, and runs what was wanted when it is complete.
func (c *call) speak(ctx context.Context, in dialog.Input) (Reply, error) {
	t := c.find(in.Token)
	if t == nil {
		return nil, funnel.Refuse(CodeQuestionOver, nil)
	}
	if t.Want.Inquiry != nil {
		return c.interview(ctx, t, in)
	}
	script, err := c.script(ctx, &t.Want)
	if err != nil {
		return nil, err
	}
	var outcome dialog.Outcome
	t.State, outcome = dialog.Advance(script, t.State, in)
	c.hear(t)
	t.Open = unheard(&outcome)
	switch outcome.Result {
	case dialog.Cancelled:
		verb, silent := t.Want.Intent.Verb, t.Want.Silent
		c.end()
		c.remember(done{Cancelled: verb, Declined: silent})
		return Cancelled{Verb: verb, Declined: silent}, nil
	case dialog.Finished:
		return c.finish(ctx, t.Want, outcome.Answers)
	case dialog.Ask, dialog.Review, dialog.Stale, dialog.Paused:
	}
	return c.question(ctx, &t.Want, outcome)
}

// unheard reports whether an input has left the dialog as it was and is judged the same again. A
// text of several meanings is not: what it offers may be what the same text picks.
func unheard(o *dialog.Outcome) bool {
	switch {
	case o.Result == dialog.Stale:
		return true
	case o.Prompt != nil && o.Prompt.Problem != nil:
		return o.Prompt.Problem.Code != dialog.CodeAmbiguous
	case o.Prompt != nil:
		return o.Prompt.Help
	case o.Page != nil:
		return o.Page.Help
	case o.Summary != nil:
		return o.Summary.Help || o.Summary.Problem != nil
	}
	return false
}

// finish does what a dialog was for.
func (c *call) finish(ctx context.Context, w want, answers dialog.Answers) (Reply, error) {
	if w.Clip != nil && answers.Text(string(ArgDeal)) == ClipNew {
		return c.opens(ctx, &w)
	}
	c.end()
	shown, err := c.take(ctx, &w, answers)
	switch {
	case err != nil:
		return nil, err
	case shown != nil:
		c.remember(done{Shown: w.Deal})
		return shown, nil
	}
	c.remember(done{Want: w})
	return c.run(ctx, &w)
}

// find returns the dialog that the token belongs to and makes it the one that is asking; without
// a token it is the one that asks now.
func (c *call) find(token string) *talk {
	if token == "" {
		return c.talk()
	}
	for i, t := range slices.Backward(c.talks.Talks) {
		if t.has(token) {
			c.talks.Talks = append(append(c.talks.Talks[:i:i], c.talks.Talks[i+1:]...), t)
			return c.talk()
		}
	}
	return nil
}

// has reports whether the token is of the dialog, or of one whose place it took.
func (t *talk) has(token string) bool {
	if sameDialog(t.State.ID, token) {
		return true
	}
	in := t.Want.Inquiry
	return in != nil && slices.ContainsFunc(in.Was, func(id string) bool { return sameDialog(id, token) })
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

// again shows the question that stands; between says that something came in between.
func (c *call) again(ctx context.Context, t *talk, between bool) (Reply, error) {
	script, err := c.script(ctx, &t.Want)
	if err != nil {
		return nil, err
	}
	var outcome dialog.Outcome
	t.State, outcome = dialog.Resume(script, t.State)
	if p := outcome.Prompt; p != nil && p.Candidates && !between {
		p.Problem = funnel.Refuse(dialog.CodeAmbiguous, funnel.Args{"answer": strings.TrimSpace(c.ask.Text)})
	}
	reply, err := c.question(ctx, &t.Want, outcome)
	if q, ok := reply.(Question); ok {
		q.Again = between
		return q, err
	}
	return reply, err
}

// question shows what is asked.
func (c *call) question(ctx context.Context, w *want, outcome dialog.Outcome) (Reply, error) {
	if outcome.Prompt == nil && outcome.Summary == nil && outcome.Page == nil {
		return nil, funnel.Refuse(CodeQuestionOver, nil)
	}
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	q := Question{
		Outcome: outcome, Verb: w.Intent.Verb, Deal: view, Stale: outcome.Result == dialog.Stale, Company: w.Intent.Company,
		Clip: w.Clip, Person: w.Intent.Seat.Name,
	}
	switch {
	case outcome.Prompt != nil:
		q.Section = outcome.Prompt.Group
	case outcome.Page != nil && len(outcome.Page.Prompts) > 0:
		q.Section = outcome.Page.Prompts[0].Group
	}
	return q, nil
}

// view returns the deal of the want, or nil while it is not known.
func (c *call) view(ctx context.Context, w *want) (*funnel.DealView, error) {
	if w.view == nil && w.Inquiry != nil {
		w.view = &w.Inquiry.Deal
	}
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
