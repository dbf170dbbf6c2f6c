package funnel

import (
	"context"
	"fmt"
	"slices"
)

// VerbRenew is the verb of changes that open a renewal.
const VerbRenew = "renew"

// Renew opens the renewal of a signed deal.
type Renew struct {
	Of Target
	// Owner is who shall work on it; zero is the owner of the signed deal or, where that member no
	// longer takes part, who asks.
	Owner ID
}

// Renew opens a deal of kind [Renewal] where the funnel of renewals begins: for the same company, at
// the same amount, and with the committee of the signed deal, whose promises to people stay behind.
// A deal has one open renewal at most.
func (s *Service) Renew(ctx context.Context, a Act, in Renew) (Changed, error) {
	if a.Member.IsZero() && a.Origin == FromChat {
		return Changed{}, errNoMember
	}
	signed, err := s.store.Deal(ctx, a.Workspace, in.Of.Deal, in.Of.Number)
	if err != nil {
		return Changed{}, fmt.Errorf("read the deal that is to be renewed: %w", err)
	}
	if signed == nil {
		return Changed{}, Refuse(CodeNoDeal, Args{"ref": fmt.Sprintf("#%d", in.Of.Number)})
	}
	reads := Reads{Of: signed.ID, CompanyID: signed.Company, Subject: in.Owner}
	if in.Owner.IsZero() {
		reads.Subject = signed.Owner
	}
	intent := struct {
		Verb string
		In   Renew
	}{VerbRenew, in}
	r, stored, err := do(ctx, s, a, intent, reads, func(e *Env, snap *Snapshot) (Changed, *Writes, error) {
		open, err := in.open(e, snap)
		if err != nil {
			return Changed{}, nil, err
		}
		if e.Funnel = s.funnels(Renewal); e.Funnel == nil {
			return Changed{}, nil, Refuse(CodeBadValue, Args{"field": "kind", "value": string(Renewal)})
		}
		d, err := Decide(e, DealState{}, open, inherit{snap.Of.Committee})
		if err != nil {
			return Changed{}, nil, err
		}
		return s.settle(e, snap, &d, VerbRenew)
	})
	if err != nil {
		return r, err
	}
	r.Deal.Number, r.Deal.Company = stored.Number, stored.Company
	return r, nil
}

// open judges whether the deal can be renewed, and makes the command that opens the renewal.
func (in Renew) open(e *Env, snap *Snapshot) (OpenDeal, error) {
	if snap.Of == nil || snap.Company == nil {
		return OpenDeal{}, Refuse(CodeNoDeal, Args{"ref": fmt.Sprintf("#%d", in.Of.Number)})
	}
	deal := &snap.Of.Deal
	owner := in.Owner
	switch {
	case !deal.VoidedAt.IsZero():
		return OpenDeal{}, Refuse(CodeDealVoided, Args{"deal": deal.Number})
	case in.Of.Version != 0 && in.Of.Version != deal.Version:
		return OpenDeal{}, Refuse(CodeStale, Args{"deal": deal.Number})
	case deal.Outcome != Won:
		return OpenDeal{}, Refuse(CodeNotSigned, Args{"deal": deal.Number})
	case snap.Renewal != 0:
		return OpenDeal{}, Refuse(CodeRenewalOpen, Args{"deal": deal.Number, "renewal": snap.Renewal})
	case owner.IsZero() && snap.Subject != nil && snap.Subject.Active:
		owner = snap.Subject.ID
	case owner.IsZero():
		owner = e.Actor.ID
	case snap.Subject == nil || !snap.Subject.Active:
		return OpenDeal{}, Refuse(CodeNoMember, Args{"name": ""})
	}
	return OpenDeal{
		ID: e.NewID(), Company: *snap.Company, Title: deal.Title, Owner: owner, Kind: Renewal,
		Amount: deal.Amount, Basis: deal.Basis, Renews: deal.ID,
	}, nil
}

// renewedElsewhere refuses to open a closed renewal again beside one that is open. Reads.Of is the deal that both
// renew; a change that opens nothing does not ask for it.
func (snap *Snapshot) renewedElsewhere() error {
	if snap.Of == nil || snap.Renewal == 0 || snap.Deal == nil || snap.Deal.Deal.Outcome == Open {
		return nil
	}
	return Refuse(CodeRenewalOpen, Args{"deal": snap.Of.Deal.Number, "renewal": snap.Renewal})
}

// inherit seats the committee of another deal of the company: who plays which part, how they stand,
// and who began it all.
type inherit struct{ Committee []ChairView }

func (c inherit) decide(e *Env, d *Decision) error {
	for _, v := range c.Committee {
		if !v.Person.ForgottenAt.IsZero() {
			continue
		}
		seat := ChairView{Person: v.Person, Chair: Chair{Contact: v.Contact, Stance: v.Stance, Initiator: v.Initiator, Since: e.Now}}
		for _, key := range v.Roles {
			if e.Funnel.roleIndex(key) >= 0 {
				seat.Roles = append(seat.Roles, key)
			}
		}
		slices.SortStableFunc(seat.Roles, func(a, b string) int { return e.Funnel.rank(a) - e.Funnel.rank(b) })
		d.seat(seat)
	}
	return nil
}
