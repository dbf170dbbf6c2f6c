package stats

import (
	"cmp"
	"slices"
)

// Count is how often a whole number was observed.
type Count struct {
	Value int
	N     int
}

// Quantile returns the smallest value that at least the share q of all observations does not
// exceed: the least t with ECDF(t) ≥ q, for q in (0, 1]. It is a value that was observed, never one
// between two (definition 1 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical
// packages", The American Statistician 50 (1996), 361–365). The counts may stand in any order and
// repeat values. Without observations there is no quantile and the second result is false.
func Quantile(counts []Count, q float64) (int, bool) {
	sorted := slices.SortedFunc(slices.Values(counts), func(a, b Count) int { return cmp.Compare(a.Value, b.Value) })
	total := 0
	for _, c := range sorted {
		total += c.N
	}
	below := 0
	for _, c := range sorted {
		below += c.N
		// The division is rounded as the literal of a share is, so that 55 of 100 reach 0.55;
		// the product 0.55·100 would lie above 55.
		if c.N > 0 && float64(below)/float64(total) >= q {
			return c.Value, true
		}
	}
	return 0, false
}
