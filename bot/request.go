// Package bot is what every door shares: what a person did comes in as a [Request] and goes out as
// a document of package message, in the words of package text. A door knows its platform and
// nothing of sales; commands and funnel know sales and nothing of any platform.
package bot

import (
	"context"
	"time"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Request is what one person did at a door: typed words or pressed something. A door fills it in
// from its platform's payload and knows nothing of what the words mean.
type Request struct {
	// Door is the name of the door: "slack", "telegram", "local".
	Door      string
	Workspace funnel.ID
	Member    funnel.ID
	// Place tells apart the conversations of one person: the chat or channel, and its thread, in
	// the words of the door. A running dialog belongs to one place.
	Place string
	// From is the place of the question that was pressed, where the door had to show it in another.
	From string
	// Key is the same for every delivery of one act and different for different acts, so that a
	// repeated delivery has one effect and gets the same answer.
	Key string
	// Text is what was typed, as valid UTF-8 without control characters; empty for a press.
	Text string
	// Press is what was pressed; nil for typed words.
	Press *Press
	// Clip is what was forwarded or sent; nil for words and buttons.
	Clip *commands.Clip
	// Venue is where it happened, About the deal that is spoken of there, Caller who it is by the
	// platform; all are zero at the local chat.
	Venue  commands.Venue
	About  funnel.ID
	Caller funnel.Caller
	// Forms is how many questions the place can ask at once in a form; 0 asks one by one.
	Forms int
	// Locale is the language that the platform reports for the person, for people who have not
	// chosen one; empty where the platform says nothing.
	Locale funnel.Locale
	// At is when the door received it, UTC.
	At time.Time
}

// Press is a button, an option or a field of a form that was used.
type Press struct {
	// Action is the token that the message carried. It came back through the platform, so it is
	// no more trustworthy than typed words.
	Action string
	// Value is what a form's field holds where the door asks by form; empty for a button.
	Value string
	// Fields are what a form with several questions holds.
	Fields []dialog.Field
}

// Handler answers one request. The answer may be empty where nothing is to be shown. What a
// person did wrong and what broke are both answers; an error says only that there is none,
// because the context ended first.
type Handler func(ctx context.Context, req Request) (message.Doc, error)
