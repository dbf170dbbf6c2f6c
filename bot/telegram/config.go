// Package telegram is the door to Telegram: private chats, where whatever is typed is meant for the
// bot, and groups, where commands, mentions and answers to the bot are.
//
// Updates come by webhook or by long polling; both hand them to the same function, which answers
// before the update counts as delivered. What people are told goes through [bot.Answers], so that an
// update that is delivered again posts nothing twice.
//
// Edited messages are not asked for and are ignored where they come: the command has had its effect
// already, and undo takes it back.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
	"funnelbot/bot/text"
	"funnelbot/commands"
)

// Name is what the door is called in requests and lanes.
const Name = "telegram"

// Platform is the address of the Bot API.
const Platform = "https://api.telegram.org"

// Config is what the door needs. All of it must be given but what says otherwise.
type Config struct {
	// Token is the bot's, from @BotFather. Secret is what the platform repeats in every delivery to
	// the webhook: 1 to 256 Latin letters, digits, _ and -. It may be empty without a webhook; then
	// the handler lets nobody in.
	Token, Secret string
	// WebhookURL is the public address of the handler, with https; empty for long polling.
	WebhookURL string
	// APIURL replaces [Platform], without a slash at its end; empty for the platform itself.
	APIURL string
	// Host answers what people do, Answers posts it, Limiter is the one that Answers uses. A nil
	// Limiter holds nothing back.
	Host    bot.Host
	Answers *bot.Answers
	Limiter *bot.Limiter
	Texts   *text.Catalog
	Clock   func() time.Time
	Log     *slog.Logger
	// Meter counts what was refused; it may be nil.
	Meter *bot.Meter
	// HTTP gives the transport of calls; nil for the usual one. Each call has a deadline of its own.
	HTTP *http.Client
	// Verbs become the menu of commands.
	Verbs []commands.Verb
	// Moved is told that a group has another identifier now, Gone that nothing can be posted in a
	// lane any more and why, in one word. Each may be called again for the same thing, and with an
	// error the platform delivers the news again. Both may be nil.
	Moved func(ctx context.Context, from, to string) error
	Gone  func(ctx context.Context, lane, reason string) error
}

// Door is the running door. It is a [bot.Sender].
type Door struct {
	Config
	bot  *tgbot.Bot
	wire *wire
	// known are the words that may follow a slash in a group where other bots listen too.
	known map[string]bool
	// turns let what one person does in one chat happen in the order in which it came: presses come by
	// another queue of the platform than words.
	turns bot.Turns[string]
	// questions are the messages that wait for typed answers, parts what was delivered of messages
	// that are several, tries how often an update made the program panic, bare which messages have no
	// buttons any more.
	questions recent[question]
	parts     recent[progress]
	tries     recent[int]
	bare      recent[struct{}]

	selfMu sync.Mutex
	self   *tgmodels.User

	workMu sync.Mutex
	work   sync.WaitGroup
	closed bool
}

var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`) // https://core.telegram.org/bots/api#setwebhook

// New returns the door. It calls nobody before Run, Send, Check or the first update.
func New(c Config) (*Door, error) {
	if c.APIURL == "" {
		c.APIURL = Platform
	}
	c.APIURL = strings.TrimSuffix(c.APIURL, "/")
	switch {
	case !strings.Contains(c.Token, ":") || strings.ContainsAny(c.Token, " /?#%\n"):
		return nil, errors.New("telegram: the token does not look like 123456:ABC…")
	case c.Secret != "" && !secretPattern.MatchString(c.Secret):
		return nil, errors.New("telegram: the webhook secret is not 1 to 256 Latin letters, digits, _ and -")
	case c.WebhookURL != "" && c.Secret == "":
		return nil, errors.New("telegram: a webhook needs a secret")
	}
	if !address(c.APIURL, "http", "https") {
		return nil, errors.New("telegram: the address of the platform is not one")
	}
	if c.WebhookURL != "" && !address(c.WebhookURL, "https") {
		return nil, errors.New("telegram: the address of the webhook must begin with https://")
	}
	d := &Door{Config: c, known: words(c.Verbs)}
	d.questions.most, d.parts.most, d.tries.most, d.bare.most = keptQuestions, keptParts, keptParts, keptQuestions
	d.wire = &wire{client: client(c.HTTP), token: c.Token}
	var err error
	d.bot, err = tgbot.New(c.Token, tgbot.WithSkipGetMe(), tgbot.WithServerURL(c.APIURL),
		tgbot.WithHTTPClient(pollTimeout, d.wire), tgbot.WithErrorsHandler(d.trouble))
	if err != nil {
		return nil, fmt.Errorf("telegram: %s", strings.ReplaceAll(err.Error(), c.Token, "***"))
	}
	return d, nil
}

// client returns what makes calls: without the timeout of the client that was given, because each call
// has its own, and with enough connections kept open for many chats at once.
func client(given *http.Client) *http.Client {
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if given != nil {
		c.Transport = given.Transport
	}
	if usual, ok := http.DefaultTransport.(*http.Transport); ok && c.Transport == nil {
		own := usual.Clone()
		own.MaxIdleConns, own.MaxIdleConnsPerHost = idleCalls, idleCalls
		c.Transport = own
	}
	return c
}

// trouble hears what the library cannot return.
func (d *Door) trouble(err error) {
	d.Log.Warn("telegram library", slog.String("error", strings.ReplaceAll(err.Error(), d.Token, "***")))
}

func address(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	return slices.Contains(schemes, u.Scheme)
}

// me returns who the bot is. The platform is asked once.
func (d *Door) me(ctx context.Context) (*tgmodels.User, error) {
	d.selfMu.Lock()
	defer d.selfMu.Unlock()
	if d.self != nil {
		return d.self, nil
	}
	self, err := api(ctx, d, "getMe", callTimeout, d.bot.GetMe)
	if err != nil {
		return nil, err
	}
	d.self = self
	return self, nil
}

// say returns a sentence of the door in a language.
func (d *Door) say(locale, key string) string { return d.Texts.In(locale).Say(key, nil) }
