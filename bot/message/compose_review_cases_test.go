package message_test

import (
	"funnelbot/commands"
	"funnelbot/funnel"
)

// standingCases are the answers about deals that stand.
func standingCases(l funnel.Locale) []replyCase {
	show := commands.Offer{Label: "show", Action: "show:42:0", Name: deal(l).CompanyName}
	asked := func(change func(*commands.Nudged)) commands.Nudged {
		r := commands.Nudged{Nudged: funnel.Nudged{Name: member(l, 2).Name}, Deal: deal(l), Offers: []commands.Offer{show}}
		change(&r)
		return r
	}
	hidden := func(until funnel.Date, offers ...commands.Offer) commands.Snoozed {
		return commands.Snoozed{Snoozed: funnel.Snoozed{Snooze: funnel.Snooze{Until: until}}, Deal: deal(l), Offers: append(offers, show)}
	}
	one := func(stuck, nostep bool, left int) commands.Review {
		d := deal(l)
		if nostep {
			d.Next = funnel.NextStep{}
		}
		return commands.Review{Deal: &d, Stuck: stuck, NoStep: nostep, Left: left, Offers: []commands.Offer{
			offer("review_alive", "review:42:7:alive"), offer("review_move", "review:42:7:move"), offer("review_park", "review:42:7:park"),
			offer("review_lost", "review:42:7:lost"), offer("snooze", "snooze:42:0"), offer("review_skip", "review:42:0:skip"),
		}}
	}
	today := offer("today", "today:0:0")
	return []replyCase{
		{"nudged", asked(func(*commands.Nudged) {})},
		{"nudged in quiet hours", asked(func(r *commands.Nudged) { r.Later = true })},
		{"nudged who is away", asked(func(r *commands.Nudged) { r.Back = day(9) })},
		{"put off", hidden(day(7), offer("snooze_off", "snooze:42:0:off"))},
		{"put off no longer", hidden(funnel.Date{})},
		{"a stuck deal of a review", one(true, false, 1)},
		{"a deal of a review without a step", one(false, true, 5)},
		{"the last deal of a review", one(true, true, 0)},
		{"the end of a review", commands.Review{Offers: []commands.Offer{today}}},
		{"nothing to review", commands.Review{Begins: true, Offers: []commands.Offer{today}}},
	}
}

// nudgeNotices are what owners and those who asked them are told.
func nudgeNotices(l funnel.Locale) []noticeCase {
	open, lost := deal(l), with(l, func(d *funnel.DealView) { d.Outcome, d.Reason = funnel.Lost, "price" })
	ask := funnel.Notification{Kind: funnel.NoticeNudge, To: id(1), Deal: id(42), Number: 42, Data: map[string]string{"by": member(l, 2).Name}}
	given := ask
	given.To = id(3)
	cases := []noticeCase{
		{"nudge", ask, &open}, {"nudge about a lost deal", ask, &lost}, {"nudge about a deal that was given away", given, &open},
	}
	for _, verb := range []string{"log", "move", "back", "won", "lost", "park", "next", "done", "assign", "set"} {
		n := funnel.Notification{
			Kind: funnel.NoticeNudgeAnswer, To: id(2), Deal: id(42), Number: 42,
			Data: map[string]string{"by": member(l, 1).Name, "verb": verb},
		}
		if verb == "log" {
			n.Data["text"] = say(l, "they sign on monday", "подпишут в понедельник")
		}
		cases = append(cases, noticeCase{"answer to a nudge: " + verb, n, &open})
	}
	return cases
}
