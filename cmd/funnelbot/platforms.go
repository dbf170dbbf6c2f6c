package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strings"
	"time"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/bot/slack"
	"funnelbot/bot/telegram"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// Where the platforms send to.
const (
	slackPath    = "/slack/"
	telegramPath = "/telegram"
)

// platforms opens the doors of every platform that has a token.
func (a *app) platforms(w funnel.Workspace, meter *bot.Meter) ([]*platform, error) {
	reception := bot.NewReception(bot.ReceptionConfig{
		Service: a.service, Dispatcher: a.dispatch, Texts: a.texts, Clock: a.now, Log: a.log, Meter: meter,
		ConnectFirst: map[string]bool{telegram.Name: true},
	})
	a.meter, a.sweep = meter, func(ctx context.Context) error { return reception.Sweep(ctx, w.ID) }
	var open []*platform
	if a.settings.slack() {
		p, err := a.openSlack(w, reception)
		if err != nil {
			return nil, err
		}
		open = append(open, p)
	}
	if a.settings.telegram() {
		p, err := a.openTelegram(reception)
		if err != nil {
			return nil, err
		}
		open = append(open, p)
	}
	return open, nil
}

// answers posts what the doors answer, through the same outbox as everything that is owed.
func (a *app) answers(l *bot.Limiter) *bot.Answers {
	return bot.NewAnswers(bot.AnswersConfig{
		Box: a.store.AnswerBox(), Limiter: l, Anchors: a.store, Clock: a.now, Log: a.log, Meter: a.meter,
	})
}

func (a *app) slackConfig(l *bot.Limiter) slack.Config {
	s := a.settings
	return slack.Config{
		Token: s.SlackToken, SigningSecret: s.SlackSecret, AppToken: s.SlackAppToken, APIURL: s.SlackURL, Installer: s.SlackInstaller,
		Answers: a.answers(l), Limiter: l, Texts: a.texts, Clock: a.now, NewKey: func() string { return newID().String() },
		Log: a.log, Meter: a.meter,
	}
}

// openSlack opens the door to Slack, whose team works with the workspace from now on.
func (a *app) openSlack(w funnel.Workspace, reception *bot.Reception) (*platform, error) {
	l := bot.NewLimiter(slack.Limits(), a.now)
	c := a.slackConfig(l)
	c.Host = reception.Handle
	c.Gone = func(ctx context.Context, lane, reason string) error { return a.store.Gone(ctx, w.ID, lane, reason) }
	d, err := slack.New(c)
	if err != nil {
		return nil, err
	}
	reception.Know(slack.Name, d)
	greet := func(ctx context.Context) error { return a.install(ctx, d, w) }
	return &platform{door: d, name: slack.Name, path: slackPath, limiter: l, greet: greet, closed: make(chan struct{})}, nil
}

func (a *app) telegramConfig(l *bot.Limiter) telegram.Config {
	s := a.settings
	return telegram.Config{
		Token: s.TelegramToken, Secret: webhookSecret(s), WebhookURL: webhookAddress(s.TelegramWebhook), APIURL: s.TelegramURL,
		Answers: a.answers(l), Limiter: l, Texts: a.texts, Clock: a.now, Log: a.log, Meter: a.meter,
		Verbs: commands.Verbs(),
	}
}

// openTelegram opens the door to Telegram.
func (a *app) openTelegram(reception *bot.Reception) (*platform, error) {
	limits := telegram.Limits()
	if a.settings.TelegramRate > 0 {
		limits.All = float64(a.settings.TelegramRate)
	}
	l := bot.NewLimiter(limits, a.now)
	c := a.telegramConfig(l)
	c.Host = reception.Handle
	c.Moved = func(ctx context.Context, from, to string) error { return a.store.Moved(ctx, telegram.Name, from, to) }
	c.Gone = func(ctx context.Context, lane, reason string) error {
		return a.store.Gone(ctx, funnel.ID{}, lane, reason)
	}
	d, err := telegram.New(c)
	if err != nil {
		return nil, err
	}
	greet := func(ctx context.Context) error { return a.greet(ctx, d) }
	return &platform{door: d, name: telegram.Name, path: telegramPath, limiter: l, greet: greet, closed: make(chan struct{})}, nil
}

// courier brings what is owed out through a platform.
func (a *app) courier(p *platform) *bot.Courier {
	return bot.NewCourier(bot.CourierConfig{
		Outbox: a.store.Outbox(newID()), Lanes: funnel.Lanes{Prefix: funnel.LaneOf(p.name, "", "")}, Sender: p,
		Compose: a.compose, Clock: a.now, Log: a.log, Limiter: p.limiter, Anchors: a.store, Meter: a.meter, Woken: a.store.Woken(),
	})
}

// webhookAddress is where Telegram sends to: the public address with the path of this program.
func webhookAddress(public string) string {
	if public == "" {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(public, "/"), telegramPath) + telegramPath
}

// webhookSecret is the secret of the settings, or one that follows from the token, the same in every
// process and after every start.
func webhookSecret(s *settings) string {
	if s.TelegramSecret != "" {
		return s.TelegramSecret
	}
	mac := hmac.New(sha256.New, []byte(s.TelegramToken))
	mac.Write([]byte("funnelbot webhook"))
	return hex.EncodeToString(mac.Sum(nil))
}

// startLink is the link that opens the Telegram bot with a code.
func (a *app) startLink(ctx context.Context, code string) (string, error) {
	c := a.telegramConfig(nil)
	c.Host = nobody
	d, err := telegram.New(c)
	if err != nil {
		return "", err
	}
	name, err := d.Username(ctx)
	if err != nil {
		return "", err
	}
	return telegram.Link(name, code), nil
}

// nobody is the host of a door that is only asked about its platform.
func nobody(context.Context, bot.Visit) (message.Doc, error) { return message.Doc{}, nil }

// install ties the Slack team of the door to the workspace.
func (a *app) install(ctx context.Context, d *slack.Door, w funnel.Workspace) error {
	team, err := d.Team(ctx)
	if err != nil {
		return err
	}
	tied, err := a.store.Install(ctx, slack.Name, team, w.ID)
	if err == nil && tied != w.ID {
		a.log.WarnContext(ctx, "the Slack team belongs to another workspace and stays there", slog.String("team", team))
	}
	return err
}

// greet learns the name by which links lead to the Telegram bot.
func (a *app) greet(ctx context.Context, d *telegram.Door) error {
	name, err := d.Username(ctx)
	if err == nil {
		a.username.Store(&name)
	}
	return err
}

// inviteLink is the link for a code, or nothing while the bot's name is not known.
func (a *app) inviteLink(code string) string {
	name := a.username.Load()
	if name == nil {
		return ""
	}
	return telegram.Link(*name, code)
}

// Meeting a platform: how long the start waits for it, and how long until it is asked again.
const (
	meetTimeout = 3 * time.Second
	meetAgain   = 10 * time.Second
)

// meet asks a platform what has to be known before it is served well. The start does not wait for a
// platform that is away; it is asked again until it answers.
func (a *app) meet(ctx context.Context, p *platform) {
	again := time.NewTicker(meetAgain)
	defer again.Stop()
	for {
		asking, cancel := context.WithTimeout(ctx, meetTimeout)
		err := p.greet(asking)
		cancel()
		if err == nil || ctx.Err() != nil {
			return
		}
		a.log.WarnContext(ctx, "platform not met yet, trying on", slog.String("door", p.name), slog.Any("error", err))
		select {
		case <-ctx.Done():
			return
		case <-p.closed:
			return
		case <-again.C:
		}
	}
}
