package funnel

import (
	"errors"
	"fmt"
	"time"
)

// Refused returns the rejection of a row for an error of [Decide]. Days are those of the zone.
func (r *ImportRow) Refused(err error, zone *time.Location) *RowError {
	out := &RowError{Source: r.Source, Line: r.Line, Reason: "invalid", Detail: "the row cannot be used: " + err.Error()}
	if refusal, ok := errors.AsType[*Error](err); ok {
		out.Reason, out.Detail = string(refusal.Code), refusal.explain(zone)
		if field, ok := refusal.Args["field"].(string); ok {
			out.Column = field
		}
	}
	return out
}

// explain says in plain English what a rejects file needs to say; people in chat read the sentences
// of their language instead. It knows the codes that rows can be refused with, and a test holds them.
func (e *Error) explain(zone *time.Location) string {
	arg := func(name string) string { return e.told(name, zone) }
	switch e.Code {
	case CodeBeforeLast:
		date, last := arg("date"), arg("last")
		if date == last {
			date, last = e.exactly("date", zone), e.exactly("last", zone)
		}
		return fmt.Sprintf("%s is before the last move of the deal, which was on %s", date, last)
	case CodeInFuture:
		return arg("date") + " lies in the future"
	case CodeInPast:
		return arg("date") + " lies in the past"
	case CodeEmpty:
		return "no " + fieldInWords(arg("field")) + " is given"
	case CodeTooLong:
		if arg("field") == string(FieldCustom) && e.Args["limit"] == MaxCustom {
			return fmt.Sprintf("the deal has more than %d custom fields", MaxCustom)
		}
		return fmt.Sprintf("the %s is longer than %s characters", fieldInWords(arg("field")), arg("limit"))
	case CodeBadValue:
		return fmt.Sprintf("%q cannot be used as the %s", arg("value"), fieldInWords(arg("field")))
	case CodeUnknownField:
		return fmt.Sprintf("no field is called %q", arg("field"))
	case CodeNegativeAmount:
		return "the amount is below zero"
	case CodeAmountTooLarge:
		return "the amount is larger than " + arg("limit") + ", the largest that a deal can have"
	case CodeNoAmount:
		return "the deal has no amount whose currency could be changed"
	case CodeCoinsLost:
		return fmt.Sprintf("%s is no whole amount in %s", arg("amount"), arg("currency"))
	case CodeDuplicate:
		return fmt.Sprintf("an earlier row opened the deal %q already", arg("deal"))
	case CodeNoDeal:
		return fmt.Sprintf("no row that could be used opens the deal %q", arg("ref"))
	}
	return e.explainState(arg)
}

// explainState explains refusals for where the deal stands.
func (e *Error) explainState(arg func(string) string) string {
	switch e.Code {
	case CodeDealVoided:
		return "the deal was taken out of the numbers here"
	case CodeDealLost:
		if e.Args["says"] != nil {
			return fmt.Sprintf("the deal is lost here, the file says %s: reopen it first, or bring in its history", arg("says"))
		}
		return "the deal is lost, and was not reopened before this"
	case CodeDealWon:
		if e.Args["says"] != nil {
			return fmt.Sprintf("the deal is won here, the file says %s: reopen it first, or bring in its history", arg("says"))
		}
		return "the deal is won, and its signature was not taken back before this"
	case CodeNotClosed:
		return "the deal is open: there is nothing to reopen"
	case CodeNotParked:
		return "the deal is not parked: there is nothing to wake"
	case CodeNoStep:
		return "the deal has no next step"
	case CodeAlreadyThere:
		return fmt.Sprintf("the deal is in the stage %q already", arg("stage"))
	case CodeUnknownStage:
		return fmt.Sprintf("the funnel has no stage %q", arg("stage"))
	case CodeUnknownReason:
		return fmt.Sprintf("the funnel has no reason %q", arg("reason"))
	case CodeUnknownSource:
		return fmt.Sprintf("the funnel has no source %q", arg("source"))
	case CodeReasonNeeded:
		return "no reason is given for going back or losing"
	case CodeForwardNotBack:
		return fmt.Sprintf("the move goes back, but the stage %q lies ahead", arg("stage"))
	case CodeNothingBefore:
		return "no stage lies before the one that the deal is in"
	case CodeSignatureFirst:
		return fmt.Sprintf("the stage %q comes after the signature, and the deal is not signed", arg("stage"))
	case CodeSignatureStands:
		return "the deal is signed: going back over the signature takes a row that reopens it"
	case CodeBlocked:
		return fmt.Sprintf("what has to be done before the stage %q is not done", arg("stage"))
	case CodeForbidden:
		return "whoever did it may not do it"
	case CodeNoMember:
		return "nobody here has the name of the row"
	case CodeNoCompany:
		return "the company of the deal is not here"
	}
	return "the row cannot be used as it is"
}

// told is an argument as people write it.
func (e *Error) told(name string, zone *time.Location) string {
	switch v := e.Args[name].(type) {
	case nil:
		return ""
	case time.Time:
		return DateOf(v.In(zone)).String()
	case Money:
		return v.plain()
	default:
		return fmt.Sprint(v)
	}
}

// exactly is a time with its time of day, for two that fall on one day.
func (e *Error) exactly(name string, zone *time.Location) string {
	if t, ok := e.Args[name].(time.Time); ok {
		return t.In(zone).Format("2006-01-02 15:04:05")
	}
	return e.told(name, zone)
}

// fieldInWords names a field in the middle of a sentence.
func fieldInWords(field string) string {
	switch field {
	case "opened":
		return "date of opening"
	case "closed":
		return "date of closing"
	case "close":
		return "expected date of closing"
	case "row":
		return "identifier of the row"
	case "id":
		return "identifier of the deal"
	case string(FieldTaxID):
		return "tax number"
	case string(FieldCustom):
		return "name or value of a custom field"
	}
	return field
}
