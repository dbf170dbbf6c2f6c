//go:build unix

package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// privileges is what the kernel says the server may do beyond its user.
func privileges(t *testing.T, c *Cluster) (uid, capabilities string) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", serverOf(t, c)))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); f[0] == "Uid:" {
			uid = f[2]
		} else if f[0] == "CapEff:" {
			capabilities = strings.Trim(f[1], "0")
		}
	}
	return uid, capabilities
}

func TestRootOnlyHomeIsServedFromANamespace(t *testing.T) {
	t.Parallel()
	asRoot(t)
	cfg := hidden(t)
	if a, err := unprivileged(); err != nil || !(account{uid: a.uid, gid: a.gid, namespace: true}).works(t.Context()) {
		t.Skip("user namespaces are forbidden here")
	}

	c := start(t, cfg)

	require.Equal(t, 1, query[int](t, c.URL(), `SELECT 1`))
	require.True(t, strings.HasPrefix(c.place.data(), cfg.Dir), "the cluster is not in the data folder")
	_, capabilities := privileges(t, c)
	require.Empty(t, capabilities, "the server has root's privileges")
}

func TestRootOnlyHomeIsServedByAnAccountFromTheRefuge(t *testing.T) {
	t.Parallel()
	asRoot(t)
	cfg := hidden(t)
	cfg.NoNamespaces = true
	first, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	exec1(t, first.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)
	uid, capabilities := privileges(t, first)
	require.NotEqual(t, "0", uid)
	require.Empty(t, capabilities)
	require.Equal(t, cfg.refuge, filepath.Dir(first.place.base))
	require.NoError(t, first.Close(t.Context()))

	second := start(t, cfg)

	require.Equal(t, "crates", query[string](t, second.URL(), `SELECT title FROM deals`))
}

func TestReachableFolderOfRootIsServedByAnAccountWhereItIs(t *testing.T) {
	t.Parallel()
	asRoot(t)
	cfg := folder(t)
	cfg.NoNamespaces = true

	c := start(t, cfg)

	require.True(t, strings.HasPrefix(c.place.data(), cfg.Dir), "the cluster is not in the data folder")
	uid, _ := privileges(t, c)
	require.NotEqual(t, "0", uid)
}

func TestDataIsKeptWhenNamespacesAreForbiddenLaterAndAllowedAgain(t *testing.T) {
	t.Parallel()
	asRoot(t)
	for name, make := range map[string]func(*testing.T) Config{"root-only home": hidden, "open folder": folder} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := make(t)
			first, err := Start(t.Context(), cfg)
			require.NoError(t, err)
			exec1(t, first.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)
			require.NoError(t, first.Close(t.Context()))

			for _, forbidden := range []bool{true, false, true} {
				cfg.NoNamespaces = forbidden
				c, err := Start(t.Context(), cfg)
				require.NoError(t, err)
				require.Equal(t, "crates", query[string](t, c.URL(), `SELECT title FROM deals`))
				require.NoError(t, c.Close(t.Context()))
			}
		})
	}
}

func TestInterruptedMoveToTheRefugeIsFinished(t *testing.T) {
	t.Parallel()
	asRoot(t)
	cfg := hidden(t)
	cfg.NoNamespaces = true
	first, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	exec1(t, first.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)
	require.NoError(t, first.Close(t.Context()))
	// Given the move stopped after home pointed there and before the rename.
	require.NoError(t, os.Rename(first.place.data(), filepath.Join(first.place.home, "data")))

	second := start(t, cfg)

	require.Equal(t, "crates", query[string](t, second.URL(), `SELECT title FROM deals`))
}

func TestNowhereToGoIsSaid(t *testing.T) {
	t.Parallel()
	asRoot(t)
	cfg := hidden(t)
	cfg.NoNamespaces = true
	cfg.refuge = filepath.Join(filepath.Dir(cfg.Dir), "refuge") // in the hidden home as well

	_, err := Start(t.Context(), cfg)

	require.ErrorContains(t, err, "FUNNELBOT_DATA")
	require.ErrorContains(t, err, "out of its reach")
}

func TestRootServesAnotherUsersFolderAsThatUser(t *testing.T) {
	t.Parallel()
	asRoot(t)
	cfg := folder(t)
	user, err := unprivileged()
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(cfg.Dir, 0o700))
	require.NoError(t, user.own(cfg.Dir))

	c := start(t, cfg)

	uid, _ := privileges(t, c)
	require.Equal(t, strconv.Itoa(user.uid), uid)
	require.NoError(t, filepath.WalkDir(cfg.Dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			require.Equal(t, user.uid, ownerOf(path).uid, "%s would be closed to its owner", path)
		}
		return nil
	}))
}
