package commands

import (
	"context"
	"slices"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// inquiry is what the questions of a qualification are asked with, as it was when they began: it is
// kept with the dialog, so that no answer waits for it to be read again.
type inquiry struct {
	// Deal is the deal without what its card shows.
	Deal funnel.DealView `json:"deal"`
	// People are those of the client, to choose from; Known are answers that the deal and the company
	// hold already, by question, offered as defaults.
	People []dialog.Human          `json:"people,omitempty"`
	Known  map[string]dialog.Value `json:"known,omitempty"`
	// Was are identifiers of earlier dialogs here whose place this one took: their buttons are old.
	Was []string `json:"was,omitempty"`
}

const (
	// maxOffered is how many people of a client are offered to choose from; others are typed.
	maxOffered = 10
	// maxWas is how many earlier dialogs are remembered by their buttons.
	maxWas = 4
)

// Parts of keys: an input to a qualification has an effect of its own beside that of its request.
const (
	askEvent    = ":ask"
	answerEvent = ":answer"
)

// asking offers the member's open qualifications where no deal is named and none is spoken of. It
// returns nil where there is nothing to offer.
func (c *call) asking(ctx context.Context, w *want) (Reply, error) {
	if !w.Intent.Deal.IsZero() || !w.Deal.IsZero() {
		return nil, nil
	}
	view, err := c.spokenOf(ctx)
	if err != nil || view != nil && view.Outcome == funnel.Open {
		return nil, err
	}
	open, err := c.desk.service.Read().OpenAsking(ctx, c.ask.Workspace, c.me.ID)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	var list Asking
	for i := range open[:min(len(open), maxAmong)] {
		view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, open[i].Deal, 0)
		if err != nil {
			return nil, err
		}
		if view != nil {
			list.Open = append(list.Open, OpenAsking{Deal: *view, Door: open[i].Door(), Offer: goOn(&view.Deal, "go_on_here")})
		}
	}
	if len(list.Open) == 0 {
		return nil, nil
	}
	return list, nil
}

// goOn offers to go on with the qualification of a deal, wherever it stands and however it ended.
func goOn(d *funnel.Deal, label string) Offer {
	return Offer{Label: label, Action: openAction(VerbQualify, d.Number, "")}
}

// qualify begins to ask about a deal, or goes on with what the member began here or elsewhere: what is
// known is not asked again.
func (c *call) qualify(ctx context.Context, w *want) (Reply, error) {
	was := c.supersede(w.Deal)
	act := c.act(w.Event + askEvent)
	asked, err := c.desk.service.StartAsking(ctx, act, funnel.Target{Deal: w.Deal}, funnel.StartAsking{
		Dialog: c.desk.newToken(), Place: c.session().Place,
	})
	if err != nil {
		return nil, err
	}
	w.Inquiry = c.inquire(&asked)
	w.Inquiry.Was = was
	w.Version, w.Intent = 0, Intent{Verb: VerbQualify, Deal: Ref{Number: asked.Deal.Number}}
	script, err := c.script(ctx, w)
	if err != nil {
		return nil, err
	}
	state, outcome := dialog.Start(script, asked.Asking.ID, c.given(&asked))
	t := talk{State: state, Want: *w}
	t.Want.Event = dialogEvent + c.me.ID.String() + ":" + state.ID
	c.focus(w.Deal)
	c.hear(&t)
	t.Until = c.space.Calendar.After(asked.Asking.DueAt, c.questionnaire(asked.Deal.Kind).EndAfter, c.lex.Zone).UTC()
	c.start(t)
	reply, err := c.question(ctx, &t.Want, outcome)
	if q, ok := reply.(Question); ok {
		q.From, _, _ = strings.Cut(asked.From, "/")
		return q, err
	}
	return reply, err
}

// supersede takes the dialogs about the deal out of the conversation and returns by which buttons they are
// known.
func (c *call) supersede(deal funnel.ID) []string {
	var was []string
	c.talks.Talks = slices.DeleteFunc(c.talks.Talks, func(t talk) bool {
		if t.Want.Inquiry == nil || t.Want.Deal != deal {
			return false
		}
		was = append(append(was, t.Want.Inquiry.Was...), t.State.ID)
		return true
	})
	return was[max(len(was)-maxWas, 0):]
}

// inquire keeps what the questions need.
func (c *call) inquire(a *funnel.Asked) *inquiry {
	d := &a.Deal
	in := &inquiry{Deal: funnel.DealView{
		Deal: funnel.Deal{
			Workspace: d.Workspace, ID: d.ID, Number: d.Number, Company: d.Company, Title: d.Title, Kind: d.Kind, Stage: d.Stage,
			Outcome: d.Outcome, Amount: funnel.Money{Currency: d.Amount.Currency},
		},
		CompanyName: a.Company.Name,
	}}
	for i := range a.Contacts[:min(len(a.Contacts), maxOffered)] {
		in.People = append(in.People, dialog.Human{ID: a.Contacts[i].ID, Name: a.Contacts[i].Name})
	}
	in.Known = c.prefilled(a)
	return in
}

// given returns the answers that are known. What was skipped in an earlier qualification is asked
// again, what was skipped in this one is not.
func (c *call) given(a *funnel.Asked) dialog.Answers {
	given := dialog.Answers{}
	q := c.questionnaire(a.Deal.Kind)
	for _, answer := range a.Answers {
		question, ok := q.Question(answer.Question)
		if !ok || answer.Given.Skipped() && answer.At.Before(a.Asking.BegunAt) {
			continue
		}
		given[answer.Question] = valueOf(&question, answer.Given, c.me.Locale)
	}
	return given
}

// interview takes an input to a qualification: what it changes is kept before anything else is asked.
func (c *call) interview(ctx context.Context, t *talk, in dialog.Input) (Reply, error) {
	script, err := c.script(ctx, &t.Want)
	if err != nil {
		return nil, err
	}
	next, outcome := dialog.Advance(script, t.State, in)
	if outcome.Result == dialog.Cancelled {
		return c.drop(ctx, t)
	}
	now := *t
	now.State = next
	c.hear(&now)
	now.Open = unheard(&outcome)
	heard, err := c.answered(ctx, t, &now, outcome.Result)
	if err != nil {
		return c.moved(t, err)
	}
	now.Until = heard.Until
	*t = now
	c.saved(heard.Talk)
	switch outcome.Result {
	case dialog.Finished:
		return c.conclude(ctx, t)
	case dialog.Paused:
		return c.paused(t), nil
	case dialog.Ask, dialog.Review, dialog.Stale, dialog.Cancelled:
	}
	return c.question(ctx, &t.Want, outcome)
}

// answered stores what an input has changed, and with it the conversation as it goes on then. It says
// when silence will end the dialog. The end of the dialog is stored by who judges it.
func (c *call) answered(ctx context.Context, t, now *talk, result dialog.Result) (funnel.Heard, error) {
	changed, dropped := now.State.Changed(t.State)
	if result == dialog.Finished && len(changed)+len(dropped) == 0 {
		return funnel.Heard{}, nil
	}
	give := funnel.GiveAnswers{
		Deal: t.Want.Deal, Dialog: t.State.ID, Place: c.session().Place, Dropped: dropped, Pause: result == dialog.Paused,
	}
	if result != dialog.Finished && c.version > 0 && !c.anew {
		give.Talk = func(h funnel.Heard) (*funnel.TalkSave, error) { return c.saving(*now, h) }
	}
	q := c.questionnaire(t.Want.Inquiry.Deal.Kind)
	for step, v := range changed {
		if question, ok := q.Question(step); ok {
			if give.Given == nil {
				give.Given = map[string]funnel.Given{}
			}
			give.Given[step] = givenOf(&question, v)
		}
	}
	act := c.act(c.ask.Key + answerEvent)
	act.Said = c.ask.Action + "\n" + c.ask.Text
	heard, err := c.desk.service.Answer(ctx, act, give)
	c.looked(err)
	return heard, err
}

// conclude judges what was answered.
func (c *call) conclude(ctx context.Context, t *talk) (Reply, error) {
	w, id := t.Want, t.State.ID
	r, err := c.desk.service.Qualify(ctx, c.act(w.Event), funnel.Target{Deal: w.Deal}, funnel.Qualify{Dialog: id})
	switch code := funnel.CodeOf(err); {
	case err != nil && (code == "" || code == funnel.CodeUnavailable):
		return nil, err
	case code == funnel.CodeQualifyElsewhere, code == funnel.CodeQualifyEnded:
		return c.moved(t, err)
	case err != nil:
		// Nothing can be concluded about this deal any more; what was answered stays.
		end := funnel.EndAsking{Deal: w.Deal, Dialog: id, How: funnel.AskingCancelled}
		if away := c.desk.service.EndAsking(ctx, c.act(w.Event+":end"), end); funnel.CodeOf(away) == "" && away != nil {
			return nil, away
		}
		c.end()
		return nil, err
	}
	c.end()
	w.Inquiry = nil
	c.remember(done{Want: w})
	return c.changed(r), nil
}
