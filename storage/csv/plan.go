package csv

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"funnelbot/funnel"
)

// plan is what the columns of one file mean.
type plan struct {
	mapping *Mapping
	rows    Rows
	format  Format
	// columns are by position.
	columns []planned
	// named are the columns of the mapping that were not found yet, by their plain headers.
	named map[string]string
	known map[string]Field
	// taken says which column gives a field.
	taken map[Field]string
	// guarded says that values are protected from spreadsheets, as in our own exports.
	guarded bool
	// tellsOfDeals says that rows of a history say something of the deal itself, too.
	tellsOfDeals bool
}

// planned is what one column means.
type planned struct {
	header string
	fields []Field
	custom string
	values map[string]string
}

func newPlan(m *Mapping, heads []string) *plan {
	p := &plan{mapping: m, rows: m.rows(), format: m.From, named: map[string]string{}, taken: map[Field]string{}}
	if p.format == "" {
		p.format = recognise(heads)
	}
	p.known = aliases(p.rows, p.format)
	for h := range m.Columns {
		p.named[plain(h)] = h
	}
	for _, c := range m.Columns {
		for _, f := range c.Fields {
			p.taken[f] = "" // The mapping's word goes before any known header.
		}
	}
	for f := range m.Defaults {
		p.tellsOfDeals = p.tellsOfDeals || f.ofDeal()
	}
	p.extend(heads)
	return p
}

// extend plans the columns that were not there before.
func (p *plan) extend(heads []string) {
	for _, h := range heads[len(p.columns):] {
		c := planned{header: h}
		key := plain(h)
		name, named := p.named[key]
		switch {
		case named:
			delete(p.named, key)
			column := p.mapping.Columns[name]
			c.fields, c.custom = column.Fields, column.Custom
			if c.custom == "" && slices.Contains(c.fields, FieldCustom) {
				c.custom = h
			}
		case p.mapping.own && strings.HasPrefix(h, ownCustom):
			c.custom = strings.TrimPrefix(h, ownCustom)
		default:
			p.guess(&c, key)
		}
		for _, f := range c.fields {
			if p.taken[f] == "" {
				p.taken[f] = h
			}
			p.tellsOfDeals = p.tellsOfDeals || f.ofDeal()
		}
		p.tellsOfDeals = p.tellsOfDeals || c.custom != ""
		c.values = p.values(h, c.fields)
		p.columns = append(p.columns, c)
	}
}

// guess plans a column that the mapping does not name.
func (p *plan) guess(c *planned, key string) {
	field, known := p.known[key]
	_, taken := p.taken[field]
	switch {
	case known && !taken:
		c.fields = []Field{field}
	case key == "" || p.rows == Activities || p.mapping.own || p.mapping.Unknown == FieldIgnore:
	default:
		c.custom = c.header
	}
}

// values are the other spellings of a column's values, given for its header or for its field.
func (p *plan) values(header string, fields []Field) map[string]string {
	var out map[string]string
	for name, values := range p.mapping.Values {
		if plain(name) != plain(header) && !slices.Contains(fields, Field(name)) {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		for from, to := range values {
			out[strings.TrimSpace(from)] = to
		}
	}
	return out
}

// check returns what makes the file unreadable by the mapping.
func (p *plan) check() error {
	var faults []error
	for _, h := range slices.Sorted(maps.Values(p.named)) {
		if p.mapping.own {
			break // Objects leave out what is empty.
		}
		faults = append(faults, fmt.Errorf("the mapping names a column %q, which the file does not have", h))
	}
	gives := func(f Field) bool { return p.taken[f] != "" || p.mapping.Defaults[f] != "" }
	need := func(f Field, why string) {
		if !gives(f) {
			faults = append(faults, fmt.Errorf("no column is known to be the %s: %s", f, why))
		}
	}
	need(FieldDeal, "name the column with the identifier of the deal, as `columns: {Deal number: deal}`")
	if p.rows != Deals {
		need(FieldAt, "name the column with the time of each row, as `columns: {Changed at: at}`")
	}
	if p.rows == History {
		need(FieldStage, "name the column with the stage after each change, as `columns: {New stage: stage}`")
	}
	if p.rows == Deals && !p.mapping.own && !gives(FieldOpened) && !gives(FieldSince) && !gives(FieldClosed) {
		faults = append(faults, errors.New("no column is known to be a date: name the day on which deals were opened, "+
			"as `columns: {Created: opened}`, or give one, as `defaults: {opened: 2026-01-15}`"))
	}
	var customs []string
	for _, c := range p.columns {
		if c.custom != "" {
			customs = append(customs, c.custom)
		}
	}
	if len(customs) > funnel.MaxCustom {
		faults = append(faults, fmt.Errorf("%d columns would become custom fields, a deal has %d at most: name those to ignore, "+
			"or say `unknown: ignore`; they are %s", len(customs), funnel.MaxCustom, strings.Join(customs, ", ")))
	}
	for _, name := range sorted(p.mapping.Values) {
		if !slices.ContainsFunc(p.columns, func(c planned) bool {
			return plain(c.header) == plain(name) || slices.Contains(c.fields, Field(name))
		}) {
			faults = append(faults, fmt.Errorf("the mapping gives values of %q, which is no column of the file", name))
		}
	}
	if len(faults) > 0 {
		faults = append(faults, fmt.Errorf("the columns of the file are %s", p.headers()))
	}
	return errors.Join(faults...)
}

func (p *plan) headers() string {
	names := make([]string, 0, len(p.columns))
	for _, c := range p.columns {
		names = append(names, fmt.Sprintf("%q", c.header))
	}
	return strings.Join(names, ", ")
}

// cells are the values of one row by what they mean.
type cells struct {
	values map[Field]string
	custom map[string]string
}

// read sorts the values of a row by what they mean.
func (p *plan) read(r *record, c *cells) {
	clear(c.values)
	c.custom = nil
	for i, v := range r.fields {
		col := &p.columns[i]
		switch {
		case p.guarded:
			v = unguard(v)
		case !p.mapping.own:
			v = strings.TrimSpace(v)
		}
		if to, ok := col.values[v]; ok {
			v = to
		}
		if v == "" {
			continue
		}
		for _, f := range col.fields {
			if c.values[f] == "" {
				c.values[f] = v
			}
		}
		if col.custom != "" {
			if c.custom == nil {
				c.custom = map[string]string{}
			}
			c.custom[col.custom] = v
		}
	}
	for f, v := range p.mapping.Defaults {
		if c.values[f] == "" {
			c.values[f] = v
		}
	}
}
