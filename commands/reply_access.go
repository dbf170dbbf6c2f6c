package commands

import "funnelbot/funnel"

// Invited carries a one-time code. It is for one person's eyes and is kept nowhere.
type Invited struct {
	funnel.Invited
	// For is the name of who it is meant for, where one was typed.
	For string
	// Link opens the chat with the bot and brings the code along; empty where there is no such link.
	Link string
}

// StrangerKind is how somebody is met who may not speak here.
type StrangerKind string

// The kinds of meetings.
const (
	// StrangerInvited needs an invitation.
	StrangerInvited StrangerKind = "invitation"
	// StrangerMayAsk may ask to be let in.
	StrangerMayAsk StrangerKind = "may_ask"
	// StrangerAsked has asked.
	StrangerAsked StrangerKind = "asked"
	// StrangerRefused is nobody who may ask.
	StrangerRefused StrangerKind = "refused"
	// StrangerUnsure cannot be told from others now, because the platform does not answer.
	StrangerUnsure StrangerKind = "unsure"
	// StrangerPlace is somebody who may speak, in a chat that is not connected.
	StrangerPlace StrangerKind = "place"
)

// StrangerKinds lists every kind.
func StrangerKinds() []StrangerKind {
	return []StrangerKind{StrangerInvited, StrangerMayAsk, StrangerAsked, StrangerRefused, StrangerUnsure, StrangerPlace}
}

// Stranger answers somebody who may not speak here, in the same words whatever exists or does not.
type Stranger struct {
	Kind   StrangerKind
	Offers []Offer
}

// ActionApply is what the button carries with which people ask to be let in. It is no verb: only
// somebody who is nobody here can press it.
const ActionApply = "apply:0:0"

// NewStranger returns the answer of the kind with what can be done about it.
func NewStranger(k StrangerKind) Stranger {
	s := Stranger{Kind: k}
	if k == StrangerMayAsk {
		s.Offers = []Offer{{Label: "apply", Action: ActionApply}}
	}
	return s
}

// Admitted welcomes somebody who may speak now.
type Admitted struct {
	funnel.Admission
	Offers []Offer
}

// NewAdmitted returns the welcome.
func NewAdmitted(a funnel.Admission) Admitted {
	return Admitted{Admission: a, Offers: []Offer{{Label: "help", Action: "help:0:0"}}}
}

// Granted says what became of an application.
type Granted struct {
	funnel.Granted
	Offers []Offer
}

// Connection says how a chat of several people stands.
type Connection struct {
	// Verb is what was done, or [VerbConnect] while it is asked who reads the chat.
	Verb Key
	Chat funnel.Chat
	// Asks says that nothing was done: who reads the chat, or whether it announces, is to be said.
	Asks   bool
	Offers []Offer
}

// Circles lists the channels and user groups whose members may speak.
type Circles struct {
	Circles []funnel.Circle
	// Added or Removed is the one that has just been changed.
	Added, Removed funnel.Circle
	// Offers are as many as there are circles, in their order, and take each away.
	Offers []Offer
}

// Workspaces lists the workspaces of a person; the first is the one that is meant in private.
type Workspaces struct {
	Spaces []funnel.Belonging
	// Chosen says that the first has just been chosen.
	Chosen bool
	Offers []Offer
}
