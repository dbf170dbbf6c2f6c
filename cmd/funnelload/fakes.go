package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type fakesCommand struct {
	Listen string `name:"listen" default:"127.0.0.1:8099" help:"Address to listen at. SLACK_API_URL is http://ADDRESS/slack/api/, TELEGRAM_API_URL http://ADDRESS/telegram."`
	Team   string `name:"team" default:"T000LOAD" help:"Slack team that the bot signs in to."`
}

// Run stands in for the platforms until ctx ends.
func (c *fakesCommand) Run(ctx context.Context, _ *streams) error {
	return serve(ctx, c.Listen, newFakes(c.Team).routes())
}

// Paths of the fakes.
const (
	fakeSlack    = "/slack/api/"
	fakeTelegram = "/telegram/"
	fakeHook     = "/hook"
	fakeArrivals = "/arrivals"
)

// fakes answer what the bot calls, and take note of what is posted. They refuse nothing: what the
// platforms forbid is for tests.
type fakes struct {
	team   string
	serial atomic.Int64

	mu       sync.Mutex
	arrivals []arrival
}

// arrival is a message that was posted.
type arrival struct {
	Chat string `json:"chat"`
	// At is when the call came, Unix time in nanoseconds.
	At int64 `json:"at"`
}

func newFakes(team string) *fakes { return &fakes{team: team} }

func (f *fakes) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+fakeSlack+"{method}", f.slack)
	mux.HandleFunc(fakeTelegram+"{token}/{method}", f.telegram)
	mux.HandleFunc("POST "+fakeHook, func(w http.ResponseWriter, _ *http.Request) {
		f.note("hook", time.Now())
		w.Write([]byte("ok"))
	})
	mux.HandleFunc("GET "+fakeArrivals, func(w http.ResponseWriter, _ *http.Request) { answer(w, f.seen()) })
	return mux
}

func (f *fakes) note(chat string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.arrivals = append(f.arrivals, arrival{chat, at.UnixNano()})
}

func (f *fakes) seen() []arrival {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clip(f.arrivals)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		http.Error(w, "not written", http.StatusInternalServerError)
	}
}

type object = map[string]any

// slack answers a method of the Web API (https://docs.slack.dev/reference/methods).
func (f *fakes) slack(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	out := object{"ok": true}
	switch method := r.PathValue("method"); method {
	case "auth.test":
		out["url"], out["team"], out["team_id"] = "https://sample.slack.com/", "Sample", f.team
		out["user"], out["user_id"], out["bot_id"] = "funnelbot", "U0000BOT", "B0000BOT"
	case "users.info":
		user := r.FormValue("user")
		out["user"] = object{
			"id": user, "team_id": f.team, "name": strings.ToLower(user), "real_name": user, "tz": "UTC", "locale": "en-US",
			"profile": object{"real_name": user, "display_name": user},
		}
	case "conversations.info":
		channel := r.FormValue("channel")
		out["channel"] = object{"id": channel, "is_im": strings.HasPrefix(channel, "D"), "is_channel": strings.HasPrefix(channel, "C")}
	case "conversations.open":
		out["channel"] = object{"id": directChannel(r.FormValue("users"))}
	case "chat.postMessage", "chat.postEphemeral", "chat.update":
		channel := r.FormValue("channel")
		ts := fmt.Sprintf("%d.%06d", at.Unix(), f.serial.Add(1)%1_000_000)
		out["channel"], out["ts"], out["message_ts"], out["message"] = channel, ts, ts, object{"ts": ts}
		f.note(channel, at)
	case "views.open", "views.update", "views.push":
		out["view"] = object{"id": "V" + strconv.FormatInt(f.serial.Add(1), 10)}
	}
	answer(w, out)
}

// directChannel is the chat of a person with the bot.
func directChannel(user string) string { return "D" + strings.TrimPrefix(user, "U") }

// fakeBot is the bot's identifier in Telegram.
const fakeBot = 7000

// pollTime is how long a call for updates is held where the caller says nothing.
const pollTime = 5 * time.Second

// telegram answers a method of the Bot API (https://core.telegram.org/bots/api).
func (f *fakes) telegram(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	var result any = true
	given := parameters(r)
	switch method := r.PathValue("method"); method {
	case "getMe":
		result = object{"id": fakeBot, "is_bot": true, "first_name": "Sample", "username": "sample_load_bot"}
	case "getWebhookInfo":
		result = object{"url": "", "pending_update_count": 0}
	case "getUpdates":
		wait := pollTime
		if n, err := strconv.Atoi(given("timeout")); err == nil {
			wait = time.Duration(n) * time.Second
		}
		hold(r.Context(), wait)
		result = []any{}
	case "sendMessage", "sendPhoto", "sendDocument", "editMessageText":
		chat := given("chat_id")
		id, err := strconv.ParseInt(chat, 10, 64)
		if err != nil {
			http.Error(w, "chat_id", http.StatusBadRequest)
			return
		}
		result = object{
			"message_id": f.serial.Add(1) % (1 << 31), "date": at.Unix(), "text": "…", "chat": object{"id": id, "type": "private"},
		}
		f.note(chat, at)
	}
	answer(w, object{"ok": true, "result": result})
}

// parameters returns what reads the parameters of a call: from JSON, each as a form would carry it, or
// from a form (https://core.telegram.org/bots/api#making-requests).
func parameters(r *http.Request) func(name string) string {
	if r.Header.Get("Content-Type") != "application/json" {
		return r.FormValue
	}
	var all map[string]json.RawMessage
	if json.NewDecoder(r.Body).Decode(&all) != nil {
		return func(string) string { return "" }
	}
	return func(name string) string {
		var words string
		if json.Unmarshal(all[name], &words) == nil {
			return words
		}
		return string(all[name])
	}
}

func hold(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// arrived asks fakes in another process what was posted; nothing where there are none.
func arrived(ctx context.Context, fakes string) ([]arrival, error) {
	if fakes == "" {
		return nil, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(fakes, "/")+fakeArrivals, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask the fakes: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the fakes: %w", err)
	}
	defer resp.Body.Close()
	var all []arrival
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		return nil, fmt.Errorf("read what has arrived: %w", err)
	}
	return all, nil
}

// posted counts what has arrived at the fakes.
func posted(ctx context.Context, fakes string) (int, error) {
	all, err := arrived(ctx, fakes)
	return len(all), err
}
