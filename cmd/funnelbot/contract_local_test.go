package main

import (
	"regexp"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
)

// localPlayer is Anna at the local chat, who presses buttons by typing their numbers.
type localPlayer struct {
	stage *stage
	chat  *sitting
	// shown are the latest answer and what came in since, whose buttons are good.
	shown string
}

func newLocalPlayer(s *stage) player { return &localPlayer{stage: s} }

func (p *localPlayer) enter() {
	p.chat = sit(p.stage.tb, p.stage.args("--as", "Anna")...)
	p.stage.moved = func(now time.Time) { p.chat.clock.Store(now.UnixNano()) }
}

// restart ends the program and begins another one.
func (p *localPlayer) restart() {
	p.leave()
	now := p.stage.now()
	p.enter()
	p.stage.moved(now)
}

func (p *localPlayer) perform(s bottest.Step) string {
	p.stage.tb.Helper()
	line := s.Text
	switch s.Deed {
	case bottest.Type, bottest.Interrupt:
	case bottest.Press, bottest.PressTwice:
		// Pressing twice is typing the number twice, which would mean the next answer's button.
		line = s.Line
		if s.Label != "" {
			line = "/" + p.number(s.Label)
		}
	case bottest.PressOld:
		return "" // there are no old buttons in a chat of lines
	case bottest.Wait:
		printed := p.chat.out.take()
		p.shown += printed
		return printed
	}
	p.chat.clock.Add(-int64(time.Second)) // saying it takes one
	p.shown = p.chat.say(line)
	return p.shown
}

var numbered = regexp.MustCompile(`\[/?(\d+)\] (?:\[[ x]\] )?(.+?)(?:  |\n|$| — | ✓)`)

// number is that of the latest button with the label.
func (p *localPlayer) number(label string) string {
	p.stage.tb.Helper()
	found := ""
	for line := range strings.Lines(p.shown) {
		for rest := line; rest != ""; {
			m := numbered.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			if rest[m[4]:m[5]] == label {
				found = rest[m[2]:m[3]]
			}
			rest = rest[m[5]:]
		}
	}
	require.NotEmpty(p.stage.tb, found, "no button %q in\n%s", label, p.shown)
	return found
}

func (p *localPlayer) leave() {
	p.stage.tb.Helper()
	require.Zero(p.stage.tb, p.chat.leave())
	require.Empty(p.stage.tb, p.chat.errs.take())
}
