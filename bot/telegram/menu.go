package telegram

import (
	"context"
	"log/slog"
	"regexp"
	"slices"

	tgbot "github.com/go-telegram/bot"
	tgmodels "github.com/go-telegram/bot/models"

	"funnelbot/funnel"
)

var commandPattern = regexp.MustCompile(`^[a-z0-9_]{1,32}$`) // https://core.telegram.org/bots/api#botcommand

// setMenu tells the platform the commands that it offers after a slash, in both languages, where they
// are not the same already. Without a menu the bot works all the same.
func (d *Door) setMenu(ctx context.Context) {
	scopes := []tgmodels.BotCommandScope{&tgmodels.BotCommandScopeAllPrivateChats{}, &tgmodels.BotCommandScopeAllGroupChats{}}
	for _, scope := range scopes {
		// English is for everybody whose language has no menu of its own.
		for language, locale := range map[string]funnel.Locale{"": funnel.English, "ru": funnel.Russian} {
			if err := d.setCommands(ctx, scope, language, d.menu(locale)); err != nil {
				d.Log.WarnContext(ctx, "menu of commands not set", slog.String("language", string(locale)), slog.Any("error", err))
			}
		}
	}
}

func (d *Door) setCommands(ctx context.Context, scope tgmodels.BotCommandScope, language string, all []tgmodels.BotCommand) error {
	if len(all) == 0 {
		return nil
	}
	now, err := api(ctx, d, "getMyCommands", callTimeout, func(ctx context.Context) ([]tgmodels.BotCommand, error) {
		return d.bot.GetMyCommands(ctx, &tgbot.GetMyCommandsParams{Scope: scope, LanguageCode: language})
	})
	if err == nil && slices.Equal(now, all) {
		return nil
	}
	_, err = api(ctx, d, "setMyCommands", callTimeout, func(ctx context.Context) (bool, error) {
		return d.bot.SetMyCommands(ctx, &tgbot.SetMyCommandsParams{Commands: all, Scope: scope, LanguageCode: language})
	})
	return err
}

// menu are the verbs under their English names: the platform takes no others. What they do is said in
// the language.
func (d *Door) menu(locale funnel.Locale) []tgmodels.BotCommand {
	p := d.Texts.In(string(locale))
	var all []tgmodels.BotCommand
	for _, v := range d.Verbs {
		i := slices.IndexFunc(v.English, commandPattern.MatchString)
		if i < 0 || len(all) == maxCommands {
			continue
		}
		all = append(all, tgmodels.BotCommand{Command: v.English[i], Description: short(inline(p.Say(v.Help+".short", nil)), maxDescription)})
	}
	return all
}

// setWebhook asks for deliveries. What waits already is delivered too.
func (d *Door) setWebhook(ctx context.Context) error {
	_, err := api(ctx, d, "setWebhook", callTimeout, func(ctx context.Context) (bool, error) {
		return d.bot.SetWebhook(ctx, &tgbot.SetWebhookParams{URL: d.WebhookURL, SecretToken: d.Secret, AllowedUpdates: allowed()})
	})
	return err
}

func (d *Door) deleteWebhook(ctx context.Context) error {
	_, err := api(ctx, d, "deleteWebhook", callTimeout, func(ctx context.Context) (bool, error) {
		return d.bot.DeleteWebhook(ctx, &tgbot.DeleteWebhookParams{})
	})
	return err
}
