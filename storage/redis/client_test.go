package redis_test

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel/sessionstest"
	"funnelbot/storage/redis"
	"funnelbot/storage/redis/redistest"
)

func TestDialUnderstandsEveryKindOfAddress(t *testing.T) {
	t.Parallel()
	tests := map[string]goredis.UniversalClient{
		"redis://localhost":                               &goredis.Client{},
		"redis://bot:secret@redis.internal:6380/3":        &goredis.Client{},
		"rediss://:secret@redis.internal":                 &goredis.Client{},
		"unix:///run/redis/redis.sock?db=2":               &goredis.Client{},
		"redis://node1:6379?addr=node2:6379":              &goredis.ClusterClient{},
		"redis://node1:6379?addr=node1:6379":              &goredis.ClusterClient{},
		"redis://sentinel:26379/1?master_name=sessions":   &goredis.Client{},
		"redis://user:a%40b%3Ac@localhost:6379?db=1":      &goredis.Client{},
		"redis://localhost:6379/0?pool_size=3&protocol=2": &goredis.Client{},
	}
	for address, kind := range tests {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			client, err := redis.Dial(address)
			require.NoError(t, err)
			require.IsType(t, kind, client)
			require.NoError(t, client.Close())
		})
	}
}

func TestNoErrorEverShowsThePassword(t *testing.T) {
	t.Parallel()
	t.Run("in an address that is refused", func(t *testing.T) {
		t.Parallel()
		for _, address := range []string{
			"", "localhost:6379", "hunter2", "postgres://bot:hunter2@db/app",
			"redis://bot:hunter2@host:port", "redis://bot:hunter2@host/db/too/deep", "redis://bot:hunter2@host/first",
			"redis://bot:hunter2@host?hunter2=1", "redis://bot:hunter2@host?db=hunter2", "redis://:hunter2%zz@host",
			"redis://bot:hunter2@ho st", "unix://bot:hunter2@", "redis://bot:hunter2@host\x7f",
			"redis://bot:hunter2@a?addr=b&db=hunter2", "redis://bot:hunter2@a?master_name=m&db=hunter2",
		} {
			_, err := redis.Dial(address)
			require.Error(t, err, address)
			require.NotContains(t, err.Error(), "hunter2")
		}
	})
	t.Run("when the server is away", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		server.Stop(t)
		store := redis.NewSessions(dial(t, "redis://bot:hunter2@"+server.Addr()))
		_, err := store.Load(t.Context(), sessionstest.NewKey())
		require.Error(t, err)
		require.NotContains(t, err.Error(), "hunter2")
	})
	t.Run("when the server refuses it", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		store := redis.NewSessions(dial(t, "redis://bot:hunter2@"+server.Addr()))
		_, err := store.Load(t.Context(), sessionstest.NewKey())
		require.ErrorContains(t, err, "WRONGPASS")
		require.NotContains(t, err.Error(), "hunter2")
	})
}
