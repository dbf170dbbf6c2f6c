package commands

import (
	"slices"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// CodePrivately is for what is not said where outsiders read along: it can be asked in private.
const CodePrivately funnel.Code = "privately"

// redact returns what of a reply may be said where others than colleagues read along: no amounts,
// no contacts, and nothing in people's own words but the names of deals and companies, because
// words may hold either. What makes no sense without them is asked for in private. The result
// shares nothing with the reply that it changes.
func redact(reply Reply) Reply {
	switch r := reply.(type) {
	case Card:
		r.Deal = redactView(r.Deal)
		return r
	case Changed:
		return redactChanged(r)
	case Deals:
		r.Deals = redactViews(r.Deals)
		return r
	case Company:
		r.Company = funnel.CompanyView{
			Company: funnel.Company{Workspace: r.Company.Workspace, ID: r.Company.ID, Name: r.Company.Name},
			Deals:   redactViews(r.Company.Deals),
		}
		return r
	case Today:
		r.Due, r.NoStep, r.Stuck = redactPlan(r.Due), redactPlan(r.NoStep), redactPlan(r.Stuck)
		return r
	case Question:
		return redactQuestion(r)
	case Refused:
		return redactRefused(r)
	case Aside:
		r.Reply, r.Deal = redact(r.Reply), redactPointer(r.Deal)
		return r
	case Sequence:
		parts := make([]Reply, len(r.Replies))
		for i, part := range r.Replies {
			parts[i] = redact(part)
		}
		return Sequence{Replies: parts}
	case FunnelReport, Owners, Activities:
		return Refused{Err: funnel.Refuse(CodePrivately, nil)}
	}
	return reply
}

func redactDeal(d funnel.Deal) funnel.Deal {
	d.Amount, d.Basis = funnel.Money{}, ""
	d.Signal, d.Pain, d.Effect, d.Custom, d.Signing = "", "", "", nil, nil
	d.Next.What = ""
	return d
}

func redactView(v funnel.DealView) funnel.DealView {
	v.Deal, v.Recent = redactDeal(v.Deal), nil
	return v
}

func redactPointer(v *funnel.DealView) *funnel.DealView {
	if v == nil {
		return nil
	}
	out := redactView(*v)
	return &out
}

func redactViews(all []funnel.DealView) []funnel.DealView {
	out := make([]funnel.DealView, len(all))
	for i := range all {
		out[i] = redactView(all[i])
	}
	return out
}

func redactPlan(items []PlanItem) []PlanItem {
	out := slices.Clone(items)
	for i := range out {
		out[i].Deal = redactView(out[i].Deal)
	}
	return out
}

func redactChanged(r Changed) Changed {
	r.Deal = redactDeal(r.Deal)
	if r.Was != nil {
		was := redactDeal(*r.Was)
		r.Was = &was
	}
	r.Activities = slices.Clone(r.Activities)
	for i := range r.Activities {
		r.Activities[i].Text = ""
	}
	r.Why, r.Customer, r.CustomerWas = "", nil, nil
	return r
}

// redactQuestion lets a question through that shows no amount and no words.
func redactQuestion(q Question) Reply {
	if p := q.Outcome.Prompt; p != nil && (p.Kind == dialog.Money || p.Default.Kind == dialog.Money || p.Default.Kind == dialog.Text) {
		return Refused{Err: funnel.Refuse(CodePrivately, nil)}
	}
	if s := q.Outcome.Summary; s != nil {
		return Refused{Err: funnel.Refuse(CodePrivately, nil)}
	}
	q.Deal = redactPointer(q.Deal)
	return q
}

func redactRefused(r Refused) Reply {
	if r.Err != nil {
		for _, v := range r.Err.Args {
			if _, amount := v.(funnel.Money); amount {
				return Refused{Err: funnel.Refuse(CodePrivately, nil)}
			}
		}
	}
	r.Deal = redactPointer(r.Deal)
	return r
}

// private reports whether a question was turned into the advice to go on in private: it does not
// stay open where it was asked.
func private(before, after Reply) bool {
	_, asked := before.(Question)
	_, refused := after.(Refused)
	return asked && refused
}
