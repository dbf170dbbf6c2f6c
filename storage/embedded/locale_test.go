//go:build unix

package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClusterThatDoesNotKnowCyrillicIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	// Given a cluster somebody made with the locale C.
	home, err := makeHome(cfg.Dir)
	require.NoError(t, err)
	found, err := FindPrograms(t.Context(), "", os.Getenv("PATH"))
	require.NoError(t, err)
	c := &Cluster{cfg: cfg.withDefaults(), programs: found[0]}
	c.place, c.account, err = settle(t.Context(), home, cfg.refuge, false)
	require.NoError(t, err)
	require.NoError(t, c.create(t.Context(), "C"))

	_, err = Start(t.Context(), cfg)

	require.ErrorIs(t, err, ErrLocale)
	require.ErrorContains(t, err, "DATABASE_URL")
	require.FileExists(t, filepath.Join(c.place.data(), "PG_VERSION"))
	require.NoFileExists(t, c.place.pidFile(), "the refused server still runs")
}

func TestUnknownLocaleIsToldFromOtherFailures(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	home, err := makeHome(cfg.Dir)
	require.NoError(t, err)
	found, err := FindPrograms(t.Context(), "", os.Getenv("PATH"))
	require.NoError(t, err)
	c := &Cluster{cfg: cfg.withDefaults(), programs: found[0]}
	c.place, c.account, err = settle(t.Context(), home, cfg.refuge, false)
	require.NoError(t, err)

	require.ErrorIs(t, c.create(t.Context(), "tlh_QO.UTF-8"), ErrLocale)
	require.NoError(t, os.WriteFile(c.place.data(), nil, 0o600)) // in the way
	err = c.create(t.Context(), "C.UTF-8")
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrLocale)
}

// withoutTrigrams copies the installed programs to a tree whose extensions
// lack pg_trgm; PostgreSQL looks for them relative to its own place.
func withoutTrigrams(t *testing.T, top string) string {
	t.Helper()
	found, err := FindPrograms(t.Context(), "", os.Getenv("PATH"))
	require.NoError(t, err)
	ask := func(what string) string {
		out, err := exec.CommandContext(t.Context(), filepath.Join(found[0].Dir, "pg_config"), what).Output()
		if err != nil {
			t.Skip("pg_config is not installed")
		}
		return strings.TrimSpace(string(out))
	}
	bin, share, lib := ask("--bindir"), ask("--sharedir"), ask("--pkglibdir")
	require.NoError(t, os.MkdirAll(top+bin, 0o755))
	for _, name := range []string{"postgres", "initdb"} {
		program, err := os.ReadFile(filepath.Join(bin, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(top+bin, name), program, 0o755))
	}
	require.NoError(t, os.MkdirAll(filepath.Dir(top+lib), 0o755))
	require.NoError(t, os.Symlink(lib, top+lib))
	require.NoError(t, os.MkdirAll(top+share+"/extension", 0o755))
	for from, to := range map[string]string{share: top + share, share + "/extension": top + share + "/extension"} {
		entries, err := os.ReadDir(from)
		require.NoError(t, err)
		for _, e := range entries {
			if e.Name() != "extension" && !strings.HasPrefix(e.Name(), "pg_trgm") {
				require.NoError(t, os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())))
			}
		}
	}
	return top + bin
}
