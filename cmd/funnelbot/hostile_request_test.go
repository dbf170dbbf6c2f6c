package main

import (
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

// knock sends a request as it is and returns the status and the body of the answer.
func knock(t *testing.T, method, address, body string, headers map[string]string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	return resp.StatusCode, drained(t, resp.Body)
}

// signature are the headers of Slack for a body, at a moment.
func (h *house) signature(body string, at time.Time) map[string]string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return map[string]string{
		"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": slacktest.Sign(h.slack.SigningSecret, stamp, body),
		"Content-Type": "application/x-www-form-urlencoded",
	}
}

// with is headers with some of them replaced.
func with(headers map[string]string, more ...string) map[string]string {
	all := maps.Clone(headers)
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

// secrets are what no log and no answer of the house may say.
func (h *house) secrets() []string {
	return []string{h.slack.Token, h.slack.SigningSecret, h.telegram.Token, h.telegram.WebhookSecret}
}

func TestNothingForgedIsTakenForSlack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve("--log-level", "debug")
	h.settle()
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "helo").Err)
	button := shownTo(t, h, "What I can do")
	said := len(h.slack.FromBot())
	requests := map[string]slacktest.Request{
		"command": h.slack.Command(annaInSlack, salesInSlack, "/deal", "new Alder Works 12k", unsent()).Request,
		"event":   h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k", unsent()).Request,
		"press":   h.slack.Press(annaInSlack, button, "What I can do", unsent()).Request,
	}
	for kind, req := range requests {
		now := time.Now()
		right := h.signature(req.Body, now)
		for name, headers := range map[string]map[string]string{
			"none":            {"Content-Type": req.ContentType},
			"no signature":    {"X-Slack-Request-Timestamp": right["X-Slack-Request-Timestamp"]},
			"no time":         {"X-Slack-Signature": right["X-Slack-Signature"]},
			"old":             h.signature(req.Body, now.Add(-6*time.Minute)),
			"in the future":   h.signature(req.Body, now.Add(6*time.Minute)),
			"of another body": h.signature(req.Body+"&", now),
			"of another time": with(right, "X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix()-1, 10)),
			"empty":           with(right, "X-Slack-Signature", ""),
			"only its mark":   with(right, "X-Slack-Signature", "v0="),
			"cut short":       with(right, "X-Slack-Signature", right["X-Slack-Signature"][:40]),
			"no hexadecimal":  with(right, "X-Slack-Signature", "v0="+strings.Repeat("zz", 32)),
			"time in words":   with(right, "X-Slack-Request-Timestamp", "now"),
			"time overflowed": with(right, "X-Slack-Request-Timestamp", "99999999999999999999"),
			"of another secret": with(right, "X-Slack-Signature",
				slacktest.Sign("not the secret", right["X-Slack-Request-Timestamp"], req.Body)),
			"of no secret": with(right, "X-Slack-Signature", slacktest.Sign("", right["X-Slack-Request-Timestamp"], req.Body)),
		} {
			code, body := knock(t, http.MethodPost, v.url+req.Path, req.Body, headers)
			require.Equal(t, http.StatusUnauthorized, code, "%s: %s", kind, name)
			require.Empty(t, body, "%s: %s", kind, name)
		}
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodPatch} {
			code, _ := knock(t, method, v.url+req.Path, req.Body, right)
			require.Equal(t, http.StatusMethodNotAllowed, code, method)
		}
		code, _ := knock(t, http.MethodPost, v.url+"/slack/elsewhere", req.Body, right)
		require.Equal(t, http.StatusNotFound, code)
	}
	require.Zero(t, count(t, h.url, "deals"))
	require.Len(t, h.slack.FromBot(), said)
	_, measured := knock(t, http.MethodGet, v.url+"/metrics", "", nil)
	require.Regexp(t, `funnelbot_\w*refused\w*\{[^}]*reason="signature"[^}]*\} 45\n`, measured)
	log := v.end()
	for _, secret := range append(h.secrets(), "Alder") {
		require.NotContains(t, log, secret)
	}
}

func TestWhatIsReplayedHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	for i, req := range []slacktest.Request{
		h.slack.Command(annaInSlack, salesInSlack, "/deal", "new Alder Works 12k", unsent()).Request,
		h.slack.DirectMessage(annaInSlack, "", "new Birch Works 12k", unsent()).Request,
	} {
		headers := with(h.signature(req.Body, time.Now()), "Content-Type", req.ContentType)
		for range 5 {
			code, _ := knock(t, http.MethodPost, v.url+req.Path, req.Body, headers)
			require.Equal(t, http.StatusOK, code)
		}
		require.Equal(t, i+1, count(t, h.url, "deals"))
	}
	d := h.telegram.Private(vera, "new Cedar Works 12k")
	for range 5 {
		require.True(t, h.telegram.Deliver(d.Update)[0].OK())
	}
	require.Equal(t, 3, count(t, h.url, "deals"))
	v.end()
	h.clean()
}

func TestNothingForgedIsTakenForTelegram(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve("--log-level", "debug")
	h.settle()
	d := h.telegram.Private(vera, "new Alder Works 12k", telegramtest.Held())
	const header = "X-Telegram-Bot-Api-Secret-Token"
	right := h.telegram.WebhookSecret
	for name, secret := range map[string]string{
		"none": "", "another": "another-secret", "half": right[:5], "longer": right + "x", "of other case": strings.ToUpper(right), "token": h.telegram.Token,
	} {
		headers := map[string]string{"Content-Type": "application/json"}
		if secret != "" {
			headers[header] = secret
		}
		code, body := knock(t, http.MethodPost, v.url+"/telegram", string(d.Update.JSON), headers)
		require.Equal(t, http.StatusForbidden, code, name)
		require.NotContains(t, body, "secret", name)
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		code, _ := knock(t, method, v.url+"/telegram", string(d.Update.JSON), map[string]string{header: right})
		require.Equal(t, http.StatusMethodNotAllowed, code, method)
	}
	for _, body := range []string{"", "[]", "{", "null", `"word"`, `{"message":{}}`, `{"update_id":"x"}`, "\x00\xff", "<update/>", "update_id=1"} {
		code, _ := knock(t, http.MethodPost, v.url+"/telegram", body, map[string]string{header: right, "Content-Type": "text/plain"})
		require.Equal(t, http.StatusBadRequest, code, body)
	}
	require.Zero(t, count(t, h.url, "deals"))
	require.True(t, h.telegram.Deliver(d.Update)[0].OK(), "the genuine one is taken")
	require.Equal(t, 1, count(t, h.url, "deals"))
	log := v.end()
	for _, secret := range append(h.secrets(), "Alder", "another-secret") {
		require.NotContains(t, log, secret)
	}
	h.clean()
}

func TestContentTypesDoNotMatterAndOddBodiesBreakNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	for i, kind := range []string{"", "text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json", "a/b; c=\"", "form"} {
		r := h.slack.Command(annaInSlack, salesInSlack, "/deal", "new "+[]string{"Alder", "Birch", "Cedar", "Damson", "Elm", "Fir", "Hazel"}[i], slacktest.ContentType(kind))
		require.NoError(t, r.Err, kind)
		require.Equal(t, i+1, count(t, h.url, "deals"), kind)
	}
	odd := []string{
		"", "&", "=", "%", "payload", "payload=", "payload=null", "payload=[]", "payload=7", "payload=%7B", "payload={}&payload={}", "[]", "null", "7",
		"{", "{}", `{"type":7}`, `{"type":"event_callback","event":[]}`, `{"type":"event_callback","event":{"type":"app_mention","user":{}}}`,
		strings.Repeat("[", 100000), strings.Repeat(`{"a":`, 50000), "\x00\x01\xff\xfe", "payload=" + url.QueryEscape(strings.Repeat("[", 100000)),
		"text=\x00&user_id=U501&team_id=T0TEAM&channel_id=C77", "command=%00&text=%00&user_id=%00&team_id=%00&channel_id=%00",
	}
	for _, body := range odd {
		for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events"} {
			r := h.slack.Post(path, body)
			require.NoError(t, r.Err)
			require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, r.Status, "%s %.60s", path, body)
		}
		d := h.telegram.Deliver(telegramtest.Update{ID: 0, JSON: []byte(body)}, telegramtest.Body([]byte(body)))[0]
		require.NoError(t, d.Err)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, d.Status, "%.60s", body)
	}
	h.alive()
	v.end()
}

func TestLargeAndSlowBodiesAreCutOffWhileOthersAreServed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve()
	h.settle()
	large := strings.Repeat("a", 1<<20+1)
	for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events"} {
		require.Equal(t, http.StatusRequestEntityTooLarge, h.slack.Post(path, "text="+large).Status, path)
	}
	d := h.telegram.Private(vera, "new "+large, telegramtest.Held())
	require.Equal(t, http.StatusRequestEntityTooLarge, h.telegram.Deliver(d.Update)[0].Status)

	var slow []net.Conn
	for i := range 40 {
		path := []string{"/slack/commands", "/telegram"}[i%2]
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(v.url, "http://"))
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: bot\r\nX-Telegram-Bot-Api-Secret-Token: "+h.telegram.WebhookSecret+
			"\r\nContent-Length: 1000\r\n\r\ntext=")
		require.NoError(t, err)
		slow = append(slow, conn)
	}
	begun := time.Now()
	h.alive()
	require.Less(t, time.Since(begun), 5*time.Second, "others wait for the slow ones")
	for _, conn := range slow {
		require.NoError(t, conn.SetReadDeadline(begun.Add(2*readTimeout)))
		answer, err := io.ReadAll(conn)
		require.NoError(t, err, "the connection is still open")
		require.NotContains(t, string(answer), "200 OK")
	}
	v.end()
}

func TestGuessedCodesAreLimitedAndNeverLogged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve("--log-level", "debug")
	h.settle()
	h.slack.AddUser(slacktest.User{ID: "U0NEW", Name: "new", TZ: "UTC"})
	right := h.code("admin")
	wrong := []string{"abcd-efgh-jkmn-pqrs-tuvw", "bbbb-cccc-dddd-ffff-gggg", "2222-3333-4444-5555-6666", strings.ToUpper(right) + "x", right[1:], "k7m2-x9pq-k7m2-x9pq-k7m2"}
	for _, code := range wrong {
		require.True(t, h.telegram.Start(gleb, code).OK())
		require.NoError(t, h.slack.DirectMessage("U0NEW", "", "join "+code).Err)
	}
	require.True(t, h.telegram.Start(gleb, right).OK())
	require.NoError(t, h.slack.DirectMessage("U0NEW", "", "join "+right).Err)
	h.delivered()
	require.Len(t, h.toTelegram(gleb, "This code does not work"), 5)
	require.Len(t, h.toTelegram(gleb, "Too many codes were wrong"), 2, "the right one came too late as well")
	require.Len(t, h.toSlack("This code does not work"), 5)
	require.Len(t, h.toSlack("Too many codes were wrong"), 2)
	require.Equal(t, 2, count(t, h.url, "members"), "nobody came in")

	h.telegram.AddUser(telegramtest.User{ID: 603, First: "Ivo", Language: "en"})
	require.True(t, h.telegram.Start(603, right).OK())
	h.telegram.Until(func() bool { return len(h.toTelegram(603, "Welcome")) == 1 })
	log := v.end()
	for _, secret := range append(append(h.secrets(), wrong...), right) {
		require.NotContains(t, log, secret)
	}
	var kept int
	require.NoError(t, pgtest.Pool(t, h.url).QueryRow(context.WithoutCancel(t.Context()),
		"SELECT count(*) FROM outbox WHERE payload::text ILIKE '%' || $1 || '%'", right).Scan(&kept))
	require.Zero(t, kept, "a code is kept in the outbox")
	h.clean()
}
