package slack

import (
	"net/http"
	"testing"

	slackapi "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/bottest/slacktest"
	"funnelbot/funnel"
)

func TestSlackKnowsWhoBelongsHere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.AddUser(slacktest.User{ID: "U5", Name: "robot", IsBot: true})
	h.AddUser(slacktest.User{ID: "U6", Name: "left", Deleted: true})
	h.AddGroup(slacktest.Group{ID: "S1", Handle: "reps", Members: []string{"U1"}})
	circles := []funnel.Circle{
		{Door: "telegram", External: "C1"},
		{Door: Name, External: "C2", Kind: "channel"},
		{Door: Name, External: "S1", Kind: "group"},
		{Door: Name, External: "C0GONE", Kind: "channel"},
	}
	vouch := func(id string) bot.Vouched {
		v, err := h.door.Vouch(t.Context(), funnel.Caller{Door: Name, External: id}, circles)
		require.NoError(t, err)
		return v
	}

	for _, id := range []string{"U3", "U4", "U5", "U6", "U0NOBODY"} {
		v := vouch(id)
		require.True(t, v.Outsider, id)
		require.Equal(t, id == "U6", v.Gone, "%s: only an account that is switched off is gone for good", id)
	}
	anna := vouch("U1")
	require.False(t, anna.Outsider)
	require.False(t, anna.Installer)
	require.Equal(t, "C2", anna.Circle)
	require.Equal(t, funnel.Caller{
		Door: Name, Team: "T0TEAM", External: "U1", Name: "Anna Bell", Handle: "anna", Locale: funnel.English, Zone: "Europe/London",
	}, anna.Caller)
	boris := vouch("U2")
	require.True(t, boris.Installer, "admins of the Slack workspace may be the first")
	require.Equal(t, funnel.Russian, boris.Caller.Locale)

	calls := len(h.Calls("conversations.members"))
	vouch("U1")
	require.Len(t, h.Calls("conversations.members"), calls, "circles are remembered for a while")
	h.door.Installer = "U1"
	require.True(t, vouch("U1").Installer)
	require.False(t, vouch("U2").Installer, "a named installer is the only one")
	h.Forget()
}

func TestAGroupIsACircle(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.AddGroup(slacktest.Group{ID: "S1", Handle: "reps", Members: []string{"U1"}})

	v, err := h.door.Vouch(t.Context(), funnel.Caller{Door: Name, External: "U1"}, []funnel.Circle{{Door: Name, External: "S1", Kind: "group"}})

	require.NoError(t, err)
	require.Equal(t, "S1", v.Circle)
}

func TestLargeChannelsAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	crowd := make([]string, 2500)
	for i := range crowd {
		crowd[i] = "U0CROWD"
	}
	h.AddChannel(slacktest.Channel{ID: "C9", Name: "all", Members: append(crowd, "U1"), BotIsMember: true})

	v, err := h.door.Vouch(t.Context(), funnel.Caller{Door: Name, External: "U1"}, []funnel.Circle{{Door: Name, External: "C9", Kind: "channel"}})

	require.NoError(t, err)
	require.Equal(t, "C9", v.Circle)
	require.Len(t, h.Calls("conversations.members"), 3)
}

func TestNobodyIsVouchedForWithoutSlack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Fail("users.info", slacktest.Fault{Status: http.StatusServiceUnavailable})

	_, err := h.door.Vouch(t.Context(), funnel.Caller{Door: Name, External: "U1"}, nil)

	require.Error(t, err)
}

func TestAChannelIsForeignWhereOthersMayReadIt(t *testing.T) {
	t.Parallel()
	channel := func(change func(c *slackapi.Channel)) *slackapi.Channel {
		c := &slackapi.Channel{}
		change(c)
		return c
	}
	for name, c := range map[string]struct {
		channel *slackapi.Channel
		foreign bool
	}{
		"our own":                     {channel(func(*slackapi.Channel) {}), false},
		"shared":                      {channel(func(c *slackapi.Channel) { c.IsExtShared = true }), true},
		"about to be":                 {channel(func(c *slackapi.Channel) { c.IsPendingExtShared = true }), true},
		"offered to somebody":         {channel(func(c *slackapi.Channel) { c.PendingShared = []string{"T9"} }), true},
		"of the organisation":         {channel(func(c *slackapi.Channel) { c.IsOrgShared = true }), true},
		"of the organisation, alone":  {channel(func(c *slackapi.Channel) { c.IsOrgShared, c.SharedTeamIDs = true, []string{"T1"} }), false},
		"of the organisation, others": {channel(func(c *slackapi.Channel) { c.IsOrgShared, c.SharedTeamIDs = true, []string{"T1", "T2"} }), true},
	} {
		require.Equal(t, c.foreign, foreign(c.channel, "T1"), name)
	}
}

func TestTheDoctorNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	mends := func(d *Door) map[string]string {
		found := map[string]string{}
		for _, c := range d.Check(t.Context()) {
			require.NotContains(t, c.Found+c.Mend, h.Token)
			require.NotContains(t, c.Found+c.Mend, h.SigningSecret)
			found[c.Name] = c.Mend
		}
		return found
	}

	for name, mend := range mends(h.door) {
		require.Empty(t, mend, name)
	}
	h.Scopes = h.Scopes[1:]
	require.Contains(t, mends(h.door)["Slack scope app_mentions:read"], "reinstall")

	c := h.door.Config
	c.Token, c.AppToken, c.SigningSecret = "xoxb-wrong", "xapp-wrong", "too short"
	d, err := New(c)
	require.NoError(t, err)
	found := mends(d)
	require.Contains(t, found["Slack bot token"], "OAuth & Permissions")
	require.Contains(t, found["Slack app token"], "connections:write")
	require.Contains(t, found["Slack signing secret"], "Basic Information")
	c.APIURL = "http://127.0.0.1:1/"
	d, err = New(c)
	require.NoError(t, err)
	require.Contains(t, mends(d)["Slack bot token"], "see whether this machine reaches https://slack.com")
	h.Forget()
}
