package chart

import (
	"strings"

	"github.com/go-analyze/charts/chartdraw/drawing"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// Funnel draws what came into each stage and which share goes on, with the interval in which the true
// share lies. Stages that nothing came into or stands in are left out behind the signature.
func Funnel(p *text.Printer, f *funnel.Funnel, r funnel.FunnelReport) (Picture, error) {
	rows := make([]stageRow, 0, len(r.Stages))
	for i := range r.Stages {
		s := &r.Stages[i]
		if f.Signed(s.Key) && s.Entered+s.Open == 0 {
			continue
		}
		rows = append(rows, stageRow{
			title: stageTitle(p, f, s.Key), entered: s.Entered, goes: s.Conversion, last: f.Next(s.Key) == "",
		})
	}
	title := p.Say("chart.funnel", text.Args{"period": p.Days(r.WindowDays)})
	return drawStages(p, "funnel.png", title, rows)
}

// Digest draws the stages before the signature with the weakest of them marked.
func Digest(p *text.Printer, f *funnel.Funnel, d funnel.Digest) (Picture, error) {
	b := &d.Bottleneck
	rows := make([]stageRow, 0, len(b.Stages))
	title := p.Say("chart.funnel", text.Args{"period": p.Days(b.WindowDays)})
	for i := range b.Stages {
		s := &b.Stages[i]
		row := stageRow{title: stageTitle(p, f, s.Key), entered: s.Entered, goes: s.Conversion}
		if b.Weakest != nil && b.Weakest.Stage == s.Key {
			row.weakest, row.before = true, b.Weakest.Baseline
		}
		rows = append(rows, row)
	}
	return drawStages(p, "digest.png", title, rows)
}

// stageTitle is what the funnel calls a stage, or its key where the funnel no longer has it.
func stageTitle(p *text.Printer, f *funnel.Funnel, key funnel.StageKey) string {
	if s, ok := f.Stage(key); ok {
		return s.Titles.In(p.Locale())
	}
	return string(key)
}

// stageRow is one stage of a picture.
type stageRow struct {
	title   string
	entered int
	goes    funnel.Conversion
	// before is the share of earlier windows, where it is known and told.
	before  *float64
	weakest bool
	// last says that there is nowhere to go on to.
	last bool
}

// methodShrunk marks an interval that stands on too few deals.
const methodShrunk = "shrunk"

// The columns of a picture of stages.
const (
	stageRowHeight = 132
	enteredRight   = 560
	sharesLeft     = 660
	sharesRight    = width - margin - 12
)

func drawStages(p *text.Printer, name, title string, rows []stageRow) (Picture, error) {
	most, few, before, level := 0, false, false, 0.0
	for i := range rows {
		most = max(most, rows[i].entered)
		few = few || rows[i].shows() && rows[i].goes.Method == methodShrunk
		before = before || rows[i].before != nil
		level = max(level, rows[i].goes.Level)
	}
	notes := []string{p.Say("chart.interval", text.Args{"level": p.Percent(level, 0)})}
	if level == 0 {
		notes = nil
	}
	if few {
		notes = append(notes, p.Say("chart.too_few", nil))
	}
	if before {
		notes = append(notes, p.Say("chart.before", nil))
	}
	s := newSheet(title, true, stageRowHeight*len(rows), notes)
	s.write(s.clip(p.Say("chart.entered", nil), sharesLeft-margin-20, smallFace()), margin, s.y+38, smallFace())
	s.write(s.clip(p.Say("chart.go_on", nil), width-margin-sharesLeft, smallFace()), sharesLeft, s.y+38, smallFace())
	s.y += legendHeight
	for i := range rows {
		s.stage(p, &rows[i], most)
		s.y += stageRowHeight
	}
	s.notes(notes)
	return s.done(name, stagesInWords(p, title, rows))
}

func (r *stageRow) shows() bool { return !r.last && r.goes.Value != nil }

// stage draws one row.
func (s *sheet) stage(p *text.Printer, r *stageRow, most int) {
	top, base := s.y+62, s.y+46
	fill := blue()
	room := sharesLeft - margin - 20
	if r.weakest {
		fill = vermilion()
		tag := p.Say("chart.weakest", nil)
		room -= s.tagWidth(tag)
		end := s.write(s.clip(r.title, room, labelFace()), margin, base, labelFace())
		s.tag(tag, end+20, base, fill)
	} else {
		s.write(s.clip(r.title, room, labelFace()), margin, base, labelFace())
	}
	count := p.Number(int64(r.entered))
	right := enteredRight - s.measure(plain(count), valueFace()) - 16
	end := margin - 16
	if r.entered > 0 {
		// Few are more than none beside very many.
		end = max(span(float64(r.entered), float64(most), margin, right), margin+4)
		s.bar(box{margin, top, end, top + 44}, fill)
	}
	s.write(plain(count), end+16, top+35, valueFace())
	s.share(p, r, fill)
}

// share draws which share of a stage goes on.
func (s *sheet) share(p *text.Printer, r *stageRow, ink drawing.Color) {
	if !r.shows() {
		return
	}
	base, y := s.y+46, s.y+84
	// With too few deals what was seen of them may lie outside of what is likely, and says less.
	few, value, end := r.goes.Method == methodShrunk, *r.goes.Value, sharesLeft-18
	if few {
		value = min(max(value, r.goes.Low), r.goes.High)
	} else {
		end = s.write(plain(p.Percent(value, 0)), sharesLeft, base, labelFace())
	}
	s.write(plain(between(p, r.goes)), end+18, base, smallFace())
	s.bar(box{sharesLeft, y - 1, sharesRight, y + 2}, hair())
	for _, part := range [3]float64{0, 0.5, 1} {
		x := span(part, 1, sharesLeft, sharesRight)
		s.bar(box{x - 1, y - 14, x + 2, y + 15}, hair())
	}
	if r.before != nil {
		x := span(*r.before, 1, sharesLeft, sharesRight)
		s.bar(box{x - 4, y - 24, x + 4, y + 25}, quiet())
	}
	s.whisker(span(r.goes.Low, 1, sharesLeft, sharesRight), span(r.goes.High, 1, sharesLeft, sharesRight), y, ink)
	s.dot(span(value, 1, sharesLeft, sharesRight), y, 13, ink, few)
}

func between(p *text.Printer, c funnel.Conversion) string {
	return p.Say("chart.between", text.Args{"low": p.Percent(c.Low, 0), "high": p.Percent(c.High, 0)})
}

// stagesInWords says what a picture of stages shows.
func stagesInWords(p *text.Printer, title string, rows []stageRow) string {
	said := make([]string, 0, len(rows)+1)
	said = append(said, title+".")
	for i := range rows {
		r := &rows[i]
		args := text.Args{"stage": r.title, "entered": r.entered}
		if !r.shows() {
			said = append(said, p.Say("chart.alt_entered", args))
			continue
		}
		args["share"], args["between"] = p.Percent(*r.goes.Value, 0), between(p, r.goes)
		key := "chart.alt_stage"
		switch {
		case r.goes.Method == methodShrunk:
			key = "chart.alt_few"
		case r.weakest:
			key = "chart.alt_weakest"
		}
		said = append(said, p.Say(key, args))
	}
	return strings.Join(said, " ")
}
