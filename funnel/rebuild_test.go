package funnel_test

import (
	"slices"
	"time"

	"funnelbot/funnel"
)

// rebuild derives the stays of a deal from its moves alone, which are the truth, and the outcome
// that they come to.
func rebuild(moves []funnel.Move, historical bool) ([]stay, funnel.Outcome) {
	h := history{outcome: funnel.Open, historical: historical}
	for _, m := range standing(moves) {
		h.follow(m)
	}
	return h.stays, h.outcome
}

// standing leaves out what was taken back, and the moves that took it back.
func standing(moves []funnel.Move) []funnel.Move {
	var out []funnel.Move
	for _, m := range moves {
		if m.Undoes > 0 {
			out = slices.DeleteFunc(out, func(old funnel.Move) bool { return old.Seq >= m.Undoes })
			continue
		}
		out = append(out, m)
	}
	return out
}

type history struct {
	stays      []stay
	unsigned   []stay // the stays before the signature
	outcome    funnel.Outcome
	historical bool
}

func (h *history) follow(m funnel.Move) {
	switch m.Kind {
	case funnel.MoveOpen:
		h.enter(m)
	case funnel.MoveAdvance, funnel.MoveWake:
		h.historical = h.historical && h.outcome != funnel.Won
		h.pass(m, funnel.Advance)
	case funnel.MoveReturn, funnel.MovePark:
		h.pass(m, funnel.Back)
	case funnel.MoveWon:
		h.unsigned = slices.Clone(h.stays)
		h.outcome = funnel.Won
		h.leave(funnel.Advance, m.To, m.EffectiveAt)
		if !h.historical {
			h.enter(m)
		}
	case funnel.MoveLost:
		h.outcome = funnel.Lost
		h.leave(funnel.Loss, "", m.EffectiveAt)
	case funnel.MoveReopen:
		if h.outcome == funnel.Won {
			h.stays, h.historical = h.unsigned, false
		} else {
			h.enter(m)
		}
		h.outcome = funnel.Open
	case funnel.MoveUndo, funnel.MoveVoid:
	}
}

// pass goes from one stage to another; parking a target and waking it leaves it where it is.
func (h *history) pass(m funnel.Move, exit funnel.Exit) {
	if m.From == m.To {
		return
	}
	h.leave(exit, m.To, m.EffectiveAt)
	h.enter(m)
}

func (h *history) leave(exit funnel.Exit, to funnel.StageKey, at time.Time) {
	if n := len(h.stays); n > 0 && h.stays[n-1].Left.IsZero() {
		last := &h.stays[n-1]
		last.Left, last.Exit, last.Destination = at, exit, to
	}
}

func (h *history) enter(m funnel.Move) {
	h.stays = append(h.stays, stay{Stage: m.To, Entered: m.EffectiveAt})
}

// seenAt are the stays that a report of the time t counts: nothing that was recorded or voided
// after it.
func seenAt(spells []funnel.Spell, t time.Time) []stay {
	var out []stay
	for _, p := range spells {
		if p.RecordedAt.After(t) || !p.VoidedAt.IsZero() && !p.VoidedAt.After(t) {
			continue
		}
		s := stayOf(p)
		if p.LeftRecordedAt.After(t) {
			s.Left, s.Exit, s.Destination = time.Time{}, funnel.Stayed, ""
		}
		out = append(out, s)
	}
	return out
}
