//go:build unix

package embedded

import (
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestProcessesShareOneServerAndTheLastOneStopsIt(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	other := spawn(t, cfg)
	c, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	require.Equal(t, other.url, c.URL())
	server := serverOf(t, c)

	other.leave(t)
	require.True(t, alive(server), "the first process out stopped the server")
	other = spawn(t, cfg)
	require.NoError(t, c.Close(t.Context()))
	require.True(t, alive(server), "a process stopped the server another uses")
	require.Equal(t, 1, query[int](t, other.url, `SELECT 1`))
	other.leave(t)

	require.False(t, alive(server), "the last process out left the server running")
}

func TestManyStartsAtOnceMakeOneCluster(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	type result struct {
		c   *Cluster
		err error
	}
	results := make(chan result)
	for range 4 {
		go func() {
			c, err := Start(t.Context(), cfg)
			results <- result{c, err}
		}()
	}

	servers := map[int]bool{}
	for range 4 {
		r := <-results
		require.NoError(t, r.err)
		servers[serverOf(t, r.c)] = true
		defer func() { require.NoError(t, r.c.Close(t.Context())) }()
	}
	require.Len(t, servers, 1)
}

func TestKilledServerComesBackAtTheSameAddress(t *testing.T) {
	t.Parallel()
	c := start(t, folder(t))
	exec1(t, c.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)

	require.NoError(t, syscall.Kill(serverOf(t, c), syscall.SIGKILL))

	var title string
	eventually(t, "the server is not back", func() bool {
		conn, err := pgx.Connect(t.Context(), c.URL())
		if err != nil {
			return false
		}
		defer conn.Close(t.Context())
		return conn.QueryRow(t.Context(), `SELECT title FROM deals`).Scan(&title) == nil
	})
	require.Equal(t, "crates", title)
}

func TestServerOfAKilledProcessIsJoinedAndThenStopped(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	other := spawn(t, cfg)
	other.kill()

	c, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	server := serverOf(t, c)
	require.Equal(t, other.url, c.URL())
	require.NoError(t, c.Close(t.Context()))

	require.False(t, alive(server))
}

func TestStartRightAfterEverythingWasKilledRecovers(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	other := spawn(t, cfg)
	exec1(t, other.url, `CREATE TABLE deals AS SELECT 'crates' AS title`)
	busy := connect(t, other.url) // its backend outlives the server for a moment
	server := pidIn(t, cfg)
	other.kill()
	require.NoError(t, syscall.Kill(server, syscall.SIGKILL))

	c := start(t, cfg)

	require.NotEqual(t, server, serverOf(t, c))
	require.Equal(t, "crates", query[string](t, c.URL(), `SELECT title FROM deals`))
	require.Error(t, busy.Ping(t.Context()))
}

func TestPidFileThatNamesAnotherProcessByNowIsNoObstacle(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	other := spawn(t, cfg)
	server := pidIn(t, cfg)
	other.kill()
	require.NoError(t, syscall.Kill(server, syscall.SIGKILL))
	path := settled(t, cfg).pidFile()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	// The parent is alive, and no relative of the new server.
	stranger := strconv.Itoa(os.Getpid())
	require.NoError(t, os.WriteFile(path, append([]byte(stranger), text[len(strconv.Itoa(server)):]...), 0o600))

	c := start(t, cfg)

	require.Equal(t, 1, query[int](t, c.URL(), `SELECT 1`))
}

func TestClusterInUseOutOfSightIsNotStartedTwice(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	c, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	// Given another container that uses the cluster.
	users, err := openLock(c.place.lock("users"), c.owner)
	require.NoError(t, err)
	defer users.release()
	_, err = users.try(false)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(c.place.whereabouts(), []byte("another boot pid:[1]"), 0o600))

	_, err = Start(t.Context(), cfg)

	require.ErrorIs(t, err, ErrInUse)
}

func TestServerIsOutOfReachOfTheTerminal(t *testing.T) {
	t.Parallel()
	c := start(t, folder(t))

	group, err := syscall.Getpgid(serverOf(t, c))

	require.NoError(t, err)
	require.NotEqual(t, syscall.Getpgrp(), group, "Ctrl-C would stop the server")
}

// settled is where the cluster of a folder is.
func settled(t *testing.T, cfg Config) place {
	t.Helper()
	home, err := makeHome(cfg.Dir)
	require.NoError(t, err)
	p, _, err := settle(t.Context(), home, cfg.refuge, cfg.NoNamespaces)
	require.NoError(t, err)
	return p
}

func pidIn(t *testing.T, cfg Config) int {
	t.Helper()
	f, ok, err := readPidFile(settled(t, cfg).pidFile())
	require.NoError(t, err)
	require.True(t, ok)
	return f.pid
}
