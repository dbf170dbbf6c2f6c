// Package definition reads funnel files: the stages of one kind of deal with their titles, the
// signature boundary, loss reasons and sources. Every file names the version of its schema.
package definition

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"funnelbot/funnel"
)

// Schema is the version of the file format that this program reads.
const Schema = 1

//go:embed new.yaml
var newBusiness []byte

// Default returns the built-in funnel of new business.
func Default() (*funnel.Funnel, error) {
	f, err := Parse(newBusiness)
	if err != nil {
		return nil, fmt.Errorf("built-in funnel: %w", err)
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
}

type stage struct {
	Key        string        `yaml:"key"`
	Title      funnel.Titles `yaml:"title"`
	Aliases    []string      `yaml:"aliases"`
	Target     bool          `yaml:"target"`
	StuckAfter int           `yaml:"stuck_after_days"`
}

type named struct {
	Key     string             `yaml:"key"`
	Title   funnel.Titles      `yaml:"title"`
	Aliases []string           `yaml:"aliases"`
	Class   funnel.ReasonClass `yaml:"class"`
}

// Parse reads a funnel file. A field it does not know, a missing title or a boundary that names no
// stage is an error that says where; all faults are reported together.
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
	if err := check(out); err != nil {
		return nil, err
	}
	return out, nil
}
