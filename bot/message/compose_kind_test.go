package message_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// TestADealIsToldInTheWordsOfItsFunnel gives renewals a funnel with other titles and other people.
func TestADealIsToldInTheWordsOfItsFunnel(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	fresh := d.reader.Funnel
	renewals := *fresh
	renewals.Stages = []funnel.Stage{
		{Key: "proposal", Titles: funnel.Titles{funnel.English: "Anniversary letter"}, People: []string{"legal"}},
		{Key: "launch", Titles: funnel.Titles{funnel.English: "Another year"}},
	}
	renewals.Roles = []funnel.CommitteeRole{{Key: "legal", Titles: funnel.Titles{funnel.English: "Attorney"}}}
	renewals.Reasons = []funnel.Reason{{Key: "price", Titles: funnel.Titles{funnel.English: "Dearer than last year"}}}
	d.reader.Funnels = func(k funnel.Kind) *funnel.Funnel {
		if k == funnel.Renewal {
			return &renewals
		}
		return fresh
	}
	renewal := funnel.DealView{Deal: funnel.Deal{ID: id(1), Number: 7, Kind: funnel.Renewal, Stage: "proposal"}, CompanyName: "Acme"}
	first := renewal
	first.Kind, first.Number = funnel.NewBusiness, 8
	lost := renewal
	lost.Outcome, lost.Reason, lost.Number = funnel.Lost, "price", 9

	for _, told := range []commands.Reply{
		commands.Card{Deal: renewal},
		commands.Committee{Deal: renewal, Coverage: renewals.Cover("proposal", nil, now, d.reader.Zone)},
	} {
		seen := d.seen(d.composed(told))
		require.Regexp(t, "(?i)attorney", seen, "who is missing")
	}
	require.Contains(t, d.seen(d.composed(commands.Card{Deal: renewal})), "Anniversary letter")
	require.NotContains(t, d.seen(d.composed(commands.Card{Deal: first})), "Anniversary letter")

	list := d.seen(d.composed(commands.Deals{Title: commands.DealsTitle{List: funnel.ListTeam}, Deals: []funnel.DealView{renewal, first, lost}, Total: 3}))
	require.Contains(t, list, "Anniversary letter")
	require.Contains(t, list, "Proposal")
	require.Contains(t, list, "Dearer than last year")

	notice := message.ComposeNotice(d.printer(), d.reader, funnel.Notification{Kind: funnel.NoticeAssigned, Number: 7}, &renewal)
	require.Contains(t, d.seen(notice), "Anniversary letter")

	old := renewal
	old.Stage = "negotiation"
	require.Contains(t, d.seen(d.composed(commands.Card{Deal: old})), "Negotiation", "a stage that its funnel does not have")
}

func TestAQualificationInAChatOfSeveralNamesItsAuthor(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	r := commands.Qualified{By: "Mira Holt", Result: funnel.Qualified{Assessment: funnel.Assessment{Verdict: funnel.Promising, Score: 72}}}
	r.Changed.Deal.Number = 7
	require.Contains(t, d.seen(d.composed(r)), "Mira Holt")
}
