package commands

import (
	"context"
	"strings"

	"funnelbot/funnel"
)

// byPerson finds out which deal a line about people means, and whom. The words begin with the name of a
// deal, or only name somebody: of the deal that is spoken of, or of any client.
func (c *call) byPerson(ctx context.Context, w *want) error {
	words := w.Intent.Deal.Words
	name := func(n int) string { return strings.Join(words[n:], " ") }
	take := func(view *funnel.DealView, n int) {
		w.found(view)
		w.Intent.Seat.Name = strings.TrimSpace(strings.Join([]string{w.Intent.Seat.Name, name(n)}, " "))
	}
	found, n, err := c.begins(ctx, words)
	if err != nil {
		return err
	}
	sure := len(found) > 0 && found[0].Score >= scoreWhole
	if !sure {
		spoken, err := c.spokenOf(ctx)
		if err != nil {
			return err
		}
		if spoken != nil {
			calls, err := c.calls(ctx, spoken, name(0))
			if err != nil {
				return err
			}
			if calls || len(found) == 0 && (w.Intent.Seat.says() || w.Intent.Switch == SwitchAdd) {
				take(spoken, 0)
				return nil
			}
		}
		if done, err := c.anywhere(ctx, w, name(0)); done || err != nil {
			return err
		}
	}
	if len(found) == 0 {
		return funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": w.Intent.Deal.Text()})
	}
	if rest := name(n); rest != "" {
		w.Intent.Seat.Name = strings.TrimSpace(w.Intent.Seat.Name + " " + rest)
	}
	w.among(meant(found, VerbPeople))
	return nil
}

// begins searches deals by as many of the first words as name one best.
func (c *call) begins(ctx context.Context, words []string) (best []funnel.Match, n int, err error) {
	for k := min(len(words), nameWords); k > 0; k-- {
		found, err := c.named(ctx, strings.Join(words[:k], " "))
		if err != nil {
			return nil, 0, err
		}
		enough := scorePart
		if k == len(words) {
			enough = scoreTypo
		}
		if len(found) == 0 || found[0].Score < enough || len(best) > 0 && found[0].Score <= best[0].Score {
			continue
		}
		best, n = found, k
		if best[0].Score >= scoreWhole {
			break
		}
	}
	return best, n, nil
}

// calls reports whether a name calls somebody at the client of the deal for sure.
func (c *call) calls(ctx context.Context, view *funnel.DealView, name string) (bool, error) {
	company, err := c.desk.service.Read().Company(ctx, c.ask.Workspace, view.Company)
	if err != nil || company == nil {
		return false, err
	}
	names := make([]string, len(company.Contacts))
	for i := range company.Contacts {
		names[i] = company.Contacts[i].Name
	}
	sure, _ := calledLike(name, names)
	return len(sure) > 0, nil
}

// anywhere looks for a person by name at every client, and takes the newest open deal of that client.
func (c *call) anywhere(ctx context.Context, w *want, name string) (bool, error) {
	found, err := c.desk.service.Read().SearchContacts(ctx, c.ask.Workspace, name, maxAmong)
	if err != nil || len(found) == 0 || found[0].Score < scoreWhole {
		return false, err
	}
	company, err := c.desk.service.Read().Company(ctx, c.ask.Workspace, found[0].Contact.Company)
	if err != nil || company == nil {
		return false, err
	}
	var view *funnel.DealView
	for i := range company.Deals {
		if d := &company.Deals[i]; d.VoidedAt.IsZero() && (view == nil || d.Outcome == funnel.Open && view.Outcome != funnel.Open) {
			view = d
		}
	}
	if view == nil {
		return false, nil
	}
	w.found(view)
	w.Intent.Seat.Name, w.Intent.Seat.Contact = found[0].Name, found[0].ID
	return true, nil
}
