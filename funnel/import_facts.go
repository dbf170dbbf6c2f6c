package funnel

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// difference is something that a row says otherwise of a known deal than it is kept.
type difference struct {
	field      string
	said, kept string
	// take brings the deal to what the row says; nil where no command can, because it is history.
	take Command
}

// same counts a row that asks for nothing.
func (f *fold) same(r *ImportRow) {
	if f.note(r) {
		f.out.Differs++
		return
	}
	f.out.Unchanged++
}

// note writes down what the row of a known deal says otherwise than it is kept now, and reports
// whether there is anything.
func (f *fold) note(r *ImportRow) bool {
	if f.known == nil {
		return false
	}
	all := f.differences()
	if !f.listed {
		all = append(all, f.course(r)...)
	}
	for _, x := range all {
		f.out.Notes = append(f.out.Notes, &RowError{
			Source: r.Source, Line: r.Line, Column: x.field, Reason: ReasonDiffers, Note: true,
			Detail: fmt.Sprintf("the %s of deal %d is %s in the file and %s here, which is kept",
				x.field, f.out.After.Deal.Number, x.said, x.kept),
		})
	}
	return len(all) > 0
}

// amends are the commands that bring a known deal to what its row says, where the row asks for it.
func (f *fold) amends() []Command {
	if !f.facts.Update {
		return nil
	}
	var cmds []Command
	for _, x := range f.differences() {
		cmds = append(cmds, x.take)
	}
	return cmds
}

// compare judges the row of a known deal whose moves come as rows of their own.
func (f *fold) compare() {
	err := f.facts.check(f.head.Case)
	if err == nil {
		err = f.facts.Amount.sound()
	}
	cmds := f.amends()
	switch {
	case err != nil:
		f.reject(f.head, err)
	case len(cmds) == 0:
		f.same(f.head)
	case f.decide(f.head, cmds...):
		f.out.Stored++
		f.note(f.head)
	}
}

// differences are the facts of the deal that are kept otherwise. A row that leaves one out says
// nothing of it.
func (f *fold) differences() []difference {
	d, deal := f.facts, &f.out.After.Deal
	var all []difference
	text := func(field Field, said, kept string, take Command) {
		if said != "" && said != kept {
			all = append(all, difference{string(field), quoted(said), quoted(kept), take})
		}
	}
	edit := func(field Field, said, kept string) { text(field, said, kept, Edit{Field: field, Text: said}) }
	edit(FieldTitle, d.Title, deal.Title)
	if said := d.Amount; !said.IsZero() && said != deal.Amount {
		all = append(all, difference{string(FieldAmount), said.plain(), deal.Amount.plain(), Edit{Field: FieldAmount, Money: said}})
	}
	edit(FieldBasis, string(d.Basis), string(deal.Basis))
	if name := strings.TrimSpace(d.Company.Name); NameKey(name) != "" && NameKey(name) != NameKey(f.known.Company) {
		firm := f.names.Company(d.Company)
		if firm.ID != deal.Company {
			all = append(all, difference{string(FieldCompany), quoted(name), quoted(f.known.Company), amend{Company: firm.ID}})
		}
	}
	all = append(all, f.ownerDiffers()...)
	text(FieldSource, d.Source, deal.Source, amend{Source: d.Source})
	edit(FieldSignal, d.Signal, deal.Signal)
	edit(FieldPain, d.Pain, deal.Pain)
	edit(FieldEffect, d.Effect, deal.Effect)
	if said := d.Closing; !said.IsZero() && said != deal.Closing {
		all = append(all, difference{"closing", said.String(), orNothing(deal.Closing.String()), Edit{Field: FieldClosing, Date: said}})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Custom)) {
		if said, kept := d.Custom[name], deal.Custom[name]; said != kept {
			all = append(all, difference{
				fmt.Sprintf("custom field %q", name), quoted(said), quoted(kept), Edit{Field: FieldCustom, Name: name, Text: said},
			})
		}
	}
	return all
}

// ownerDiffers compares owners. One who is no member was kept as a custom field; that somebody has
// taken the deal since then is no contradiction.
func (f *fold) ownerDiffers() []difference {
	d, deal := f.facts, &f.out.After.Deal
	if d.Owner == "" {
		return nil
	}
	m, kept := f.names.Member(d.Owner), deal.Custom[CustomOwner]
	switch {
	case m.IsZero() && (kept == d.Owner || d.Custom[CustomOwner] != ""):
		return nil
	case m.IsZero():
		if !deal.Owner.IsZero() {
			kept = f.known.Owner
		}
		return []difference{{"owner", quoted(d.Owner), quoted(kept), Edit{Field: FieldCustom, Name: CustomOwner, Text: d.Owner}}}
	case m.ID == deal.Owner, !deal.Owner.IsZero() && strings.EqualFold(m.Name, f.known.Owner):
		return nil
	}
	return []difference{{"owner", quoted(d.Owner), quoted(f.known.Owner), Assign{To: m.ID}}}
}

// course compares where the deal stands, and since when, with what a row without a history says.
// Nothing brings it there: that would take moves that the row does not tell.
func (f *fold) course(r *ImportRow) []difference {
	d, deal, fn := f.facts, &f.out.After.Deal, f.funnel()
	stand := func(stage StageKey, o Outcome) string {
		switch {
		case o == Won || o == Lost:
			return string(o)
		case stage != "" && fn.Signed(stage):
			return string(Won)
		}
		return string(stage)
	}
	var all []difference
	said, kept := stand(r.Stage, r.Outcome), stand(deal.Stage, deal.Outcome)
	if said != "" && said != kept && !deal.Parked() {
		return []difference{{"stage", said, kept, nil}}
	}
	zone := f.im.Workspace.Location()
	for _, x := range []struct {
		field      string
		said, kept time.Time
	}{{"opened", d.Opened, deal.OpenedAt}, {"closed", d.Closed, deal.ClosedAt}} {
		if x.said.IsZero() || x.kept.IsZero() {
			continue
		}
		if a, b := DateOf(x.said.In(zone)), DateOf(x.kept.In(zone)); a != b {
			all = append(all, difference{x.field, a.String(), b.String(), nil})
		}
	}
	return all
}

// amend takes over what chat does not change so: the deal belongs to another company, or it came by
// a source of the system that it was imported from.
type amend struct {
	Company ID
	Source  string
}

func (c amend) decide(_ *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if !c.Company.IsZero() {
		d.After.Deal.Company = c.Company
	}
	if c.Source != "" {
		d.After.Deal.Source = c.Source
	}
	return nil
}

func quoted(text string) string {
	if text == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", shown(text))
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// plain is the amount as a rejects file shows it.
func (m Money) plain() string {
	if m.IsZero() {
		return "nothing"
	}
	return m.decimal() + " " + string(m.Currency)
}
