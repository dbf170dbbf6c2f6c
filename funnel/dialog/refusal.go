package dialog

import "funnelbot/funnel"

// Codes of what a dialog refuses by itself. Refusals of [Step.Check] and [Parse] have codes of their own.
const (
	// CodeEmpty: the question needs an answer and has no default.
	CodeEmpty funnel.Code = "dialog_empty"
	// CodeNotUnderstood: the text is no answer of this kind. Arg kind.
	CodeNotUnderstood funnel.Code = "dialog_not_understood"
	// CodeNoOption: nothing to choose is called so. Arg answer, the text.
	CodeNoOption funnel.Code = "dialog_no_option"
	// CodeOptionGone: what was picked can no longer be chosen.
	CodeOptionGone funnel.Code = "dialog_option_gone"
	// CodeAmbiguous: the text can mean several answers, which are offered. Arg answer, the text.
	CodeAmbiguous funnel.Code = "dialog_ambiguous"
	// CodeTooLong: the answer is too long. Arg limit, in characters; 0 when all answers together are too long.
	CodeTooLong funnel.Code = "dialog_too_long"
	// CodeRequired: the question cannot be skipped.
	CodeRequired funnel.Code = "dialog_required"
	// CodeFirst: there is no question before this one.
	CodeFirst funnel.Code = "dialog_first"
	// CodeUnfinished: there is nothing to confirm while questions are open.
	CodeUnfinished funnel.Code = "dialog_unfinished"
	// CodeNoAnswer: the step has no answer to edit. Arg step.
	CodeNoAnswer funnel.Code = "dialog_no_answer"
	// CodeConfirm: the summary wants to be confirmed, or an answer in it to be named for change.
	CodeConfirm funnel.Code = "dialog_confirm"
)

// Codes returns all codes above, for the test that each has its sentence.
func Codes() []funnel.Code {
	return []funnel.Code{
		CodeEmpty, CodeNotUnderstood, CodeNoOption, CodeOptionGone, CodeAmbiguous, CodeTooLong,
		CodeRequired, CodeFirst, CodeUnfinished, CodeNoAnswer, CodeConfirm,
	}
}
