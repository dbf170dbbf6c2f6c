package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// walk takes deals through the stages of a sale and back to the first, so that every request is a
// move. Each connection has deals of its own: nobody else knows where they are.
type walk struct {
	stages []stage
	// deals are numbers, and at is the stage of each; unknown until an answer has told.
	deals []int64
	at    []int
	turn  int
	lines lines
}

// stage is one of the walk: its word in lines, and its title in answers.
type stage struct{ key, title string }

// unknown is the place of a deal before it was brought to the first stage.
const unknown = -1

// lines are what is typed: {deal} and {stage} stand for the number and the stage.
type lines struct{ forward, back string }

// walked are the stages from the first of a sale to the last before its signature.
func walked() ([]stage, error) {
	f, err := definition.Default()
	if err != nil {
		return nil, fmt.Errorf("read the funnel: %w", err)
	}
	var all []stage
	for i := range f.Stages {
		s := &f.Stages[i]
		if s.Target || f.Signed(s.Key) {
			continue
		}
		all = append(all, stage{key: string(s.Key), title: s.Titles.In(funnel.English)})
	}
	return all, nil
}

// step is one move that is asked for.
type step struct {
	line     string
	deal     int
	number   int64
	from, to int
}

// next is the move of the next deal in turn. One that is not known to be anywhere is taken back to
// the first stage, which does nothing where it is there.
func (w *walk) next() step {
	i := w.turn
	w.turn = (w.turn + 1) % len(w.deals)
	s := step{deal: i, number: w.deals[i], from: w.at[i]}
	form := w.lines.back
	if s.from != unknown && s.from+1 < len(w.stages) {
		s.to, form = s.from+1, w.lines.forward
	}
	s.line = strings.ReplaceAll(form, "{deal}", strconv.FormatInt(s.number, 10))
	s.line = strings.ReplaceAll(s.line, "{stage}", w.stages[s.to].key)
	return s
}

// done takes note of what became of a step. A deal that did not go where it was sent is brought back
// to the first stage before it counts again.
func (w *walk) done(s step, v verdict) {
	switch {
	case v == right || s.from == unknown && v == wrong:
		w.at[s.deal] = s.to
	default:
		w.at[s.deal] = unknown
	}
}

// lost reports whether deals are still to be brought to the first stage.
func (w *walk) lost() bool {
	return slices.Contains(w.at, unknown)
}

// says reports whether the words of an answer tell that the step was made: they name the deal, the
// stage it was in and the one it is in.
func (w *walk) says(words []byte, s step) bool {
	if s.from == unknown {
		return false
	}
	stages := "from “" + w.stages[s.from].title + "” to “" + w.stages[s.to].title + "”"
	if !bytes.Contains(words, []byte(stages)) {
		return false
	}
	ref := []byte("#" + strconv.FormatInt(s.number, 10))
	for rest := words; ; {
		i := bytes.Index(rest, ref)
		if i < 0 {
			return false
		}
		rest = rest[i+len(ref):]
		if len(rest) == 0 || rest[0] < '0' || rest[0] > '9' {
			return true
		}
	}
}

// walks deals the numbers first to first+n-1 out to the connections.
func walks(connections int, first, n int64, l lines) ([]*walk, error) {
	stages, err := walked()
	if err != nil {
		return nil, err
	}
	if n < int64(connections) {
		return nil, fmt.Errorf("%d deals are too few for %d connections: each needs one of its own", n, connections)
	}
	all := make([]*walk, connections)
	for c := range all {
		w := &walk{stages: stages, lines: l}
		for d := int64(c); d < n; d += int64(connections) {
			w.deals, w.at = append(w.deals, first+d), append(w.at, unknown)
		}
		all[c] = w
	}
	return all, nil
}
