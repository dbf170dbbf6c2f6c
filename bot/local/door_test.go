package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// echo is a bot that says what reached it. A question in one's own words is asked for by "ask",
// one without a default by "bare", silence by "silent".
func echo(_ context.Context, req bot.Request) (message.Doc, error) {
	said := message.Para(message.Plain("text: " + req.Text))
	if req.Press != nil {
		said = message.Para(message.Plain("press: " + req.Press.Action))
	}
	buttons := message.Buttons{Buttons: []message.Button{{Label: "Undo", Action: "undo:1"}, {Label: "Show", Action: "show:1"}}}
	switch req.Text {
	case "ask":
		return message.New(message.Form{
			Question: message.Text("How much?"), Kind: message.AnswerMoney,
			Default:  &message.Option{Label: "$5", Action: "d:keep"},
			Controls: []message.Button{{Label: "Back", Action: "d:back"}},
		}), nil
	case "bare":
		return message.New(message.Form{Question: message.Text("Why?"), Kind: message.AnswerText}), nil
	case "plain":
		return message.New(said), nil
	case "silent":
		return message.Doc{}, nil
	case "break":
		return message.Doc{}, context.DeadlineExceeded
	}
	return message.New(said, buttons), nil
}

type bundle struct {
	door *Door
	out  *paper
	seen []bot.Request
}

// paper is what was printed, for a test that waits for words to stand there.
type paper struct {
	mu      sync.Mutex
	printed *sync.Cond
	text    strings.Builder
}

func newPaper() *paper {
	p := &paper{}
	p.printed = sync.NewCond(&p.mu)
	return p
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.printed.Broadcast()
	return p.text.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func (p *paper) waitFor(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !strings.Contains(p.text.String(), words) {
		p.printed.Wait()
	}
}

// setup is a door that reads from in and answers with handle.
func setup(t *testing.T, in io.Reader, handle bot.Handler) *bundle {
	t.Helper()
	b := &bundle{out: newPaper()}
	p := printer(t, "en")
	keys := 0
	b.door = New(Config{
		Handle: func(ctx context.Context, req bot.Request) (message.Doc, error) {
			b.seen = append(b.seen, req)
			return handle(ctx, req)
		},
		Workspace: funnel.ID{1}, Member: funnel.ID{2}, Locale: funnel.English, Name: "Mira",
		Printer: func() *text.Printer { return p },
		In:      in, Out: b.out, Folder: t.TempDir(),
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		NewKey: func() string { keys++; return fmt.Sprint("key-", keys) },
		Log:    slog.New(slog.DiscardHandler),
	})
	return b
}

// script is what a door prints for lines from a pipe.
func script(t *testing.T, lines string) (string, []bot.Request) {
	t.Helper()
	b := setup(t, strings.NewReader(lines), echo)
	require.NoError(t, b.door.Run(t.Context()))
	return b.out.String(), b.seen
}

func TestScriptPrintsAnswersOnly(t *testing.T) {
	t.Parallel()
	out, _ := script(t, "plain\r\n\n  \nsilent\nmove acme\nplain")
	require.Equal(t, "text: plain\n\ntext: move acme\n[1] Undo  [2] Show\n\ntext: plain\n", out)
}

func TestEveryLineIsARequestOfItsOwn(t *testing.T) {
	t.Parallel()
	_, seen := script(t, "move acme\n1\n")
	require.Equal(t, []bot.Request{
		{
			Door: "local", Workspace: funnel.ID{1}, Member: funnel.ID{2}, Place: "terminal", Key: "key-1", Text: "move acme",
			Locale: "en", At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		},
		{
			Door: "local", Workspace: funnel.ID{1}, Member: funnel.ID{2}, Place: "terminal", Key: "key-2",
			Press: &bot.Press{Action: "undo:1"}, Locale: "en", At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		},
	}, seen)
}

func TestNumbersPressButtonsAndOthersAreDeals(t *testing.T) {
	t.Parallel()
	for lines, want := range map[string]string{
		"x\n2":                    "press: show:1",
		"x\n [2] ":                "press: show:1",
		"x\n/2":                   "press: show:1",
		"x\n3":                    "text: 3",
		"x\n#1":                   "text: #1",
		"x\n01":                   "text: 01",
		"x\n0":                    "text: 0",
		"x\n1 2":                  "text: 1 2",
		"1":                       "text: 1",
		"x\nplain\n1":             "text: 1",
		"x\nsilent\n1":            "press: undo:1",
		"x\n/7":                   "There is no button 7 here. The buttons are numbered under my messages.",
		"ask\n1":                  "text: 1",
		"ask\n/1":                 "press: d:back",
		"ask\n[/1]":               "text: [/1]",
		"ask\n":                   "How much?",
		"ask\n\n":                 "press: d:keep",
		"bare\n\n":                "I am still asking: Why? Type an answer, or cancel.",
		"bare\n\n\nx":             "text: x",
		"x\n\n":                   "text: x",
		"ask\nexit":               "text: exit",
		"ask\n#1":                 "text: #1",
		"x\n99999999999999999999": "text: 99999999999999999999",
	} {
		out, _ := script(t, lines)
		answers := strings.Split(out, "\n\n")
		require.Contains(t, answers[len(answers)-1], want, "%q", lines)
	}
}

func TestLeavingEndsTheConversation(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"exit", "QUIT", "выход", "/exit", "ask\n/quit"} {
		out, _ := script(t, word+"\nplain\n")
		require.NotContains(t, out, "text:", word)
	}
}

func TestHostileLinesReachTheBotTame(t *testing.T) {
	t.Parallel()
	for _, bad := range hostile {
		_, seen := script(t, "note "+bad+"\n")
		for _, req := range seen {
			require.NotContains(t, req.Text, "\n")
			requireHarmless(t, req.Text)
		}
	}
	_, seen := script(t, "лог\tромашка\x00 \x1b[31mзвонок\u202e\n")
	require.Equal(t, "лог ромашка [31mзвонок", seen[0].Text)
}

func TestLineOfAMegabyteIsRefusedAndTheNextOneRead(t *testing.T) {
	t.Parallel()
	out, seen := script(t, strings.Repeat("я", 1<<20)+"\nplain\n"+strings.Repeat("x", maxLine)+"\n"+strings.Repeat("x", maxLine+1))
	require.Len(t, seen, 2)
	require.Len(t, seen[1].Text, maxLine)
	require.Equal(t, 2, strings.Count(out, "longer than the 16,000 characters"))
}

func TestBrokenAnswerIsASentence(t *testing.T) {
	t.Parallel()
	out, _ := script(t, "break\nplain\n")
	require.Equal(t, "I was interrupted before I could answer. Please check whether your change is there, then try again.\n\ntext: plain\n", out)
}

func TestDoorEndsWhenItCannotPrint(t *testing.T) {
	t.Parallel()
	b := setup(t, strings.NewReader("plain\nplain\n"), echo)
	b.door.Out = broke{}
	require.ErrorIs(t, b.door.Run(t.Context()), errBroke)
	require.Len(t, b.seen, 1)
}

var errBroke = errors.New("broken pipe")

type broke struct{}

func (broke) Write([]byte) (int, error) { return 0, errBroke }

func TestDoorEndsWhenItCannotRead(t *testing.T) {
	t.Parallel()
	b := setup(t, io.MultiReader(strings.NewReader("plain\n"), failing{}), echo)
	require.ErrorIs(t, b.door.Run(t.Context()), errBroke)
	require.Len(t, b.seen, 1)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroke }

func notification(action string) message.Doc {
	return message.New(
		message.Para(message.Plain("reminder "+action)),
		message.Buttons{Buttons: []message.Button{{Label: "Done", Action: action}}},
	)
}

func TestNoticesStandBetweenAnswersWithNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	b := setup(t, in, echo)
	done := make(chan error, 1)
	go func() { done <- b.door.Run(t.Context()) }()

	require.NoError(t, b.door.Send(t.Context(), notification("done:7")))
	_, err := io.WriteString(keys, "x\n") // its answer takes number 1 away from the reminder
	require.NoError(t, err)
	b.out.waitFor("text: x")
	require.NoError(t, b.door.Send(t.Context(), notification("done:8")))
	require.NoError(t, b.door.Send(t.Context(), notification("done:9")))
	for _, line := range []string{"4\n", "plain\n", "4\n", "1\n"} {
		_, err := io.WriteString(keys, line)
		require.NoError(t, err)
	}
	require.NoError(t, keys.Close())
	require.NoError(t, <-done)
	require.Equal(t, strings.Join([]string{
		"reminder done:7\n[1] Done",
		"text: x\n[1] Undo  [2] Show",
		"reminder done:8\n[3] Done",
		"reminder done:9\n[4] Done",
		"press: done:9\n[1] Undo  [2] Show",
		"text: plain",
		"press: done:9\n[1] Undo  [2] Show",
		"press: undo:1\n[1] Undo  [2] Show",
	}, "\n\n")+"\n", b.out.String())
	require.ErrorIs(t, b.door.Send(t.Context(), notification("late")), ErrClosed)
}

func TestNoticeDuringAQuestionDoesNotTakeTheAnswer(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	b := setup(t, in, echo)
	done := make(chan error, 1)
	go func() { done <- b.door.Run(t.Context()) }()
	_, err := io.WriteString(keys, "ask\n")
	require.NoError(t, err)
	b.out.waitFor("How much?")
	require.NoError(t, b.door.Send(t.Context(), notification("done:8")))
	_, err = io.WriteString(keys, "2\n")
	require.NoError(t, err)
	require.NoError(t, keys.Close())
	require.NoError(t, <-done)
	require.Contains(t, b.out.String(), "[/2] Done")
	require.Contains(t, b.out.String(), "text: 2")
}

func TestSendGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	b := setup(t, strings.NewReader(""), echo)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.door.Send(ctx, notification("x")), context.Canceled)
}

func TestButtonsOfNoticesAreKeptInBounds(t *testing.T) {
	t.Parallel()
	var p presses
	for range 10 * keptPresses {
		p.noticed(page{actions: []string{"a", "b"}})
	}
	require.Len(t, p.notices, keptPresses)
	_, ok := p.find(p.last)
	require.True(t, ok)
}

func TestRequestThatRunsIsFinishedWhenTheProgramStops(t *testing.T) {
	t.Parallel()
	in, keys := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	var finished atomic.Bool
	b := setup(t, in, func(context.Context, bot.Request) (message.Doc, error) {
		stop()
		finished.Store(true)
		return message.New(message.Para(message.Plain("saved"))), nil
	})
	done := make(chan error, 1)
	go func() { done <- b.door.Run(ctx) }()
	_, err := io.WriteString(keys, "x\n")
	require.NoError(t, err)
	require.NoError(t, <-done)
	require.True(t, finished.Load())
	require.Equal(t, "saved\n", b.out.String())
	require.NoError(t, keys.Close())
}

func TestFilesAreSavedUnderNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, strings.NewReader(""), echo)
	for _, c := range []struct{ name, want string }{
		{"deals.csv", "deals.csv"},
		{"deals.csv", "deals-1.csv"},
		{"../../etc/passwd", "_.._etc_passwd"},
		{`C:\x\y.csv`, "C__x_y.csv"},
		{"", "file"},
		{"...", "file-1"},
		{"\x00\x1b.png", "__.png"},
		{strings.Repeat("я", 300) + ".csv", strings.Repeat("я", 48) + ".csv"},
	} {
		path, err := b.door.keep(c.name, []byte("data"))
		require.NoError(t, err)
		require.Equal(t, filepath.Join(b.door.Folder, "files", c.want), path)
	}
	info, err := os.Stat(filepath.Join(b.door.Folder, "files", "deals.csv"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	b.door.Folder = ""
	_, err = b.door.keep("deals.csv", nil)
	require.ErrorIs(t, err, errNoFolder)
}

func TestHistoryKeepsTheLastLines(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	h := openHistory(folder)
	for i := range 3 * historyLines {
		h.add(fmt.Sprint("line ", i))
	}
	h.add("bad \x1b[2J\xff")
	h.close()

	h = openHistory(folder)
	require.Len(t, h.lines, historyLines)
	require.Equal(t, "bad [2J�", h.lines[historyLines-1])
	require.Equal(t, fmt.Sprint("line ", 3*historyLines-1), h.lines[historyLines-2])
	h.close()
	data, err := os.ReadFile(filepath.Join(folder, "history"))
	require.NoError(t, err)
	require.Equal(t, historyLines, strings.Count(string(data), "\n"), "the file is cut when it is twice too long")

	nowhere := openHistory("/dev/null/no")
	nowhere.add("x")
	nowhere.close()
	require.Empty(t, nowhere.lines)
}

func TestCompletionShowsTitlesSafely(t *testing.T) {
	t.Parallel()
	got := complete(func(ctx context.Context, line string) []string {
		_, limited := ctx.Deadline()
		require.True(t, limited)
		return []string{line + "ма", "ром\x1b[31m\nа"}
	}, "ро")
	require.Equal(t, []string{"рома", "ром�[31m а"}, got)
}

func FuzzReadOfALine(f *testing.F) {
	for _, s := range append(hostile, "1", "/1", "1,3", "1 3", "/1,3", "1, 99", "[1]", "[/1]", "[]", "/", "#1", "") {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, line string, own bool) {
		p := presses{answer: []string{"a", "b"}, agree: "d", typed: own}
		act, words := p.read(line)
		requireHarmless(t, words)
		require.NotContains(t, words, "\n")
		require.Equal(t, act == actNothing || act == actLeave, words == "")
	})
}
