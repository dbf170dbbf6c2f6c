package main

import (
	"context"

	"funnelbot/bot"
	"funnelbot/bot/slack"
	"funnelbot/bot/telegram"
	"funnelbot/bot/text"
)

// platforms asks every platform that has a token how the bot stands with it.
func (d *examination) platforms(ctx context.Context, s *settings, io *streams) {
	a := &app{settings: s, now: io.now, log: newLog(s, io.err, true)}
	var err error
	if a.texts, err = text.Load(); err != nil {
		d.wrong("texts", err.Error(), "build this program again: it is broken")
		return
	}
	if !s.slack() && (s.SlackSecret != "" || s.SlackAppToken != "") {
		d.wrong(slack.Name, "SLACK_BOT_TOKEN is not set", "set it to the Bot User OAuth Token, or unset the other settings of Slack")
	}
	if !s.slack() && !s.telegram() {
		d.fine("platforms", "none connected: serve is the local chat; see Connecting Slack and Connecting Telegram in README.md")
		return
	}
	switch {
	case s.slack() && s.SlackSecret == "" && s.SlackAppToken == "":
		d.wrong(slack.Name, "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set",
			"set the first for Socket Mode or the second for requests over HTTP; see Connecting Slack in README.md")
	case s.slack():
		c := a.slackConfig(nil)
		c.Host = nobody
		door, err := slack.New(c)
		d.door(ctx, slack.Name, door, err)
	}
	if s.telegram() {
		c := a.telegramConfig(nil)
		c.Host = nobody
		door, err := telegram.New(c)
		d.door(ctx, telegram.Name, door, err)
	}
}

// door writes down what a door has found out.
func (d *examination) door(ctx context.Context, name string, door interface {
	Check(ctx context.Context) []bot.Check
}, err error,
) {
	if err != nil {
		d.wrong(name, err.Error(), "check its settings against deploy/env.example")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	for _, c := range door.Check(ctx) {
		if c.Mend != "" {
			d.wrong(name, c.Name+": "+c.Found, c.Mend)
			continue
		}
		d.fine(name, c.Name+": "+c.Found)
	}
}
