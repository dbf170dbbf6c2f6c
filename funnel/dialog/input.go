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
	// ActDone accepts what was picked of a question with several answers.
	ActDone Act = "done"
	// ActLater sets the dialog aside: nothing is asked until it is resumed.
	ActLater Act = "later"
	// ActFill answers the questions of a page at once.
	ActFill Act = "fill"
)

// Input is one thing a person did.
type Input struct {
	Act Act
	// Fields are what stands in a form: for ActFill all of it, for ActBack and ActLater what was given
	// before the form was left.
	Fields []Field
	// Text is what was typed, for ActAnswer.
	Text string
	// Key is the option for ActPick, the step for ActEdit.
	Key string
	// Token is that of the prompt whose button was pressed. Empty: it was typed, and so
	// speaks to the question that stands now. ActPick is always pressed.
	Token string
}

// Field is what a form holds for one question. A field that is empty skips its question; a
// question of the page without a field does so too.
type Field struct {
	Step string `json:"step"`
	// Text is what was typed.
	Text string `json:"text,omitempty"`
	// Keys are the options that were chosen. Where there are both, they win over the text.
	Keys []string `json:"keys,omitempty"`
}

// Fill is a form that was sent, of the page with the token.
func Fill(token string, fields ...Field) Input {
	return Input{Act: ActFill, Fields: fields, Token: token}
}

// Later sets the dialog aside.
func Later() Input { return Input{Act: ActLater} }

// Done accepts what was picked.
func Done() Input { return Input{Act: ActDone} }

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
