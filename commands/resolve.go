package commands

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// How well a name must be met. Whole words score 0.9 and more in a search; below that it is a
// matter of typos.
const (
	scoreWhole = 0.9
	// scoreTypo is enough for a name that stands alone, scorePart for one with words after it that
	// may not belong to it.
	scoreTypo = 0.3
	scorePart = 0.5
	// scoreNear is how far behind the best another may be and still be meant.
	scoreNear = 0.12
)

// Sizes of what is offered to choose from.
const (
	maxAmong  = 8
	searchTop = 24
	// nameWords is how many words of a line may be a name with text after it; each takes a search.
	nameWords = 8
)

// resolve finds out which deal is meant. It sets the deal of the want, or the deals among which the
// person has to choose; a name that nothing is like is refused.
func (c *call) resolve(ctx context.Context, w *want) error {
	ref := w.Intent.Deal
	switch {
	case ref.Number > 0:
		view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, funnel.ID{}, ref.Number)
		if err != nil {
			return err
		}
		if view == nil {
			return funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": fmt.Sprintf("#%d", ref.Number)})
		}
		w.found(view)
		return nil
	case len(ref.Words) > 0 && w.Intent.Verb == VerbPeople && !ref.Quoted:
		return c.byPerson(ctx, w)
	case len(ref.Words) > 0:
		return c.byWords(ctx, w)
	}
	return c.unnamed(ctx, w)
}

func (w *want) found(view *funnel.DealView) {
	w.Deal, w.view = view.ID, view
}

// byWords tries the words as a name, then fewer of them: what is left over is text.
func (c *call) byWords(ctx context.Context, w *want) error {
	in := w.Intent
	if in.Deal.Last {
		// The words begin with what is to be done: only their end can name the deal.
		if done, err := c.namedLast(ctx, w, nil); done || err != nil {
			return err
		}
		w.Intent = in.Split(0)
		return c.unnamed(ctx, w)
	}
	most := len(in.Deal.Words)
	fewest := most
	if (takesText(in.Verb) || in.Verb == VerbShow) && !in.Deal.Quoted {
		most, fewest = min(most, nameWords), 1
	}
	var best []funnel.Match
	words := most
	for n := most; n >= fewest; n-- {
		// A word that was typed twice counts once.
		found, err := c.named(ctx, strings.Join(slices.Compact(slices.Clone(in.Deal.Words[:n])), " "))
		if err != nil {
			return err
		}
		enough := scoreTypo
		if n < len(in.Deal.Words) {
			enough = scorePart
			if in.Verb == VerbShow {
				// What is left over is told not to be understood: the name in front of it must be sure.
				enough = scoreWhole
			}
		}
		if !c.ask.About.IsZero() && takesText(in.Verb) {
			// Where a deal is spoken of, words are about it unless they name another one for sure.
			enough = scoreWhole
		}
		if len(found) == 0 || found[0].Score < enough {
			continue
		}
		if len(best) == 0 || found[0].Score > best[0].Score {
			best, words = found, n
		}
		if best[0].Score >= scoreWhole {
			break
		}
	}
	if done, err := c.namedLast(ctx, w, best); done || err != nil {
		return err
	}
	if len(best) == 0 {
		if !c.ask.About.IsZero() && takesText(in.Verb) {
			w.Intent = in.Split(0)
			return c.unnamed(ctx, w)
		}
		if in.Near != "" {
			return c.nearVerb(in)
		}
		return funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": in.Deal.Text()})
	}
	w.Intent = in.Split(words)
	w.among(meant(best, in.Verb))
	return nil
}

// namedLast takes the deal from the end of the words, where a step or a note names it last and no
// beginning names one as well: "call alpha".
func (c *call) namedLast(ctx context.Context, w *want, best []funnel.Match) (bool, error) {
	in := w.Intent
	if in.Verb != VerbNext && in.Verb != VerbLog || len(best) > 0 && best[0].Score >= scoreWhole {
		return false, nil
	}
	for _, n := range []int{2, 1} {
		split := in.SplitEnd(n)
		if len(split.Deal.Words) != n || n >= len(in.Deal.Words) {
			continue
		}
		found, err := c.named(ctx, split.Deal.Text())
		if err != nil {
			return false, err
		}
		if len(found) > 0 && found[0].Score >= scoreWhole {
			w.Intent = split
			w.among(meant(found, in.Verb))
			return true, nil
		}
	}
	return false, nil
}

// nearVerb refuses a word that is no deal and looks like a verb.
func (c *call) nearVerb(in Intent) error {
	v, _ := verbOf(in.Near)
	name := v.Name(c.me.Locale)
	return funnel.Refuse(CodeVerbUnknownNear, funnel.Args{
		"word": in.Deal.Text(), "nearest": name, "key": string(in.Near), "line": name,
	})
}

// takesText reports whether words after the name may be text.
func takesText(v Key) bool {
	switch v {
	case VerbLog, VerbNext, VerbDone, VerbBack, VerbLost, VerbPark, VerbSet, VerbMove, VerbWon, VerbReopen, VerbAssign:
		return true
	case VerbToday, VerbNew, VerbShow, VerbList, VerbFind, VerbCompany, VerbUndo, VerbFunnel, VerbHelp, VerbMembers,
		VerbRole, VerbLanguage, VerbTimezone, VerbTransfer, VerbAway, VerbNotify, VerbQualify, VerbPeople, VerbForget, VerbRenew,
		VerbInvite, VerbApprove, VerbDecline, VerbRemove, VerbLink, VerbJoin, VerbAccess, VerbConnect, VerbDisconnect,
		VerbAnnounce, VerbWorkspace, VerbQuota, VerbDigest, VerbAdvice, VerbNudge, VerbSnooze, VerbReview:
	}
	return false
}

// named searches deals by words as typed, and in the other keyboard layout where that finds nothing.
func (c *call) named(ctx context.Context, words string) ([]funnel.Match, error) {
	read := c.desk.service.Read()
	found, err := read.SearchDeals(ctx, c.ask.Workspace, words, searchTop)
	if err != nil || len(found) > 0 && found[0].Score >= scorePart {
		return found, err
	}
	flipped, err := read.SearchDeals(ctx, c.ask.Workspace, FlipLayout(words), searchTop)
	if err != nil {
		return nil, err
	}
	if len(flipped) > 0 && (len(found) == 0 || flipped[0].Score > found[0].Score) {
		return flipped, nil
	}
	return found, nil
}

// meant keeps the deals that are about as likely as the best. Where some of them are in the state
// that the verb is for, the others are not meant: nobody wins a lost deal.
func meant(found []funnel.Match, v Key) []funnel.Match {
	near := found[:0:0]
	for _, m := range found {
		if m.Score >= found[0].Score-scoreNear && (found[0].Score < scoreWhole || m.Score >= scoreWhole) {
			near = append(near, m)
		}
	}
	fit := near[:0:0]
	for _, m := range near {
		if fits(v, m.Outcome) {
			fit = append(fit, m)
		}
	}
	if len(fit) > 0 && v != VerbShow && v != VerbFind {
		return fit
	}
	return near
}

// fits reports whether a verb is for deals of the outcome.
func fits(v Key, o funnel.Outcome) bool {
	switch v { //nolint:exhaustive // all others are for open deals
	case VerbReopen:
		return o != funnel.Open
	case VerbRenew:
		return o == funnel.Won
	}
	return o == funnel.Open
}

// among takes the only deal there is, or offers them.
func (w *want) among(found []funnel.Match) {
	if len(found) == 1 {
		w.found(&found[0].DealView)
		return
	}
	for i := range found[:min(len(found), maxAmong)] {
		w.offer(&found[i].DealView)
	}
}

func (w *want) offer(d *funnel.DealView) {
	w.Among, w.likely = append(w.Among, dealChoice(d)), append(w.likely, *d)
}

func dealChoice(d *funnel.DealView) choice {
	name := "#" + strconv.FormatInt(d.Number, 10) + " " + d.CompanyName
	if d.Title != "" {
		name += ", " + d.Title
	}
	return choice{Key: "#" + strconv.FormatInt(d.Number, 10), Name: name}
}

// unnamed takes the deal that the place speaks of or that was spoken of last, or offers the
// member's own.
func (c *call) unnamed(ctx context.Context, w *want) error {
	view, err := c.spokenOf(ctx)
	if err != nil {
		return err
	}
	list, picky := funnel.ListMine, w.Intent.Verb == VerbQualify || w.Intent.Verb == VerbRenew
	if w.Intent.Verb == VerbRenew {
		list = funnel.ListClients
	}
	if view != nil && (!picky || fits(w.Intent.Verb, view.Outcome)) {
		w.found(view)
		return nil
	}
	mine, _, err := c.desk.service.Read().ListDeals(ctx, c.ask.Workspace, funnel.DealQuery{
		List: list, Owner: c.me.ID, Today: c.today(), Funnel: c.plan, Now: c.ask.At, Limit: maxAmong,
	})
	if err != nil {
		return err
	}
	for i := range mine {
		w.offer(&mine[i])
	}
	if len(w.Among) == 0 {
		return funnel.Refuse(CodeNoDeals, nil)
	}
	return nil
}

// spokenOf returns the deal that the place speaks of or that was spoken of last, or nil.
func (c *call) spokenOf(ctx context.Context) (*funnel.DealView, error) {
	read := c.desk.service.Read()
	if !c.ask.About.IsZero() {
		view, err := read.Deal(ctx, c.ask.Workspace, c.ask.About, 0)
		if err != nil {
			return nil, err
		}
		if view != nil && view.VoidedAt.IsZero() {
			return view, nil
		}
	}
	last, since := c.talks.Focus, c.talks.FocusAt
	if c.ask.At.Sub(since) > focusLife {
		last, since = funnel.ID{}, c.ask.At.Add(-focusLife)
	}
	changed, err := read.LastDeal(ctx, c.ask.Workspace, c.me.ID, since)
	if err != nil {
		return nil, err
	}
	if !changed.IsZero() {
		last = changed
	}
	if last.IsZero() {
		return nil, nil
	}
	view, err := read.Deal(ctx, c.ask.Workspace, last, 0)
	if err != nil || view == nil || !view.VoidedAt.IsZero() {
		return nil, err
	}
	return view, nil
}
