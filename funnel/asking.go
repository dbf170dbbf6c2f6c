package funnel

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// StartAsking begins a qualification dialog about a deal, or goes on with the one that the member
// has open about it.
type StartAsking struct {
	// Dialog is the identifier of the dialog where it stands now, and Place that of the session, in
	// the words of its door: door/chat.
	Dialog, Place string
}

// Asked is what a qualification dialog begins with.
type Asked struct {
	Asking Asking `json:"asking"`
	// From is the place that the dialog was taken over from, if that was another one.
	From string `json:"from,omitzero"`
	// The others are read anew for a repeated delivery. Answers are what is known of the deal, Last is
	// its last qualification or nil, and Contacts are the people of its company.
	Answers   []Answer    `json:"-"`
	Last      *Qualified  `json:"-"`
	Committee []ChairView `json:"-"`
	Contacts  []Contact   `json:"-"`
	Deal      Deal        `json:"-"`
	Company   Company     `json:"-"`
}

// StartAsking begins a qualification dialog about an open deal. The member's open dialog about the
// deal, wherever it stands, ends as taken: there is one at most. The error is
// [CodeNoQualification] where the funnel asks nothing.
func (s *Service) StartAsking(ctx context.Context, a Act, t Target, in StartAsking) (Asked, error) {
	if a.Member.IsZero() {
		return Asked{}, errNoMember
	}
	intent := struct {
		Verb   string
		Target Target
		Start  StartAsking
	}{"ask", t, in}
	reads := Reads{Deal: t.Deal, Number: t.Number, People: true, Answers: true, AskingOf: true}
	r, stored, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Asked, *Writes, error) {
		if err := t.met(snap); err != nil {
			return Asked{}, nil, err
		}
		d := Decision{After: *snap.Deal}
		if err := d.open(); err != nil {
			return Asked{}, nil, err
		}
		if e.Funnel == nil || e.Funnel.Qualification == nil {
			return Asked{}, nil, Refuse(CodeNoQualification, Args{"deal": snap.Deal.Deal.Number})
		}
		now := Asking{
			ID: in.Dialog, Member: e.Actor.ID, Deal: snap.Deal.Deal.ID, Number: snap.Deal.Deal.Number, Kind: snap.Deal.Deal.Kind,
			Place: in.Place, BegunAt: e.Now,
		}
		r, w := snap.asked(), &Writes{}
		if was := snap.Asking; was != nil {
			now.BegunAt = was.BegunAt
			if was.ID != now.ID {
				w.AskingWas = was.ID
			}
			if was.Place != now.Place {
				r.From = was.Place
			}
		}
		now.hear(e, false)
		r.Asking, w.Asking = now, &now
		return r, w, nil
	})
	if err != nil || !stored.Replayed {
		return r, err
	}
	return s.askedAgain(ctx, a, r)
}

// asked is what a dialog begins with, of what a unit of work saw.
func (snap *Snapshot) asked() Asked {
	r := Asked{
		Answers: snap.Deal.Answers, Last: snap.Deal.Qualified, Committee: snap.Deal.Committee, Contacts: snap.Deal.Contacts,
		Deal: snap.Deal.Deal,
	}
	if snap.Company != nil {
		r.Company = *snap.Company
	}
	return r
}

// askedAgain reads what a dialog begins with for a delivery that is answered a second time.
func (s *Service) askedAgain(ctx context.Context, a Act, r Asked) (Asked, error) {
	deal, err := s.store.Deal(ctx, a.Workspace, r.Asking.Deal, 0)
	if err != nil {
		return Asked{}, err
	}
	if deal == nil {
		return Asked{}, Refuse(CodeNoDeal, Args{"ref": ""})
	}
	r.Deal, r.Committee, r.Last = deal.Deal, deal.Committee, deal.Qualified
	if r.Answers, err = s.store.Answers(ctx, a.Workspace, deal.ID); err != nil {
		return Asked{}, err
	}
	company, err := s.store.Company(ctx, a.Workspace, deal.Company)
	if err != nil || company == nil {
		return r, err
	}
	r.Company, r.Contacts = company.Company, company.Contacts
	return r, nil
}

// GiveAnswers are the answers that one input to a dialog has changed.
type GiveAnswers struct {
	Deal          ID
	Dialog, Place string
	// Given are answers by question; the zero [Given] says that the question was skipped.
	Given map[string]Given
	// Dropped are questions whose answers are taken away.
	Dropped []string
	// Pause sets the dialog aside until the next working day.
	Pause bool
	// Talk, where it is not nil, returns the conversation as it goes on once the answers are kept. It is
	// saved with them, unless it is nil. Talk must be pure.
	Talk func(Heard) (*TalkSave, error) `json:"-"`
}

// Heard says what follows from an input to a dialog.
type Heard struct {
	// Until is when silence ends the dialog.
	Until time.Time `json:"until"`
	// Talk is the conversation that was saved with it; nil if none was, also for a repeated delivery.
	Talk *TalkSave `json:"-"`
}

// Answer keeps the answers that an input to a dialog gave, in the transaction that takes it, also
// where the deal was closed meanwhile. The error is [CodeQualifyElsewhere] where the dialog is gone
// on with in another place, and [CodeQualifyEnded] where it has ended. Answers to questions that the
// funnel does not ask are left out.
func (s *Service) Answer(ctx context.Context, a Act, in GiveAnswers) (Heard, error) {
	if a.Member.IsZero() {
		return Heard{}, errNoMember
	}
	intent := struct {
		Verb string
		Give GiveAnswers
	}{"answer", in}
	r, stored, err := do(ctx, s, a, intent, Reads{Asking: in.Dialog}, in.heard)
	if stored.Replayed || err != nil {
		r.Talk = nil
	}
	return r, s.elsewhere(ctx, a, Target{Deal: in.Deal}, err)
}

// heard decides what is kept.
func (in *GiveAnswers) heard(e *Env, snap *Snapshot) (Heard, *Writes, error) {
	if err := snap.asking(e.Actor.ID, in.Deal, in.Place); err != nil {
		return Heard{}, nil, err
	}
	if e.Funnel == nil || e.Funnel.Qualification == nil {
		return Heard{}, nil, Refuse(CodeNoQualification, Args{"deal": snap.Asking.Number})
	}
	answers, err := in.answers(e)
	if err != nil {
		return Heard{}, nil, err
	}
	now := *snap.Asking
	now.hear(e, in.Pause)
	h := Heard{Until: e.silence(now.DueAt, e.Funnel.Qualification.EndAfter)}
	if in.Talk != nil {
		if h.Talk, err = in.Talk(h); err == nil && h.Talk != nil {
			err = h.Talk.Check(h.Talk.Life)
		}
		if err != nil {
			return Heard{}, nil, fmt.Errorf("go on with the conversation: %w", err)
		}
	}
	return h, &Writes{Asking: &now, Answers: answers, NoAnswers: in.Dropped, AnswersOf: in.Deal, Talk: h.Talk}, nil
}

// answers returns the rows to keep, in the order of the funnel.
func (in *GiveAnswers) answers(e *Env) ([]Answer, error) {
	var rows []Answer
	for _, section := range e.Funnel.Qualification.Sections {
		for i := range section.Questions {
			q := &section.Questions[i]
			g, ok := in.Given[q.Key]
			if !ok || !g.Skipped() && !q.Takes(g) {
				continue
			}
			if err := g.sound(q.Key); err != nil {
				return nil, err
			}
			rows = append(rows, Answer{Question: q.Key, Given: g, Member: e.Actor.ID, At: e.Now})
		}
	}
	return rows, nil
}

// sound refuses what cannot be kept.
func (g *Given) sound(question string) error {
	if err := fits(question, g.Text, MaxText); err != nil {
		return err
	}
	if err := fits(question, g.Name, MaxName); err != nil {
		return err
	}
	return g.Money.sound()
}

// EndAsking ends a dialog that its member does not want to go on with, or that was finished.
type EndAsking struct {
	Deal   ID
	Dialog string
	How    AskingEnd
}

// AskingEnded says how a dialog ended.
type AskingEnded struct {
	Ended AskingEnd `json:"ended"`
}

// EndAsking ends a dialog of the member; what was answered stays. A dialog that has ended already
// stays as it ended.
func (s *Service) EndAsking(ctx context.Context, a Act, in EndAsking) error {
	if a.Member.IsZero() {
		return errNoMember
	}
	intent := struct {
		Verb string
		End  EndAsking
	}{"end", in}
	_, _, err := do(ctx, s, a, intent, Reads{Asking: in.Dialog}, func(e *Env, snap *Snapshot) (AskingEnded, *Writes, error) {
		if was := snap.Asking; was == nil || was.Member != e.Actor.ID || was.Deal != in.Deal || !was.EndedAt.IsZero() {
			return AskingEnded{Ended: in.How}, &Writes{}, nil
		}
		now := *snap.Asking
		now.end(e, in.How)
		return AskingEnded{Ended: in.How}, &Writes{Asking: &now}, nil
	})
	return err
}

// asking refuses a dialog that is not the member's open one about the deal in the place; an empty
// place is any.
func (snap *Snapshot) asking(member, deal ID, place string) error {
	a := snap.Asking
	switch {
	case a == nil || a.Member != member || a.Deal != deal:
		return Refuse(CodeQualifyEnded, Args{"how": ""})
	case a.How == AskingTaken:
		return Refuse(CodeQualifyElsewhere, Args{"door": ""})
	case !a.EndedAt.IsZero():
		return Refuse(CodeQualifyEnded, Args{"how": string(a.How)})
	case place != "" && a.Place != place:
		return Refuse(CodeQualifyElsewhere, Args{"door": a.Door()})
	}
	return nil
}

// elsewhere says through which door a dialog that was taken over is gone on with. Where the other
// one has ended since, so has this one.
func (s *Service) elsewhere(ctx context.Context, a Act, t Target, err error) error {
	if CodeOf(err) != CodeQualifyElsewhere {
		return err
	}
	open, readErr := s.store.OpenAsking(ctx, a.Workspace, a.Member)
	if readErr != nil {
		return readErr
	}
	for i := range open {
		if open[i].Deal == t.Deal || t.Deal.IsZero() && open[i].Number == t.Number {
			return Refuse(CodeQualifyElsewhere, Args{"door": open[i].Door()})
		}
	}
	return Refuse(CodeQualifyEnded, Args{"how": string(AskingTaken)})
}

// Door returns the door of the place where the dialog stands.
func (a *Asking) Door() string {
	door, _, _ := strings.Cut(a.Place, "/")
	return door
}

// hear notes that the member was heard of: the silence begins anew. A dialog that is set aside is
// silent on purpose until the next working day.
func (a *Asking) hear(e *Env, pause bool) {
	a.HeardAt, a.Reminded, a.EndedAt, a.How = e.Now, false, time.Time{}, ""
	if pause {
		cal := e.Workspace.Calendar
		day := cal.NextWorkday(e.today().AddDays(1))
		a.DueAt = instant(cal.StartOf(day).On(day, e.zone()))
		return
	}
	a.DueAt = e.silence(e.Now, e.Funnel.Qualification.RemindAfter)
}

// silence returns when so much working time of the acting member has passed.
func (e *Env) silence(from time.Time, work time.Duration) time.Time {
	return instant(e.Workspace.Calendar.After(from, work, e.zone()))
}

func (a *Asking) end(e *Env, how AskingEnd) { a.EndedAt, a.How = e.Now, how }

// met refuses a deal that is not there, or not as the person saw it.
func (t Target) met(snap *Snapshot) error {
	if snap.Deal == nil {
		ref := ""
		if t.Number != 0 {
			ref = fmt.Sprintf("#%d", t.Number)
		}
		return Refuse(CodeNoDeal, Args{"ref": ref})
	}
	if t.Version != 0 && t.Version != snap.Deal.Deal.Version {
		return Refuse(CodeStale, Args{"deal": snap.Deal.Deal.Number})
	}
	return nil
}
