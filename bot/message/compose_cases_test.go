package message_test

import (
	"time"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

type replyCase struct {
	name  string
	reply commands.Reply
}

// say picks the words of a language for what people wrote.
func say(l funnel.Locale, english, russian string) string {
	if l == funnel.Russian {
		return russian
	}
	return english
}

func day(d int) funnel.Date { return funnel.DateOf(now).AddDays(d) }

func at(days int) time.Time { return now.AddDate(0, 0, days).Add(-time.Hour) }

func rub(major int64) funnel.Money { return funnel.Money{Minor: major * 100, Currency: "RUB"} }

func id(n byte) funnel.ID { return funnel.ID{15: n} }

func deal(l funnel.Locale) funnel.DealView {
	return funnel.DealView{
		Deal: funnel.Deal{
			ID: id(42), Number: 42, Version: 7, Owner: id(1), Kind: funnel.NewBusiness, Outcome: funnel.Open,
			Stage: "proposal", StageSince: at(-5), OpenedAt: at(-30), Amount: rub(1_200_000),
			Title: say(l, "office network", "сеть в офисе"),
			Next:  funnel.NextStep{What: say(l, "send the offer", "отправить КП"), On: day(4), RemindAt: at(4)},
		},
		CompanyName: say(l, "Bluefin Robotics", "Ромашка"), OwnerName: say(l, "Anna Bell", "Анна Белова"),
	}
}

// with changes a deal.
func with(l funnel.Locale, change func(*funnel.DealView)) funnel.DealView {
	d := deal(l)
	change(&d)
	return d
}

func offer(label, action string) commands.Offer { return commands.Offer{Label: label, Action: action} }

func undo(more ...commands.Offer) []commands.Offer {
	return append([]commands.Offer{offer("undo", "undo:42:8")}, more...)
}

// change makes the reply to a change from one state to the other.
func change(l funnel.Locale, verb string, before, after func(*funnel.Deal), more ...commands.Offer) commands.Changed {
	was, now := deal(l).Deal, deal(l).Deal
	if before != nil {
		before(&was)
		before(&now)
	}
	now.Version++
	after(&now)
	return commands.Changed{
		Changed:   funnel.Changed{Verb: verb, Deal: now, Was: &was, From: was.Stage, Company: deal(l).CompanyName},
		OwnerName: say(l, "Anna Bell", "Анна Белова"), Offers: undo(more...),
	}
}

func replies(l funnel.Locale) map[string][]replyCase {
	return map[string][]replyCase{
		"cards": cards(l), "changes": append(changes(l), undone(l)...), "lists": lists(l),
		"questions": append(questions(l), asides(l)...), "reports": reports(l), "analysis": analysisCases(l), "digest": digestCases(l), "rest": rest(l), "told": toldCases(l), "access": access(l),
		"qualify": append(qualifyCases(l), resultCases(l)...), "people": peopleCases(l), "standing": standingCases(l),
	}
}

func cards(l funnel.Locale) []replyCase {
	full := with(l, func(d *funnel.DealView) {
		d.Basis, d.Source, d.Closing = funnel.PerYear, "site", day(22)
		d.Next.On = day(-3)
		d.Pain, d.Effect = say(l, "the network is down twice a week", "сеть падает дважды в неделю"), say(l, "30 hours a month saved", "экономия 30 часов в месяц")
		d.Custom = map[string]string{say(l, "tender", "тендер"): "A-17"}
		d.LastTouch = at(-1)
		d.Recent = []funnel.Activity{
			{Kind: funnel.Call, Direction: funnel.Incoming, Text: say(l, "they want an offer", "просят КП"), At: at(-1)},
			{Kind: funnel.StepDone, Direction: funnel.Outgoing, Text: say(l, "sent the brief", "отправить бриф"), At: at(-4)},
			{Kind: funnel.Meeting, At: at(-400)},
		}
	})
	bare := with(l, func(d *funnel.DealView) {
		d.Amount, d.Next, d.Title, d.OwnerName, d.StageSince = funnel.Money{}, funnel.NextStep{}, "", "", at(0)
	})
	lost := with(l, func(d *funnel.DealView) {
		d.Outcome, d.Reason, d.ClosedAt, d.Next = funnel.Lost, "price", at(-2), funnel.NextStep{}
		d.Kind = funnel.Renewal
	})
	lostNoReason := with(l, func(d *funnel.DealView) { d.Outcome, d.ClosedAt, d.Next = funnel.Lost, at(-200), funnel.NextStep{} })
	won := with(l, func(d *funnel.DealView) {
		d.Outcome, d.ClosedAt, d.Stage, d.StageSince, d.Closing = funnel.Won, at(-1), "launch", at(-1), day(-1)
	})
	parked := with(l, func(d *funnel.DealView) {
		d.Stage, d.StageSince, d.ParkedFrom, d.ParkedUntil, d.Next = "awareness", at(-1), "proposal", funnel.Date{Year: 2027, Month: 2, Day: 1}, funnel.NextStep{}
	})
	late := with(l, func(d *funnel.DealView) {
		d.Closing, d.Next = day(-21), funnel.NextStep{What: say(l, "call Mira", "позвонить Ивану"), On: day(0), At: now.Add(3 * time.Hour)}
	})
	return []replyCase{
		{"everything is known", commands.Card{Deal: full, Offers: []commands.Offer{
			offer("done", "done:42:7"),
			{Label: "move", Action: "move:42:7:negotiation", Stage: "negotiation"},
			offer("log", "log:42:7"), offer("won", "won:42:7"), offer("lost", "lost:42:7"),
		}}},
		{"little is known", commands.Card{Deal: bare, Offers: []commands.Offer{offer("next", "next:42:7")}}},
		{"lost renewal", commands.Card{Deal: lost, Offers: []commands.Offer{offer("reopen", "reopen:42:7")}}},
		{"lost without a reason", commands.Card{Deal: lostNoReason}},
		{"won", commands.Card{Deal: won}},
		{"parked", commands.Card{Deal: parked, Offers: []commands.Offer{offer("resume", "reopen:42:7")}}},
		{"close has passed, step today at a time", commands.Card{Deal: late}},
	}
}

func lists(l funnel.Locale) []replyCase {
	some := []funnel.DealView{
		deal(l),
		with(l, func(d *funnel.DealView) { d.Number, d.Next.On, d.Amount = 7, day(-12), funnel.Money{} }),
		with(l, func(d *funnel.DealView) { d.Number, d.Next, d.Title = 8, funnel.NextStep{}, "" }),
		with(l, func(d *funnel.DealView) {
			d.Number, d.ParkedUntil, d.Stage, d.Next = 9, day(30), "awareness", funnel.NextStep{}
		}),
		with(l, func(d *funnel.DealView) {
			d.Number, d.Outcome, d.ClosedAt, d.Reason = 10, funnel.Lost, at(-9), "competitor"
		}),
		with(l, func(d *funnel.DealView) {
			d.Number, d.Outcome, d.ClosedAt, d.Stage, d.Next = 11, funnel.Won, at(-3), "launch", funnel.NextStep{}
		}),
	}
	firm := funnel.CompanyView{
		Company: funnel.Company{ID: id(9), Name: deal(l).CompanyName, Domain: "bluefin.example", Industry: say(l, "robotics", "робототехника"), Size: "50-200"},
		Contacts: []funnel.Contact{
			{Name: say(l, "Mira Holt", "Иван Петров"), Position: say(l, "head of IT", "директор по ИТ"), Phone: "+7 900 000-00-00", Email: "it@bluefin.example"},
			{Name: say(l, "Ted Ash", "Пётр Сидоров")},
		},
		Deals: some,
	}
	item := func(i int, offers ...commands.Offer) commands.PlanItem {
		return commands.PlanItem{Deal: some[i], Offers: append(offers, commands.Offer{Label: "show", Action: "show:7:0", Name: "x"})}
	}
	cases := []replyCase{
		{"mine, a page in the middle", commands.Deals{
			Title: commands.DealsTitle{List: funnel.ListMine}, Deals: some[:3], Offset: 10, Total: 47,
			Offers: []commands.Offer{offer("previous", "list:1:0:mine"), offer("more", "list:3:0:mine")},
		}},
		{"team", commands.Deals{Title: commands.DealsTitle{List: funnel.ListTeam}, Deals: some[:4], Total: 4}},
		{"found", commands.Deals{Title: commands.DealsTitle{Words: say(l, "blufin", "рамашка")}, Deals: some, Total: 6}},
		{"a stage", commands.Deals{Title: commands.DealsTitle{List: funnel.ListStage, Stage: "proposal"}, Deals: some[:1], Total: 1}},
		{"somebody's", commands.Deals{Title: commands.DealsTitle{List: funnel.ListMine, OwnerName: say(l, "Anna Bell", "Анна Белова")}, Deals: some[:1], Total: 1}},
		{"beyond the end", commands.Deals{Title: commands.DealsTitle{List: funnel.ListStuck}, Offset: 40, Total: 21}},
		{"nobody's", commands.Deals{Title: commands.DealsTitle{List: funnel.ListMine, OwnerName: say(l, "Anna Bell", "Анна Белова")}}},
		{"an empty stage", commands.Deals{Title: commands.DealsTitle{List: funnel.ListStage, Stage: "proposal"}}},
		{"nothing found", commands.Deals{Title: commands.DealsTitle{Words: "zzz"}}},
		{"company", commands.Company{Company: firm, Offers: []commands.Offer{{Label: "open_new", Action: ">new Bluefin", Name: firm.Name}}}},
		{"company without deals", commands.Company{Company: funnel.CompanyView{Company: funnel.Company{Name: firm.Name}}}},
		{"a full day", commands.Today{
			Due: []commands.PlanItem{item(1, offer("done", "done:7:7")), item(0)}, MoreDue: 2,
			NoStep: []commands.PlanItem{item(2, offer("next", "next:8:7"))}, Stuck: []commands.PlanItem{item(1)},
		}},
		{"a quiet day", commands.Today{}},
		{"somebody's day", commands.Today{Name: say(l, "Anna Bell", "Анна Белова"), Due: []commands.PlanItem{item(1)}}},
		{"somebody's quiet day", commands.Today{Name: say(l, "Anna Bell", "Анна Белова")}},
	}
	for _, list := range []funnel.DealList{
		funnel.ListMine, funnel.ListTeam, funnel.ListStuck, funnel.ListNoStep, funnel.ListClosing, funnel.ListClients, funnel.ListDue,
		funnel.ListWon, funnel.ListLost, funnel.ListParked,
	} {
		cases = append(cases, replyCase{"empty " + string(list), commands.Deals{Title: commands.DealsTitle{List: list}}})
	}
	return cases
}

func rest(l funnel.Locale) []replyCase {
	member := funnel.Member{ID: id(1), Name: say(l, "Anna Bell", "Анна Белова"), Role: funnel.Manager, Locale: l, Zone: "Asia/Yekaterinburg"}
	cases := []replyCase{
		{"help", commands.Help{Verbs: commands.Verbs()}},
		{"members", commands.Members{Members: []funnel.Member{member, {Name: say(l, "Ted Ash", "Пётр Сидоров"), Role: funnel.Rep, Locale: funnel.English}}}},
		{"no members", commands.Members{}},
	}
	for _, v := range commands.Verbs() {
		cases = append(cases, replyCase{"help " + string(v.Key), commands.Help{Topic: v.Key, Verbs: []commands.Verb{v}}})
	}
	for _, verb := range []string{"role", "language", "timezone"} {
		cases = append(cases, replyCase{"own " + verb, commands.Settled{
			Settled: funnel.Settled{Verb: verb, Member: member}, Own: true, Offers: []commands.Offer{offer("undo", "undo:0:0")},
		}})
	}
	return append(cases, replyCase{"somebody's role", commands.Settled{Settled: funnel.Settled{Verb: "role", Member: member}}},
		replyCase{"words that were not understood", commands.Unread{Words: "foo bar"}},
		replyCase{"cancelled", commands.Cancelled{Verb: commands.VerbMove}},
		replyCase{"an offer is declined", commands.Cancelled{Verb: commands.VerbNext, Declined: true}})
}

type noticeCase struct {
	name   string
	notice funnel.Notification
	deal   *funnel.DealView
}

func notices(l funnel.Locale) []noticeCase {
	due := with(l, func(d *funnel.DealView) { d.Next.On, d.Next.RemindAt = day(0), time.Time{} })
	done := with(l, func(d *funnel.DealView) { d.Next = funnel.NextStep{} })
	woken := with(l, func(d *funnel.DealView) { d.Stage, d.Next, d.StageSince = "lead", funnel.NextStep{}, at(0) })
	again := with(l, func(d *funnel.DealView) { d.ParkedUntil = day(10) })
	voided := with(l, func(d *funnel.DealView) { d.VoidedAt = now })
	step := funnel.Notification{
		Kind: funnel.NoticeStepDue, Number: 42, Data: map[string]string{"what": due.Next.What, "on": due.Next.On.String()},
	}
	assigned := funnel.Notification{Kind: funnel.NoticeAssigned, Number: 42, To: due.Owner}
	taken := funnel.Notification{Kind: funnel.NoticeTaken, Number: 42, To: due.Owner, Data: map[string]string{"by": say(l, "Ted Ash", "Пётр Сидоров")}}
	elsewhere := due
	elsewhere.Owner = funnel.ID{9}
	wake := funnel.Notification{Kind: funnel.NoticeWoken, Number: 42, Data: map[string]string{"from": "proposal"}}
	team := func(kind funnel.NoticeKind) funnel.Notification {
		return funnel.Notification{Kind: kind, Team: true, Deal: id(42)}
	}
	signed := with(l, func(d *funnel.DealView) { d.Outcome = funnel.Won })
	silent := func(kind funnel.NoticeKind) funnel.Notification {
		return funnel.Notification{Kind: kind, Number: 42, Deal: id(42), To: due.Owner, Data: map[string]string{"door": "slack", "given": "5", "of": "8"}}
	}
	return append(append(accessNotices(l), nudgeNotices(l)...), []noticeCase{
		{"a qualification waits", silent(funnel.NoticeQualifyWaiting), &due},
		{"a qualification waits, the deal cannot be read", silent(funnel.NoticeQualifyWaiting), nil},
		{"a qualification waits, signed since", silent(funnel.NoticeQualifyWaiting), &signed},
		{"a qualification has ended", silent(funnel.NoticeQualifyEnded), &due},
		{"a qualification has ended, taken out since", silent(funnel.NoticeQualifyEnded), &voided},
		{"won", team(funnel.NoticeWon), nil},
		{"lost", team(funnel.NoticeLost), nil},
		{"corrected", team(funnel.NoticeCorrected), nil},
		{"transferred", funnel.Notification{Kind: funnel.NoticeTransferred, Data: map[string]string{"from": "X", "deals": "2"}}, nil},
		{"several steps, none is left", funnel.Notification{Kind: funnel.NoticeStepsDue, Steps: []funnel.DueStep{{Deal: id(3)}}}, nil},
		{"a plan is no notice of a deal", funnel.Notification{Kind: funnel.NoticePlan}, nil},
		{"a digest is no notice of a deal", funnel.Notification{Kind: funnel.NoticeDigest}, nil},
		{"advice to follow", funnel.Notification{Kind: funnel.NoticeAdvice, To: id(1), Data: map[string]string{
			"by": "X", "stage": "proposal", "due": day(14).String(), "advice": "proposal.role",
		}}, nil},
		{"handed over", funnel.Notification{Kind: funnel.NoticeHandedOver, Data: map[string]string{"to": "X", "by": "Y", "deals": "2"}}, nil},
		{"taken", taken, &elsewhere},
		{"taken, the deal cannot be read", taken, nil},
		{"taken, given back since", taken, &due},
		{"assigned", assigned, &due},
		{"assigned, the deal cannot be read", assigned, nil},
		{"assigned, somebody else's since", assigned, &elsewhere},
		{"assigned, taken out since", assigned, &voided},
		{"step is due", step, &due},
		{"step is due, the deal cannot be read", step, nil},
		{"step was done meanwhile", step, &done},
		{"woken", wake, &woken},
		{"woken and parked again", wake, &again},
	}...)
}

// Tokens are the longest there are.
const longest = "0123456789.12"

func asking(verb commands.Key, p dialog.Prompt) commands.Question {
	p.Script, p.Token = string(verb), longest
	return commands.Question{Verb: verb, Outcome: dialog.Outcome{Result: dialog.Ask, Prompt: &p}}
}
