package sample

import (
	"context"

	"funnelbot/funnel"
)

// record is how far the stories are written. Each waits to be opened until the one before is, so
// that numbers follow time, and until those of the same firm are told, so that its people are known
// in one order.
type record struct {
	// opened holds one more than there are stories: the first turn is open from the start.
	opened, told []chan struct{}
	// before is the last story of the same firm, or -1.
	before []int
	// deals are set when a story is opened.
	deals []funnel.ID
}

func newRecord(stories []*story) *record {
	r := &record{deals: make([]funnel.ID, len(stories))}
	last := map[*firm]int{}
	for i, s := range stories {
		r.opened, r.told = append(r.opened, make(chan struct{})), append(r.told, make(chan struct{}))
		before, ok := last[s.firm]
		if !ok {
			before = -1
		}
		r.before = append(r.before, before)
		last[s.firm] = i
	}
	r.opened = append(r.opened, make(chan struct{}))
	close(r.opened[0])
	return r
}

// wait waits until a story may be opened.
func (r *record) wait(ctx context.Context, story int) error {
	turns := []chan struct{}{r.opened[story]}
	if before := r.before[story]; before >= 0 {
		turns = append(turns, r.told[before])
	}
	for _, turn := range turns {
		select {
		case <-turn:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
