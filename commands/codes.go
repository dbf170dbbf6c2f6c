package commands

import "funnelbot/funnel"

// Codes of refusals of what was typed, with their arguments. The parser also uses the codes
// CodeTooLong, CodeNegativeAmount, CodeUnknownSource, CodeUnknownZone and CodeBadValue of the funnel.
const (
	// CodeLineEmpty is for a line without a word in it.
	CodeLineEmpty funnel.Code = "line_empty"
	// CodeCourtesy is for thanks and the like, which ask for nothing.
	CodeCourtesy funnel.Code = "courtesy"
	// CodeVerbUnknown has "word": nothing near it is known.
	CodeVerbUnknown funnel.Code = "verb_unknown"
	// CodeVerbUnknownNear has "word", "nearest" (the alias), "key" (its verb) and "line": what was
	// typed with the alias in place of the word, ready for a button.
	CodeVerbUnknownNear funnel.Code = "verb_unknown_near"
	// CodeNumberTooLarge has "text": no deal has such a number.
	CodeNumberTooLarge funnel.Code = "number_too_large"
	// CodeDealNumberInvalid has "text": numbers of deals start at 1.
	CodeDealNumberInvalid funnel.Code = "deal_number_invalid"
	// CodeMoneyUnreadable has "text".
	CodeMoneyUnreadable funnel.Code = "money_unreadable"
	// CodeMoneyOverflow has "text": more than can be kept.
	CodeMoneyOverflow funnel.Code = "money_overflow"
	// CodeMoneyTooPrecise has "text" and "currency": finer than the smallest coin.
	CodeMoneyTooPrecise funnel.Code = "money_too_precise"
	// CodeDateUnreadable has "text".
	CodeDateUnreadable funnel.Code = "date_unreadable"
	// CodeDateImpossible has "text": the calendar has no such day.
	CodeDateImpossible funnel.Code = "date_impossible"
	// CodePlanUnclear has "text": words beside the amount of a plan that are no month.
	CodePlanUnclear funnel.Code = "plan_unclear"
	// CodeUnknownFieldNear has "field" (what was typed) and "nearest" (the key of a field).
	CodeUnknownFieldNear funnel.Code = "unknown_field_near"
	// CodeWindowInvalid has "text": a window has 1 to 3660 days.
	CodeWindowInvalid funnel.Code = "window_invalid"
	// CodeButtonUnknown is for a button that this version does not know.
	CodeButtonUnknown funnel.Code = "button_unknown"
	// CodeQuestionOver is for an answer to a question that has ended.
	CodeQuestionOver funnel.Code = "question_over"
	// CodeNothingOpen is for a word that ends a question where none is asked.
	CodeNothingOpen funnel.Code = "nothing_open"
	// CodeNotMet has "name", a mention; empty where it is only an identifier. Whom it means has never
	// written to the bot.
	CodeNotMet funnel.Code = "not_met"
	// CodeNoDelete is for somebody who wants to delete a deal: there are other ways to be rid of one.
	CodeNoDelete funnel.Code = "no_delete"
	// CodeNoDeals is for somebody without any deal who names none.
	CodeNoDeals funnel.Code = "no_deals"
)
