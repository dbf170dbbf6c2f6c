package funnel

// Codes of refusals by the rules of the funnel, with their arguments.
const (
	// CodeNoDeal has "ref": what was typed.
	CodeNoDeal Code = "no_deal"
	// CodeNoMember has "name".
	CodeNoMember Code = "no_member"
	// CodeNoCompany has "name".
	CodeNoCompany Code = "no_company"
	// CodeForbidden has "role": the role that is needed.
	CodeForbidden Code = "forbidden"
	// CodeInactive is for a member who no longer takes part.
	CodeInactive Code = "inactive"
	// CodeKeyReused is for a used key with another intent.
	CodeKeyReused Code = "key_reused"
	// CodeUnavailable is for a database that did not answer within the budget.
	CodeUnavailable Code = "unavailable"
	// CodeCodeInvalid is for a code that is wrong, has expired or was used, without saying which.
	CodeCodeInvalid Code = "code_invalid"
	// CodeTooManyGuesses has "minutes": how long no code is taken.
	CodeTooManyGuesses Code = "too_many_guesses"
	// CodeNoWorkspace is for a workspace that is not the caller's.
	CodeNoWorkspace Code = "no_workspace"
	// CodeAlreadyMember is for somebody who asks to be let in and is.
	CodeAlreadyMember Code = "already_member"
	// CodeNoApplication is for a code that no application of the workspace has.
	CodeNoApplication Code = "no_application"
	// CodeChatTaken is for a chat that another workspace has connected.
	CodeChatTaken Code = "chat_taken"
	// CodeNoAdvice is for a decision about advice where none is given.
	CodeNoAdvice Code = "no_advice"
	// CodeNotConnected is for a chat that is not the workspace's.
	CodeNotConnected Code = "not_connected"
	// CodeStale has "deal": the deal changed since the button was shown.
	CodeStale Code = "stale"
	// CodeDealVoided has "deal".
	CodeDealVoided Code = "deal_voided"
	// CodeDealLost has "deal" and "reason".
	CodeDealLost Code = "deal_lost"
	// CodeDealWon has "deal".
	CodeDealWon Code = "deal_won"
	// CodeNotClosed has "deal": there is nothing to reopen.
	CodeNotClosed Code = "not_closed"
	// CodeNotParked has "deal".
	CodeNotParked Code = "not_parked"
	// CodeAlreadyThere has "deal" and "stage".
	CodeAlreadyThere Code = "already_there"
	// CodeUnknownStage has "stage": what was given.
	CodeUnknownStage Code = "unknown_stage"
	// CodeUnknownReason has "reason".
	CodeUnknownReason Code = "unknown_reason"
	// CodeUnknownSource has "source".
	CodeUnknownSource Code = "unknown_source"
	// CodeReasonNeeded has "deal" and "stage": going back asks why.
	CodeReasonNeeded Code = "reason_needed"
	// CodeForwardNotBack has "deal" and "stage": back was said, the stage lies ahead.
	CodeForwardNotBack Code = "forward_not_back"
	// CodeNothingBefore has "deal" and "stage": there is no stage before.
	CodeNothingBefore Code = "nothing_before"
	// CodeSignatureFirst has "deal" and "stage": client work begins with the signature.
	CodeSignatureFirst Code = "signature_first"
	// CodeSignatureStands has "deal": going back over the signature is a correction.
	CodeSignatureStands Code = "signature_stands"
	// CodeBlocked has "deal", "stage" and "unmet": exit criteria that are missing.
	CodeBlocked Code = "blocked"
	// CodeInFuture has "date": what happened cannot lie ahead.
	CodeInFuture Code = "in_future"
	// CodeInPast has "date": what is promised cannot lie behind.
	CodeInPast Code = "in_past"
	// CodeBeforeLast has "deal", "date" and "last": an earlier move stands in the way.
	CodeBeforeLast Code = "before_last"
	// CodeNoStep has "deal": there is no next step to finish.
	CodeNoStep Code = "no_step"
	// CodeNothingToUndo is for a member without a change of the last ten minutes.
	CodeNothingToUndo Code = "nothing_to_undo"
	// CodeUndoTooLate has "minutes": the limit.
	CodeUndoTooLate Code = "undo_too_late"
	// CodeUndoOvertaken has "deal": something came after.
	CodeUndoOvertaken Code = "undo_overtaken"
	// CodeUndoTransfer is for the undo of one deal of a transfer.
	CodeUndoTransfer Code = "undo_transfer"
	// CodeSameMember is for a transfer to the member whose deals they are.
	CodeSameMember Code = "same_member"
	// CodeTooLong has "field" and "limit" in characters.
	CodeTooLong Code = "too_long"
	// CodeEmpty has "field".
	CodeEmpty Code = "empty"
	// CodeUnknownField has "field".
	CodeUnknownField Code = "unknown_field"
	// CodeBadValue has "field" and "value".
	CodeBadValue Code = "bad_value"
	// CodeNegativeAmount is for an amount below zero.
	CodeNegativeAmount Code = "negative_amount"
	// CodeAmountTooLarge has "limit".
	CodeAmountTooLarge Code = "amount_too_large"
	// CodeNoAmount has "deal": there is no amount whose currency could be changed.
	CodeNoAmount Code = "no_amount"
	// CodeCoinsLost has "amount" and "currency": the amount has coins that the currency does not.
	CodeCoinsLost Code = "coins_lost"
	// CodeLastAdmin keeps a workspace from losing its last admin.
	CodeLastAdmin Code = "last_admin"
	// CodeUnknownZone has "zone".
	CodeUnknownZone Code = "unknown_zone"
	// CodeUnknownLanguage has "language".
	CodeUnknownLanguage Code = "unknown_language"
	// CodeUnknownRole has "role".
	CodeUnknownRole Code = "unknown_role"
	// CodeDuplicate has "deal": an imported identifier that another deal carries.
	CodeDuplicate Code = "duplicate"
	// CodeCompanyTaken has "name": another company carries it.
	CodeCompanyTaken Code = "company_taken"
	// CodeNoContact has "name": nobody of the client is called so, or known any more.
	CodeNoContact Code = "no_contact"
	// CodeContactForgotten is for a person who was erased.
	CodeContactForgotten Code = "contact_forgotten"
	// CodeNoQualification has "deal": the funnel asks nothing of it.
	CodeNoQualification Code = "no_qualification"
	// CodeOnlyOption has "option", in the language of who answers: it was chosen together with others,
	// which it excludes.
	CodeOnlyOption Code = "only_option"
	// CodeQualifyElsewhere has "door": through which the dialog is gone on with.
	CodeQualifyElsewhere Code = "qualify_elsewhere"
	// CodeQualifyEnded has "how": the [AskingEnd] of the dialog, or nothing where it is not known.
	CodeQualifyEnded Code = "qualify_ended"
	// CodeNudgeOwn has "deal": nobody has to be asked about a deal of one's own. CodeNudgeNobody has "deal":
	// it has no owner who could be asked. CodeNudgedToday has "deal" and "name", that of the owner.
	CodeNudgeOwn    Code = "nudge_own"
	CodeNudgeNobody Code = "nudge_nobody"
	CodeNudgedToday Code = "nudged_today"
	// CodeSnoozeLong has "deal" and "days": the limit.
	CodeSnoozeLong Code = "snooze_long"
	// CodePlanCurrency has "currency": what is planned is counted in that one.
	CodePlanCurrency Code = "plan_currency"
	// CodeNotSigned has "deal": only a signed deal is renewed.
	CodeNotSigned Code = "not_signed"
	// CodeRenewalOpen has "deal" and "renewal": the number of the deal that renews it already.
	CodeRenewalOpen Code = "renewal_open"
)
