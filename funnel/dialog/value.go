package dialog

import (
	"math"
	"strings"

	"funnelbot/funnel"
)

// Kind is the type of an answer.
type Kind string

// Kinds of answers.
const (
	Text   Kind = "text"
	Choice Kind = "choice"
	YesNo  Kind = "yes_no"
	Number Kind = "number"
	Money  Kind = "money"
	Date   Kind = "date"
	Person Kind = "person"
	// Several chooses any number of options.
	Several Kind = "several"
)

// Value is one typed answer; the fields beside those of its kind are zero, so values compare with ==.
// The zero Value stands for a question that was skipped.
type Value struct {
	Kind Kind `json:"kind,omitempty"`
	// Text is the answer of kind Text, and the name of what was chosen where the option had one of its own.
	Text string `json:"text,omitempty"`
	// Key is the option of kind Choice.
	Key string `json:"key,omitempty"`
	// Keys are the options of kind Several, in their order, with a space between.
	Keys string `json:"keys,omitempty"`
	// Yes is the answer of kind YesNo.
	Yes bool `json:"yes,omitempty"`
	// Number is the answer of kind Number, always finite.
	Number float64 `json:"number,omitempty"`
	// Money is the answer of kind Money, always with a currency.
	Money funnel.Money `json:"money,omitzero"`
	// Date is the answer of kind Date, a day that exists.
	Date funnel.Date `json:"date,omitzero"`
	// Person is the answer of kind Person.
	Person Human `json:"person,omitzero"`
}

// Human is a person whom an answer names: one who is known by an identifier, or a new one by name only.
type Human struct {
	ID   funnel.ID `json:"id,omitzero"`
	Name string    `json:"name,omitempty"`
}

// TextOf returns an answer of kind Text.
func TextOf(s string) Value { return Value{Kind: Text, Text: s} }

// ChoiceOf returns an answer of kind Choice; label is the option's own name or empty.
func ChoiceOf(key, label string) Value { return Value{Kind: Choice, Key: key, Text: label} }

// SeveralOf returns an answer of kind Several; keys have no spaces.
func SeveralOf(keys ...string) Value { return Value{Kind: Several, Keys: strings.Join(keys, " ")} }

// Picked returns the options of an answer of kind Several.
func (v Value) Picked() []string { return strings.Fields(v.Keys) }

// YesNoOf returns an answer of kind YesNo.
func YesNoOf(yes bool) Value { return Value{Kind: YesNo, Yes: yes} }

// NumberOf returns an answer of kind Number.
func NumberOf(n float64) Value { return Value{Kind: Number, Number: n} }

// MoneyOf returns an answer of kind Money.
func MoneyOf(m funnel.Money) Value { return Value{Kind: Money, Money: m} }

// DateOf returns an answer of kind Date.
func DateOf(d funnel.Date) Value { return Value{Kind: Date, Date: d} }

// PersonOf returns an answer of kind Person.
func PersonOf(h Human) Value { return Value{Kind: Person, Person: h} }

// Skipped reports whether the value stands for a question that was skipped.
func (v Value) Skipped() bool { return v == Value{} }

// sound reports whether the value is an answer of the kind that survives being stored.
func (v Value) sound(kind Kind) bool {
	if v.Kind != kind {
		return false
	}
	switch kind {
	case Text:
		return v.Text != ""
	case Choice:
		return v.Key != ""
	case YesNo:
		return true
	case Number:
		return !math.IsNaN(v.Number) && !math.IsInf(v.Number, 0)
	case Money:
		return v.Money.Currency != ""
	case Date:
		return v.Date.Valid()
	case Person:
		return v.Person != Human{}
	case Several:
		return len(v.Picked()) > 0 && len(v.Keys) <= maxOffered
	}
	return false
}

// clean returns the value without what JSON or a database would change: broken UTF-8 and NUL.
func (v Value) clean() Value {
	v.Text, v.Keys, v.Person.Name = cleanText(v.Text), cleanText(v.Keys), cleanText(v.Person.Name)
	return v
}

func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
