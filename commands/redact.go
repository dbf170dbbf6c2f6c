package commands

import (
	"slices"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Codes of refusals where outsiders read along.
const (
	// CodePrivately is for what is not said there: it can be asked in private.
	CodePrivately funnel.Code = "privately"
	// CodeDealIsLost is [funnel.CodeDealLost] without the reason. It has "deal".
	CodeDealIsLost funnel.Code = "deal_is_lost"
)

// redact returns what of a reply may be said where others than colleagues read along: no amounts,
// no contacts, no reasons, and nothing that is kept in people's own words but the names of deals and
// companies, because words may hold any of these. What somebody has just said there is no secret any
// more. What makes no sense without them is asked for in private, and so is every kind of reply that
// is not named here. The result shares nothing with the reply that it changes.
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
	case Granted:
		r.Application.Caller = funnel.Caller{Name: r.Application.Caller.Name}
		return r
	case Cancelled:
		r.Deal = redactPointer(r.Deal)
		return r
	case Nudged:
		r.Deal = redactView(r.Deal)
		return r
	case Snoozed:
		r.Deal = redactView(r.Deal)
		return r
	case Review:
		r.Deal = redactPointer(r.Deal)
		return r
	case Help, Members, Settled, Unread, Stranger, Connection, Transferred:
		return reply
	case FunnelReport, Owners, Activities, Qualifications, Invited, Admitted, Circles, Workspaces, Qualified, Paused, Asking, Committee, Person,
		Forgotten, Plans, PlanSet, Bottleneck, Stuck, Forecast, Behind, Trend, Digest, DigestSet, AdviceDecided:
	}
	return privately()
}

func privately() Refused { return Refused{Err: funnel.Refuse(CodePrivately, nil)} }

func redactDeal(d funnel.Deal) funnel.Deal {
	d.Amount, d.Basis, d.Reason = funnel.Money{}, "", ""
	d.Signal, d.Pain, d.Effect, d.Custom, d.Signing, d.External = "", "", "", nil, nil, ""
	d.Next.What = ""
	return d
}

func redactView(v funnel.DealView) funnel.DealView {
	v.Deal, v.Recent, v.Committee, v.Qualified = redactDeal(v.Deal), nil, nil, nil
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
		a := &r.Activities[i]
		a.Text, a.Ref, a.External, a.People = "", "", "", nil
	}
	r.Why, r.Customer, r.CustomerWas = "", nil, nil
	r.Chairs, r.Person, r.Qualified, r.Before = nil, nil, nil, nil
	return r
}

// redactQuestion lets a question through that shows no amount, nobody at the client and no words that
// are kept. What it offers to choose from are names and keys.
func redactQuestion(q Question) Reply {
	if q.Outcome.Summary != nil || q.Outcome.Page != nil || q.Person != "" || q.Verb == VerbQualify {
		return privately()
	}
	if p := q.Outcome.Prompt; p != nil {
		priced := func(o dialog.Option) bool { return !o.Value.Money.IsZero() }
		switch {
		case p.Kind == dialog.Money, p.Kind == dialog.Person, p.Default.Kind == dialog.Text, !p.Default.Money.IsZero(), slices.ContainsFunc(p.Options, priced):
			return privately()
		}
	}
	q.Outcome.Answers = nil
	q.Deal = redactPointer(q.Deal)
	return q
}

func redactRefused(r Refused) Reply {
	if r.Err != nil {
		for _, v := range r.Err.Args {
			if _, amount := v.(funnel.Money); amount {
				return privately()
			}
		}
		if r.Err.Code == funnel.CodeDealLost {
			r.Err = funnel.Refuse(CodeDealIsLost, funnel.Args{"deal": r.Err.Args["deal"]})
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
