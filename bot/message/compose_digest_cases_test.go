package message_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// digestOf is a digest of a full day, which change makes another one.
func digestOf(l funnel.Locale, cause funnel.Weakness, change func(*funnel.Digest)) commands.Digest {
	v := deal(l)
	named := []funnel.DigestDeal{{Deal: v.ID, Number: v.Number, Stage: "proposal"}}
	group := func(n int) funnel.DigestGroup { return funnel.DigestGroup{Deals: n, Sum: sum(1_250_000), Named: named} }
	lost := group(1)
	lost.Named = []funnel.DigestDeal{{Deal: v.ID, Number: v.Number, Reason: "price"}}
	ranked := weakest(funnel.AlmostCertainly, cause).Ranking[0]
	plan := sum(5_000_000)
	d := funnel.Digest{
		AsOf: now, On: day(0), Currency: "RUB", Since: now.AddDate(0, 0, -3), Full: true,
		News: funnel.DigestNews{Opened: group(5), Won: group(2), Lost: lost, Advanced: group(21), Risks: group(1)},
		Plan: &funnel.DigestPlan{
			Month: "2026-11", Plan: &plan, Won: sum(2_100_000), Expected: sum(3_345_678), Low: sum(2_099_000), High: sum(4_400_000),
		},
		Bottleneck: funnel.DigestBottleneck{WindowDays: 90, Weakest: &ranked, Since: day(-8)},
		Deals: []funnel.StuckDeal{{
			Deal: v.ID, Number: v.Number, Stage: "proposal", Days: 41, Limit: 18, Why: funnel.StuckLate, Amount: sum(1_200_000),
		}},
		Stuck: 14, Work: &funnel.DigestWork{Open: 40, NoStep: 5, Overdue: 1},
		Attention: funnel.DigestAttention{Clients: 12, New: 30}, Outside: group(3),
	}
	change(&d)
	return commands.Digest{Digest: d, Named: commands.Named{
		Deals: map[funnel.ID]*funnel.DealView{v.ID: &v}, People: map[funnel.ID]string{id(2): say(l, "Ted Ash", "Пётр Сидоров")},
	}}
}

func digestCases(l funnel.Locale) []replyCase {
	role := funnel.Weakness{Trait: funnel.TraitRole, Value: "decision_maker", Spells: 21, Of: 41, Without: goes(0.5, 20, "wilson")}
	owner := funnel.Weakness{Trait: funnel.TraitOwner, Name: say(l, "Ted Ash", "Пётр Сидоров"), Spells: 12, Of: 41, Without: goes(0.52, 29, "wilson")}
	taken := funnel.Advice{Stage: "proposal", Key: "proposal.role", Accepted: true, Owner: id(2), Due: day(4), Review: day(34), At: now.AddDate(0, 0, -20), Conversion: goes(0.31, 40, "bootstrap")}
	refused := funnel.Advice{Stage: "proposal", Key: "proposal.role", Reason: say(l, "we are on it", "уже занимаемся"), At: now.AddDate(0, 0, -2)}
	set := &funnel.DigestSetting{At: "09:00", FullOn: 5, Without: []funnel.DigestSection{funnel.SectionAttention, funnel.SectionPicture}}
	here := digestOf(l, funnel.Weakness{}, func(d *funnel.Digest) { d.Bottleneck.Withheld = true })
	here.Setting, here.Here = set, true
	return []replyCase{
		{"a full day", digestOf(l, role, func(*funnel.Digest) {})},
		{"a person is the cause, told in private", digestOf(l, owner, func(d *funnel.Digest) { d.Bottleneck.Widened, d.Bottleneck.WindowDays = true, 180 })},
		{"the cause is withheld in a chat", here},
		{"nothing new about the weakest link", digestOf(l, role, func(d *funnel.Digest) { d.Full, d.Bottleneck.Unchanged = false, true })},
		{"a quiet day", digestOf(l, role, func(d *funnel.Digest) {
			d.Full, d.Bottleneck.Unchanged, d.News = false, true, funnel.DigestNews{}
		})},
		{"too few deals, and days that were missed", digestOf(l, role, func(d *funnel.Digest) {
			d.Bottleneck = funnel.DigestBottleneck{TooFew: true, Since: day(0)}
			d.Missed, d.Plan.Plan, d.Plan.TooFew = []funnel.Date{day(-4), day(-3)}, nil, true
			d.Attention.Clients = 0
		})},
		{"no weakest link after a long silence", digestOf(l, role, func(d *funnel.Digest) {
			d.Bottleneck = funnel.DigestBottleneck{Since: day(0)}
			d.Missed = []funnel.Date{day(-7), day(-6), day(-5), day(-4), day(-3)}
			d.Plan, d.Deals, d.Stuck, d.Work, d.News = nil, nil, 0, nil, funnel.DigestNews{}
		})},
		{"advice that was accepted, with its review", digestOf(l, role, func(d *funnel.Digest) {
			d.Bottleneck.Decided = &taken
			d.Advice = []funnel.DigestAdvice{{Advice: taken, Days: 20, Since: goes(0.44, 18, "wilson"), Review: true}}
		})},
		{"advice that was declined", digestOf(l, role, func(d *funnel.Digest) { d.Bottleneck.Decided = &refused })},
		{"it comes", commands.DigestSet{Setting: *set, Offers: []commands.Offer{offer("digest_off", "digest:0:0:off")}}},
		{"it comes no more", commands.DigestSet{Stopped: true, Setting: funnel.DigestSetting{Off: true}}},
		{"advice accepted", commands.AdviceDecided{Advice: taken, Owner: say(l, "Ted Ash", "Пётр Сидоров")}},
		{"advice declined", commands.AdviceDecided{Advice: refused}},
	}
}

// TestADigestOfTheLongestNamesIsOneMessage holds it against the limit of Telegram, the narrowest:
// https://core.telegram.org/bots/api#sendmessage.
func TestADigestOfTheLongestNamesIsOneMessage(t *testing.T) {
	t.Parallel()
	const most = 4096
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		r := digestOf(l, funnel.Weakness{Trait: funnel.TraitRole, Value: "decision_maker", Spells: 9999, Of: 10000, Without: goes(0.5, 20, "wilson")}, func(*funnel.Digest) {})
		for i := range 20 {
			v := deal(l)
			v.ID, v.Number, v.CompanyName, v.OwnerName = id(byte(100+i)), int64(100_000+i), strings.Repeat("Щ", funnel.MaxName), strings.Repeat("Ш", funnel.MaxName)
			r.Named.Deals[v.ID] = &v
		}
		many := func(first int) funnel.DigestGroup {
			g := funnel.DigestGroup{Deals: 10_000, Sum: sum(999_999_999)}
			for i := range 5 {
				g.Named = append(g.Named, funnel.DigestDeal{Deal: id(byte(100 + first + i)), Stage: "qualification"})
			}
			return g
		}
		r.Digest.News = funnel.DigestNews{Opened: many(0), Won: many(3), Lost: many(6), Advanced: many(9), Risks: many(12)}
		r.Digest.Outside, r.Digest.Deals = many(15), nil
		for i := range 3 {
			r.Digest.Deals = append(r.Digest.Deals, funnel.StuckDeal{Deal: id(byte(110 + i)), Stage: "qualification", Days: 4000, Limit: 300})
		}
		doc := message.ComposeDigest(d.printer(), d.reader, r, nil)
		require.NoError(t, doc.Check())
		require.Less(t, utf8.RuneCountInString(d.seen(doc)), most, l)
	}
}
