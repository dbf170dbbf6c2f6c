package commands

import (
	"context"
	"errors"

	"funnelbot/funnel"
)

// drop ends the dialog at the member's wish; what was answered is kept.
func (c *call) drop(ctx context.Context, t *talk) (Reply, error) {
	p := c.parting(t)
	act := c.act(c.ask.Key + answerEvent)
	act.Said = c.ask.Action + "\n" + c.ask.Text
	err := c.desk.service.EndAsking(ctx, act, funnel.EndAsking{
		Deal: t.Want.Deal, Dialog: t.State.ID, How: funnel.AskingCancelled,
	})
	if err != nil {
		return nil, err
	}
	c.end()
	c.remember(done{Cancelled: VerbQualify, Parting: &p})
	return p.cancelled(), nil
}

// moved answers an input to a dialog that is not here any more: it is gone on with in another place, or
// has ended. Anything else stays a fault or a refusal.
func (c *call) moved(t *talk, err error) (Reply, error) {
	code := funnel.CodeOf(err)
	if code != funnel.CodeQualifyElsewhere && code != funnel.CodeQualifyEnded {
		return nil, err
	}
	p := c.parting(t)
	p.Code = code
	if e, ok := errors.AsType[*funnel.Error](err); ok {
		p.Door, _ = e.Args["door"].(string)
		p.How, _ = e.Args["how"].(string)
	}
	c.end()
	c.remember(done{Parting: &p})
	return p.refused(), nil
}

// paused says that the dialog waits.
func (c *call) paused(t *talk) Reply {
	p := c.parting(t)
	return Paused{Verb: VerbQualify, Deal: &p.Deal, Given: p.Given, Of: p.Of, Offers: []Offer{goOn(&p.Deal.Deal, "go_on")}}
}

// parting is how a qualification left the conversation, so that the answer can be given again.
type parting struct {
	Deal  funnel.DealView `json:"deal"`
	Given int             `json:"given"`
	Of    int             `json:"of"`
	// Code says why it is not here any more; empty where the member cancelled it. Door is where it
	// is gone on with, How is how it ended.
	Code funnel.Code `json:"code,omitzero"`
	Door string      `json:"door,omitzero"`
	How  string      `json:"how,omitzero"`
}

func (c *call) parting(t *talk) parting {
	p := parting{Deal: t.Want.Inquiry.Deal}
	q := c.questionnaire(p.Deal.Kind)
	if q == nil {
		return p
	}
	var known []funnel.Answer
	for step, v := range t.State.Answers {
		if question, ok := q.Question(step); ok {
			known = append(known, funnel.Answer{Question: step, Given: givenOf(&question, v)})
		}
	}
	asked := q.Asked(known)
	p.Of = len(asked)
	for i := range asked {
		if v, ok := t.State.Answers[asked[i].Key]; ok && !v.Skipped() {
			p.Given++
		}
	}
	return p
}

// cancelled says that what was answered is kept.
func (p *parting) cancelled() Reply {
	return Cancelled{Verb: VerbQualify, Deal: &p.Deal, Kept: p.Given, Of: p.Of, Offers: []Offer{goOn(&p.Deal.Deal, "go_on")}}
}

// refused says where the dialog is, or how it ended, with the way to go on here.
func (p *parting) refused() Reply {
	args, label := funnel.Args{"how": p.How}, "go_on"
	if p.Code == funnel.CodeQualifyElsewhere {
		args, label = funnel.Args{"door": p.Door}, "go_on_here"
	} else if p.How == string(funnel.AskingFinished) {
		label = "qualify_again"
	}
	return Refused{Err: funnel.Refuse(p.Code, args), Deal: &p.Deal, Offers: []Offer{goOn(&p.Deal.Deal, label)}}
}
