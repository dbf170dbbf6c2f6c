package stats

// Tally is a table of stays by age that a part can be taken out of, for asking what a stage would be like
// without some of its stays. It is dense: adding is fast, and what is taken out need not be the same groups.
type Tally struct {
	causes int
	stays  int
	begin  []int // by From
	end    []int // by To
	events []int // by To and cause
}

// NewTally returns an empty table of stays that ended by one of the causes 0..causes−1.
func NewTally(causes int) *Tally { return &Tally{causes: causes} }

// Add counts a group. Like [Estimate] it leaves out those without a day at risk.
func (t *Tally) Add(g Group) {
	if g.N <= 0 || g.To <= g.From {
		return
	}
	t.grow(g.To + 1)
	t.stays += g.N
	t.begin[g.From] += g.N
	t.end[g.To] += g.N
	if g.Cause >= 0 {
		t.events[g.To*t.causes+g.Cause] += g.N
	}
}

func (t *Tally) grow(ages int) {
	if missing := ages - len(t.begin); missing > 0 {
		t.begin = append(t.begin, make([]int, missing)...)
		t.end = append(t.end, make([]int, missing)...)
		t.events = append(t.events, make([]int, missing*t.causes)...)
	}
}

// Without returns the table less a part of it.
func (t *Tally) Without(part *Tally) *Tally {
	rest := NewTally(t.causes)
	rest.grow(max(len(t.begin), len(part.begin)))
	rest.stays = t.stays - part.stays
	less(rest.begin, t.begin, part.begin)
	less(rest.end, t.end, part.end)
	less(rest.events, t.events, part.events)
	return rest
}

func less(to, all, part []int) {
	copy(to, all)
	for i, n := range part {
		to[i] -= n
	}
}

// Stays is how many stays there are.
func (t *Tally) Stays() int { return t.stays }

// Exits is how many of them ended.
func (t *Tally) Exits() int {
	total := 0
	for _, n := range t.events {
		total += n
	}
	return total
}

// Events is how many of them ended by a cause.
func (t *Tally) Events(cause int) int {
	total := 0
	for i := cause; i < len(t.events); i += t.causes {
		total += t.events[i]
	}
	return total
}

// Share is [Curve.Share] of the stays of the table.
func (t *Tally) Share(cause int) float64 {
	risk, stay, sum, share, held := 0, 1.0, 0.0, 0.0, false
	for age := 1; age < len(t.begin); age++ {
		risk += t.begin[age-1] - t.end[age-1]
		if risk <= 0 {
			continue
		}
		left := 0
		for _, d := range t.events[age*t.causes : (age+1)*t.causes] {
			left += d
		}
		sum += stay * float64(t.events[age*t.causes+cause]) / float64(risk)
		stay *= float64(risk-left) / float64(risk)
		if risk >= enough || !held {
			share, held = sum, held || risk >= enough
		}
	}
	return share
}
