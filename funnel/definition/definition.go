// Package definition reads funnel files: the stages of one kind of deal with their titles, the
// signature boundary, loss reasons and sources, the questions that qualify a lead, and the roles of
// a buying committee. Every file names the version of its schema.
package definition

import (
	_ "embed"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"

	"funnelbot/funnel"
)

// Schema is the version of the file format that this program reads.
const Schema = 1

//go:embed new.yaml
var newBusiness []byte

//go:embed renewal.yaml
var renewal []byte

// Default returns the built-in funnel of new business. It is that of expansions, too.
func Default() (*funnel.Funnel, error) {
	f, err := Parse(newBusiness)
	if err != nil {
		return nil, fmt.Errorf("built-in funnel: %w", err)
	}
	return f, nil
}

// Renewal returns the built-in funnel of renewals.
func Renewal() (*funnel.Funnel, error) {
	f, err := Parse(renewal)
	if err != nil {
		return nil, fmt.Errorf("built-in funnel of renewals: %w", err)
	}
	return f, nil
}

type file struct {
	Schema    int         `yaml:"schema"`
	Kind      funnel.Kind `yaml:"kind"`
	Version   int         `yaml:"version"`
	Entry     string      `yaml:"entry"`
	Signature string      `yaml:"signature"`
	Stages    []stage     `yaml:"stages"`
	Reasons   []named     `yaml:"reasons"`
	Sources   []named     `yaml:"sources"`
	Committee committee   `yaml:"committee"`
	// Qualification is nil for a funnel that asks nothing.
	Qualification *qualification `yaml:"qualification"`
}

type stage struct {
	Key        string        `yaml:"key"`
	Title      funnel.Titles `yaml:"title"`
	Aliases    []string      `yaml:"aliases"`
	Target     bool          `yaml:"target"`
	StuckAfter int           `yaml:"stuck_after_days"`
	People     []string      `yaml:"people"`
	Conversion float64       `yaml:"conversion"`
	Goal       float64       `yaml:"goal"`
}

type named struct {
	Key     string             `yaml:"key"`
	Title   funnel.Titles      `yaml:"title"`
	Aliases []string           `yaml:"aliases"`
	Class   funnel.ReasonClass `yaml:"class"`
}

// Parse reads a funnel file. A field it does not know, a missing title, a boundary that names no
// stage or a question that depends on a later one is an error that says where; all faults are
// reported together.
func Parse(data []byte) (*funnel.Funnel, error) {
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the funnel file: %w", err)
	}
	if f.Schema != Schema {
		return nil, fmt.Errorf("funnel file of schema %d: this program reads schema %d", f.Schema, Schema)
	}
	out := &funnel.Funnel{
		Kind: f.Kind, Version: f.Version,
		Entry: funnel.StageKey(f.Entry), Signature: funnel.StageKey(f.Signature),
	}
	for _, s := range f.Stages {
		out.Stages = append(out.Stages, funnel.Stage{
			Key: funnel.StageKey(s.Key), Titles: s.Title, Aliases: s.Aliases, Target: s.Target, StuckAfter: s.StuckAfter,
			People: s.People, Conversion: s.Conversion, Goal: s.Goal,
		})
	}
	for _, r := range f.Reasons {
		if r.Class == "" {
			r.Class = funnel.LostSale
		}
		out.Reasons = append(out.Reasons, funnel.Reason{Key: r.Key, Titles: r.Title, Aliases: r.Aliases, Class: r.Class})
	}
	for _, s := range f.Sources {
		out.Sources = append(out.Sources, funnel.Source{Key: s.Key, Titles: s.Title, Aliases: s.Aliases})
	}
	out.Roles, out.SilentAfter = f.Committee.build(), f.Committee.SilentAfter
	var unread error
	if f.Qualification != nil {
		out.Qualification, unread = f.Qualification.build()
	}
	if err := errors.Join(unread, check(out)); err != nil {
		return nil, err
	}
	return out, nil
}
