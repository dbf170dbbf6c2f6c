package commands

import (
	"strings"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// want is what somebody wants done: the intent, and what was found out about it. It is kept with a
// dialog while the rest is asked for.
type want struct {
	Intent Intent `json:"intent"`
	// Event is the key of the effect: that of the request, or of the dialog.
	Event string `json:"event,omitzero"`
	// Deal is the deal that is meant, once that is known, and Version what the person saw of it;
	// zero for typed words.
	Deal    funnel.ID `json:"deal,omitzero"`
	Version int64     `json:"version,omitzero"`
	// Among are the deals that the words may mean; the person chooses.
	Among []choice `json:"among,omitempty"`
	// Twins are likely duplicates of a new deal; the person decides.
	Twins []choice `json:"twins,omitempty"`
	// Fresh says that the person looked at likely duplicates and wants a new deal all the same;
	// Company is the one it is for, where it was chosen.
	Fresh   bool      `json:"fresh,omitzero"`
	Company funnel.ID `json:"company,omitzero"`
	// Clip is what was handed over to be logged.
	Clip *Clip `json:"clip,omitempty"`
	// Silent says that the questions are an offer: whoever goes on without them has declined.
	Silent bool `json:"silent,omitzero"`
	// Inquiry is what a qualification is asked with; nil for everything else.
	Inquiry *inquiry `json:"inquiry,omitempty"`
	// Asks are what is to be asked of somebody at the client, Client are people to choose from, Persons
	// those whom a name may mean, and Has the roles that the person has.
	Asks    []Arg          `json:"asks,omitempty"`
	Client  []dialog.Human `json:"client,omitempty"`
	Persons []choice       `json:"persons,omitempty"`
	Has     []string       `json:"has,omitempty"`
	// Answered says that everything was asked that is to be asked of the person.
	Answered bool `json:"answered,omitzero"`

	view *funnel.DealView
	// likely are the deals of Among, as they were found.
	likely []funnel.DealView
}

// choice is a thing to choose from, as it was when it was offered: the key of an answer and the
// name to show.
type choice struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// target is the deal of the want, for a use case.
func (w *want) target() funnel.Target { return funnel.Target{Deal: w.Deal, Version: w.Version} }

// asked reports whether the want is that of a dialog.
func (w *want) asked() bool { return strings.HasPrefix(w.Event, dialogEvent) }

// dialogEvent begins the key of an effect that a dialog leads to.
const dialogEvent = "dialog:"

// happened returns when something took place that was said to be on a day: now for today and for
// no day, the time that was typed, or noon. A move on the day of the last one comes after it.
func (c *call) happened(at When, deal *funnel.DealView) time.Time {
	switch {
	case at.IsZero():
		return time.Time{}
	case at.Clock != "":
		return at.At(c.lex.Zone)
	case at.Date == c.today():
		return time.Time{}
	}
	const noon = 12
	t := at.Date.In(c.lex.Zone).Add(noon * time.Hour)
	if deal != nil && t.Before(deal.LastMoveAt) && funnel.DateOf(deal.LastMoveAt.In(c.lex.Zone)) == at.Date {
		return deal.LastMoveAt
	}
	return t
}
