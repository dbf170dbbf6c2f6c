package definition_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

func TestRenewalsBeginWithAProposalAndSpeakTheWordsOfNewBusiness(t *testing.T) {
	t.Parallel()
	all, err := definition.Default()
	require.NoError(t, err)

	f, err := definition.Renewal()

	require.NoError(t, err)
	require.Equal(t, funnel.Renewal, f.Kind)
	require.Equal(t, funnel.StageKey("proposal"), f.Entry)
	require.Equal(t, all.Signature, f.Signature)
	same := all.Stages[all.Index("proposal"):]
	for i := range same {
		// A client who stays is another matter than one who comes.
		require.GreaterOrEqual(t, f.Stages[i].Conversion, same[i].Conversion)
		same[i].Conversion = f.Stages[i].Conversion
	}
	require.Equal(t, same, f.Stages, "the same stages have the same titles")
	require.Equal(t, all.Reasons, f.Reasons)
	require.Equal(t, all.Sources, f.Sources)
	require.Equal(t, all.Roles, f.Roles)
	require.Equal(t, all.SilentAfter, f.SilentAfter)
	require.Nil(t, f.Qualification, "a client is asked for nothing that is known")
}
