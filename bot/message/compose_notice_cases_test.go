package message_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func member(l funnel.Locale, n byte) funnel.Member {
	names := map[byte]string{1: say(l, "Anna Bell", "Анна Белова"), 2: say(l, "Ted Ash", "Пётр Сидоров"), 3: say(l, "Una Moss", "Вера Ильина")}
	return funnel.Member{ID: id(n), Name: names[n], Role: funnel.Rep, Locale: l, Active: true, QuietFrom: "20:00", QuietTo: "08:00"}
}

// toldCases are the answers about who is told what and when.
func toldCases(l funnel.Locale) []replyCase {
	set := func(verb string, change func(*funnel.Member), offers ...commands.Offer) commands.Settled {
		m := member(l, 1)
		change(&m)
		return commands.Settled{Settled: funnel.Settled{Verb: verb, Member: m}, Own: true, Offers: offers}
	}
	moved := func(deals, clients, steps int, change func(*commands.Transferred)) commands.Transferred {
		r := commands.Transferred{Transferred: funnel.Transferred{
			Verb: "transfer", From: member(l, 1), To: member(l, 2), Deals: deals, Clients: clients, Steps: steps,
		}, Offers: []commands.Offer{{Label: "list_of", Action: "list:1:0:owner/" + id(2).String(), Name: member(l, 2).Name}}}
		change(&r)
		return r
	}
	asked := commands.Question{Verb: commands.VerbNotify, Outcome: dialog.Outcome{Prompt: &dialog.Prompt{
		Step: "quiet", Kind: dialog.Text, Token: "abc.1", Options: []dialog.Option{
			{Key: "20:00-08:00", Label: "20:00–08:00", Value: dialog.TextOf("20:00-08:00")}, {Key: "off", Value: dialog.TextOf("off")},
		},
	}}}
	given := change(l, "assign", nil, func(d *funnel.Deal) { d.Owner = id(2) })
	given.OwnerName, given.OwnerAway = member(l, 2).Name, day(14)
	away := member(l, 2)
	away.AwayUntil = day(14)
	return []replyCase{
		{"away", set("away", func(m *funnel.Member) { m.AwayUntil = day(14) }, offer("undo", "undo:0:0"))},
		{"away as it stands", set("away", func(m *funnel.Member) { m.AwayUntil = day(3) }, offer("am_back", "away:0:0:off"))},
		{"back", set("away", func(*funnel.Member) {}, offer("undo", "undo:0:0"))},
		{"a plan", set("notify", func(m *funnel.Member) { m.PlanAt = "08:30" })},
		{"a plan in quiet hours", set("notify", func(m *funnel.Member) { m.PlanAt = "07:00" })},
		{"no plan and no quiet", set("notify", func(m *funnel.Member) { m.QuietFrom, m.QuietTo = "00:00", "00:00" },
			offer("plan_on", "notify:0:0:plan"), offer("quiet_on", "notify:0:0:quiet"), offer("plan_off", "notify:0:0:plan off"),
			offer("quiet_off", "notify:0:0:quiet off"))},
		{"transferred by a manager", moved(21, 1, 5, func(*commands.Transferred) {})},
		{"transferred by the giver", moved(3, 0, 0, func(r *commands.Transferred) {
			r.OwnFrom = true
			r.To.AwayUntil = day(2)
			r.Offers = append(r.Offers, offer("away", "away:0:0"))
		})},
		{"transferred by the taker", moved(0, 2, 1, func(r *commands.Transferred) {
			r.OwnTo = true
			r.Offers = []commands.Offer{offer("today", "today:0:0")}
		})},
		{"nothing to transfer", moved(0, 0, 0, func(*commands.Transferred) {})},
		{"nothing of one's own to transfer", moved(0, 0, 0, func(r *commands.Transferred) { r.OwnFrom = true })},
		{"assigned to somebody who is away", given},
		{"quiet hours are asked for", asked},
		{"members, one is away", commands.Members{Members: []funnel.Member{member(l, 1), away}}},
	}
}

type newsCase struct {
	name      string
	notice    funnel.Notification
	deals     []*funnel.DealView
	outsiders bool
}

func news(l funnel.Locale) []newsCase {
	won := with(l, func(d *funnel.DealView) { d.Outcome, d.ClosedAt, d.Stage = funnel.Won, at(0), "launch" })
	free := with(l, func(d *funnel.DealView) { d.Outcome, d.Amount, d.OwnerName = funnel.Won, funnel.Money{}, "" })
	lost := with(l, func(d *funnel.DealView) { d.Outcome, d.Reason, d.Next = funnel.Lost, "price", funnel.NextStep{} })
	silent := with(l, func(d *funnel.DealView) { d.Outcome, d.Next = funnel.Lost, funnel.NextStep{} })
	open := deal(l)
	gone := with(l, func(d *funnel.DealView) { d.VoidedAt = now })
	of := func(d *funnel.DealView) []*funnel.DealView { return []*funnel.DealView{d} }
	team := func(kind funnel.NoticeKind) funnel.Notification {
		return funnel.Notification{Kind: kind, Team: true, Deal: id(42), Number: 42}
	}
	wonNews, lostNews, corrected := team(funnel.NoticeWon), team(funnel.NoticeLost), team(funnel.NoticeCorrected)
	corrected.Replaces, corrected.Data = id(7), map[string]string{"was": "won"}
	return []newsCase{
		{"won", wonNews, of(&won), false},
		{"won, outsiders read along", wonNews, of(&won), true},
		{"won without an amount or an owner", wonNews, of(&free), false},
		{"won and taken back before it was told", wonNews, of(&open), false},
		{"won, the deal cannot be read", wonNews, nil, false},
		{"lost", lostNews, of(&lost), false},
		{"lost, outsiders read along", lostNews, of(&lost), true},
		{"lost without a reason", lostNews, of(&silent), false},
		{"lost and taken out", lostNews, of(&gone), false},
		{"corrected", corrected, of(&open), false},
		{"corrected, outsiders read along", corrected, of(&open), true},
		{"corrected and won again", corrected, of(&won), false},
		{"corrected and taken out", corrected, of(&gone), false},
	}
}

// dueTogether are reminders of several steps.
func dueTogether(l funnel.Locale) []newsCase {
	first := with(l, func(d *funnel.DealView) { d.Next.On = day(0) })
	second := with(l, func(d *funnel.DealView) {
		d.ID, d.Number, d.Next = id(43), 43, funnel.NextStep{What: say(l, "call Mira", "позвонить Ивану"), On: day(-2)}
	})
	step := func(d *funnel.DealView) funnel.DueStep {
		return funnel.DueStep{Deal: d.ID, Number: d.Number, What: d.Next.What, On: d.Next.On.String()}
	}
	both := funnel.Notification{Kind: funnel.NoticeStepsDue, To: id(1), Steps: []funnel.DueStep{step(&first), step(&second)}}
	done, given := second, second
	done.Next, given.Owner = funnel.NextStep{}, id(2)
	many := funnel.Notification{Kind: funnel.NoticeStepsDue, To: id(1)}
	var all []*funnel.DealView
	for i := range 23 {
		d := first
		d.ID, d.Number = id(byte(100+i)), int64(100+i)
		many.Steps, all = append(many.Steps, step(&d)), append(all, &d)
	}
	return []newsCase{
		{"two steps", both, []*funnel.DealView{&first, &second}, false},
		{"one was done meanwhile", both, []*funnel.DealView{&first, &done}, false},
		{"one was given away meanwhile", both, []*funnel.DealView{&given, &first}, false},
		{"all were done meanwhile", both, []*funnel.DealView{nil, &done}, false},
		{"more than can be named", many, all[:len(many.About())], false},
		{"more than can be named, and those were done", many, nil, false},
		{
			"everything of a colleague",
			funnel.Notification{Kind: funnel.NoticeTransferred, To: id(1), Data: map[string]string{
				"from": member(l, 2).Name, "deals": "12", "clients": "1", "steps": "3",
			}},
			nil, false,
		},
		{
			"everything of one's own",
			funnel.Notification{Kind: funnel.NoticeHandedOver, To: id(2), Data: map[string]string{
				"to": member(l, 1).Name, "by": member(l, 3).Name, "deals": "12", "clients": "1", "steps": "3",
			}},
			nil, false,
		},
	}
}

func TestNewsAndGroupedRemindersReadAsTheyShould(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		var all strings.Builder
		for _, c := range append(news(l), dueTogether(l)...) {
			reader := d.reader
			reader.Outsiders = c.outsiders
			doc := message.ComposeNotice(d.printer(), reader, c.notice, c.deals...)
			require.NoError(t, doc.Check())
			shown := "(nothing to say any more)\n"
			if !doc.IsZero() {
				shown = d.seen(doc)
				require.Equal(t, c.notice.Team, doc.Shared, c.name)
				require.Equal(t, c.notice.Deal, doc.Deal, c.name)
			}
			if c.outsiders {
				require.NotContains(t, shown, "1"+"200 000", c.name)
				require.NotContains(t, strings.ReplaceAll(shown, "\u00a0", ""), "1200000", c.name)
				require.NotRegexp(t, `(?i)price|цен`, shown, c.name)
			}
			all.WriteString("=== " + c.name + "\n" + shown + "\n")
		}
		golden(t, string(l)+"-news.txt", all.String())
	}
}

func TestAMorningPlanIsOfItsDay(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		due := deal(l)
		plan := commands.Today{Due: []commands.PlanItem{{Deal: due, Offers: []commands.Offer{offer("done", "done:42:7")}}}}
		n := funnel.Notification{Kind: funnel.NoticePlan, To: id(1), Data: map[string]string{"on": day(0).String()}}

		doc := message.ComposePlan(d.printer(), d.reader, n, plan)
		require.NoError(t, doc.Check())
		asked := message.Compose(d.printer(), d.reader, plan)
		require.Equal(t, asked.Blocks, doc.Blocks[:len(asked.Blocks)], "the plan is what today shows")
		golden(t, string(l)+"-plan.txt", d.seen(doc))

		n.Data["on"] = day(-1).String()
		require.True(t, message.ComposePlan(d.printer(), d.reader, n, plan).IsZero(), "nobody wants yesterday's plan")
	}
}

func TestEveryButtonOfANoticeCanBePressed(t *testing.T) {
	t.Parallel()
	for _, c := range dueTogether(funnel.English)[:1] {
		d := newDesk(t, funnel.English)
		shown := fmt.Sprintf("%+v", message.ComposeNotice(d.printer(), d.reader, c.notice, c.deals...).Blocks)
		for _, action := range []string{"done:42:7", "next:42:7", "show:42:0", "done:43:7", "next:43:7", "show:43:0"} {
			require.Contains(t, shown, action)
		}
	}
}
