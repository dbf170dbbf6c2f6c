package commands

import (
	"context"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// list shows a page of deals. Without a word about which, it shows the member's own.
func (c *call) list(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent
	if in.List.Kind == "" && len(in.Unknown) > 0 {
		return c.listOf(ctx, strings.Join(in.Unknown, " "))
	}
	q := funnel.DealQuery{
		List: funnel.DealList(in.List.Kind), Today: c.today(), Funnel: c.plan, Limit: pageSize,
		For: c.unless(funnel.DealList(in.List.Kind)),
	}
	title := DealsTitle{}
	narrow := ""
	switch in.List.Kind {
	case ListMine, "":
		q.List, q.Owner = funnel.ListMine, c.me.ID
	case ListOwner:
		id, err := c.whom(in.Person)
		if err != nil {
			return nil, err
		}
		q.List, q.Owner = funnel.ListMine, id
		title.OwnerName, narrow = c.memberName(id), id.String()
	case ListStage:
		if _, ok := c.plan.Stage(in.Stage); !ok {
			return nil, funnel.Refuse(funnel.CodeUnknownStage, funnel.Args{"stage": string(in.Stage)})
		}
		q.Stage, title.Stage, narrow = in.Stage, in.Stage, string(in.Stage)
	case ListTeam, ListStuck, ListNoStep, ListClosing, ListClients, ListWon, ListLost, ListParked, ListDue:
	}
	title.List = q.List
	page := max(in.List.Page, 1)
	q.Offset = (page - 1) * pageSize
	deals, total, err := c.desk.service.ListDeals(ctx, c.ask.Workspace, q)
	if err != nil {
		return nil, err
	}
	r := Deals{Title: title, Deals: deals, Offset: q.Offset, Total: total}
	if page > 1 {
		r.Offers = append(r.Offers, Offer{Label: "previous", Action: pageAction(in.List.Kind, narrow, page-1)})
	}
	if q.Offset+len(deals) < total && len(deals) > 0 {
		r.Offers = append(r.Offers, Offer{Label: "more", Action: pageAction(in.List.Kind, narrow, page+1)})
	}
	return r, nil
}

// listOf lists the deals of a client: what follows the verb is no list that there is, and nobody's
// name.
func (c *call) listOf(ctx context.Context, words string) (Reply, error) {
	found, err := c.named(ctx, words)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].Score < scorePart {
		return nil, funnel.Refuse(funnel.CodeNoMember, funnel.Args{"name": words})
	}
	return matches(words, found), nil
}

// pageAction makes the action that turns to a page; narrow is the stage or the member.
func pageAction(kind ListKind, narrow string, page int) string {
	s := string(VerbList) + ":" + strconv.Itoa(page) + ":0:" + string(kind)
	if narrow != "" {
		s += "/" + narrow
	}
	return s
}

// fillList takes what pageAction wrote.
func fillList(in *Intent, page int64, arg string) {
	kind, narrow, _ := strings.Cut(arg, "/")
	in.Deal = Ref{}
	in.List = List{Kind: ListKind(kind), Page: int(min(page, 1<<20))}
	switch in.List.Kind {
	case ListStage:
		in.Stage = funnel.StageKey(narrow)
	case ListOwner:
		if id, err := funnel.ParseID(narrow); err == nil {
			in.Person = Whom{ID: id}
		}
	case ListMine, ListTeam, ListStuck, ListNoStep, ListClosing, ListClients, ListWon, ListLost, ListParked, ListDue:
	default:
		in.List.Kind = ListMine
	}
}
