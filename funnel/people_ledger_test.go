package funnel_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"funnelbot/funnel"
)

// circle is what the ledger keeps of the people of clients and of qualifications.
type circle struct {
	people  map[funnel.ID]funnel.Contact
	dialogs map[string]funnel.Asking
	// forgotten are the erasures that were asked for.
	forgotten []funnel.Forget
	// failing is a dialog that cannot be read, and unavailable says that nothing can.
	failing     string
	unavailable bool
}

func newCircle() circle {
	return circle{people: map[funnel.ID]funnel.Contact{}, dialogs: map[string]funnel.Asking{}}
}

// broken is the error of a unit of work about the dialog, if it is to fail.
func (c *circle) broken(dialog string) error {
	switch {
	case c.unavailable && dialog != "":
		return funnel.Refuse(funnel.CodeUnavailable, nil)
	case c.failing != "" && dialog == c.failing:
		return errBroken
	}
	return nil
}

var errBroken = errors.New("a page that cannot be read")

// paper is what a file has of people and of qualifications.
type paper struct {
	chairs    []funnel.Chair
	answers   map[string]funnel.Answer
	qualified []qualified
}

type qualified struct {
	funnel.Qualified
	voided bool
}

// readPeople fills in what a unit of work asked for of people and of qualifications.
func (l *ledger) readPeople(snap *funnel.Snapshot, reads funnel.Reads) {
	if f := l.find(reads); f != nil {
		if reads.People {
			snap.Deal.Committee = l.committee(f)
		}
		if reads.People || reads.Contacts {
			snap.Deal.Contacts = l.staff(f.deal.Company)
		}
		if reads.Answers {
			snap.Deal.Answers, snap.Deal.Qualified, snap.Deal.Qualifications = f.known(), f.last(), len(f.qualified)
		}
	}
	if f := l.deals[reads.Of]; f != nil {
		snap.Of = &funnel.DealState{Deal: f.deal, Committee: l.committee(f)}
		for _, other := range l.deals {
			if other.deal.Renews == f.deal.ID && other.deal.Outcome == funnel.Open && other.deal.VoidedAt.IsZero() {
				snap.Renewal = other.deal.Number
			}
		}
	}
	if p, ok := l.circle.people[reads.Contact]; ok {
		snap.Contact = &p
		for _, f := range l.deals {
			if slices.ContainsFunc(f.chairs, func(c funnel.Chair) bool { return c.Contact == p.ID }) {
				snap.Chairs++
			}
		}
	}
	for id, a := range l.circle.dialogs {
		of := reads.AskingOf && snap.Deal != nil && a.Deal == snap.Deal.Deal.ID && a.Member == reads.Actor && a.EndedAt.IsZero()
		if reads.Asking == id || reads.Asking == "" && of {
			snap.Asking = &a
		}
	}
}

// committee returns the places of a deal with their people.
func (l *ledger) committee(f *file) []funnel.ChairView {
	var all []funnel.ChairView
	for _, c := range f.chairs {
		v := funnel.ChairView{Chair: c, Person: l.circle.people[c.Contact]}
		for _, a := range f.activities {
			if a.VoidedAt.IsZero() && slices.Contains(a.People, c.Contact) && a.At.After(v.LastTouch) {
				v.LastTouch = a.At
			}
		}
		all = append(all, v)
	}
	return all
}

// staff returns the people of a company who were not forgotten.
func (l *ledger) staff(company funnel.ID) []funnel.Contact {
	var all []funnel.Contact
	for _, p := range l.circle.people {
		if p.Company == company && p.ForgottenAt.IsZero() {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b funnel.Contact) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	return all
}

func (f *file) known() []funnel.Answer {
	var all []funnel.Answer
	for _, a := range f.answers {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b funnel.Answer) int { return cmp.Compare(a.Question, b.Question) })
	return all
}

// last returns the last qualification that stands, or nil.
func (f *file) last() *funnel.Qualified {
	for _, q := range slices.Backward(f.qualified) {
		if !q.voided {
			return &q.Qualified
		}
	}
	return nil
}

// writePeople writes what a decision makes of people and of qualifications.
func (l *ledger) writePeople(f *file, d *funnel.Decision) {
	for _, p := range d.Contacts {
		l.circle.people[p.ID] = p
	}
	for _, id := range d.VoidContacts {
		if !l.placed(id, f) {
			delete(l.circle.people, id)
		}
	}
	gone := slices.Clone(d.Gone)
	for _, c := range d.Chairs {
		if at := slices.IndexFunc(f.chairs, func(o funnel.Chair) bool { return o.Contact == c.Contact }); at >= 0 {
			f.chairs[at] = c
			continue
		}
		f.chairs = append(f.chairs, c)
	}
	f.chairs = slices.DeleteFunc(f.chairs, func(c funnel.Chair) bool { return slices.Contains(gone, c.Contact) })
	if d.VoidQualified > 0 {
		f.qualified[d.VoidQualified-1].voided = true
	}
	if d.Qualified != nil {
		if d.Qualified.Seq != len(f.qualified)+1 {
			panic("a qualification with a number that is taken")
		}
		f.qualified = append(f.qualified, qualified{Qualified: *d.Qualified})
	}
}

// placed reports whether a deal other than this one has a place for the person.
func (l *ledger) placed(id funnel.ID, but *file) bool {
	for _, f := range l.deals {
		if f != but && slices.ContainsFunc(f.chairs, func(c funnel.Chair) bool { return c.Contact == id }) {
			return true
		}
	}
	return false
}

// forget erases a person; who is forgotten keeps a place in the counts.
func (l *ledger) forget(f *funnel.Forget) {
	if f == nil {
		return
	}
	was := l.circle.people[f.Contact]
	l.circle.people[f.Contact] = funnel.Contact{Workspace: was.Workspace, ID: was.ID, Company: was.Company, ForgottenAt: f.At}
	l.circle.forgotten = append(l.circle.forgotten, *f)
}

// writeAsking writes where a dialog stands and what it has brought.
func (l *ledger) writeAsking(w *funnel.Writes) {
	if was, ok := l.circle.dialogs[w.AskingWas]; ok && was.EndedAt.IsZero() {
		was.EndedAt, was.How = w.Asking.HeardAt, funnel.AskingTaken
		l.circle.dialogs[was.ID] = was
	}
	if w.Asking != nil {
		l.circle.dialogs[w.Asking.ID] = *w.Asking
	}
	f := l.deals[w.AnswersOf]
	if f == nil {
		return
	}
	if f.answers == nil {
		f.answers = map[string]funnel.Answer{}
	}
	for _, key := range w.NoAnswers {
		delete(f.answers, key)
	}
	for _, a := range w.Answers {
		f.answers[a.Question] = a
	}
}

// OpenAsking implements [funnel.Reader].
func (l *ledger) OpenAsking(_ context.Context, _, member funnel.ID) ([]funnel.Asking, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var open []funnel.Asking
	for _, a := range l.circle.dialogs {
		if a.Member == member && a.EndedAt.IsZero() {
			open = append(open, a)
		}
	}
	slices.SortFunc(open, func(a, b funnel.Asking) int { return b.HeardAt.Compare(a.HeardAt) })
	return open, nil
}

// DueAsking implements [funnel.Reader].
func (l *ledger) DueAsking(_ context.Context, now time.Time, limit int) ([]funnel.DueAsking, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var due []funnel.DueAsking
	for _, a := range l.circle.dialogs {
		if a.EndedAt.IsZero() && !a.DueAt.After(now) {
			due = append(due, funnel.DueAsking{Workspace: l.space.ID, Asking: a})
		}
	}
	slices.SortFunc(due, func(a, b funnel.DueAsking) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID))
	})
	return due[:min(limit, len(due))], nil
}

// Answers implements [funnel.Reader].
func (l *ledger) Answers(_ context.Context, _, deal funnel.ID) ([]funnel.Answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.deals[deal].known(), nil
}

// Deal implements [funnel.Reader].
func (l *ledger) Deal(_ context.Context, _, id funnel.ID, _ int64) (*funnel.DealView, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.deals[id]
	if f == nil {
		return nil, nil
	}
	return &funnel.DealView{
		Deal: f.deal, CompanyName: l.companies[f.deal.Company].Name, Committee: l.committee(f), Qualified: f.last(),
	}, nil
}

// Company implements [funnel.Reader].
func (l *ledger) Company(_ context.Context, _, id funnel.ID) (*funnel.CompanyView, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.companies[id]
	if !ok {
		return nil, nil
	}
	return &funnel.CompanyView{Company: c, Contacts: l.staff(id)}, nil
}

// Due implements [funnel.Reader]: the stories of these tests have no steps that are due.
func (l *ledger) Due(context.Context, time.Time, int) ([]funnel.DueDeal, error) { return nil, nil }

// Held implements [funnel.Notices]: nothing is held back in them.
func (l *ledger) Held(context.Context) ([]funnel.Addressee, error) { return nil, nil }

// NudgeAnswers implements [funnel.Nudges]: nobody nudges in these tests.
func (l *ledger) NudgeAnswers(context.Context, time.Time, int) ([]funnel.NudgeAnswer, error) {
	return nil, nil
}
