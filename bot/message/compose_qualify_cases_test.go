package message_test

import (
	"slices"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func titles(english, russian string) funnel.Titles {
	return funnel.Titles{funnel.English: english, funnel.Russian: russian}
}

// questionnaire is a short qualification with a question of every kind.
func questionnaire() *funnel.Qualification {
	option := func(key, english, russian string) funnel.QuestionOption {
		return funnel.QuestionOption{Key: key, Titles: titles(english, russian)}
	}
	ask := func(key string, kind funnel.QuestionKind, name, ask funnel.Titles, options ...funnel.QuestionOption) funnel.Question {
		return funnel.Question{Key: key, Kind: kind, Name: name, Ask: ask, Options: options}
	}
	pain := ask("pain", funnel.AskText, titles("Pain", "Боль"), titles("What hurts today?", "Что болит сегодня?"))
	pain.Hint = titles("For example: two outages a week", "Например: два сбоя в неделю")
	pain.Help = titles("In the client's own words.", "Словами самого клиента.")
	return &funnel.Qualification{
		Advance: "negotiation",
		Sections: []funnel.Section{
			{Key: "need", Titles: titles("Need", "Потребность"), Questions: []funnel.Question{
				pain,
				ask("gain", funnel.AskMoney, titles("Gain a year", "Выгода в год"), titles("What would it bring in a year?", "Сколько это даст за год?")),
				ask("outages", funnel.AskNumber, titles("Outages", "Сбои"), titles("How many outages a week?", "Сколько сбоев в неделю?")),
			}},
			{Key: "authority", Titles: titles("Authority", "Полномочия"), Questions: []funnel.Question{
				ask("decider", funnel.AskPerson, titles("Decides", "Решает"), titles("Who decides?", "Кто решает?")),
				ask("say", funnel.AskSeveral, titles("Has a say", "Влияет"), titles("Who else has a say?", "Кто ещё влияет?"),
					option("it", "IT", "ИТ"), option("law", "Lawyers", "Юристы"), option("safety", "Security, safety", "Безопасность, охрана")),
			}},
			{Key: "fit", Titles: titles("Fit", "Соответствие"), Questions: []funnel.Question{
				ask("when", funnel.AskDate, titles("Start", "Начало"), titles("When should it start?", "Когда начать?")),
				ask("approved", funnel.AskYesNo, titles("Budget approved", "Бюджет согласован"), titles("Is the budget approved?", "Бюджет согласован?")),
				ask("region", funnel.AskOne, titles("Region", "Регион"), titles("Where are they?", "Где они?"),
					option("near", "Nearby", "Рядом"), option("far", "Far away", "Далеко")),
			}},
		},
	}
}

// asks is a prompt of the questionnaire.
func asks(step string, kind dialog.Kind, group string, position int) dialog.Prompt {
	return dialog.Prompt{
		Script: "qualify", Step: step, Kind: kind, Group: group, Token: longest, Position: position, Total: 8, Optional: true,
		Controls: []dialog.Control{dialog.CanBack, dialog.CanSkip, dialog.CanHelp, dialog.CanLater, dialog.CanCancel},
	}
}

// say has three options, two of which are picked.
func several() dialog.Prompt {
	p := asks("say", dialog.Several, "authority", 5)
	p.Options, p.Picked = []dialog.Option{{Key: "it"}, {Key: "law"}, {Key: "safety"}}, []string{"it", "safety"}
	p.Default = dialog.SeveralOf("it", "safety")
	p.Controls = append([]dialog.Control{dialog.CanDone}, p.Controls...)
	return p
}

func qualifying(l funnel.Locale, p dialog.Prompt) commands.Question {
	d := deal(l)
	return commands.Question{Verb: commands.VerbQualify, Deal: &d, Outcome: dialog.Outcome{Result: dialog.Ask, Prompt: &p}}
}

// given are answers to every question but two.
func given(l funnel.Locale) map[string]dialog.Value {
	return map[string]dialog.Value{
		"pain": dialog.TextOf(say(l, "the network is down twice a week", "сеть падает дважды в неделю")), "gain": dialog.MoneyOf(rub(2_400_000)),
		"outages": dialog.NumberOf(2.5), "decider": dialog.PersonOf(dialog.Human{ID: id(71), Name: people(l)[0].Name}),
		"say": dialog.SeveralOf("it", "safety"), "approved": dialog.YesNoOf(true),
	}
}

func review(l funnel.Locale) dialog.Summary {
	s := dialog.Summary{Script: "qualify", Token: longest, Controls: []dialog.Control{
		dialog.CanConfirm, dialog.CanEdit, dialog.CanBack, dialog.CanHelp, dialog.CanLater, dialog.CanCancel,
	}}
	for _, section := range questionnaire().Sections {
		for _, q := range section.Questions {
			s.Items = append(s.Items, dialog.Item{Step: q.Key, Value: given(l)[q.Key]})
		}
	}
	return s
}

func page(l funnel.Locale) dialog.Page {
	text, money, number := asks("pain", dialog.Text, "need", 1), asks("gain", dialog.Money, "need", 2), asks("outages", dialog.Number, "need", 3)
	text.Default, money.Default, number.Default = given(l)["pain"], given(l)["gain"], given(l)["outages"]
	money.Problem = funnel.Refuse(commands.CodeMoneyUnreadable, funnel.Args{"text": "xx"})
	person := asks("decider", dialog.Person, "authority", 4)
	person.Options = []dialog.Option{
		{Key: id(71).String(), Label: people(l)[0].Name, Value: dialog.PersonOf(dialog.Human{ID: id(71), Name: people(l)[0].Name})},
		{Key: id(72).String(), Label: people(l)[1].Name, Value: dialog.PersonOf(dialog.Human{ID: id(72), Name: people(l)[1].Name})},
	}
	person.Default = given(l)["decider"]
	day0 := asks("when", dialog.Date, "fit", 6)
	day0.Default, day0.Optional = dialog.DateOf(day(30)), false
	region := asks("region", dialog.Choice, "fit", 7)
	region.Options, region.Default = []dialog.Option{{Key: "near"}, {Key: "far"}}, dialog.ChoiceOf("far", "")
	return dialog.Page{
		Script: "qualify", Token: longest, Position: 1, Total: 8, Prompts: []dialog.Prompt{text, money, number, person, several(), day0, region},
		Controls: []dialog.Control{dialog.CanBack, dialog.CanHelp, dialog.CanLater, dialog.CanCancel},
	}
}

func qualifyCases(l funnel.Locale) []replyCase {
	text := asks("pain", dialog.Text, "need", 1)
	explained := text
	explained.Help = true
	approved := asks("approved", dialog.YesNo, "fit", 7)
	approved.Options = []dialog.Option{{Key: "yes", Value: dialog.YesNoOf(true)}, {Key: "no", Value: dialog.YesNoOf(false)}}
	person := asks("decider", dialog.Person, "authority", 4)
	person.Options = []dialog.Option{{Key: id(71).String(), Label: people(l)[0].Name, Value: dialog.PersonOf(dialog.Human{ID: id(71)})}}
	money := asks("gain", dialog.Money, "need", 2)
	money.Default, money.Editing = dialog.MoneyOf(rub(2_400_000)), true
	none := several()
	none.Picked, none.Problem, none.Help = nil, funnel.Refuse(dialog.CodeEmpty, nil), true
	elsewhere := qualifying(l, text)
	elsewhere.From = "slack"
	p, s, short := page(l), review(l), review(l)
	confirm := review(l)
	confirm.Problem, confirm.Help = funnel.Refuse(dialog.CodeConfirm, nil), true
	short.Items = short.Items[:2]
	ask := func(o dialog.Outcome) commands.Question {
		d := deal(l)
		return commands.Question{Verb: commands.VerbQualify, Deal: &d, Outcome: o}
	}
	view := deal(l)
	goOn := []commands.Offer{offer("go_on", "qualify:42:0")}
	return []replyCase{
		{"a question of the funnel file", qualifying(l, text)},
		{"explained", qualifying(l, explained)},
		{"gone on with from another door", elsewhere},
		{"yes or no", qualifying(l, approved)},
		{"a person", qualifying(l, person)},
		{"money that is changed", qualifying(l, money)},
		{"several, two are picked", qualifying(l, several())},
		{"several, none was picked", qualifying(l, none)},
		{"a page", ask(dialog.Outcome{Result: dialog.Ask, Page: &p})},
		{"the answers", ask(dialog.Outcome{Result: dialog.Review, Summary: &s})},
		{"the answers, explained", ask(dialog.Outcome{Result: dialog.Review, Summary: &confirm})},
		{"few answers", ask(dialog.Outcome{Result: dialog.Review, Summary: &short})},
		{"set aside", commands.Paused{Verb: commands.VerbQualify, Deal: &view, Given: 5, Of: 8, Offers: goOn}},
		{"set aside before it is known what about", commands.Paused{Verb: commands.VerbQualify}},
		{"cancelled, answers are kept", commands.Cancelled{Verb: commands.VerbQualify, Deal: &view, Kept: 5, Of: 8, Offers: goOn}},
		{"cancelled before the first answer", commands.Cancelled{Verb: commands.VerbQualify, Deal: &view, Of: 8}},
		{"several are open", commands.Asking{Open: []commands.OpenAsking{
			{Deal: view, Door: "slack", Offer: offer("go_on_here", "qualify:42:0")},
			{Deal: with(l, func(d *funnel.DealView) { d.Number = 43 }), Door: "telegram", Offer: offer("go_on_here", "qualify:43:0")},
		}}},
	}
}

// answers are what a qualification of the questionnaire has stored.
func answers(l funnel.Locale) []funnel.Answer {
	return []funnel.Answer{
		{Question: "pain", Given: funnel.Given{Kind: funnel.AskText, Text: say(l, "two outages a week", "два сбоя в неделю")}},
		{Question: "gain", Given: funnel.Given{Kind: funnel.AskMoney, Money: rub(2_400_000)}},
		{Question: "outages", Given: funnel.Given{Kind: funnel.AskNumber, Number: 2}},
		{Question: "decider", Given: funnel.Given{Kind: funnel.AskPerson, Contact: id(71), Name: people(l)[0].Name}},
		{Question: "region", Given: funnel.Given{Kind: funnel.AskOne, Keys: []string{"far"}}},
	}
}

func assessed(l funnel.Locale, change func(*funnel.Assessment)) funnel.Qualified {
	q := funnel.Qualified{Seq: 1, At: now, Answers: answers(l), Assessment: funnel.Assessment{
		Score: 72, Known: 80, Verdict: funnel.Promising, Payback: 4.6, Stage: "negotiation",
		Parts: []funnel.Part{
			{Section: "need", Points: 28, Of: 30, Given: 3, Asked: 3},
			{Section: "authority", Points: 17, Of: 20, Given: 1, Asked: 2},
			{Section: "fit", Of: 0, Given: 0, Asked: 3},
			{Section: "gone", Points: 1, Of: 1, Given: 1, Asked: 1},
		},
		Reasons: []funnel.Ground{
			{Kind: funnel.GroundStrong, Question: "pain"},
			{Kind: funnel.GroundPayback},
			{Kind: funnel.GroundUnknown, Question: "approved"},
			{Kind: funnel.GroundWeak, Question: "outages"},
		},
		Missing: []string{"approved", "say", "gone"},
	}}
	change(&q.Assessment)
	return q
}

func resultCases(l funnel.Locale) []replyCase {
	result := func(is funnel.Qualified, offers ...commands.Offer) commands.Qualified {
		c := change(l, "qualify", nil, func(d *funnel.Deal) { d.Pain = say(l, "two outages a week", "два сбоя в неделю") })
		c.Chairs = chairs(l)
		return commands.Qualified{Changed: c.Changed, Result: is, Offers: offers}
	}
	qualified := result(
		assessed(l, func(*funnel.Assessment) {}),
		commands.Offer{Label: "propose_move", Action: "move:42:8:negotiation", Stage: "negotiation"}, offer("undo", "undo:42:8"),
		offer("qualify_again", "qualify:42:0"),
	)
	again := qualified
	last := assessed(l, func(a *funnel.Assessment) { a.Score, a.Verdict = 41, funnel.Nurture })
	last.At = at(-11)
	again.Last = &last
	again.Different = []commands.Difference{
		{Question: "gain", Was: funnel.Given{Kind: funnel.AskMoney, Money: rub(600_000)}, Is: answers(l)[1].Given},
		{Question: "region", Is: answers(l)[4].Given},
		{Question: "say", Was: funnel.Given{Kind: funnel.AskSeveral, Keys: []string{"it", "law"}}},
		{Question: "decider", Was: funnel.Given{Kind: funnel.AskPerson}, Is: answers(l)[3].Given},
		{Question: "gone", Is: answers(l)[0].Given},
	}
	same := result(assessed(l, func(a *funnel.Assessment) { a.Payback = 0 }))
	same.Last, same.Changed.Was, same.Changed.Chairs = &same.Result, &same.Changed.Deal, nil
	return []replyCase{
		{"promising", qualified},
		{"promising, once more", again},
		{"nothing has changed", same},
		{"to be nurtured", result(assessed(l, func(a *funnel.Assessment) {
			a.Score, a.Verdict, a.Payback, a.Until = 38, funnel.Nurture, 31.2, day(90)
			a.Reasons = []funnel.Ground{{Kind: funnel.GroundSlow}, {Kind: funnel.GroundOutside, Question: "region", Option: "far"}, {Kind: funnel.GroundWeak, Question: "say"}}
		}), commands.Offer{Label: "propose_park", Action: "park:42:8:2027-02-21", On: day(90)})},
		{"not a fit", result(assessed(l, func(a *funnel.Assessment) {
			a.Score, a.Verdict, a.Payback, a.Reason = 55, funnel.NotAFit, 0.2, "price"
			a.Reasons = []funnel.Ground{{Kind: funnel.GroundExcluded, Question: "region", Option: "far"}}
		}), commands.Offer{Label: "propose_lost", Action: "lost:42:8:price", Name: say(l, "Price", "Цена")})},
		{"too early to judge", result(assessed(l, func(a *funnel.Assessment) {
			a.Score, a.Verdict, a.Known, a.Payback, a.Reasons = 12, funnel.Undecided, 25, 1e9, nil
		}), offer("qualify_again", "qualify:42:0"))},
	}
}

// people are two persons of the client.
func people(l funnel.Locale) []funnel.Contact {
	return []funnel.Contact{
		{ID: id(71), Name: say(l, "Mira Holt", "Иван Петров"), Position: say(l, "head of IT", "директор по ИТ"), Phone: "+49 (170) 000-00-07", Email: "mira.holt@bluefin.example"},
		{ID: id(72), Name: say(l, "Ted Ash", "Пётр Сидоров"), Phone: say(l, "ask Mira", "через Ивана")},
	}
}

func chairs(l funnel.Locale) []funnel.ChairView {
	known := people(l)
	return []funnel.ChairView{
		{Person: known[0], LastTouch: at(-2), Chair: funnel.Chair{
			Contact: id(71), Roles: []string{"decision_maker", "user"}, Stance: funnel.Supporter, Initiator: true, Since: at(-60),
			NextWhat: say(l, "show the pilot", "показать пилот"), NextOn: day(4),
		}},
		{Person: known[1], Chair: funnel.Chair{Contact: id(72), Roles: []string{"legal"}, Stance: funnel.Blocker, Since: at(-40)}},
	}
}

func peopleCases(l funnel.Locale) []replyCase {
	seats := chairs(l)
	offers := []commands.Offer{
		{Label: "person", Action: "people:42:7:" + id(71).String(), Name: seats[0].Person.Name},
		{Label: "person", Action: "people:42:7:" + id(72).String(), Name: seats[1].Person.Name},
		offer("add_person", "people:42:7:add"),
	}
	cover := funnel.Coverage{Known: seats, Missing: []string{"finance"}, Silent: []funnel.Silence{{Chair: seats[1], Days: 40}}}
	seated := change(l, "people", nil, func(*funnel.Deal) {})
	seated.Person, seated.Chairs = &seats[0], seats
	same := seated
	was := seated.Deal
	same.Was = &was
	gone := change(l, "unseat", nil, func(*funnel.Deal) {})
	gone.Person, gone.Chairs = &seats[1], seats[:1]
	back := change(l, "undo", nil, func(*funnel.Deal) {})
	back.Undone = "people"
	returned := change(l, "undo", nil, func(*funnel.Deal) {})
	returned.Undone = "qualify"
	renewed := change(l, "renew", nil, func(d *funnel.Deal) { d.Kind, d.Next, d.Title = funnel.Renewal, funnel.NextStep{}, "" })
	renewed.Was, renewed.Chairs = nil, seats
	qualified := with(l, func(d *funnel.DealView) {
		q := assessed(l, func(*funnel.Assessment) {})
		q.At = at(-11)
		d.Committee, d.Qualified = seats, &q
	})
	early := qualified
	undecided := assessed(l, func(a *funnel.Assessment) { a.Verdict = funnel.Undecided })
	early.Committee, early.Qualified = nil, &undecided
	closed := qualified
	closed.Outcome, closed.Reason, closed.ClosedAt = funnel.Lost, "price", at(-1)
	many := qualified
	many.Committee = slices.Repeat(seats, 4)
	who := about(deal(l), asking(commands.VerbPeople, dialog.Prompt{Step: "contact", Kind: dialog.Choice, Numbered: true, Controls: ways[2:], Options: []dialog.Option{
		{Key: id(71).String(), Label: seats[0].Person.Name}, {Key: "new"},
	}}))
	roles := about(deal(l), asking(commands.VerbPeople, dialog.Prompt{
		Step: "roles", Kind: dialog.Several, Help: true, Picked: []string{"legal"}, Default: dialog.SeveralOf("legal"), Position: 1, Total: 2,
		Options: []dialog.Option{{Key: "user"}, {Key: "legal"}}, Controls: append([]dialog.Control{dialog.CanDone}, ways[1:]...),
	}))
	roles.Person = seats[0].Person.Name
	stance := about(deal(l), asking(commands.VerbPeople, dialog.Prompt{
		Step: "stance", Kind: dialog.Choice, Numbered: true, Help: true, Position: 2, Total: 2, Default: dialog.ChoiceOf("blocker", ""),
		Options: []dialog.Option{{Key: "supporter"}, {Key: "neutral"}, {Key: "blocker"}}, Controls: ways,
	}))
	stance.Person = seats[0].Person.Name
	erased := funnel.ChairView{Chair: funnel.Chair{Contact: id(73), Roles: []string{"finance"}}, Person: funnel.Contact{ID: id(73), ForgottenAt: now}}
	return []replyCase{
		{"the people of a deal", commands.Committee{Deal: deal(l), Coverage: cover, Chairs: append(seats, erased), Offers: append(offers[:2:2], offers[1], offers[2])}},
		{"nobody is known", commands.Committee{Deal: deal(l), Coverage: funnel.Coverage{Missing: []string{"decision_maker", "finance"}}, Offers: offers[2:]}},
		{"a person", commands.Person{Deal: deal(l), Chair: seats[0], Offers: []commands.Offer{
			offer("roles", "people:42:7:r"), offer("stance", "people:42:7:s"), offer("initiator", "people:42:7:i"), offer("unseat", "people:42:7:u"), offer("forget", "forget:0:0:x"),
		}}},
		{"a person of whom little is known", commands.Person{Deal: deal(l), Chair: funnel.ChairView{Person: seats[1].Person}}},
		{"somebody is added", seated},
		{"somebody is as before", same},
		{"somebody takes part no more", gone},
		{"a change of people is taken back", back},
		{"a qualification is taken back", returned},
		{"a renewal with its people", renewed},
		{"to be erased", commands.Forgotten{Asks: true, Name: seats[0].Person.Name, Company: deal(l).CompanyName, Offers: []commands.Offer{offer("forget", "forget:0:0:x")}}},
		{"to be erased, of no company", commands.Forgotten{Asks: true, Name: seats[0].Person.Name, Offers: []commands.Offer{offer("forget", "forget:0:0:x")}}},
		{"to be erased, two are called so", commands.Forgotten{Asks: true, Offers: offers[:2]}},
		{"whose data is to be erased", asking(commands.VerbForget, dialog.Prompt{Step: "contact", Kind: dialog.Text, Help: true, Controls: ways[2:]})},
		{"which of two people", who},
		{"roles", roles},
		{"how somebody stands", stance},
		{"erased", commands.Forgotten{Name: seats[0].Person.Name}},
		{"erased from two deals", commands.Forgotten{Name: seats[0].Person.Name, Deals: 2}},
		{"erased, asked again", commands.Forgotten{Deals: 1}},
		{"a card with people and a verdict", commands.Card{Deal: qualified, Offers: []commands.Offer{offer("people", "people:42:7"), offer("qualify", "qualify:42:7")}}},
		{"a card without people, too early to judge", commands.Card{Deal: early}},
		{"a lost deal misses nobody", commands.Card{Deal: closed}},
		{"a card with many people", commands.Card{Deal: many}},
		{"no such person", commands.Refused{Err: funnel.Refuse(funnel.CodeNoContact, funnel.Args{"name": "Ann"})}},
		{"a person who is gone", commands.Refused{Err: funnel.Refuse(funnel.CodeNoContact, funnel.Args{"name": ""})}},
		{"a person who was erased", commands.Refused{Err: funnel.Refuse(funnel.CodeContactForgotten, nil)}},
		{"not signed yet", commands.Refused{Err: funnel.Refuse(funnel.CodeNotSigned, funnel.Args{"deal": int64(42)})}},
		{"renewed already", commands.Refused{Err: funnel.Refuse(funnel.CodeRenewalOpen, funnel.Args{"deal": int64(42), "renewal": int64(57)})}},
	}
}

// withPeople gives a funnel the questionnaire, and roles of a committee that its stages want. The
// words of the built-in ones are tried with the definition.
func withPeople(built *funnel.Funnel) *funnel.Funnel {
	plan := *built
	plan.Qualification, plan.SilentAfter = questionnaire(), 21
	plan.Roles = []funnel.CommitteeRole{
		{Key: "user", Titles: titles("user", "пользователь")},
		{Key: "decision_maker", Titles: titles("decision maker", "ЛПР")},
		{Key: "finance", Titles: titles("Finance", "Финансы")},
		{Key: "legal", Titles: titles("lawyer", "юрист")},
	}
	plan.Stages = slices.Clone(built.Stages)
	for i := range plan.Stages {
		plan.Stages[i].People = nil
		if plan.Stages[i].Key == "proposal" {
			plan.Stages[i].People = []string{"decision_maker", "finance"}
		}
	}
	return &plan
}
