package commands_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// watched counts how often a conversation is read.
type watched struct {
	funnel.Sessions
	loads atomic.Int64
}

func (w *watched) Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error) {
	w.loads.Add(1)
	return w.Sessions.Load(ctx, key)
}

// shared gives the office a desk whose conversations are in the database alone.
func (o *office) shared() *watched {
	w := &watched{Sessions: o.store.Sessions()}
	o.desk = commands.NewDesk(commands.DeskConfig{
		Service: o.service, Sessions: w,
		NewToken: func() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:8] },
	})
	return w
}

func TestALineIsAnsweredByTheConversationAsAnotherProcessLeftIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		// there is what the other process heard since this one answered.
		there []string
		line  string
		check func(t *testing.T, o *office, r commands.Reply)
	}{
		{
			name: "a question was put", there: []string{"lost #1"}, line: "move #1 proposal",
			check: func(t *testing.T, _ *office, r commands.Reply) {
				t.Helper()
				aside, ok := r.(commands.Aside)
				require.True(t, ok, "%T", r)
				require.Equal(t, commands.VerbLost, aside.Verb)
			},
		},
		{
			name: "a question was put that the line answers", there: []string{"back #1"}, line: "the move came too early",
			check: func(t *testing.T, o *office, _ commands.Reply) {
				t.Helper()
				require.Equal(t, funnel.StageKey("lead"), o.deal(t, 1).Stage)
			},
		},
		{
			name: "another deal was spoken of", there: []string{"show #2"}, line: "move proposal",
			check: func(t *testing.T, o *office, _ commands.Reply) {
				t.Helper()
				require.Equal(t, funnel.StageKey("proposal"), o.deal(t, 2).Stage)
			},
		},
		{
			name: "a question was put and ended", there: []string{"lost #1", "cancel"}, line: "move #1 proposal",
			check: func(t *testing.T, o *office, _ commands.Reply) {
				t.Helper()
				require.Equal(t, funnel.StageKey("proposal"), o.deal(t, 1).Stage)
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			here := setup(t)
			there := here.second(t)
			here.shared()
			there.shared()
			here.types(t, "new Acme Anvils 12k", "new Globex 3k", "move #1 qualification")
			there.types(t, tt.there...)
			tt.check(t, here, here.types(t, tt.line))
		})
	}
}

func TestAMoveByNumberReadsNoConversationThatThisProcessKnows(t *testing.T) {
	t.Parallel()
	o := setup(t)
	sessions := o.shared()
	o.types(t, "new Acme Anvils 12k")
	known := sessions.loads.Load()
	o.types(t, "move #1 qualification", "back #1 lead the client asked for time", "#1 proposal")
	require.Equal(t, known, sessions.loads.Load())
	require.Equal(t, funnel.StageKey("proposal"), o.deal(t, 1).Stage)
}

func TestWhatIsNoMoveIsAnsweredAfterALookAtTheConversation(t *testing.T) {
	t.Parallel()
	o := setup(t)
	sessions := o.shared()
	o.types(t, "new Acme Anvils 12k")
	for _, line := range []string{"today", "lost acme", "nonsense beyond words", "thanks"} {
		known := sessions.loads.Load()
		o.types(t, line)
		require.Greater(t, sessions.loads.Load(), known, line)
		o.types(t, "cancel")
	}
}
