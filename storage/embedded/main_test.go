//go:build unix

package embedded

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start starts a cluster that is closed when the test ends.
func start(t *testing.T, cfg Config) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close(context.WithoutCancel(t.Context()))) })
	return c
}

// folder makes a data folder with a refuge beside it, where root's tests must
// not touch the real one. Every account can reach both.
func folder(t *testing.T) Config {
	t.Helper()
	root := append(memoryFolders(), "")[0]
	top, err := os.MkdirTemp(root, "fb") //nolint:usetesting // t.TempDir is closed to other accounts and too long for a socket
	require.NoError(t, err)
	require.NoError(t, os.Chmod(top, 0o711))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(top)) })
	return Config{Dir: filepath.Join(top, "data"), refuge: filepath.Join(top, "refuge")}
}

// hidden is folder inside a home that only its owner may enter.
func hidden(t *testing.T) Config {
	t.Helper()
	cfg := folder(t)
	home := filepath.Join(filepath.Dir(cfg.Dir), "home")
	require.NoError(t, os.Mkdir(home, 0o700))
	cfg.Dir = filepath.Join(home, "data")
	return cfg
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func exec1(t *testing.T, dsn, sql string) {
	t.Helper()
	_, err := connect(t, dsn).Exec(t.Context(), sql)
	require.NoError(t, err)
}

func query[T any](t *testing.T, dsn, sql string) T {
	t.Helper()
	var v T
	require.NoError(t, connect(t, dsn).QueryRow(t.Context(), sql).Scan(&v))
	return v
}

// serverOf is the number of the server's process.
func serverOf(t *testing.T, c *Cluster) int {
	t.Helper()
	f, ok, err := readPidFile(c.place.pidFile())
	require.NoError(t, err)
	require.True(t, ok, "no server has been started")
	return f.pid
}

// eventually waits for something that another process does.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	require.Eventually(t, done, 20*time.Second, 5*time.Millisecond, what)
}

func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
}

// process is another run of this test binary, using a cluster.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	url string
}

const (
	childDir    = "EMBEDDED_TEST_DIR"
	childRefuge = "EMBEDDED_TEST_REFUGE"
)

// spawn runs a process that starts the cluster and waits; its environment
// tries to lead every PostgreSQL program astray.
func spawn(t *testing.T, cfg Config) *process {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe, "-test.run=^TestProcess$", "-test.v")
	cmd.Env = append(os.Environ(), childDir+"="+cfg.Dir, childRefuge+"="+cfg.refuge,
		"PGHOST=/nonexistent", "PGPORT=1", "PGUSER=stranger", "PGDATABASE=strange", "PGDATA=/nonexistent",
		"PGOPTIONS=-c nonsense=1", "PGSSLMODE=verify-full",
		"PGTARGETSESSIONATTRS=standby", "PGCHANNELBINDING=require", "LC_ALL=tlh_QO")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd, in: in}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			p.url = url
			return p
		}
	}
	require.Fail(t, "the other process did not start the cluster", said.String())
	return nil
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// leave lets the process close its cluster and end.
func (p *process) leave(t *testing.T) {
	t.Helper()
	require.NoError(t, p.in.Close())
	require.NoError(t, p.cmd.Wait())
}

// TestProcess is the other process; run by itself it has nothing to do.
func TestProcess(t *testing.T) { //nolint:paralleltest // it is a program of its own
	dir, asked := os.LookupEnv(childDir)
	if !asked {
		t.Skip("run by other tests")
	}
	c, err := Start(t.Context(), Config{Dir: dir, refuge: os.Getenv(childRefuge), Ephemeral: dir == ""})
	require.NoError(t, err)
	_, err = os.Stdout.WriteString("\nready " + c.URL() + "\n")
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, os.Stdin)
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
}

// TestAsOrdinaryUser runs all tests again as an ordinary user.
func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	asRoot(t)
	nobody, err := unprivileged()
	require.NoError(t, err)
	top := filepath.Dir(folder(t).Dir)
	binary, tmp := filepath.Join(top, "embedded.test"), filepath.Join(top, "tmp")
	exe, err := os.ReadFile("/proc/self/exe")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(binary, exe, 0o755))
	require.NoError(t, os.Mkdir(tmp, 0o700))
	require.NoError(t, os.Chown(tmp, nobody.uid, nobody.gid))

	args := []string{"-test.count=1"}
	if testing.Verbose() {
		args = append(args, "-test.v")
	}
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir = tmp
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + tmp, "TMPDIR=" + tmp}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: uint32(nobody.uid), Gid: uint32(nobody.gid)},
	}
	out, err := cmd.CombinedOutput()

	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)
}
