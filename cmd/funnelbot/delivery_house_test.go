package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

// Who and where in the house. Anna runs the team in Slack, Vera the one in Telegram.
const (
	boris       = "U502" // a colleague in Slack
	vera        = 601
	gleb        = 602 // a colleague in Telegram
	openChannel = "C88"
)

// house is a company that uses both platforms, and the programs that serve it by the clock of the
// machine.
type house struct {
	tb       testing.TB
	url      string
	slack    *slacktest.Server
	telegram *telegramtest.Server
	// gate is where the platforms send to; it leads to the program that is open.
	gate *gate
	// slackAPI and telegramAPI are where the programs send to, if not to the platforms themselves.
	slackAPI, telegramAPI string
	more                  []string
	// env is what programs in processes of their own find in the environment.
	env []string
}

// newHouse is a house on the database, without a program.
func newHouse(tb testing.TB, database string) *house {
	tb.Helper()
	h := &house{tb: tb, url: database, slack: slacktest.New(tb), telegram: telegramtest.New(tb), gate: newGate(tb)}
	h.slack.AddUser(slacktest.User{ID: annaInSlack, Name: "anna", RealName: "Anna", IsOwner: true, TZ: "UTC"})
	h.slack.AddUser(slacktest.User{ID: boris, Name: "boris", RealName: "Boris", TZ: "UTC"})
	h.slack.AddChannel(slacktest.Channel{ID: salesInSlack, Name: "sales", Members: []string{annaInSlack, boris}, BotIsMember: true})
	h.slack.AddChannel(slacktest.Channel{ID: openChannel, Name: "general", Members: []string{annaInSlack}, BotIsMember: true})
	h.telegram.AddUser(telegramtest.User{ID: vera, First: "Vera", Language: "en"})
	h.telegram.AddUser(telegramtest.User{ID: gleb, First: "Gleb", Language: "en"})
	h.telegram.AddGroup(telegramtest.Group{
		ID: salesInTelegram, Title: "Sales", Members: []int64{vera, gleb}, Admins: []int64{vera}, BotIsMember: true, Privacy: true,
	})
	h.slack.Bot, h.telegram.Bot = h.gate.url, h.gate.url+"/telegram"
	h.slackAPI, h.telegramAPI = h.slack.URL, h.telegram.URL
	return h
}

// args are those of a command of the program in the house.
func (h *house) args(command string, more ...string) []string {
	args := []string{
		command, "--database-url", h.url, "--lang", "en", "--zone", "UTC", "--data", h.tb.TempDir(),
		"--slack-bot-token", h.slack.Token, "--slack-api-url", h.slackAPI,
		"--telegram-bot-token", h.telegram.Token, "--telegram-api-url", h.telegramAPI,
	}
	if command == "serve" {
		args = append(args, "--slack-signing-secret", h.slack.SigningSecret, "--telegram-webhook-url", "https://bot.example",
			"--telegram-webhook-secret", h.telegram.WebhookSecret)
	}
	return append(append(args, h.more...), more...)
}

// serving is a program inside this process.
type serving struct {
	tb   testing.TB
	url  string
	errs screen
	stop context.CancelFunc
	code chan int
}

// serve starts a program in the house and waits until it takes requests.
func (h *house) serve(more ...string) *serving {
	h.tb.Helper()
	l, address := socket(h.tb)
	v := &serving{tb: h.tb, url: address, code: make(chan int, 1)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.tb.Context()))
	v.stop = cancel
	args := h.args("serve", more...)
	go func() {
		v.code <- runWith(ctx, args, &streams{
			out: &v.errs, err: &v.errs, getenv: func(string) string { return "" }, now: time.Now,
			listen: func(context.Context, string) (net.Listener, error) { return l, nil },
		})
	}()
	h.tb.Cleanup(cancel)
	require.Eventually(h.tb, func() bool { return len(v.code) > 0 || status(h.tb, address+"/readyz") == http.StatusOK }, patience, glance)
	require.Empty(h.tb, v.code, v.log())
	h.gate.lead(address)
	h.telegram.Until(func() bool { return h.telegram.Webhook().URL != "" })
	return v
}

// log is everything that the program has printed so far.
func (v *serving) log() string { return v.errs.read() }

func (s *screen) read() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// end stops the program and returns what it has printed in its life, which must not be of a fault.
func (v *serving) end() string {
	v.tb.Helper()
	v.stop()
	require.Zero(v.tb, <-v.code)
	sound(v.tb, v.log())
	return v.log()
}

// sound requires that nothing broke, by the log of a program.
func sound(tb testing.TB, log string) {
	tb.Helper()
	for line := range strings.Lines(log) {
		for _, word := range []string{"level=ERROR", "panic", "goroutine", "incident", "SQLSTATE", "DATA RACE"} {
			require.NotContains(tb, line, word)
		}
	}
}

// status is how a path is answered, 0 if it is not.
func status(tb testing.TB, address string) int {
	tb.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(tb.Context()), http.MethodGet, address, nil)
	require.NoError(tb, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// serveChild starts a program in a process of its own, which can be killed.
func (h *house) serveChild() *child {
	h.tb.Helper()
	c := spawnIn(h.tb, h.env, h.args("serve", "--listen", "127.0.0.1:0")...)
	at := regexp.MustCompile(`msg=serving address=(\S+)`)
	var address string
	require.Eventually(h.tb, func() bool {
		m := at.FindStringSubmatch(c.errs.read())
		if m != nil {
			address = "http://" + m[1]
		}
		return m != nil && status(h.tb, address+"/readyz") == http.StatusOK
	}, patience, glance, "the child does not serve")
	h.gate.lead(address)
	return c
}

// settle brings in Anna and Vera, who run the teams, and says how the group stands.
func (h *house) settle() {
	h.tb.Helper()
	require.NoError(h.tb, h.slack.DirectMessage(annaInSlack, "", "help").Err)
	require.NoError(h.tb, h.slack.DirectMessage(annaInSlack, "", "access add <#"+salesInSlack+"|sales>").Err)
	h.invite(vera, "admin")
	require.True(h.tb, h.telegram.Group(vera, salesInTelegram, "/connect@"+h.telegram.Username+" internal").OK())
}

// invite brings somebody of Telegram in with a role.
func (h *house) invite(user int64, role string) {
	h.tb.Helper()
	require.True(h.tb, h.telegram.Start(user, h.code(role)).OK())
}

// code is that of an invitation made at the command line.
func (h *house) code(role string) string {
	h.tb.Helper()
	var out, errs bytes.Buffer
	done := runWith(h.tb.Context(), h.args("invite", "--role", role), &streams{
		out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now,
	})
	require.Zero(h.tb, done, errs.String())
	m := codeLine.FindStringSubmatch(out.String())
	require.NotNil(h.tb, m, out.String())
	return m[1]
}

// clean requires that neither platform had anything to refuse.
func (h *house) clean() {
	h.tb.Helper()
	require.Empty(h.tb, h.slack.Refusals(), "Slack refuses what the bot did")
	require.Empty(h.tb, h.telegram.Mistakes(), "Telegram refuses what the bot asked for")
}

// delivered waits until nothing is owed any more.
func (h *house) delivered() {
	h.tb.Helper()
	pool := pgtest.Pool(h.tb, h.url)
	require.Eventually(h.tb, func() bool {
		var owed int
		err := pool.QueryRow(h.tb.Context(), "SELECT count(*) FROM outbox WHERE done_at IS NULL").Scan(&owed)
		return err == nil && owed == 0
	}, 2*patience, 4*glance, "a message is still owed")
}

// toSlack are the texts of the bot's messages in Slack with a mark in them.
func (h *house) toSlack(mark string) []string {
	var found []string
	for _, m := range h.slack.FromBot() {
		if text := m.Plain(); strings.Contains(text, mark) {
			found = append(found, text)
		}
	}
	return found
}

// toTelegram are the texts of the bot's messages in a chat with a mark in them.
func (h *house) toTelegram(chat int64, mark string) []string {
	var found []string
	for _, m := range h.telegram.Said(chat) {
		if text := m.Plain(); strings.Contains(text, mark) {
			found = append(found, text)
		}
	}
	return found
}

// gate stands between the platforms and whichever program is open.
type gate struct {
	url string

	mu     sync.Mutex
	target *url.URL
	opened chan struct{} // closed while there is a target
}

// towards is the key of the program that a request goes to.
type towards struct{}

func newGate(tb testing.TB) *gate {
	tb.Helper()
	g := &gate{opened: make(chan struct{})}
	l, address := socket(tb)
	g.url = address
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			if to, ok := r.In.Context().Value(towards{}).(*url.URL); ok {
				r.SetURL(to)
			}
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		to := g.target
		g.mu.Unlock()
		if to == nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), towards{}, to)))
	})}
	go func() { _ = server.Serve(l) }()
	tb.Cleanup(func() { _ = server.Close() })
	return g
}

// lead opens the way to a program.
func (g *gate) lead(address string) {
	to, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.target == nil {
		close(g.opened)
	}
	g.target = to
}

// shut takes the way away.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.target != nil {
		g.opened = make(chan struct{})
	}
	g.target = nil
}

// wait returns when there is a way.
func (g *gate) wait(ctx context.Context) {
	g.mu.Lock()
	opened := g.opened
	g.mu.Unlock()
	select {
	case <-opened:
	case <-ctx.Done():
	}
}

// drained reads a body to its end.
func drained(tb testing.TB, r io.Reader) string {
	tb.Helper()
	all, err := io.ReadAll(r)
	require.NoError(tb, err)
	return string(all)
}
