package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// slackCaller sends slash commands as Slack does, each with a trigger and a signature of its own.
type slackCaller struct {
	wire  *wire
	walk  *walk
	clock clock
	sign  hash.Hash
	// users and channels are escaped for a form.
	users, channels []string
	team, hook, run string
	// any counts every answer with status 2xx as right.
	any bool

	n       int
	body    []byte
	headers []byte
	mac     []byte
}

// speaker is who sends, and from where.
type speaker struct {
	team, user, channel, hook string
	// users is how many there are: with more than one, the names get numbers.
	users int
}

// nth is the name of one of several people or channels.
func nth(name string, i, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s%05d", name, i+1)
}

// newSlackCaller is the caller of one connection of several: people are dealt out to them as deals
// are, because what one person says is answered in its order.
func newSlackCaller(address, secret string, s speaker, w *walk, connection, connections int) (*slackCaller, error) {
	to, err := newWire(address)
	if err != nil {
		return nil, err
	}
	k := &slackCaller{
		wire: to, walk: w, clock: wall{}, sign: hmac.New(sha256.New, []byte(secret)), run: strings.ToLower(rand.Text()[:10]),
		team: url.QueryEscape(s.team), hook: url.QueryEscape(s.hook),
	}
	for i := connection % s.users; i < s.users; i += connections {
		k.users = append(k.users, url.QueryEscape(nth(s.user, i, s.users)))
		k.channels = append(k.channels, url.QueryEscape(nth(s.channel, i, s.users)))
	}
	return k, nil
}

// form writes the body of a slash command
// (https://docs.slack.dev/interactivity/implementing-slash-commands).
func (k *slackCaller) form(line string) {
	i := k.n % len(k.users)
	b := k.body[:0]
	b = append(b, "token=none&team_id="...)
	b = append(b, k.team...)
	b = append(b, "&team_domain=sample&channel_id="...)
	b = append(b, k.channels[i]...)
	b = append(b, "&channel_name=directmessage&user_id="...)
	b = append(b, k.users[i]...)
	b = append(b, "&user_name=load&command=%2Fdeal&text="...)
	b = append(b, url.QueryEscape(line)...)
	b = append(b, "&api_app_id=A000LOAD&is_enterprise_install=false&response_url="...)
	b = append(b, k.hook...)
	b = append(b, "&trigger_id="...)
	b = append(b, k.run...)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(k.n), 10)
	k.body = b
	k.n++
}

// signed writes the headers of a body that is sent at that time
// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
func (k *slackCaller) signed(at time.Time) {
	h := k.headers[:0]
	h = append(h, "Content-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: "...)
	from := len(h)
	h = strconv.AppendInt(h, at.Unix(), 10)
	stamp := h[from:]
	k.sign.Reset()
	_, _ = k.sign.Write([]byte("v0:"))
	_, _ = k.sign.Write(stamp)
	_, _ = k.sign.Write([]byte(":"))
	_, _ = k.sign.Write(k.body)
	k.mac = k.sign.Sum(k.mac[:0])
	h = append(h, "\r\nX-Slack-Signature: v0="...)
	h = hex.AppendEncode(h, k.mac)
	h = append(h, "\r\n"...)
	k.headers = h
}

func (k *slackCaller) call(ctx context.Context) (verdict, time.Time, string) {
	s := k.walk.next()
	v, at, words := k.say(ctx, s.line, func(said []byte) bool { return k.walk.says(said, s) })
	k.walk.done(s, v)
	return v, at, words
}

// say sends a line and judges the answer by what is told in it.
func (k *slackCaller) say(ctx context.Context, line string, expected func(said []byte) bool) (verdict, time.Time, string) {
	k.form(line)
	k.signed(k.clock.now())
	status, body, err := k.wire.post(ctx, k.headers, k.body)
	at := k.clock.now()
	switch {
	case err != nil:
		return failed, at, err.Error()
	case status/100 != 2:
		return refused, at, strconv.Itoa(status) + " " + http.StatusText(status)
	case !k.any && !expected(slackWords(body)):
		return wrong, at, fmt.Sprintf("%q was answered with %s", line, body)
	}
	return right, at, ""
}

// reset brings every deal of this connection to the first stage, and is no part of what is measured.
func (k *slackCaller) reset(ctx context.Context) error {
	for k.walk.lost() {
		if v, _, words := k.call(ctx); v == failed || v == refused || ctx.Err() != nil {
			return fmt.Errorf("bring the deals to their first stage: %s", words)
		}
	}
	return nil
}

func (k *slackCaller) close() { k.wire.close() }

// slackAnswer is the part of an answer to a slash command in which words are.
type slackAnswer struct {
	Text   string `json:"text"`
	Blocks []struct {
		Text struct {
			Text string `json:"text"`
		} `json:"text"`
	} `json:"blocks"`
}

// slackWords are the words of an answer, nil if it is none.
func slackWords(body []byte) []byte {
	var a slackAnswer
	if json.Unmarshal(body, &a) != nil {
		return nil
	}
	words := []byte(a.Text)
	for i := range a.Blocks {
		words = append(append(words, '\n'), a.Blocks[i].Text.Text...)
	}
	return []byte(strings.ReplaceAll(string(words), "*", ""))
}
