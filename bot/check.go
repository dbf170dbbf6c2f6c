package bot

// Check is one thing that a door stands on, as it was found.
type Check struct {
	// Name says what was looked at, such as "Slack bot token".
	Name string
	// Found says how it is, in part of a line; it holds no secret.
	Found string
	// Mend says what to do about it, in one sentence that begins with a verb in lower case and has
	// no period at its end. Empty: nothing is wrong.
	Mend string
}
