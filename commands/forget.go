package commands

import (
	"context"
	"errors"
	"fmt"

	"funnelbot/funnel"
)

// forget asks whether somebody's data shall be erased, and whose where several are called so. Nothing
// is kept of the question: the name would stay in the conversation.
func (c *call) forget(ctx context.Context, w *want) (Reply, error) {
	seat := &w.Intent.Seat
	if !seat.Contact.IsZero() {
		return c.erase(ctx, w)
	}
	read := c.desk.service.Read()
	found, err := read.SearchContacts(ctx, c.ask.Workspace, seat.Name, maxAmong)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].Score < scoreTypo {
		if found, err = read.SearchContacts(ctx, c.ask.Workspace, FlipLayout(seat.Name), maxAmong); err != nil {
			return nil, err
		}
	}
	var meant []funnel.ContactMatch
	for _, m := range found {
		if m.Score >= scoreTypo && m.Score >= found[0].Score-scoreNear && (found[0].Score < scoreWhole || m.Score >= scoreWhole) {
			meant = append(meant, m)
		}
	}
	if len(meant) == 0 {
		return nil, funnel.Refuse(funnel.CodeNoContact, funnel.Args{"name": seat.Name})
	}
	r := Forgotten{Asks: true}
	if len(meant) == 1 {
		r.Name, r.Company = meant[0].Name, meant[0].Company
		r.Offers = []Offer{{Label: "forget", Action: openAction(VerbForget, 0, shortID(meant[0].ID))}}
		return r, nil
	}
	for _, m := range meant {
		name := m.Name
		if m.Company != "" {
			name += ", " + m.Company
		}
		r.Offers = append(r.Offers, Offer{Label: "person", Action: openAction(VerbForget, 0, shortID(m.ID)), Name: name})
	}
	return r, nil
}

// erase forgets the person of a button, and what was said here: it may hold the name.
func (c *call) erase(ctx context.Context, w *want) (Reply, error) {
	r, err := c.desk.service.Forget(ctx, c.act(w.Event), w.Intent.Seat.Contact)
	if err != nil {
		return nil, err
	}
	c.talks = conversation{}
	s, err := c.desk.sessions.Load(ctx, c.session())
	switch {
	case errors.Is(err, funnel.ErrNoSession):
		s = funnel.Session{}
	case err != nil:
		return nil, fmt.Errorf("load the conversation: %w", err)
	}
	c.version, c.before = s.Version, s.Data
	return Forgotten{Name: r.Name, Deals: r.Deals}, nil
}
