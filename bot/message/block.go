package message

// Heading opens a message or a part of it.
type Heading struct {
	Text Line
}

// Paragraph is a sentence or several.
type Paragraph struct {
	Text Line
}

// Fields are labels with their values, such as the lines of a deal's card.
type Fields struct {
	Fields []Field
}

// Field is one label with its value. The label has no colon: doors add what they need.
type Field struct {
	Label string
	Value Line
}

// List is items one below the other.
type List struct {
	// Ordered lists count their items from 1, where the order means something.
	Ordered bool
	Items   []Item
}

// Item is one entry of a list, with the buttons that belong to it alone.
type Item struct {
	Text    Line
	Buttons []Button
}

// Table is rows under column titles. A door without tables shows each row as an item.
type Table struct {
	Columns []Column
	// Rows have as many cells as there are columns.
	Rows [][]Line
}

// Column is the title of a column and how it stands.
type Column struct {
	Title string
	// Right puts the cells flush right: numbers and amounts.
	Right bool
}

// Picture is an image.
type Picture struct {
	// Name is a file name with its ending, such as "funnel.png".
	Name string
	// Alt says in words what the picture shows; it is never empty.
	Alt  string
	Data []byte
}

// File is something to be kept.
type File struct {
	// Name is a file name with its ending, such as "deals.csv".
	Name string
	// Type is the media type, such as "text/csv; charset=utf-8".
	Type string
	// Note says what is in it.
	Note string
	Data []byte
}

// Divider parts what stands above from what stands below.
type Divider struct{}

// Footnote is small print: where a number comes from, what else can be typed.
type Footnote struct {
	Text Line
}

// Head is a heading of normal text.
func Head(s string) Heading { return Heading{Text: Text(s)} }

// Para is a paragraph of the runs.
func Para(runs ...Run) Paragraph { return Paragraph{Text: runs} }

// Note is a footnote of normal text.
func Note(s string) Footnote { return Footnote{Text: Text(s)} }
