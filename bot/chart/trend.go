package chart

import (
	"image"
	"strings"

	"github.com/go-analyze/charts/chartdraw/drawing"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// Trend draws week by week how many deals came into the sale, were signed and were lost: a panel each,
// on its own scale.
func Trend(p *text.Printer, weeks []funnel.TrendWeek) (Picture, error) {
	panels := []trendPanel{
		{title: p.Say("chart.trend_entered", nil), fill: blue(), of: func(w *funnel.TrendWeek) int { return w.Entered }},
		{title: p.Say("chart.trend_won", nil), fill: green(), of: func(w *funnel.TrendWeek) int { return w.Won }},
		{title: p.Say("chart.trend_lost", nil), fill: vermilion(), of: func(w *funnel.TrendWeek) int { return w.Lost }},
	}
	title := p.Say("chart.trend", nil)
	notes := []string{p.Say("chart.trend_how", nil)}
	s := newSheet(title, false, len(panels)*panelHeight, notes)
	alt := []string{title + "."}
	for i := range panels {
		alt = append(alt, s.panel(p, &panels[i], weeks))
		s.y += panelHeight
	}
	s.notes(notes)
	return s.done("trend.png", strings.Join(alt, " "))
}

// trendPanel is one series of a trend.
type trendPanel struct {
	title string
	fill  drawing.Color
	of    func(w *funnel.TrendWeek) int
}

const panelHeight = 300

// panel draws a series as columns, and says what it shows.
func (s *sheet) panel(p *text.Printer, t *trendPanel, weeks []funnel.TrendWeek) string {
	s.write(s.clip(t.title, width-2*margin, labelFace()), margin, s.y+46, labelFace())
	most, total := 0, 0
	for i := range weeks {
		most, total = max(most, t.of(&weeks[i])), total+t.of(&weeks[i])
	}
	top, floor := s.y+100, s.y+240
	s.path([]image.Point{{X: margin, Y: floor}, {X: width - margin, Y: floor}}, 2, hair())
	step := float64(width-2*margin) / float64(max(len(weeks), 1))
	said := -1 << 30
	for i := range weeks {
		n := t.of(&weeks[i])
		left := margin + int(step*float64(i)+step*0.15)
		right := max(left+2, margin+int(step*float64(i)+step*0.85))
		height := 0
		if most > 0 {
			height = (floor - top) * n / most
		}
		s.bar(box{left, floor - height, right, floor}, t.fill)
		count := plain(p.Number(int64(n)))
		if wide := s.measure(count, smallFace()); n > 0 && float64(wide) < step*0.95 {
			s.write(count, (left+right-wide)/2, floor-height-8, smallFace())
		}
		day := plain(p.DayMonth(weeks[i].Start))
		if wide := s.measure(day, smallFace()); left >= said+16 && left+wide <= width-margin {
			said = s.write(day, left, floor+38, smallFace())
		}
	}
	return p.Say("chart.alt_trend", text.Args{"series": t.title, "total": total, "most": most})
}
