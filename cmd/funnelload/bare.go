package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"
)

type bareCommand struct {
	database
	Listen string `name:"listen" default:"127.0.0.1:8090" help:"Address to listen at."`
	Secret string `name:"secret" env:"SLACK_SIGNING_SECRET" required:"" help:"Signing secret of the app."`
}

// Validate implements kong.Validatable.
func (c *bareCommand) Validate() error { return c.required() }

// Run serves until ctx ends.
func (c *bareCommand) Run(ctx context.Context, _ *streams) error {
	m, err := newMover(ctx, c.database)
	if err != nil {
		return err
	}
	defer m.pool.Close()
	mux := http.NewServeMux()
	mux.Handle("POST "+commandPath, &bare{mover: m, secret: c.Secret})
	mux.HandleFunc("GET "+readyPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	return serve(ctx, c.Listen, mux)
}

// Paths of the bot that the bare handler and the fakes share.
const (
	commandPath = "/slack/commands"
	readyPath   = "/readyz"
)

// Limits of the servers of this program.
const (
	headerTimeout = 5 * time.Second
	stopTimeout   = 2 * time.Second
	maxBody       = 4 << 20
)

// serve answers at the address until ctx ends.
func serve(ctx context.Context, address string, h http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen at %s: %w", address, err)
	}
	return serveOn(ctx, listener, h)
}

func serveOn(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// bare answers slash commands. It does what cannot be left out: it checks the signature, and it
// writes what a move writes.
type bare struct {
	mover  *mover
	secret string
}

// ServeHTTP implements [http.Handler].
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, ok := b.verified(w, r)
	if !ok {
		return
	}
	number, stage, ok := asked(form.Get("text"))
	if !ok {
		http.Error(w, "no deal and stage", http.StatusBadRequest)
		return
	}
	from, err := b.mover.move(r.Context(), number, stage, "slack:"+form.Get("trigger_id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(strings.NewReplacer(
		"{deal}", strconv.FormatInt(number, 10), "{from}", b.mover.titles[from], "{to}", b.mover.titles[stage]).Replace(bareAnswer)))
}

func (b *bare) verified(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	v, err := slackapi.NewSecretsVerifier(r.Header, b.secret)
	if err != nil {
		http.Error(w, "signature", http.StatusUnauthorized)
		return nil, false
	}
	body, err := io.ReadAll(io.TeeReader(http.MaxBytesReader(w, r.Body, maxBody), &v))
	if err != nil || v.Ensure() != nil {
		http.Error(w, "signature", http.StatusUnauthorized)
		return nil, false
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "form", http.StatusBadRequest)
	}
	return form, err == nil
}

// asked takes the second and third word of a line for the deal and the stage.
func asked(line string) (number int64, stage string, ok bool) {
	words := strings.Fields(line)
	if len(words) < 3 {
		return 0, "", false
	}
	number, err := strconv.ParseInt(strings.TrimPrefix(words[1], "#"), 10, 64)
	return number, words[2], err == nil
}

// bareAnswer is an answer of the bot to a move, rendered once and for all.
const bareAnswer = `{"response_type":"ephemeral","text":"#{deal} Sample Company has moved from “{from}” to “{to}”.",` +
	`"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*#{deal} Sample Company* has moved from “{from}” to “{to}”.","verbatim":true}},` +
	`{"type":"section","text":{"type":"plain_text","text":"There is no next step yet."}},` +
	`{"type":"actions","block_id":"b1","elements":[{"type":"button","text":{"type":"plain_text","text":"Next step"},"action_id":"a1","value":"next:00000000000000000000000000000000:1"},` +
	`{"type":"button","text":{"type":"plain_text","text":"Undo"},"action_id":"a2","value":"undo:00000000000000000000000000000000:1"}]}]}`
