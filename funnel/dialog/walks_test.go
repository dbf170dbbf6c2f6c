package dialog_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel/dialog"
)

// run walks to the end and proves that it is what was said last.
func (w *walk) run() {
	for range w.n("length", 30) {
		if w.state.Ended() {
			break
		}
		w.move()
	}
	w.finish()
	if w.out.Result == dialog.Stale {
		w.state, w.out = dialog.Resume(w.script, w.state)
	}
	w.must(w.out.Result == dialog.Finished, "no end")
	path := pathOf(w.script, w.out.Answers)
	w.must(len(path) == len(w.out.Answers), "asked was %v", path)
	for _, step := range path {
		v, ok := w.out.Answers[step]
		w.must(ok && v == w.last[step] && v == w.saved[step], "%s ends as %+v, said was %+v, stored is %+v", step, v, w.last[step], w.saved[step])
	}
}

// pathOf is the path by the plainest reading of the script.
func pathOf(script dialog.Script, answers dialog.Answers) []string {
	var steps []string
	before := dialog.Answers{}
	for _, step := range script.Steps {
		if step.When == nil || step.When(before) {
			steps = append(steps, step.Key)
			before[step.Key] = answers[step.Key]
		}
	}
	return steps
}

func TestNoWalkGetsStuckAndTheEndIsWhatWasSaidLast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, shrinking{t})
		w.every = true
		w.run()
	})
}

// TestRandomWalksEndWithWhatWasSaidLast is the same on many more paths. Each has its number as its seed,
// so that one that fails can be walked again.
func TestRandomWalksEndWithWhatWasSaidLast(t *testing.T) {
	t.Parallel()
	const parties = 8
	took := make(chan map[string]int, parties)
	t.Cleanup(func() { meets(t, took) })
	for party := range parties {
		t.Run(strconv.Itoa(party), func(t *testing.T) {
			t.Parallel()
			all := map[string]int{}
			for seed := uint64(party); seed < walks; seed += parties {
				w := newWalk(seedFailing{t, seed}, seeded{rand.New(rand.NewPCG(seed, 0))})
				w.took = all
				w.run()
			}
			took <- all
		})
	}
}

// meets requires that the walks have come by everything that can happen: a walk proves nothing
// about what it never met.
func meets(t *testing.T, took chan map[string]int) {
	t.Helper()
	close(took)
	inputs := map[string]int{}
	for all := range took {
		for what, n := range all {
			inputs[what] += n
		}
	}
	for _, act := range []dialog.Act{
		dialog.ActAnswer, dialog.ActPick, dialog.ActBack, dialog.ActSkip, dialog.ActEdit, dialog.ActHelp, dialog.ActDone, dialog.ActFill,
	} {
		require.Greater(t, inputs[string(act)+" ask"], walks/100, act)
	}
	for _, what := range []string{"later paused", "cancel cancelled", "confirm finished", "fill review", "pick stale", "fill stale"} {
		require.Greater(t, inputs[what], walks/100, what)
	}
}

// seedFailing names the walk that failed.
type seedFailing struct {
	*testing.T
	seed uint64
}

func (f seedFailing) Fatalf(format string, args ...any) {
	f.Helper()
	f.T.Fatalf("walk %d: %s", f.seed, fmt.Sprintf(format, args...))
}
