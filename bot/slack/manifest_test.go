package slack_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/slack"
	"funnelbot/commands"
)

func TestManifestsAreThoseOfTheVerbsAndRights(t *testing.T) {
	t.Parallel()
	for file, socket := range map[string]bool{"slack-manifest.yaml": false, "slack-manifest-socket.yaml": true} {
		made, err := slack.Manifest(commands.Verbs(), socket)
		require.NoError(t, err)
		bottest.Golden(t, filepath.Join("..", "..", "deploy", file), string(made))
	}
}

func TestManifestsStayWithinWhatSlackTakes(t *testing.T) {
	t.Parallel()
	for _, socket := range []bool{true, false} {
		made, err := slack.Manifest(commands.Verbs(), socket)
		require.NoError(t, err)
		var m struct {
			Display struct {
				Name, Description string
			} `yaml:"display_information"`
			Features struct {
				Shortcuts []struct{ Name, Description string }
				Commands  []struct {
					Command, URL, Description string
					Hint                      string `yaml:"usage_hint"`
				} `yaml:"slash_commands"`
			}
		}
		require.NoError(t, yaml.Unmarshal(made, &m))
		// https://docs.slack.dev/reference/app-manifest
		require.LessOrEqual(t, len(m.Display.Name), 35)
		require.LessOrEqual(t, len(m.Display.Description), 140)
		require.Len(t, m.Features.Commands, 2)
		for _, c := range m.Features.Commands {
			require.LessOrEqual(t, len(c.Command), 32)
			require.LessOrEqual(t, len(c.Description), 2000)
			require.LessOrEqual(t, len(c.Hint), 1000)
			require.NotEmpty(t, c.Hint)
			require.Equal(t, socket, c.URL == "")
		}
		require.LessOrEqual(t, len(m.Features.Shortcuts[0].Name), 24)
		require.LessOrEqual(t, len(m.Features.Shortcuts[0].Description), 150)
		require.Equal(t, !socket, strings.Contains(string(made), slack.Example+slack.EventPath))
	}
}
