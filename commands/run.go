package commands

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

// run does what is wanted, or asks for what it lacks. A delivery that comes again must not ask about
// what it has done itself: that there is such a deal by now, or that it lies behind a later stage.
func (c *call) run(ctx context.Context, w *want) (Reply, error) {
	before := c.talks
	reply, err := c.attempt(ctx, w)
	switch {
	case err == nil && !asks(reply), reads(w.Intent.Verb), ofAccess(w.Intent.Verb):
		return reply, err
	case err != nil && (funnel.CodeOf(err) == "" || funnel.CodeOf(err) == funnel.CodeUnavailable):
		return nil, err
	}
	kept, lookup := c.kept(ctx, w.Event)
	if lookup != nil {
		return nil, lookup
	}
	if kept != nil {
		c.talks = before
		return kept, nil
	}
	if err != nil && !w.Deal.IsZero() {
		c.focus(w.Deal)
	}
	return reply, err
}

// asks reports whether a reply is a question.
func asks(r Reply) bool {
	_, ok := r.(Question)
	return ok
}

// reads reports whether the verb changes nothing, or looks itself whether it has been delivered before.
func reads(v Key) bool {
	switch v {
	case VerbToday, VerbShow, VerbList, VerbFind, VerbCompany, VerbFunnel, VerbHelp, VerbMembers, VerbQualify, VerbForget,
		VerbReview:
		return true
	case VerbNew, VerbMove, VerbBack, VerbWon, VerbLost, VerbPark, VerbReopen, VerbUndo, VerbLog, VerbNext, VerbDone,
		VerbSet, VerbAssign, VerbRole, VerbLanguage, VerbTimezone,
		VerbInvite, VerbApprove, VerbDecline, VerbRemove, VerbLink, VerbJoin, VerbAccess,
		VerbConnect, VerbDisconnect, VerbAnnounce, VerbWorkspace, VerbTransfer, VerbAway, VerbNotify, VerbPeople, VerbRenew,
		VerbQuota, VerbDigest, VerbAdvice, VerbNudge, VerbSnooze:
	}
	return false
}

// attempt is run as if nothing came twice.
func (c *call) attempt(ctx context.Context, w *want) (Reply, error) {
	v, ok := verbOf(w.Intent.Verb)
	if !ok {
		return nil, funnel.Refuse(CodeButtonUnknown, nil)
	}
	if !c.me.Role.Allows(v.Who) {
		return nil, funnel.Refuse(funnel.CodeForbidden, funnel.Args{"role": v.Who})
	}
	if reply, err := c.straight(ctx, w); reply != nil || err != nil {
		return reply, err
	}
	if err := c.sure(ctx); err != nil {
		return nil, err
	}
	if inPrivate(v.Key) && c.ask.Venue.Outsiders() {
		return privately(), nil
	}
	if v.Key == VerbQualify {
		if reply, err := c.asking(ctx, w); reply != nil || err != nil {
			return reply, err
		}
	}
	if v.aboutDeal() && w.Deal.IsZero() {
		if err := c.resolve(ctx, w); err != nil {
			return nil, err
		}
	}
	if v.Key == VerbPeople && !w.Deal.IsZero() && !w.Answered {
		if reply, err := c.people(ctx, w); reply != nil || err != nil {
			return reply, err
		}
	}
	if v.Key == VerbTransfer {
		if err := c.parties(ctx, w); err != nil {
			return nil, err
		}
	}
	if v.Key == VerbShow && len(w.Among) > 0 {
		return c.shown(w), nil
	}
	if v.Key == VerbNew && !w.Fresh {
		if err := c.twins(ctx, w); err != nil {
			return nil, err
		}
	}
	if err := c.adjust(ctx, w); err != nil {
		return nil, err
	}
	if word, _, _ := strings.Cut(w.Intent.Text, " "); v.Key == VerbSet && len(w.Intent.Fields) == 0 && word != "" && !w.Deal.IsZero() {
		return nil, funnel.Refuse(funnel.CodeUnknownField, funnel.Args{"field": word})
	}
	script, err := c.script(ctx, w)
	if err != nil {
		return nil, err
	}
	if len(script.Steps) > 0 {
		if w.Version != 0 && w.view != nil && w.view.Version != w.Version {
			// An old button: nobody answers questions only to be told that.
			return nil, funnel.Refuse(funnel.CodeStale, funnel.Args{"deal": w.view.Number})
		}
		if utf8.RuneCountInString(w.Intent.Text) > funnel.MaxText {
			return nil, funnel.Refuse(funnel.CodeTooLong, funnel.Args{"field": "note", "limit": funnel.MaxText})
		}
		if err := c.foresee(ctx, w); err != nil {
			return nil, err
		}
		return c.begin(ctx, w, script)
	}
	reply, err := c.do(ctx, w)
	if err != nil {
		return nil, err
	}
	return c.walk(ctx, w, reply)
}

// aboutDeal reports whether the verb is said of one deal.
func (v Verb) aboutDeal() bool {
	for _, p := range v.Params {
		if p.Arg == ArgDeal {
			return true
		}
	}
	return false
}

// adjust settles what follows from the deal: a move to an earlier stage is a step back, which asks
// why.
func (c *call) adjust(ctx context.Context, w *want) error {
	in := &w.Intent
	if w.Deal.IsZero() || in.Verb != VerbReopen && (in.Verb != VerbMove || in.Stage == "") {
		return nil
	}
	view, err := c.view(ctx, w)
	if err != nil || view == nil {
		return err
	}
	if in.Verb == VerbReopen {
		c.parked(w, view)
		return nil
	}
	if view.Outcome != funnel.Lost && c.planFor(view).Index(in.Stage) < c.planFor(view).Index(view.Stage) {
		in.Verb = VerbBack
	}
	return nil
}

// do calls the use case of the verb.
func (c *call) do(ctx context.Context, w *want) (Reply, error) {
	switch w.Intent.Verb {
	case VerbToday:
		return c.todayPlan(ctx, w)
	case VerbNew:
		return c.newDeal(ctx, w)
	case VerbShow:
		return c.show(ctx, w)
	case VerbList:
		return c.list(ctx, w)
	case VerbFind:
		return c.findDeals(ctx, w)
	case VerbCompany:
		return c.company(ctx, w)
	case VerbMove:
		return c.move(ctx, w)
	case VerbBack:
		return c.back(ctx, w)
	case VerbWon:
		return c.won(ctx, w)
	case VerbLost:
		return c.lost(ctx, w)
	case VerbPark:
		return c.park(ctx, w)
	case VerbReopen:
		return c.reopen(ctx, w)
	case VerbUndo:
		return c.undo(ctx, w)
	case VerbLog:
		return c.log(ctx, w)
	case VerbNext:
		return c.next(ctx, w)
	case VerbDone:
		return c.done(ctx, w)
	case VerbSet:
		return c.set(ctx, w)
	case VerbAssign:
		return c.assign(ctx, w)
	case VerbFunnel:
		return c.report(ctx, w)
	case VerbHelp:
		return c.help(w)
	case VerbMembers:
		return Members{Members: c.present(c.names.members)}, nil
	case VerbRole:
		return c.role(ctx, w)
	case VerbLanguage:
		return c.language(ctx, w)
	case VerbTimezone:
		return c.timezone(ctx, w)
	case VerbTransfer:
		return c.transfer(ctx, w)
	case VerbAway:
		return c.away(ctx, w)
	case VerbNotify:
		return c.notify(ctx, w)
	case VerbDigest:
		return c.digest(ctx, w)
	case VerbAdvice:
		return c.advice(ctx, w)
	case VerbQuota:
		return c.quota(ctx, w)
	case VerbNudge:
		return c.nudge(ctx, w)
	case VerbSnooze:
		return c.snooze(ctx, w)
	case VerbReview:
		return c.review(ctx, w)
	case VerbInvite:
		return c.invite(ctx, w)
	case VerbApprove:
		return c.approve(ctx, w)
	case VerbDecline:
		return c.decline(ctx, w)
	case VerbRemove:
		return c.remove(ctx, w)
	case VerbLink:
		return c.link(ctx, w)
	case VerbJoin:
		return nil, c.join(w)
	case VerbAccess:
		return c.access(ctx, w)
	case VerbConnect:
		return c.connect(ctx, w)
	case VerbDisconnect:
		return c.disconnect(ctx, w)
	case VerbAnnounce:
		return c.announce(ctx, w)
	case VerbWorkspace:
		return c.workspace(ctx, w)
	case VerbQualify:
		return c.qualify(ctx, w)
	case VerbPeople:
		return c.seat(ctx, w)
	case VerbForget:
		return c.forget(ctx, w)
	case VerbRenew:
		return c.renew(ctx, w)
	}
	return nil, funnel.Refuse(CodeButtonUnknown, nil)
}

// refuse turns a refusal into a reply that leads on; a fault stays a fault.
func (c *call) refuse(ctx context.Context, err error) (Reply, error) {
	var e *funnel.Error
	if !errors.As(err, &e) {
		return nil, err
	}
	r := Refused{Err: e}
	if number, ok := e.Args["deal"].(int64); ok && number > 0 {
		view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, funnel.ID{}, number)
		if err != nil && funnel.CodeOf(err) == "" {
			// The refusal matters more than the card beside it.
			return r, nil
		}
		r.Deal = view
	}
	r.Offers = c.wayOut(e, r.Deal)
	return r, nil
}

// wayOut offers what to do about a refusal.
func (c *call) wayOut(e *funnel.Error, deal *funnel.DealView) []Offer {
	switch e.Code {
	case CodeVerbUnknownNear:
		line, _ := e.Args["line"].(string)
		nearest, _ := e.Args["nearest"].(string)
		if action := lineAction(line); action != "" {
			return []Offer{{Label: "did_you_mean", Action: action, Name: nearest}, {Label: "help", Action: "help:0:0"}}
		}
		return []Offer{{Label: "help", Action: "help:0:0"}}
	case CodeVerbUnknown, CodeLineEmpty:
		return []Offer{{Label: "help", Action: "help:0:0"}}
	case funnel.CodeNoDeal:
		return c.openOffer(e)
	case funnel.CodeDealLost:
		if deal != nil {
			return []Offer{{Label: "reopen", Action: dealAction(VerbReopen, &deal.Deal, "")}, c.showOffer(deal)}
		}
	case funnel.CodeNoStep:
		if deal != nil {
			return []Offer{{Label: "next", Action: dealAction(VerbNext, &deal.Deal, "")}}
		}
	case funnel.CodeStale:
		if deal != nil {
			return c.cardOffers(deal) // its card is shown, and one of these is what the old button was for
		}
	case funnel.CodeSignatureFirst:
		if deal != nil && deal.Outcome == funnel.Open {
			return []Offer{{Label: "won", Action: dealAction(VerbWon, &deal.Deal, "")}}
		}
	}
	if deal != nil {
		return []Offer{c.showOffer(deal)}
	}
	return nil
}

// openOffer offers to open the deal that was not found. A line without a verb is what new
// understands too, with the amount and all.
func (c *call) openOffer(e *funnel.Error) []Offer {
	ref, _ := e.Args["ref"].(string)
	if ref == "" || ref[0] == '#' {
		return nil
	}
	line := ref
	if in, err := c.desk.parser.Parse(c.ask.Text, &c.lex); err == nil && in.Bare && in.Deal.Text() == ref {
		line = strings.Join(strings.Fields(c.ask.Text), " ")
	}
	for _, name := range []string{line, ref} {
		if action := lineAction("new " + name); action != "" {
			return []Offer{{Label: "open_new", Action: action, Name: name}}
		}
	}
	return nil
}

func (c *call) showOffer(deal *funnel.DealView) Offer {
	return Offer{Label: "show", Action: showAction(deal.Number), Name: deal.CompanyName}
}
