package commands

import (
	"context"
	"strings"

	"funnelbot/funnel"
)

// planSize is how many deals each part of a plan shows.
const planSize = 7

// todayPlan shows a member's day: what is due, what has no next step, what is stuck.
func (c *call) todayPlan(ctx context.Context, w *want) (Reply, error) {
	member, name := c.me.ID, ""
	if !w.Intent.Person.IsZero() && !w.Intent.Person.Me {
		id, err := c.whom(w.Intent.Person)
		if err != nil {
			return nil, err
		}
		member, name = id, c.memberName(id)
	}
	if w.Intent.Person.IsZero() && len(w.Intent.Unknown) > 0 {
		return nil, funnel.Refuse(funnel.CodeNoMember, funnel.Args{"name": strings.Join(w.Intent.Unknown, " ")})
	}
	return c.dayOf(ctx, member, name)
}

// dayOf is the plan of a member; the name is empty where it is the reader's own.
func (c *call) dayOf(ctx context.Context, member funnel.ID, name string) (Today, error) {
	r := Today{Name: name}
	for _, part := range []struct {
		list  funnel.DealList
		items *[]PlanItem
		more  *int
	}{
		{funnel.ListDue, &r.Due, &r.MoreDue},
		{funnel.ListNoStep, &r.NoStep, &r.MoreNoStep},
		{funnel.ListStuck, &r.Stuck, &r.MoreStuck},
	} {
		deals, total, err := c.desk.service.ListDeals(ctx, c.ask.Workspace, funnel.DealQuery{
			List: part.list, Owner: member, Today: c.today(), Funnel: c.plan, Limit: planSize, For: c.unless(part.list),
		})
		if err != nil {
			return r, err
		}
		for i := range deals {
			*part.items = append(*part.items, PlanItem{Deal: deals[i], Offers: c.planOffers(&deals[i], part.list)})
		}
		*part.more = total - len(deals)
	}
	return r, nil
}

func (c *call) planOffers(v *funnel.DealView, list funnel.DealList) []Offer {
	show := c.showOffer(v)
	switch list {
	case funnel.ListDue:
		return []Offer{{Label: "done", Action: dealAction(VerbDone, &v.Deal, "")}, show}
	case funnel.ListNoStep:
		return []Offer{{Label: "next", Action: dealAction(VerbNext, &v.Deal, "")}, show}
	case funnel.ListMine, funnel.ListTeam, funnel.ListStage, funnel.ListStuck, funnel.ListClosing, funnel.ListClients, funnel.ListWon,
		funnel.ListLost, funnel.ListParked:
	}
	return []Offer{show}
}
