package slack

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/bot"
	"funnelbot/bot/bottest"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
	"funnelbot/funnel"
)

// words are those of the test documents, by language.
type words struct{ company, stage, question, hint, yes, no, amount, note string }

func catalogs(t *testing.T) map[string]words {
	t.Helper()
	return map[string]words{
		"en": {"Bluefin Robotics", "Stage", "Which stage does it go to?", "For example Proposal", "Proposal", "Won", "Amount", "This week"},
		"ru": {"ООО «Синий плавник»", "Этап", "На какой этап перейти?", "Например, Предложение", "Предложение", "Сделка", "Сумма", "За неделю"},
	}
}

// documents has one of every kind of block.
func documents(w words) []struct {
	name string
	doc  message.Doc
} {
	picks := []message.Option{
		{Label: w.yes, Action: "~q~pick~1"}, {Label: w.no, Note: w.note, Action: "~q~pick~2", Chosen: true}, {Label: w.no, Action: "~q~pick~2"},
	}
	back := []message.Button{{Label: w.no, Action: "~q~cancel", Look: message.Danger}}
	lines := []message.Line{{message.Deal(42, w.company), message.Plain(" · " + w.amount)}, {message.Plain("a*b_c " + w.company)}}
	return []struct {
		name string
		doc  message.Doc
	}{
		{"heading", message.New(message.Head(w.company), message.Heading{Text: message.Text(strings.Repeat(w.company+" ", 20))})},
		{"paragraph", message.New(message.Para(message.Plain(w.stage+": "), message.Bold(w.yes), message.Plain(". "), message.Code("move 42"), message.Plain("\n> "+w.note)),
			message.Para(message.Plain("1 < 2 & 3 > 2, "), message.Bold("a & b")), message.Para(message.Plain("*"+w.note+"*"), message.Bold(w.yes)))},
		{"fields", message.New(message.Fields{Fields: []message.Field{{Label: w.stage, Value: message.Text(w.yes)}, {Label: w.amount, Value: message.Line{message.Bold("₽1,200,000")}}}})},
		{"list", message.New(message.List{Items: []message.Item{{Text: lines[0]}, {Text: lines[1]}}},
			message.List{Ordered: true, Items: []message.Item{{Text: lines[0], Buttons: back}, {Text: lines[1], Buttons: append(back, back...)}}})},
		{"table", message.New(message.Table{
			Columns: []message.Column{{Title: w.stage}, {Title: w.amount, Right: true}},
			Rows:    [][]message.Line{{message.Text(w.yes), message.Text("450")}, {message.Text("`" + w.no + "`"), message.Text("1,200,000")}},
		})},
		{"wide table", message.New(message.Table{
			Columns: []message.Column{{Title: w.stage}, {Title: w.amount, Right: true}},
			Rows:    [][]message.Line{{message.Text(strings.Repeat(w.company+" ", 4)), message.Text("450")}},
		})},
		{"buttons", message.New(message.Buttons{Buttons: []message.Button{{Label: w.yes, Action: "a:1:2", Look: message.Primary}, back[0], {Label: strings.Repeat(w.company+" ", 6), Action: "b:1:2"}}})},
		{"choices", message.New(message.Choices{Prompt: message.Text(w.question), Options: picks}, message.Choices{Prompt: message.Text(w.question), Options: picks[:1]})},
		{"form", message.New(message.Form{
			Reason: w.note, Question: message.Text(w.question), Hint: w.hint, Kind: message.AnswerOne, Step: 1, Steps: 3, Reply: "~q~answer",
			Options: picks[:1], Default: &message.Option{Label: w.yes, Action: "~q~answer"}, Controls: back,
		})},
		{"picture", message.New(message.Picture{Name: "funnel.png", Alt: w.note, Data: []byte{1}})},
		{"file", message.New(message.File{Name: "../deals.csv", Type: "text/csv", Note: w.note, Data: []byte{1}}, message.File{Name: "empty.csv"})},
		{"divider and footnote", message.New(message.Divider{}, message.Note(w.hint))},
	}
}

func printerOf(tb testing.TB, language string) *text.Printer {
	tb.Helper()
	texts, err := catalog()
	require.NoError(tb, err)
	return texts.In(language)
}

func TestEveryKindOfBlockIsRendered(t *testing.T) {
	t.Parallel()
	for language, w := range catalogs(t) {
		var out strings.Builder
		for _, d := range documents(w) {
			r := (&renderer{p: printerOf(t, language)}).render(d.doc)
			require.NotEmpty(t, r.pages, "%s is ignored", d.name)
			fmt.Fprintf(&out, "=== %s\n", d.name)
			for _, p := range r.pages {
				fmt.Fprintf(&out, "text: %s\n%s\n", p.text, indented(t, p.blocks))
			}
			for _, f := range r.files {
				fmt.Fprintf(&out, "file: %s (%s) %d\n", f.name, f.alt, len(f.data))
			}
		}
		bottest.Golden(t, filepath.Join("testdata", "render", language+".txt"), out.String())
	}
}

func TestEveryKindOfBlockIsShownInAView(t *testing.T) {
	t.Parallel()
	for language, w := range catalogs(t) {
		var out strings.Builder
		for _, d := range documents(w) {
			if d.name == "picture" || d.name == "file" {
				_, fits := modal(printerOf(t, language), d.doc, origin{Channel: "C1"}, nil)
				require.False(t, fits, "a view has no room for files")
				continue
			}
			v, fits := modal(printerOf(t, language), d.doc, origin{Channel: "C1"}, nil)
			require.True(t, fits)
			fmt.Fprintf(&out, "=== %s\n%s\n", d.name, indented(t, v))
		}
		bottest.Golden(t, filepath.Join("testdata", "view", language+".txt"), out.String())
	}
}

func indented(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	require.NoError(t, e.Encode(v))
	return strings.TrimSpace(b.String())
}

// hostile are words that mean something to Slack.
func hostile() []string {
	return []string{
		"<!channel>", "<!here|here>", "<@U1>", "<!subteam^S1>", "@channel", "*bold* _it_ ~no~ `code` ```block```", "&lt;!channel&gt;", "<http://evil.example|bank>",
		"> quote\n> more", "\u202egnp.exe", "nul\x00nul", "\xff\xfe", "line\nfeed", "a\u2028b", "  ", "#42", ":tada:", "<!date^1^{date}|x>", "]]>", "<", ">", "&",
		strings.Repeat("&", 4000), strings.Repeat("<!channel>", 500), strings.Repeat("я", 5000), strings.Repeat("😀", 2000), "",
	}
}

func TestWordsOfPeopleNotifyNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for i, w := range hostile() {
		id, err := h.door.Send(t.Context(), bot.Parcel{Lane: "slack:C1", Notice: funnel.ID{byte(i)}, Doc: everywhere(w)})
		require.NoError(t, err, "%.40q", w)
		require.NotEmpty(t, id)
	}
	require.NotEmpty(t, h.Messages("C1"))
	for _, m := range h.Messages("C1") {
		require.Empty(t, m.Notifies)
		require.NotContains(t, m.Text, "\x00")
	}
	english := printerOf(t, "en")
	for _, w := range hostile() {
		v, fits := modal(english, everywhere(w), origin{Channel: "C1"}, nil)
		if !fits {
			continue
		}
		_, err := h.door.openView(t.Context(), h.Trigger("U1"), v)
		require.NoError(t, err, "%.40q", w)
	}
}

// everywhere puts words wherever words may stand.
func everywhere(w string) message.Doc {
	line := message.Line{message.Plain(w), message.Bold(w), message.Plain(" "), message.Code(w), message.Deal(42, w)}
	options := []message.Option{{Label: w, Note: w, Action: "a"}, {Label: w, Action: "b", Chosen: true}}
	buttons := []message.Button{{Label: w, Action: "a:1:1"}, {Label: w, Action: "a:1:1"}}
	return message.New(
		message.Heading{Text: line}, message.Para(line...), message.Footnote{Text: line}, message.Fields{Fields: []message.Field{{Label: w, Value: line}}},
		message.List{Items: []message.Item{{Text: line}, {Text: line, Buttons: buttons[:1]}, {Text: line, Buttons: buttons}}},
		message.Table{Columns: []message.Column{{Title: w}, {Title: w}}, Rows: [][]message.Line{{line, line}, {line}}},
		message.Buttons{Buttons: buttons}, message.Choices{Prompt: line, Options: options},
		message.Form{Reason: w, Question: line, Hint: w, Kind: message.AnswerText, Step: 1, Steps: 2, Reply: "~q~answer", Options: options, Default: &options[0], Controls: buttons},
		message.Divider{},
	)
}

func TestStylesAreSetWhereTheyAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line message.Line
		kind string
		want string
	}{
		{message.Line{message.Plain("Deal "), message.Bold("won"), message.Plain(".")}, "mrkdwn", "Deal *won*."},
		{message.Line{message.Plain("a < b "), message.Code("x & y")}, "mrkdwn", "a &lt; b `x &amp; y`"},
		{message.Line{message.Plain("no style < here")}, "plain_text", "no style < here"},
		{message.Line{message.Plain("their *own* marks "), message.Bold("won")}, "plain_text", "their *own* marks won"},
		{message.Line{message.Plain("glued"), message.Bold("won")}, "plain_text", "gluedwon"},
		{message.Line{message.Bold("won"), message.Plain("ders")}, "plain_text", "wonders"},
		{message.Line{message.Bold("snake_case")}, "plain_text", "snake_case"},
		{message.Line{message.Plain("> quoted "), message.Bold("won")}, "plain_text", "> quoted won"},
		{message.Line{message.Bold(" won ")}, "plain_text", " won "},
		{message.Line{message.Code("a`b")}, "plain_text", "a`b"},
		{message.Line{message.Deal(42, "Bluefin")}, "mrkdwn", "*#42 Bluefin*"},
	} {
		got := styled(c.line)
		require.Equal(t, c.kind, got.Type)
		require.Equal(t, c.want, got.Text)
		require.Equal(t, c.kind == "mrkdwn", got.Verbatim, "links and names in it are not to be found")
	}
}

// TestNothingIsTooLargeForSlack posts documents of any size to a Slack that refuses what is too
// large, and looks whether all their words are there.
func TestNothingIsTooLargeForSlack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	english, russian := printerOf(t, "en"), printerOf(t, "ru")
	rapid.Check(t, func(rt *rapid.T) {
		doc := anyDoc().Draw(rt, "doc")
		r := (&renderer{p: english}).render(doc)
		for _, p := range r.pages {
			_, ts, err := h.door.api.PostMessageContext(t.Context(), "C1", pageOptions(p)...)
			require.NoError(rt, timestamped(ts, "chat.postMessage", err))
			_, changed, _, err := h.door.api.UpdateMessageContext(t.Context(), "C1", ts, pageOptions(p)...)
			require.NoError(rt, timestamped(changed, "chat.update", err))
		}
		if v, fits := modal(russian, doc, origin{Channel: "C1", Hook: strings.Repeat("h", 200)}, nil); fits {
			_, err := h.door.openView(t.Context(), h.Trigger("U1"), v)
			require.NoError(rt, err)
		}
		said := message.Para(anyLine(6000).Draw(rt, "said")...)
		_, err := h.door.openView(t.Context(), h.Trigger("U1"), closing(english, said, origin{Channel: "C1"}))
		require.NoError(rt, err)
	})
}

func TestSplittingKeepsEveryWord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := anyLine(6000).Draw(rt, "line")
		limit := rapid.IntRange(20, 3000).Draw(rt, "limit")
		parts := split(clean(l), limit)
		var words strings.Builder
		for _, part := range parts {
			require.LessOrEqual(rt, cost(part), limit)
			require.LessOrEqual(rt, units(styled(part).Text), limit)
			words.WriteString(part.String())
		}
		require.Equal(rt, strings.Join(strings.Fields(clean(l).String()), ""), strings.Join(strings.Fields(words.String()), ""))
	})
}

// anyText is words of people, long ones and hostile ones.
func anyText(most int) *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(hostile()), rapid.StringN(0, 40, -1),
		rapid.Map(rapid.IntRange(1, most), func(n int) string { return strings.Repeat("word <&> ", n/9+1) }),
		rapid.Map(rapid.IntRange(1, most), func(n int) string { return strings.Repeat("щ", n) }),
	)
}

func anyLine(most int) *rapid.Generator[message.Line] {
	return rapid.Map(rapid.SliceOfN(anyText(most), 0, 4), func(all []string) message.Line {
		var l message.Line
		for i, s := range all {
			switch i % 3 {
			case 0:
				l = append(l, message.Plain(s))
			case 1:
				l = append(l, message.Bold(s))
			default:
				l = append(l, message.Code(s))
			}
		}
		return l
	})
}

func anyDoc() *rapid.Generator[message.Doc] {
	return rapid.Custom(func(t *rapid.T) message.Doc {
		var doc message.Doc
		for range rapid.IntRange(1, 5).Draw(t, "blocks") {
			doc = doc.With(anyBlock().Draw(t, "block"))
		}
		return doc
	})
}

func anyBlock() *rapid.Generator[message.Block] {
	return rapid.Custom(func(t *rapid.T) message.Block {
		l := anyLine(4000).Draw(t, "line")
		n := rapid.OneOf(rapid.IntRange(0, 12), rapid.IntRange(95, 130)).Draw(t, "many")
		label := rapid.OneOf(rapid.StringN(0, 90, -1), rapid.SampledFrom(hostile()[:20])).Draw(t, "label")
		options := make([]message.Option, n)
		buttons := make([]message.Button, n)
		fields := make([]message.Field, n)
		items := make([]message.Item, n)
		rows := make([][]message.Line, n)
		for i := range n {
			token := fmt.Sprintf("~q~pick~%d", i)
			options[i] = message.Option{Label: label, Note: label, Action: token, Chosen: i == n/2}
			buttons[i] = message.Button{Label: label, Action: token}
			fields[i] = message.Field{Label: label, Value: message.Text(label)}
			if i < 3 {
				fields[i].Value = l
			}
			items[i] = message.Item{Text: message.Text(label)}
			if i%7 == 0 {
				items[i].Buttons = buttons[:min(i, 2)]
			}
			rows[i] = []message.Line{message.Text(label), message.Text("1")}
		}
		return rapid.SampledFrom([]message.Block{
			message.Heading{Text: l},
			message.Paragraph{Text: l},
			message.Footnote{Text: l},
			message.Fields{Fields: fields},
			message.List{Items: items},
			message.Table{Columns: []message.Column{{Title: label}, {Title: "n", Right: true}}, Rows: rows},
			message.Buttons{Buttons: buttons},
			message.Choices{Prompt: l, Options: options},
			message.Divider{},
			message.Form{Question: l, Hint: label, Reason: label, Kind: message.Answer(n % 7), Reply: "~q~answer", Options: options, Controls: buttons[:min(n, 4)]},
		}).Draw(t, "kind")
	})
}
