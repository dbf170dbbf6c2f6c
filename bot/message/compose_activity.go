package message

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// activityReport is what was done: by week, by person and kind, and by stage.
func (c *composer) activityReport(reply commands.Activities) []Block {
	r := &reply.Report
	if reply.Why {
		return c.behindReport(c.say("report.activity", nil), reply.Ways, r.ReportHead)
	}
	blocks := []Block{Heading{c.line("report.activity", nil)}}
	if len(r.Activities) == 0 {
		return append(blocks, Paragraph{c.line("report.no_activity", nil)}, c.period(r.ReportHead))
	}
	weeks := tally(r.Activities, func(a *funnel.ActivityCount) string { return a.Week })
	slices.SortFunc(weeks, func(a, b total) int { return cmp.Compare(a.key, b.key) })
	stages := tally(r.Activities, func(a *funnel.ActivityCount) string { return string(a.Stage) })
	blocks = append(
		blocks,
		c.people(r.Activities),
		c.totalsOf("report.week", weeks, c.week),
		c.totalsOf("card.stage", stages, func(key string) string {
			if key == "" {
				return c.say("report.no_stage", nil)
			}
			return c.stageName(funnel.StageKey(key))
		}),
	)
	return append(append(blocks, c.period(r.ReportHead)), c.buttons(reply.Offers)...)
}

// total is how many activities a group has.
type total struct {
	key   string
	count int
}

// tally adds activities up by a key, most first.
func tally(all []funnel.ActivityCount, by func(*funnel.ActivityCount) string) []total {
	var groups []total
	at := map[string]int{}
	for i := range all {
		key := by(&all[i])
		if _, known := at[key]; !known {
			at[key] = len(groups)
			groups = append(groups, total{key: key})
		}
		groups[at[key]].count += all[i].Count
	}
	slices.SortStableFunc(groups, func(a, b total) int { return cmp.Compare(b.count, a.count) })
	return groups
}

// totalsOf is a table of groups with their numbers.
func (c *composer) totalsOf(title string, groups []total, name func(key string) string) Table {
	t := Table{Columns: []Column{{Title: c.p.Say(title, nil)}, c.number("report.count")}}
	for _, g := range groups[max(len(groups)-maxRows, 0):] {
		t.Rows = append(t.Rows, []Line{Text(name(g.key)), c.count(g.count)})
	}
	return t
}

// people is a table of who did what: a row for everybody, a column for every kind that occurs.
func (c *composer) people(all []funnel.ActivityCount) Table {
	var kinds []funnel.ActivityKind
	for _, k := range funnel.ActivityKinds() {
		if slices.ContainsFunc(all, func(a funnel.ActivityCount) bool { return a.Kind == k }) {
			kinds = append(kinds, k)
		}
	}
	t := Table{Columns: []Column{{Title: c.say("report.person", nil)}}}
	for _, k := range kinds {
		t.Columns = append(t.Columns, Column{Title: capital(c.p.Say("activity."+string(k), nil)), Right: true})
	}
	t.Columns = append(t.Columns, c.number("report.count"))
	// People of one name are different people.
	owners := tally(all, func(a *funnel.ActivityCount) string { return a.Owner.String() })
	for _, o := range owners[:min(len(owners), maxRows)] {
		row := make([]Line, 0, len(t.Columns))
		did, name := map[funnel.ActivityKind]int{}, ""
		for _, a := range all {
			if a.Owner.String() == o.key {
				did[a.Kind] += a.Count
				name = a.Name
			}
		}
		row = append(row, Text(c.person(name)))
		for _, k := range kinds {
			row = append(row, c.count(did[k]))
		}
		t.Rows = append(t.Rows, append(row, c.count(o.count)))
	}
	return t
}

// week names an ISO 8601 week, "2026-W48", by its Monday.
func (c *composer) week(key string) string {
	var year, number int
	if n, err := fmt.Sscanf(key, "%d-W%d", &year, &number); n != 2 || err != nil {
		return key
	}
	// The fourth of January is always in the first week.
	first := funnel.Date{Year: year, Month: time.January, Day: 4}
	sinceMonday := (int(first.Weekday()) + 6) % 7
	monday := first.AddDays((number-1)*7 - sinceMonday)
	return c.say("report.week_of", text.Args{"date": c.p.Day(monday, c.today)})
}
