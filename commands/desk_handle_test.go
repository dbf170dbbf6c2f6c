package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestColleaguesAreNamedAsTheirPlatformsNameThem(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"@U0BORIS", "<@U0BORIS>", "<@U0BORIS|bb>", "@bb", "@BB", "@boris", "@Борис"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			boris := o.join(t, o.space, "Boris Ivanov", funnel.Rep)
			_, err := o.pool.Exec(t.Context(), `
				INSERT INTO identities (door, external_id, workspace_id, member_id, handle)
				VALUES ('slack', 'U0BORIS', $1, $2, 'bb')`, o.space.ID, boris.ID)
			require.NoError(t, err)

			reply := o.types(t, "new Acme Anvils, 12k, website", "assign acme "+name)

			require.IsType(t, commands.Changed{}, reply)
			require.Equal(t, boris.ID, o.deal(t, 1).Owner)
		})
	}
}

func TestAHandleOfNobodyIsAskedAbout(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.join(t, o.space, "Boris Ivanov", funnel.Rep)
	o.join(t, o.space, "Boris Petrov", funnel.Rep)

	for _, name := range []string{"@U0GONE", "@boris"} {
		reply := o.types(t, "new Acme "+name, "assign #1 "+name)
		require.IsType(t, commands.Question{}, reply, "%s is nobody, or two of them", name)
		o.types(t, "cancel")
	}
}
