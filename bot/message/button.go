package message

// MaxAction is the length in bytes of the longest action: what Telegram takes as callback data
// (https://core.telegram.org/bots/api#inlinekeyboardbutton).
const MaxAction = 64

// Look is how a button asks to be treated.
type Look int

// The looks of a button.
const (
	// Ordinary buttons are one way among others.
	Ordinary Look = iota
	// Primary is the way that most people go; at most one of a message.
	Primary
	// Danger is what is hard to take back.
	Danger
)

// Button does something when it is pressed.
type Button struct {
	Label string
	// Action comes back in the press as it is: an opaque token of at most [MaxAction] bytes, such
	// as "move:42:7" for verb, deal and version.
	Action string
	Look   Look
}

// Buttons are buttons side by side.
type Buttons struct {
	Buttons []Button
}

// Choices ask for one of several, often many, things: the deals that a word may mean. A door
// shows them as buttons or as a menu to select from.
type Choices struct {
	// Prompt says what is chosen.
	Prompt  Line
	Options []Option
}

// Option is one thing to choose.
type Option struct {
	Label string
	// Note tells options of like names apart; it may be empty.
	Note string
	// Action comes back in the press, as a button's does.
	Action string
	// Key is what a form with several questions brings back for it; empty elsewhere.
	Key string
	// Chosen marks what holds now.
	Chosen bool
}
