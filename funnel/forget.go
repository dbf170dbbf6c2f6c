package funnel

import "context"

// VerbForget is the verb of the erasure of a person.
const VerbForget = "forget"

// Forgotten is what is left of a person who was erased.
type Forgotten struct {
	// Name is for the answer to who asked, and kept nowhere: a repeated delivery has none.
	Name string `json:"-"`
	// Deals is in how many deals the person had a place. The places still count.
	Deals int `json:"deals"`
}

// Forget erases what is known of a person of a client, everywhere: what is left is a place in the
// counts. Managers may do so. It cannot be taken back.
func (s *Service) Forget(ctx context.Context, a Act, contact ID) (Forgotten, error) {
	if a.Member.IsZero() {
		return Forgotten{}, errNoMember
	}
	intent := struct {
		Verb    string
		Contact ID
	}{VerbForget, contact}
	r, _, err := do(ctx, s, a, intent, Reads{Contact: contact}, func(e *Env, snap *Snapshot) (Forgotten, *Writes, error) {
		switch p := snap.Contact; {
		case !e.Actor.Role.Allows(Manager):
			return Forgotten{}, nil, Refuse(CodeForbidden, Args{"role": Manager})
		case p == nil:
			return Forgotten{}, nil, Refuse(CodeNoContact, Args{"name": ""})
		case !p.ForgottenAt.IsZero():
			return Forgotten{}, nil, Refuse(CodeContactForgotten, nil)
		}
		w := &Writes{Forget: snap.Contact.erasure(e), Change: e.accessChange(VerbForget, map[string]string{"contact": contact.String()})}
		return Forgotten{Name: snap.Contact.Name, Deals: snap.Chairs}, w, nil
	})
	return r, err
}
