package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

const testSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// server answers commands like a bot that says what answers returns, and keeps what it was sent.
type server struct {
	mu      sync.Mutex
	forms   []url.Values
	headers []http.Header
	bodies  []string
	answer  func(url.Values) (int, string)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.forms, s.headers, s.bodies = append(s.forms, form), append(s.headers, r.Header), append(s.bodies, string(body))
	s.mu.Unlock()
	status, words := s.answer(form)
	w.WriteHeader(status)
	w.Write([]byte(words))
}

func slackTo(t *testing.T, deals, users int, answer func(url.Values) (int, string)) (*slackCaller, *server) {
	t.Helper()
	s := &server{answer: answer}
	at := httptest.NewServer(s)
	t.Cleanup(at.Close)
	w, err := walks(1, 7, int64(deals), lines{forward: "move {deal} {stage}", back: "back {deal} {stage} because & so"})
	require.NoError(t, err)
	k, err := newSlackCaller(at.URL+"/slack/commands", testSecret,
		speaker{team: "T1", user: "U", channel: "D", users: users, hook: "http://127.0.0.1:9/hook"}, w[0], 0, 1)
	require.NoError(t, err)
	t.Cleanup(k.close)
	return k, s
}

func moving(from, to string) string {
	return `{"text":"…","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*#7 Sample* has moved from “` + from + `” to “` + to + `”."}}]}`
}

func TestSlackTakesTheSignature(t *testing.T) {
	t.Parallel()
	k, s := slackTo(t, 2, 3, func(url.Values) (int, string) { return http.StatusOK, "{}" })
	for range 6 {
		k.call(t.Context())
	}
	require.Len(t, s.bodies, 6)
	seen := map[string]bool{}
	for i, body := range s.bodies {
		v, err := slackapi.NewSecretsVerifier(s.headers[i], testSecret)
		require.NoError(t, err)
		_, err = v.Write([]byte(body))
		require.NoError(t, err)
		require.NoError(t, v.Ensure())
		_, err = v.Write([]byte("x"))
		require.NoError(t, err)
		require.Error(t, v.Ensure())
		trigger := s.forms[i].Get("trigger_id")
		require.NotEmpty(t, trigger)
		require.False(t, seen[trigger], "every request has a trigger of its own")
		seen[trigger] = true
	}
	require.Equal(t, "U00001", s.forms[0].Get("user_id"))
	require.Equal(t, "D00002", s.forms[1].Get("channel_id"))
	require.Equal(t, "T1", s.forms[0].Get("team_id"))
	require.Equal(t, "/deal", s.forms[0].Get("command"))
	require.Equal(t, "back 7 lead because & so", s.forms[0].Get("text"))
}

func TestDealsWalkForwardAndBack(t *testing.T) {
	t.Parallel()
	titles := map[string]string{"lead": "Lead", "qualification": "Qualification", "proposal": "Proposal", "negotiation": "Negotiation"}
	at := "Lead"
	k, s := slackTo(t, 1, 1, func(form url.Values) (int, string) {
		_, to, _ := asked(form.Get("text"))
		from := at
		if at = titles[to]; at == from {
			return http.StatusOK, `{"text":"#7 is there already"}`
		}
		return http.StatusOK, moving(from, at)
	})
	require.NoError(t, k.reset(t.Context()))
	for range 8 {
		v, _, words := k.call(t.Context())
		require.Equal(t, right, v, words)
	}
	said := make([]string, len(s.forms))
	for i, f := range s.forms {
		said[i] = f.Get("text")
	}
	require.Equal(t, []string{
		"back 7 lead because & so",
		"move 7 qualification", "move 7 proposal", "move 7 negotiation", "back 7 lead because & so",
		"move 7 qualification", "move 7 proposal", "move 7 negotiation", "back 7 lead because & so",
	}, said)
}

func TestAnswersThatDoNotSayThatTheDealMovedAreWrong(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]verdict{
		moving("Lead", "Qualification"):                                right,
		moving("Lead", "Proposal"):                                     wrong,
		moving("Proposal", "Qualification"):                            wrong,
		`{"text":"I am still working on it."}`:                         wrong,
		`{"text":"#71 has moved from “Lead” to “Qualification”"}`:      wrong,
		`{"text":"#71, #7: has moved from “Lead” to “Qualification”"}`: right,
		`#7 has moved from “Lead” to “Qualification”`:                  wrong,
		``: wrong,
	} {
		k, _ := slackTo(t, 1, 1, func(url.Values) (int, string) { return http.StatusOK, words })
		k.walk.at[0] = 0
		v, _, said := k.call(t.Context())
		require.Equal(t, want, v, "%s: %s", words, said)
		require.Equal(t, want != right, k.walk.lost(), "where a deal is after a wrong answer is not known")
	}
}

func TestOtherStatusesAreRefusals(t *testing.T) {
	t.Parallel()
	k, _ := slackTo(t, 1, 1, func(url.Values) (int, string) { return http.StatusUnauthorized, moving("Lead", "Qualification") })
	k.walk.at[0] = 0
	v, _, words := k.call(t.Context())
	require.Equal(t, refused, v)
	require.Equal(t, "401 Unauthorized", words)
	require.Error(t, k.reset(t.Context()))
	k.any = true
	v, _, _ = k.call(t.Context())
	require.Equal(t, refused, v)
}

func TestAConnectionThatBreaksIsNoAnswerAndIsMadeAgain(t *testing.T) {
	t.Parallel()
	first := true
	k, _ := slackTo(t, 1, 1, func(url.Values) (int, string) {
		if first {
			first = false
			panic(http.ErrAbortHandler)
		}
		return http.StatusOK, "{}"
	})
	v, at, words := k.call(t.Context())
	require.Equal(t, failed, v)
	require.NotEmpty(t, words)
	require.WithinDuration(t, time.Now(), at, time.Minute)
	v, _, _ = k.call(t.Context())
	require.Equal(t, wrong, v)
}

func TestEachConnectionHasDealsAndPeopleOfItsOwn(t *testing.T) {
	t.Parallel()
	all, err := walks(3, 10, 7, lines{})
	require.NoError(t, err)
	require.Equal(t, [][]int64{{10, 13, 16}, {11, 14}, {12, 15}}, [][]int64{all[0].deals, all[1].deals, all[2].deals})
	_, err = walks(3, 1, 2, lines{})
	require.Error(t, err)
	var users []string
	for c := range 3 {
		k, err := newSlackCaller("http://127.0.0.1:9/", testSecret, speaker{user: "U", channel: "D", users: 5}, all[c], c, 3)
		require.NoError(t, err)
		users = append(users, k.users...)
	}
	require.ElementsMatch(t, []string{"U00001", "U00002", "U00003", "U00004", "U00005"}, users)
	_, err = newSlackCaller("https://127.0.0.1:9/", testSecret, speaker{users: 1}, all[0], 0, 1)
	require.Error(t, err)
}
