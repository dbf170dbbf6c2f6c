package funnel

import (
	"cmp"
	"maps"
	"strings"
	"time"
)

func movesOf(k *KnownDeal) map[string]bool { return k.Moves }

func activitiesOf(k *KnownDeal) map[string]bool { return k.Activities }

// deal judges the row of a deal. Where no row tells its moves, they follow from its dates: it was
// opened, came into its stage, and ended. They stand or fall together.
func (f *fold) deal(r *ImportRow) {
	if f.head != nil {
		f.reject(r, Refuse(CodeDuplicate, Args{"deal": r.Case}))
		return
	}
	f.head = r
	if f.listed {
		return // Its moves come as rows of their own, the first of which opens it.
	}
	cmds, err := f.told(r)
	switch {
	case err != nil:
		f.reject(r, err)
	case len(cmds) == 0:
		f.same(r)
	case f.decide(r, cmds...):
		f.out.Stored++
		f.note(r)
	}
}

// told are the commands for what the row of a deal tells.
func (f *fold) told(r *ImportRow) ([]Command, error) {
	if f.known != nil {
		// Facts come first, so that a signature has the amount that it was for.
		cmds := f.amends()
		more, err := f.implied(r)
		return append(cmds, more...), err
	}
	cmds, err := f.begin(r)
	if err != nil {
		return nil, err
	}
	more, err := f.implied(r)
	cmds = append(cmds, more...)
	if last := f.rest(); last != nil {
		cmds = append(cmds, last)
	}
	return cmds, err
}

// begin opens a deal by its own row.
func (f *fold) begin(r *ImportRow) ([]Command, error) {
	d := f.facts
	at := d.Opened
	for _, t := range []time.Time{d.StageSince, d.Closed} {
		if at.IsZero() {
			at = t
		}
	}
	if at.IsZero() && f.stands != nil {
		at = f.stands.State.Deal.OpenedAt
	}
	if at.IsZero() {
		return nil, Refuse(CodeEmpty, Args{"field": "opened"})
	}
	stage := r.Stage
	if stage != "" && f.funnel().Signed(stage) {
		stage = ""
	}
	if d.StageSince.After(at) && f.entersLater(stage) {
		stage = ""
	}
	return f.open(r, stage, at, "open")
}

// entersLater reports whether a deal that came into the stage after it was opened began before it.
func (f *fold) entersLater(stage StageKey) bool {
	fn := f.funnel()
	return fn.Index(stage) > fn.Index(fn.Entry)
}

// implied are the moves that follow from the dates of a deal and are not stored yet.
func (f *fold) implied(r *ImportRow) ([]Command, error) {
	d, fn := f.facts, f.funnel()
	var cmds []Command
	deal := &f.out.After.Deal
	if d.StageSince.After(d.Opened) && !d.Opened.IsZero() && r.Stage != "" && !fn.Signed(r.Stage) && f.entersLater(r.Stage) {
		key := "stage:" + string(r.Stage) + "@" + day(d.StageSince)
		if f.fresh(key, movesOf) && (f.known == nil || (deal.Outcome == Open && deal.Stage != r.Stage)) {
			cmds = append(cmds, f.towards(f.stageNow(), r.Stage, "", "", d.StageSince, key)...)
		}
	}
	outcome := r.Outcome
	if outcome == "" && r.Stage != "" && fn.Signed(r.Stage) {
		outcome = Won
	}
	if outcome != Won && outcome != Lost || (f.known != nil && deal.Outcome == outcome) {
		return cmds, nil
	}
	at := d.Closed
	if at.IsZero() {
		at = d.StageSince
	}
	if at.IsZero() {
		return nil, Refuse(CodeEmpty, Args{"field": "closed"})
	}
	key := string(outcome) + "@" + day(at)
	if !f.fresh(key, movesOf) {
		return cmds, nil
	}
	switch {
	case f.known == nil || deal.Outcome == Open:
	case outcome == Won:
		return nil, Refuse(CodeDealLost, Args{"deal": deal.Number, "reason": deal.Reason, "says": outcome})
	default:
		return nil, Refuse(CodeDealWon, Args{"deal": deal.Number, "says": outcome})
	}
	if outcome == Won {
		// What it was signed for is news, whatever the deal was thought to be worth before.
		return append(cmds, Win{At: at, Amount: d.Amount, Note: r.Note, External: key, Historical: !d.Live}), nil
	}
	return append(cmds, Lose{Reason: r.Reason, Note: r.Note, At: at, External: key}), nil
}

// stageNow is where the deal is before the moves that its dates imply.
func (f *fold) stageNow() StageKey {
	if f.known != nil {
		return f.out.After.Deal.Stage
	}
	return f.funnel().Entry
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// open makes the command that begins a deal, with what is known of it.
func (f *fold) open(r *ImportRow, stage StageKey, at time.Time, key string) ([]Command, error) {
	d := f.facts
	if err := d.check(r.Case); err != nil {
		return nil, err
	}
	firm := d.Company
	if strings.TrimSpace(firm.Name) == "" && f.stands != nil {
		firm.Name = f.stands.Company
	}
	if strings.TrimSpace(firm.Name) == "" {
		return nil, Refuse(CodeEmpty, Args{"field": "company"})
	}
	open := OpenDeal{
		ID: f.im.IDs(), Company: f.names.Company(firm), Title: d.Title, Kind: d.kind(), Stage: stage, Amount: d.Amount,
		Basis: d.Basis, Source: d.Source, Signal: d.Signal, Pain: d.Pain, Effect: d.Effect, Closing: d.Closing,
		Custom: d.Custom, External: r.Case, At: at, MoveExternal: key,
	}
	if !r.Amount.IsZero() {
		open.Amount = r.Amount
	}
	if d.Owner != "" {
		m := f.names.Member(d.Owner)
		open.Owner = m.ID
		if m.IsZero() {
			open.Custom = withOwner(d.Custom, d.Owner)
		}
	}
	f.out.Number = d.Number
	return []Command{open}, nil
}

func withOwner(custom map[string]string, name string) map[string]string {
	out := map[string]string{CustomOwner: name}
	maps.Copy(out, custom)
	return out
}

// check refuses what no command checks, because chat cannot say it.
func (d *ImportedDeal) check(external string) error {
	for _, x := range []struct {
		field, text string
	}{
		{"id", external},
		{"source", d.Source},
		{"owner", d.Owner},
		{string(FieldDomain), d.Company.Domain},
		{string(FieldTaxID), d.Company.TaxID},
		{string(FieldIndustry), d.Company.Industry},
		{string(FieldSize), d.Company.Size},
		{string(FieldRegion), d.Company.Region},
	} {
		if err := fits(x.field, x.text, MaxName); err != nil {
			return err
		}
	}
	if len(d.Custom) > MaxCustom {
		return Refuse(CodeTooLong, Args{"field": string(FieldCustom), "limit": MaxCustom})
	}
	for name, text := range d.Custom {
		if err := fits(name, text, MaxText); err != nil {
			return err
		}
		if err := fits(string(FieldCustom), name, MaxName); err != nil {
			return err
		}
	}
	return nil
}

func (f *fold) win(r *ImportRow, at time.Time, key string) Command {
	return Win{At: at, Amount: r.Amount, Note: r.Note, External: key, Historical: !f.facts.Live}
}

// towards moves an open deal forward or back.
func (f *fold) towards(from, to StageKey, reason, note string, at time.Time, key string) []Command {
	fn := f.funnel()
	switch a, b := fn.Index(from), fn.Index(to); {
	case a == b:
		return nil
	case b > a:
		return []Command{MoveTo{Stage: to, At: at, Note: note, External: key}}
	}
	// A note says why it went back where there is no reason of its own.
	return []Command{MoveBack{Stage: to, Reason: cmp.Or(reason, note), At: at, External: key}}
}
