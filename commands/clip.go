package commands

import "time"

// ClipKind is what sort of thing was handed over.
type ClipKind string

// The kinds of clips.
const (
	ClipMessage ClipKind = "message"
	ClipFile    ClipKind = "file"
	ClipVoice   ClipKind = "voice"
)

// Clip is a message that was forwarded, a file or a recording that was sent: something that may
// belong to a deal.
type Clip struct {
	Kind ClipKind `json:"kind"`
	// Text is what the message says, or the words below the file.
	Text string `json:"text,omitzero"`
	// From is the name of who wrote it, where the platform tells.
	From string `json:"from,omitzero"`
	// Name is that of a file.
	Name string `json:"name,omitzero"`
	// Ref is by what the platform finds it again: a file identifier or a link.
	Ref string `json:"ref,omitzero"`
	// At is when it was written, if that is known.
	At time.Time `json:"at,omitzero"`
}
