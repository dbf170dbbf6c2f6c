package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestACommandOfThePlatformPassesAnOpenQuestion(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"assign acme anna": "/assign acme anna", " Назначь ромашка анна": "/Назначь ромашка анна", "new": "/new",
		"back": "back", "назад": "назад", "cancel": "cancel", "yes": "yes", "company": "company", "help": "help",
		"500k": "500k", "newest offer": "newest offer", "acme lead": "acme lead", "": "",
	} {
		require.Equal(t, want, commands.AsCommand(typed))
	}

	o := setup(t)
	o.join(t, o.space, "Boris", funnel.Rep)
	o.types(t, "new Acme Anvils, 12k, website", "lost acme")

	require.IsType(t, commands.Question{}, o.types(t, "away until Dec 5"), "it reads as an answer")
	aside, ok := o.types(t, commands.AsCommand("away until Dec 5")).(commands.Aside)

	require.True(t, ok)
	require.IsType(t, commands.Settled{}, aside.Reply)
	require.Equal(t, commands.VerbLost, aside.Verb)
}
