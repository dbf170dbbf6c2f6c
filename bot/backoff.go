package bot

import (
	"math/rand/v2"
	"time"
)

// Backoff is how long to wait after a failure before the next attempt: longer each time, and not
// all at the same moment. The zero value is usable.
type Backoff struct {
	// First is the longest wait after the first failure, by default a second. It doubles with
	// every failure up to Most, by default fifteen minutes.
	First time.Duration
	Most  time.Duration
}

// Wait returns the wait after the given number of failures in a row, of which there is one at
// least: between half of the full length and all of it.
func (b Backoff) Wait(failures int) time.Duration {
	first, most := b.First, b.Most
	if first <= 0 {
		first = time.Second
	}
	if most <= 0 {
		most = 15 * time.Minute
	}
	full := first
	for n := 1; n < failures && full < most; n++ {
		full *= 2
	}
	full = min(full, most)
	return full - rand.N(full/2+1)
}
