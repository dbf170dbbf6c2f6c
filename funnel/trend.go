package funnel

// TrendWeek is what happened in seven days.
type TrendWeek struct {
	// Start is the first of the seven days.
	Start Date `json:"start"`
	// Entered counts the stays that began in the stage where leads come in, Won those that ended with the
	// signature, and Lost those that ended with the loss of the deal, targets left out.
	Entered int `json:"entered"`
	Won     int `json:"won"`
	Lost    int `json:"lost"`
}

// weekDays is how many days a week has.
const weekDays = 7

// NewTrend counts week by week what stays tell of the period, the oldest week first. Weeks count back
// from the end of the period, so that the last of them is as long as the others; days in front of the
// first whole week are left out.
func NewTrend(p Period, s SpellTable) []TrendWeek {
	weeks := make([]TrendWeek, p.Days/weekDays)
	end := DateOf(p.To.In(p.Zone))
	for i := range weeks {
		weeks[i].Start = end.AddDays(1 - weekDays*(len(weeks)-i))
	}
	at := func(days int) *TrendWeek {
		if days < 0 || days/weekDays >= len(weeks) {
			return &TrendWeek{}
		}
		return &weeks[len(weeks)-1-days/weekDays]
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		if p.Funnel.target(g.Stage) || p.Funnel.Signed(g.Stage) {
			continue
		}
		if g.Stage == p.Funnel.Entry {
			at(g.Entered).Entered += g.Spells
		}
		switch {
		case g.Exit == Loss:
			at(g.Left).Lost += g.Spells
		case g.Exit == Advance && p.Funnel.Signed(g.Destination):
			at(g.Left).Won += g.Spells
		}
	}
	return weeks
}
