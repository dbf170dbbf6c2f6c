package message

import (
	"slices"
	"time"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// Compose puts a reply into the words of the printer, as the reader sees days, times and titles.
func Compose(p *text.Printer, r commands.Reader, reply commands.Reply) Doc {
	d := Doc{Blocks: newComposer(p, r).reply(reply), Locale: r.Locale}
	d.Deal, d.Shared = about(reply)
	d.Secret, d.Over = secret(reply), over(reply)
	return d
}

// over reports whether a reply says only that what was pressed is good no more.
func over(reply commands.Reply) bool {
	r, ok := reply.(commands.Refused)
	if !ok || r.Deal != nil || len(r.Offers) > 0 {
		return false
	}
	return r.Err.Code == commands.CodeQuestionOver || r.Err.Code == funnel.CodeStale
}

// secret reports whether a reply holds what must not be kept: a code, or the name of a person whose data
// has just been erased.
func secret(reply commands.Reply) bool {
	switch r := reply.(type) {
	case commands.Invited:
		return true
	case commands.Forgotten:
		return !r.Asks && r.Name != ""
	case commands.Aside:
		return secret(r.Reply)
	case commands.Sequence:
		return slices.ContainsFunc(r.Replies, secret)
	}
	return false
}

// about says which deal a reply is about, and whether it tells the team of a change.
func about(reply commands.Reply) (deal funnel.ID, shared bool) {
	switch r := reply.(type) {
	case commands.Card:
		return r.Deal.ID, false
	case commands.Changed:
		return r.Deal.ID, true
	case commands.Question:
		if r.Deal != nil {
			return r.Deal.ID, false
		}
	case commands.Connection:
		return deal, !r.Asks
	case commands.Transferred:
		return deal, true
	case commands.Qualified:
		return r.Changed.Deal.ID, true
	case commands.Committee:
		return r.Deal.ID, false
	case commands.Person:
		return r.Deal.ID, false
	case commands.Paused:
		return dealOf(r.Deal), false
	case commands.Cancelled:
		return dealOf(r.Deal), false
	case commands.Aside:
		return about(r.Reply)
	case commands.Sequence:
		for _, part := range r.Replies {
			d, s := about(part)
			if deal.IsZero() {
				deal = d
			}
			// A change that is followed by a question is told with it, to the one who is asked.
			_, asks := part.(commands.Question)
			shared = (shared || s) && !asks
		}
	}
	return deal, shared
}

func dealOf(d *funnel.DealView) funnel.ID {
	if d == nil {
		return funnel.ID{}
	}
	return d.ID
}

// composer puts things into words for one reader.
type composer struct {
	p      *text.Printer
	reader commands.Reader
	// today is the reader's day.
	today funnel.Date
}

func newComposer(p *text.Printer, r commands.Reader) *composer {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	c := &composer{reader: r, today: funnel.DateOf(r.Now.In(r.Zone))}
	c.p = p.For(r.Now, r.Zone).Naming(c.title)
	return c
}

// reply composes one reply. A test holds it to the closed set.
func (c *composer) reply(reply commands.Reply) []Block {
	c = c.of(dealKind(reply))
	switch r := reply.(type) {
	case commands.Card:
		return append(c.card(&r.Deal), c.buttons(r.Offers)...)
	case commands.Changed:
		return c.changed(r)
	case commands.Deals:
		return c.deals(r)
	case commands.Company:
		return c.company(r)
	case commands.Today:
		return c.plan(r)
	case commands.Question:
		return c.question(r)
	case commands.Cancelled:
		return c.cancelled(r)
	case commands.Refused:
		return c.refused(r)
	case commands.Help:
		return c.help(r)
	case commands.Members:
		return c.members(r)
	case commands.Settled:
		return c.settled(r)
	case commands.FunnelReport:
		return c.funnelReport(r)
	case commands.Owners:
		return c.ownersReport(r)
	case commands.Activities:
		return c.activityReport(r)
	case commands.Qualifications:
		return c.qualificationReport(r)
	case commands.Bottleneck:
		return c.bottleneckReport(r)
	case commands.Stuck:
		return c.stuckReport(r)
	case commands.Forecast:
		return c.forecastReport(r)
	case commands.Trend:
		return c.trendReport(r)
	case commands.Behind:
		return c.behindNumber(r)
	case commands.Plans:
		return c.plans(r)
	case commands.PlanSet:
		return c.planSet(r)
	case commands.Sequence:
		var blocks []Block
		for _, part := range r.Replies {
			blocks = append(blocks, c.reply(part)...)
		}
		return blocks
	case commands.Unread:
		return []Block{Footnote{c.line("unread", text.Args{"words": short(r.Words, maxQuote)})}}
	case commands.Aside:
		return c.aside(r)
	case commands.Transferred:
		return c.transferred(r)
	case commands.Digest:
		return c.digestShown(r)
	case commands.DigestSet:
		return c.digestSet(r)
	case commands.AdviceDecided:
		return c.adviceDecided(r)
	case commands.Qualified, commands.Paused, commands.Asking, commands.Committee, commands.Person, commands.Forgotten:
		return c.discovery(reply)
	case commands.Nudged:
		return c.nudged(r)
	case commands.Snoozed:
		return c.snoozed(r)
	case commands.Review:
		return c.review(r)
	case commands.Invited:
		return c.invited(r)
	case commands.Stranger:
		return c.stranger(r)
	case commands.Admitted:
		return c.admitted(r)
	case commands.Granted:
		return c.granted(r)
	case commands.Connection:
		return c.connection(r)
	case commands.Circles:
		return c.circles(r)
	case commands.Workspaces:
		return c.workspaces(r)
	}
	return nil
}

// discovery composes the replies about the qualification of deals and the people of clients.
func (c *composer) discovery(reply commands.Reply) []Block {
	switch r := reply.(type) {
	case commands.Qualified:
		return c.qualified(r)
	case commands.Paused:
		return c.paused(r)
	case commands.Asking:
		return c.open(r)
	case commands.Committee:
		return c.committee(r)
	case commands.Person:
		return c.personCard(r)
	case commands.Forgotten:
		return c.forgotten(r)
	}
	return nil
}

// title names what stands in the workspace's funnel and in the table of verbs, for the arguments of
// sentences.
func (c *composer) title(v any) (string, bool) {
	locale := c.p.Locale()
	switch v := v.(type) {
	case commands.Key:
		for _, verb := range commands.Verbs() {
			if verb.Key == v {
				return verb.Name(locale), true
			}
		}
	case text.ReasonKey:
		if v == "" {
			return c.say("reason.none", nil), true
		}
		for _, f := range c.funnels() {
			if r, ok := f.Reason(string(v)); ok {
				return r.Titles.In(locale), true
			}
		}
	case text.SourceKey:
		for _, f := range c.funnels() {
			if s, ok := f.Source(string(v)); ok {
				return s.Titles.In(locale), true
			}
		}
	case funnel.StageKey:
		for _, f := range c.funnels() {
			if s, ok := f.Stage(v); ok {
				return s.Titles.In(locale), true
			}
		}
	}
	return "", false
}

// say is a sentence, line one with the styles of its arguments, counted one in the form of a number.
func (c *composer) say(key string, args text.Args) string { return c.p.Say(key, args) }

func (c *composer) line(key string, args text.Args) Line { return Sentence(c.p, key, args) }

func (c *composer) counted(key string, n int, args text.Args) Line {
	return Counted(c.p, key, n, args)
}
