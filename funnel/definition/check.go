package definition

import (
	"errors"
	"fmt"
	"regexp"

	"funnelbot/funnel"
)

// keyShape keeps keys short enough for a button's data and plain enough for any system.
var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// check returns every fault of a funnel, or nil.
func check(f *funnel.Funnel) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	switch f.Kind {
	case funnel.NewBusiness, funnel.Renewal, funnel.Expansion:
	default:
		fault("kind %q: use new, renewal or expansion", f.Kind)
	}
	if f.Version < 1 {
		fault("version %d: count from 1", f.Version)
	}
	checkStages(f, fault)
	reasons, sources := map[string]bool{}, map[string]bool{}
	for _, r := range f.Reasons {
		checkName(fault, "reason", r.Key, r.Titles, reasons)
		if r.Class != funnel.LostSale && r.Class != funnel.Disqualified {
			fault("reason %q has class %q: use lost or disqualified", r.Key, r.Class)
		}
	}
	for _, s := range f.Sources {
		checkName(fault, "source", s.Key, s.Titles, sources)
	}
	if len(f.Reasons) == 0 {
		fault("no loss reasons")
	}
	checkCommittee(f, fault)
	if f.Qualification != nil {
		checkQualification(f, fault)
	}
	return errors.Join(faults...)
}

func checkStages(f *funnel.Funnel, fault func(string, ...any)) {
	seen := map[string]bool{}
	for _, s := range f.Stages {
		checkName(fault, "stage", string(s.Key), s.Titles, seen)
		if s.StuckAfter < 0 {
			fault("stage %q is stuck after %d days", s.Key, s.StuckAfter)
		}
		// Written so that no number at all, which YAML knows, is refused as well.
		if !(s.Conversion >= 0 && s.Conversion < 1) {
			fault("stage %q: conversion %v: use a share from 0 to 1, such as 0.4", s.Key, s.Conversion)
		}
		if !(s.Goal >= 0 && s.Goal < 1) {
			fault("stage %q: goal %v: use a share from 0 to 1, such as 0.5", s.Key, s.Goal)
		}
	}
	entry, signature := f.Index(f.Entry), f.Index(f.Signature)
	switch {
	case len(f.Stages) < 2:
		fault("%d stages: a funnel has at least two", len(f.Stages))
	case entry < 0:
		fault("entry %q is no stage", f.Entry)
	case signature < 0:
		fault("signature %q is no stage", f.Signature)
	case signature <= entry:
		fault("signature %q comes before entry %q", f.Signature, f.Entry)
	}
	for i, s := range f.Stages {
		if s.Target && i != 0 {
			fault("stage %q: only the first stage can hold targets", s.Key)
		}
	}
}

func checkName(fault func(string, ...any), what, key string, titles funnel.Titles, seen map[string]bool) {
	if !keyShape.MatchString(key) {
		fault("%s %q: keys are small Latin letters, digits and _", what, key)
	}
	if seen[key] {
		fault("%s %q stands twice", what, key)
	}
	seen[key] = true
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		if titles[l] == "" {
			fault("%s %q has no title in %s", what, key, l)
		}
	}
}
