// Package slack is the door to Slack: slash commands, mentions, direct messages, buttons, modals
// and shortcuts come in over HTTP or Socket Mode, and documents go out as blocks.
//
// Whatever comes in becomes a [bot.Visit] in inbound.go, and every document becomes blocks in
// render.go and modal.go; nothing else of the program knows that Slack exists. What is answered in
// which way is decided in reply.go: people see in a channel what the team should see, everything
// else is for the one who asked.
package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/bot/text"
	"funnelbot/commands"
)

// Name is what the door is called in visits and lanes.
const Name = "slack"

// Config is what the door needs. AppToken, APIURL, HTTP, Meter, Installer and Gone may be left out.
type Config struct {
	// Token is the bot token (xoxb-…). SigningSecret proves that requests come from Slack; it may
	// be empty where AppToken is given and nothing comes over HTTP.
	Token         string
	SigningSecret string
	// AppToken (xapp-…) lets the door connect by Socket Mode; empty for HTTP alone.
	AppToken string
	// APIURL is the base of the Web API with its last slash; empty is Slack's own.
	APIURL string

	// Host answers visits.
	Host bot.Host
	// Answers posts what is not said in the response itself, Limiter paces it.
	Answers *bot.Answers
	Limiter *bot.Limiter
	Texts   *text.Catalog
	Clock   func() time.Time
	// NewKey returns keys of visits that Slack gives no key for.
	NewKey func() string
	Log    *slog.Logger
	Meter  *bot.Meter
	// HTTP makes the calls to Slack; nil is a client with timeouts.
	HTTP *http.Client

	// Installer is the user who may be the first admin; empty leaves it to the owners and admins of
	// the Slack workspace.
	Installer string
	// Gone is told that nothing can be posted to a lane any more, and why, in one word. It may be
	// called again for the same thing, and with an error Slack delivers the news again. The lane of
	// the team itself stands for everything: the app was removed.
	Gone func(ctx context.Context, lane, reason string) error
}

// Door is the door to one Slack workspace. It is safe for use by many goroutines.
type Door struct {
	Config
	api   *slackapi.Client
	work  *work
	self  identity
	users memory[*slackapi.User]
	rooms memory[*slackapi.Channel]
	dms   memory[string]
	crowd memory[map[string]bool]
	order bot.Turns[string]
	// questions are those that stand in direct messages, by conversation and person.
	questions memory[asked]
	// parser tells which verb a line begins with.
	parser   *commands.Parser
	patience patience
}

// New returns the door. It talks to nobody before Run or the first request.
func New(c Config) (*Door, error) {
	switch {
	case c.Token == "":
		return nil, errors.New("slack door: no bot token")
	case c.SigningSecret == "" && c.AppToken == "":
		return nil, errors.New("slack door: neither signing secret nor app token")
	case c.Host == nil, c.Answers == nil, c.Texts == nil, c.Clock == nil, c.NewKey == nil, c.Log == nil:
		return nil, errors.New("slack door: config is incomplete")
	}
	if c.HTTP == nil {
		c.HTTP = client()
	}
	if c.Gone == nil {
		c.Gone = func(context.Context, string, string) error { return nil }
	}
	options := []slackapi.Option{slackapi.OptionHTTPClient(c.HTTP), slackapi.OptionAppLevelToken(c.AppToken)}
	if c.APIURL != "" {
		options = append(options, slackapi.OptionAPIURL(strings.TrimSuffix(c.APIURL, "/")+"/"))
	}
	d := &Door{Config: c, api: slackapi.New(c.Token, options...), work: newWork(), parser: commands.New(), patience: usual()}
	d.self.asking = make(chan struct{}, 1)
	return d, nil
}

// client returns what makes calls, with enough connections kept open for many chats at once.
func client() *http.Client {
	c := &http.Client{Timeout: uploadTimeout}
	if usual, ok := http.DefaultTransport.(*http.Transport); ok {
		own := usual.Clone()
		own.MaxIdleConns, own.MaxIdleConnsPerHost = idleCalls, idleCalls
		c.Transport = own
	}
	return c
}

// printer gives the language of the door's own few sentences.
func (d *Door) printer(locale string) *text.Printer {
	return d.Texts.In(locale)
}
