package main

import (
	"fmt"
	"io"
	"strings"

	"funnelbot/funnel"
)

// printSummary says what an import has done, or would do.
func printSummary(out io.Writer, s funnel.ImportSummary, dry bool, rejects *rejectsFile) error {
	did := "Imported"
	if dry {
		fmt.Fprintln(out, "This is a dry run, judged against what is here at present; nothing is written.")
		did = "It would import"
	}
	lines := []string{
		fmt.Sprintf("%s %s: %s.", did, counted(s.Rows), parts(
			part{s.Stored, "stored"}, part{s.Folded, "said nothing new"}, part{s.Unchanged, "were here already"},
			part{s.Differs, "differ from what is here"}, part{s.RejectedRows(), "rejected"},
		)),
		fmt.Sprintf("Deals: %s.", parts(
			part{s.Deals.New, "new"}, part{s.Deals.Updated, "updated"}, part{s.Deals.Unchanged, "unchanged"},
			part{s.Deals.Differs, "with differences"}, part{s.Deals.Rejected, "rejected"},
		)),
		fmt.Sprintf("Moves: %d. Activities: %d. Companies: %d. Members: %d.", s.Moves, s.Activities, s.Companies, s.Members),
	}
	if s.RejectedRows() > 0 {
		lines = append(lines, "Rejected because")
	}
	for _, reason := range s.Reasons() {
		lines = append(lines, fmt.Sprintf("  %s (%s)", rejection(reason), counted(s.Rejected[reason])))
	}
	if s.Deals.Differs > 0 {
		lines = append(lines, "What differs was kept as it is here; `known: update` in a mapping takes over what the file says.")
	}
	if rejects.file != nil {
		lines = append(lines, "Each row with its line and its reason is in "+rejects.path+".")
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

// part is a number of something; none is not worth a word.
type part struct {
	n    int64
	what string
}

func parts(all ...part) string {
	var said []string
	for _, p := range all {
		if p.n > 0 {
			said = append(said, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(said) == 0 {
		return "none"
	}
	return strings.Join(said, ", ")
}

func counted(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// rejections are the reasons for which rows are rejected, in words. They are stable words in the
// file of rejects and in JSON.
func rejections() map[string]string {
	return map[string]string{
		"empty":            "a value that is needed is missing",
		"bad_date":         "a date cannot be read",
		"bad_amount":       "an amount cannot be read",
		"bad_currency":     "a currency is not known",
		"bad_number":       "a number cannot be read",
		"bad_value":        "a value does not fit its field",
		"bad_type":         "a kind of activity is not known",
		"bad_direction":    "a direction is neither in nor out",
		"unmapped_stage":   "a stage has no counterpart here",
		"unmapped_outcome": "an outcome has no counterpart here",
		"unreadable":       "the row cannot be taken apart into columns",
		"too_many_rows":    "a deal has too many rows",
		"invalid":          "the row cannot be used",

		string(funnel.CodeDuplicate):       "an earlier row opened the same deal",
		string(funnel.CodeNoDeal):          "no row opens the deal",
		string(funnel.CodeInFuture):        "a date lies in the future",
		string(funnel.CodeInPast):          "a date lies in the past",
		string(funnel.CodeBeforeLast):      "a change is earlier than one that the deal already has",
		string(funnel.CodeTooLong):         "a text is too long",
		string(funnel.CodeNegativeAmount):  "an amount is below zero",
		string(funnel.CodeAmountTooLarge):  "an amount is too large",
		string(funnel.CodeNoAmount):        "a currency is given without an amount",
		string(funnel.CodeCoinsLost):       "an amount is finer than the coins of its currency",
		string(funnel.CodeUnknownField):    "a field is not known",
		string(funnel.CodeUnknownStage):    "a stage is not known",
		string(funnel.CodeUnknownReason):   "a loss reason is not known",
		string(funnel.CodeUnknownSource):   "a source is not known",
		string(funnel.CodeReasonNeeded):    "a reason is missing",
		string(funnel.CodeDealVoided):      "the deal was taken out of the numbers here",
		string(funnel.CodeDealLost):        "the deal is lost already",
		string(funnel.CodeDealWon):         "the deal is won already",
		string(funnel.CodeNotClosed):       "the deal is open, so it cannot be reopened",
		string(funnel.CodeNotParked):       "the deal is not parked, so it cannot be woken",
		string(funnel.CodeNoStep):          "the deal has no next step",
		string(funnel.CodeAlreadyThere):    "the deal is in the stage already",
		string(funnel.CodeForwardNotBack):  "a step back leads forward",
		string(funnel.CodeNothingBefore):   "a step back leads out of the first stage",
		string(funnel.CodeSignatureFirst):  "a stage of client work comes without a signature",
		string(funnel.CodeSignatureStands): "a signature would have to be taken back",
	}
}

// rejection says a reason in words.
func rejection(reason string) string {
	if words, ok := rejections()[reason]; ok {
		return words
	}
	return strings.ReplaceAll(reason, "_", " ")
}
