package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

// payloads names a folder with more files of payloads, one a file, to be tried besides those of the
// testdata: updates of Telegram have update_id, what ends in .form is a slash command.
const payloads = "FUNNELBOT_TEST_PAYLOADS"

// delivery is one request of a platform.
type delivery struct {
	name, path, body string
}

// slackSample finds out by its content where a payload of Slack is sent to.
func slackSample(tb testing.TB, name string, raw []byte) delivery {
	tb.Helper()
	var head struct {
		Type     string
		Payload  json.RawMessage
		Envelope string `json:"envelope_id"`
	}
	require.NoError(tb, json.Unmarshal(raw, &head), name)
	switch {
	case head.Envelope != "" && head.Type == "slash_commands":
		var fields map[string]any
		require.NoError(tb, json.Unmarshal(head.Payload, &fields), name)
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, fmt.Sprint(v))
		}
		return delivery{name, "/slack/commands", form.Encode()}
	case head.Envelope != "":
		return slackSample(tb, name, head.Payload)
	case head.Type == "event_callback", head.Type == "url_verification", head.Type == "app_rate_limited":
		return delivery{name, "/slack/events", string(raw)}
	}
	return delivery{name, "/slack/interactions", url.Values{"payload": {string(raw)}}.Encode()}
}

// ownSamples are those of the testdata, with the address of a response put in.
func (h *house) ownSamples() (slack []delivery, telegram map[string]json.RawMessage) {
	h.tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "payloads", "slack.json"))
	require.NoError(h.tb, err)
	var kinds map[string]struct {
		Path string
		Body json.RawMessage
	}
	require.NoError(h.tb, json.Unmarshal(raw, &kinds))
	for name, k := range kinds {
		hook := h.slack.ResponseURL(annaInSlack, salesInSlack)
		body := strings.ReplaceAll(string(k.Body), "HOOK", hook)
		switch k.Path {
		case "commands":
			require.NoError(h.tb, json.Unmarshal([]byte(strings.ReplaceAll(string(k.Body), "HOOK", url.QueryEscape(hook))), &body), name)
		case "interactions":
			body = url.Values{"payload": {body}}.Encode()
		}
		slack = append(slack, delivery{name, "/slack/" + k.Path, body})
	}
	raw, err = os.ReadFile(filepath.Join("testdata", "payloads", "telegram.json"))
	require.NoError(h.tb, err)
	require.NoError(h.tb, json.Unmarshal(raw, &telegram))
	return slack, telegram
}

// expected is how Slack wants a sample to be answered.
func expected(s delivery) int {
	if s.name == "slash command with broken escapes" {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// crowd are people of both platforms between whom the payloads are shared out, because a chat takes
// about one message a second.
const crowd = 8

// gather brings the crowd in.
func (h *house) gather() {
	h.tb.Helper()
	var all []string
	for i := range crowd {
		all = append(all, fmt.Sprintf("U%d", 501+i))
		h.slack.AddUser(slacktest.User{ID: all[i], Name: all[i], TZ: "UTC", IsOwner: i == 0})
		if i > 0 {
			h.telegram.AddUser(telegramtest.User{ID: vera + int64(i), First: fmt.Sprintf("Vera %d", i), Language: "en"})
			h.invite(vera+int64(i), "rep")
		}
	}
	h.slack.AddUser(slacktest.User{ID: "U0ELSE", Name: "else", TeamID: "T0OTHER", TZ: "UTC", IsStranger: true})
	h.slack.AddChannel(slacktest.Channel{ID: salesInSlack, Name: "sales", Members: all, BotIsMember: true})
	for _, id := range []int64{-1001000000055, -1001000000076} {
		h.telegram.AddGroup(telegramtest.Group{ID: id, Title: "Others", Members: []int64{vera}, BotIsMember: true})
	}
}

// TestEveryKindOfPayloadIsAnswered posts payloads of every kind that the platforms send to the doors
// of one program: the status is what the platform expects, and the program goes on as before.
func TestEveryKindOfPayloadIsAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	h.gather()
	slack, telegram := h.ownSamples()
	replies, deliveries := make([]slacktest.Reply, len(slack)), map[string]telegramtest.Delivery{}
	var all sync.WaitGroup
	var mu sync.Mutex
	for i, s := range slack {
		user := fmt.Sprintf("U%d", 501+i%crowd)
		body := strings.NewReplacer("U501", user, "D0OTHER", h.slack.DM(user)).Replace(s.body)
		all.Go(func() { replies[i] = h.slack.Post(s.path, body) })
	}
	for i, name := range slices.Sorted(maps.Keys(telegram)) {
		body := strings.ReplaceAll(string(telegram[name]), `"id": 601`, fmt.Sprintf(`"id": %d`, vera+i%crowd))
		all.Go(func() {
			d := h.telegram.Deliver(telegramtest.Update{JSON: []byte(body)})[0]
			mu.Lock()
			defer mu.Unlock()
			deliveries[name] = d
		})
	}
	all.Wait()
	for i, s := range slack {
		r := replies[i]
		require.NoError(t, r.Err, s.name)
		require.Equal(t, expected(s), r.Status, "%s: %s", s.name, r.Body)
		requireShort(t, s.name, r.Took.Seconds())
		switch {
		case strings.HasPrefix(s.name, "options of"):
			require.JSONEq(t, `{"options":[]}`, r.Body, s.name)
		case s.name == "address checked":
			require.Equal(t, "a-word-to-say", r.Body)
		}
	}
	for name, d := range deliveries {
		require.True(t, d.OK(), "%s: %d %s %v", name, d.Status, d.Body, d.Err)
	}
	h.alive()
	v.end()
}

// requireShort holds an answer to the three seconds that Slack waits.
func requireShort(tb testing.TB, name string, seconds float64) {
	tb.Helper()
	require.Less(tb, seconds, 3.0, name)
}

// alive requires that both doors still do their work.
func (h *house) alive() {
	h.tb.Helper()
	require.NoError(h.tb, h.slack.DirectMessage(annaInSlack, "", "new Willow Alive 7k").Err)
	require.True(h.tb, h.telegram.Private(vera, "new Hazel Alive 8k").OK())
	h.telegram.Until(func() bool {
		return len(h.toTelegram(vera, "Hazel Alive")) > 0 && len(h.toSlack("Willow Alive")) > 0
	})
}

var (
	teamIDs    = regexp.MustCompile(`"T[0-9A-Z_]{2,}"`)
	userIDs    = regexp.MustCompile(`"[UW][0-9A-Z_]{2,}"`)
	channelIDs = regexp.MustCompile(`"[CG][0-9A-Z_]{2,}"`)
	hooks      = regexp.MustCompile(`"https://hooks\.slack\.com/[^"]*"`)
	numbers    = regexp.MustCompile(`"id"\s*:\s*\d+`)
)

// localised gives a payload the ids of the house, so that it does not stop at the first question.
func (h *house) localised(raw string) string {
	raw = teamIDs.ReplaceAllString(raw, `"`+h.slack.TeamID+`"`)
	raw = userIDs.ReplaceAllString(raw, `"`+annaInSlack+`"`)
	raw = channelIDs.ReplaceAllString(raw, `"`+salesInSlack+`"`)
	raw = hooks.ReplaceAllString(raw, `"`+h.slack.ResponseURL(annaInSlack, salesInSlack)+`"`)
	return numbers.ReplaceAllString(raw, fmt.Sprintf(`"id":%d`, vera))
}

// TestFilesOfPayloadsAreAnswered posts every file of a folder, as it is and as if it were meant for
// this team.
func TestFilesOfPayloadsAreAnswered(t *testing.T) {
	t.Parallel()
	folder := os.Getenv(payloads)
	if folder == "" {
		// Recordings are nobody's to keep here; the project's own samples of every kind are posted
		// by the tests above, always.
		t.Skip(payloads + " names no folder")
	}
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	tried := 0
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, body := range []string{string(raw), h.localised(string(raw))} {
			switch {
			case strings.HasSuffix(path, ".form"):
				h.answered(t, delivery{path, "/slack/commands", strings.TrimSpace(body)})
			case !strings.HasSuffix(path, ".json"):
				continue
			case strings.Contains(body, `"update_id"`):
				got := h.telegram.Deliver(telegramtest.Update{JSON: []byte(body)})[0]
				require.True(t, got.OK(), "%s: %d %s %v", path, got.Status, got.Body, got.Err)
			case strings.Contains(body, `"ok"`):
				continue // what the platform answers
			default:
				h.answered(t, slackSample(t, path, []byte(body)))
			}
			tried++
		}
		return nil
	}))
	require.Positive(t, tried)
	t.Logf("%d requests", tried)
	h.alive()
	v.stop()
	require.Zero(t, <-v.code)
	for _, word := range []string{"panic", "goroutine", "incident", "SQLSTATE"} {
		require.NotContains(t, v.log(), word)
	}
}

func (h *house) answered(t *testing.T, s delivery) {
	t.Helper()
	r := h.slack.Post(s.path, s.body)
	require.NoError(t, r.Err, s.name)
	require.Equal(t, http.StatusOK, r.Status, "%s: %s", s.name, r.Body)
	requireShort(t, s.name, r.Took.Seconds())
}
