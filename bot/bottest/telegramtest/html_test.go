package telegramtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest/telegramtest"
)

func TestHTMLIsReadStrictly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, complaint string }{
		{"<b>x", `Can't find end tag corresponding to start tag "b"`},
		{"<b><i>x</b></i>", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{"x</b>", "Unexpected end tag at byte offset 1"},
		{"я<h1>x</h1>", `Unsupported start tag "h1" at byte offset 2`},
		{"a <br> b", `Unsupported start tag "br" at byte offset 2`},
		{"2 < 3 and 4 > 3", `Unsupported start tag "" at byte offset 2`},
		{"2 < 3", "Unclosed start tag at byte offset 2"},
		{"<b>x</b", "Unclosed end tag at byte offset 4"},
		{"R&D", "Unsupported character entity at byte offset 1"},
		{"a &nbsp; b", "Unsupported character entity at byte offset 2"},
		{"&#xD800;", "Unsupported character entity at byte offset 0"},
		{`<span class="big">x</span>`, `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{`<a href>x</a>`, `Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0`},
		{`<a href=x>x</a>`, `Unquoted value of an attribute of the tag "a" at byte offset 0`},
		{`<a href="x>x</a>`, "Unclosed start tag at byte offset 0"},
	} {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			s, _ := setup(t)
			r := ask(t, s, "sendMessage", p{"chat_id": ann, "text": c.text, "parse_mode": "HTML"})
			require.Equal(t, "Bad Request: can't parse entities: "+c.complaint, r.Description)
			require.Len(t, s.Mistakes(), 1)
		})
	}
}

func TestHTMLBecomesTextAndEntities(t *testing.T) {
	t.Parallel()
	type entities = []telegramtest.Entity
	for _, c := range []struct {
		text, plain string
		entities    entities
	}{
		{"<B>a</B> <strong>b</strong>", "a b", entities{{Type: "bold", Offset: 0, Length: 1}, {Type: "bold", Offset: 2, Length: 1}}},
		{"<i><em>a</em></i>", "a", entities{{Type: "italic", Length: 1}, {Type: "italic", Length: 1}}},
		{"<u>a</u><ins>b</ins>", "ab", entities{{Type: "underline", Length: 1}, {Type: "underline", Offset: 1, Length: 1}}},
		{"<s>a</s><strike>b</strike><del>c</del>", "abc", entities{{Type: "strikethrough", Length: 1}, {Type: "strikethrough", Offset: 1, Length: 1}, {Type: "strikethrough", Offset: 2, Length: 1}}},
		{`<pre><code class="language-go">x</code></pre>`, "x", entities{{Type: "code", Length: 1, Language: "go"}, {Type: "pre", Length: 1}}},
		{"<blockquote expandable>q</blockquote>", "q", entities{{Type: "expandable_blockquote", Length: 1}}},
		{`<span class='tg-spoiler'>s</span><tg-spoiler>s</tg-spoiler>`, "ss", entities{{Type: "spoiler", Length: 1}, {Type: "spoiler", Offset: 1, Length: 1}}},
		{`<tg-emoji emoji-id="53">👍</tg-emoji>`, "👍", entities{{Type: "custom_emoji", Length: 2, CustomEmojiID: "53"}}},
		{`<a href="https://a.example/?x=1&amp;y=>2">https://a.example</a>`, "https://a.example", entities{{Type: "text_link", Length: 17, URL: "https://a.example/?x=1&y=>2"}}},
		{"&lt;b&gt; &amp;amp; &quot;&#33;&#x1F600;", "<b> &amp; \"!😀", nil},
		{"  😀 <b>x</b> \n", "😀 x", entities{{Type: "bold", Offset: 3, Length: 1}}},
		{"a\x00b\r\nc\u202ed", "a b\ncd", nil},
		{"/deal @ann see https://a.example/x", "/deal @ann see https://a.example/x", entities{{Type: "bot_command", Length: 5}, {Type: "mention", Offset: 6, Length: 4}, {Type: "url", Offset: 15, Length: 19}}},
	} {
		t.Run(c.plain, func(t *testing.T) {
			t.Parallel()
			s, _ := setup(t)
			r := ask(t, s, "sendMessage", p{"chat_id": ann, "text": c.text, "parse_mode": "HTML"})
			require.True(t, r.OK, r.Description)
			m := s.Last(ann)
			require.Equal(t, c.plain+"\n", m.Plain())
			require.Equal(t, c.entities, m.Entities)
			require.Equal(t, c.text, m.Sent)
			require.Empty(t, s.Refusals())
		})
	}
}

func TestPeopleAndAddressesAreFoundAsTelegramFindsThem(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	for text, want := range map[string]string{
		"call +49 170 1234567 · now":          "phone_number +49 170 1234567",
		"<b>+1-212-555-0123</b>":              "bold +1-212-555-0123, phone_number +1-212-555-0123",
		"<code>+1-212-555-0123</code>":        "code +1-212-555-0123",
		"<pre>a_b@client.example</pre>":       "pre a_b@client.example",
		"(a.b+c@mail.client.example), then":   "email a.b+c@mail.client.example",
		"8 495 123-45-67, 2026-11-23, #42 +5": "",
		"a@b, ann@, @ann_example":             "mention @ann_example",
	} {
		ask(t, s, "sendMessage", p{"chat_id": ann, "text": text, "parse_mode": "HTML"})
		m := s.Last(ann)
		var found []string
		for _, e := range m.Entities {
			found = append(found, e.Type+" "+string([]rune(m.Text)[e.Offset:e.Offset+e.Length]))
		}
		require.Equal(t, want, strings.Join(found, ", "), text)
	}
	require.Empty(t, s.Mistakes())
}

func TestMentionsNameWhomTelegramKnows(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	text := `<a href="tg://user?id=501">Ann</a> and <a href="tg://user?id=999">nobody</a>`
	ask(t, s, "sendMessage", p{"chat_id": ann, "text": text, "parse_mode": "HTML"})
	m := s.Last(ann)
	require.Equal(t, "Ann and nobody", m.Text)
	require.Len(t, m.Entities, 1)
	require.Equal(t, "text_mention", m.Entities[0].Type)
	require.EqualValues(t, ann, m.Entities[0].User["id"])

	r := ask(t, s, "editMessageText", p{"chat_id": ann, "message_id": m.ID, "text": "Ann", "entities": []p{
		{"type": "text_mention", "offset": 0, "length": 3, "user": p{"id": ann, "is_bot": false, "first_name": "x"}},
	}})
	require.True(t, r.OK, r.Description)
	require.Equal(t, "text_mention", s.Last(ann).Entities[0].Type)
	require.Empty(t, s.Mistakes())
}

func TestLinksThatNoClientOpensAreRefused(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"tel:+491701234567", "mailto:ann@client.example", "javascript:x", "/x", "https://"} {
		s, _ := setup(t)
		r := ask(t, s, "sendMessage", p{"chat_id": ann, "text": `<a href="` + link + `">x</a>`, "parse_mode": "HTML"})
		require.Contains(t, r.Description, "which is no link here")
		require.Len(t, s.Mistakes(), 1)
	}
}
