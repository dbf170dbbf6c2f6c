package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/slacktest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/storage/postgres/pgtest"
)

// stain is in every hostile text, so that logs can be searched for it.
const stain = "Zqxj"

// hostile are texts that do harm where they are taken for markup, for a command or for a statement.
func hostile() map[string]string {
	return map[string]string{
		"everybody":        stain + " <!channel> <!here> <!everyone>",
		"escaped":          stain + " &lt;!channel&gt; &amp;lt;!here&amp;gt;",
		"a person":         stain + " <@" + boris + "> <!subteam^S123|@all>",
		"a link":           stain + " <https://evil.example|the bank> <tel:123>",
		"stars":            stain + " *bold* _slanted_ ~gone~ `code` ```pre",
		"HTML":             stain + ` <b>bold</b> <a href="https://evil.example">the bank</a> <tg-spoiler>`,
		"unclosed":         stain + " <b><i><pre><a href='",
		"a person of HTML": stain + ` <a href="tg://user?id=602">Gleb</a>`,
		"at":               stain + " @everyone @channel @here @funnel_test_bot",
		"right to left":    stain + " \u202Egnp.exe\u202C \u2066x\u2069 \u200F",
		"zero width":       stain + " A\u200Bl\u200Dd\uFEFFer",
		"NUL":              stain + " A\x00lder\x01\x1b[31m",
		"broken":           stain + " A\xff\xfe\xc3(lder",
		"quotes":           stain + ` '; DROP TABLE deals; -- " \ ' OR 1=1`,
		"template":         stain + " {{.name}} ${HOME} %s %n $1",
		"lines":            stain + " one\r\ntwo\ttwo\u2028three",
		"emoji":            stain + strings.Repeat("👩‍👩‍👧‍👦", 585),
		"long":             stain + strings.Repeat("a&<", 3000),
		"path":             stain + "/../../etc/passwd",
	}
}

// harmless requires that nothing the bot has posted reaches anybody, links anywhere, or was refused.
func (h *house) harmless(chats ...int64) {
	h.tb.Helper()
	for _, m := range h.slack.FromBot() {
		require.Empty(h.tb, m.Notifies, m.Plain())
		require.NotContains(h.tb, marked(m.Blocks), "<https://evil.example", "a link with other words")
		for _, e := range m.Edits {
			require.Empty(h.tb, e.Notifies, e.Text)
		}
	}
	for _, chat := range append(chats, vera, salesInTelegram) {
		for _, m := range h.telegram.Said(chat) {
			for _, e := range m.Entities {
				// A question in a group calls whom it is put to by a link of the bot's own.
				require.True(h.tb, e.URL == "" || group(chat) && e.URL == own(chat), "%s in %s", e.URL, m.Sent)
			}
			require.NotContains(h.tb, m.Text, "\u202E", "the reading order is turned")
			require.NotContains(h.tb, m.Text, "\x00")
		}
	}
	h.clean()
}

// group reports whether a chat of Telegram has several people; own is the link to the person of the
// texts who speaks in it.
func group(chat int64) bool { return chat < 0 }

func own(chat int64) string { return fmt.Sprintf("tg://user?id=%d", -chat-1001000000700+700) }

// marked is every text in blocks that Slack reads as markup.
func marked(v any) string {
	switch v := v.(type) {
	case []map[string]any:
		var all strings.Builder
		for _, one := range v {
			all.WriteString(marked(one))
		}
		return all.String()
	case []any:
		var all strings.Builder
		for _, one := range v {
			all.WriteString(marked(one))
		}
		return all.String()
	case map[string]any:
		if v["type"] == "mrkdwn" {
			return fmt.Sprintln(v["text"])
		}
		var all strings.Builder
		for _, one := range v {
			all.WriteString(marked(one))
		}
		return all.String()
	}
	return ""
}

// TestHostileWordsAndNamesAreShownHarmless gives hostile texts as names of companies, people, groups
// and files, as notes, steps, fields and searches at both doors, and has them shown there.
func TestHostileWordsAndNamesAreShownHarmless(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve("--log-level", "debug")
	h.settle()
	texts := slices.Sorted(maps.Values(hostile()))
	everybody := []string{annaInSlack}
	var chats []int64
	for i, text := range texts {
		user, group := int64(700+i), -1001000000700-int64(i)
		everybody, chats = append(everybody, fmt.Sprintf("U7%02d", i)), append(chats, user, group)
		h.slack.AddUser(slacktest.User{ID: everybody[i+1], Name: "n" + strconv.Itoa(i), RealName: text, TZ: "UTC"})
		h.slack.AddChannel(slacktest.Channel{ID: fmt.Sprintf("C7%02d", i), Name: "own", Members: everybody[i+1:], BotIsMember: true})
		h.telegram.AddUser(telegramtest.User{ID: user, First: text, Last: text, Language: "en"})
		h.telegram.AddGroup(telegramtest.Group{ID: group, Title: text, Members: []int64{vera, user}, BotIsMember: true, Privacy: true})
		h.invite(user, "rep")
		require.True(t, h.telegram.Group(vera, group, "/connect@"+h.telegram.Username+" internal").OK())
	}
	h.slack.AddChannel(slacktest.Channel{ID: salesInSlack, Name: "sales", Members: everybody, BotIsMember: true})
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new Alder Works 12k").Err)
	wrong := make([]string, len(texts))
	var all sync.WaitGroup
	for i, text := range texts {
		all.Go(func() { wrong[i] = h.harass(i, text) })
	}
	all.Wait()
	for i, text := range texts {
		require.Empty(t, wrong[i], "%.60q", text)
	}
	h.delivered()
	require.NotContains(t, v.end(), stain)
	require.GreaterOrEqual(t, len(h.toSlack(stain)), len(texts), "they were to be shown")
	require.GreaterOrEqual(t, count(t, h.url, "activities"), len(texts))
	require.Zero(t, count(t, h.url, "outbox WHERE buried <> ''"))
	h.harmless(chats...)
}

// harass says a hostile text in every way, and returns what was not taken.
func (h *house) harass(i int, text string) string {
	inSlack, channel, user, group := fmt.Sprintf("U7%02d", i), fmt.Sprintf("C7%02d", i), int64(700+i), -1001000000700-int64(i)
	at := "@" + h.telegram.Username + " "
	for _, r := range []slacktest.Reply{
		h.slack.DirectMessage(inSlack, "", "new "+text+" 12k"),
		h.slack.DirectMessage(inSlack, "", "cancel"),
		h.slack.Command(inSlack, channel, "/deal", "find "+text),
		h.slack.Mention(inSlack, channel, "", "log #1 "+text),
		h.slack.Command(inSlack, channel, "/deal", "#1"),
		h.slack.DirectMessage(inSlack, "", text),
		h.slack.ShareFile(inSlack, "", text, []byte("x"), text),
		h.slack.ForwardMessage(inSlack, "", h.slack.Says(inSlack, channel, "", text), text),
		h.slack.DirectMessage(inSlack, "", "members"),
	} {
		if r.Err != nil {
			return r.Err.Error()
		}
	}
	for _, d := range []telegramtest.Delivery{
		h.telegram.Private(user, "new "+text+" 12k"),
		h.telegram.Private(user, "cancel"),
		h.telegram.Private(user, "#1"),
		h.telegram.Group(user, group, at+"next #1 "+text+" friday"),
		h.telegram.Group(user, group, at+text),
		h.telegram.Document(user, user, telegramtest.File{Name: text, MIME: text, Content: []byte("x")}, telegramtest.Caption(text)),
		h.telegram.Forward(user, user, user, text),
		h.telegram.Private(user, "members"),
	} {
		if !d.OK() && !d.Unseen {
			return fmt.Sprint(d.Status, d.Body, d.Err)
		}
	}
	return ""
}

// TestAMegabyteOfTextIsRefusedInWords sends as much as a door reads.
func TestAMegabyteOfTextIsRefusedInWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, pgtest.New(t, migrated))
	v := h.serve("--log-level", "debug")
	h.settle()
	long := stain + strings.Repeat(" word", 190<<10)
	require.True(t, h.telegram.Private(vera, "new "+long).OK())
	require.NoError(t, h.slack.DirectMessage(annaInSlack, "", "new "+long).Err)
	require.Equal(t, http.StatusOK, h.slack.Command(annaInSlack, salesInSlack, "/deal", "log "+long).Status)
	h.delivered()
	require.Zero(t, count(t, h.url, "deals"))
	require.Zero(t, count(t, h.url, "activities"))
	require.NotContains(t, v.end(), stain)
	h.harmless()
}
