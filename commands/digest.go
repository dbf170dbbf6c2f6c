package commands

import (
	"context"
	"fmt"
	"time"

	"funnelbot/funnel"
)

// Digest shows what a digest says now, with the setting of the place.
type Digest struct {
	Digest funnel.Digest
	Named  Named
	// Setting is nil where none was ever set; Here says that it is that of a chat of several people.
	Setting *funnel.DigestSetting
	Here    bool
	Offers  []Offer
}

// Named is what a digest speaks of by name.
type Named struct {
	// Deals are those that can be read.
	Deals map[funnel.ID]*funnel.DealView
	// People are the names of those who follow advice.
	People map[funnel.ID]string
}

// DigestSet says how the digest of a place comes now.
type DigestSet struct {
	Setting funnel.DigestSetting
	Here    bool
	// Stopped says that it was asked not to come any more.
	Stopped bool
	Offers  []Offer
}

// AdviceDecided says what was decided about advice.
type AdviceDecided struct {
	Advice funnel.Advice
	// Owner is the name of who follows it, Own says that it is the reader.
	Owner string
	Own   bool
}

// NameDigest reads what a digest speaks of.
func (d *Desk) NameDigest(ctx context.Context, workspace funnel.ID, digest *funnel.Digest) (Named, error) {
	n := Named{Deals: map[funnel.ID]*funnel.DealView{}, People: map[funnel.ID]string{}}
	var ids []funnel.ID
	for _, g := range []*funnel.DigestGroup{
		&digest.News.Opened, &digest.News.Won, &digest.News.Lost, &digest.News.Advanced, &digest.News.Risks, &digest.Outside,
	} {
		for _, deal := range g.Named {
			ids = append(ids, deal.Deal)
		}
	}
	for i := range digest.Deals {
		ids = append(ids, digest.Deals[i].Deal)
	}
	for _, id := range ids {
		if n.Deals[id] != nil {
			continue
		}
		view, err := d.service.Read().Outline(ctx, workspace, id)
		if err != nil {
			return n, fmt.Errorf("read a deal of a digest: %w", err)
		}
		if view != nil && view.VoidedAt.IsZero() {
			n.Deals[id] = view
		}
	}
	followed := digest.Advice
	if digest.Bottleneck.Decided != nil {
		followed = append([]funnel.DigestAdvice{{Advice: *digest.Bottleneck.Decided}}, followed...)
	}
	for _, a := range followed {
		if m, ok := d.Member(ctx, workspace, a.Advice.Owner); ok {
			n.People[m.ID] = m.Name
		}
	}
	return n, nil
}

// digest shows the digest with its setting, or changes that.
func (c *call) digest(ctx context.Context, w *want) (Reply, error) {
	ask := w.Intent.Digest
	here := c.ask.Venue.Several() && ask.Place != digestMine
	if ask.Place == digestHere && !here {
		return nil, funnel.Refuse(CodeGroupOnly, nil)
	}
	if here && c.ask.Venue.Outsiders() {
		return privately(), nil
	}
	var chat funnel.ChatRef
	if here {
		chat = funnel.ChatRef{Door: c.ask.Door, External: c.ask.Venue.External}
	}
	if wish := ask.wish(); !wish.IsZero() {
		if here && ask.Place == "" && (wish.At == "" || wish.At == funnel.WishOff) {
			mine, err := c.ownDigestMeant(ctx, chat)
			if err != nil {
				return nil, err
			}
			if mine {
				here, chat = false, funnel.ChatRef{}
			}
		}
		wish.Chat = chat
		set, err := c.desk.service.SetDigest(ctx, c.act(w.Event), wish)
		if err != nil {
			return nil, err
		}
		return DigestSet{Setting: set, Here: here, Stopped: wish.At == funnel.WishOff, Offers: digestOffers(&set)}, nil
	}
	q := funnel.DigestQuery{Chat: chat}
	if !here {
		q.Member = c.me.ID
	}
	r := Digest{Here: here}
	var err error
	if r.Digest, r.Setting, err = c.desk.service.DigestNow(ctx, c.ask.Workspace, q); err != nil {
		return nil, err
	}
	if r.Named, err = c.desk.NameDigest(ctx, c.ask.Workspace, &r.Digest); err != nil {
		return nil, err
	}
	r.Offers = digestOffers(r.Setting)
	return r, nil
}

// ownDigestMeant reports whether a wish that names no place is for the member's own digest: none comes to the
// chat in which it was said, and one comes to the member.
func (c *call) ownDigestMeant(ctx context.Context, chat funnel.ChatRef) (bool, error) {
	there, err := c.desk.service.DigestComes(ctx, c.ask.Workspace, funnel.ID{}, chat)
	if err != nil || there {
		return false, err
	}
	return c.desk.service.DigestComes(ctx, c.ask.Workspace, c.me.ID, funnel.ChatRef{})
}

// digestOffers change what holds: the time first, then the sections.
func digestOffers(set *funnel.DigestSetting) []Offer {
	wish := func(label, what, name string) Offer {
		return Offer{Label: label, Action: string(VerbDigest) + ":0:0:" + what, Name: name}
	}
	if set == nil || set.Off {
		return []Offer{
			wish("digest_at", "08:30", "08:30"), wish("digest_at", "09:00", "09:00"), wish("digest_at", "10:00", "10:00"),
		}
	}
	return []Offer{wish("digest_off", funnel.WishOff, "")}
}

// advice decides about the advice of the digest, or shows the digest with it.
func (c *call) advice(ctx context.Context, w *want) (Reply, error) {
	in := &w.Intent
	if in.Switch == "" {
		in.Digest = DigestAsk{}
		return c.digest(ctx, w)
	}
	d := funnel.AdviceDecision{Stage: in.Stage, Accept: in.Switch == SwitchOn, Reason: in.Text}
	if d.Accept {
		var err error
		if d.Owner, err = c.whom(in.Person); err != nil {
			return nil, err
		}
		d.Due = in.When.Date
	}
	made, err := c.desk.service.DecideAdvice(ctx, c.act(w.Event), d)
	if err != nil {
		return nil, err
	}
	return AdviceDecided{Advice: made, Owner: c.memberName(made.Owner), Own: made.Owner == c.me.ID}, nil
}

// lackingAdvice asks who follows advice until when, or why it is declined.
func lackingAdvice(in *Intent, missing []Arg) []Arg {
	switch in.Switch {
	case SwitchOn:
		if !in.Has(ArgPerson) && !in.Open(ArgPerson) {
			missing = append(missing, ArgPerson)
		}
		if !in.Has(ArgWhen) && !in.Open(ArgWhen) {
			missing = append(missing, ArgWhen)
		}
	case SwitchOff:
		if in.Text == "" {
			missing = append(missing, ArgText)
		}
	}
	return missing
}

// AdviceAction is what the buttons below advice carry.
func AdviceAction(accept bool, stage funnel.StageKey) string {
	word := "decline"
	if accept {
		word = "accept"
	}
	return string(VerbAdvice) + ":0:0:" + word + " " + string(stage)
}

// DigestFor makes the digest that was owed to a place for a day ready to be put into words. It is nil
// where the day is over for its reader, or the reader may see it no more.
func (d *Desk) DigestFor(ctx context.Context, workspace, digest funnel.ID, on funnel.Date, now time.Time, zone *time.Location) (*Digest, error) {
	if on != funnel.DateOf(now.In(zone)) {
		return nil, nil //nolint:nilnil // what came too late is no message
	}
	facts, err := d.service.DigestOf(ctx, workspace, digest, on)
	if err != nil || facts == nil {
		return nil, err
	}
	r := &Digest{Digest: *facts}
	if r.Named, err = d.NameDigest(ctx, workspace, facts); err != nil {
		return nil, err
	}
	return r, nil
}
