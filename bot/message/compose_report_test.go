package message_test

import (
	"time"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

func reports(l funnel.Locale) []replyCase {
	plan, err := definition.Default()
	if err != nil {
		return nil // newDesk says so
	}
	anna, ted := say(l, "Anna Bell", "Анна Белова"), say(l, "Ted Ash", "Пётр Сидоров")
	plan = withPeople(plan)
	p := funnel.Period{
		From: now.AddDate(0, 0, -90), To: now, Live: true, Days: 90, Zone: time.FixedZone("", 3*60*60), Currency: "RUB", Funnel: plan,
	}
	stages := funnel.StageTable{
		Entries: []funnel.EntryCount{{Stage: "lead", Spells: 1204}, {Stage: "qualification", Spells: 41}},
		Exits: []funnel.ExitCount{
			{Stage: "lead", Exit: funnel.Advance, Destination: "proposal", Spells: 30},
			{Stage: "proposal", Exit: funnel.Loss, Reason: "price", Spells: 7},
			{Stage: "proposal", Exit: funnel.Back, Destination: "lead", Spells: 2},
		},
		Open: []funnel.OpenCount{
			{Stage: "lead", Deals: 12},
			{Stage: "proposal", Deals: 4, Sum: rub(3_400_000)},
			{Stage: "proposal", Deals: 1, Sum: funnel.Money{Minor: 1_200_000, Currency: "USD"}},
		},
		Closed: []funnel.ClosedCount{
			{Outcome: funnel.Won, Days: 57, Deals: 15, Sum: rub(10_005_534)},
			{Outcome: funnel.Won, Days: 106, Deals: 2},
			{Outcome: funnel.Lost, Reason: "price", Days: 14, Deals: 7},
			{Outcome: funnel.Lost, Reason: "not_icp", Days: 3, Deals: 2},
		},
	}
	owners := funnel.OwnerTable{
		Names:  map[funnel.ID]string{id(1): anna, id(2): ted},
		Open:   []funnel.OpenCount{{Owner: id(1), Stage: "lead", Deals: 5, Sum: rub(2_000_000)}, {Stage: "lead", Deals: 1}},
		Closed: []funnel.ClosedCount{{Owner: id(1), Outcome: funnel.Won, Deals: 3, Sum: rub(900_000)}, {Owner: id(2), Outcome: funnel.Lost, Deals: 2}},
	}
	head := funnel.ReportHead{AsOf: now, WindowDays: 21, Currency: "RUB", Kind: funnel.NewBusiness}
	did := func(week string, n byte, name string, stage funnel.StageKey, kind funnel.ActivityKind, count int) funnel.ActivityCount {
		return funnel.ActivityCount{Week: week, Owner: id(n), Name: name, Stage: stage, Kind: kind, Count: count}
	}
	judged := func(t funnel.QualifiedTable) commands.Qualifications {
		return commands.Qualifications{Report: funnel.NewQualificationReport(p, funnel.DefaultAnswerWindow, t)}
	}
	return []replyCase{
		{"funnel", commands.FunnelReport{Report: funnel.NewFunnelReport(p, stages, spells(p)), Offers: []commands.Offer{offer("why", "funnel:0:0:f.0..y.")}}},
		{"why the funnel", commands.FunnelReport{Report: funnel.NewFunnelReport(p, stages, spells(p)), Why: true}},
		{"why a stage of the funnel", commands.FunnelReport{
			Report: funnel.NewFunnelReport(p, stages, spells(p)), Why: true, Stage: "lead",
			Offers: []commands.Offer{{Label: "behind_entered", Name: "41", Action: "funnel:1:0:f.0..e.lead"}},
		}},
		{"funnel of nothing", commands.FunnelReport{Report: funnel.NewFunnelReport(p, funnel.StageTable{}, funnel.SpellTable{})}},
		{"funnel without closings", commands.FunnelReport{Report: funnel.NewFunnelReport(p, funnel.StageTable{
			Entries: stages.Entries, Open: stages.Open[:1],
		}, funnel.SpellTable{})}},
		{"owners", commands.Owners{Report: funnel.NewOwnersReport(p, owners)}},
		{"why the owners", commands.Owners{Report: funnel.NewOwnersReport(p, owners), Behind: []commands.OwnerBehind{
			{Name: anna, Offers: []commands.Offer{{Label: "behind_open", Name: "5", Action: "funnel:1:0:o.0..o.@x"}}},
		}}},
		{"owners of nothing", commands.Owners{Report: funnel.NewOwnersReport(p, funnel.OwnerTable{})}},
		{"activities", commands.Activities{Report: funnel.ActivityReport{ReportHead: head, Activities: []funnel.ActivityCount{
			did("2025-W53", 1, anna, "lead", funnel.Call, 3), did("2026-W47", 1, anna, "proposal", funnel.Call, 12),
			did("2026-W47", 2, ted, "", funnel.Note, 1), did("2026-W48", 1, anna, "proposal", funnel.Meeting, 2),
		}}}},
		{"why what was done", commands.Activities{Report: funnel.ActivityReport{ReportHead: head}, Ways: commands.Ways{Why: true, To: []commands.Way{
			{Of: funnel.Behind{Of: funnel.OfOwner, Owner: id(1)}, Name: anna, Count: 17, Action: "funnel:0:0:a.0..y.@x"},
			{Of: funnel.Behind{Of: funnel.OfOwner}, Count: 1, Action: "funnel:0:0:a.0..y.@"},
			{Of: funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfWeek, Week: "2026-W47"}, Count: 1300, Action: "funnel:1:0:a.0..d.~2026-W47"},
			{Of: funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfStage, Stage: "proposal"}, Count: 14, Action: "funnel:1:0:a.0..d.proposal"},
			{Of: funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfStage}, Count: 1, Action: "funnel:1:0:a.0..d.!"},
		}}}},
		{"why what somebody did", commands.Activities{Report: funnel.ActivityReport{ReportHead: head}, Ways: commands.Ways{
			Why: true, Group: funnel.Behind{Of: funnel.OfOwner, Owner: id(1)}, Name: anna, To: []commands.Way{
				{Of: funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfOwner, Owner: id(1)}, Name: anna, Count: 17, Action: "funnel:1:0:a.0..d.@x"},
				{Of: funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfOwner, Owner: id(1), Kind: funnel.Call}, Name: anna, Count: 15, Action: "funnel:1:0:a.0..d.@x/0"},
			},
		}}},
		{"why nobody did anything", commands.Activities{Report: funnel.ActivityReport{ReportHead: head}, Ways: commands.Ways{Why: true}}},
		{"activities of nothing", commands.Activities{Report: funnel.ActivityReport{ReportHead: head}}},
		{"qualifications", judged(qualified(owners.Names, 40))},
		{"qualifications without a pattern", judged(qualified(owners.Names, 0))},
		{"too few qualifications", judged(funnel.QualifiedTable{Open: funnel.OpenFit{Deals: 2}, Closed: funnel.ClosedFit{Deals: 9, Qualified: 1, Won: 1}})},
		{"why the qualifications", commands.Qualifications{Report: judged(qualified(owners.Names, 40)).Report, Ways: commands.Ways{Why: true, To: []commands.Way{
			{Of: funnel.Behind{Part: funnel.BehindCame}, Count: 40, Action: "funnel:1:0:q.0..c."},
			{Of: funnel.Behind{Part: funnel.BehindQualified}, Count: 16, Action: "funnel:1:0:q.0..q."},
			{Of: funnel.Behind{Part: funnel.BehindAnswered}, Count: 120, Action: "funnel:1:0:q.0..n."},
			{Of: funnel.Behind{Of: funnel.OfSource, Source: "referral"}, Count: 12, Action: "funnel:0:0:q.0..y.$1"},
			{Of: funnel.Behind{Of: funnel.OfSource}, Count: 2, Action: "funnel:0:0:q.0..y.$2"},
			{Of: funnel.Behind{Of: funnel.OfAnswer, Question: "say", Option: "it"}, Count: 50, Action: "funnel:0:0:q.0..y.?1"},
		}}}},
		{"why an answer goes with winning", commands.Qualifications{Report: judged(qualified(owners.Names, 40)).Report, Ways: commands.Ways{
			Why: true, Group: funnel.Behind{Of: funnel.OfAnswer, Question: "say", Option: "it"}, To: []commands.Way{
				{Of: funnel.Behind{Part: funnel.BehindWith, Of: funnel.OfAnswer, Question: "say", Option: "it"}, Count: 50, Action: "funnel:1:0:q.0..g.?1"},
				{Of: funnel.Behind{Part: funnel.BehindWithout, Of: funnel.OfAnswer, Question: "say", Option: "it"}, Count: 50, Action: "funnel:1:0:q.0..h.?1"},
			},
		}}},
		{"qualifications of nothing", judged(funnel.QualifiedTable{})},
	}
}

// spells are stays of 90 days: most of those in the first stage go on within days, and few stay.
func spells(p funnel.Period) funnel.SpellTable {
	left := func(stage, to funnel.StageKey, exit funnel.Exit, stay, n int) funnel.SpellGroup {
		return funnel.SpellGroup{Stage: stage, Entered: 40, Sharp: true, Left: 40 - stay, Stay: stay, Exit: exit, Destination: to, Spells: n}
	}
	return funnel.SpellTable{To: p.To, Groups: []funnel.SpellGroup{
		left("lead", "qualification", funnel.Advance, 3, 30), left("lead", "qualification", funnel.Advance, 8, 21), left("lead", "", funnel.Loss, 6, 20),
		left("qualification", "proposal", funnel.Advance, 12, 9), left("qualification", "", funnel.Loss, 9, 8), left("qualification", "lead", funnel.Back, 5, 2),
		left("proposal", "negotiation", funnel.Advance, 20, 3), left("proposal", "", funnel.Loss, 11, 2),
		{Stage: "proposal", Entered: 40, Sharp: true, Left: -1, Spells: 4},
	}}
}

// qualified is a table in which so many more deals were won by those who know who decides.
func qualified(names map[funnel.ID]string, more int) funnel.QualifiedTable {
	answered := func(question, option string, kind funnel.QuestionKind, closed, won int) funnel.AnswerCount {
		return funnel.AnswerCount{Definition: 1, Question: question, Kind: kind, Option: option, Closed: closed, Won: won}
	}
	return funnel.QualifiedTable{
		Names: names,
		Came: []funnel.CameCount{
			{Source: "referral", Owner: id(1), Deals: 12, Qualified: 10},
			{Source: "site", Owner: id(2), Deals: 25, Qualified: 5},
			{Source: "Trade fair", Owner: id(1), Deals: 1, Qualified: 1},
			{Deals: 2},
		},
		Open:   funnel.OpenFit{Deals: 31, Qualified: 14, Outside: 3},
		Closed: funnel.ClosedFit{Deals: 180, Qualified: 120, Won: 50 + more},
		Answers: []funnel.AnswerCount{
			answered("", "", "", 120, 50+more),
			answered("decider", "", funnel.AskPerson, 80, 33+more),
			answered("say", "", funnel.AskSeveral, 100, 50), answered("say", "it", funnel.AskSeveral, 50, 25+more*3/8),
			answered("say", "law", funnel.AskSeveral, 40, 20-more/4),
			answered("approved", "", funnel.AskYesNo, 60, 30), answered("approved", "yes", funnel.AskYesNo, 30, 15-more/4),
			answered("approved", "no", funnel.AskYesNo, 30, 15+more/4),
		},
	}
}
