package slacktest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Request is what Slack sends the bot, before it is signed.
type Request struct {
	// Kind is "command", "interaction", "options" or "event".
	Kind, Path, ContentType, Body string

	payload map[string]any // for Socket Mode
}

// Reply is how the bot took a request.
type Reply struct {
	Request Request
	// Status is the HTTP status; over Socket Mode 200 stands for an
	// acknowledgement and Body for its payload.
	Status int
	Body   string
	Header http.Header
	// Took is measured by the machine's clock.
	Took time.Duration
	// Err tells that the person could not do it, that the bot was not reached
	// or that it did not answer in time with 200.
	Err error
}

// sending is how a request is sent.
type sending struct {
	secret     string
	age        time.Duration
	unsigned   bool
	retry      int
	reason     string
	team, kind string
	bot        string
}

// Option changes how a request is sent.
type Option func(*sending)

// WrongSecret signs with another secret.
func WrongSecret() Option { return func(o *sending) { o.secret = "not-the-secret" } }

// Aged signs and stamps as if the request had been made so long ago.
func Aged(age time.Duration) Option { return func(o *sending) { o.age = age } }

// Unsigned leaves the headers of the signature out.
func Unsigned() Option { return func(o *sending) { o.unsigned = true } }

// Retried sends the headers of Slack's nth repetition of an event.
func Retried(n int, reason string) Option {
	return func(o *sending) { o.retry, o.reason = n, reason }
}

// FromTeam makes the request come from another workspace.
func FromTeam(team string) Option { return func(o *sending) { o.team = team } }

// ContentType overrides the content type.
func ContentType(kind string) Option { return func(o *sending) { o.kind = kind } }

// ToBot sends to another base URL than Bot.
func ToBot(base string) Option { return func(o *sending) { o.bot = base } }

func (s *Server) choose(opts []Option) sending {
	o := sending{secret: s.SigningSecret, team: s.TeamID, bot: s.Bot}
	for _, change := range opts {
		change(&o)
	}
	return o
}

func (o sending) forged() bool { return o.secret == "not-the-secret" || o.age != 0 || o.unsigned }

// Post sends any body to a path of the bot. JSON when it starts with a brace, a
// form otherwise. Nothing of the answer is checked or applied.
func (s *Server) Post(path, body string, opts ...Option) Reply {
	kind := "application/x-www-form-urlencoded"
	if strings.HasPrefix(body, "{") {
		kind = "application/json"
	}
	return s.overHTTP(Request{Path: path, ContentType: kind, Body: body}, s.choose(opts))
}

// Deliver sends the request n times at once, to the bots in turn (Bot when none
// is named), as after a lost answer: events carry the headers of a retry from
// the second on. Answers are not applied.
func (s *Server) Deliver(req Request, n int, bots ...string) []Reply {
	replies := make([]Reply, n)
	var wait sync.WaitGroup
	for i := range n {
		o := s.choose(nil)
		if len(bots) > 0 {
			o.bot = bots[i%len(bots)]
		}
		if req.Kind == "event" && i > 0 {
			o.retry, o.reason = i, "http_timeout"
		}
		wait.Go(func() { replies[i] = s.dispatch(req, o) })
	}
	wait.Wait()
	return replies
}

func (s *Server) dispatch(req Request, o sending) Reply {
	if s.UseSocket {
		return s.overSocket(req, o)
	}
	if o.bot == "" {
		return Reply{Request: req}
	}
	return s.overHTTP(req, o)
}

// send dispatches and holds the bot to an acknowledgement in time.
func (s *Server) send(req Request, o sending) Reply {
	r := s.dispatch(req, o)
	if r.Err == nil && o.forged() || o.bot == "" && !s.UseSocket {
		return r
	}
	switch {
	case r.Err != nil:
	case r.Took > s.AckWithin:
		r.Err = fmt.Errorf("acknowledged after %s", r.Took.Round(time.Millisecond))
	case r.Status != http.StatusOK:
		r.Err = fmt.Errorf("answered with status %d", r.Status)
	}
	if r.Err != nil {
		s.fault("%s %s: %v", req.Kind, req.Path, r.Err)
	}
	return r
}

func (s *Server) overHTTP(req Request, o sending) Reply {
	r := Reply{Request: req}
	ctx, cancel := context.WithTimeout(s.tb.Context(), 10*s.AckWithin)
	defer cancel()
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, o.bot+req.Path, strings.NewReader(req.Body))
	if err != nil {
		r.Err = fmt.Errorf("make request: %w", err)
		return r
	}
	post.Header.Set("Content-Type", req.ContentType)
	if o.kind != "" {
		post.Header.Set("Content-Type", o.kind)
	}
	post.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if o.retry > 0 {
		post.Header.Set("X-Slack-Retry-Num", strconv.Itoa(o.retry))
		post.Header.Set("X-Slack-Retry-Reason", o.reason)
	}
	if !o.unsigned {
		stamp := strconv.FormatInt(s.SignNow().Add(-o.age).Unix(), 10)
		post.Header.Set("X-Slack-Request-Timestamp", stamp)
		post.Header.Set("X-Slack-Signature", Sign(o.secret, stamp, req.Body))
	}
	began := time.Now()
	answer, err := http.DefaultClient.Do(post)
	if err != nil {
		r.Err = fmt.Errorf("reach the bot: %w", err)
		return r
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		r.Err = fmt.Errorf("read the answer: %w", err)
	}
	r.Took, r.Status, r.Body, r.Header = time.Since(began), answer.StatusCode, string(body), answer.Header
	return r
}

// Sign is the value of X-Slack-Signature for a body sent at the stamp, which is
// in Unix seconds (https://docs.slack.dev/authentication/verifying-requests-from-slack).
func Sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func (s *Server) interaction(payload map[string]any) Request {
	raw, _ := json.Marshal(payload) //nolint:errchkjson // made of texts, numbers and booleans
	path, kind := s.InteractionPath, "interaction"
	if payload["type"] == "block_suggestion" {
		path, kind = s.OptionPath, "options"
	}
	form := url.Values{"payload": {string(raw)}}
	return Request{Kind: kind, Path: path, ContentType: "application/x-www-form-urlencoded", Body: form.Encode(), payload: payload}
}
