package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

// witness stands between programs and a platform, and writes down when each chat is sent something
// and for how long the platform wants it left alone.
type witness struct {
	url string

	mu    sync.Mutex
	held  map[string]time.Time
	early []string
	holds int
}

// chatKey is where a request keeps its chat on its way back.
type chatKey struct{}

// watch begins to write down what goes to a platform.
func watch(tb testing.TB, platform string) *witness {
	tb.Helper()
	to, err := url.Parse(platform)
	require.NoError(tb, err)
	w := &witness{held: map[string]time.Time{}}
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: to.Scheme, Host: to.Host}) },
		ModifyResponse: w.answered,
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	l, address := socket(tb)
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the program was killed
		}
		chat := w.arrived(r, body)
		r = r.WithContext(context.WithValue(r.Context(), chatKey{}, chat))
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		proxy.ServeHTTP(rw, r)
	})}
	go func() { _ = server.Serve(l) }()
	tb.Cleanup(func() { _ = server.Close() })
	w.url = address + to.Path
	return w
}

// arrived returns the chat that a request sends a message to, if it does.
func (w *witness) arrived(r *http.Request, body []byte) string {
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	if method != "sendMessage" && method != "chat.postMessage" {
		return ""
	}
	chat := chatIn(r, body)
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := time.Now(); now.Before(w.held[chat]) {
		w.early = append(w.early, fmt.Sprintf("%s %s too early", chat, w.held[chat].Sub(now)))
	}
	return chat
}

// chatIn returns the chat that is named in a form or in JSON.
func chatIn(r *http.Request, body []byte) string {
	var told struct {
		ChatID json.Number `json:"chat_id"`
	}
	if json.Unmarshal(body, &told) == nil {
		return told.ChatID.String()
	}
	form := r.Clone(r.Context())
	form.Body = io.NopCloser(bytes.NewReader(body))
	_ = form.ParseMultipartForm(1 << 20) // what is no form has no chat
	return form.FormValue("chat_id") + form.FormValue("channel")
}

// answered reads how long the platform wants the chat left alone.
func (w *witness) answered(r *http.Response) error {
	chat, _ := r.Request.Context().Value(chatKey{}).(string)
	if chat == "" || r.StatusCode != http.StatusTooManyRequests {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var told struct {
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		}
	}
	_ = json.Unmarshal(body, &told) // Slack says it in a header
	seconds, _ := strconv.Atoi(r.Header.Get("Retry-After"))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holds++
	w.held[chat] = time.Now().Add(time.Duration(max(seconds, told.Parameters.RetryAfter)) * time.Second)
	return nil
}

// obeyed requires that the platform asked for patience so often at least, and got it every time.
func (w *witness) obeyed(tb testing.TB, least int) {
	tb.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Empty(tb, w.early)
	require.GreaterOrEqual(tb, w.holds, least)
}

// assign gives deals to people of both platforms in turn, so that each of them is owed as many
// messages, and returns the numbers of the deals by the lanes of the people, in order.
func (h *house) assign(people, each int) map[string][]int64 {
	tb := h.tb
	tb.Helper()
	ctx := tb.Context()
	var errs screen
	line := &settings{DatabaseURL: h.url, Workspace: "main", LogLevel: "error", Data: tb.TempDir()}
	a, err := newApp(ctx, line, &streams{out: &errs, err: &errs, getenv: func(string) string { return "" }, now: time.Now}, options{quiet: true})
	require.NoError(tb, err)
	defer a.close(ctx)
	w, err := a.knownWorkspace(ctx)
	require.NoError(tb, err)
	owed := map[string][]int64{}
	act := func(n int) funnel.Act {
		return funnel.Act{Workspace: w.ID, Event: fmt.Sprintf("assign:%d", n), Origin: funnel.FromChat}
	}
	members := map[string]funnel.ID{}
	for i := range people {
		for _, who := range []funnel.Caller{
			{Door: "slack", Team: h.slack.TeamID, External: fmt.Sprintf("U7%02d", i), Name: fmt.Sprintf("s%d", i), Locale: funnel.English},
			{Door: "telegram", External: strconv.Itoa(700 + i), Name: fmt.Sprintf("t%d", i), Locale: funnel.English},
		} {
			m, err := a.service.Join(ctx, who, w.ID, funnel.Rep, "C77")
			require.NoError(tb, err)
			members[funnel.LaneOf(who.Door, who.External, "")] = m.ID
		}
	}
	// Whatever the time is, nobody rests.
	_, err = pgtest.Pool(tb, h.url).Exec(ctx, "UPDATE members SET quiet_from = '00:00', quiet_to = '00:00'")
	require.NoError(tb, err)
	n := 0
	for range each {
		for lane, member := range members {
			n++
			opened, err := a.service.Open(ctx, act(n), funnel.OpenDeal{
				Company: funnel.Company{Name: fmt.Sprintf("Firm %d", n)}, Owner: member,
			})
			require.NoError(tb, err)
			owed[lane] = append(owed[lane], opened.Deal.Number)
		}
	}
	require.Empty(tb, errs.take())
	return owed
}

var dealNumber = regexp.MustCompile(`#(\d+)`)

// told are the numbers of the deals that messages are about, in the order of the messages.
func told(tb testing.TB, texts []string) []int64 {
	tb.Helper()
	var all []int64
	for _, text := range texts {
		m := dealNumber.FindStringSubmatch(text)
		require.NotNil(tb, m, text)
		n, err := strconv.ParseInt(m[1], 10, 64)
		require.NoError(tb, err)
		all = append(all, n)
	}
	return all
}

// queue is a house where messages to many people wait, and a platform that is busy.
func queue(t *testing.T, people, each int) (*house, map[string][]int64) {
	t.Helper()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	h.delivered()
	v.end()
	h.gate.shut()
	for i := range people {
		h.slack.AddUser(slacktest.User{ID: fmt.Sprintf("U7%02d", i), Name: fmt.Sprintf("s%d", i), TZ: "UTC"})
		h.telegram.AddUser(telegramtest.User{ID: int64(700 + i), First: fmt.Sprintf("T%d", i), Language: "en", Started: true})
	}
	owed := h.assign(people, each)
	require.Equal(t, 2*people*each, count(t, h.url, "outbox WHERE done_at IS NULL"))
	return h, owed
}

// arrivals are how many of the queue have been posted.
func (h *house) arrivals(owed map[string][]int64) int {
	n := len(h.slack.FromBot())
	for lane := range owed {
		if _, chat, _ := funnel.ParseLane(lane); strings.HasPrefix(lane, "telegram:") {
			user, _ := strconv.ParseInt(chat, 10, 64)
			n += len(h.telegram.Said(user))
		}
	}
	return n
}

// inDoubt are the deals whose messages may or may not have been sent when a program was killed.
func inDoubt(t *testing.T, h *house) []int64 {
	t.Helper()
	found, err := pgtest.Pool(t, h.url).Query(t.Context(), `SELECT d.number FROM outbox o
		JOIN deals d ON d.id::text = o.payload->>'deal'
		WHERE o.done_at IS NULL AND (o.tried_at IS NOT NULL OR o.doubts > 0) AND o.lane LIKE 'telegram:%'`)
	require.NoError(t, err)
	numbers, err := pgx.CollectRows(found, pgx.RowTo[int64])
	require.NoError(t, err)
	return numbers
}

// TestThreeHundredQueuedMessagesSurviveAStormOf429AndAKill loses none of them and posts none twice.
func TestThreeHundredQueuedMessagesSurviveAStormOf429AndAKill(t *testing.T) {
	t.Parallel()
	const people, each = 30, 5
	h, owed := queue(t, people, each)
	fromSlack, fromTelegram := watch(t, h.slack.URL), watch(t, h.telegram.URL)
	h.slackAPI, h.telegramAPI = fromSlack.url, fromTelegram.url
	h.slack.LimitRates(true)
	h.telegram.Limit(true)
	h.slack.Fail("chat.postMessage", slacktest.Fault{Times: 2 * people, Status: http.StatusTooManyRequests, RetryAfter: 2 * time.Second})
	h.telegram.Fail("sendMessage", telegramtest.Fault{Times: 2 * people, Status: http.StatusTooManyRequests, RetryAfter: 2})
	earlier := h.arrivals(owed)

	c := h.serveChild()
	require.Eventually(t, func() bool { return h.arrivals(owed) >= earlier+people }, patience, glance)
	c.kill()
	doubts := inDoubt(t, h)
	begun := time.Now()
	c = h.serveChild()
	h.delivered()
	t.Logf("%d in doubt after the kill, all delivered after %s", len(doubts), time.Since(begun).Round(time.Second))

	for lane, numbers := range owed {
		door, chat, _ := funnel.ParseLane(lane)
		var texts []string
		if door == "slack" {
			for _, m := range h.slack.Messages(h.slack.DM(chat)) {
				texts = append(texts, m.Plain())
			}
		} else {
			user, err := strconv.ParseInt(chat, 10, 64)
			require.NoError(t, err)
			texts = h.toTelegram(user, "")
		}
		got := told(t, texts)
		if door == "telegram" { // which cannot be asked what has arrived
			got = slices.CompactFunc(got, func(a, b int64) bool { return a == b && slices.Contains(doubts, a) })
		}
		require.Equal(t, numbers, got, lane)
	}
	fromSlack.obeyed(t, people)
	fromTelegram.obeyed(t, people)
	require.Zero(t, count(t, h.url, "outbox WHERE buried <> ''"))
	sound(t, c.errs.read())
	h.clean()
}

// TestDroppedConnectionsPostNothingTwice has the platforms read what they are sent, post it, and hang
// up without an answer.
func TestDroppedConnectionsPostNothingTwice(t *testing.T) {
	t.Parallel()
	const people, each = 4, 3
	s := newStorm(t, pgtest.New(t, migrated), people, each)
	s.slack.Fail("chat.postMessage", slacktest.Fault{Times: people * 2, DropAfterApply: true})
	s.telegram.Fail("sendMessage", telegramtest.Fault{Times: people * 2, DropAfterApply: true})
	v := s.serve()
	s.rage(t.Context()).Wait()
	s.weathered(2 * people)
	v.end()
}
