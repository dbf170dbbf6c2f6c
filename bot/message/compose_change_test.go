package message_test

import (
	"funnelbot/commands"
	"funnelbot/funnel"
)

func changes(l funnel.Locale) []replyCase {
	step := offer("next", "next:42:8")
	opened := func(change func(*funnel.Deal)) commands.Changed {
		d := funnel.Deal{ID: id(42), Number: 42, Version: 1, Owner: id(1), Stage: "lead", StageSince: now, Outcome: funnel.Open}
		change(&d)
		return commands.Changed{
			Changed:   funnel.Changed{Verb: "new", Deal: d, Company: deal(l).CompanyName},
			OwnerName: say(l, "Anna Bell", "Анна Белова"), Offers: undo(step, offer("set_amount", "set:42:1:amount")),
		}
	}
	logged := func(a funnel.Activity, after func(*funnel.Deal), more ...commands.Offer) commands.Changed {
		r := change(l, "log", nil, after, more...)
		r.Activities = []funnel.Activity{a}
		return r
	}
	done := func(what string, after func(*funnel.Deal)) commands.Changed {
		r := change(l, "done", nil, after)
		r.Activities = []funnel.Activity{{Kind: funnel.StepDone, Text: what, At: now}}
		return r
	}
	firm := change(l, "set", nil, func(*funnel.Deal) {})
	firm.Customer = &funnel.Company{Name: deal(l).CompanyName, Industry: say(l, "robotics", "робототехника"), Size: "50-200"}
	firm.CustomerWas = &funnel.Company{Name: firm.Customer.Name, Industry: say(l, "machines", "станки"), Size: "50-200", Region: say(l, "North", "Урал")}
	renamed := change(l, "set", nil, func(*funnel.Deal) {})
	renamed.Customer = &funnel.Company{Name: renamed.Company, Domain: "bluefin.test"}
	renamed.CustomerWas = &funnel.Company{Name: say(l, "Bluefin", "Ромашк"), Domain: "bluefin.test"}
	remembered := change(l, "move", nil, func(d *funnel.Deal) { d.Stage, d.StageSince = "negotiation", now })
	remembered.Why = say(l, "they want it live by spring", "хотят запуск к весне")
	praised := change(l, "won", nil, func(d *funnel.Deal) { d.Stage, d.StageSince, d.ClosedAt, d.Outcome = "launch", now, now, funnel.Won })
	praised.Why = say(l, "signed on paper", "подписали на бумаге")
	explained := change(l, "back", nil, func(d *funnel.Deal) { d.Stage, d.StageSince = "qualification", now })
	explained.Why = say(l, "another need came up", "выяснилась другая задача")
	mourned := change(l, "lost", nil, func(d *funnel.Deal) { d.Outcome, d.ClosedAt, d.Reason = funnel.Lost, now, "price" })
	mourned.Why = say(l, "twice what they have", "вдвое дороже нынешнего")
	call := funnel.Activity{Kind: funnel.Call, Direction: funnel.Incoming, At: at(-1), Text: say(l, "they want an offer", "просят КП")}
	next := funnel.NextStep{What: say(l, "call Mira", "позвонить Ивану"), On: day(1), At: at(1), RemindAt: at(1)}
	nothing := func(*funnel.Deal) {}
	named := opened(nothing)
	named.By = say(l, "Ted Ash", "Пётр Сидоров")
	back := change(l, "undo", nil, nothing)
	back.By, back.Undone = named.By, "set"
	return []replyCase{
		{"opened", opened(nothing)},
		{"opened where several read", named},
		{"undone where several read", back},
		{"opened with all of it", opened(func(d *funnel.Deal) {
			d.Title, d.Amount, d.Source, d.Closing = say(l, "office network", "сеть в офисе"), rub(1_200_000), "site", day(22)
		})},
		{"moved", change(l, "move", nil, func(d *funnel.Deal) { d.Stage, d.StageSince = "negotiation", now }, step)},
		{"moved on a day before", change(l, "move", nil, func(d *funnel.Deal) { d.Stage, d.StageSince = "negotiation", at(-3) })},
		{"gone back", change(l, "back", nil, func(d *funnel.Deal) { d.Stage, d.StageSince = "qualification", now })},
		{"won", change(l, "won", nil, func(d *funnel.Deal) {
			d.Stage, d.StageSince, d.ClosedAt, d.Outcome, d.Amount = "launch", at(-1), at(-1), funnel.Won, rub(1_150_000)
		})},
		{"won without an amount", change(l, "move", func(d *funnel.Deal) { d.Amount = funnel.Money{} }, func(d *funnel.Deal) {
			d.Stage, d.StageSince, d.ClosedAt, d.Outcome = "launch", now, now, funnel.Won
		}, offer("set_amount", "set:42:8:amount"))},
		{"lost", change(l, "lost", nil, func(d *funnel.Deal) {
			d.Outcome, d.ClosedAt, d.Reason, d.Next = funnel.Lost, now, "price", funnel.NextStep{}
		})},
		{"lost on a day before", change(l, "lost", nil, func(d *funnel.Deal) {
			d.Outcome, d.ClosedAt, d.Reason, d.Next = funnel.Lost, at(-4), "no_budget", funnel.NextStep{}
		})},
		{"reopened", change(l, "reopen", func(d *funnel.Deal) { d.Outcome, d.Reason, d.Next = funnel.Lost, "price", funnel.NextStep{} }, func(d *funnel.Deal) {
			d.Outcome, d.Reason, d.StageSince = funnel.Open, "", now
		}, step)},
		{"signature taken back", change(l, "reopen", func(d *funnel.Deal) { d.Outcome, d.Stage = funnel.Won, "launch" }, func(d *funnel.Deal) {
			d.Outcome, d.Stage, d.StageSince = funnel.Open, "negotiation", at(-40)
		})},
		{"parked", change(l, "park", nil, func(d *funnel.Deal) {
			d.ParkedUntil, d.ParkedFrom, d.Stage, d.StageSince, d.Next = funnel.Date{Year: 2027, Month: 2, Day: 1}, "proposal", "awareness", now, funnel.NextStep{}
		})},
		{"woken", change(l, "wake", func(d *funnel.Deal) { d.ParkedUntil, d.Stage, d.Next = day(9), "awareness", funnel.NextStep{} }, func(d *funnel.Deal) {
			d.ParkedUntil, d.Stage, d.StageSince = funnel.Date{}, "lead", now
		}, step)},
		{"logged", logged(funnel.Activity{Kind: funnel.Meeting, At: now}, nothing)},
		{"logged with what follows", logged(call, func(d *funnel.Deal) {
			d.Stage, d.StageSince, d.Amount, d.Next = "negotiation", at(-1), rub(1_500_000), next
		})},
		{"logged and signed", logged(call, func(d *funnel.Deal) { d.Stage, d.StageSince, d.Outcome = "launch", at(-1), funnel.Won })},
		{"next step", change(l, "next", func(d *funnel.Deal) { d.Next = funnel.NextStep{} }, func(d *funnel.Deal) { d.Next = next })},
		{"next step without a reminder", change(l, "next", nil, func(d *funnel.Deal) {
			d.Next = funnel.NextStep{What: say(l, "call Mira", "позвонить Ивану"), On: day(0)}
		})},
		{"step done", done(say(l, "send the offer. They are happy", "отправить КП. Довольны"), func(d *funnel.Deal) { d.Next = next })},
		{"step done, nothing follows", done("", func(d *funnel.Deal) { d.Next = funnel.NextStep{} })},
		{"fields set", change(l, "set", func(d *funnel.Deal) { d.Closing = day(3) }, func(d *funnel.Deal) {
			d.Amount, d.Basis, d.Source, d.Closing, d.Title = rub(1_500_000), funnel.PerYear, "event", day(40), ""
			d.Custom = map[string]string{say(l, "tender", "тендер"): "A-17"}
		})},
		{"company set", firm},
		{"company renamed", renamed},
		{"moved with a note", remembered},
		{"won with a note", praised},
		{"gone back with a reason", explained},
		{"lost with a note", mourned},
		{"nothing changed", change(l, "set", nil, nothing)},
		{"assigned", change(l, "assign", nil, func(d *funnel.Deal) { d.Owner = id(2) })},
		{"done and asked what follows", commands.Sequence{Replies: []commands.Reply{
			done(say(l, "send the offer", "отправить КП"), func(d *funnel.Deal) { d.Next = funnel.NextStep{} }), nextStep(l),
		}}},
	}
}

func undone(l funnel.Locale) []replyCase {
	show := []commands.Offer{{Label: "show", Action: "show:42:0", Name: deal(l).CompanyName}}
	back := func(verb string, before, after func(*funnel.Deal)) commands.Changed {
		r := change(l, "undo", before, after)
		r.Undone, r.Offers = verb, show
		return r
	}
	cases := []replyCase{
		{"move taken back", back("move", func(d *funnel.Deal) { d.Stage = "negotiation" }, func(d *funnel.Deal) { d.Stage, d.StageSince = "proposal", at(-5) })},
		{"lost taken back", back("lost", func(d *funnel.Deal) { d.Outcome, d.Reason, d.Next = funnel.Lost, "price", funnel.NextStep{} }, func(d *funnel.Deal) {
			d.Outcome, d.Reason, d.Next = funnel.Open, "", deal(l).Next
		})},
		{"won taken back", back("won", func(d *funnel.Deal) { d.Outcome, d.Stage = funnel.Won, "launch" }, func(d *funnel.Deal) { d.Outcome, d.Stage = funnel.Open, "proposal" })},
		{"field taken back", back("set", func(d *funnel.Deal) { d.Amount = rub(5) }, func(d *funnel.Deal) { d.Amount = rub(1_200_000) })},
		{"assignment taken back", back("assign", func(d *funnel.Deal) { d.Owner = id(2) }, func(d *funnel.Deal) { d.Owner = id(1) })},
		{"step taken back", back("next", nil, func(d *funnel.Deal) { d.Next = funnel.NextStep{} })},
		{"park taken back", back("park", func(d *funnel.Deal) { d.ParkedUntil, d.Stage = day(9), "awareness" }, func(d *funnel.Deal) { d.ParkedUntil, d.Stage = funnel.Date{}, "proposal" })},
		{"entry taken back", back("log", nil, func(*funnel.Deal) {})},
		{"new deal taken back", back("new", nil, func(d *funnel.Deal) { d.VoidedAt = now })},
	}
	for _, verb := range []string{"role", "language", "timezone", "other"} {
		cases = append(cases, replyCase{"own " + verb + " taken back", commands.Changed{Changed: funnel.Changed{Verb: "undo", Undone: verb}}})
	}
	return cases
}
