// Package telegramtest is a strict, stateful double of the Telegram Bot API that speaks real HTTP:
// it takes what go-telegram/bot sends (chunked multipart) as well as JSON and urlencoded forms,
// keeps chats, messages, files, button presses and the menu of commands, refuses in Telegram's own
// words what Telegram refuses, and brings the bot what people do, by webhook or by long polling.
//
//	s := telegramtest.New(t)
//	s.AddUser(telegramtest.User{ID: 501, First: "Ann", Username: "ann", Language: "en"})
//	s.Bot = door.URL + "/telegram" // where the webhook listens; leave it empty to be polled
//	got := s.Start(501, "invite-code")
//	require.Equal(t, http.StatusOK, got.Status)
//	answer := s.Last(501)
//	bottest.Golden(t, "testdata/start.golden", answer.Plain())
//	s.Press(501, answer, "Yes")
//	require.Empty(t, s.Mistakes())
//
// The world: AddUser, AddGroup. People: Private, Start, Group, Press, PressData, Forward, Contact,
// Document, Photo, Voice, Edit, ChannelPost, Block, Unblock, Kick, Invite, Promote, Join, Part,
// Migrate; each returns the Delivery of its update, whose Message is what the person wrote. Options
// of all of them: Thread, ReplyTo, Caption, Held, Times, To, Secret, Body. Updates by hand: Deliver,
// Redeliver, Pending. What the bot did: Messages, Said, Last, Await, Until, Message, Answers, Calls,
// Commands, Description, ShortDescription, Webhook, Refusals, Mistakes, Forget. Trouble: Fail, Limit.
//
// Four copies of one update at once to each of two processes, and one sent again after a crash:
//
//	d := s.Private(501, "note Alder called", telegramtest.Held())
//	s.Deliver(d.Update, telegramtest.Times(4), telegramtest.To(one.URL, two.URL))
//	s.Redeliver()
//
// Where Telegram is lenient and silence would hide a mistake, the double is stricter and refuses:
// parameters and fields it does not know, a bare & or an unknown entity in HTML, a button with more
// than one action, a copy_text that is present and empty. Of the parse modes it reads only HTML.
// Sources: https://core.telegram.org/bots/api and https://core.telegram.org/bots/features.
package telegramtest
