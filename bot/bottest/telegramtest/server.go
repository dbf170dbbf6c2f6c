package telegramtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// object is a JSON object as it goes over the wire.
type object = map[string]any

// Server is the double. Its exported fields are set before it is used and then left alone; its
// methods may be called from several goroutines at once.
type Server struct {
	// URL is what the bot is given in place of https://api.telegram.org.
	URL string
	// Token is the only token that is let in; BotID and Username belong to it.
	Token    string
	BotID    int64
	Username string
	// Bot is the address updates are posted to. It stands for the proxy in front of the bot: when
	// setWebhook registers another (https) address, updates still go here. Empty and no webhook
	// registered: updates wait for getUpdates.
	Bot string
	// WebhookSecret goes into X-Telegram-Bot-Api-Secret-Token until setWebhook names another.
	WebhookSecret string
	// Now is the clock of dates, of the life of a query and of the limits.
	Now func() time.Time
	// Client posts the updates; set another one for a bot behind TLS. It must have a timeout.
	Client *http.Client
	// QueryLife is how long a press may be answered, 15 seconds unless set otherwise.
	QueryLife time.Duration

	tb    testing.TB
	specs map[string]spec

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced with every change
	users    map[int64]*User
	chats    map[int64]*chat
	files    map[string]*File
	queries  map[string]*query
	menus    map[menu][]Command
	about    map[string]string
	updates  queue
	hook     hook
	faults   []*fault
	limits   limits
	calls    []Call
	answers  []Answer
	refusals []Refusal
	serial   int64
}

// New starts a double that is closed when the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{
		Token: "7000000001:AAtelegramtest_0123456789abcdefghijk", BotID: 7000000001, Username: "funnel_test_bot",
		WebhookSecret: "telegramtest-secret_1", Now: time.Now, Client: &http.Client{Timeout: 30 * time.Second},
		QueryLife: 15 * time.Second,
		tb:        tb, specs: methods(), changed: make(chan struct{}),
		users: map[int64]*User{}, chats: map[int64]*chat{}, files: map[string]*File{},
		queries: map[string]*query{}, menus: map[menu][]Command{}, about: map[string]string{},
		updates: queue{next: 700000001},
	}
	s.users[s.BotID] = &User{ID: s.BotID, First: "Funnel", Username: s.Username, IsBot: true}
	srv := httptest.NewServer(s)
	tb.Cleanup(func() {
		srv.CloseClientConnections() // a long poll must not hold the end of the test
		srv.Close()
	})
	s.URL = srv.URL
	return s
}

// ServeHTTP answers the methods under /bot<token>/ and the files under /file/bot<token>/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		s.serveFile(w, path)
		return
	}
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		write(w, (&Refusal{Code: http.StatusNotFound, Description: "Not Found"}).wire())
		return
	}
	sp, known := s.specs[strings.ToLower(name)]
	if known {
		name = sp.name
	}
	if token != s.Token {
		s.refuse(w, &Refusal{Method: name, Code: http.StatusUnauthorized, Description: "Unauthorized"})
		return
	}
	if !known {
		s.refuse(w, &Refusal{Method: name, Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	ft := s.takeFault(name)
	if ft.DropBeforeRead {
		drop(w)
		return
	}
	c, refusal, err := read(r, sp)
	if err != nil {
		return // the bot went away
	}
	answer := ft.refusal(name)
	var result any
	if answer == nil && refusal == nil {
		result, refusal = s.apply(c, sp)
	}
	if !wait(r.Context(), ft.Delay) {
		return
	}
	switch {
	case answer != nil:
		write(w, answer.wire())
	case ft.DropAfterApply:
		drop(w)
	case refusal != nil:
		refusal.Method, refusal.Params = name, c.params
		s.refuse(w, refusal)
	default:
		write(w, object{"ok": true, "result": result})
	}
}

// apply checks the parameters of a call and carries it out.
func (s *Server) apply(c *call, sp spec) (any, *Refusal) {
	if r := sp.check(c); r != nil {
		return nil, r
	}
	s.mu.Lock()
	c.at = s.Now()
	s.calls = append(s.calls, Call{Method: sp.name, Params: c.params, At: c.at})
	if sp.waits != nil {
		s.mu.Unlock()
		return sp.waits(s, c)
	}
	defer s.mu.Unlock()
	result, r := sp.run(s, c)
	if r == nil {
		s.signal()
	}
	return result, r
}

// signal wakes everybody who waits for a change. The caller holds the lock.
func (s *Server) signal() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) refuse(w http.ResponseWriter, r *Refusal) {
	s.mu.Lock()
	s.refusals = append(s.refusals, *r)
	s.signal()
	s.mu.Unlock()
	write(w, r.wire())
}

func write(w http.ResponseWriter, o object) {
	body, err := json.Marshal(o)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if code, ok := o["error_code"].(int); ok {
		w.WriteHeader(code)
	}
	w.Write(body)
}

// drop closes the connection without an answer.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// Call is one call of the bot that got past the checks of its parameters.
type Call struct {
	Method string
	Params map[string]string
	At     time.Time
}

// Calls are the calls of one method, oldest first; of all methods when the name is empty.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			calls = append(calls, c)
		}
	}
	return calls
}
