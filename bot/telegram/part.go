package telegram

import (
	"bytes"
	"image"
	_ "image/jpeg" // to read the sides of pictures
	_ "image/png"
	"path"
	"strings"

	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot/text"
)

// part is one message of the platform.
type part struct {
	// html is the text, or the words below a file.
	html string
	// name and data are a file; photo says that it is shown as a picture.
	name  string
	data  []byte
	photo bool
	// below is what the message carries: a keyboard, a forced reply, or nil.
	below tgmodels.ReplyMarkup
}

func (p *part) isFile() bool { return p.data != nil }

// flush turns the rows so far into texts: a block goes to the next text as a whole if it does not fit
// below the others, and is broken between rows if it does not fit anywhere.
func (r *renderer) flush() {
	p := &packer{}
	for _, g := range r.groups {
		p.add(g)
	}
	p.close()
	r.groups, r.glued = nil, false
	texts := p.texts
	if len(texts) > maxParts {
		rest := []row{}
		for _, rows := range texts[maxParts-1:] {
			rest = append(rest, rows...)
		}
		texts = texts[:maxParts-1]
		defer func() { r.parts = append(r.parts, part{name: "message.txt", data: []byte(linesOf(rest))}) }()
	}
	for _, rows := range texts {
		r.parts = append(r.parts, part{html: markup(rows)})
	}
}

func linesOf(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.String() + "\n")
	}
	return b.String()
}

// packer fills texts with rows.
type packer struct {
	texts [][]row
	rows  []row
	used  int
}

func (p *packer) add(group []row) {
	var rows []row
	for _, r := range group {
		rows = append(rows, r.split(maxText)...)
	}
	if size(rows) <= maxText && p.used+1+size(rows) > maxText {
		p.close()
	}
	for _, r := range rows {
		n := r.units()
		if len(p.rows) > 0 && p.used+1+n > maxText {
			p.close()
		}
		if len(p.rows) == 0 && r.blank() {
			continue // the platform cuts what is blank at the beginning and at the end
		}
		if len(p.rows) > 0 {
			p.used++
		}
		p.rows, p.used = append(p.rows, r), p.used+n
	}
}

func (p *packer) close() {
	for len(p.rows) > 0 && p.rows[len(p.rows)-1].blank() {
		p.rows = p.rows[:len(p.rows)-1]
	}
	if len(p.rows) > 0 {
		p.texts = append(p.texts, p.rows)
	}
	p.rows, p.used = nil, 0
}

// size is how long rows are as one text.
func size(rows []row) int {
	n := len(rows) - 1
	for _, r := range rows {
		n += r.units()
	}
	return n
}

// attachment adds a file after the text so far. One that the platform does not take is named.
func (r *renderer) attachment(name, note string, data []byte, photo bool) {
	name = path.Base(strings.ReplaceAll(inline(name), `\`, "/"))
	if strings.Trim(name, "./ ") == "" {
		name = "file"
	}
	caption := row{spans: []span{{text: inline(note)}}}
	if len(data) == 0 || len(data) > maxFile {
		r.add([]row{caption, rowOf(inline(r.p.Say("telegram.file_left_out", text.Args{"name": name})), faint)})
		return
	}
	if caption.units() > maxCaption {
		r.add([]row{caption})
		caption = row{}
	}
	r.flush()
	p := part{name: name, data: data, photo: photo}
	if !caption.blank() {
		p.html = markup([]row{caption})
	}
	r.parts = append(r.parts, p)
}

// pictured reports whether the platform takes the data as a picture; else it is sent as a file.
func pictured(data []byte) bool {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || len(data) > maxPhoto || c.Width <= 0 || c.Height <= 0 {
		return false
	}
	return c.Width+c.Height <= maxPhotoSides && max(c.Width, c.Height) <= maxPhotoRatio*min(c.Width, c.Height)
}

// attach puts what is to be pressed under the last text, or under a file where there is no text. A
// keyboard that is too long goes on under messages of its own.
func (r *renderer) attach() []part {
	if len(r.parts) == 0 {
		return nil
	}
	last := len(r.parts) - 1
	for i := last; i >= 0; i-- {
		if !r.parts[i].isFile() {
			last = i
			break
		}
	}
	if r.force != nil && len(r.keys) == 0 {
		r.parts[last].below = &tgmodels.ForceReply{ForceReply: true, Selective: true, InputFieldPlaceholder: *r.force}
		return r.parts
	}
	for i, rows := range boards(r.keys) {
		if i > 0 {
			r.parts = append(r.parts, part{html: "…"})
			last = len(r.parts) - 1
		}
		r.parts[last].below = &keyboard{Rows: rows}
	}
	return r.parts
}

// alone returns the text of a message that is nothing but one text, which an edit can show.
func alone(parts []part) (part, bool) {
	if len(parts) != 1 || parts[0].isFile() {
		return part{}, false
	}
	_, forced := parts[0].below.(*tgmodels.ForceReply)
	return parts[0], !forced
}
