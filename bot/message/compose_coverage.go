package message

import (
	"strings"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// cover is how much of a deal's committee is known. Of a deal that is closed or asleep nobody is
// missed.
func (c *composer) cover(d *funnel.DealView) funnel.Coverage {
	f := c.reader.Funnel
	if f == nil || c.reader.Outsiders {
		return funnel.Coverage{}
	}
	cover := f.Cover(d.Stage, d.Committee, c.reader.Now, c.reader.Zone)
	if d.Outcome == funnel.Lost || d.Parked() || !d.VoidedAt.IsZero() {
		cover.Missing, cover.Silent = nil, nil
	}
	return cover
}

// coverage is the row of a card that says who is known at the client, who is missing at this stage and
// who has fallen silent. It is empty where there is nothing to say.
func (c *composer) coverage(d *funnel.DealView) Line {
	cover := c.cover(d)
	var parts []Line
	if known := c.acquainted(cover.Known); known != "" {
		parts = append(parts, Text(known))
	}
	if len(cover.Missing) > 0 {
		parts = append(parts, c.line("card.missing", text.Args{"roles": Bold(c.roleNames(cover.Missing))}))
	}
	if len(cover.Silent) > 0 {
		parts = append(parts, c.line("card.silent", text.Args{"people": c.silent(cover.Silent, maxSilent)}))
	}
	return join(parts...)
}

// acquainted names people with the roles that they have.
func (c *composer) acquainted(known []funnel.ChairView) string {
	names := make([]string, 0, min(len(known), maxNamed))
	for i := range known[:min(len(known), maxNamed)] {
		v := &known[i]
		name := c.somebody(v.Person.Name)
		if len(v.Roles) > 0 {
			name += " (" + c.roleNames(v.Roles) + ")"
		}
		names = append(names, name)
	}
	if more := len(known) - len(names); more > 0 {
		names = append(names, c.p.Count("people.more", more, nil))
	}
	return strings.Join(names, ", ")
}

// assessed is the row of a card that says what the last qualification came to.
func (c *composer) assessed(d *funnel.DealView) Line {
	q := d.Qualified
	if q == nil || c.reader.Outsiders {
		return nil
	}
	args := text.Args{"verdict": c.verdictName(q.Assessment.Verdict), "score": q.Assessment.Score, "date": c.day(q.At)}
	if q.Assessment.Verdict == funnel.Undecided || q.Assessment.Verdict == funnel.NotAFit {
		return c.line("card.undecided", text.Args{"verdict": args["verdict"], "date": args["date"]})
	}
	return c.line("card.qualified", args)
}
