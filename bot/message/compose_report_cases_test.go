package message_test

import (
	"slices"
	"time"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func sum(major int64) funnel.Sum { return funnel.Sum(rub(major)) }

// goes is a conversion with an interval of a tenth to either side.
func goes(v float64, exits int, method string) funnel.Conversion {
	return funnel.Conversion{Value: &v, Low: v - 0.1, High: v + 0.1, Level: 0.9, Method: method, Exits: exits}
}

func head() funnel.ReportHead {
	return funnel.ReportHead{AsOf: now, WindowDays: 90, Currency: "RUB", Kind: funnel.NewBusiness}
}

func analysisCases(l funnel.Locale) []replyCase {
	why := offer("why", "funnel:0:0:b.90..y.")
	return append([]replyCase{
		{"plan of some months", commands.Plans{Report: planned(), Offers: []commands.Offer{
			{Label: "set_plan", Action: "plan:0:0:2026-11", On: month(11)}, offer("today", "today:0:0"),
		}}},
		{"trend", commands.Trend{Report: funnel.TrendReport{ReportHead: head(), Weeks: []funnel.TrendWeek{
			{Start: day(-13), Entered: 12, Won: 1, Lost: 4}, {Start: day(-6), Entered: 9, Lost: 2},
		}}}},
		{"trend of nothing", commands.Trend{Report: funnel.TrendReport{ReportHead: head(), Weeks: []funnel.TrendWeek{{Start: day(-6)}}}}},
		{"plan of nothing", commands.Plans{Report: funnel.PlanReport{ReportHead: head(), Months: []funnel.PlanRow{{Month: month(11), Running: true}}}}},
		{"plan set", planSet(rub(5_000_000), funnel.Money{})},
		{"plan changed", planSet(rub(5_000_000), rub(4_000_000))},
		{"plan taken away", planSet(funnel.Money{}, rub(4_000_000))},
		{"plan as it was", commands.PlanSet{QuotaSet: funnel.QuotaSet{
			Quota: funnel.Quota{Month: month(12), Amount: rub(7)}, Before: funnel.Quota{Month: month(12), Amount: rub(7)},
		}}},
		{"no plan and none before", commands.PlanSet{QuotaSet: funnel.QuotaSet{Quota: funnel.Quota{Month: month(12)}, Before: funnel.Quota{Month: month(12)}}}},
		{"weakest almost certainly, by a role", commands.Bottleneck{Report: weakest(funnel.AlmostCertainly, funnel.Weakness{
			Trait: funnel.TraitRole, Value: "decider", Spells: 21, Of: 41, Without: goes(0.5, 20, "wilson"),
		}), Offers: []commands.Offer{why}}},
		{"weakest probably, by a source, widened", commands.Bottleneck{Report: widened(weakest(funnel.Probably, funnel.Weakness{
			Trait: funnel.TraitSource, Value: "referral", Spells: 12, Of: 41, Without: goes(0.52, 29, "wilson"),
		}))}},
		{"weakest perhaps, by a person", commands.Bottleneck{Report: weakest(funnel.Perhaps, funnel.Weakness{
			Trait: funnel.TraitOwner, Name: say(l, "Ted Ash", "Пётр Сидоров"), Spells: 12, Of: 41, Without: goes(0.52, 29, "wilson"),
		})}},
		{"weakest by a reason", commands.Bottleneck{Report: weakest(funnel.Probably, funnel.Weakness{
			Trait: funnel.TraitReason, Value: "price", Spells: 12, Of: 41, Without: goes(0.52, 29, "wilson"),
		})}},
		{"weakest by a segment", commands.Bottleneck{Report: weakest(funnel.Probably, funnel.Weakness{
			Trait: funnel.TraitSegment, Value: "50-200", Spells: 12, Of: 41, Without: goes(0.52, 29, "wilson"),
		})}},
		{"weakest by its pace", commands.Bottleneck{Report: slower(weakest(funnel.Probably, funnel.Weakness{Trait: funnel.TraitPace}))}},
		{"weakest without a cause or a history", commands.Bottleneck{Report: young(weakest(funnel.Perhaps, funnel.Weakness{}))}},
		{"no stage is weak", commands.Bottleneck{Report: funnel.BottleneckReport{ReportHead: head()}}},
		{"too few for a weakest", commands.Bottleneck{Report: funnel.BottleneckReport{ReportHead: head(), TooFew: true}}},
		{"why the weakest", commands.Bottleneck{
			Why: true, Stage: "proposal", Withheld: true, Offers: []commands.Offer{{Label: "behind_stage", Stage: "proposal", Action: "funnel:0:0:f.90..y.proposal"}},
			Report: slower(weakest(funnel.AlmostCertainly, funnel.Weakness{
				Trait: funnel.TraitSource, Value: "referral", Spells: 12, Of: 41, Conversion: goes(0.2, 12, "shrunk"), Without: goes(0.52, 29, "wilson"),
				Before: new(0.55), Explains: 0.8,
			})),
		}},
		{"why a stage that is not ranked", commands.Bottleneck{Why: true, Stage: "lead", Report: funnel.BottleneckReport{ReportHead: head(), TooFew: true}}},
	}, append(stuckCases(l), forecastCases(l)...)...)
}

func month(m time.Month) funnel.Date { return funnel.Date{Year: 2026, Month: m, Day: 1} }

func planned() funnel.PlanReport {
	plan := sum(5_000_000)
	return funnel.PlanReport{ReportHead: head(), Months: []funnel.PlanRow{
		{Month: month(10), Plan: &plan, Won: sum(5_500_000), WonDeals: 4, Unpriced: 1},
		{Month: month(11), Plan: &plan, Won: sum(1_200_000), WonDeals: 2, Running: true},
		{Month: month(12), Plan: &plan},
		{Month: month(12).AddMonths(1)},
	}}
}

func planSet(to, was funnel.Money) commands.PlanSet {
	return commands.PlanSet{QuotaSet: funnel.QuotaSet{
		Quota: funnel.Quota{Month: month(12), Amount: to, Version: 2}, Before: funnel.Quota{Month: month(12), Amount: was, Version: 1},
	}, Offers: []commands.Offer{offer("undo", "undo:0:0"), offer("plan", "plan:0:0")}}
}

func weakest(sure funnel.Certainty, cause funnel.Weakness) funnel.BottleneckReport {
	recent := goes(0.3, 9, "shrunk")
	passage := funnel.Passage{
		Conversion: goes(0.41, 56, "bootstrap"), Recent: &recent, Lost: new(0.4), Back: new(0.1), Undecided: new(0.09),
		TimeInStage: funnel.Percentiles{P50: new(16), P90: new(40)}, TimeToAdvance: funnel.Percentiles{P50: new(12)},
	}
	return funnel.BottleneckReport{
		ReportHead: head(), Weakest: "proposal",
		Stages: []funnel.StagePassage{{Key: "lead", Passage: funnel.Passage{Conversion: goes(0.6, 70, "bootstrap")}}, {Key: "proposal", Passage: passage}},
		Ranking: []funnel.Ranked{
			{
				Stage: "proposal", Conversion: passage.Conversion, Baseline: new(0.55), Windows: 3, Target: 0.53, TargetFrom: funnel.TargetOwn,
				PBelowBaseline: new(0.97), EntriesPer30d: 13.7, MeanAmount: sum(1_234_567), StandIn: 0.3,
				GainAtLeast: sum(1_830_500), GainMean: sum(3_100_000), GainDeals: 1.4, ShareFirst: 0.92, Certainty: sure, Alarm: true,
				Pace: funnel.Pace{Days: new(16), Baseline: new(15)}, CostOfDelay: sum(88_000_000), Cause: cause, Advice: "proposal.role",
			},
			{Stage: "lead", Conversion: goes(0.6, 70, "bootstrap"), Target: 0.61, TargetFrom: funnel.TargetHint, GainMean: sum(90_000), Certainty: funnel.Perhaps},
		},
	}
}

func widened(r funnel.BottleneckReport) funnel.BottleneckReport {
	r.Widened, r.WindowDays = true, 365
	r.Ranking[0].GainAtLeast, r.Ranking[0].Alarm = funnel.Sum{Currency: "RUB"}, false
	r.Ranking[0].TargetFrom = funnel.TargetPlan
	return r
}

func slower(r funnel.BottleneckReport) funnel.BottleneckReport {
	r.Ranking[0].Pace = funnel.Pace{Days: new(31), Baseline: new(15), PSlower: new(0.99), Alarm: true}
	return r
}

func young(r funnel.BottleneckReport) funnel.BottleneckReport {
	s := &r.Ranking[0]
	s.Baseline, s.TargetFrom, s.Advice, s.Alarm = nil, funnel.TargetHint, "", false
	s.GainAtLeast, s.GainMean, s.Conversion = funnel.Sum{Currency: "RUB"}, funnel.Sum{Currency: "RUB"}, goes(0.41, 16, "wilson")
	return r
}

func stuckCases(l funnel.Locale) []replyCase {
	r := funnel.StuckReport{ReportHead: head(), Open: 54, CostOfDelay: sum(90_000_000), Deals: []funnel.StuckDeal{
		{
			Deal: id(42), Number: 42, Stage: "proposal", Days: 38, Why: funnel.StuckChance, Limit: 21, Advances: new(0.12), Fresh: new(0.41),
			Wins: new(0.08), Amount: sum(1_200_000), Over: 19, CostOfDelay: sum(1_824_000),
		},
		{
			Deal: id(43), Number: 43, Stage: "lead", Days: 11, Why: funnel.StuckLate, Limit: 10, Wins: new(0.12), StandIn: true, Over: 6,
			CostOfDelay: sum(600_000),
		},
		{Deal: id(44), Number: 44, Stage: "negotiation", Days: 40, Why: funnel.StuckDays, Limit: 30},
	}}
	old := r
	old.Deals = slices.Clone(r.Deals[:1])
	old.Deals[0].Advances, old.Deals[0].Wins = new(0.0), new(0.0)
	known := map[funnel.ID]*funnel.DealView{}
	for i, d := range r.Deals {
		view := with(l, func(v *funnel.DealView) {
			if v.Number = d.Number; i > 0 {
				v.Amount, v.OwnerName = funnel.Money{}, ""
			}
		})
		known[d.Deal] = &view
	}
	behind := func(of funnel.Behind, total int, owner string) commands.Behind {
		some := []funnel.DealView{deal(l), with(l, func(v *funnel.DealView) {
			v.Number, v.Outcome, v.ClosedAt, v.Reason = 10, funnel.Lost, at(-9), "competitor"
		})}
		return commands.Behind{Report: funnel.BehindReport{ReportHead: head(), Behind: of, Deals: some[:min(total, 2)], Total: total}, OwnerName: owner}
	}
	cases := []replyCase{
		{"stuck deals", commands.Stuck{Report: r, Deals: known, To: 3, Offers: []commands.Offer{offer("why", "funnel:1:0:s.0..y.")}}},
		{"why deals are stuck, a page", commands.Stuck{Report: r, Deals: known, From: 0, To: 2, Why: true, Offers: []commands.Offer{offer("more", "funnel:2:0:s.0..y.")}}},
		{"why deals are stuck", commands.Stuck{Report: r, Deals: known, To: 3, Why: true}},
		{"why a deal is stuck that stands longer than those that went on", commands.Stuck{Report: old, Deals: known, To: 1, Why: true}},
		{"a stuck deal that is gone", commands.Stuck{Report: r, To: 3}},
		{"nothing is stuck", commands.Stuck{Report: funnel.StuckReport{ReportHead: head(), Open: 7}}},
		{"behind a number of an owner", behind(funnel.Behind{Part: funnel.BehindWins, Of: funnel.OfOwner}, 2, say(l, "Anna Bell", "Анна Белова"))},
		{"behind nothing", behind(funnel.Behind{Part: funnel.BehindBack, Of: funnel.OfStage, Stage: "proposal"}, 0, "")},
	}
	for _, part := range []funnel.BehindPart{
		funnel.BehindEntered, funnel.BehindAdvanced, funnel.BehindBack, funnel.BehindLost, funnel.BehindOpen, funnel.BehindWins, funnel.BehindLosses,
	} {
		of := funnel.Behind{Part: part, Of: funnel.OfStage, Stage: "proposal"}
		if part == funnel.BehindWins || part == funnel.BehindLosses {
			of.Of, of.Stage = funnel.OfAll, ""
		}
		cases = append(cases, replyCase{"behind " + string(part), behind(of, 12, "")})
	}
	for _, of := range []funnel.Behind{
		{Part: funnel.BehindDone},
		{Part: funnel.BehindDone, Of: funnel.OfOwner, Kind: funnel.Call},
		{Part: funnel.BehindDone, Of: funnel.OfStage},
		{Part: funnel.BehindDone, Of: funnel.OfWeek, Week: "2026-W47"},
		{Part: funnel.BehindCame, Of: funnel.OfSource, Source: "referral"},
		{Part: funnel.BehindQualified, Of: funnel.OfSource},
		{Part: funnel.BehindKnown},
		{Part: funnel.BehindUnknown},
		{Part: funnel.BehindOutside},
		{Part: funnel.BehindAnswered},
		{Part: funnel.BehindWith, Of: funnel.OfAnswer, Question: "say", Option: "it"},
		{Part: funnel.BehindWithout, Of: funnel.OfAnswer, Question: "decider"},
		{Part: funnel.BehindWith, Of: funnel.OfAnswer, Question: "gone"},
	} {
		cases = append(cases, replyCase{"behind " + string(of.Part) + " of " + string(of.Of), behind(of, 2, "")})
	}
	return cases
}

func forecastCases(l funnel.Locale) []replyCase {
	expected := func(mean int64) funnel.Expected {
		return funnel.Expected{Deals: 3.2, Mean: sum(mean), Low: sum(mean / 2), High: sum(mean * 3 / 2), Level: 0.8}
	}
	plan, velocity := sum(5_000_000), sum(33_333)
	r := funnel.ForecastReport{
		ReportHead: head(), Open: 54, StandIn: 13, Expected: expected(7_345_678), Velocity: &velocity,
		Months: []funnel.ForecastMonth{
			{Month: "2026-11", Open: 4, Expected: expected(1_234_567), Won: sum(1_240_000), WonDeals: 2, Unpriced: 1, Plan: &plan},
			{Month: "2026-12", Open: 30, Expected: expected(5_000_000)},
		},
		Stages: []funnel.ForecastStage{{Stage: "lead", Open: 6, Value: sum(6_500_000), Wins: 0.1, Expected: expected(490_000)}},
		Owners: []funnel.ForecastOwner{{Owner: id(1), Name: say(l, "Anna Bell", "Анна Белова"), Open: 6, Value: sum(6_500_000), Expected: expected(490_000)}, {Open: 1}},
		Check:  &funnel.ForecastCheck{Deals: 37, Brier: 0.214, Reference: 0.245, Expected: sum(8_600_000), Won: sum(9_110_250)},
	}
	met := r
	met.Months = []funnel.ForecastMonth{{Month: "2026-11", Expected: expected(4_000_000), Won: sum(1_240_000), Plan: &plan}}
	met.TooFew, met.StandIn, met.Check, met.Velocity = true, 0, nil, nil
	return []replyCase{
		{"forecast short of the plan", commands.Forecast{Report: r, Offers: []commands.Offer{offer("why", "funnel:0:0:c.0..y.")}}},
		{"forecast within the plan, of few deals", commands.Forecast{Report: met}},
		{"why the forecast", commands.Forecast{Report: r, Why: true, Offers: []commands.Offer{{Label: "behind_stage", Stage: "lead", Action: "funnel:0:0:f.0..o.lead"}}}},
		{"why a forecast without a history", commands.Forecast{Report: met, Why: true}},
		{"forecast of nothing", commands.Forecast{Report: funnel.ForecastReport{ReportHead: head()}}},
	}
}
