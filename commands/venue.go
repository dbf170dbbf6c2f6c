package commands

import "funnelbot/funnel"

// Venue is where something was said.
type Venue struct {
	// External and Thread are the platform's identifiers of the chat and the thread in it.
	External string
	Thread   string
	Title    string
	// Private is the chat of one person with the bot.
	Private bool
	// Foreign says that the platform itself knows people of other companies to read along.
	Foreign bool
	// Chat is the connected chat; nil where nobody has connected it.
	Chat *funnel.Chat
}

// Several reports whether it is a chat of a platform that several people read.
func (v Venue) Several() bool { return !v.Private && v.External != "" }

// Outsiders reports whether others than colleagues may read what is said there.
func (v Venue) Outsiders() bool {
	switch {
	case v.Private:
		return false
	case v.Foreign:
		return true
	}
	return v.Chat != nil && !v.Chat.Internal
}

// inPrivate reports whether a verb speaks of a client's people or asks for what is told in confidence:
// it does not where others than colleagues read along.
func inPrivate(v Key) bool { return v == VerbQualify || v == VerbPeople || v == VerbForget }
