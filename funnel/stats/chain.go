package stats

import "math"

// Chain returns the probability of an outcome from each state of an absorbing chain: q[i][k] is that of
// going from the state i to k, the states being the rows and the columns before len(q); columns behind
// are ends, of which the outcome is one. What a row lacks to 1 ends elsewhere. It solves
//
//	W_i = Σ_k q_ik·W_k  with W = 1 at the outcome and 0 at the other ends
//
// and returns W of every column. States that only lead to one another never come to the outcome and
// have 0. An outcome before len(q) ends the chain there, whatever its row says.
//
// Source: J. G. Kemeny and J. L. Snell, Finite Markov Chains (1960), theorem 3.3.7.
func Chain(q [][]float64, outcome int) []float64 {
	if len(q) == 0 {
		return nil
	}
	s := newSolver(len(q), len(q[0]), outcome)
	return s.solve(q)
}

// Raise returns a row of a chain with the probability of the advancing columns raised to a target, each
// in proportion; where it is 0 now, the first of them takes all. It is taken from the other columns
// in proportion, that is from being lost and going back, and is raised by no more than they have. A
// target that is not above what the row has changes nothing.
func Raise(row []float64, advance []int, target float64) []float64 {
	raised := make([]float64, len(row))
	raise(raised, row, advance, target)
	return raised
}

// Gain is how much the probability of the outcome from a fresh entry into a state grows when its row is
// raised as by [Raise].
func Gain(q [][]float64, outcome, state int, advance []int, target float64) float64 {
	if len(q) == 0 {
		return 0
	}
	s := newSolver(len(q), len(q[0]), outcome)
	return s.gain(q, s.solve(q)[state], state, advance, target)
}

// raise writes to dst, which is not row.
func raise(dst, row []float64, advance []int, target float64) {
	copy(dst, row)
	now, all := 0.0, 0.0
	for _, k := range advance {
		now += row[k]
	}
	for _, share := range row {
		all += share
	}
	rest := all - now
	more := min(target-now, rest)
	if more <= 0 || rest <= 0 {
		return
	}
	for k := range dst {
		dst[k] *= (rest - more) / rest
	}
	for _, k := range advance {
		if now > 0 {
			dst[k] = row[k] * (now + more) / now
		} else {
			dst[k] = 0
		}
	}
	if now <= 0 && len(advance) > 0 {
		dst[advance[0]] = more
	}
}

// solver holds what solving a chain needs, so that doing it again for every resample allocates nothing.
type solver struct {
	states, outcome int
	rows            [][]float64 // of I − Q, with the outcome behind
	raised          []float64
	swapped         [][]float64
	w               []float64
}

func newSolver(states, columns, outcome int) *solver {
	s := &solver{
		states: states, outcome: outcome,
		rows: make([][]float64, states), raised: make([]float64, columns),
		swapped: make([][]float64, states), w: make([]float64, columns),
	}
	for i := range s.rows {
		s.rows[i] = make([]float64, states+1)
	}
	return s
}

// gain solves with one row raised.
func (s *solver) gain(q [][]float64, now float64, state int, advance []int, target float64) float64 {
	copy(s.swapped, q)
	raise(s.raised, q[state], advance, target)
	s.swapped[state] = s.raised
	return max(0, s.solve(s.swapped)[state]-now)
}

// closed is how little a state may lead out of itself and of those that were eliminated before it
// to count as closed.
const closed = 1e-12

// solve eliminates the states from the last to the first and puts them in again. Off the diagonal
// nothing is ever positive and no row's sum ever negative, so no pivot has to be looked for.
func (s *solver) solve(q [][]float64) []float64 {
	for i, row := range s.rows {
		for k := range s.states {
			row[k] = 0
			if k != s.outcome {
				row[k] = -q[i][k]
			}
		}
		row[i]++
		row[s.states] = q[i][s.outcome]
	}
	if s.outcome < s.states {
		clear(s.rows[s.outcome])
		s.rows[s.outcome][s.outcome] = 1
		s.rows[s.outcome][s.states] = 1
	}
	for p := s.states - 1; p > 0; p-- {
		if math.Abs(s.rows[p][p]) < closed {
			continue
		}
		for i := range p {
			by := s.rows[i][p] / s.rows[p][p]
			if by == 0 {
				continue
			}
			for k := range p {
				s.rows[i][k] -= by * s.rows[p][k]
			}
			s.rows[i][s.states] -= by * s.rows[p][s.states]
		}
	}
	clear(s.w)
	for i, row := range s.rows {
		sum := row[s.states]
		for k := range i {
			sum -= row[k] * s.w[k]
		}
		if math.Abs(row[i]) >= closed {
			s.w[i] = min(1, max(0, sum/row[i]))
		}
	}
	s.w[s.outcome] = 1
	return s.w
}
