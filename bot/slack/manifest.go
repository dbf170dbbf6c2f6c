package slack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// The slash commands. What follows /funnel reads as if the verb stood in front of it.
const (
	dealCommand   = "/deal"
	funnelCommand = "/funnel"
)

// Example is the public address in the manifest, to be replaced by one's own.
const Example = "https://bot.example.com"

// manifest is an app as Slack describes it (https://docs.slack.dev/reference/app-manifest).
type manifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
	} `yaml:"_metadata"`
	Display  display      `yaml:"display_information"`
	Features features     `yaml:"features"`
	OAuth    oauth        `yaml:"oauth_config"`
	Settings appBehaviour `yaml:"settings"`
}

type display struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Background  string `yaml:"background_color"`
}

type features struct {
	Home struct {
		Home     bool `yaml:"home_tab_enabled"`
		Messages bool `yaml:"messages_tab_enabled"`
		ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
	} `yaml:"app_home"`
	Bot struct {
		Name   string `yaml:"display_name"`
		Online bool   `yaml:"always_online"`
	} `yaml:"bot_user"`
	Shortcuts []appShortcut  `yaml:"shortcuts"`
	Commands  []slashCommand `yaml:"slash_commands"`
}

type appShortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	Callback    string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

type slashCommand struct {
	Command     string `yaml:"command"`
	URL         string `yaml:"url,omitempty"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint"`
	// Escape makes Slack send people and channels by their identifiers.
	Escape bool `yaml:"should_escape"`
}

type oauth struct {
	Scopes struct {
		Bot []string `yaml:"bot"`
	} `yaml:"scopes"`
}

type appBehaviour struct {
	Events struct {
		URL string   `yaml:"request_url,omitempty"`
		Bot []string `yaml:"bot_events"`
	} `yaml:"event_subscriptions"`
	Interactivity struct {
		On  bool   `yaml:"is_enabled"`
		URL string `yaml:"request_url,omitempty"`
	} `yaml:"interactivity"`
	Org      bool `yaml:"org_deploy_enabled"`
	Socket   bool `yaml:"socket_mode_enabled"`
	Rotation bool `yaml:"token_rotation_enabled"`
}

// Manifest returns the manifest of the app in YAML, from the table of verbs and the rights that the
// door needs: for Socket Mode, or for requests to an address that stands in for [Example].
func Manifest(verbs []commands.Verb, socket bool) ([]byte, error) {
	m := manifest{Display: display{
		Name: "funnelbot", Description: "Keeps your deals moving from the chat", Background: "#1d3557",
	}}
	m.Metadata.Major = 1
	m.Features.Home.Messages = true
	m.Features.Bot.Name, m.Features.Bot.Online = "funnelbot", true
	m.Features.Shortcuts = []appShortcut{{
		Name: "Log to a deal", Type: "message", Callback: Shortcut, Description: "Keep this message with a deal or open a new one",
	}}
	m.Features.Commands = []slashCommand{
		{Command: dealCommand, Description: "Move, log, find and plan your deals", Hint: dealHint(verbs), Escape: true},
		{Command: funnelCommand, Description: "The funnel and its numbers", Hint: funnelHint(verbs), Escape: true},
	}
	for _, s := range Scopes() {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
	}
	m.Settings.Events.Bot = Events()
	m.Settings.Interactivity.On, m.Settings.Socket = true, socket
	if !socket {
		for i := range m.Features.Commands {
			m.Features.Commands[i].URL = Example + CommandPath
		}
		m.Settings.Events.URL, m.Settings.Interactivity.URL = Example+EventPath, Example+InteractionPath
	}
	body, err := yaml.MarshalWithOptions(m, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return append([]byte(manifestHead), body...), nil
}

const manifestHead = `# The Slack app of funnelbot; README.md says where to paste it. Made from the table of verbs: a test
# keeps it so, and go test ./bot/slack -run Manifest -update writes it anew.
`

// dealHint is what Slack shows behind the command: the verbs that people use daily.
func dealHint(verbs []commands.Verb) string {
	daily := []commands.Key{commands.VerbToday, commands.VerbNew, commands.VerbList, commands.VerbFind, commands.VerbHelp}
	var names []string
	for _, v := range verbs {
		about := slices.ContainsFunc(v.Params, func(p commands.Param) bool { return p.Arg == commands.ArgDeal })
		if about || slices.Contains(daily, v.Key) {
			names = append(names, v.Name(funnel.English))
		}
	}
	return strings.Join(names, " | ")
}

// funnelHint is an example without the verb, which is the command.
func funnelHint(verbs []commands.Verb) string {
	for _, v := range verbs {
		if v.Key == commands.VerbFunnel {
			_, rest, _ := strings.Cut(v.Examples[funnel.English], " ")
			return rest
		}
	}
	return ""
}
