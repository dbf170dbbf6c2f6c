package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/bot"
)

// manyWaiting is how many updates may wait for the webhook before it is worth a word.
const manyWaiting = 20

// Check asks the platform about everything that the door stands on.
func (d *Door) Check(ctx context.Context) []bot.Check {
	token := bot.Check{Name: "Telegram bot token"}
	self, err := d.me(ctx)
	if err != nil {
		token.Found = err.Error()
		token.Mend = "see whether this machine reaches " + d.APIURL
		if errors.Is(err, tgbot.ErrorUnauthorized) || errors.Is(err, tgbot.ErrorNotFound) {
			token.Mend = "copy the token again from @BotFather: /mybots, the bot, API Token"
		}
		return []bot.Check{token}
	}
	token.Found = "@" + self.Username
	return append([]bot.Check{token, groups(self), privacy(self)}, d.checkWebhook(ctx))
}

func groups(self *tgmodels.User) bot.Check {
	c := bot.Check{Name: "Telegram groups", Found: "the bot can be added to groups"}
	if !self.CanJoinGroups {
		c.Found = "the bot cannot be added to groups"
		c.Mend = "tell @BotFather /setjoingroups, choose the bot, Enable; the team's group needs it"
	}
	return c
}

// privacy says what the bot is shown in groups. It needs commands, mentions and answers only.
func privacy(self *tgmodels.User) bot.Check {
	c := bot.Check{Name: "Telegram privacy mode", Found: "on: in groups the bot is shown what is meant for it"}
	if self.CanReadAllGroupMessages {
		c.Found = "off: in groups the bot is shown everything, and ignores what is not meant for it"
		c.Mend = "tell @BotFather /setprivacy, choose the bot, Enable; then remove the bot from its groups and add it again"
	}
	return c
}

func (d *Door) checkWebhook(ctx context.Context) bot.Check {
	c := bot.Check{Name: "Telegram webhook"}
	info, err := api(ctx, d, "getWebhookInfo", callTimeout, d.bot.GetWebhookInfo)
	if err != nil {
		c.Found, c.Mend = err.Error(), "see whether this machine reaches "+d.APIURL
		return c
	}
	c.Found = fmt.Sprintf("none, updates are polled for; %d waiting", info.PendingUpdateCount)
	if info.URL != "" {
		// The path may be a secret of its own.
		c.Found = fmt.Sprintf("set for %s; %d waiting", host(info.URL), info.PendingUpdateCount)
	}
	switch {
	case info.URL != d.WebhookURL && d.WebhookURL == "":
		c.Mend = "start the bot: it takes the webhook away before it polls; if another program uses this token, give it a bot of its own"
	case info.URL != d.WebhookURL:
		c.Mend = "start the bot: it sets the webhook to " + host(d.WebhookURL) + "; if it is running, another program uses this token"
	case info.URL != "" && !sameKinds(info.AllowedUpdates):
		c.Mend = "start the bot again: it asks for messages, presses and news of its chats"
	case info.LastErrorMessage != "" && info.PendingUpdateCount > 0:
		c.Found += "; the last delivery failed: " + inline(info.LastErrorMessage)
		c.Mend = "see whether " + host(info.URL) + " is reached from the internet over https, with a valid certificate, and leads to the bot"
	case info.PendingUpdateCount > manyWaiting:
		c.Mend = "see in the log of the bot why updates are not taken"
	}
	return c
}

func sameKinds(kinds []string) bool {
	for _, k := range allowed() {
		if !slices.Contains(kinds, k) {
			return false
		}
	}
	return true
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "another address"
	}
	return u.Host
}
