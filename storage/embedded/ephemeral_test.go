//go:build unix

package embedded

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEphemeralClusterLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, noNamespaces := range []bool{false, true} {
		t.Run(strconv.FormatBool(noNamespaces), func(t *testing.T) {
			t.Parallel()
			c, err := Start(t.Context(), Config{Ephemeral: true, NoNamespaces: noNamespaces})
			require.NoError(t, err)
			server := serverOf(t, c)
			exec1(t, c.URL(), `CREATE TABLE deals (title TEXT)`)

			require.NoError(t, c.Close(t.Context()))

			require.False(t, alive(server))
			require.NoDirExists(t, c.place.base)
			require.NoDirExists(t, c.place.sockets)
		})
	}
}

func TestEphemeralClusterGoesWithItsKilledProcess(t *testing.T) {
	t.Parallel()
	p := spawn(t, Config{})
	base := baseOf(t, p.url)
	f, _, err := readPidFile(place{base: base}.pidFile())
	require.NoError(t, err)
	require.True(t, alive(f.pid))

	p.kill()

	eventually(t, "the server outlived its process", func() bool { return !alive(f.pid) })
	eventually(t, "the files outlived their process", func() bool {
		_, err := os.Stat(base)
		return os.IsNotExist(err)
	})
}

func TestNextEphemeralClusterRemovesOneWhoseSupervisorWasKilledToo(t *testing.T) {
	t.Parallel()
	p := spawn(t, Config{})
	base := baseOf(t, p.url)
	f, _, err := readPidFile(place{base: base}.pidFile())
	require.NoError(t, err)
	supervisor := parentOf(t, f.pid)
	require.NoError(t, syscall.Kill(supervisor, syscall.SIGKILL))
	p.kill()
	require.True(t, alive(f.pid))

	start(t, Config{Ephemeral: true})

	require.False(t, alive(f.pid))
	require.NoDirExists(t, base)
}

func TestEphemeralClusterStopsAndResumesAtItsAddress(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Ephemeral: true})
	exec1(t, c.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)
	for _, mode := range []Mode{Fast, Immediate} {
		require.NoError(t, c.Stop(t.Context(), mode))
		require.NoError(t, c.Resume(t.Context()))

		require.Equal(t, "crates", query[string](t, c.URL(), `SELECT title FROM deals`))
	}
}

func baseOf(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	return filepath.Dir(u.Query().Get("host"))
}

func parentOf(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), ") ")
	require.True(t, ok)
	parent, err := strconv.Atoi(strings.Fields(rest)[1])
	require.NoError(t, err)
	return parent
}
