package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"funnelbot/storage/embedded"
	"funnelbot/storage/postgres/pgtest"
)

// execute runs the whole program on lines of input and returns its exit code and what it printed.
func execute(t *testing.T, lines string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = runWith(t.Context(), args, &streams{
		in: strings.NewReader(lines), out: &stdout, err: &stderr,
		getenv: func(string) string { return "" }, now: time.Now,
	})
	return code, stdout.String(), stderr.String()
}

func TestADatabaseThatCannotBeReachedIsOneSentence(t *testing.T) {
	t.Parallel()
	missing, err := url.Parse(pgtest.New(t, nothing))
	require.NoError(t, err)
	missing.Path = "/nowhere"
	for address, says := range map[string]string{
		"postgres://bot:s3cret@127.0.0.1:1/f": "PostgreSQL at 127.0.0.1:1 does not answer (connection refused): check",
		"postgres://bot:s3cret@/f?host=/none": `PostgreSQL at /none does not answer (there is no socket): check`,
		"postgres://bot:s3cret@db:port/f":     "DATABASE_URL cannot be read: write it as postgres://user:password@host:5432/database",
		missing.String():                      `has no database "nowhere": create it`,
	} {
		code, out, errs := execute(t, "help\n", "chat", "--database-url", address, "--data", t.TempDir())

		require.Equal(t, exitFailed, code)
		require.Empty(t, out)
		require.Contains(t, errs, says)
		require.Equal(t, 1, strings.Count(errs, "\n"), errs)
		require.NotContains(t, errs, "s3cret")
	}
}

func TestWhatTheServerRefusesIsPutIntoWords(t *testing.T) {
	t.Parallel()
	const address = "postgres://bot:s3cret@db.test:5433/sales"
	for _, c := range []struct{ code, message, says string }{
		{"28P01", "password authentication failed", `PostgreSQL at db.test:5433 does not let the user "bot" in: check the user and the password`},
		{"28000", "no pg_hba.conf entry", `does not let the user "bot" in`},
		{"3D000", "database does not exist", `has no database "sales": create it`},
		{"42501", `permission denied to create extension "pg_trgm"`, `run CREATE EXTENSION pg_trgm in the database "sales"`},
		{"42501", "permission denied for schema public", `make this user the owner of the database "sales"`},
		{"0A000", `extension "pg_trgm" is not available`, "lacks the extension pg_trgm: install it"},
		{"58P01", `could not open extension control file "/x/pg_trgm.control"`, "lacks the extension pg_trgm: install it"},
		{"57P03", "the database system is starting up", "is starting or stopping: try again"},
		{"53300", "too many clients", "takes no more connections"},
	} {
		err := databaseTrouble(fmt.Errorf("migrate: %w", &pgconn.PgError{Code: c.code, Message: c.message}), address)

		require.ErrorContains(t, err, c.says)
		require.NotContains(t, err.Error(), "s3cret")
	}
	other := fmt.Errorf("migrate: %w", &pgconn.PgError{Code: "42P01"})
	require.Equal(t, other, databaseTrouble(other, address), "what has no words of its own stays as it is")
	require.NoError(t, databaseTrouble(nil, address))
}

func TestTheMendFitsWhatIsWrongWithAPrivateCluster(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		says string
	}{
		{embedded.ErrNoPrograms, "install them"},
		{embedded.ErrNoTrigrams, "install that package"},
		{embedded.ErrNoDir, "set FUNNELBOT_DATA"},
		{embedded.ErrInUse, "end the other process"},
		{embedded.ErrLocale, "new folder"},
		{fs.ErrPermission, "that you may write"},
		{syscall.EROFS, "that you may write"},
		{syscall.ENOSPC, "make room"},
		{errors.New("server ended"), "server's log"},
	} {
		require.Contains(t, clusterMend(fmt.Errorf("start: %w", c.err)), c.says)
	}
}

func TestTheDoctorIsContentWithAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	address := pgtest.New(t, nothing)
	code, out, errs := execute(t, "", "doctor", "--database-url", address)
	require.Zero(t, code, errs)
	require.Contains(t, out, "new: it is set up at the first use")

	code, _, errs = execute(t, "help\n", "chat", "--database-url", address, "--data", t.TempDir())
	require.Zero(t, code, errs)
	code, out, errs = execute(t, "", "doctor", "--database-url", address)
	require.Zero(t, code, errs)
	require.Contains(t, out, "schema     version ")
	require.Contains(t, out, "messages   0 wait")
}

func TestTheDoctorMendsAWrongDataFolder(t *testing.T) {
	t.Parallel()
	code, out, _ := execute(t, "", "doctor", "--data", "/dev/null/data")

	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "Mend: set FUNNELBOT_DATA or --data to a folder that you may write.")
	require.NotContains(t, out, "install")
}
