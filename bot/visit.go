package bot

import (
	"context"
	"time"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// Visit is what somebody did at a door of a platform, before it is known who that is here.
type Visit struct {
	Caller funnel.Caller
	Venue  commands.Venue
	// Place tells apart the conversations of one person, in the words of the door: the chat and its
	// thread.
	Place string
	// From is the place of the question that was pressed, where the door had to show it in another.
	From string
	// Key is the same for every delivery of one act; see [Request].
	Key string
	// Text is what was typed without the address of the bot; Press what was pressed; Clip what was
	// forwarded or sent. Code is what came with an invitation link.
	Text  string
	Press *Press
	Clip  *commands.Clip
	Code  string
	// Root is the platform's identifier of the message that was answered to, or that begins the
	// thread; empty if there is none.
	Root string
	// Forms is how many questions the door can ask at once where this came from; see [Request].
	Forms int
	At    time.Time
}

// Answered returns the visit of somebody who reads the language of the answer, which people choose
// here and not on the platform.
func (v Visit) Answered(doc message.Doc) Visit {
	if doc.Locale != "" {
		v.Caller.Locale = doc.Locale
	}
	return v
}

// Host answers visits. Who may not speak gets an answer as well. An error says that there is no
// answer, because the context ended first.
type Host func(ctx context.Context, v Visit) (message.Doc, error)

// Voucher is what a platform knows of people whom nobody has invited. A door without such knowledge
// has none.
type Voucher interface {
	// Vouch says what the caller is to the workspace whose circles these are.
	Vouch(ctx context.Context, who funnel.Caller, circles []funnel.Circle) (Vouched, error)
}

// Vouched is what a platform says of a person.
type Vouched struct {
	// Outsider is a guest, somebody of another company, or a bot: nobody who may ask to be let in.
	Outsider bool
	// Gone says that the platform has switched the account off: the person has left for good. Whoever is
	// gone is an outsider too.
	Gone bool
	// Installer may be the first admin.
	Installer bool
	// Circle is the identifier of a circle that the person belongs to; empty if there is none.
	Circle string
	// Caller is the person as the platform describes them, with name, language and zone.
	Caller funnel.Caller
}
