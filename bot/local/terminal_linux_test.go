package local

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}

// childVariable names the folder of the door that the test binary runs as a child at a terminal.
const childVariable = "FUNNELBOT_TEST_TERMINAL"

// child is a real program at a real terminal. After "remind" a notice comes as soon as the parent
// opens the other end of a pipe, which it does while the next line is being typed.
func child() int {
	c, err := text.Load()
	if err != nil {
		return 2
	}
	folder := os.Getenv(childVariable)
	keys := 0
	var door *Door
	door = New(Config{
		Handle: func(ctx context.Context, req bot.Request) (message.Doc, error) {
			if req.Text == "remind" {
				go func() {
					if now, err := os.Open(filepath.Join(folder, pipe)); err == nil {
						_ = now.Close()
						_ = door.Send(ctx, notification("done:7"))
					}
				}()
			}
			return echo(ctx, req)
		},
		Printer: func() *text.Printer { return c.In("ru") }, Name: "Мира",
		In: os.Stdin, Out: os.Stdout, Folder: folder,
		Complete: func(context.Context, string) []string { return []string{"переговоры"} },
		Now:      time.Now, //nolint:forbidigo // a real program has a real clock
		NewKey:   func() string { keys++; return strconv.Itoa(keys) },
		Getenv:   os.Getenv, Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, unix.SIGTERM)
	defer stop()
	if err := door.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// pipe is the name of the pipe that the child waits at.
const pipe = "now"

// screen is the other side of a pseudo-terminal with a program at it.
type screen struct {
	t      *testing.T
	master *os.File
	cmd    *exec.Cmd
	folder string
	shown  bytes.Buffer
	read   int
}

func atTerminal(t *testing.T, env ...string) *screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 60}))
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	defer func() { _ = slave.Close() }()

	s := &screen{t: t, master: master, folder: t.TempDir()}
	require.NoError(t, unix.Mkfifo(filepath.Join(s.folder, pipe), 0o600))
	s.cmd = exec.CommandContext(t.Context(), os.Args[0])
	s.cmd.Env = append(os.Environ(), append([]string{childVariable + "=" + s.folder, "TERM=xterm", "NO_COLOR=1"}, env...)...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = slave, slave, slave
	s.cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, s.cmd.Start())
	return s
}

func (s *screen) press(keys string) {
	s.t.Helper()
	_, err := s.master.WriteString(keys)
	require.NoError(s.t, err)
}

// remind lets the child's notice come.
func (s *screen) remind() {
	s.t.Helper()
	now, err := os.OpenFile(filepath.Join(s.folder, pipe), os.O_WRONLY, 0)
	require.NoError(s.t, err)
	require.NoError(s.t, now.Close())
}

// see reads the screen until the words stand there, after what was seen before.
func (s *screen) see(words string) {
	s.t.Helper()
	buf := make([]byte, 4096)
	for {
		fresh := s.shown.String()[s.read:]
		if i := strings.Index(fresh, words); i >= 0 {
			s.read += i + len(words)
			return
		}
		n, err := s.master.Read(buf)
		s.shown.Write(buf[:n])
		require.NoError(s.t, err, "waiting for %q, the screen shows %q", words, s.shown.String())
	}
}

func (s *screen) leaves() {
	s.t.Helper()
	s.see("До встречи!")
	require.NoError(s.t, s.cmd.Wait())
}

func TestTerminalGreetsAnswersAndLeaves(t *testing.T) {
	t.Parallel()
	s := atTerminal(t)
	s.see("Здравствуйте, Мира!")
	s.see("> ")
	s.press("ромашка\r")
	s.see("text: ромашка\r\n[1] Undo  [2] Show\r\n\r\n> ")
	s.press("1\r")
	s.see("press: undo:1")
	s.press("пере\t")
	s.see("переговоры")
	s.press("\r")
	s.see("text: переговоры")
	s.press("\x04")
	s.leaves()

	history, err := os.ReadFile(filepath.Join(s.folder, "history"))
	require.NoError(t, err)
	require.Equal(t, "ромашка\n1\nпереговоры\n", string(history))
}

func TestTerminalNoticeKeepsTheLineThatIsBeingTyped(t *testing.T) {
	t.Parallel()
	s := atTerminal(t)
	s.see("> ")
	s.press("remind\r")
	s.see("text: remind")
	s.see("> ")
	s.press("half a li")
	s.see("half a li")
	s.remind()
	s.see("\r\x1b[Jreminder done:7\r\n[3] Done\r\n\r\n")
	s.see("> half a li") // drawn again below
	s.press("ne\r")
	s.see("text: half a line")
	s.press("3\r")
	s.see("press: done:7")
	s.press("\x03")
	s.leaves()
}

func TestTerminalTakesPastedLinesOneByOneAndNoBlankOneAsAnAnswer(t *testing.T) {
	t.Parallel()
	s := atTerminal(t)
	s.see("> ")
	s.press("ask\r\nplain\r\n")
	s.see("How much?")
	s.see("text: plain")
	require.NotContains(t, s.shown.String(), "press:", "the line feed of a pasted line accepted the default")
	s.press("выход\r")
	s.leaves()
}

func TestTerminalColoursUnlessAskedNotTo(t *testing.T) {
	t.Parallel()
	s := atTerminal(t, "NO_COLOR=")
	s.see("> ")
	s.press("x\r")
	s.see("\x1b[32m[1]\x1b[0m Undo")
	s.press("\x04")
	s.leaves()
}

func TestTerminalWithoutEditingStillAsks(t *testing.T) {
	t.Parallel()
	s := atTerminal(t, "TERM=dumb")
	s.see("> ")
	s.press("remind\n")
	s.see("text: remind")
	s.see("> ")
	s.remind()
	s.see("\r\nreminder done:7\r\n[3] Done\r\n\r\n> ")
	s.press("3\n")
	s.see("press: done:7")
	s.see("> ")
	s.press("\x04")
	s.leaves()
	require.NotContains(t, s.shown.String(), "\x1b")
}

func TestTerminalIsGivenBackWhenTheProgramIsToldToStop(t *testing.T) {
	t.Parallel()
	s := atTerminal(t)
	s.see("> ")
	s.press("half")
	s.see("half")
	require.NoError(t, s.cmd.Process.Signal(unix.SIGTERM))
	s.leaves()
	mode, err := unix.IoctlGetTermios(int(s.master.Fd()), unix.TCGETS)
	require.NoError(t, err)
	require.NotZero(t, mode.Lflag&unix.ECHO, "the terminal echoes again")
}
