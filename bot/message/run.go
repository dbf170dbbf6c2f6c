package message

import "strconv"

// Style is how a run of text stands out from the text around it.
type Style int

// The styles of a run.
const (
	// Normal text; what people wrote is always of this style.
	Normal Style = iota
	// Strong text: the one thing of the sentence that the eye should find.
	Strong
	// Literal text: something to be typed or copied exactly as it stands.
	Literal
	// Reference to a deal; Run.Deal holds its number. A door that has links makes it one.
	Reference
	// Contact is an address of a person, to be tapped where the door can: Run.Link is its tel: or
	// mailto: address, which a door without such links shows as it stands.
	Contact
)

// Run is a stretch of text in one style. In a [Paragraph] and a [Footnote] a line feed breaks the
// line; everywhere else it counts as a space.
type Run struct {
	Text  string
	Style Style
	// Deal is the number of the deal that a Reference leads to, else 0.
	Deal int64
	// Link is where a Contact leads to, else empty.
	Link string
}

// Line is text on one line, made of runs.
type Line []Run

// Plain is normal text.
func Plain(s string) Run { return Run{Text: s} }

// Bold is strong text.
func Bold(s string) Run { return Run{Text: s, Style: Strong} }

// Code is text to be typed as it stands.
func Code(s string) Run { return Run{Text: s, Style: Literal} }

// Deal leads to a deal and reads "#42 title"; without a title, "#42".
func Deal(number int64, title string) Run {
	label := "#" + strconv.FormatInt(number, 10)
	if title != "" {
		label += " " + title
	}
	return Run{Text: label, Style: Reference, Deal: number}
}

// Text is a line of normal text.
func Text(s string) Line { return Line{Plain(s)} }

// String returns the words without their styles.
func (l Line) String() string {
	n := 0
	for _, r := range l {
		n += len(r.Text)
	}
	b := make([]byte, 0, n)
	for _, r := range l {
		b = append(b, r.Text...)
	}
	return string(b)
}
