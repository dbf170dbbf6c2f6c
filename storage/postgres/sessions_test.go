package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
)

func TestSessionsKeepTheirContract(t *testing.T) {
	t.Parallel()
	sessionstest.Run(t, func(t *testing.T) (funnel.Sessions, func(time.Duration)) {
		t.Helper()
		w := setup(t)
		return w.store.Sessions(), w.advance
	})
}

func TestASessionIsSeenByAnotherProcess(t *testing.T) {
	t.Parallel()
	w := setup(t)
	other := setupOn(t, w.url)
	key := sessionstest.NewKey()
	version, err := w.store.Sessions().Save(t.Context(), key, funnel.Session{Data: []byte("step two")}, time.Hour)
	require.NoError(t, err)

	got, err := other.store.Sessions().Load(t.Context(), key)

	require.NoError(t, err)
	require.Equal(t, funnel.Session{Data: []byte("step two"), Version: version}, got)
}
