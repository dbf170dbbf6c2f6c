// Package slacktest is a Slack that refuses.
//
// It answers the Web API, response_urls, file uploads and Socket Mode over
// real HTTP, keeps what it was told (messages with their edits, ephemeral
// messages, views, files), refuses what Slack refuses in Slack's own words, and
// acts as people: their commands, mentions, presses and submissions reach the
// bot as signed requests whose answers are checked and applied.
//
//	s := slacktest.New(t)
//	s.AddUser(slacktest.User{ID: "U1", Name: "ann", Locale: "ru-RU", TZ: "Europe/Moscow"})
//	s.AddChannel(slacktest.Channel{ID: "C1", Name: "sales", Members: []string{"U1"}, BotIsMember: true})
//	api := slackapi.New(s.Token, slackapi.OptionAPIURL(s.URL))
//	// ... start the bot with api, s.SigningSecret and its own httptest server
//	s.Bot = bot.URL
//
//	reply := s.Command("U1", "C1", "/deal", "list")
//	require.NoError(t, reply.Err)
//	shown := s.Ephemerals("U1")
//	s.Press("U1", shown[0], "Move")
//	s.Submit("U1", s.Top("U1"), map[string]any{"Stage": "Won"})
//	require.Empty(t, s.Refusals()) // nothing the bot sent was against Slack's rules
//	require.Empty(t, s.Errors())   // nothing was late or answered with a failure
//
// Where the documentation leaves room the strict reading is taken: lengths are
// counted in UTF-16 units, input blocks are refused outside modals and home
// tabs, fields that are not documented are refused everywhere.
package slacktest
