package stats

// Lift is a stage of a chain whose way forward is raised.
type Lift struct {
	Stage int
	// Advance are the causes that lead forward, the next stage first.
	Advance []int
	// Target is the probability of going forward that it is raised to.
	Target float64
	// Worth is what one more outcome of each fresh entry into the stage brings: entries times their mean amount.
	Worth float64
}

// Gains are what lifts bring, by draw.
type Gains struct {
	// Draws has Worth·(W with the stage raised − W) by lift and draw.
	Draws [][]float64
	// First is the share of the draws in which a lift brings most; of equals the first does, and draws in
	// which none brings anything belong to none.
	First []float64
}

// Lift computes in every draw the chain of its shares, in which the cause k of a curve leads to stage
// k and the causes behind the stages are ends, and what each lift gains for the outcome.
func (r *Resamples) Lift(outcome int, lifts []Lift) Gains {
	g := Gains{Draws: make([][]float64, len(lifts)), First: make([]float64, len(lifts))}
	draws, causes := r.size()
	for l := range lifts {
		g.Draws[l] = make([]float64, draws)
	}
	if draws == 0 {
		return g
	}
	s := newSolver(len(r.Shares), causes, outcome)
	q := table(len(r.Shares), causes)
	w := make([]float64, causes)
	for b := range draws {
		r.row(q, b)
		copy(w, s.solve(q))
		first, most := -1, 0.0
		for l, lift := range lifts {
			gain := lift.Worth * s.gain(q, w[lift.Stage], lift.Stage, lift.Advance, lift.Target)
			g.Draws[l][b] = gain
			if gain > most {
				first, most = l, gain
			}
		}
		if first >= 0 {
			g.First[first]++
		}
	}
	for l := range lifts {
		g.First[l] /= float64(draws)
	}
	return g
}

// size returns the number of draws and causes.
func (r *Resamples) size() (draws, causes int) {
	for _, stage := range r.Shares {
		if len(stage) > 0 {
			return len(stage[0]), len(stage)
		}
	}
	return 0, 0
}

// row copies one draw.
func (r *Resamples) row(q [][]float64, b int) {
	for i, stage := range r.Shares {
		for k := range stage {
			q[i][k] = stage[k][b]
		}
	}
}

func table(rows, columns int) [][]float64 {
	t := make([][]float64, rows)
	for i := range t {
		t[i] = make([]float64, columns)
	}
	return t
}
