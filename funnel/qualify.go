package funnel

import (
	"context"
	"reflect"
	"slices"
	"strings"
)

// VerbQualify is the verb of a finished qualification.
const VerbQualify = "qualify"

// Qualify finishes a qualification: what is known is judged and kept as it is now, and goes where
// the funnel says: into fields of the deal and its company, and into the committee. An answer is
// newer than what a field holds and takes its place; only the amount of a deal, which may be an
// offer by now, gives way to none.
type Qualify struct {
	// Dialog is the dialog that is finished with it; empty where there is none.
	Dialog string
	// Given are answers that come with it, by question, and are kept as those of a dialog are; nil
	// where all were given before.
	Given map[string]Given
	// Company is the deal's company as it is stored.
	Company Company
}

func (c Qualify) decide(e *Env, d *Decision) error {
	if err := d.open(); err != nil {
		return err
	}
	if e.Funnel.Qualification == nil {
		return Refuse(CodeNoQualification, Args{"deal": d.After.Deal.Number})
	}
	q, answers := e.Funnel.Qualification, d.Before.Answers
	// The price that the payback is computed from is that of the deal, or what the client can spend.
	result := Assess(q, answers, &d.Before.Deal, e.Funnel, e.today())
	given := q.given(answers)
	for _, question := range q.Asked(answers) {
		g, ok := given[question.Key]
		if !ok || question.Fills == "" {
			continue
		}
		if err := c.fill(e, d, &question, g); err != nil {
			return err
		}
	}
	// The committee is told of as a whole: no one person is what this change is about.
	d.about = ID{}
	if reflect.DeepEqual(d.Customer, d.CustomerWas) {
		// Taking this back leaves a company alone that it has not changed.
		d.Customer, d.CustomerWas = nil, nil
	}
	seq := d.Before.Qualifications
	if last := d.Before.Qualified; last != nil {
		seq = max(seq, last.Seq)
	}
	d.Qualified = &Qualified{
		Seq: seq + 1, Member: e.Actor.ID, At: e.Now, Assessment: result, Answers: q.known(answers), Definition: e.Funnel.Version,
	}
	return nil
}

// known returns the answers that count, in the order of the funnel.
func (q *Qualification) known(answers []Answer) []Answer {
	by := map[string]Answer{}
	for _, a := range answers {
		by[a.Question] = a
	}
	var known []Answer
	for _, question := range q.Asked(answers) {
		a := by[question.Key]
		if g, ok := question.read(a.Given); ok {
			a.Given = g
			known = append(known, a)
		}
	}
	return known
}

// fill brings an answer to where the funnel says.
func (c Qualify) fill(e *Env, d *Decision, q *Question, g Given) error {
	if role, ok := strings.CutPrefix(q.Fills, FillsRole); ok {
		return seatGiven(e, d, role, g)
	}
	edit := Edit{Text: g.Text, Money: g.Money, Date: g.Date, Company: c.Company}
	if q.Kind == AskOne {
		option, _ := q.Option(g.Keys[0])
		edit.Text = option.Titles.In(e.Workspace.Locale)
	}
	switch q.Fills {
	case FillsAmount:
		if !d.After.Deal.Amount.IsZero() {
			return nil
		}
		edit.Field = FieldAmount
	case FillsPain:
		edit.Field = FieldPain
	case FillsEffect:
		edit.Field = FieldEffect
	case FillsClosing:
		edit.Field = FieldClosing
	case FillsIndustry:
		edit.Field = FieldIndustry
	case FillsSize:
		edit.Field = FieldSize
	case FillsRegion:
		edit.Field = FieldRegion
	default:
		return nil
	}
	return edit.decide(e, d)
}

// seatGiven gives the person of an answer a role in the committee, and a position where none is known.
// Somebody who was forgotten since the answer was given is left out.
func seatGiven(e *Env, d *Decision, role string, g Given) error {
	seat := SeatPerson{Contact: g.Contact, Roles: []string{role}}
	called, position := NameAndPosition(g.Name, e.Funnel.Roles)
	person, known := contactOf(d.After.Contacts, g.Contact)
	if !known {
		name, err := personName(called)
		if err != nil {
			// An answer without a name stands in the score; there is nobody to seat.
			return nil //nolint:nilerr // a name that is none is no reason to refuse the rest
		}
		seat.Contact, seat.New = ID{}, &Contact{Name: name}
		person, _ = namesake(d.After.Contacts, name)
	}
	if position != "" && person.Position == "" {
		seat.Position = &position
	}
	return seat.decide(e, d)
}

// with returns the deal with the answers that come with the command, and those by themselves.
func (c Qualify) with(e *Env, deal *DealState) (DealState, []Answer, error) {
	with := *deal
	if len(c.Given) == 0 || e.Funnel == nil || e.Funnel.Qualification == nil {
		return with, nil, nil
	}
	fresh, err := (&GiveAnswers{Given: c.Given}).answers(e)
	if err != nil {
		return with, nil, err
	}
	with.Answers = slices.DeleteFunc(slices.Clone(with.Answers), func(a Answer) bool {
		_, again := c.Given[a.Question]
		return again
	})
	with.Answers = append(with.Answers, fresh...)
	return with, fresh, nil
}

// Qualify finishes the qualification of an open deal, as one change that can be taken back. The
// result has the qualification, and the one before it if there was one, with answers. The error is
// [CodeQualifyElsewhere] or [CodeQualifyEnded] where the dialog is not the member's open one.
func (s *Service) Qualify(ctx context.Context, a Act, t Target, in Qualify) (Changed, error) {
	if a.Member.IsZero() {
		return Changed{}, errNoMember
	}
	intent := struct {
		Verb   string
		Target Target
		Dialog string
		Given  map[string]Given `json:",omitempty"`
	}{VerbQualify, t, in.Dialog, in.Given}
	reads := Reads{Deal: t.Deal, Number: t.Number, People: true, Answers: true, Asking: in.Dialog}
	r, _, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		if err := t.met(snap); err != nil {
			return Changed{}, nil, err
		}
		if in.Dialog != "" {
			if err := snap.asking(e.Actor.ID, snap.Deal.Deal.ID, ""); err != nil {
				return Changed{}, nil, err
			}
		}
		do := in
		if snap.Company != nil {
			do.Company = *snap.Company
		}
		deal, fresh, err := do.with(e, snap.Deal)
		if err != nil {
			return Changed{}, nil, err
		}
		d, err := Decide(e, deal, do)
		if err != nil {
			return Changed{}, nil, err
		}
		r, w, err := s.settle(e, snap, &d, VerbQualify)
		if err != nil {
			return r, nil, err
		}
		w.Answers, w.AnswersOf = fresh, deal.Deal.ID
		r.Qualified, r.Before = d.Qualified, d.Before.Qualified
		if snap.Asking != nil {
			now := *snap.Asking
			now.end(e, AskingFinished)
			w.Asking = &now
		}
		return r, w, nil
	})
	return r, s.elsewhere(ctx, a, t, err)
}
