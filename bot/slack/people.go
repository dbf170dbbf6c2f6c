package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	slackapi "github.com/slack-go/slack"

	"funnelbot/commands"
	"funnelbot/funnel"
)

// identity is who the door is in Slack. It does not change while the token does not.
type identity struct {
	known atomic.Pointer[me]
	// asking holds one token, so that Slack is asked once at a time.
	asking chan struct{}
}

// me is the bot in its workspace.
type me struct {
	team, user string
	// site is the address of the workspace, with its last slash.
	site string
}

// me asks Slack once who the door is there.
func (d *Door) me(ctx context.Context) (me, error) {
	if known := d.self.known.Load(); known != nil {
		return *known, nil
	}
	select {
	case d.self.asking <- struct{}{}:
		defer func() { <-d.self.asking }()
	case <-ctx.Done():
		return me{}, fmt.Errorf("auth.test: %w", ctx.Err())
	}
	if known := d.self.known.Load(); known != nil {
		return *known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := d.api.AuthTestContext(ctx)
	if err != nil {
		return me{}, fmt.Errorf("auth.test: %w", err)
	}
	if answer.TeamID == "" || answer.UserID == "" {
		return me{}, errors.New("auth.test: no team in the answer")
	}
	known := me{team: answer.TeamID, user: answer.UserID, site: answer.URL}
	d.self.known.Store(&known)
	return known, nil
}

// permalink is the address of a message.
func (m me) permalink(channel, ts string) string {
	return m.site + "archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
}

// user returns what Slack knows of a person.
func (d *Door) user(ctx context.Context, id string) (*slackapi.User, error) {
	if u, ok := d.users.get(d.Clock(), id); ok {
		return u, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	u, err := d.api.GetUserInfoContext(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("users.info: %w", err)
	}
	d.users.put(d.Clock(), id, u, knownFor)
	return u, nil
}

// room returns what Slack knows of a conversation, nil where it does not tell.
func (d *Door) room(ctx context.Context, id string) *slackapi.Channel {
	if c, ok := d.rooms.get(d.Clock(), id); ok {
		return c
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c, err := d.api.GetConversationInfoContext(ctx, &slackapi.GetConversationInfoInput{ChannelID: id})
	if err != nil || c.ID == "" {
		d.rooms.put(d.Clock(), id, nil, unknownFor)
		return nil
	}
	d.rooms.put(d.Clock(), id, c, knownFor)
	return c
}

// dm returns the conversation of the bot with a person, and opens it if there is none.
func (d *Door) dm(ctx context.Context, user string) (string, error) {
	if id, ok := d.dms.get(d.Clock(), user); ok {
		return id, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c, _, _, err := d.api.OpenConversationContext(ctx, &slackapi.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil {
		return "", fmt.Errorf("conversations.open: %w", err)
	}
	if c == nil || c.ID == "" {
		return "", errNoReason
	}
	d.dms.put(d.Clock(), user, c.ID, openFor)
	return c.ID, nil
}

// caller is the person as Slack describes them. Without an answer of Slack the person has no name,
// which keeps nobody from working.
func (d *Door) caller(ctx context.Context, a act, self me) funnel.Caller {
	who := funnel.Caller{Door: Name, Team: self.team, External: a.user}
	if a.userTeam != "" {
		who.Team = a.userTeam
	}
	if u, err := d.user(ctx, a.user); err == nil {
		who = describe(who, u)
	}
	return who
}

// describe adds what Slack knows of a person.
func describe(who funnel.Caller, u *slackapi.User) funnel.Caller {
	who.Name = tidy(u.RealName)
	if who.Name == "" {
		who.Name = tidy(u.Profile.DisplayName)
	}
	who.Handle, who.Zone = tidy(u.Name), u.TZ
	if language, _, _ := strings.Cut(u.Locale, "-"); language != "" {
		who.Locale = funnel.English
		if funnel.Locale(language) == funnel.Russian {
			who.Locale = funnel.Russian
		}
	}
	if u.TeamID != "" {
		who.Team = u.TeamID
	}
	return who
}

// venue is where an act happened. What Slack does not tell counts as read by outsiders.
func (d *Door) venue(ctx context.Context, a act, self me) commands.Venue {
	v := commands.Venue{External: a.origin.Channel, Thread: a.origin.Thread}
	private := a.way == byMessage
	if a.origin.direct() {
		// A command can be typed between two people, where the bot is not.
		id, err := d.dm(ctx, a.user)
		private = private || err == nil && id == a.origin.Channel
	}
	if private {
		v.External, v.Private = a.user, true // as it is called in lanes
		return v
	}
	c := d.room(ctx, a.origin.Channel)
	if c == nil {
		v.Foreign = true
		return v
	}
	v.Title, v.Foreign = c.Name, foreign(c, self.team)
	return v
}

// foreign reports whether people of other companies read along, as far as Slack knows.
func foreign(c *slackapi.Channel, team string) bool {
	if c.IsExtShared || c.IsPendingExtShared || len(c.PendingShared) > 0 {
		return true
	}
	if !c.IsOrgShared {
		return false
	}
	for _, id := range c.SharedTeamIDs {
		if id != team {
			return true
		}
	}
	return len(c.SharedTeamIDs) == 0
}
