package stats

// Discoveries returns which of n comparisons still stand out when it is considered that n were
// made: of those that it returns, about the share 1 − level at most is expected to be chance, and
// where all n are chance it returns anything with no more than that probability. Every one of n
// intervals by itself would be wrong that often, so of fifty differences that are none five would be
// told. The argument says whether the interval of comparison k at a two-sided level excludes zero;
// what a higher level excludes, a lower one has to exclude too. The indices are in order.
//
// It is the step-up procedure of Y. Benjamini and Y. Hochberg, "Controlling the false discovery
// rate: a practical and powerful approach to multiple testing", Journal of the Royal Statistical
// Society B 57 (1995), 289–300, with the test by an interval in place of its p-value: the greatest
// r is found for which r comparisons exclude zero at the level 1 − (1 − level)·r/n.
func Discoveries(n int, level float64, excludes func(k int, level float64) bool) []int {
	for r := n; r > 0; {
		strict := 1 - (1-level)*float64(r)/float64(n)
		var found []int
		for k := range n {
			if excludes(k, strict) {
				found = append(found, k)
			}
		}
		if len(found) >= r {
			return found
		}
		// A smaller r is stricter and finds no more than these.
		r = len(found)
	}
	return nil
}
