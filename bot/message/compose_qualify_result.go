package message

import (
	"cmp"
	"math"
	"slices"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

const (
	// maxReasons is how many grounds of a verdict are named, maxMissing how many unanswered questions.
	maxReasons = 3
	maxMissing = 5
	// longPayback is from how many months on a payback is only said to be long.
	longPayback = 120
)

// qualified is what a qualification comes to: the verdict with its reasons, the score with its parts,
// what is still worth to be found out, and what to do next.
func (c *composer) qualified(r commands.Qualified) []Block {
	a := &r.Result.Assessment
	d := &r.Changed.Deal
	lead := c.verdict(a, ref(d, r.Changed.Company))
	if r.By != "" {
		lead = join(lead, Text(short(r.By, maxName)))
	}
	blocks := []Block{Paragraph{lead}}
	if reasons := c.grounds(&r.Result); len(reasons) > 0 {
		blocks = append(blocks, List{Items: reasons})
	}
	blocks = append(blocks, Fields{c.score(a)})
	if missing := c.missing(a); len(missing) > 0 && a.Verdict != funnel.NotAFit {
		blocks = append(blocks, Paragraph{c.line("qualify.missing", nil)}, List{Items: missing})
	}
	blocks = append(blocks, c.since(r)...)
	if fields := c.filled(r.Changed); len(fields) > 0 {
		blocks = append(blocks, Paragraph{c.line("qualify.filled", nil)}, Fields{fields})
	}
	if line := c.proposal(a, r.Offers); line != nil {
		blocks = append(blocks, Paragraph{line})
	}
	return append(blocks, c.proposed(r.Offers)...)
}

// filled are the fields of the deal, its company and its committee that the answers went into.
func (c *composer) filled(r funnel.Changed) []Field {
	var fields []Field
	if r.Was != nil {
		fields = c.differences(r.Was, &r.Deal, commands.Changed{Changed: r})
	}
	seated := slices.DeleteFunc(slices.Clone(r.Chairs), func(v funnel.ChairView) bool { return len(v.Roles) == 0 })
	if len(seated) > 0 {
		fields = append(fields, Field{Label: c.say("card.people", nil), Value: Text(c.acquainted(seated))})
	}
	return fields
}

// verdict is the one sentence that matters.
func (c *composer) verdict(a *funnel.Assessment, deal Run) Line {
	args := text.Args{"ref": deal, "score": a.Score}
	switch a.Verdict {
	case funnel.Promising:
		return c.line("qualify.promising", args)
	case funnel.Nurture:
		return c.line("qualify.nurture", args)
	case funnel.NotAFit:
		return c.line("qualify.not_a_fit", text.Args{"ref": deal})
	case funnel.Undecided:
	}
	return c.line("qualify.undecided", text.Args{"ref": deal, "known": c.p.Percent(float64(a.Known)/100, 0)})
}

// verdictName is a verdict in a word or two.
func (c *composer) verdictName(v funnel.Verdict) string { return c.p.Say("verdict."+string(v), nil) }

// grounds are the reasons of a verdict. One whose question the file has lost since is left out.
func (c *composer) grounds(r *funnel.Qualified) []Item {
	var items []Item
	for _, g := range r.Assessment.Reasons {
		if line := c.ground(r, g); line != nil && len(items) < maxReasons {
			items = append(items, Item{Text: line})
		}
	}
	return items
}

func (c *composer) ground(r *funnel.Qualified, g funnel.Ground) Line {
	months := c.months(r.Assessment.Payback)
	switch g.Kind {
	case funnel.GroundPayback, funnel.GroundSlow:
		switch {
		case months == "":
			return nil
		case g.Kind == funnel.GroundSlow:
			return c.line("ground.slow_payback", text.Args{"months": months})
		}
		return c.line("ground.payback", text.Args{"months": months})
	case funnel.GroundStrong, funnel.GroundWeak, funnel.GroundUnknown, funnel.GroundOutside, funnel.GroundExcluded:
	}
	q, name, ok := c.questionName(g.Question)
	if !ok {
		return nil
	}
	if g.Kind == funnel.GroundUnknown {
		return c.line("ground.unknown", text.Args{"name": name})
	}
	answer := ""
	if g.Option != "" {
		answer = c.optionTitle(&q, g.Option)
	} else if i := slices.IndexFunc(r.Answers, func(a funnel.Answer) bool { return a.Question == g.Question }); i >= 0 {
		answer = c.said(&q, &r.Answers[i].Given)
	}
	if answer == "" {
		answer = c.say("dialog.skipped", nil)
	}
	return Text(c.p.Say("ground."+string(g.Kind), text.Args{"name": name, "answer": short(answer, maxStep)}))
}

// months is a payback in words.
func (c *composer) months(payback float64) string {
	switch n := int(math.Round(min(payback, longPayback+1))); {
	case payback <= 0 || math.IsNaN(payback):
		return ""
	case n < 1:
		return c.say("qualify.month", nil)
	case n > longPayback:
		return c.say("qualify.decade", nil)
	default:
		return c.p.Count("qualify.months", n, nil)
	}
}

// score is the score with its parts, in points of 100, and the payback.
func (c *composer) score(a *funnel.Assessment) []Field {
	total := c.line("qualify.of", text.Args{"points": a.Score, "of": 100})
	if slices.ContainsFunc(a.Reasons, func(g funnel.Ground) bool { return g.Kind == funnel.GroundExcluded }) {
		total = join(total, c.line("qualify.overruled", nil))
	}
	fields := []Field{{Label: c.say("qualify.score", nil), Value: total}}
	points, most := make([]float64, len(a.Parts)), make([]float64, len(a.Parts))
	for i, p := range a.Parts {
		points[i], most[i] = p.Points, p.Of
	}
	shares, whole := apportion(points, a.Score), apportion(most, 100)
	for i, p := range a.Parts {
		name := c.sectionName(p.Section)
		if name == "" || p.Asked == 0 {
			continue
		}
		value := Text(c.say("qualify.informs", nil))
		if p.Of > 0 {
			value = c.line("qualify.of", text.Args{"points": min(shares[i], whole[i]), "of": whole[i]})
		}
		if p.Given < p.Asked {
			value = join(value, c.line("qualify.answered", text.Args{"given": p.Given, "of": p.Asked}))
		}
		fields = append(fields, Field{Label: name, Value: value})
	}
	if months := c.months(a.Payback); months != "" {
		fields = append(fields, Field{Label: c.say("qualify.payback", nil), Value: Text(months)})
	}
	return fields
}

// apportion rounds weights to whole numbers that add up to the total: what is lost by rounding down
// goes to the largest remainders (https://en.wikipedia.org/wiki/Largest_remainder_method).
func apportion(weights []float64, total int) []int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	whole := make([]int, len(weights))
	if sum <= 0 {
		return whole
	}
	order, rest := make([]int, len(weights)), total
	remainder := make([]float64, len(weights))
	for i, w := range weights {
		exact := w / sum * float64(total)
		whole[i] = int(exact)
		order[i], remainder[i] = i, exact-float64(whole[i])
		rest -= whole[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainder[b], remainder[a]) })
	for _, i := range order[:min(max(rest, 0), len(order))] {
		whole[i]++
	}
	return whole
}

// missing are the unanswered questions that matter most, as they would be asked.
func (c *composer) missing(a *funnel.Assessment) []Item {
	var items []Item
	for _, key := range a.Missing {
		if q, name, ok := c.questionName(key); ok && len(items) < maxMissing {
			if q.Kind != funnel.AskSeveral { // that asks for "any of these" and says little without them
				name = q.Ask.In(c.p.Locale())
			}
			items = append(items, Item{Text: Text(name)})
		}
	}
	return items
}

// since says what is different from the qualification before.
func (c *composer) since(r commands.Qualified) []Block {
	if r.Last == nil {
		return nil
	}
	was, is := &r.Last.Assessment, &r.Result.Assessment
	date := c.day(r.Last.At)
	var fields []Field
	if was.Verdict != is.Verdict {
		fields = append(fields, Field{
			Label: c.say("qualify.verdict", nil), Value: c.fromTo(c.verdictName(was.Verdict), c.verdictName(is.Verdict)),
		})
	}
	if was.Score != is.Score {
		fields = append(fields, Field{
			Label: c.say("qualify.score", nil), Value: c.fromTo(c.p.Number(int64(was.Score)), c.p.Number(int64(is.Score))),
		})
	}
	for _, d := range r.Different {
		q, name, ok := c.questionName(d.Question)
		if !ok {
			continue
		}
		if before, after := c.said(&q, &d.Was), c.said(&q, &d.Is); before != after {
			fields = append(fields, Field{Label: name, Value: c.fromTo(before, after)})
		}
	}
	if len(fields) == 0 {
		return []Block{Paragraph{c.line("qualify.same", text.Args{"date": date})}}
	}
	return []Block{Paragraph{c.line("qualify.since", text.Args{"date": date})}, Fields{fields}}
}

// Labels of the offers that propose what to do after a qualification.
const (
	proposeMove = "propose_move"
	proposeLost = "propose_lost"
	proposePark = "propose_park"
)

// proposal says what is proposed, above its button.
func (c *composer) proposal(a *funnel.Assessment, offers []commands.Offer) Line {
	for _, o := range offers {
		switch o.Label {
		case proposeMove:
			return c.line("qualify.propose_move", text.Args{"stage": o.Stage})
		case proposeLost:
			return c.line("qualify.propose_lost", text.Args{"reason": text.ReasonKey(a.Reason)})
		case proposePark:
			return c.line("qualify.propose_park", text.Args{"date": a.Until})
		}
	}
	return nil
}

// proposed are the buttons, that of the proposal being the way most people go.
func (c *composer) proposed(offers []commands.Offer) []Block {
	all := c.offered(offers)
	if len(all) == 0 {
		return nil
	}
	for _, o := range offers {
		if o.Label != proposeMove && o.Label != proposeLost && o.Label != proposePark {
			continue
		}
		if i := slices.IndexFunc(all, func(b Button) bool { return b.Action == o.Action }); i >= 0 {
			all[i].Look = Primary
			break
		}
	}
	return []Block{Buttons{all}}
}
