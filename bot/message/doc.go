// Package message is the small document that every door can render.
//
// A [Doc] says what is to be seen, never how: it holds no markup, no escapes, no sizes and nothing
// of a platform. What people wrote goes into it as it is, as the text of a [Run]; each door
// escapes it once, in its render.go, and splits what is too long for it.
package message

import "funnelbot/funnel"

// Doc is one message: blocks from top to bottom. A Doc without blocks is no message at all.
type Doc struct {
	Blocks []Block
	// Deal is the deal that the message is about, else zero: what is said in answer to the message
	// is about that deal too.
	Deal funnel.ID
	// Shared messages tell the team what has changed. In a chat of several people everybody sees
	// them, while others are for the one who asked, where the platform can tell them apart.
	Shared bool
	// Secret messages hold what must not be stored, such as a code.
	Secret bool
	// Over messages say only that what was pressed is good no more. Where the platform can, a door says
	// so in passing and posts nothing; the mark is not stored.
	Over bool
	// Place is the place of the question in it, in the words of the door, where the door may have to show
	// it in another; else empty.
	Place string
	// Workspace and Member are whom the message answers; zero for people who are nobody here.
	Workspace, Member funnel.ID
	// Locale is the language that the message is in. What a door adds to it is in that language too;
	// empty where it is not known.
	Locale funnel.Locale
}

// New returns the document of the blocks.
func New(blocks ...Block) Doc { return Doc{Blocks: blocks} }

// IsZero reports whether there is nothing to show.
func (d Doc) IsZero() bool { return len(d.Blocks) == 0 }

// With returns the document with more blocks at its end; d stays as it is.
func (d Doc) With(blocks ...Block) Doc {
	all := make([]Block, 0, len(d.Blocks)+len(blocks))
	d.Blocks = append(append(all, d.Blocks...), blocks...)
	return d
}

// Block is one of the kinds in this package: [Heading], [Paragraph], [Fields], [List], [Table],
// [Buttons], [Choices], [Form], [Picture], [File], [Divider], [Footnote]. The set is closed: a
// door that leaves one out does not pass the contract suite.
type Block interface{ block() }

func (Heading) block()   {}
func (Paragraph) block() {}
func (Fields) block()    {}
func (List) block()      {}
func (Table) block()     {}
func (Buttons) block()   {}
func (Choices) block()   {}
func (Form) block()      {}
func (Picture) block()   {}
func (File) block()      {}
func (Divider) block()   {}
func (Footnote) block()  {}
