package slack

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"funnelbot/bot"
)

// Scope is a permission of the bot token, and what it is for.
type Scope struct{ Name, For string }

// Scopes are the permissions that the door needs, in alphabetical order, as they stand in the
// manifest of the app.
func Scopes() []Scope {
	return []Scope{
		{"app_mentions:read", "hearing what is said to the bot in channels"},
		{"channels:history", "finding out whether a message has arrived"},
		{"channels:read", "seeing which channels outsiders read, and who is in the channels whose members may speak"},
		{"chat:write", "answering"},
		{"commands", "the commands /deal and /funnel and the shortcut of messages"},
		{"files:read", "files that are sent to the bot"},
		{"files:write", "sending reports and pictures"},
		{"groups:history", "finding out whether a message has arrived in a private channel"},
		{"groups:read", "the same of private channels"},
		{"im:history", "direct messages"},
		{"im:read", "direct messages"},
		{"im:write", "reminders, which begin a direct message"},
		{"usergroups:read", "user groups whose members may speak"},
		{"users:read", "names, languages and time zones, and telling guests from colleagues"},
	}
}

// Events are what the app subscribes to, as they stand in its manifest.
func Events() []string {
	return []string{
		"app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_left", "channel_shared", "channel_unarchive",
		"channel_unshared", "group_archive", "group_deleted", "group_left", "group_unarchive", "member_left_channel", "message.im",
		"tokens_revoked",
	}
}

// Shortcut is the callback of the message shortcut that hands a message over, as it stands in the
// manifest of the app.
const Shortcut = logShortcut

// settings is where an app is changed.
const settings = "https://api.slack.com/apps"

// Check says how the tokens, permissions and the secret stand; see [bot.Check].
func (d *Door) Check(ctx context.Context) []bot.Check {
	checks := append(d.checkToken(ctx), d.checkSecret())
	if d.AppToken != "" {
		checks = append(checks, d.checkAppToken(ctx))
	}
	return checks
}

func (d *Door) checkToken(ctx context.Context) []bot.Check {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	const name = "Slack bot token"
	answer, err := d.api.AuthTestContext(ctx)
	switch {
	case refusedFor(err, fatalCodes()...):
		return []bot.Check{{
			Name: name, Found: "refused: " + err.Error(),
			Mend: "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app at " + settings + ", or reinstall the app there if it was removed",
		}}
	case err != nil:
		return []bot.Check{{
			Name: name, Found: "not checked: " + err.Error(),
			Mend: "see whether this machine reaches https://slack.com, and what https://status.slack.com says",
		}}
	}
	checks := []bot.Check{{Name: name, Found: fmt.Sprintf("@%s in %s (%s)", answer.User, answer.Team, answer.TeamID)}}
	have := strings.FieldsFunc(answer.Header.Get("X-Oauth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	missing := false
	for _, s := range Scopes() {
		if slices.Contains(have, s.Name) {
			continue
		}
		missing = true
		checks = append(checks, bot.Check{
			Name: "Slack scope " + s.Name, Found: "missing; it is for " + s.For,
			Mend: "add " + s.Name + " under OAuth & Permissions, Bot Token Scopes, of your app at " + settings + ", then reinstall the app on the same page",
		})
	}
	if !missing {
		checks = append(checks, bot.Check{Name: "Slack scopes", Found: "all there"})
	}
	return checks
}

// secretForm is how signing secrets look: 16 bytes in hexadecimal digits.
var secretForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (d *Door) checkSecret() bot.Check {
	c := bot.Check{Name: "Slack signing secret", Found: "there"}
	const mend = "copy the Signing Secret from Basic Information, App Credentials, of your app at " + settings
	switch {
	case d.SigningSecret == "" && d.AppToken != "":
		c.Found = "not given, and not needed while only Socket Mode is used"
	case d.SigningSecret == "":
		c.Found, c.Mend = "missing: nothing that comes over HTTP can be trusted", mend
	case !secretForm.MatchString(d.SigningSecret):
		c.Found, c.Mend = "does not look like one: 32 digits and letters from a to f", mend
	}
	return c
}

func (d *Door) checkAppToken(ctx context.Context) bot.Check {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c := bot.Check{Name: "Slack app token", Found: "connects"}
	_, address, err := d.api.StartSocketModeContext(ctx)
	switch {
	case err != nil:
		c.Found = "does not connect: " + err.Error()
		c.Mend = "make a token with connections:write under Basic Information, App-Level Tokens, of your app at " + settings + ", and switch Socket Mode on there"
	case address == "":
		c.Found, c.Mend = "no connection was offered", "switch Socket Mode on for your app at "+settings
	}
	return c
}
