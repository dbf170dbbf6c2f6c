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

func TestAHandleOfNobodyIsOfSomebodyWhoHasToWriteOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.join(t, o.space, "Boris Ivanov", funnel.Rep)
	o.join(t, o.space, "Boris Petrov", funnel.Rep)

	o.types(t, "new Acme nets, website")
	for _, told := range []struct{ line, name string }{
		{"assign #1 @ghost", "@ghost"},
		{"assign #1 <@U0GONE>", ""},
		{"role @ghost manager", "@ghost"},
		{"transfer @ghost to Ivanov", "@ghost"},
	} {
		p := question(t, o.types(t, told.line)).Outcome.Prompt
		require.Equal(t, commands.CodeNotMet, p.Problem.Code, "who is mentioned on the platform has only to write once")
		require.Equal(t, told.name, p.Problem.Args["name"])
		o.types(t, "cancel")
	}

	both := question(t, o.types(t, "assign #1 @boris")).Outcome.Prompt
	require.Nil(t, both.Problem)
	require.Len(t, both.Options, 2, "two are called like that")
}
