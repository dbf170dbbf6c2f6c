package stats_test

import (
	"math"
	"math/rand/v2"

	"funnelbot/funnel/stats"
)

// The ways out of the stages of a simulated history.
const (
	advance = iota
	lost
	back
	ways
)

// history is a stage as it truly is, of which a report sees a window. Times are in days, the window
// ending at 0.
type history struct {
	// shares are the probabilities of the ways out, which add up to 1, of a stay that began on a day.
	shares func(began float64) [ways]float64
	// scale and shape are of the Weibull distribution of the days that a stay takes by its way out.
	scale, shape [ways]float64
	// perDay is how many stays begin at a time.
	perDay func(at float64) float64
	// most is the greatest value of perDay.
	most float64
	// since is when the first stay began.
	since float64
}

// stay is one of a history.
type stay struct {
	began, ended float64
	way          int
}

func (h history) draw(r *rand.Rand) []stay {
	var all []stay
	for at := h.since + r.ExpFloat64()/h.most; at < 0; at += r.ExpFloat64() / h.most {
		if r.Float64()*h.most >= h.perDay(at) {
			continue
		}
		s := stay{began: at}
		shares := h.shares(at)
		for u := r.Float64() - shares[0]; u >= 0 && s.way < ways-1; u -= shares[s.way] {
			s.way++
		}
		s.ended = at + h.scale[s.way]*math.Pow(r.ExpFloat64(), 1/h.shape[s.way])
		all = append(all, s)
	}
	return all
}

// seen is what a report on a window of days sees of the stays, those that ended counting if before the end.
func seen(stays []stay, window float64) []stats.Group {
	var groups []stats.Group
	for _, s := range stays {
		if s.ended <= -window {
			continue
		}
		g := stats.Group{
			From:  int(math.Floor(max(0, -window-s.began))),
			To:    max(1, int(math.Ceil(min(s.ended, 0)-s.began))),
			Cause: stats.Censored, N: 1,
		}
		if s.ended <= 0 {
			g.Cause = s.way
		}
		groups = append(groups, g)
	}
	return groups
}

// steady is a stage whose quality and inflow do not change.
func steady(p, perDay float64) history {
	return history{
		shares: func(float64) [ways]float64 { return [ways]float64{p, (1 - p) * 0.8, (1 - p) * 0.2} },
		scale:  [ways]float64{30, 45, 25}, shape: [ways]float64{1.4, 0.9, 1.1},
		perDay: func(float64) float64 { return perDay }, most: perDay,
		since: -1200,
	}
}
