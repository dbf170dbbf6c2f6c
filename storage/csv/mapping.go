package csv

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"funnelbot/funnel"
)

// MappingSchema is the version of the mapping file that this program reads.
const MappingSchema = 1

// Mapping says what the columns and words of a file mean. The zero Mapping leaves everything to
// evidence and to the headers that CRMs are known to write.
type Mapping struct {
	Schema int  `yaml:"schema"`
	Rows   Rows `yaml:"rows"`
	// From is the format whose headers are expected; empty means any.
	From      Format   `yaml:"from"`
	Encoding  Encoding `yaml:"encoding"`
	Delimiter string   `yaml:"delimiter"`
	// Zone is that of times without an offset, by its IANA name; empty means the workspace's.
	Zone string `yaml:"zone"`
	// Currency is that of amounts without one; empty means the workspace's.
	Currency funnel.Currency `yaml:"currency"`
	Dates    DateOrder       `yaml:"dates"`
	Numbers  NumberStyle     `yaml:"numbers"`
	// Owners is "create" where owners that nobody knows become members, "keep" where their names
	// become a custom field.
	Owners string `yaml:"owners"`
	// Wins is "history" where won deals open no client work, "work" where they do.
	Wins string `yaml:"wins"`
	// Known is "keep" where a deal that is here already stays as it is and rows that say otherwise
	// are noted, "update" where it is brought to what its row says.
	Known string `yaml:"known"`
	// Unknown says what becomes of columns that nothing is known of: "custom" or "ignore".
	Unknown Field `yaml:"unknown"`
	// Columns are what the columns mean, by their headers.
	Columns  map[string]Column            `yaml:"columns"`
	Stages   map[string]Target            `yaml:"stages"`
	Outcomes map[string]funnel.Outcome    `yaml:"outcomes"`
	Reasons  map[string]string            `yaml:"reasons"`
	Sources  map[string]string            `yaml:"sources"`
	Values   map[string]map[string]string `yaml:"values"`
	// Defaults stand in for empty values, by field.
	Defaults map[Field]string `yaml:"defaults"`

	// own marks the mapping of our own exports.
	own bool
}

// Column is what one column means.
type Column struct {
	Fields []Field
	// Custom is the name of a custom field; empty means the header.
	Custom string
}

// UnmarshalYAML reads a field, a list of fields, or the name of a custom field.
func (c *Column) UnmarshalYAML(unmarshal func(any) error) error {
	var one Field
	if unmarshal(&one) == nil {
		c.Fields = []Field{one}
		return nil
	}
	if unmarshal(&c.Fields) == nil {
		return nil
	}
	var named struct {
		Custom string `yaml:"custom"`
	}
	if err := unmarshal(&named); err != nil || named.Custom == "" {
		return errors.New("a column is a field, a list of fields, or {custom: NAME}")
	}
	c.Fields, c.Custom = []Field{FieldCustom}, named.Custom
	return nil
}

// Target is where a word for a stage takes a deal: to a stage, or to an end.
type Target struct {
	Stage   funnel.StageKey
	Outcome funnel.Outcome
	Reason  string
}

// UnmarshalYAML reads the key of a stage, or {outcome: won|lost, reason: KEY}.
func (t *Target) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&t.Stage) == nil {
		return nil
	}
	var end struct {
		Outcome funnel.Outcome `yaml:"outcome"`
		Reason  string         `yaml:"reason"`
	}
	if err := unmarshal(&end); err != nil || (end.Outcome != funnel.Won && end.Outcome != funnel.Lost) {
		return errors.New("a stage is mapped to the key of a stage, or to {outcome: won} or {outcome: lost, reason: KEY}")
	}
	t.Outcome, t.Reason = end.Outcome, end.Reason
	return nil
}

// ReadMapping reads a mapping file. Words that it does not know are errors that say where.
func ReadMapping(data []byte) (*Mapping, error) {
	m := &Mapping{}
	if err := yaml.UnmarshalWithOptions(data, m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	if m.Schema != MappingSchema {
		return nil, fmt.Errorf("mapping of schema %d: this program reads schema %d", m.Schema, MappingSchema)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

// check returns every fault that shows without a file and a funnel.
func (m *Mapping) check() error {
	var faults []error
	choice := func(what, got string, allowed ...string) {
		if got != "" && !slices.Contains(allowed, got) {
			faults = append(faults, fmt.Errorf("mapping: %s %q: use %s", what, got, strings.Join(allowed, ", ")))
		}
	}
	choice("rows", string(m.Rows), string(Deals), string(History), string(Activities))
	choice("from", string(m.From), words(Formats())...)
	choice("encoding", string(m.Encoding), words(Encodings())...)
	choice("delimiter", m.Delimiter, ",", ";", "\t", "|")
	choice("dates", string(m.Dates), string(DMY), string(MDY), string(YMD))
	choice("numbers", string(m.Numbers), string(Point), string(Comma))
	choice("owners", m.Owners, "create", "keep")
	choice("wins", m.Wins, "history", "work")
	choice("known", m.Known, "keep", "update")
	choice("unknown", string(m.Unknown), string(FieldCustom), string(FieldIgnore))
	if _, err := time.LoadLocation(m.Zone); err != nil {
		faults = append(faults, fmt.Errorf("mapping: zone %q: use an IANA name such as Europe/Berlin", m.Zone))
	}
	if m.Currency != "" && !isCode(string(m.Currency)) {
		faults = append(faults, fmt.Errorf("mapping: currency %q: use an ISO code such as USD", m.Currency))
	}
	for _, header := range sorted(m.Columns) {
		for _, f := range m.Columns[header].Fields {
			if !m.knows(f) && f != FieldCustom && f != FieldIgnore {
				faults = append(faults, fmt.Errorf("mapping: column %q: no field is called %q; use one of %s, custom or ignore",
					header, f, strings.Join(words(Fields(m.rows())), ", ")))
			}
		}
	}
	for _, f := range sorted(m.Defaults) {
		if !m.knows(f) {
			faults = append(faults, fmt.Errorf("mapping: default of %q: no field of %s is called so", f, m.rows()))
		}
	}
	for _, word := range sorted(m.Outcomes) {
		choice("outcome of "+word, string(m.Outcomes[word]), string(funnel.Open), string(funnel.Won), string(funnel.Lost))
	}
	return errors.Join(faults...)
}

// against returns every name of the mapping that the funnel does not know.
func (m *Mapping) against(f *funnel.Funnel) error {
	var faults []error
	for _, word := range sorted(m.Stages) {
		t := m.Stages[word]
		if t.Stage != "" && f.Index(t.Stage) < 0 {
			faults = append(faults, fmt.Errorf("mapping: %q goes to the stage %q, which the funnel does not have: use one of %s",
				word, t.Stage, strings.Join(stageKeys(f), ", ")))
		}
		if _, ok := f.Reason(t.Reason); t.Reason != "" && !ok {
			faults = append(faults, fmt.Errorf("mapping: %q is lost for %q, which is no reason of the funnel", word, t.Reason))
		}
	}
	for _, word := range sorted(m.Reasons) {
		key := m.Reasons[word]
		if _, ok := f.Reason(key); !ok {
			faults = append(faults, fmt.Errorf("mapping: reason %q is mapped to %q, which is no reason of the funnel", word, key))
		}
	}
	for _, word := range sorted(m.Sources) {
		key := m.Sources[word]
		if _, ok := f.Source(key); !ok {
			faults = append(faults, fmt.Errorf("mapping: source %q is mapped to %q, which is no source of the funnel", word, key))
		}
	}
	return errors.Join(faults...)
}

func (m *Mapping) rows() Rows {
	if m.Rows == "" {
		return Deals
	}
	return m.Rows
}

func (m *Mapping) knows(f Field) bool { return slices.Contains(Fields(m.rows()), f) }

// CreateOwners reports whether owners that nobody knows become members.
func (m *Mapping) CreateOwners() bool { return m.Owners == "create" }

func stageKeys(f *funnel.Funnel) []string {
	keys := make([]string, len(f.Stages))
	for i, s := range f.Stages {
		keys[i] = string(s.Key)
	}
	return keys
}

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
