package memory

import (
	"time"

	"funnelbot/funnel"
)

// entry is one session held.
type entry struct {
	key     funnel.SessionKey
	data    []byte
	version int64
	end     time.Time
	slot    int // where it stands in ends
}

func (e *entry) cost() int { return len(e.data) + len(e.key.Place) + overhead }

// ends is a heap of entries, the soonest end first; see container/heap.
type ends []*entry //nolint:recvcheck // container/heap wants pointers where the length changes, sort.Interface does not

// Len implements sort.Interface.
func (h ends) Len() int { return len(h) }

// Less implements sort.Interface.
func (h ends) Less(i, j int) bool { return h[i].end.Before(h[j].end) }

// Swap implements sort.Interface and keeps the slots true.
func (h ends) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].slot, h[j].slot = i, j
}

// Push implements heap.Interface.
func (h *ends) Push(x any) {
	e, ok := x.(*entry)
	if !ok {
		return
	}
	e.slot = len(*h)
	*h = append(*h, e)
}

// Pop implements heap.Interface.
func (h *ends) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return e
}
