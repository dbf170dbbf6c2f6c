package commands_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// ahead are the moves that every deal of the benchmark makes, one after the other.
var ahead = []funnel.StageKey{"qualification", "proposal", "negotiation"}

// benchDeals opens deals for n moves.
func benchDeals(b *testing.B, o *office, n int) {
	b.Helper()
	for i := range n/len(ahead) + 1 {
		_, err := o.service.Open(b.Context(), funnel.Act{
			Workspace: o.space.ID, Member: o.anna.ID, Event: fmt.Sprintf("open-%d", i), Origin: funnel.FromChat,
		}, funnel.OpenDeal{Company: funnel.Company{Name: fmt.Sprintf("Company %d", i)}, Owner: o.anna.ID})
		require.NoError(b, err)
	}
}

// BenchmarkAnswer is a move that is typed at the desk, and the same move given to the use case: the
// difference is what reading the words costs. Of a team that is busy the names are known; whoever
// types alone has them read with every line.
func BenchmarkAnswer(b *testing.B) {
	b.Run("use case", func(b *testing.B) {
		o := setup(b)
		benchDeals(b, o, b.N)
		b.ResetTimer()
		for i := range b.N {
			o.advance(time.Millisecond)
			_, err := o.service.Move(b.Context(), funnel.Act{
				Workspace: o.space.ID, Member: o.anna.ID, Event: fmt.Sprintf("move-%d", i), Origin: funnel.FromChat,
			}, funnel.Target{Number: int64(i/len(ahead) + 1)}, funnel.MoveTo{Stage: ahead[i%len(ahead)]})
			require.NoError(b, err)
		}
	})
	for name, pause := range map[string]time.Duration{"busy": time.Millisecond, "alone": time.Minute} {
		b.Run(name, func(b *testing.B) {
			o := setup(b)
			benchDeals(b, o, b.N)
			b.ResetTimer()
			for i := range b.N {
				o.advance(pause)
				reply, _, err := o.desk.Answer(b.Context(), commands.Ask{
					Workspace: o.space.ID, Member: o.anna.ID, Door: "local", Place: "here", Key: fmt.Sprintf("line-%d", i), At: o.now(),
					Text: fmt.Sprintf("#%d %s", i/len(ahead)+1, ahead[i%len(ahead)]),
				})
				require.NoError(b, err)
				require.IsType(b, commands.Changed{}, reply)
			}
		})
	}
}
