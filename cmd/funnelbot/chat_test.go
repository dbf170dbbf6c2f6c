package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

// once runs the program to its end.
func once(t *testing.T, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = runWith(t.Context(), args, &streams{
		in: strings.NewReader(stdin), out: &o, err: &e, getenv: func(string) string { return "" },
		now: func() time.Time { return monday },
	})
	return code, o.String(), e.String()
}

func TestWordsThatAreNoCommandEndWithUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"dance"},
		{"--dance"},
		{"chat", "--dance"},
		{"chat", "dance"},
		{"chat", "--role", "king"},
		{"chat", "--lang", "xx"},
		{"import"},
		{"report", "weather"},
		{"chat", "--log-level", "loud"},
	} {
		code, out, errs := once(t, "", args...)
		require.Equal(t, exitUsage, code, args)
		require.Empty(t, out, args)
		require.Contains(t, errs, "funnelbot: ", args)
		require.Contains(t, errs, "funnelbot --help", args)
	}
}

func TestADatabaseThatIsNotThereGetsOneSentenceWithoutThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://anna:s3cret@127.0.0.1:1/funnelbot", "postgres://anna:s3cret@nowhere.invalid/funnelbot",
		"postgres://anna:s3cret@127.0.0.1:notaport/x", "host=127.0.0.1 port=1 password=s3cret user=anna", "postgres://anna:s3cret%zz@h/x",
	} {
		code, out, errs := once(t, "#1\n", "chat", "--database-url", url, "--data", t.TempDir())
		require.Equal(t, exitFailed, code, url)
		require.Empty(t, out)
		require.NotContains(t, errs, "s3cret", url)
		require.NotContains(t, errs, "goroutine", url)
		require.LessOrEqual(t, strings.Count(errs, "\n"), 3, errs)
		require.Contains(t, errs, "funnelbot: ", url)
	}
}

func TestADatabaseOfTheWrongLocaleIsRefused(t *testing.T) {
	t.Parallel()
	code, out, errs := once(t, "#1\n", "chat", "--database-url", pgtest.WithLocale(t, "C"), "--data", t.TempDir())
	require.Equal(t, exitFailed, code)
	require.Empty(t, out)
	require.Contains(t, errs, "locale")
}

func TestWhoSpeaksIsKeptBetweenConversations(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t, nothing)
	say := func(line string, args ...string) string {
		code, out, errs := once(t, line+"\n", append([]string{"chat", "--database-url", url, "--data", t.TempDir()}, args...)...)
		require.Zero(t, code, errs)
		require.Empty(t, errs)
		return out
	}
	require.Contains(t, say("members", "--as", "Anna", "--lang", "en"), "admin", "a new person is an admin")
	require.Contains(t, say("участники", "--as", "Борис", "--lang", "ru", "--role", "rep"), "Борис")
	require.Contains(t, say("role Anna rep", "--as", "Борис"), "админ", "the role and the language hold from then on")
	require.Contains(t, say("members", "--as", "anna"), "Anna", "the name is the same in any case")
	require.Contains(t, say("language", "--as", "Борис", "--lang", "en"), "language", "said again, it changes")
	require.Equal(t, 2, count(t, url, "members"))
}

func TestHostileInputGetsAnswersAndInjectsNothing(t *testing.T) {
	t.Parallel()
	url, args := office(t)
	lines := []string{
		"new Acme 12k", strings.Repeat("x", 1<<20), "log #1 a\x00b", "log #1 \xff\xfe\xfd", "log #1 \x1b[2J\x1b]0;owned\x07red",
		"new \x1b[31mRed\x1b[0m 5k", "'; DROP TABLE deals; --", "log #1 '); DELETE FROM moves; --", "log #1 <!channel> <@U123> <script>alert(1)</script>",
		"log #1 \u202eabc\u202c \u200f \u2066x", "log #1 " + strings.Repeat("я", 16000), strings.Repeat("new ", 3000), "\u0000\u0001\u0002",
		"find %_%", "find \\", "new %s %d %!v(MISSING)", "set #1 title {{.deal}} {{template}}", "#1", "list", "undo",
	}
	code, out, errs := once(t, strings.Join(lines, "\n")+"\n", append([]string{"chat"}, args...)...)
	require.Zero(t, code, errs)
	require.Empty(t, errs)
	for _, bad := range []string{"\x1b", "\x00", "\x07", "\u202e", "SQLSTATE", "goroutine", "ERROR", "%!", "<no value>"} {
		if bad == "%!" {
			continue // it is what was typed
		}
		require.NotContains(t, out, bad)
	}
	require.GreaterOrEqual(t, strings.Count(out, "\n\n"), len(lines)-2, "every line has an answer")
	require.Positive(t, count(t, url, "deals"))
	require.Positive(t, count(t, url, "moves"))
}

func TestARemindersTimeBringsItIntoTheChat(t *testing.T) {
	t.Parallel()
	url, _ := office(t)
	typist := newTypist()
	s := &sitting{tb: t, typist: typist, code: make(chan int, 1)}
	s.clock.Store(monday.UnixNano())
	io := &streams{in: typist, out: &s.out, err: &s.errs, getenv: func(string) string { return "" }, now: s.now}
	a, err := newApp(t.Context(), &settings{DatabaseURL: url, Workspace: "main", Zone: "Europe/Moscow", LogLevel: "info", LogFormat: "text"},
		io, options{quiet: true})
	require.NoError(t, err)
	t.Cleanup(func() { a.close(context.WithoutCancel(t.Context())) })
	m, err := a.signIn(t.Context(), person{As: "Anna", Lang: "en"}, io)
	require.NoError(t, err)
	go func() {
		defer close(typist.gone)
		if err := a.talk(t.Context(), m, "", io); err != nil {
			s.code <- exitFailed
			return
		}
		s.code <- 0
	}()
	s.wait()
	s.say("new Acme 12k")
	require.Contains(t, s.say("next #1 walk them through the offer tomorrow 10:00"), "10:00")
	n, err := a.service.RunDue(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "it is not tomorrow yet")

	s.out.take()
	s.clock.Store(monday.Add(24 * time.Hour).UnixNano())
	_, err = a.service.RunDue(t.Context())
	require.NoError(t, err)
	var printed strings.Builder
	require.Eventually(t, func() bool {
		printed.WriteString(s.out.take())
		return strings.Contains(printed.String(), "walk them through the offer")
	}, patience, 20*time.Millisecond)
	require.Contains(t, printed.String(), "#1")
	require.NotContains(t, s.say("done #1"), "walk them through the offer\nwalk", "it is shown once")
	require.Zero(t, s.leave())
	require.Equal(t, 1, count(t, url, "outbox WHERE kind = '"+string(funnel.NoticeStepDue)+"'"))
}

func TestAQuestionThatAScriptLeavesOpenTakesNoLineOfTheNextScript(t *testing.T) {
	t.Parallel()
	_, args := office(t)
	say := func(lines string) string {
		code, out, errs := once(t, lines, append([]string{"chat"}, args...)...)
		require.Zero(t, code, errs)
		require.Empty(t, errs)
		return out
	}
	say("new Acme 12k website\n")
	require.Contains(t, say("lost acme\n"), "Why was it lost?")
	require.Contains(t, say("#1\n"), "Stage:")
	out := say("lost acme\nlost acme\n")
	require.Contains(t, out, "Why was it lost?")
	require.Contains(t, say("price\n"), "price")
	require.Contains(t, say("#1\n"), "Lead", "nothing has answered the question")
}
