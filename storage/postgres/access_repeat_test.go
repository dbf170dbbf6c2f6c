package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// deaf does not hear that a unit of work was committed the first time, and does it again.
type deaf struct{ funnel.Store }

func (s deaf) Admit(ctx context.Context, k funnel.Knock, decide func(*funnel.Entry) (*funnel.Entrance, error)) error {
	_ = s.Store.Admit(ctx, k, decide)
	return s.Store.Admit(ctx, k, decide)
}

func TestAnAdmissionWhoseCommitWasNotHeardOfHappensOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	lossy := w.serve(deaf{w.store})
	boris := w.newcomer(t, visitor("telegram", "1"), funnel.Rep)
	w.newcomer(t, visitor("telegram", "2"), funnel.Rep)
	deal := w.open(t, "Acme")
	_, err := w.service.Assign(t.Context(), w.act("assign"), funnel.Target{Deal: deal.Deal.ID},
		funnel.Assign{To: w.belongings(t, "telegram", "2")[0].Member})
	require.NoError(t, err)

	got, err := lossy.Redeem(t.Context(), visitor("telegram", "2"), w.linkOf(t, boris, "link"))
	require.NoError(t, err)
	require.Equal(t, boris.ID, got.Member.ID)
	require.False(t, got.Already)
	require.NotNil(t, got.Absorbed)
	require.Equal(t, 1, got.Deals)
	require.Equal(t, 1, w.count(t, "changes WHERE verb = 'link' AND of_deal"))

	joined, err := lossy.Join(t.Context(), visitor("slack", "U1"), w.space.ID, funnel.Rep, "C1")
	require.NoError(t, err)
	require.Equal(t, joined.ID, w.belongings(t, "slack", "U1")[0].Member)
	require.Equal(t, 1, w.count(t, "members WHERE name = 'Visitor U1'"))

	asked, fresh, err := lossy.Apply(t.Context(), visitor("slack", "U2"), w.space.ID)
	require.NoError(t, err)
	require.True(t, fresh)
	require.Equal(t, 1, w.count(t, "applications WHERE code = '"+asked.Code+"'"))
	require.Len(t, w.letters(t, funnel.NoticeApplication), 1)

	for i := range funnel.MaxGuesses {
		_, err = lossy.Redeem(t.Context(), visitor("telegram", "9"), fmt.Sprint("wrong", i))
		if i < funnel.MaxGuesses-1 {
			require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err))
		}
	}
	require.Equal(t, 1, w.count(t, fmt.Sprintf("guesses WHERE wrong = %d", funnel.MaxGuesses)))
}
