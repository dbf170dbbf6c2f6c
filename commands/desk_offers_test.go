package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

const funnelRep = funnel.Rep

// offered is a button as the desk offers it.
type offered struct{ label, action string }

// actions lists every button that a reply carries, those that the words for it add included.
func actions(r commands.Reply) []offered {
	var all []offered
	add := func(offers []commands.Offer) {
		for _, o := range offers {
			all = append(all, offered{o.Label, o.Action})
		}
	}
	switch r := r.(type) {
	case commands.Card:
		add(r.Offers)
	case commands.Changed:
		add(r.Offers)
	case commands.Deals:
		add(r.Offers)
	case commands.Company:
		add(r.Offers)
	case commands.Refused:
		add(r.Offers)
	case commands.Settled:
		add(r.Offers)
	case commands.Today:
		for _, list := range [][]commands.PlanItem{r.Due, r.NoStep, r.Stuck} {
			for _, item := range list {
				add(item.Offers)
			}
		}
	case commands.Question:
		all = asking(r)
	case commands.Cancelled:
		add(r.Offers)
	case commands.Qualified:
		add(r.Offers)
	case commands.Paused:
		add(r.Offers)
	case commands.Asking:
		for _, open := range r.Open {
			add([]commands.Offer{open.Offer})
		}
	case commands.Committee:
		add(r.Offers)
	case commands.Person:
		add(r.Offers)
	case commands.Forgotten:
		add(r.Offers)
	case commands.FunnelReport:
		add(r.Offers)
	case commands.Bottleneck:
		add(r.Offers)
	case commands.Stuck:
		add(r.Offers)
	case commands.Forecast:
		add(r.Offers)
	case commands.Behind:
		add(r.Offers)
	case commands.Plans:
		add(r.Offers)
	case commands.PlanSet:
		add(r.Offers)
	case commands.Nudged:
		add(r.Offers)
	case commands.Snoozed:
		add(r.Offers)
	case commands.Review:
		add(r.Offers)
	case commands.Owners:
		add(r.Offers)
		for _, b := range r.Behind {
			add(b.Offers)
		}
	case commands.Activities:
		add(r.Offers)
		all = append(all, leading(r.To)...)
	case commands.Qualifications:
		add(r.Offers)
		all = append(all, leading(r.To)...)
	case commands.Sequence:
		for _, part := range r.Replies {
			all = append(all, actions(part)...)
		}
	case commands.Aside:
		all = append(actions(r.Reply), offered{"resume", r.Back})
	}
	return all
}

func leading(ways []commands.Way) []offered {
	var all []offered
	for i := range ways {
		all = append(all, offered{"way", ways[i].Action})
	}
	return all
}

func asking(q commands.Question) []offered {
	var all []offered
	var token string
	var controls []dialog.Control
	act := func(a dialog.Act, key string) {
		all = append(all, offered{string(a), commands.QuestionAction(token, a, key)})
	}
	switch {
	case q.Outcome.Prompt != nil:
		p := q.Outcome.Prompt
		token, controls = p.Token, p.Controls
		for _, o := range p.Options {
			act(dialog.ActPick, o.Key)
		}
		if !p.Default.Skipped() {
			act(dialog.ActAnswer, "")
		}
	case q.Outcome.Page != nil:
		token, controls = q.Outcome.Page.Token, q.Outcome.Page.Controls
		act(dialog.ActFill, "")
	case q.Outcome.Summary != nil:
		s := q.Outcome.Summary
		token, controls = s.Token, s.Controls
		for _, item := range s.Items {
			act(dialog.ActEdit, item.Step)
		}
	}
	for _, c := range controls {
		if c != dialog.CanEdit {
			act(dialog.Act(c), "")
		}
	}
	return all
}

func TestWhatChangedNothingOffersNothingToTakeBack(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "next acme call friday", "set acme title nets", "set acme industry robotics")
	labels := func(r commands.Reply) []string {
		var all []string
		for _, b := range actions(r) {
			all = append(all, b.label)
		}
		return all
	}
	for _, line := range []string{
		"assign acme me", "set acme amount 12k", "set acme title nets", "next acme call friday", "set acme industry robotics",
	} {
		require.NotContains(t, labels(o.types(t, line)), "undo", line)
	}
	for _, line := range []string{"set acme amount 13k", "set acme industry machines", "log acme call, again", "next acme call monday"} {
		require.Contains(t, labels(o.types(t, line)), "undo", line)
	}
}
