package chart

import (
	"math"
	"strings"
	"time"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// forecastMonths is how many months a picture has at most.
const forecastMonths = 6

// monthRow is one month of a forecast, in minor units.
type monthRow struct {
	title           string
	won, mean       int64
	low, high, plan int64
	planned         bool
	currency        funnel.Currency
}

// Forecast draws what each of the next months is expected to bring, with the band in which it will most
// likely lie, against its plan.
func Forecast(p *text.Printer, _ *funnel.Funnel, r funnel.ForecastReport) (Picture, error) {
	months := r.Months[:min(len(r.Months), forecastMonths)]
	rows := make([]monthRow, 0, len(months))
	var most int64
	for i := range months {
		row := newMonthRow(p, &months[i])
		most = max(most, row.won+row.mean, row.won+row.high, row.plan)
		rows = append(rows, row)
	}
	title := p.Say("chart.forecast", nil)
	notes := []string{p.Say("chart.band", text.Args{"level": p.Percent(r.Level, 0)})}
	if r.TooFew {
		notes = append(notes, p.Say("chart.forecast_few", nil))
	}
	if left := len(r.Months) - len(months); left > 0 {
		notes = append(notes, p.Count("chart.more_months", left, nil))
	}
	s := newSheet(title, true, timeRowHeight*len(rows), notes)
	s.legend(p)
	alt := []string{title + "."}
	for i := range rows {
		words := rows[i].inWords(p)
		s.month(&rows[i], words, most)
		s.y += timeRowHeight
		alt = append(alt, p.Say("chart.alt_month", text.Args{"month": rows[i].title, "sums": words}))
	}
	s.notes(notes)
	return s.done("forecast.png", strings.Join(alt, " "))
}

func newMonthRow(p *text.Printer, m *funnel.ForecastMonth) monthRow {
	row := monthRow{
		title: m.Month, won: m.Won.Minor, mean: m.Mean.Minor, low: m.Low.Minor, high: m.High.Minor,
		currency: m.Mean.Currency,
	}
	if t, err := time.Parse("2006-01", m.Month); err == nil {
		row.title = p.Month(funnel.DateOf(t))
	}
	if m.Plan != nil {
		row.plan, row.planned = m.Plan.Minor, true
	}
	return row
}

func (r *monthRow) inWords(p *text.Printer) string {
	sum := func(minor int64) string { return p.Money(rounded(funnel.Money{Minor: minor, Currency: r.currency})) }
	words := p.Say("chart.expected", text.Args{
		"sum": sum(r.won + r.mean), "low": sum(r.won + r.low), "high": sum(r.won + r.high),
	})
	if r.planned {
		words += "; " + p.Say("chart.plan", text.Args{"sum": sum(r.plan)})
	}
	return words
}

// rounded leaves three digits of an amount: more are not known of a forecast, and cents never.
func rounded(m funnel.Money) funnel.Money {
	scale := m.Currency.Scale()
	whole := math.Round(float64(m.Minor) / float64(scale))
	if whole == 0 {
		return funnel.Money{Currency: m.Currency}
	}
	unit := math.Pow(10, max(0, math.Floor(math.Log10(math.Abs(whole)))-2))
	m.Minor = int64(math.Round(whole/unit)*unit) * scale
	return m
}

// legend says which colour is what.
func (s *sheet) legend(p *text.Printer) {
	x := margin
	for i, words := range [2]string{p.Say("chart.signed", nil), p.Say("chart.open", nil)} {
		fill := green()
		if i > 0 {
			fill = blue()
		}
		s.bar(box{x, s.y + 14, x + 28, s.y + 42}, fill)
		x = s.write(words, x+40, s.y+38, smallFace()) + 44
	}
	s.mark(x+14, s.y+8, s.y+46)
	s.write(p.Say("chart.plan_mark", nil), x+40, s.y+38, smallFace())
	s.y += legendHeight
}

func (s *sheet) month(r *monthRow, words string, most int64) {
	room := width - 2*margin
	s.write(s.clip(r.title, room, labelFace()), margin, s.y+46, labelFace())
	s.write(s.clip(words, room, smallFace()), margin, s.y+88, smallFace())
	top, middle := s.y+106, s.y+128
	at := func(minor int64) int { return span(float64(minor), float64(most), margin, width-margin-8) }
	s.bar(box{margin, middle - 1, width - margin, middle + 2}, hair())
	s.bar(box{at(r.won), top, max(at(r.won+r.mean), at(r.won)+2), top + 44}, blue())
	if r.won > 0 {
		s.bar(box{margin, top, max(at(r.won), margin+4), top + 44}, green())
	}
	if r.high > r.low {
		from, to := at(r.won+r.low), at(r.won+r.high)
		s.bar(box{from - 2, middle - 5, to + 2, middle + 6}, background())
		s.whisker(from, to, middle, ink())
	}
	if r.planned {
		s.mark(at(r.plan), top-8, top+52)
	}
}
