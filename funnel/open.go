package funnel

import (
	"context"
	"strings"
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
	// Renews is the signed deal that this one renews.
	Renews ID
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
		Closing: c.Closing, Custom: c.Custom, External: c.External, Historical: c.Historical, Renews: c.Renews,
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
	if NameKey(c.Company.Name) == "" {
		return Refuse(CodeEmpty, Args{"field": string(FieldCompany)})
	}
	if err := c.texts(); err != nil {
		return err
	}
	if err := c.Amount.sound(); err != nil {
		return err
	}
	if !c.Basis.known() {
		return Refuse(CodeBadValue, Args{"field": string(FieldBasis), "value": shown(string(c.Basis))})
	}
	if !c.Closing.IsZero() && !c.Closing.Valid() {
		return Refuse(CodeBadValue, Args{"field": string(FieldClosing), "value": c.Closing.String()})
	}
	if c.Source != "" && e.Origin != FromImport {
		if _, ok := e.Funnel.Source(c.Source); !ok {
			return Refuse(CodeUnknownSource, Args{"source": c.Source})
		}
	}
	return nil
}

// texts refuses what is too long for a card, or no text.
func (c OpenDeal) texts() error {
	for _, f := range []struct {
		field Field
		text  string
		limit int
	}{
		{FieldCompany, c.Company.Name, MaxName},
		{FieldDomain, c.Company.Domain, MaxName},
		{FieldTaxID, c.Company.TaxID, MaxName},
		{FieldIndustry, c.Company.Industry, MaxName},
		{FieldSize, c.Company.Size, MaxName},
		{FieldRegion, c.Company.Region, MaxName},
		{FieldTitle, c.Title, MaxTitle},
		{FieldSource, c.Source, MaxName},
		{FieldSignal, c.Signal, MaxText},
		{FieldPain, c.Pain, MaxText},
		{FieldEffect, c.Effect, MaxText},
		{FieldCustom, c.External, MaxName},
		{FieldCustom, c.MoveExternal, MaxName},
	} {
		if err := fits(string(f.field), f.text, f.limit); err != nil {
			return err
		}
	}
	if err := customFits(c.Company.Custom); err != nil {
		return err
	}
	return customFits(c.Custom)
}

// customFits refuses custom fields that fit no card.
func customFits(custom map[string]string) error {
	if len(custom) > MaxCustom {
		return Refuse(CodeTooLong, Args{"field": string(FieldCustom), "limit": MaxCustom})
	}
	for name, value := range custom {
		if strings.TrimSpace(name) == "" {
			return Refuse(CodeEmpty, Args{"field": string(FieldCustom)})
		}
		if err := fits(string(FieldCustom), name, MaxName); err != nil {
			return err
		}
		if err := fits(string(FieldCustom), value, MaxText); err != nil {
			return err
		}
	}
	return nil
}

// Open begins a deal of the funnel of its kind. An existing company is met by identifier or by
// [NameKey]; otherwise it is made. What was promised with it belongs to the same change. The number
// of the deal is in the result.
func (s *Service) Open(ctx context.Context, a Act, c OpenDeal, promised ...SetNext) (Changed, error) {
	reads := Reads{CompanyKey: NameKey(c.Company.Name), CompanyID: c.Company.ID}
	if c.Owner != a.Member {
		reads.Subject = c.Owner
	}
	intent := struct {
		Open OpenDeal
		Next []SetNext
	}{c, promised}
	r, stored, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		if !reads.Subject.IsZero() && !mayOwn(snap.Subject, a.Origin) {
			return Changed{}, nil, Refuse(CodeNoMember, Args{"name": ""})
		}
		if c.Kind != "" {
			if e.Funnel = s.funnels(c.Kind); e.Funnel == nil {
				return Changed{}, nil, Refuse(CodeBadValue, Args{"field": "kind", "value": shown(string(c.Kind))})
			}
		}
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
		cmds := []Command{open}
		for _, next := range promised {
			cmds = append(cmds, next)
		}
		d, err := Decide(e, DealState{}, cmds...)
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

// mayOwn reports whether a deal can be given to the member: one of the workspace who takes part, or
// in history one who did.
func mayOwn(m *Member, o Origin) bool { return m != nil && (m.Active || o == FromImport) }
