package telegramtest_test

import (
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
