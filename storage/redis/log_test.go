package redis_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/storage/redis"
)

// The library's logger belongs to the process, so this test runs alone.
func TestTheLibraryPrintsNothingPastTheLog(t *testing.T) { //nolint:paralleltest // see above
	var kept bytes.Buffer
	redis.LogTo(slog.New(slog.NewTextHandler(&kept, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { redis.LogTo(slog.New(slog.DiscardHandler)) })
	client, err := redis.Dial("redis://127.0.0.1:1/0")
	require.NoError(t, err)

	require.Error(t, client.Ping(t.Context()).Err())
	require.NoError(t, client.Close())
	require.Contains(t, kept.String(), "level=DEBUG msg=\"redis client\"")
}
