package message

import (
	"math"

	"funnelbot/bot/chart"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// roughDigits is how many digits of an estimate say something.
const roughDigits = 2

// estimate writes a sum that nobody knows to the coin: in whole units, with the digits that say something.
func (c *composer) estimate(s funnel.Sum) string {
	scale := float64(s.Currency.Scale())
	major := float64(s.Minor) / scale
	if unit := math.Pow(10, math.Floor(math.Log10(math.Abs(major)))-roughDigits+1); major != 0 && unit > 1 {
		major = math.Round(major/unit) * unit
	}
	return c.p.Money(funnel.Money{Minor: int64(math.Round(major) * scale), Currency: s.Currency})
}

// share writes a share in whole percent, and what is not known as a dash.
func (c *composer) share(v *float64) string {
	if v == nil {
		return "–"
	}
	return c.p.Percent(*v, 0)
}

// likelyShare is a conversion with the interval in which the true one most likely lies.
func (c *composer) likelyShare(v *funnel.Conversion) Line {
	if v == nil || v.Value == nil {
		return Text("–")
	}
	if vague(v) {
		return c.line("report.share_few", text.Args{"low": c.p.Percent(v.Low, 0), "high": c.p.Percent(v.High, 0)})
	}
	return c.line("report.share_likely", text.Args{
		"value": c.p.Percent(*v.Value, 0), "low": c.p.Percent(v.Low, 0), "high": c.p.Percent(v.High, 0),
	})
}

// vague reports whether a share of few deals says nothing beside its interval, which leans towards what
// is usual and need not hold it.
func vague(v *funnel.Conversion) bool {
	return v.Method == methodShrunk || v.Value != nil && (*v.Value < v.Low || *v.Value > v.High)
}

// daysOf writes a length of time, and one that is not reached as a dash.
func (c *composer) daysOf(n *int) string {
	if n == nil {
		return "–"
	}
	return c.p.Days(*n)
}

// method says in plain words where an interval comes from.
func (c *composer) method(v *funnel.Conversion) Line {
	level := c.p.Percent(v.Level, 0)
	switch v.Method {
	case methodBootstrap:
		return c.counted("report.method_bootstrap", v.Exits, text.Args{"level": level})
	case methodWilson:
		return c.counted("report.method_wilson", v.Exits, text.Args{"level": level})
	case methodShrunk:
		return c.counted("report.method_shrunk", v.Exits, text.Args{"level": level})
	}
	return c.line("report.method_none", nil)
}

// The methods of intervals, as reports name them.
const (
	methodBootstrap = "bootstrap"
	methodWilson    = "wilson"
	methodShrunk    = "shrunk"
)

// picture shows what was drawn. A report is whole without it, so a picture that cannot be drawn is left
// out.
func (c *composer) picture(drawn chart.Picture, err error) []Block {
	if err != nil || len(drawn.Data) == 0 || c.reader.Funnel == nil {
		return nil
	}
	return []Block{Picture{Name: drawn.Name, Alt: drawn.Alt, Data: drawn.Data}}
}

// field is a label with a value in plain words.
func (c *composer) field(label string, value Line) Field { return Field{Label: label, Value: value} }
