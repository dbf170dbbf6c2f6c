package pgtest

import (
	"context"
	"crypto/rand"
	"net"
	"net/url"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/storage/embedded"
)

// Server is a cluster of one test's own, on TCP loopback so that a proxy can
// stand before it, which the test may stop and start.
type Server struct {
	cluster *embedded.Cluster
	addr    string
	url     url.URL
}

// Cluster starts a cluster for this test alone and removes it when the test
// ends. TEST_DATABASE_URL has no say in it. Commits are written to the system
// before they are acknowledged, so Restart loses none, Immediate or not.
func Cluster(tb testing.TB) *Server {
	tb.Helper()
	port := freePort(tb)
	cluster, err := embedded.Start(tb.Context(), embedded.Config{
		Ephemeral: true,
		Settings:  map[string]string{"listen_addresses": "127.0.0.1", "port": port},
	})
	require.NoError(tb, err, "start a cluster for the test")
	tb.Cleanup(func() {
		if err := cluster.Close(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("remove the test's cluster: %v", err)
		}
	})
	password := rand.Text()
	admin, err := pgx.Connect(tb.Context(), cluster.AdminURL())
	require.NoError(tb, err, "connect to the test's cluster")
	defer admin.Close(tb.Context())
	_, err = admin.Exec(tb.Context(), "ALTER ROLE funnelbot CREATEDB PASSWORD '"+password+"'")
	require.NoError(tb, err, "set the password for TCP")

	addr := net.JoinHostPort("127.0.0.1", port)
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword("funnelbot", password), Host: addr,
		Path: "/funnelbot", RawQuery: "sslmode=disable",
	}
	return &Server{cluster: cluster, addr: addr, url: u}
}

// Addr is the host and port the server listens on.
func (s *Server) Addr() string { return s.addr }

// URL is the address of the server's database, which holds pg_trgm alone.
func (s *Server) URL() string { return s.url.String() }

// Via is URL through a proxy at another host and port.
func (s *Server) Via(addr string) string {
	u := s.url
	u.Host = addr
	return u.String()
}

// Stop stops the server and keeps its data.
func (s *Server) Stop(tb testing.TB, m embedded.Mode) {
	tb.Helper()
	require.NoError(tb, s.cluster.Stop(tb.Context(), m), "stop the test's cluster")
}

// Start starts the server after Stop, at the same address, and returns when
// it answers.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, s.cluster.Resume(tb.Context()), "start the test's cluster again")
}

// Restart is Stop and Start.
func (s *Server) Restart(tb testing.TB, m embedded.Mode) {
	tb.Helper()
	s.Stop(tb, m)
	s.Start(tb)
}

// freePort finds a port nobody listens on, below those systems give to
// outgoing connections, which could take it while the server is stopped.
func freePort(tb testing.TB) string {
	tb.Helper()
	var lc net.ListenConfig
	for range 100 {
		b := make([]byte, 2)
		_, err := rand.Read(b)
		require.NoError(tb, err)
		port := strconv.Itoa(15000 + (int(b[0])<<8|int(b[1]))%15000)
		l, err := lc.Listen(tb.Context(), "tcp", net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			continue
		}
		require.NoError(tb, l.Close())
		return port
	}
	require.Fail(tb, "no free port")
	return ""
}
