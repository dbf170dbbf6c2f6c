package funnel

import (
	"context"
	"time"
)

// OpenDeal begins a deal. The company is stored with it when it is new.
type OpenDeal struct {
	ID      ID
	Company Company
	Title   string
	Owner   ID
	Kind    Kind
	// Stage is where the deal starts; empty means the entry stage of the funnel.
	Stage    StageKey
	Amount   Money
	Basis    Basis
	Source   string
	Signal   string
	Pain     string
	Effect   string
	Closing  Date
	Custom   map[string]string
	External string
	// Historical marks deals that were signed before they came here.
	Historical bool
	// At is when it began; zero means now.
	At time.Time
	// MoveExternal identifies the source row of an imported beginning.
	MoveExternal string
}

func (c OpenDeal) decide(e *Env, d *Decision) error {
	stage := c.Stage
	if stage == "" {
		stage = e.Funnel.Entry
	}
	if e.Funnel.Index(stage) < 0 {
		return Refuse(CodeUnknownStage, Args{"stage": string(stage)})
	}
	if e.Funnel.Signed(stage) {
		return Refuse(CodeSignatureFirst, Args{"deal": int64(0), "stage": stage})
	}
	if err := c.check(e); err != nil {
		return err
	}
	at, err := d.effective(e, c.At)
	if err != nil {
		return err
	}
	d.After.Deal = Deal{
		Workspace: e.Workspace.ID, ID: c.ID, Company: c.Company.ID, Title: c.Title, Owner: c.Owner, Kind: c.Kind,
		Amount: c.Amount, Basis: c.Basis, Source: c.Source, Signal: c.Signal, Pain: c.Pain, Effect: c.Effect,
		Closing: c.Closing, Custom: c.Custom, External: c.External, Historical: c.Historical,
		Outcome: Open, OpenedAt: at,
	}
	if d.After.Deal.Kind == "" {
		d.After.Deal.Kind = e.Funnel.Kind
	}
	d.enter(e, stage, at)
	d.addMove(e, Move{Kind: MoveOpen, To: stage, EffectiveAt: at, External: c.MoveExternal})
	d.tellOwner(e, NoticeAssigned)
	return nil
}

func (c OpenDeal) check(e *Env) error {
	if c.Company.Name == "" {
		return Refuse(CodeEmpty, Args{"field": "company"})
	}
	for _, f := range []struct {
		field, text string
		limit       int
	}{
		{"company", c.Company.Name, MaxName},
		{"title", c.Title, MaxTitle},
		{"signal", c.Signal, MaxText},
		{"pain", c.Pain, MaxText},
		{"effect", c.Effect, MaxText},
	} {
		if err := fits(f.field, f.text, f.limit); err != nil {
			return err
		}
	}
	if c.Amount.Minor < 0 {
		return Refuse(CodeNegativeAmount, nil)
	}
	if c.Source != "" && e.Origin != FromImport {
		if _, ok := e.Funnel.Source(c.Source); !ok {
			return Refuse(CodeUnknownSource, Args{"source": c.Source})
		}
	}
	return nil
}

// Open begins a deal of the funnel of its kind. An existing company is met by identifier or by
// [NameKey]; otherwise it is made. The number of the deal is in the result.
func (s *Service) Open(ctx context.Context, a Act, c OpenDeal) (Changed, error) {
	reads := Reads{CompanyKey: NameKey(c.Company.Name), CompanyID: c.Company.ID}
	r, stored, err := do(ctx, s, a, c, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		open := c
		var fresh *Company
		switch {
		case snap.Company != nil:
			open.Company = *snap.Company
		case !c.Company.ID.IsZero():
			return Changed{}, nil, Refuse(CodeNoCompany, Args{"name": c.Company.Name})
		default:
			open.Company.ID, open.Company.Workspace = e.NewID(), e.Workspace.ID
			fresh = &open.Company
		}
		open.ID = e.NewID()
		d, err := Decide(e, DealState{}, open)
		if err != nil {
			return Changed{}, nil, err
		}
		r, w, err := s.settle(e, snap, &d, "new")
		if err != nil {
			return r, nil, err
		}
		r.Company, w.NewCompany = open.Company.Name, fresh
		return r, w, nil
	})
	if err != nil {
		return r, err
	}
	r.Deal.Number, r.Deal.Company = stored.Number, stored.Company
	return r, nil
}
