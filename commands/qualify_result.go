package commands

import (
	"funnelbot/funnel"
)

// qualified is the reply to a finished qualification. It follows from what is kept of the change, so
// that a repeated delivery is answered the same.
func (c *call) qualified(r funnel.Changed) Reply {
	out := Qualified{Changed: r, Result: *r.Qualified, Last: r.Before}
	if q := c.questionnaire(r.Deal.Kind); q != nil && r.Before != nil {
		was, is := givens(r.Before), givens(r.Qualified)
		for _, key := range funnel.Differences(r.Before, r.Qualified, q) {
			out.Different = append(out.Different, Difference{Question: key, Was: was[key], Is: is[key]})
		}
	}
	if o, ok := c.proposed(&r); ok {
		out.Offers = append(out.Offers, o)
	}
	out.Offers = append(out.Offers, Offer{Label: "undo", Action: dealAction(VerbUndo, &r.Deal, "")})
	out.Offers = append(out.Offers, goOn(&r.Deal, "qualify_again"))
	return out
}

func givens(q *funnel.Qualified) map[string]funnel.Given {
	all := map[string]funnel.Given{}
	for _, a := range q.Answers {
		all[a.Question] = a.Given
	}
	return all
}

// proposed is what the verdict suggests to do with the deal.
func (c *call) proposed(r *funnel.Changed) (Offer, bool) {
	a, d := &r.Qualified.Assessment, &r.Deal
	switch {
	case d.Outcome != funnel.Open:
	case a.Verdict == funnel.Promising && a.Stage != "":
		return Offer{Label: "propose_move", Action: dealAction(VerbMove, d, string(a.Stage)), Stage: a.Stage}, true
	case a.Verdict == funnel.NotAFit && a.Reason != "":
		reason, _ := c.planOf(d.Kind).Reason(a.Reason)
		return Offer{Label: "propose_lost", Action: dealAction(VerbLost, d, a.Reason), Name: reason.Titles.In(c.me.Locale)}, true
	case a.Verdict == funnel.Nurture && !a.Until.IsZero():
		return Offer{Label: "propose_park", Action: dealAction(VerbPark, d, a.Until.String()), Name: a.Until.String(), On: a.Until}, true
	}
	return Offer{}, false
}
