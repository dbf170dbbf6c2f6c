//go:build race

package dialog_test

// walks is how many random walks a run of the tests takes. The race detector makes each many times
// slower and has little to find in functions without state; the run without it takes all.
const walks = 10_000
