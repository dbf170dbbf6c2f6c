package funnel_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// stranger is somebody whom no door knows yet.
var stranger = funnel.Caller{Door: "telegram", External: "11", Name: "Vera", Locale: funnel.Russian}

// invitation is an invitation of Anna's that lets somebody new in, and what is known beside it.
func (o *office) invitation() funnel.Entry {
	return funnel.Entry{
		Workspace: o.space, Admins: 1, Reached: 1, Maker: &o.anna,
		Invitation: &funnel.Invitation{
			ID: o.newID(), Workspace: o.space.ID, Kind: funnel.KindInvite, Role: funnel.Rep, MadeBy: o.anna.ID,
			Expires: o.now.Add(time.Hour),
		},
	}
}

// link is a code of Boris's for himself.
func (o *office) link() funnel.Entry {
	e := o.invitation()
	e.Maker, e.Kept = &o.boris, &o.boris
	e.Invitation.Kind, e.Invitation.Member, e.Invitation.MadeBy = funnel.KindLink, o.boris.ID, o.boris.ID
	return e
}

// TestWhatACodeIsGoodFor changes one thing at a time about a code that would let somebody in.
func TestWhatACodeIsGoodFor(t *testing.T) {
	t.Parallel()
	gone := func(m funnel.Member) *funnel.Member {
		m.Active = false
		return &m
	}
	as := func(m funnel.Member, r funnel.Role) *funnel.Member {
		m.Role = r
		return &m
	}
	for name, c := range map[string]struct {
		link   bool
		change func(*office, *funnel.Entry, *funnel.Caller)
		want   funnel.Code
	}{
		"an invitation":                  {false, func(*office, *funnel.Entry, *funnel.Caller) {}, ""},
		"a link":                         {true, func(*office, *funnel.Entry, *funnel.Caller) {}, ""},
		"no such code":                   {false, func(_ *office, e *funnel.Entry, _ *funnel.Caller) { e.Invitation = nil }, funnel.CodeCodeInvalid},
		"of the command line":            {false, func(_ *office, e *funnel.Entry, _ *funnel.Caller) { e.Maker, e.Invitation.MadeBy = nil, funnel.ID{} }, ""},
		"the last instant":               {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Invitation.Expires = o.now.Add(1) }, ""},
		"expired":                        {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Invitation.Expires = o.now }, funnel.CodeCodeInvalid},
		"used by somebody else":          {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Invitation.UsedAt = o.now }, funnel.CodeCodeInvalid},
		"in a team of the workspace":     {false, func(o *office, e *funnel.Entry, c *funnel.Caller) { c.Team, e.Installed = "T1", o.space.ID }, ""},
		"in a team of another workspace": {false, func(o *office, e *funnel.Entry, c *funnel.Caller) { c.Team, e.Installed = "T1", o.newID() }, funnel.CodeCodeInvalid},
		"in a team of nobody":            {false, func(_ *office, _ *funnel.Entry, c *funnel.Caller) { c.Team = "T1" }, funnel.CodeCodeInvalid},
		"the maker was removed":          {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Maker = gone(o.anna) }, funnel.CodeCodeInvalid},
		"the maker is no more":           {false, func(_ *office, e *funnel.Entry, _ *funnel.Caller) { e.Maker = nil }, funnel.CodeCodeInvalid},
		"the maker is a rep now":         {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Maker = &o.boris }, funnel.CodeCodeInvalid},
		"the maker is a manager now":     {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Maker = &o.clara }, ""},
		"a manager's for a manager": {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) {
			e.Maker, e.Invitation.Role = &o.clara, funnel.Manager
		}, funnel.CodeCodeInvalid},
		"for a member": {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) {
			e.Invitation.Member, e.Kept = o.boris.ID, &o.boris
		}, ""},
		"for a member who is no more": {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Invitation.Member = o.boris.ID }, funnel.CodeCodeInvalid},
		"for a member who rose since": {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) {
			e.Invitation.Member, e.Kept = o.boris.ID, as(o.boris, funnel.Manager)
		}, funnel.CodeCodeInvalid},
		"for a member who was removed": {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) {
			e.Invitation.Member, e.Kept = o.boris.ID, gone(*as(o.boris, funnel.Admin))
		}, ""},
		"a link of one who was removed":  {true, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Kept = gone(o.boris) }, funnel.CodeCodeInvalid},
		"a link for one who was removed": {true, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Known = gone(o.clara) }, funnel.CodeCodeInvalid},
		"a link of nobody":               {true, func(_ *office, e *funnel.Entry, _ *funnel.Caller) { e.Kept = nil }, funnel.CodeCodeInvalid},
		"a link takes the last admin":    {true, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Known = &o.anna }, funnel.CodeLastAdmin},
		"a link takes one of two admins": {true, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Known, e.Admins = &o.anna, 2 }, ""},
		"five wrong before":              {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Guesses = funnel.Guesses{Since: o.now, Wrong: 5} }, funnel.CodeTooManyGuesses},
		"four wrong before":              {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) { e.Guesses = funnel.Guesses{Since: o.now, Wrong: 4} }, ""},
		"five wrong long before": {false, func(o *office, e *funnel.Entry, _ *funnel.Caller) {
			e.Guesses = funnel.Guesses{Since: o.now.Add(-funnel.GuessWindow), Wrong: 5}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.doors.entry = o.invitation()
			if c.link {
				o.doors.entry = o.link()
			}
			who := stranger
			c.change(o, &o.doors.entry, &who)

			_, err := o.Redeem(t.Context(), who, "some-code")
			require.Equal(t, c.want, funnel.CodeOf(err))
			out := o.doors.entrance
			switch c.want {
			case "":
				require.NoError(t, err)
				require.NotNil(t, out.Seat)
				require.NotNil(t, out.Used)
				require.Nil(t, out.Guesses)
			case funnel.CodeCodeInvalid:
				require.Equal(t, 1, out.Guesses.Wrong)
				require.Nil(t, out.Seat)
				require.Nil(t, out.Used)
			default:
				require.Nil(t, out, "nothing is stored")
			}
		})
	}
}

func TestRolesComeFromInvitationsOnlyForWhoHasNone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	removed := o.clara
	removed.Active = false
	for name, c := range map[string]struct {
		known *funnel.Member
		kept  *funnel.Member
		want  funnel.Role
	}{
		"somebody new":            {nil, nil, funnel.Rep},
		"an admin who is there":   {nil, &o.anna, funnel.Admin},
		"a manager who was there": {&removed, nil, funnel.Rep},
	} {
		entry := o.invitation()
		entry.Known, entry.Kept = c.known, c.kept
		if c.kept != nil {
			entry.Invitation.Member, entry.Invitation.Role = c.kept.ID, c.kept.Role
		}
		o.doors.entry = entry
		got, err := o.Redeem(t.Context(), stranger, "some-code")
		require.NoError(t, err, name)
		require.Equal(t, c.want, got.Member.Role, name)
		require.True(t, got.Member.Active, name)
		require.Equal(t, got.Member, o.doors.entrance.Seat.Member, name)
	}

	suspended := o.invitation()
	suspended.Known, suspended.Suspended, suspended.Invitation.Role = &o.clara, true, funnel.Admin
	o.doors.entry = suspended
	got, err := o.Redeem(t.Context(), stranger, "some-code")
	require.NoError(t, err)
	require.Equal(t, funnel.Manager, got.Member.Role, "who was only kept out stays who they were")
	require.NotNil(t, o.doors.entrance.Seat)
}

func TestWhoIsInAlreadyUsesNoCodeUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.doors.entry = o.invitation()
	o.doors.entry.Known = &o.boris

	got, err := o.Redeem(t.Context(), stranger, "some-code")
	require.NoError(t, err)
	require.True(t, got.Already)
	require.Equal(t, o.boris, got.Member)
	require.Equal(t, &funnel.Entrance{}, o.doors.entrance)
}

func TestAJoinedMembersDealsAreAssignedByTheRulesOfDeals(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "proposal")
	f := o.deals[target.Deal]
	o.doors.entry = o.link()
	o.doors.entry.Known, o.doors.entry.Admins = &o.clara, 2
	o.doors.entry.Deals = []funnel.DealState{{Deal: f.deal}}

	got, err := o.Redeem(t.Context(), stranger, "some-code")
	require.NoError(t, err)
	require.Equal(t, 1, got.Deals)
	require.Equal(t, o.clara.ID, got.Absorbed.ID)
	out := o.doors.entrance
	require.Equal(t, o.boris.ID, out.Deals[0].After.Deal.Owner)
	require.Equal(t, f.deal.Version+1, out.Deals[0].After.Deal.Version)
	require.Empty(t, out.Deals[0].Notices)
	require.False(t, out.Absorbed.Active)
	require.Equal(t, funnel.Rep, out.Seat.Member.Role)
	for _, c := range out.Changes {
		require.NotZero(t, c.Version)
		if c.OfDeal {
			require.True(t, c.Member.IsZero(), "nobody's to undo")
		}
	}

	var kept funnel.Admission
	require.NoError(t, json.Unmarshal(out.Used, &kept))
	again := o.doors.entry
	used := *again.Invitation
	used.UsedAt, used.UsedDoor, used.UsedBy, used.Admission = o.now, stranger.Door, stranger.External, out.Used
	again.Invitation, again.Known, again.Deals = &used, &o.boris, nil
	o.doors.entry = again
	o.wait(24 * time.Hour)
	repeated, err := o.Redeem(t.Context(), stranger, "some-code")
	require.NoError(t, err)
	require.Equal(t, got, repeated)
	_, err = o.Redeem(t.Context(), funnel.Caller{Door: "slack", External: stranger.External}, "some-code")
	require.Equal(t, funnel.CodeCodeInvalid, funnel.CodeOf(err), "the same number at another door is somebody else")
}

func TestCodesAreOfOneAlphabetAndNeverTheSame(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seen := map[string]bool{}
	for range 200 {
		got, err := o.Invite(t.Context(), o.by(o.anna), funnel.Invite{Role: funnel.Rep})
		require.NoError(t, err)
		require.Regexp(t, `^[A-Za-z0-9_-]{1,64}$`, got.Code, "fit for a start link")
		require.False(t, seen[got.Code])
		seen[got.Code] = true
	}
	text, err := json.Marshal(o.keys)
	require.NoError(t, err)
	for code := range seen {
		require.NotContains(t, string(text), code)
	}
	hashes := map[funnel.CodeHash]bool{}
	for _, v := range o.doors.invitations {
		require.False(t, v.Hash.IsZero())
		hashes[v.Hash] = true
	}
	require.Len(t, hashes, 200)
}

func TestTheLastAdminIsNotRemoved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)

	_, err := o.Remove(t.Context(), o.by(o.anna), o.anna.ID)
	require.Equal(t, funnel.CodeLastAdmin, funnel.CodeOf(err))
	_, err = o.Remove(t.Context(), o.by(o.clara), o.boris.ID)
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	_, err = o.Remove(t.Context(), o.by(o.anna), o.newID())
	require.Equal(t, funnel.CodeNoMember, funnel.CodeOf(err))
	got, err := o.Remove(t.Context(), o.by(o.anna), o.boris.ID)
	require.NoError(t, err)
	require.False(t, got.Member.Active)
	require.False(t, o.members[o.boris.ID].Active)
	require.Equal(t, []funnel.ID{o.boris.ID}, o.doors.revoked)
}
