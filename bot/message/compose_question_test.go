package message_test

import (
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

var ways = []dialog.Control{dialog.CanBack, dialog.CanSkip, dialog.CanHelp, dialog.CanCancel}

// nextStep asks what comes next.
func nextStep(l funnel.Locale) commands.Question {
	d := deal(l)
	q := asking(commands.VerbNext, dialog.Prompt{
		Step: "text", Kind: dialog.Text, Position: 1, Total: 2, Controls: []dialog.Control{dialog.CanHelp, dialog.CanCancel},
	})
	q.Deal = &d
	return q
}

func about(d funnel.DealView, q commands.Question) commands.Question {
	q.Deal = &d
	return q
}

func questions(l funnel.Locale) []replyCase {
	stages := []dialog.Option{
		{Key: "negotiation", Label: say(l, "Negotiation", "Переговоры")}, {Key: "qualification", Label: say(l, "Qualification", "Квалификация")},
	}
	days := []dialog.Option{
		{Key: "tomorrow", Value: dialog.DateOf(day(1))},
		{Key: "in3days", Value: dialog.DateOf(day(3))},
		{Key: "week", Value: dialog.DateOf(day(7))},
		{Key: "month", Value: dialog.DateOf(day(30))},
	}
	clock := dialog.DateOf(day(1))
	clock.Text = "15:00"
	names := []dialog.Option{
		{Key: "#42", Label: "#42 " + deal(l).CompanyName, Value: dialog.TextOf("#42")},
		{Key: "#7", Label: "#7 " + deal(l).CompanyName + ", " + say(l, "spare parts", "запчасти"), Value: dialog.TextOf("#7")},
	}
	twins := []dialog.Option{
		names[0], {Key: "c:00000000-0000-0000-0000-000000000009", Label: say(l, "Bluefin Robots", "Ромашка Плюс")}, {Key: "new"},
	}
	twin := asking(commands.VerbNew, dialog.Prompt{Step: "twin", Kind: dialog.Choice, Options: twins, Numbered: true, Position: 1, Total: 1, Controls: ways[2:]})
	twin.Company = say(l, "Bluefin", "Ромашко")
	stale, again := nextStep(l), nextStep(l)
	stale.Stale, again.Again = true, true
	command := asking(commands.VerbMove, dialog.Prompt{
		Step: "stage", Kind: dialog.Choice, Options: stages, Problem: funnel.Refuse(dialog.CodeNoOption, funnel.Args{"answer": "today"}), Position: 1, Total: 1, Controls: ways[2:],
	})
	command.Command = say(l, "today", "сегодня")
	command.Offers = []commands.Offer{{Label: "do_it", Action: ">" + command.Command, Name: command.Command}}
	several := []dialog.Option{
		{Key: "1", Value: dialog.DateOf(funnel.Date{Year: 2026, Month: 4, Day: 3})}, {Key: "2", Value: dialog.DateOf(funnel.Date{Year: 2026, Month: 3, Day: 4})},
	}
	cases := []replyCase{
		{"stage", about(deal(l), asking(commands.VerbMove, dialog.Prompt{Step: "stage", Kind: dialog.Choice, Options: stages, Numbered: true, Position: 1, Total: 1, Controls: ways[2:]}))},
		{"stage, explained", about(deal(l), asking(commands.VerbMove, dialog.Prompt{Step: "stage", Kind: dialog.Choice, Options: stages, Numbered: true, Help: true, Position: 1, Total: 1, Controls: ways[2:]}))},
		{"stage that is not offered", about(deal(l), asking(commands.VerbMove, dialog.Prompt{
			Step: "stage", Kind: dialog.Choice, Options: stages, Problem: funnel.Refuse(dialog.CodeNoOption, funnel.Args{"answer": "x"}), Position: 1, Total: 1, Controls: ways[2:],
		}))},
		{"a command that is no answer", command},
		{"next step", nextStep(l)},
		{"day of the next step", about(deal(l), asking(commands.VerbNext, dialog.Prompt{Step: "when", Kind: dialog.Date, Options: days, Position: 2, Total: 2, Controls: []dialog.Control{dialog.CanBack, dialog.CanHelp, dialog.CanCancel}}))},
		{"day that is over", about(deal(l), asking(commands.VerbPark, dialog.Prompt{
			Step: "when", Kind: dialog.Date, Options: days, Default: clock, Problem: funnel.Refuse(funnel.CodeInPast, funnel.Args{"date": day(-3)}), Position: 1, Total: 1, Controls: ways[2:],
		}))},
		{"ambiguous day", about(deal(l), asking(commands.VerbLog, dialog.Prompt{Step: "when", Kind: dialog.Date, Options: several, Candidates: true, Position: 1, Total: 1, Controls: ways[2:]}))},
		{"deal", asking(commands.VerbMove, dialog.Prompt{Step: "deal", Kind: dialog.Text, Options: names, Position: 1, Total: 2, Controls: ways[2:]})},
		{"likely duplicate", twin},
		{"loss reason", about(deal(l), asking(commands.VerbLost, dialog.Prompt{
			Step: "reason", Kind: dialog.Choice, Options: []dialog.Option{{Key: "price", Label: say(l, "Price", "Цена")}, {Key: "timing", Label: say(l, "Not now", "Не сейчас")}}, Numbered: true, Position: 1, Total: 1, Controls: ways[2:],
		}))},
		{"activity", about(deal(l), asking(commands.VerbLog, dialog.Prompt{Step: "activity", Kind: dialog.Choice, Options: []dialog.Option{{Key: "call"}, {Key: "meeting"}, {Key: "note"}}, Numbered: true, Position: 1, Total: 2, Controls: ways[2:]}))},
		{"field", about(deal(l), asking(commands.VerbSet, dialog.Prompt{Step: "field", Kind: dialog.Choice, Options: []dialog.Option{{Key: "title"}, {Key: "tax_id"}}, Numbered: true, Position: 1, Total: 2, Controls: ways[2:]}))},
		{"basis", about(deal(l), asking(commands.VerbSet, dialog.Prompt{Step: "basis", Kind: dialog.Choice, Options: []dialog.Option{{Key: "once"}, {Key: "year"}}, Numbered: true, Position: 2, Total: 2, Controls: ways[2:]}))},
		{"role", asking(commands.VerbRole, dialog.Prompt{Step: "role", Kind: dialog.Choice, Options: []dialog.Option{{Key: "rep"}, {Key: "manager"}, {Key: "admin"}}, Numbered: true, Position: 1, Total: 1, Controls: ways[2:]})},
		{"amount kept from before", asking(commands.VerbNew, dialog.Prompt{Step: "amount", Kind: dialog.Money, Default: dialog.MoneyOf(rub(450_000)), Editing: true, Position: 2, Total: 3, Controls: ways})},
		{"yes or no", asking(commands.VerbUndo, dialog.Prompt{Step: "text", Kind: dialog.YesNo, Options: []dialog.Option{{Key: "yes", Value: dialog.YesNoOf(true)}, {Key: "no", Value: dialog.YesNoOf(false)}}, Controls: ways[2:]})},
		{"number and person", asking(commands.VerbAssign, dialog.Prompt{Step: "person", Kind: dialog.Person, Default: dialog.PersonOf(dialog.Human{Name: say(l, "Anna", "Анна")}), Controls: ways[2:]})},
		{"button of an older question", stale},
		{"shown again", again},
	}
	return append(cases, summaries()...)
}

func summaries() []replyCase {
	s := dialog.Summary{
		Script: "new", Token: longest, Controls: []dialog.Control{dialog.CanConfirm, dialog.CanEdit, dialog.CanBack, dialog.CanHelp, dialog.CanCancel},
		Items: []dialog.Item{
			{Step: "company", Kind: dialog.Text, Value: dialog.TextOf("Bluefin")},
			{Step: "amount", Kind: dialog.Money, Value: dialog.MoneyOf(rub(450_000))},
			{Step: "source", Kind: dialog.Choice},
		},
	}
	unsure := s
	unsure.Problem, unsure.Help = funnel.Refuse(dialog.CodeConfirm, nil), true
	review := func(s *dialog.Summary) commands.Question {
		return commands.Question{Verb: commands.VerbNew, Outcome: dialog.Outcome{Result: dialog.Review, Summary: s}}
	}
	return []replyCase{{"summary", review(&s)}, {"summary, not confirmed", review(&unsure)}}
}

func asides(l funnel.Locale) []replyCase {
	d := deal(l)
	lost := with(l, func(d *funnel.DealView) { d.Outcome, d.Reason, d.ClosedAt = funnel.Lost, "price", at(-2) })
	show := commands.Offer{Label: "show", Action: "show:42:0", Name: d.CompanyName}
	near := funnel.Refuse(commands.CodeVerbUnknownNear, funnel.Args{"word": "muve", "nearest": "move", "key": "move", "line": "move"})
	return []replyCase{
		{"card in between", commands.Aside{Reply: commands.Card{Deal: d}, Verb: commands.VerbLost, Deal: &d, Back: "~0123456789.12~resume"}},
		{"list in between", commands.Aside{Reply: commands.Deals{Title: commands.DealsTitle{List: funnel.ListMine}}, Verb: commands.VerbNew, Back: "~0123456789.12~resume"}},
		{"old button", commands.Refused{Err: funnel.Refuse(funnel.CodeStale, funnel.Args{"deal": int64(42)}), Deal: &d, Offers: []commands.Offer{show}}},
		{"lost deal", commands.Refused{
			Err:  funnel.Refuse(funnel.CodeDealLost, funnel.Args{"deal": int64(42), "reason": "price"}),
			Deal: &lost, Offers: []commands.Offer{offer("reopen", "reopen:42:7"), show},
		}},
		{"verb with a typo", commands.Refused{Err: near, Offers: []commands.Offer{
			{Label: "did_you_mean", Action: ">move", Name: "move"}, offer("help", "help:0:0"),
		}}},
		{"no such deal", commands.Refused{Err: funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": "qqq"}), Offers: []commands.Offer{
			{Label: "open_new", Action: ">new qqq", Name: "qqq"},
		}}},
		{"criteria missing", commands.Refused{Err: funnel.Refuse(funnel.CodeBlocked, funnel.Args{
			"deal": int64(42), "stage": funnel.StageKey("proposal"), "unmet": []funnel.Unmet{{Stage: "lead", Criterion: say(l, "need is known", "задача понятна")}},
		})}},
	}
}
