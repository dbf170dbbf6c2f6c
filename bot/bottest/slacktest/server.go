package slacktest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is one workspace with one installed app. The exported fields are set
// by New; those a test changes it changes before the bot starts to talk.
type Server struct {
	// URL is the base of the Web API and ends in /api/.
	URL string
	// Token is the bot token, AppToken the app-level one of Socket Mode.
	Token, AppToken string
	// SigningSecret signs every request to the bot.
	SigningSecret string
	// TeamID, TeamDomain, BotUserID, BotID and AppID name the installation.
	TeamID, TeamDomain, BotUserID, BotID, AppID string
	// Scopes are what the bot token may do, as auth.test lists them.
	Scopes []string
	// Now is the clock of timestamps, trigger ids, response_urls and rates.
	Now func() time.Time
	// SignNow is the clock of request signatures. It is apart from Now since
	// the verifier of the Slack library reads the machine's clock.
	SignNow func() time.Time
	// Bot is the base URL of the bot under test. While it is empty and
	// UseSocket is false nothing is sent and a Reply only carries its Request.
	Bot string
	// CommandPath, InteractionPath, OptionPath and EventPath are appended to Bot.
	CommandPath, InteractionPath, OptionPath, EventPath string
	// AckWithin is how long the machine's clock may run until a request is acknowledged.
	AckWithin time.Duration
	// UseSocket sends people's actions over Socket Mode in place of HTTP.
	UseSocket bool

	tb   testing.TB
	http *httptest.Server

	mu        sync.Mutex
	serial    int64
	lastTS    int64
	installed bool
	users     []*User
	channels  []*Channel
	groups    []*Group
	messages  []*Message
	views     []*View
	files     []*File
	triggers  map[string]*trigger
	hooks     map[string]*hook
	faults    map[string][]*Fault
	limited   bool
	sent      map[string][]time.Time
	calls     []Call
	refusals  []Refusal
	errors    []string
	sockets   []*socket
	tickets   map[string]bool
	nextConn  int
}

// New starts a Slack that is closed when the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{ //nolint:gosec // invented credentials of an invented workspace
		Token: "xoxb-slacktest-1", AppToken: "xapp-1-slacktest", SigningSecret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
		TeamID: "T0TEAM", TeamDomain: "linden", BotUserID: "U0BOT", BotID: "B0BOT", AppID: "A0APP",
		Scopes: []string{
			"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
			"groups:history", "groups:read", "im:history", "im:read", "im:write", "team:read", "usergroups:read", "users:read",
		},
		Now: time.Now, SignNow: time.Now, AckWithin: ackWithin,
		CommandPath: "/slack/commands", InteractionPath: "/slack/interactions",
		OptionPath: "/slack/interactions", EventPath: "/slack/events",
		tb: tb, installed: true,
		triggers: map[string]*trigger{}, hooks: map[string]*hook{}, faults: map[string][]*Fault{},
		sent: map[string][]time.Time{}, tickets: map[string]bool{},
	}
	s.users = append(s.users, &User{ID: s.BotUserID, Name: "funnelbot", RealName: "Funnelbot", IsBot: true, TeamID: s.TeamID})
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveMethod)
	mux.HandleFunc("POST /hooks/{id}", s.serveHook)
	mux.HandleFunc("POST /upload/{id}", s.serveUpload)
	mux.HandleFunc("GET /files/{id}", s.serveDownload)
	mux.HandleFunc("GET /socket", s.serveSocket)
	s.http = httptest.NewServer(mux)
	s.URL = s.http.URL + "/api/"
	tb.Cleanup(func() {
		s.closeSockets()
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// Refusal is something the bot did that Slack does not take.
type Refusal struct {
	// Method is the API method, or what was answered, such as "response_url".
	Method string
	// Error is Slack's code, Messages its explanations.
	Error    string
	Messages []string
}

// String is the refusal in one line.
func (r Refusal) String() string {
	return r.Method + ": " + r.Error + " " + strings.Join(r.Messages, "; ")
}

// Refusals are everything the bot did that Slack does not take, in order.
// Failures asked for with Fail and rate limits are not among them.
func (s *Server) Refusals() []Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals)
}

// Errors are the bot's late or failed acknowledgements, in order.
func (s *Server) Errors() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.errors)
}

// Forget empties Refusals, Errors and Calls, for a test that provoked them.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals, s.errors, s.calls = nil, nil, nil
}

func (s *Server) refuse(method, code string, messages ...string) {
	s.refusals = append(s.refusals, Refusal{Method: method, Error: code, Messages: messages})
}

func (s *Server) fault(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errors = append(s.errors, fmt.Sprintf(format, args...))
}

// id makes an identifier that is unique in this server.
func (s *Server) id(prefix string) string {
	s.serial++
	return prefix + fmt.Sprintf("%08X", 0x10000000+s.serial)
}

// nextTS gives every message its own microsecond even when the clock stands.
func (s *Server) nextTS() string {
	now := max(s.Now().UnixMicro(), s.lastTS+1)
	s.lastTS = now
	return fmt.Sprintf("%d.%06d", now/1e6, now%1e6)
}

func (s *Server) hasScope(scope string) bool { return slices.Contains(s.Scopes, scope) }

func atoi(text string, fallback int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return fallback
}
