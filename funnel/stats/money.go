package stats

// Revenue is what happened within a period to the contracts that were live at its start, each worth
// its yearly amount in one currency; new customers have no part in it. All are positive.
type Revenue struct {
	Start       float64
	Expansion   float64
	Contraction float64
	Churn       float64
}

// Net is the net revenue retention, (start + expansion − contraction − churn)/start; not ok when
// there was nothing at the start.
func (r Revenue) Net() (share float64, ok bool) {
	if r.Start <= 0 {
		return 0, false
	}
	return (r.Start + r.Expansion - r.Contraction - r.Churn) / r.Start, true
}

// Gross is the gross revenue retention, (start − contraction − churn)/start, which growth of some
// does not make up for; not ok when there was nothing at the start.
func (r Revenue) Gross() (share float64, ok bool) {
	r.Expansion = 0
	return r.Net()
}

// Velocity is what the open deals bring a day: open·mean·rate/cycle, with the mean amount of an open
// deal, the win rate 0..1, and the median days from opening to winning. It is not ok without a cycle.
func Velocity(open int, mean, rate, cycle float64) (perDay float64, ok bool) {
	if cycle <= 0 {
		return 0, false
	}
	return float64(open) * mean * rate / cycle, true
}
