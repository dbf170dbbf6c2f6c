package slack

import (
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

// rendered is a document ready for Slack.
type rendered struct {
	pages []page
	files []upload
}

// page is one message of at most [maxBlocks] blocks.
type page struct {
	// text is what notifications and screen readers get.
	text   string
	blocks []slackapi.Block
}

// upload is a file or picture that follows the pages.
type upload struct {
	name, alt string
	data      []byte
}

// renderer turns documents into blocks. Words of people stand in plain text objects wherever
// Slack's markup could take them for something else; what is marked up is escaped here and nowhere
// else.
type renderer struct {
	p *text.Printer
	// among says that others read along, where words reach the bot only after its name.
	among  bool
	blocks []sized
	files  []upload
	// unfit says that something does not fit into any view, pressed that a question of a view is
	// answered by buttons.
	unfit, pressed bool
	// place is that of a question which is shown in another; see [message.Doc].
	place string
	// serial makes the identifiers of elements unique within a document.
	serial int
}

// sized is a block with the words in it and the most that Slack can count for them.
type sized struct {
	block  slackapi.Block
	words  string
	length int
}

func (r *renderer) render(doc message.Doc) rendered {
	r.place = doc.Place
	for _, b := range doc.Blocks {
		r.block(b)
	}
	if len(r.blocks) == 0 && len(r.files) > 0 {
		r.section(message.Text(r.files[0].alt))
	}
	return rendered{pages: pages(r.blocks), files: r.files}
}

// pages parts blocks into messages that Slack takes.
func pages(all []sized) []page {
	var out []page
	var blocks []slackapi.Block
	var words []string
	length := 0
	flush := func() {
		if len(blocks) > 0 {
			out = append(out, page{text: summary(words), blocks: blocks})
		}
		blocks, words, length = nil, nil, 0
	}
	for _, s := range all {
		if len(blocks) == maxBlocks || length+s.length > maxShown {
			flush()
		}
		blocks, length = append(blocks, s.block), length+s.length
		if s.words != "" {
			words = append(words, s.words)
		}
	}
	flush()
	return out
}

// summary is what stands in a notification: the words of the blocks, as far as there is room.
func summary(words []string) string {
	all := strings.Join(words, "\n")
	if all == "" {
		return "…"
	}
	return escape(short(all, maxSummary))
}

func (r *renderer) block(b message.Block) {
	switch b := b.(type) {
	case message.Heading:
		r.heading(b.Text)
	case message.Paragraph:
		r.section(b.Text)
	case message.Footnote:
		r.context(b.Text)
	case message.Fields:
		r.fields(b.Fields)
	case message.List:
		r.list(b)
	case message.Table:
		r.table(b)
	case message.Buttons:
		r.buttons(b.Buttons, markOf(b.Buttons))
	case message.Choices:
		r.section(strongLine(b.Prompt))
		r.options(b.Options, "")
	case message.Form:
		r.form(b)
	case message.Picture:
		r.files = append(r.files, upload{name: fileName(b.Name), alt: short(plainly(b.Alt), maxAlt), data: b.Data})
	case message.File:
		r.file(b)
	case message.Divider:
		r.add(slackapi.NewDividerBlock(), "")
	}
}

func (r *renderer) add(b slackapi.Block, words string) {
	r.blocks = append(r.blocks, sized{block: b, words: words, length: escapedUnits(words)})
}

// addLine adds a block that shows the words of the line.
func (r *renderer) addLine(b slackapi.Block, l message.Line) {
	r.blocks = append(r.blocks, sized{block: b, words: strings.TrimSpace(l.String()), length: cost(l)})
}

// id is different for every element and block of a document.
func (r *renderer) id(mark string) string {
	r.serial++
	return mark + strconv.Itoa(r.serial)
}

// actionID is the identifier of a block with something to press. That of a question says where the
// question is asked, so that a press elsewhere finds it.
func (r *renderer) actionID(mark string) string {
	id := r.id(mark)
	if far := id + placeMark + r.place; r.place != "" && strings.HasPrefix(id, questionMark) && len(far) <= maxIdentifier {
		return far
	}
	return id
}

func (r *renderer) heading(l message.Line) {
	words := oneLine(l.String())
	if words == "" {
		return
	}
	if units(words) > maxHeader {
		r.section(strongLine(l))
		return
	}
	r.add(slackapi.NewHeaderBlock(plainText(words)), words)
}

// section is text of any length, a block for each part that fits.
func (r *renderer) section(l message.Line) {
	for _, part := range split(clean(l), maxSection) {
		r.addLine(slackapi.NewSectionBlock(styled(part), nil, nil), part)
	}
}

func (r *renderer) context(l message.Line) {
	for _, part := range split(clean(l), maxContext) {
		r.addLine(slackapi.NewContextBlock("", styled(part)), part)
	}
}

func (r *renderer) file(f message.File) {
	note := oneLine(f.Note)
	if note == "" {
		note = oneLine(f.Name)
	}
	r.context(message.Text(note))
	if len(f.Data) > 0 {
		r.files = append(r.files, upload{name: fileName(f.Name), alt: short(note, maxAlt), data: f.Data})
	}
}

// styled is a line as a text object: marked up where nothing in it can be taken for a mark, plain
// where people wrote what would.
func styled(l message.Line) *slackapi.TextBlockObject {
	if !marks(l) {
		return plainText(l.String())
	}
	var b strings.Builder
	for _, run := range l {
		b.WriteString(marked(run))
	}
	// Verbatim: names and links that people wrote stay what they wrote.
	return &slackapi.TextBlockObject{Type: slackapi.MarkdownType, Text: b.String(), Verbatim: true}
}

func marked(run message.Run) string {
	switch run.Style {
	case message.Strong, message.Reference:
		return "*" + escape(run.Text) + "*"
	case message.Literal:
		return "`" + escape(run.Text) + "`"
	case message.Contact:
		return "<" + linked(run.Link) + "|" + escape(run.Text) + ">"
	case message.Normal:
	}
	return escape(run.Text)
}

// linked is an address as it stands between angle brackets, where a bar ends it
// (https://docs.slack.dev/messaging/formatting-message-text#linking-urls).
func linked(link string) string { return strings.ReplaceAll(escape(link), "|", "%7C") }

// escape makes text harmless in markup: with these three characters gone, no entity is left that
// could notify or link (https://docs.slack.dev/messaging/formatting-message-text#escaping).
func escape(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteString(escaped(r))
	}
	return b.String()
}

func escaped(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return string(r)
}

// plainText is text that Slack shows as it is.
func plainText(s string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.PlainTextType, s, false, false)
}
