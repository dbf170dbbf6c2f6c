package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/slacktest"
)

// Who and where in Slack.
const (
	annaInSlack  = "U501"
	salesInSlack = "C77"
)

// slackPlayer is Anna in Slack, who owns the workspace there.
type slackPlayer struct {
	*slacktest.Server
	stage   *stage
	service *service
	// commands makes her give commands in a channel; otherwise she writes to the bot alone.
	commands bool
	// seen are the messages as they looked last, order those that she can press on in the order in
	// which they changed, ever all that she has ever seen.
	seen  map[string]string
	order []string
	ever  []slacktest.Message
	modal string
	form  form
}

func newSlackPlayer(s *stage) *slackPlayer {
	p := &slackPlayer{Server: slacktest.New(s.tb), stage: s, seen: map[string]string{}}
	p.Now, p.SignNow = s.now, s.now
	locale := map[string]string{"en": "en-US", "ru": "ru-RU"}[s.locale]
	p.AddUser(slacktest.User{ID: annaInSlack, Name: "anna", RealName: "Anna", Locale: locale, TZ: "Europe/Moscow", IsOwner: true})
	p.AddChannel(slacktest.Channel{ID: salesInSlack, Name: "sales", Members: []string{annaInSlack}, BotIsMember: true})
	return p
}

func slackInMessages(s *stage) player { return newSlackPlayer(s) }

func slackByCommand(s *stage) player {
	p := newSlackPlayer(s)
	p.commands = true
	return p
}

func slackBySocket(s *stage) player {
	p := newSlackPlayer(s)
	p.UseSocket = true
	return p
}

func (p *slackPlayer) enter() { p.serve() }

// restart ends the program and begins another one.
func (p *slackPlayer) restart() {
	p.service.end()
	p.serve()
}

func (p *slackPlayer) serve() {
	tb := p.stage.tb
	tb.Helper()
	l, address := socket(tb)
	access := []string{"--slack-bot-token", p.Token, "--slack-api-url", p.URL}
	if p.UseSocket {
		access = append(access, "--slack-app-token", p.AppToken)
	} else {
		p.Bot = address
		access = append(access, "--slack-signing-secret", p.SigningSecret)
	}
	p.service = p.stage.serve(l, access...)
	if p.UseSocket {
		require.Eventually(tb, func() bool { return p.Sockets() > 0 }, patience, glance)
	}
}

// done waits until everything that Anna did has had its effect: what somebody does is worked on in
// order, and a command from elsewhere is refused in its turn.
func (p *slackPlayer) done(r slacktest.Reply) {
	tb := p.stage.tb
	tb.Helper()
	require.NoError(tb, r.Err)
	r = p.Command(annaInSlack, salesInSlack, "/deal", "help", slacktest.FromTeam("T0ELSEWHERE"))
	require.NoError(tb, r.Err)
	require.Empty(tb, r.Body, "a command of another team was answered")
}

func (p *slackPlayer) perform(s bottest.Step) string {
	if top, ok := p.top(); ok && s.Deed != bottest.Wait {
		asks := top.Submit != "" || len(slacktest.Buttons(top)) > 0
		if asks && s.Deed != bottest.Interrupt {
			p.fill(top, s)
			return p.look()
		}
		p.done(p.CloseView(annaInSlack, top, false)) // it has said its word, or stands in the way
		p.modal = ""
	}
	switch s.Deed {
	case bottest.Type, bottest.Interrupt:
		if p.commands {
			p.done(p.Command(annaInSlack, salesInSlack, "/deal", s.Text))
		} else {
			p.done(p.DirectMessage(annaInSlack, "", s.Text))
		}
	case bottest.Press:
		p.done(p.press(p.button(s)))
	case bottest.PressTwice:
		on, label := p.button(s)
		p.done(p.press(on, label))
		p.done(p.press(on, label))
	case bottest.PressOld:
		i := slices.IndexFunc(p.ever, func(m slacktest.Message) bool { return presses(m, s.Label) })
		require.GreaterOrEqual(p.stage.tb, i, 0, "there was never a button %q", s.Label)
		p.done(p.press(p.ever[i], s.Label))
	case bottest.Wait:
	}
	return p.look()
}

// top is the modal that Anna looks at.
func (p *slackPlayer) top() (slacktest.View, bool) {
	stack := p.Stack(annaInSlack)
	if len(stack) == 0 {
		return slacktest.View{}, false
	}
	return stack[len(stack)-1], true
}

// controls are the buttons of questions by what is typed in their place.
var controls = map[string]string{
	"back": "Back", "skip": "Skip", "?": "Help", "cancel": "Cancel", "later": "Later",
	"назад": "Назад", "пропустить": "Пропустить", "помощь": "Помощь", "отмена": "Отмена", "позже": "Позже",
}

// choice finds the menu with an option of that label, among blocks of that type, and the label as it
// is written there.
func choice(blocks []map[string]any, kind, label string) (menu, option string, found bool) {
	for _, b := range blocks {
		if b["type"] != kind {
			continue
		}
		elements, _ := b["elements"].([]any)
		for _, e := range append(elements, b["element"]) {
			e, _ := e.(map[string]any)
			options, _ := e["options"].([]any)
			for _, o := range options {
				o, _ := o.(map[string]any)
				words, _ := o["text"].(map[string]any)
				option, _ = words["text"].(string)
				if strings.EqualFold(option, label) {
					menu, found = b["block_id"].(string)
					return menu, option, found
				}
			}
		}
	}
	return "", "", false
}

// ticked begins the label of a button that was picked before.
const ticked = "✓ "

// presses reports whether a message has a button or an option with that label.
func presses(m slacktest.Message, label string) bool {
	_, _, chosen := choice(m.Blocks, "actions", label)
	return chosen || slices.Contains(slacktest.Buttons(m), label)
}

func (p *slackPlayer) press(on slacktest.Message, label string) slacktest.Reply {
	if menu, _, ok := choice(on.Blocks, "actions", label); ok && !slices.Contains(slacktest.Buttons(on), label) {
		return p.Select(annaInSlack, on, menu, label)
	}
	return p.Press(annaInSlack, on, label)
}

// button finds the latest message with the button that is meant.
func (p *slackPlayer) button(s bottest.Step) (slacktest.Message, string) {
	tb := p.stage.tb
	tb.Helper()
	for _, key := range slices.Backward(p.order) {
		i := slices.IndexFunc(p.FromBot(), func(m slacktest.Message) bool { return !m.Deleted && keyOf(m) == key })
		if i < 0 {
			continue
		}
		m := p.FromBot()[i]
		if labels := slacktest.Buttons(m); s.Number > 0 && len(labels) >= s.Number {
			return m, labels[s.Number-1]
		}
		for _, label := range []string{s.Label, ticked + s.Label} {
			if s.Label != "" && presses(m, label) {
				return m, label
			}
		}
	}
	require.Fail(tb, "no such button", "%s\n%s", s.Line, p.stage.out.String())
	return slacktest.Message{}, ""
}

func keyOf(m slacktest.Message) string { return m.Channel + " " + m.TS + " " + m.Only }

// look returns what is new to see, and what has changed.
func (p *slackPlayer) look() string {
	var out strings.Builder
	for _, m := range p.FromBot() {
		key, now := keyOf(m), m.Plain()
		before, known := p.seen[key]
		switch {
		case m.Deleted && known && before != "":
			p.seen[key] = ""
			fmt.Fprintf(&out, "(taken away) %s\n", strings.SplitN(before, "\n", 2)[0])
			continue
		case m.Deleted, before == now:
			continue
		case known:
			out.WriteString("(changed) ")
		}
		fmt.Fprintf(&out, "%s%s\n", p.where(m), now)
		p.seen[key] = now
		p.order = append(slices.DeleteFunc(p.order, func(k string) bool { return k == key }), key)
		p.ever = append(p.ever, m)
	}
	shown := ""
	if top, ok := p.top(); ok {
		shown = top.Plain()
	}
	switch shown {
	case p.modal:
	case "":
		out.WriteString("(the modal closes)\n")
	default:
		out.WriteString(shown + "\n")
	}
	p.modal = shown
	return out.String()
}

// where says who sees a message.
func (p *slackPlayer) where(m slacktest.Message) string {
	switch {
	case m.Only != "":
		return "(only you) "
	case m.Channel == salesInSlack && m.ThreadTS != "" && m.ThreadTS != m.TS:
		return "(thread in #sales) "
	case m.Channel == salesInSlack:
		return "(#sales) "
	}
	return ""
}

func (p *slackPlayer) leave() {
	tb := p.stage.tb
	tb.Helper()
	p.service.end()
	require.Empty(tb, p.Refusals(), "Slack refuses what the bot did")
	require.Empty(tb, p.Errors(), "Slack did not get what it waits for")
	for _, m := range p.ever {
		require.NotRegexp(tb, `&(amp|lt|gt|quot|#\d+);`, m.Plain(), "markup is shown")
	}
}
