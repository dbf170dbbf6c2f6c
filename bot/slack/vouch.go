package slack

import (
	"context"
	"errors"
	"fmt"

	slackapi "github.com/slack-go/slack"

	"funnelbot/bot"
	"funnelbot/funnel"
)

// Vouch says what Slack knows of a person: guests, people of other workspaces, bots and accounts
// that are switched off are outsiders; members of a channel or user group are in that circle. It
// implements [bot.Voucher]. An error says that Slack could not be asked.
func (d *Door) Vouch(ctx context.Context, who funnel.Caller, circles []funnel.Circle) (bot.Vouched, error) {
	self, err := d.me(ctx)
	if err != nil {
		return bot.Vouched{}, fmt.Errorf("vouch: %w", err)
	}
	u, err := d.user(ctx, who.External)
	if refusedFor(err, "user_not_found", "user_not_visible") {
		return bot.Vouched{Outsider: true, Caller: who}, nil
	}
	if err != nil {
		return bot.Vouched{}, fmt.Errorf("vouch: %w", err)
	}
	v := bot.Vouched{Caller: describe(who, u)}
	v.Gone = u.Deleted
	if outsider(u, self.team) || who.Team != "" && who.Team != self.team {
		v.Outsider = true
		return v, nil
	}
	v.Installer = u.IsPrimaryOwner || u.IsOwner || u.IsAdmin
	if d.Installer != "" {
		v.Installer = u.ID == d.Installer
	}
	for _, c := range circles {
		if c.Door != Name {
			continue
		}
		in, err := d.inside(ctx, c, u.ID)
		if err != nil {
			return bot.Vouched{}, fmt.Errorf("vouch: %w", err)
		}
		if in {
			v.Circle = c.External
			break
		}
	}
	return v, nil
}

func outsider(u *slackapi.User, team string) bool {
	return u.Deleted || u.IsBot || u.IsAppUser || u.IsConnectorBot || u.IsWorkflowBot || u.IsRestricted ||
		u.IsUltraRestricted || u.IsStranger || u.TeamID != "" && u.TeamID != team
}

// inside reports whether a person is in a circle. A circle that is gone has nobody in it.
func (d *Door) inside(ctx context.Context, c funnel.Circle, user string) (bool, error) {
	if known, ok := d.crowd.get(d.Clock(), c.External); ok {
		return known[user], nil
	}
	var ids []string
	var err error
	if c.Kind == "group" {
		ids, err = d.group(ctx, c.External)
	} else {
		ids, err = d.members(ctx, c.External)
	}
	if refusedFor(err, "channel_not_found", "no_such_subteam", "subteam_not_found") {
		ids, err = nil, nil
	}
	if err != nil {
		return false, err
	}
	crowd := make(map[string]bool, len(ids))
	for _, id := range ids {
		crowd[id] = true
	}
	d.crowd.put(d.Clock(), c.External, crowd, circleFor)
	return crowd[user], nil
}

func (d *Door) group(ctx context.Context, id string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	ids, err := d.api.GetUserGroupMembersContext(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("usergroups.users.list: %w", err)
	}
	return ids, nil
}

var errCrowded = errors.New("more members than are read")

func (d *Door) members(ctx context.Context, channel string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var all []string
	p := &slackapi.GetUsersInConversationParameters{ChannelID: channel, Limit: memberPage}
	for range maxPages {
		ids, next, err := d.api.GetUsersInConversationContext(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("conversations.members: %w", err)
		}
		all = append(all, ids...)
		if next == "" {
			return all, nil
		}
		p.Cursor = next
	}
	return nil, fmt.Errorf("conversations.members: %w", errCrowded)
}
