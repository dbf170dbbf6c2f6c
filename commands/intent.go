package commands

import (
	"slices"
	"unicode/utf8"

	"funnelbot/funnel"
)

// Intent is what a typed line asks for: plain data in a normal form, the same for every spelling
// of the same wish, so that its JSON may be kept in a session and hashed. What the line does not
// say is zero.
type Intent struct {
	Verb Key `json:"verb"`
	// Deal is the deal that is meant; zero is the one of the thread, or the last.
	Deal   Ref             `json:"deal,omitzero"`
	Stage  funnel.StageKey `json:"stage,omitzero"`
	Reason string          `json:"reason,omitzero"`
	Source string          `json:"source,omitzero"`
	Amount funnel.Money    `json:"amount,omitzero"`
	// AmountAssumed says that no currency was typed: the amount is counted in that of the deal,
	// where it has one.
	AmountAssumed bool `json:"amount_assumed,omitzero"`
	// Basis is what the amount of a new deal is for.
	Basis funnel.Basis `json:"basis,omitzero"`
	// Forward asks for the stage after the present one, for a move that names none.
	Forward bool `json:"forward,omitzero"`
	// When is the day of what happened, or for park, next and new the day ahead.
	When     When     `json:"when,omitzero"`
	Person   Whom     `json:"person,omitzero"`
	Activity Activity `json:"activity,omitzero"`
	// Next is what follows, said together with what happened; for next itself the step is in Text
	// and When.
	Next Step `json:"next,omitzero"`
	// Text is free text in the person's own spelling: what happened, the reason why, the step, or
	// what is searched for.
	Text    string  `json:"text,omitzero"`
	Company string  `json:"company,omitzero"`
	Title   string  `json:"title,omitzero"`
	Fields  []Field `json:"fields,omitempty"`
	List    List    `json:"list,omitzero"`
	Report  Report  `json:"report,omitzero"`
	// Topic is the verb that help is asked about.
	Topic    Key           `json:"topic,omitzero"`
	Role     funnel.Role   `json:"role,omitzero"`
	Language funnel.Locale `json:"language,omitzero"`
	// Zone is the IANA name of a time zone.
	Zone string `json:"zone,omitzero"`
	// From is whose deals are transferred; Person is who gets them.
	From Whom `json:"from,omitzero"`
	// Wishes is how the person wants to be told; a time that was spoken of and not said is "?".
	Wishes funnel.Wishes `json:"wishes,omitzero"`
	// Digest is what is wanted of the digest.
	Digest DigestAsk `json:"digest,omitzero"`
	// Code is that of an invitation, or names an application.
	Code string `json:"code,omitzero"`
	// Switch is one word of a few, for verbs that take one; see the Switch constants.
	Switch string `json:"switch,omitzero"`
	// Circle is a channel or a user group.
	Circle CircleRef `json:"circle,omitzero"`
	// Shared says that a setting is meant for the whole workspace.
	Shared bool `json:"shared,omitzero"`
	// Seat is somebody at the client and what is said of them.
	Seat Seat `json:"seat,omitzero"`
	// Choices are arguments with several readings. The argument itself is zero until one is chosen.
	Choices []Choice `json:"choices,omitempty"`
	// Unknown are words that were not understood.
	Unknown []string `json:"unknown,omitempty"`
	// Near is the verb that a single word may have meant, if it is not the name of a deal.
	Near Key `json:"near,omitzero"`
	// Month is the first day of the month that a plan is for.
	Month funnel.Date `json:"month,omitzero"`
	// Walk is the number of the deal of a review at which the review goes on when this is done.
	Walk int64 `json:"walk,omitzero"`
	// Slash says that the line began like a command. Inside a dialog a bare word speaks to the
	// dialog and a command does not. It is no part of the normal form.
	Slash bool `json:"-"`
	// Bare says that no verb was typed. It is no part of the normal form.
	Bare bool `json:"-"`
}

// Activity is what happened, for log.
type Activity struct {
	// Kind is empty when the line does not say; it is then a note unless the person is asked.
	Kind      funnel.ActivityKind `json:"kind,omitzero"`
	Direction funnel.Direction    `json:"direction,omitzero"`
}

// Step is a next step.
type Step struct {
	Text string `json:"text,omitzero"`
	When When   `json:"when,omitzero"`
}

// Field is one field with its new value. Which of the values is meant follows from the field; a
// custom field has [funnel.FieldCustom], its Name and a Text.
type Field struct {
	Field funnel.Field `json:"field"`
	Name  string       `json:"name,omitzero"`
	Text  string       `json:"text,omitzero"`
	Money funnel.Money `json:"money,omitzero"`
	// Assumed says that no currency was typed with the amount.
	Assumed  bool            `json:"assumed,omitzero"`
	Date     funnel.Date     `json:"date,omitzero"`
	Currency funnel.Currency `json:"currency,omitzero"`
	// Clear says that the value is to be removed.
	Clear bool `json:"clear,omitzero"`
}

// Empty reports whether the field was named without a value: it has to be asked for.
func (f Field) Empty() bool {
	return f.Text == "" && f.Money.IsZero() && f.Date.IsZero() && f.Currency == "" && !f.Clear
}

// Fields of set that the funnel changes through others.
const (
	// FieldCurrency changes the currency of the amount.
	FieldCurrency = funnel.FieldCurrency
	// FieldContact names a person of the company.
	FieldContact funnel.Field = "contact"
)

// Arg names an argument of a verb.
type Arg string

// The arguments.
const (
	ArgDeal     Arg = "deal"
	ArgStage    Arg = "stage"
	ArgReason   Arg = "reason"
	ArgSource   Arg = "source"
	ArgAmount   Arg = "amount"
	ArgWhen     Arg = "when"
	ArgPerson   Arg = "person"
	ArgActivity Arg = "activity"
	ArgNext     Arg = "next"
	ArgNextWhen Arg = "next_when"
	ArgText     Arg = "text"
	ArgCompany  Arg = "company"
	ArgTitle    Arg = "title"
	ArgField    Arg = "field"
	ArgClose    Arg = "close"
	ArgList     Arg = "list"
	ArgPage     Arg = "page"
	ArgReport   Arg = "report"
	ArgWindow   Arg = "window"
	ArgAsOf     Arg = "as_of"
	ArgTopic    Arg = "topic"
	ArgRole     Arg = "role"
	ArgLanguage Arg = "language"
	ArgZone     Arg = "zone"
	ArgCode     Arg = "code"
	ArgSwitch   Arg = "switch"
	ArgCircle   Arg = "circle"
	ArgFrom     Arg = "from"
	ArgPlan     Arg = "plan"
	ArgQuiet    Arg = "quiet"
	ArgContact  Arg = "contact"
	ArgRoles    Arg = "roles"
	ArgStance   Arg = "stance"
	ArgMonth    Arg = "month"
)

// Choice is an argument with several readings, likeliest first.
type Choice struct {
	Arg     Arg      `json:"arg"`
	Options []Option `json:"options"`
}

// Option is one reading: a day for dates, otherwise the key of a stage, reason, source, role or
// field, the id of a member, or the name of a zone.
type Option struct {
	Key  string `json:"key,omitzero"`
	When When   `json:"when,omitzero"`
}

// Choose returns the intent with one reading of the argument taken. It reports false when the
// argument has no such choice.
func (in Intent) Choose(arg Arg, option int) (Intent, bool) {
	at := slices.IndexFunc(in.Choices, func(c Choice) bool { return c.Arg == arg })
	if at < 0 || option < 0 || option >= len(in.Choices[at].Options) {
		return in, false
	}
	o := in.Choices[at].Options[option]
	in.Choices = slices.Delete(slices.Clone(in.Choices), at, at+1)
	if len(in.Choices) == 0 {
		in.Choices = nil
	}
	choose(&in, arg, o)
	return in, true
}

// choose takes one reading of the argument.
func choose(in *Intent, arg Arg, o Option) {
	switch arg {
	case ArgStage:
		in.Stage = funnel.StageKey(o.Key)
	case ArgReason:
		in.Reason = o.Key
	case ArgSource:
		if in.Verb == VerbSet {
			setField(in, funnel.FieldSource, func(f *Field) { f.Text = o.Key })
			return
		}
		in.Source = o.Key
	case ArgWhen:
		in.When = o.When
	case ArgNextWhen:
		in.Next.When = o.When
	case ArgClose:
		setField(in, funnel.FieldClosing, func(f *Field) { f.Date = o.When.Date })
	case ArgAsOf:
		in.Report.AsOf = o.When.Date
	case ArgPerson:
		id, err := funnel.ParseID(o.Key)
		if err == nil {
			in.Person = Whom{ID: id}
		}
	case ArgFrom:
		if id, err := funnel.ParseID(o.Key); err == nil {
			in.From = Whom{ID: id}
		}
	case ArgRole:
		in.Role = funnel.Role(o.Key)
	case ArgZone:
		in.Zone = o.Key
	case ArgDeal, ArgAmount, ArgActivity, ArgNext, ArgText, ArgCompany, ArgTitle, ArgField, ArgList, ArgPage,
		ArgReport, ArgWindow, ArgTopic, ArgLanguage, ArgCode, ArgSwitch, ArgCircle, ArgPlan, ArgQuiet,
		ArgContact, ArgRoles, ArgStance, ArgMonth:
	}
}

// setField changes the first field of the name, in a copy of the list.
func setField(in *Intent, name funnel.Field, change func(*Field)) {
	in.Fields = slices.Clone(in.Fields)
	for i := range in.Fields {
		if in.Fields[i].Field == name {
			change(&in.Fields[i])
			return
		}
	}
}

// Open reports whether the argument has a choice that is not made yet.
func (in Intent) Open(arg Arg) bool {
	return slices.ContainsFunc(in.Choices, func(c Choice) bool { return c.Arg == arg })
}

// SplitEnd returns the intent with the last n words of the reference as the deal and all its words
// in the text, for lines that name the deal last: "напомни позвонить в ромашку". A resolver may try
// it with 1 and 2 when no beginning of the words names a deal.
func (in Intent) SplitEnd(n int) Intent {
	d := in.Deal
	if n < 1 || n >= len(d.Words) || d.Quoted || len(d.starts()) != len(d.Words) {
		return in
	}
	in.Text = joined(d.Tail, in.Text)
	at := len(d.Words) - n
	in.Deal = Ref{Words: d.Words[at:], Tail: d.Tail[d.Starts[at]:]}
	for _, start := range d.Starts[at:] {
		in.Deal.Starts = append(in.Deal.Starts, start-d.Starts[at])
	}
	return in
}

// joined puts what was taken for a reference back in front of the text, as it was typed where the
// two stood side by side.
func joined(rest, text string) string {
	if last, _ := utf8.DecodeLastRuneInString(rest); text != "" && !blank(last) {
		rest += ", "
	}
	return trimmed(rest + text)
}

// Split returns the intent with the first n words of the reference as the deal, and the words
// after them given back to the text in front of what is there; for show they are unknown, and for
// assign they call the person where nobody was found. A resolver tries n from
// len(Deal.Words) down to 1, then 0, which leaves the deal of the thread or the last one.
func (in Intent) Split(n int) Intent {
	d := in.Deal
	if n < 0 || n >= len(d.Words) || len(d.starts()) != len(d.Words) {
		return in
	}
	rest := d.Tail[d.Starts[n]:]
	switch {
	case in.Verb == VerbShow:
		in.Unknown = append(slices.Clone(d.Words[n:]), in.Unknown...)
	case in.Verb == VerbAssign && in.Person.IsZero() && !in.Open(ArgPerson):
		in.Person.Mention = shortened(trimmed(rest))
	default:
		in.Text = joined(rest, in.Text)
	}
	in.Deal = Ref{}
	if n > 0 {
		in.Deal = Ref{Words: d.Words[:n], Quoted: d.Quoted, Starts: d.Starts[:n], Tail: d.Tail[:d.Starts[n]]}
	}
	return in
}
