package postgres_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/sessionstest"
	"funnelbot/storage/postgres"
)

// cutter stands between a store and its database. It lets what carries the word through once, and
// drops the connection in place of the answer.
type cutter struct {
	word string
	cuts atomic.Int32
}

// between returns the address of the database behind the cutter.
func (c *cutter) between(t *testing.T, database string) string {
	t.Helper()
	cfg, err := pgconn.ParseConfig(database)
	require.NoError(t, err)
	network, address := pgconn.NetworkAddress(cfg.Host, cfg.Port)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, address)
			if err != nil {
				t.Error(err)
				return
			}
			all.Go(func() { c.pass(client, server) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(cfg.User, cfg.Password), Host: listener.Addr().String(),
		Path: "/" + cfg.Database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

func (c *cutter) pass(client, server net.Conn) {
	var cut atomic.Bool
	var both sync.WaitGroup
	both.Go(func() {
		defer client.Close()
		buf := make([]byte, 1<<16)
		for {
			n, err := server.Read(buf)
			if err != nil || cut.Load() {
				_ = server.Close()
				return
			}
			if _, err := client.Write(buf[:n]); err != nil {
				_ = server.Close()
				return
			}
		}
	})
	both.Go(func() {
		defer server.Close()
		buf := make([]byte, 1<<16)
		for {
			n, err := client.Read(buf)
			if err != nil {
				return
			}
			if bytes.Contains(buf[:n], []byte(c.word)) && c.cuts.CompareAndSwap(0, 1) {
				cut.Store(true)
			}
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
			if cut.Load() {
				_, _ = io.Copy(io.Discard, client)
				return
			}
		}
	})
	both.Wait()
}

func TestASaveWhoseAnswerIsLostCountsOnce(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]int64{"the first": 0, "a later one": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			key, word := sessionstest.NewKey(), strings.Repeat("cut here ", 3)
			for v := range version {
				_, err := w.store.Sessions().Save(t.Context(), key, funnel.Session{Data: []byte("before"), Version: v}, time.Hour)
				require.NoError(t, err)
			}
			c := &cutter{word: word}
			store, err := postgres.Open(t.Context(), postgres.Config{
				URL: c.between(t, w.url), Log: slog.New(slog.DiscardHandler), Clock: w.now,
			})
			require.NoError(t, err)
			defer store.Close()

			next, err := store.Sessions().Save(t.Context(), key, funnel.Session{Data: []byte(word), Version: version}, time.Hour)

			require.NoError(t, err)
			require.EqualValues(t, 1, c.cuts.Load(), "nothing was cut")
			require.Equal(t, version+1, next)
			got, err := w.store.Sessions().Load(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, funnel.Session{Data: []byte(word), Version: next}, got)
			_, err = w.store.Sessions().Save(t.Context(), key, funnel.Session{Data: []byte(word), Version: version}, time.Hour)
			require.ErrorIs(t, err, funnel.ErrSessionMoved, "somebody else's save of the same bytes")
		})
	}
}
