package dialog

import "funnelbot/funnel"

// Answers are what was said, by step. A step that was skipped has the zero [Value]; one that has not been
// answered is absent. The methods return the zero value of their type for both, so a condition
// can be written without asking first.
type Answers map[string]Value

// Given reports whether the step has an answer, and was not skipped.
func (a Answers) Given(step string) bool { return !a[step].Skipped() }

// Text returns the text of the step.
func (a Answers) Text(step string) string {
	if a[step].Kind != Text {
		return ""
	}
	return a[step].Text
}

// Choice returns the key of the option chosen at the step.
func (a Answers) Choice(step string) string { return a[step].Key }

// Several returns the keys of the options chosen at the step, in their order.
func (a Answers) Several(step string) []string { return a[step].Picked() }

// Yes reports whether the step was answered with yes.
func (a Answers) Yes(step string) bool { return a[step].Yes }

// Number returns the number of the step.
func (a Answers) Number(step string) float64 { return a[step].Number }

// Money returns the amount of the step.
func (a Answers) Money(step string) funnel.Money { return a[step].Money }

// Date returns the day of the step.
func (a Answers) Date(step string) funnel.Date { return a[step].Date }

// Person returns the person named at the step.
func (a Answers) Person(step string) Human { return a[step].Person }
