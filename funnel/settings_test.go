package funnel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestRolesAreGivenByAdminsAndTheLastAdminStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)

	_, err := o.SetRole(t.Context(), o.by(o.boris), o.boris.ID, funnel.Admin)
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	_, err = o.SetRole(t.Context(), o.by(o.clara), o.boris.ID, funnel.Manager)
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	_, err = o.SetRole(t.Context(), o.by(o.anna), o.anna.ID, funnel.Rep)
	require.Equal(t, funnel.CodeLastAdmin, funnel.CodeOf(err))
	_, err = o.SetRole(t.Context(), o.by(o.anna), o.boris.ID, "king")
	require.Equal(t, funnel.CodeUnknownRole, funnel.CodeOf(err))
	_, err = o.SetRole(t.Context(), o.by(o.anna), o.newID(), funnel.Rep)
	require.Equal(t, funnel.CodeNoMember, funnel.CodeOf(err))

	given, err := o.SetRole(t.Context(), o.by(o.anna), o.boris.ID, funnel.Admin)
	require.NoError(t, err)
	require.Equal(t, funnel.Admin, given.Member.Role)
	_, err = o.SetRole(t.Context(), o.by(o.anna), o.anna.ID, funnel.Rep)
	require.NoError(t, err, "there is another admin now")
}

func TestSettingsOfAMemberAreChecked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)

	for _, zone := range []string{"", "Local", "Middle/Earth", "../etc/passwd", "Europe/Berlin\x00"} {
		_, err := o.SetZone(t.Context(), o.by(o.anna), zone)
		require.Equal(t, funnel.CodeUnknownZone, funnel.CodeOf(err), zone)
	}
	_, err := o.SetLanguage(t.Context(), o.by(o.anna), "tlh")
	require.Equal(t, funnel.CodeUnknownLanguage, funnel.CodeOf(err))

	set, err := o.SetZone(t.Context(), o.by(o.anna), "Asia/Vladivostok")
	require.NoError(t, err)
	require.Equal(t, "Asia/Vladivostok", set.Member.Zone)
	require.Equal(t, int64(2), set.Member.Version)
}

func TestWhoDoesNotTakePartChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")

	_, err := o.Move(t.Context(), o.by(o.leaver()), target, funnel.MoveTo{Stage: "proposal"})
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err))
	_, err = o.Move(t.Context(), o.by(funnel.Member{ID: funnel.ID{9}}), target, funnel.MoveTo{Stage: "proposal"})
	require.Equal(t, funnel.CodeInactive, funnel.CodeOf(err), "a stranger")
	_, err = o.Move(t.Context(), o.by(funnel.Member{}), target, funnel.MoveTo{Stage: "proposal"})
	require.Error(t, err, "a chat without a person")
	keyless := o.by(o.anna)
	keyless.Event = ""
	_, err = o.Move(t.Context(), keyless, target, funnel.MoveTo{Stage: "proposal"})
	require.Error(t, err, "an effect without a key")
	require.Equal(t, funnel.StageKey("lead"), o.view(target.Deal).Deal.Stage)
}
