package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/telegramtest"
)

// Who and where in Telegram.
const (
	annaInTelegram  = 501
	salesInTelegram = -1001000000077
)

// inChat is a message by its chat and its number there.
type inChat struct {
	chat int64
	id   int
}

// telegramPlayer is Anna in Telegram.
type telegramPlayer struct {
	*telegramtest.Server
	stage   *stage
	service *service
	// chat is where she writes.
	chat    int64
	polling bool
	// seen are the messages as they looked last, order the messages in the order in which they
	// changed, ever all that she has ever seen.
	seen    map[inChat]string
	order   []inChat
	ever    []telegramtest.Message
	presses int
	popups  int
}

func newTelegramPlayer(s *stage, chat int64) *telegramPlayer {
	p := &telegramPlayer{Server: telegramtest.New(s.tb), stage: s, chat: chat, seen: map[inChat]string{}}
	p.Now = s.now
	p.AddUser(telegramtest.User{ID: annaInTelegram, First: "Anna", Language: s.locale})
	p.AddGroup(telegramtest.Group{
		ID: salesInTelegram, Title: "Sales", Members: []int64{annaInTelegram}, Admins: []int64{annaInTelegram}, BotIsMember: true, Privacy: true,
	})
	return p
}

func telegramInPrivate(s *stage) player { return newTelegramPlayer(s, annaInTelegram) }
func telegramInGroup(s *stage) player   { return newTelegramPlayer(s, salesInTelegram) }

func telegramByPolling(s *stage) player {
	p := newTelegramPlayer(s, annaInTelegram)
	p.polling = true
	return p
}

var codeLine = regexp.MustCompile(`(?m)^Code: (\S+)$`)

func (p *telegramPlayer) enter() {
	tb := p.stage.tb
	tb.Helper()
	var out, errs bytes.Buffer
	code := runWith(tb.Context(), p.stage.args(append([]string{"invite", "--role", "admin"}, p.access()...)...), &streams{
		out: &out, err: &errs, getenv: func(string) string { return "" }, now: p.stage.now,
	})
	require.Zero(tb, code, errs.String())
	m := codeLine.FindStringSubmatch(out.String())
	require.NotNil(tb, m, out.String())

	p.serve()
	p.brought(p.Start(annaInTelegram, m[1]))
	p.stage.out.WriteString("▶ (opens the link of the invitation)\n" + p.look())
	if p.chat != annaInTelegram {
		p.brought(p.Group(annaInTelegram, p.chat, "/connect@"+p.Username+" internal"))
		p.stage.out.WriteString("\n▶ (connects the group)\n" + p.look())
	}
}

// access is how a program comes to Telegram.
func (p *telegramPlayer) access() []string {
	return []string{"--telegram-bot-token", p.Token, "--telegram-api-url", p.URL}
}

// restart ends the program and begins another one.
func (p *telegramPlayer) restart() {
	p.service.end()
	p.serve()
}

func (p *telegramPlayer) serve() {
	tb := p.stage.tb
	tb.Helper()
	access := p.access()
	l, address := socket(tb)
	if !p.polling {
		p.Bot = address + "/telegram"
		access = append(access, "--telegram-webhook-url", "https://bot.example", "--telegram-webhook-secret", p.WebhookSecret)
	}
	p.service = p.stage.serve(l, access...)
	if !p.polling {
		p.Until(func() bool { return p.Webhook().URL != "" })
	}
}

// brought requires that an update arrived, and waits until it was dealt with.
func (p *telegramPlayer) brought(d telegramtest.Delivery) {
	tb := p.stage.tb
	tb.Helper()
	require.False(tb, d.Unseen, "the bot is not shown %q", d.Message.Text)
	if p.polling {
		require.True(tb, d.Queued)
		p.Until(func() bool { return len(p.Pending()) == 0 })
		return
	}
	require.NoError(tb, d.Err)
	require.True(tb, d.OK(), "%d %s", d.Status, d.Body)
}

func (p *telegramPlayer) perform(s bottest.Step) string {
	switch s.Deed {
	case bottest.Type, bottest.Interrupt:
		p.say(s.Text)
	case bottest.Press:
		on, label := p.button(s)
		p.press(on, label)
	case bottest.PressTwice:
		on, label := p.button(s)
		p.press(on, label)
		p.press(on, label)
	case bottest.PressOld:
		i := slices.IndexFunc(p.ever, func(m telegramtest.Message) bool { _, ok := m.Button(s.Label); return ok })
		require.GreaterOrEqual(p.stage.tb, i, 0, "there was never a button %q", s.Label)
		p.press(p.ever[i], s.Label)
	case bottest.Wait:
	}
	return p.look()
}

func (p *telegramPlayer) press(on telegramtest.Message, label string) {
	p.presses++
	p.brought(p.Press(annaInTelegram, on, label))
}

// say types a line. In a group people answer a question by replying to it, and address the bot in a
// command or by its name.
func (p *telegramPlayer) say(line string) {
	if p.chat == annaInTelegram {
		p.brought(p.Private(annaInTelegram, line))
		return
	}
	if asked, ok := p.asked(); ok {
		p.brought(p.Group(annaInTelegram, p.chat, line, telegramtest.ReplyTo(asked)))
		return
	}
	word, rest, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	if slices.ContainsFunc(p.Commands("default", ""), func(c telegramtest.Command) bool { return c.Name == word }) {
		p.brought(p.Group(annaInTelegram, p.chat, strings.TrimSpace("/"+word+"@"+p.Username+" "+rest)))
		return
	}
	p.brought(p.Group(annaInTelegram, p.chat, "@"+p.Username+" "+line))
}

// asked is the message that opened the field for an answer, if it is the latest one.
func (p *telegramPlayer) asked() (int, bool) {
	m := p.Last(p.chat)
	return m.ID, m.ForceReply
}

// button finds the latest message with the button that is meant.
func (p *telegramPlayer) button(s bottest.Step) (telegramtest.Message, string) {
	tb := p.stage.tb
	tb.Helper()
	for _, at := range slices.Backward(p.order) {
		m, ok := p.Message(at.chat, at.id)
		if !ok || m.Deleted {
			continue
		}
		if s.Number > 0 && len(m.Labels()) >= s.Number {
			return m, m.Labels()[s.Number-1]
		}
		for _, label := range []string{s.Label, ticked + s.Label} {
			if _, ok := m.Button(label); ok {
				return m, label
			}
		}
	}
	require.Fail(tb, "no such button", "%s\n%s", s.Line, p.stage.out.String())
	return telegramtest.Message{}, ""
}

// look returns what is new to see, and what has changed.
func (p *telegramPlayer) look() string {
	var out strings.Builder
	out.WriteString(p.lookAt(p.chat, ""))
	if p.chat != annaInTelegram {
		out.WriteString(p.lookAt(annaInTelegram, "(in private) "))
	}
	var popups []string
	for _, a := range p.Answers() {
		if a.Text != "" {
			popups = append(popups, "(pops up) "+a.Text+"\n")
		}
	}
	out.WriteString(strings.Join(popups[p.popups:], ""))
	p.popups = len(popups)
	return out.String()
}

func (p *telegramPlayer) lookAt(chat int64, where string) string {
	var out strings.Builder
	for _, m := range p.Said(chat) {
		now := m.Plain()
		if m.ForceReply {
			now += "(the field for an answer opens: " + m.Hint + ")\n"
		}
		at := inChat{chat, m.ID}
		before, known := p.seen[at]
		if before == now {
			continue
		}
		if out.Len() > 0 {
			out.WriteString("\n")
		}
		if known {
			out.WriteString("(changed) ")
		}
		out.WriteString(where + now)
		p.seen[at] = now
		p.order = append(slices.DeleteFunc(p.order, func(one inChat) bool { return one == at }), at)
		p.ever = append(p.ever, m)
	}
	return out.String()
}

func (p *telegramPlayer) leave() {
	tb := p.stage.tb
	tb.Helper()
	p.Until(func() bool { return len(p.Answers()) == p.presses })
	p.service.end()
	require.Empty(tb, p.Mistakes(), "Telegram refuses what the bot asked for")
	for _, m := range p.ever {
		require.NotRegexp(tb, `</?[a-z]+>|&(amp|lt|gt|quot|#\d+);`, m.Text, "markup is shown")
	}
}
