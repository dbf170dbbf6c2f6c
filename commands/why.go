package commands

import (
	"context"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// behind shows the deals behind a number of a report, page by page.
func (c *call) behind(ctx context.Context, in Report, q funnel.ReportQuery) (Reply, error) {
	page := max(in.Page, 1)
	of, err := c.groupBehind(ctx, &in, q)
	if err != nil {
		return nil, err
	}
	of.Part, of.Kind, of.Offset, of.Limit = in.Part, in.Kind, (page-1)*pageSize, pageSize
	r, err := c.desk.service.Behind(ctx, c.ask.Workspace, q, of)
	if err != nil {
		return nil, err
	}
	reply := Behind{Report: r}
	if !in.Owner.IsZero() {
		reply.OwnerName = c.memberName(in.Owner)
	}
	reply.Offers = turnOffers(in, page, r.Behind.Offset+len(r.Deals) < r.Total && len(r.Deals) > 0)
	return reply, nil
}

// Actions of reports are funnel:page:0:letter.days.day.what.of with what stands behind: nothing for the
// report, y for why, else the letter of a number, of a group as [groupAction] writes it.
const actWhy = "y"

// reportLetters are what stands for a report in an action, because a button has room for little.
func reportLetters() map[string]string {
	return map[string]string{
		reportFunnel: "f", reportOwners: "o", reportActivity: "a", reportQualification: "q", reportBottleneck: "b",
		reportStuck: "s", reportForecast: "c", reportTrend: "t",
	}
}

// partLetters are what stands for a number.
func partLetters() map[funnel.BehindPart]string {
	return map[funnel.BehindPart]string{
		funnel.BehindEntered: "e", funnel.BehindAdvanced: "a", funnel.BehindBack: "b", funnel.BehindLost: "l",
		funnel.BehindOpen: "o", funnel.BehindWins: "w", funnel.BehindLosses: "x", funnel.BehindDone: "d",
		funnel.BehindCame: "c", funnel.BehindQualified: "q", funnel.BehindKnown: "k", funnel.BehindUnknown: "u",
		funnel.BehindOutside: "r", funnel.BehindAnswered: "n", funnel.BehindWith: "g", funnel.BehindWithout: "h",
	}
}

func partLetter(p funnel.BehindPart) string { return partLetters()[p] }

func letterOf[K ~string](all map[K]string, letter string) K {
	for key, l := range all {
		if l == letter {
			return key
		}
	}
	return ""
}

// reportAction makes the action that shows a report, or what stands behind it.
func reportAction(r Report, what string) string {
	of := groupAction(&r)
	return string(VerbFunnel) + ":" + strconv.Itoa(r.Page) + ":0:" + strings.Join([]string{
		reportLetters()[r.Name], strconv.Itoa(r.Days), strings.ReplaceAll(r.AsOf.String(), "-", ""), what, of,
	}, ".")
}

// fillReport takes what reportAction wrote, or the name of a report alone.
func fillReport(in *Intent, page int64, arg string) {
	in.Deal = Ref{}
	parts := strings.SplitN(arg, ".", 5)
	r := &in.Report
	if r.Name = letterOf(reportLetters(), parts[0]); r.Name == "" {
		r.Name = reportFunnel
	}
	if len(parts) < 5 {
		return
	}
	r.Page = int(min(page, 1<<20))
	if days, err := strconv.Atoi(parts[1]); err == nil && days > 0 && days <= maxWindow {
		r.Days = days
	}
	if day := parts[2]; len(day) == len("20060102") {
		if d, err := funnel.ParseDate(day[:4] + "-" + day[4:6] + "-" + day[6:]); err == nil {
			r.AsOf = d
		}
	}
	r.Why = parts[3] == actWhy
	r.Part = letterOf(partLetters(), parts[3])
	fillGroup(r, parts[4])
}

// whyOffer asks for the figures behind a report, of one stage where it is not empty.
func whyOffer(r Report, stage funnel.StageKey) Offer {
	if r.Of, r.Stage, r.Page = funnel.OfAll, stage, 0; stage != "" {
		r.Of = funnel.OfStage
	}
	if r.Name == reportStuck {
		r.Page = 1
	}
	label := "why"
	if stage != "" {
		label = "behind_stage"
	}
	return Offer{Label: label, Stage: stage, Action: reportAction(r, actWhy)}
}

// stageOffer asks for the figures of a stage of the funnel.
func stageOffer(r Report, stage funnel.StageKey) Offer { return whyOffer(r, stage) }

// partOffer leads to the deals behind a number, unless there are none.
func partOffer(r Report, part funnel.BehindPart, deals int) []Offer {
	if deals == 0 {
		return nil
	}
	r.Page = 1
	return []Offer{{Label: "behind_" + string(part), Name: strconv.Itoa(deals), Action: reportAction(r, partLetter(part))}}
}

// turnOffers turn the pages of what is shown.
func turnOffers(in Report, page int, more bool) []Offer {
	what := partLetter(in.Part)
	if in.Why {
		what = actWhy
	}
	turn := func(label string, to int) Offer {
		in.Page = to
		return Offer{Label: label, Action: reportAction(in, what)}
	}
	var offers []Offer
	if page > 1 {
		offers = append(offers, turn("previous", page-1))
	}
	if more {
		offers = append(offers, turn("more", page+1))
	}
	return offers
}
