//go:build !race

package dialog_test

// walks is how many random walks a run of the tests takes.
const walks = 100_000
