package message

import (
	"strings"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// transferred says what became somebody else's.
func (c *composer) transferred(r commands.Transferred) []Block {
	what := c.amounts(r.Deals, r.Clients, r.Steps)
	var line Line
	switch {
	case r.Deals+r.Clients == 0 && r.OwnFrom:
		line = c.line("transfer.none_own", nil)
	case r.Deals+r.Clients == 0:
		line = c.line("transfer.none", text.Args{"from": r.From.Name})
	case r.OwnFrom:
		line = c.line("transfer.own", text.Args{"to": r.To.Name, "what": what})
	case r.OwnTo:
		line = c.line("transfer.mine", text.Args{"from": r.From.Name, "what": what})
	default:
		line = c.line("transfer.done", text.Args{"from": r.From.Name, "to": r.To.Name, "what": what})
	}
	blocks := []Block{Paragraph{line}}
	if c.today.Before(r.To.AwayUntil) && !r.OwnTo {
		blocks = append(blocks, Paragraph{c.line("change.owner_away", text.Args{"name": r.To.Name, "date": r.To.AwayUntil})})
	}
	return append(blocks, c.buttons(r.Offers)...)
}

// amounts counts what a transfer is of.
func (c *composer) amounts(deals, clients, steps int) string {
	var parts []string
	for _, part := range []struct {
		key string
		n   int
	}{{"transfer.deals", deals}, {"transfer.clients", clients}, {"transfer.steps", steps}} {
		if part.n > 0 {
			parts = append(parts, c.p.Count(part.key, part.n, nil))
		}
	}
	return strings.Join(parts, ", ")
}

// absence says whether the member is away.
func (c *composer) absence(m funnel.Member) Line {
	if !c.today.Before(m.AwayUntil) {
		return c.line("settled.back", nil)
	}
	return c.line("settled.away", text.Args{"date": m.AwayUntil})
}

// wishes says how the member is told.
func (c *composer) wishes(m funnel.Member) []Block {
	var plan, quiet Line
	switch at := m.PlanClock(); {
	case m.PlanAt == "":
		plan = c.line("settled.no_plan", nil)
	case at != m.PlanAt:
		plan = c.line("settled.late_plan", text.Args{"time": m.PlanAt, "until": at})
	default:
		plan = c.line("settled.plan", text.Args{"time": at})
	}
	if m.QuietFrom == m.QuietTo {
		quiet = c.line("settled.no_quiet", nil)
	} else {
		quiet = c.line("settled.quiet", text.Args{"from": m.QuietFrom, "until": m.QuietTo})
	}
	return []Block{Paragraph{plan}, Paragraph{quiet}}
}
