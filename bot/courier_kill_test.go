package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/storage/postgres"
)

// Environment of a courier that is a process of its own.
const (
	childDatabase = "COURIER_TEST_DATABASE"
	childPlatform = "COURIER_TEST_PLATFORM"
)

func TestAStormAndKilledCouriersLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	const lanes, each, kills = 10, 30, 5
	p := newPost(t)
	for range each {
		for lane := range lanes {
			p.owe(laneName(lane))
		}
	}
	// Of every ten sends two are held off, one is refused and one arrives without an answer.
	p.platform.before = func(bot.Parcel, int) error {
		switch rand.N(10) {
		case 0, 1:
			return &bot.RetryError{After: time.Duration(10+rand.N(40)) * time.Millisecond, Err: errors.New("429")}
		case 2:
			return &bot.RetryError{Err: errors.New("503")}
		}
		return nil
	}
	p.platform.after = func(bot.Parcel, int) error {
		if rand.N(10) == 0 {
			return errBroken
		}
		return nil
	}
	server := httptest.NewServer(p.platform)
	t.Cleanup(server.Close)

	alive := p.sessions()
	for range kills {
		child := p.child(server.URL)
		p.platform.await(t, lanes*each/(kills+1))
		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())
		// What the dead had sent to the server is still carried out; a claim among it would come after
		// this end of all claims, which would else run out in half a minute.
		require.Eventually(t, func() bool { return p.sessions() <= alive }, funnel.Lease/3, 10*time.Millisecond)
		_, err := p.pool.Exec(t.Context(), `UPDATE outbox_leases SET until = now() - interval '1 second'`)
		require.NoError(t, err)
		p.platform.forget()
	}
	last := p.child(server.URL)
	p.platform.await(t, lanes*each/(kills+1))
	require.NoError(t, last.Process.Signal(os.Interrupt))
	require.NoError(t, last.Wait())

	p.platform.has(t, p.owed)
	// What the last one left in doubt is settled before a message more.
	p.advance(24 * time.Hour)
	p.platform.before, p.platform.after = nil, nil
	for lane := range lanes {
		p.owe(laneName(lane))
	}
	p.deliver(lanes, nil)
	p.platform.has(t, p.owed)
	p.is(0, 0)
}

// sessions counts the connections of couriers to the database of this test.
func (p *post) sessions() int {
	p.Helper()
	return p.count(`pg_stat_activity WHERE datname = current_database() AND application_name = 'funnelbot'`)
}

// child starts a courier in a process of its own.
func (p *post) child(platform string) *exec.Cmd {
	p.Helper()
	cmd := exec.CommandContext(p.Context(), os.Args[0], "-test.run=^TestCourierOfItsOwnProcess$")
	cmd.Env = append(os.Environ(), childDatabase+"="+p.url, childPlatform+"="+platform)
	cmd.Stderr = os.Stderr
	require.NoError(p, cmd.Start())
	return cmd
}

func TestCourierOfItsOwnProcess(t *testing.T) {
	t.Parallel()
	database, platform := os.Getenv(childDatabase), os.Getenv(childPlatform)
	if database == "" {
		// Without a database it is no child but this test by itself, which has nothing to prove.
		t.Skip("it is started by the tests that kill it")
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
	defer stop()
	store, err := postgres.Open(ctx, postgres.Config{URL: database, Log: slog.New(slog.DiscardHandler), Clock: real})
	require.NoError(t, err)
	defer store.Close()
	bot.NewCourier(bot.CourierConfig{
		Outbox: store.Outbox(newID()), Sender: remote{platform}, Clock: real, Log: slog.New(slog.DiscardHandler),
		Compose: func(context.Context, *funnel.Owed) (message.Doc, error) { return message.New(message.Head("due")), nil },
		Limiter: bot.NewLimiter(bot.Limits{All: 10_000}, real),
		Poll:    10 * time.Millisecond, Backoff: bot.Backoff{First: 10 * time.Millisecond, Most: 50 * time.Millisecond},
	}).Run(ctx)
}

// remote is a sender whose platform is behind HTTP.
type remote struct{ url string }

func (r remote) call(ctx context.Context, path string, p bot.Parcel) (string, error) {
	form := url.Values{
		"lane": {p.Lane}, "notice": {p.Notice.String()}, "workspace": {p.Workspace.String()}, "member": {p.Member.String()},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path+"?"+form.Encode(), http.NoBody)
	if err != nil {
		return "", &bot.RejectedError{Err: err}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusOK:
		return string(body), nil
	}
	wait, _ := strconv.Atoi(resp.Header.Get("X-Wait-Ms"))
	return "", &bot.RetryError{After: time.Duration(wait) * time.Millisecond, Err: fmt.Errorf("status %d", resp.StatusCode)}
}

func (r remote) Send(ctx context.Context, p bot.Parcel) (string, error) {
	return r.call(ctx, "/send", p)
}

func (r remote) Sent(ctx context.Context, p bot.Parcel) (bot.Finding, error) {
	id, err := r.call(ctx, "/sent", p)
	if err != nil || id == "" {
		return bot.Finding{Verdict: bot.SendAgain}, err
	}
	return bot.Finding{Verdict: bot.HasArrived, MessageID: id}, nil
}

// ServeHTTP is the platform's side of remote.
func (f *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var p bot.Parcel
	var err error
	id := func(name string) funnel.ID {
		v, bad := funnel.ParseID(r.URL.Query().Get(name))
		err = errors.Join(err, bad)
		return v
	}
	p.Lane, p.Notice, p.Workspace, p.Member = r.URL.Query().Get("lane"), id("notice"), id("workspace"), id("member")
	p.Doc = message.New(message.Head("due"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.URL.Path == "/sent" {
		found, _ := f.Sent(r.Context(), p)
		_, _ = io.WriteString(w, found.MessageID)
		return
	}
	// The message is taken even if the sender is gone by now, as platforms do.
	sent, err := f.Send(context.WithoutCancel(r.Context()), p)
	var retry *bot.RetryError
	switch {
	case err == nil:
		_, _ = io.WriteString(w, sent)
	case errors.As(err, &retry) && retry.After > 0:
		f.hush(p.Lane, retry.After)
		w.Header().Set("X-Wait-Ms", strconv.FormatInt(retry.After.Milliseconds(), 10))
		w.WriteHeader(http.StatusTooManyRequests)
	case errors.As(err, &retry):
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		panic(http.ErrAbortHandler) // the connection drops after the request was read
	}
}
