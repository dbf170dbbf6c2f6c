//go:build unix

package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// install makes a folder with programs that claim a version.
func install(t *testing.T, version string, programs ...string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, name := range append([]string{"postgres"}, programs...) {
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
	return dir
}

func TestNewestProgramsAreChosen(t *testing.T) {
	t.Parallel()
	old, newer, beta := install(t, "15.18 (Debian 15.18-1)", "initdb"), install(t, "17.5", "initdb"), install(t, "19beta1", "initdb")
	twin := filepath.Join(t.TempDir(), "bin")
	require.NoError(t, os.Symlink(newer, twin))

	found, err := findIn(t.Context(), nil, []string{old, newer, twin, install(t, "9.6.24", "initdb"), install(t, "18.1"), beta, "relative"})

	require.NoError(t, err)
	require.Equal(t, []Programs{
		{Dir: beta, Version: "19beta1", Major: 19}, {Dir: newer, Version: "17.5", Major: 17}, {Dir: old, Version: "15.18", Major: 15},
	}, found)
}

func TestMissingProgramsAreExplainedForEverySystem(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	cfg.BinDir = t.TempDir()

	_, err := Start(t.Context(), cfg)

	require.ErrorIs(t, err, ErrNoPrograms)
	for _, hint := range []string{
		cfg.BinDir, "apt install postgresql", "dnf install postgresql-server", "apk add postgresql", "brew install postgresql",
		"deploy/compose.yaml", "DATABASE_URL",
	} {
		require.ErrorContains(t, err, hint)
	}
}

func TestUselessProgramsAreNamedWithTheReason(t *testing.T) {
	t.Parallel()
	for reason, dir := range map[string]string{
		"version 13.4 is too old":    install(t, "13.4", "initdb"),
		"it has no initdb":           install(t, "16.2"),
		"it calls itself postgres (": install(t, "", "initdb"),
	} {
		_, err := FindPrograms(t.Context(), dir, "")

		require.ErrorIs(t, err, ErrNoPrograms)
		require.ErrorContains(t, err, dir+" ("+reason)
	}
}

func TestClusterOfAnotherMajorVersionIsNotTouched(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	c, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	version := filepath.Join(c.place.data(), "PG_VERSION")
	require.NoError(t, os.WriteFile(version, []byte("99\n"), 0o600))

	_, err = Start(t.Context(), cfg)

	require.ErrorIs(t, err, ErrNoPrograms)
	require.ErrorContains(t, err, "no PostgreSQL 99")
}

func TestDumpAndRestoreBelongToTheServer(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Ephemeral: true})
	exec1(t, c.URL(), `CREATE TABLE deals AS SELECT 'crates' AS title`)

	for _, name := range []string{"pg_dump", "pg_restore"} {
		path, err := c.Programs().Path(name)
		require.NoError(t, err)
		require.Equal(t, c.Programs().Dir, filepath.Dir(path))
	}
	_, err := c.Programs().Path("pg_nothing")
	require.ErrorIs(t, err, ErrNoPrograms)

	file := filepath.Join(t.TempDir(), "backup")
	run(t, filepath.Join(c.Programs().Dir, "pg_dump"), "--format=custom", "--file="+file, "--dbname="+c.URL())
	exec1(t, c.URL(), `UPDATE deals SET title = 'later'`)
	run(t, filepath.Join(c.Programs().Dir, "pg_restore"), "--clean", "--if-exists", "--exit-on-error", "--dbname="+c.URL(), file)
	require.Equal(t, "crates", query[string](t, c.URL(), `SELECT title FROM deals`))
}

func run(t *testing.T, program string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func TestMissingTrigramsAreSaidAndNothingIsLeft(t *testing.T) {
	t.Parallel()
	cfg := folder(t)
	cfg.BinDir = withoutTrigrams(t, filepath.Dir(cfg.Dir))

	_, err := Start(t.Context(), cfg)

	require.ErrorIs(t, err, ErrNoTrigrams)
	require.ErrorContains(t, err, "postgresql-contrib")
	require.NoDirExists(t, filepath.Join(cfg.Dir, "postgres", "data"))
	cfg.BinDir = ""
	start(t, cfg)
}
