//go:build unix

package embedded

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFirstStartMakesAPrivateClusterThatKeepsItsPromises(t *testing.T) {
	t.Parallel()
	c := start(t, folder(t))

	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "", "unix_socket_permissions": "0700", "server_encoding": "UTF8", "TimeZone": "UTC",
	} {
		require.Equal(t, want, query[string](t, c.URL(), "SELECT current_setting('"+setting+"')"), setting)
	}
	require.False(t, query[bool](t, c.URL(), `SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user`),
		"the program's role has privileges it does not need")
	require.InDelta(t, 1, query[float64](t, c.URL(), `SELECT similarity('РОМАШКА', 'ромашка')`), 0)
	exec1(t, c.URL(), `CREATE TABLE deals (title TEXT)`)
	for _, dir := range []string{c.place.home, c.place.data(), c.place.sockets} {
		info, err := os.Stat(dir)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s is open to others", dir)
	}
}

func TestDataOutlivesCloseAndStart(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	first, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	server := serverOf(t, first)
	exec1(t, first.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)
	require.NoError(t, first.Close(t.Context()))
	require.False(t, alive(server), "the server outlived the last process that used it")
	require.NoError(t, first.Close(t.Context()), "a second Close")

	second := start(t, cfg)

	require.Equal(t, "crates", query[string](t, second.URL(), `SELECT title FROM deals`))
	require.Equal(t, first.URL(), second.URL())
}

func TestPathTooLongForASocketPutsItInTheRuntimeFolder(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	short := filepath.Dir(cfg.Dir)
	cfg.Dir = filepath.Join(cfg.Dir, strings.Repeat("очень-длинный-путь/", 8))
	cfg.Env = func(name string) string {
		if name == "XDG_RUNTIME_DIR" {
			return short
		}
		return os.Getenv(name)
	}

	c := start(t, cfg)

	require.Equal(t, 1, query[int](t, c.URL(), `SELECT 1`))
	require.Equal(t, short, filepath.Dir(c.place.sockets))
}

func TestPathThatNamesListsAndQuotesStillWorks(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	cfg.Dir = filepath.Join(cfg.Dir, `a, "b" 'c' $HOME; %s &é`)

	c := start(t, cfg)

	require.Equal(t, 1, query[int](t, c.URL(), `SELECT 1`))
}

func TestInterruptedCreationIsBegunAgain(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	home, err := makeHome(cfg.Dir)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(home, "data.new", "base"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(home, "data.new", "PG_VERSION"), []byte("15\n"), 0o600))

	c := start(t, cfg)

	require.Equal(t, 1, query[int](t, c.URL(), `SELECT 1`))
}

func TestCancelledStartLeavesNoServer(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	first, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, first.Close(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	// PATH is asked for when the locks are held and nothing runs yet.
	cfg.Env = func(name string) string {
		cancel()
		return os.Getenv(name)
	}

	_, err = Start(ctx, cfg)

	require.ErrorIs(t, err, context.Canceled)
	_, left, err := readPidFile(first.place.pidFile())
	require.NoError(t, err)
	require.False(t, left, "a server was left behind")
	cfg.Env = nil
	start(t, cfg)
}

func TestLogNamesErrorsButNeitherStatementsNorValues(t *testing.T) {
	t.Parallel()
	c, err := Start(t.Context(), folder(t))
	require.NoError(t, err)
	exec1(t, c.URL(), `CREATE TABLE contacts (phone TEXT PRIMARY KEY)`)
	exec1(t, c.URL(), `INSERT INTO contacts VALUES ('+7 900 000-00-00')`)
	_, err = connect(t, c.URL()).Exec(t.Context(), `INSERT INTO contacts VALUES ('+7 900 000-00-00')`)
	require.Error(t, err)
	require.NoError(t, c.Close(t.Context()))

	text, err := os.ReadFile(c.place.newestLog())

	require.NoError(t, err)
	require.Contains(t, string(text), "contacts_pkey")
	require.NotContains(t, string(text), "900")
	require.NotContains(t, string(text), "INSERT")
}

func TestLogThatGrewTooLongIsBegunAnew(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	c, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	path := filepath.Join(c.place.logs(), "server-old.log")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.Truncate(path, longestLog+1))

	start(t, cfg)

	require.NoFileExists(t, path)
}

func TestDataFolderIsTheUsersOwn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string
		env        map[string]string
	}{
		{"named", "/srv/sales", map[string]string{"FUNNELBOT_DATA": "/srv/sales", "HOME": "/home/ann"}},
		{"by the desktop", "/data/ann/funnelbot", map[string]string{"XDG_DATA_HOME": "/data/ann", "HOME": "/home/ann"}},
		{"by a broken desktop", "/home/ann/.local/share/funnelbot", map[string]string{"XDG_DATA_HOME": "data", "HOME": "/home/ann"}},
		{"usual", "/home/ann/.local/share/funnelbot", map[string]string{"HOME": "/home/ann"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir, err := DefaultDir(func(name string) string { return tt.env[name] })
			require.NoError(t, err)
			require.Equal(t, strings.Replace(tt.want, ".local/share", usualData, 1), dir)
		})
	}
	_, err := DefaultDir(func(string) string { return "" })
	require.ErrorIs(t, err, ErrNoDir)
}
