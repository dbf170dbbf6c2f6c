package dialog

import (
	"errors"
	"slices"

	"funnelbot/funnel"
)

// spot is a question on the path: one whose condition holds by the answers before it.
type spot struct {
	step  *Step
	given bool
	// problem is why the answer given no longer holds, or nil.
	problem *funnel.Error
}

func (s spot) pending() bool { return !s.given || s.problem != nil }

// path returns the questions that are asked, in order, as far as the answers tell.
func (s Script) path(answers Answers) []spot {
	spots := make([]spot, 0, len(s.Steps))
	before := make(Answers, len(answers))
	for i := range s.Steps {
		step := &s.Steps[i]
		if step.When != nil && !step.When(before) {
			continue
		}
		at := spot{step: step}
		var v Value
		if v, at.given = answers[step.Key]; at.given {
			at.problem = step.judge(v, before)
		}
		if !at.pending() {
			before[step.Key] = v
		}
		spots = append(spots, at)
	}
	return spots
}

// before returns the answers that hold of the spots before the i-th.
func before(spots []spot, i int, answers Answers) Answers {
	held := make(Answers, i)
	for _, at := range spots[:i] {
		if !at.pending() {
			held[at.step.Key] = answers[at.step.Key]
		}
	}
	return held
}

// find returns the index of the step among the spots, or -1.
func find(spots []spot, key string) int {
	return slices.IndexFunc(spots, func(at spot) bool { return at.step.Key == key })
}

// firstPending returns the index of the first question without an answer that holds, or -1.
func firstPending(spots []spot) int { return slices.IndexFunc(spots, spot.pending) }

// prune drops the answers of steps that are no longer asked. Behind an open question it is not yet
// known what will be asked, so there they are kept until it is answered.
// The path stays the same: it does not look at them.
func (t *turn) prune() {
	spots := t.path()
	for i := range t.script.Steps {
		key := t.script.Steps[i].Key
		at := find(spots, key)
		if at >= 0 && spots[at].pending() {
			return
		}
		if at < 0 {
			delete(t.state.Answers, key)
		}
	}
}

// judge returns why v cannot be the answer of the step, or nil.
func (step *Step) judge(v Value, before Answers) *funnel.Error {
	if v.Skipped() {
		if step.Optional {
			return nil
		}
		return funnel.Refuse(CodeRequired, nil)
	}
	if !v.sound(step.Kind) {
		return step.notUnderstood()
	}
	if step.Kind == Choice && !slices.ContainsFunc(step.options(before), func(o Option) bool { return o.Key == v.Key }) {
		return funnel.Refuse(CodeOptionGone, nil)
	}
	if step.Kind == Several {
		keys := v.Picked()
		if len(ordered(step.options(before), keys)) < len(keys) {
			return funnel.Refuse(CodeOptionGone, nil)
		}
	}
	if step.Check == nil {
		return nil
	}
	return step.refusal(step.Check(v, before))
}

// refusal returns err as what a person is told: its own reason, or that nothing was understood.
func (step *Step) refusal(err error) *funnel.Error {
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*funnel.Error](err); ok {
		return refused
	}
	return step.notUnderstood()
}

func (step *Step) notUnderstood() *funnel.Error {
	return funnel.Refuse(CodeNotUnderstood, funnel.Args{"kind": string(step.Kind)})
}
