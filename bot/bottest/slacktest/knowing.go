package slacktest

import (
	"slices"
	"strings"
)

// knowing are the methods that tell of the workspace and its people.
func knowing() map[string]method {
	return map[string]method{
		"auth.test":             {do: (*Server).authTest},
		"apps.connections.open": {app: true, do: (*Server).openConnection},
		"bots.info":             {scope: "users:read", takes: "bot team_id", do: (*Server).botInfo},
		"team.info":             {scope: "team:read", takes: "team domain", do: (*Server).teamInfo},
		"users.info":            {scope: "users:read", takes: "include_locale", needs: "user", do: (*Server).userInfo},
		"users.list":            {scope: "users:read", takes: "cursor limit include_locale team_id", do: (*Server).userList},
		"usergroups.list":       {scope: "usergroups:read", takes: "include_count include_disabled include_users team_id", do: (*Server).groupList},
		"usergroups.users.list": {scope: "usergroups:read", takes: "include_disabled team_id", needs: "usergroup", do: (*Server).groupUsers},
	}
}

func (s *Server) authTest(args) (map[string]any, *refused) {
	return map[string]any{
		"url": "https://" + s.TeamDomain + ".slack.example/", "team": s.TeamDomain, "user": s.user(s.BotUserID).Name,
		"team_id": s.TeamID, "user_id": s.BotUserID, "bot_id": s.BotID, "is_enterprise_install": false,
	}, nil
}

func (s *Server) openConnection(args) (map[string]any, *refused) {
	ticket := s.id("ticket")
	s.tickets[ticket] = true
	return map[string]any{"url": "ws" + strings.TrimPrefix(s.http.URL, "http") + "/socket?ticket=" + ticket}, nil
}

func (s *Server) botInfo(a args) (map[string]any, *refused) {
	if bot := a.str("bot"); bot != "" && bot != s.BotID {
		return nil, no("bot_not_found")
	}
	return map[string]any{"bot": map[string]any{
		"id": s.BotID, "deleted": false, "name": s.user(s.BotUserID).Name, "app_id": s.AppID, "user_id": s.BotUserID,
	}}, nil
}

func (s *Server) teamInfo(a args) (map[string]any, *refused) {
	if team := a.str("team"); team != "" && team != s.TeamID {
		return nil, no("team_not_found")
	}
	return map[string]any{"team": map[string]any{"id": s.TeamID, "name": s.TeamDomain, "domain": s.TeamDomain}}, nil
}

func (s *Server) userInfo(a args) (map[string]any, *refused) {
	u := s.user(a.str("user"))
	if u == nil {
		return nil, no("user_not_found")
	}
	return map[string]any{"user": u.wire(a.yes("include_locale"))}, nil
}

func (s *Server) userList(a args) (map[string]any, *refused) {
	page, next, bad := pageOf(s.users, a, 200)
	if bad != nil {
		return nil, bad
	}
	members := []any{}
	for _, u := range page {
		if !u.IsStranger && u.TeamID == s.TeamID {
			members = append(members, u.wire(a.yes("include_locale")))
		}
	}
	return map[string]any{"members": members, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (s *Server) groupList(a args) (map[string]any, *refused) {
	list := []any{}
	for _, g := range s.groups {
		if g.Disabled && !a.yes("include_disabled") {
			continue
		}
		w := map[string]any{"id": g.ID, "team_id": s.TeamID, "is_usergroup": true, "name": g.Name, "handle": g.Handle}
		if a.yes("include_users") {
			w["users"] = g.Members
		}
		if a.yes("include_count") {
			w["user_count"] = len(g.Members)
		}
		list = append(list, w)
	}
	return map[string]any{"usergroups": list}, nil
}

func (s *Server) groupUsers(a args) (map[string]any, *refused) {
	at := slices.IndexFunc(s.groups, func(g *Group) bool {
		return g.ID == a.str("usergroup") && (!g.Disabled || a.yes("include_disabled"))
	})
	if at < 0 {
		return nil, no("no_such_subteam")
	}
	return map[string]any{"users": s.groups[at].Members}, nil
}

// pageOf cuts the list by the cursor and the limit of the request. Slack allows
// itself fewer than asked for and never more than 1000.
func pageOf[T any](all []T, a args, usual int) (page []T, next string, bad *refused) {
	from := 0
	if cursor := a.str("cursor"); cursor != "" {
		rest, ours := strings.CutPrefix(cursor, "next:")
		if from = atoi(rest, -1); !ours || from < 0 || from > len(all) {
			return nil, "", no("invalid_cursor")
		}
	}
	limit := usual
	if text := a.str("limit"); text != "" {
		if limit = atoi(text, -1); limit < 1 || limit > 1000 {
			return nil, "", no("invalid_limit")
		}
	}
	to := min(from+limit, len(all))
	if to < len(all) {
		next = "next:" + itoa(to)
	}
	return all[from:to], next, nil
}
