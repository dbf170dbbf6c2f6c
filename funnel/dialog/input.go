package dialog

// Act is what a person does with a question.
type Act string

// Acts.
const (
	ActAnswer  Act = "answer"
	ActPick    Act = "pick"
	ActBack    Act = "back"
	ActSkip    Act = "skip"
	ActCancel  Act = "cancel"
	ActHelp    Act = "help"
	ActEdit    Act = "edit"
	ActConfirm Act = "confirm"
)

// Input is one thing a person did.
type Input struct {
	Act Act
	// Text is what was typed, for ActAnswer.
	Text string
	// Key is the option for ActPick, the step for ActEdit.
	Key string
	// Token is that of the prompt whose button was pressed. Empty: it was typed, and so
	// speaks to the question that stands now. ActPick is always pressed.
	Token string
}

// Answer is a typed answer. The empty text accepts the default.
func Answer(text string) Input { return Input{Act: ActAnswer, Text: text} }

// Pick is the button of an option under the prompt with the token.
func Pick(option, token string) Input { return Input{Act: ActPick, Key: option, Token: token} }

// Back returns to the question before, or from an edit to where it began.
func Back() Input { return Input{Act: ActBack} }

// Skip leaves an optional question unanswered.
func Skip() Input { return Input{Act: ActSkip} }

// Cancel ends the dialog without a result.
func Cancel() Input { return Input{Act: ActCancel} }

// Help asks for help with the question, which then stands as it was.
func Help() Input { return Input{Act: ActHelp} }

// Edit asks for the answer of one step again.
func Edit(step string) Input { return Input{Act: ActEdit, Key: step} }

// Confirm accepts the summary.
func Confirm() Input { return Input{Act: ActConfirm} }

// Pressed returns the input as that of a button under the prompt with the token.
func (in Input) Pressed(token string) Input {
	in.Token = token
	return in
}
