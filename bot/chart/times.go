package chart

import (
	"image"
	"strings"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// timeRowHeight is the height of a row with words below its title.
const timeRowHeight = 178

// timeRow is how long deals stay in one stage, in days; nil for what is not known or not reached.
type timeRow struct {
	title             string
	half, most, usual *int
	slower            bool
}

// Times draws how long deals stay in each stage before the signature, against how long they did before.
func Times(p *text.Printer, f *funnel.Funnel, r funnel.BottleneckReport) (Picture, error) {
	rows := make([]timeRow, 0, len(r.Stages))
	longest, before := 0, false
	for i := range r.Stages {
		s := &r.Stages[i]
		row := timeRow{title: stageTitle(p, f, s.Key), half: s.TimeInStage.P50, most: s.TimeInStage.P90}
		for j := range r.Ranking {
			if k := &r.Ranking[j]; k.Stage == s.Key {
				row.usual, row.slower = k.Pace.Baseline, k.Pace.Alarm
			}
		}
		for _, days := range [3]*int{row.half, row.most, row.usual} {
			if days != nil {
				longest = max(longest, *days)
			}
		}
		before = before || row.usual != nil
		rows = append(rows, row)
	}
	title := p.Say("chart.times", text.Args{"period": p.Days(r.WindowDays)})
	notes := []string{p.Say("chart.times_how", nil)}
	if before {
		notes = append(notes, p.Say("chart.times_before", nil))
	}
	s := newSheet(title, false, timeRowHeight*len(rows), notes)
	alt := []string{title + "."}
	for i := range rows {
		words := rows[i].inWords(p)
		s.time(p, &rows[i], words, longest)
		s.y += timeRowHeight
		alt = append(alt, p.Say("chart.alt_time", text.Args{"stage": rows[i].title, "time": words}))
	}
	s.notes(notes)
	return s.done("times.png", strings.Join(alt, " "))
}

// inWords says how long deals stay.
func (r *timeRow) inWords(p *text.Printer) string {
	parts := make([]string, 0, 3)
	if r.half == nil {
		parts = append(parts, p.Say("chart.half_unknown", nil))
	} else {
		parts = append(parts, p.Say("chart.half", text.Args{"period": p.Days(*r.half)}))
	}
	if r.most != nil {
		parts = append(parts, p.Say("chart.most", text.Args{"period": p.Days(*r.most)}))
	}
	if r.usual != nil {
		parts = append(parts, p.Say("chart.usual", text.Args{"period": p.Days(*r.usual)}))
	}
	return strings.Join(parts, "; ")
}

func (s *sheet) time(p *text.Printer, r *timeRow, words string, longest int) {
	fill, room := blue(), width-2*margin
	if r.slower {
		fill = vermilion()
		tag := p.Say("chart.slower", nil)
		end := s.write(s.clip(r.title, room-s.tagWidth(tag), labelFace()), margin, s.y+46, labelFace())
		s.tag(tag, end+20, s.y+46, fill)
	} else {
		s.write(s.clip(r.title, room, labelFace()), margin, s.y+46, labelFace())
	}
	s.write(s.clip(words, room, smallFace()), margin, s.y+88, smallFace())
	top, middle := s.y+106, s.y+128
	at := func(days *int) int { return span(float64(*days), float64(longest), margin, width-margin-8) }
	s.bar(box{margin, middle - 1, width - margin, middle + 2}, hair())
	if r.half != nil {
		s.bar(box{margin, top, max(at(r.half), margin+4), top + 44}, fill)
	}
	if r.most != nil {
		from := margin
		if r.half != nil {
			from = at(r.half)
		}
		s.path([]image.Point{{X: from, Y: middle}, {X: at(r.most), Y: middle}}, 5, fill)
		s.path([]image.Point{{X: at(r.most), Y: middle - 14}, {X: at(r.most), Y: middle + 14}}, 5, fill)
	}
	if r.usual != nil {
		s.mark(at(r.usual), top-8, top+52)
	}
}

// mark draws an upright line that is seen on white and on a bar.
func (s *sheet) mark(x, top, bottom int) {
	s.bar(box{x - 7, top, x + 7, bottom}, background())
	s.bar(box{x - 4, top, x + 4, bottom}, ink())
}
