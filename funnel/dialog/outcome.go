package dialog

import "funnelbot/funnel"

// Result is what an input led to.
type Result string

// Results.
const (
	// Ask: the Prompt is to be shown.
	Ask Result = "ask"
	// Review: the Summary is to be shown.
	Review Result = "review"
	// Finished: the Answers are complete; it is said once.
	Finished Result = "finished"
	// Cancelled: the dialog has ended without a result.
	Cancelled Result = "cancelled"
	// Paused: the dialog was set aside; it stands where it stood and is gone on with by [Resume].
	Paused Result = "paused"
	// Stale: the input spoke to a question that no longer stands, and was not taken. Prompt or
	// Summary is what stands now; both are nil if the dialog has ended.
	Stale Result = "stale"
)

// Outcome is what an input led to and what is to be shown for it.
type Outcome struct {
	Result  Result
	Prompt  *Prompt
	Summary *Summary
	// Page is set instead of Prompt where the script asks several questions at once.
	Page *Page
	// Answers are set when the result is Finished: one for every step that was asked, skipped ones included.
	Answers Answers
}

// Control is something a person can do beside answering.
type Control string

// Controls. Each names the act of the same word.
const (
	CanBack    = Control(ActBack)
	CanSkip    = Control(ActSkip)
	CanCancel  = Control(ActCancel)
	CanHelp    = Control(ActHelp)
	CanEdit    = Control(ActEdit)
	CanConfirm = Control(ActConfirm)
	CanDone    = Control(ActDone)
	CanLater   = Control(ActLater)
)

// Prompt is one question as it stands.
type Prompt struct {
	Script string
	Step   string
	Kind   Kind
	// Token is what every button under the prompt carries: the ID of the state, a dot, a short counter.
	Token string
	// Options are what can be picked, in the order of their numbers. Options without key of the
	// catalog and without label (they answer an ambiguous text) are shown by their Value.
	Options []Option
	// Numbered says that typing the number of an option, from 1, picks it. Where numbers are
	// answers themselves it does not.
	Numbered bool
	// Candidates says that the options are the possible meanings of an ambiguous answer.
	Candidates bool
	// Picked are the keys of the options that are picked so far, of a question with several answers.
	Picked []string
	// Group is that of the step.
	Group string
	// Optional says that the question may be left unanswered.
	Optional bool
	// Default is what an empty answer accepts: the answer given before, or the step's own; of a
	// question with several answers what is picked. Skipped: nothing. An empty field of a page
	// does not accept it.
	Default Value
	// Problem is why the last answer was refused, or why an earlier one no longer holds.
	Problem *funnel.Error
	// Help says that help was asked for.
	Help bool
	// Position is the number of the question from 1, Total how many there are as far as is known.
	Position, Total int
	// Editing says that an answer is being changed that had been given.
	Editing bool
	// Controls are what can be done beside answering, in the order of display.
	Controls []Control
}

// Page is several questions that are asked at once. Each prompt has the token of the page, its own
// options, default (the answer that was given before) and problem; controls are those of the page.
type Page struct {
	Script  string
	Token   string
	Prompts []Prompt
	// Position is the number of the first question from 1, Total how many there are as far as is known.
	Position, Total int
	Help            bool
	Controls        []Control
}

// Summary is all answers before they are used.
type Summary struct {
	Script string
	// Token is what every button under the summary carries.
	Token    string
	Items    []Item
	Problem  *funnel.Error
	Help     bool
	Controls []Control
}

// Item is one answer in a summary. Its step is the key of the [Edit] that changes it.
type Item struct {
	Step  string
	Kind  Kind
	Value Value
}
