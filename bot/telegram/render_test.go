package telegram

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/bot"
	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/bot/message"
	"funnelbot/funnel"
)

func picture(tb testing.TB, width, height int) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))))
	return b.Bytes()
}

// kinds holds one of each kind of block, in the words of a language.
func kinds(tb testing.TB, w map[string]string) map[string]message.Doc {
	tb.Helper()
	w["words"] += "\n<i> & \"</b>"
	return map[string]message.Doc{
		"card": message.New(
			message.Heading{Text: message.Line{message.Deal(42, w["title"])}},
			message.Fields{Fields: []message.Field{
				{Label: w["stage"], Value: message.Line{message.Bold(w["talks"])}},
				{Label: w["amount"], Value: message.Text(w["money"])},
				{Label: w["close"]},
			}},
			message.Divider{},
			message.Para(message.Plain(w["words"]+" "), message.Code("/move acme"), message.Plain(".")),
			message.Note(w["note"]),
			message.Buttons{Buttons: []message.Button{
				{Label: w["won"], Action: "won:42:7", Look: message.Primary},
				{Label: w["lost"], Action: "lost:42:7", Look: message.Danger},
				{Label: w["note"], Action: "show:42:0"},
			}},
		),
		"list": message.New(
			message.Head(w["stage"]),
			message.List{Items: []message.Item{
				{Text: message.Line{message.Deal(7, w["title"]), message.Plain(" · " + w["money"])}, Buttons: []message.Button{button(w["show"], "show:7:0")}},
				{Text: message.Line{message.Deal(8, "日本ロボット 🤖")}, Buttons: []message.Button{button(w["show"], "show:8:0")}},
			}},
			message.List{Ordered: true, Items: []message.Item{
				{Text: message.Text(w["words"]), Buttons: []message.Button{button(w["won"], "won:7:1"), button(w["lost"], "lost:7:1")}},
				{Text: message.Text(w["note"]), Buttons: []message.Button{button(w["won"], "won:8:1"), button(w["lost"], "lost:8:1")}},
			}},
		),
		"choices": message.New(message.Choices{Prompt: message.Text(w["which"]), Options: []message.Option{
			{Label: w["title"], Note: w["talks"], Action: "show:1:0", Chosen: true},
			{Label: "日本ロボット 🤖", Action: "show:2:0"},
			{Label: strings.Repeat(w["title"]+" ", 9), Action: "show:3:0"},
		}}),
		"table": message.New(message.Table{
			Columns: []message.Column{{Title: w["stage"]}, {Title: "N", Right: true}, {Title: "%", Right: true}},
			Rows: [][]message.Line{
				{message.Line{message.Bold(w["talks"])}, message.Text("12"), message.Text("40")}, {message.Text("日本 <&>"), message.Text("3")},
			},
		}, message.Table{
			Columns: []message.Column{{Title: w["stage"]}, {Title: w["amount"], Right: true}, {Title: w["close"]}},
			Rows: [][]message.Line{
				{message.Line{message.Deal(42, w["title"])}, message.Text(w["money"]), message.Text(w["note"])},
				{message.Text(w["talks"]), nil, message.Text("5")},
			},
		}),
		"form": message.New(message.Form{
			Reason: w["words"], Question: message.Text(w["which"]), Hint: w["note"], Kind: message.AnswerMoney, Step: 2, Steps: 5,
			Options: []message.Option{{Label: "1", Action: "~t~pick~1", Note: w["talks"]}, {Label: "2", Action: "~t~pick~2"}},
			Default: &message.Option{Label: w["money"], Action: "~t~answer"}, Controls: []message.Button{button(w["back"], "~t~back")},
		}),
		"typed": message.New(message.Form{
			Question: message.Text(w["which"]), Hint: w["note"], Kind: message.AnswerText,
			Controls: []message.Button{button(w["back"], "~t~back"), button(w["lost"], "~t~cancel")},
		}),
		"attached": message.New(
			message.Para(message.Plain(w["words"])),
			message.Picture{Name: "funnel.png", Alt: w["title"], Data: picture(tb, 40, 20)},
			message.Picture{Name: "line.png", Alt: w["title"], Data: picture(tb, 400, 2)},
			message.File{Name: "../../сделки.csv", Type: "text/csv", Note: w["words"], Data: []byte("a,b")},
			message.File{Name: "empty.csv", Note: w["note"]},
		),
		"buttons": message.New(message.Buttons{Buttons: []message.Button{button(w["won"], "won:1:1"), button("", "lost:1:1"), button("x", "")}}),
	}
}

func inWords(lang string) map[string]string {
	if lang == "ru" {
		return map[string]string{
			"title": "Ромашка — запчасти", "stage": "Этап", "talks": "Переговоры", "amount": "Сумма", "money": "1\u00a0200\u00a0000\u00a0₽",
			"close": "Закрытие", "words": "Готовы подписать", "note": "За последние 90 дней", "won": "Выиграна", "lost": "Проиграна",
			"show": "Показать", "which": "Какую вы имеете в виду?", "back": "Назад",
		}
	}
	return map[string]string{
		"title": "Bluefin Robotics — spare parts", "stage": "Stage", "talks": "Negotiation", "amount": "Amount", "money": "$1,200,000",
		"close": "Close", "words": "Ready to sign", "note": "Over the last 90 days", "won": "Won", "lost": "Lost", "show": "Show",
		"which": "Which one do you mean?", "back": "Back",
	}
}

// page is a message as it was sent and as it looks.
func page(m telegramtest.Message) string {
	var s strings.Builder
	if m.File != nil {
		fmt.Fprintf(&s, "(%s %s) ", m.File.Kind, m.File.Name)
	}
	s.WriteString(m.Sent + "\n")
	for _, line := range m.Keyboard {
		for i, b := range line {
			if i > 0 {
				s.WriteByte(' ')
			}
			s.WriteString("[" + b.Text + "|" + b.Data + "]")
		}
		s.WriteByte('\n')
	}
	if m.ForceReply {
		s.WriteString("(answer here: " + m.Hint + ")\n")
	}
	return s.String()
}

func TestEveryKindOfBlockAsItIsSent(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ru"} {
		for name, doc := range kinds(t, inWords(lang)) {
			for _, where := range []int64{anna, team} {
				t.Run(fmt.Sprintf("%s %s %d", lang, name, where), func(t *testing.T) {
					t.Parallel()
					h := open(t, nil)
					h.AddUser(telegramtest.User{ID: anna, First: "Анна", Language: lang})
					h.answers(doc)
					kind := "private"
					if where == team {
						kind = "group"
						taken(t, h.Group(anna, team, "/help"))
					} else {
						taken(t, h.Private(anna, "help"))
					}
					pages := make([]string, 0, 4)
					for _, m := range h.Said(where) {
						pages = append(pages, page(m))
					}
					bottest.Golden(t, filepath.Join("testdata", "render", lang, name+"-"+kind+".txt"), strings.Join(pages, "----\n"))
				})
			}
		}
	}
}

func TestNoButtonSaysCopyText(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.answers(message.New(message.Buttons{Buttons: []message.Button{button("Go", "show:1:0")}}))
	taken(t, h.Private(anna, "x"))
	require.NotContains(t, h.Calls("sendMessage")[0].Params["reply_markup"], "copy_text")
}

func TestLongMessagesAreSplitBetweenBlocksAndRows(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	row := message.Item{Text: message.Line{message.Deal(7, strings.Repeat("ё", 90)), message.Plain(" <&> 👩‍👩‍👧")}}
	items := make([]message.Item, 60)
	for i := range items {
		items[i] = row
	}
	doc := message.New(message.Head("Deals"), message.List{Items: items}, message.Note("end"), message.Buttons{Buttons: []message.Button{button("Go", "show:1:0")}})
	_, err := h.door.Send(t.Context(), bot.Parcel{Lane: "telegram:501", Doc: doc})
	require.NoError(t, err)
	said := h.Said(anna)
	require.Len(t, said, 2)
	rows := 0
	for i, m := range said {
		require.LessOrEqual(t, units(m.Text), maxText)
		require.Equal(t, i == len(said)-1, len(m.Keyboard) > 0)
		for line := range strings.SplitSeq(m.Text, "\n") {
			if strings.HasPrefix(line, "•") {
				rows++
				require.True(t, strings.HasSuffix(line, "👩‍👩‍👧"), line)
			}
		}
	}
	require.Equal(t, 60, rows)

	// What is longer than a few messages comes as a file.
	doc = message.New(message.Para(message.Plain(strings.Repeat("слово ", 20000))))
	_, err = h.door.Send(t.Context(), bot.Parcel{Lane: "telegram:501", Doc: doc})
	require.NoError(t, err)
	said = h.Said(anna)[2:]
	require.Len(t, said, maxParts)
	count := 0
	for _, m := range said[:maxParts-1] {
		count += strings.Count(m.Text, "слово")
	}
	require.Equal(t, "message.txt", said[maxParts-1].File.Name)
	require.Equal(t, 20000, count+strings.Count(string(said[maxParts-1].File.Content), "слово"))
}

func TestManyButtonsAreDividedAmongMessages(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	options := make([]message.Option, 230)
	for i := range options {
		options[i] = message.Option{Label: strconv.Itoa(i), Action: fmt.Sprintf("show:%d:0", i+1)}
	}
	_, err := h.door.Send(t.Context(), bot.Parcel{Lane: "telegram:501", Doc: message.New(message.Choices{Prompt: message.Text("?"), Options: options})})
	require.NoError(t, err)
	count := 0
	for _, m := range h.Said(anna) {
		count += len(m.Labels())
	}
	require.Equal(t, 230, count)
}

// Started makes a person one who has written to the bot.
func (h *house) Started(tb testing.TB, user int64) {
	tb.Helper()
	require.Positive(tb, h.Private(user, "/start", telegramtest.Held()).Update.ID)
}

// hostile draws texts of the kinds that break markup, counting and layout.
func hostile() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{
			"<b>", "</b>", "&", "&amp;", "<a href='x'>", "</pre>", "\n", "\r\n", " ", "\t", "\x00", "\u202e", "\u2066", "\u200b", "\u200d", "é̀́", "👩‍👩‍👧‍👦", "日本",
			"ё", "\u2028", "\ufeff", "\U000e0041", "\xff", "@anna", "/help", "https://example.com/a_b", "\u2800", "`*_~[]()", "\u00a0",
		}),
		rapid.Map(rapid.IntRange(1, 6000), func(n int) string { return strings.Repeat("ж", n) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 6), func(all []string) string { return strings.Join(all, "") })
}

func blocks() *rapid.Generator[message.Block] {
	line := rapid.Custom(func(t *rapid.T) message.Line {
		n := rapid.IntRange(0, 3).Draw(t, "runs")
		l := message.Line{}
		for range n {
			words := hostile().Draw(t, "words")
			switch rapid.IntRange(0, 3).Draw(t, "style") {
			case 0:
				l = append(l, message.Plain(words))
			case 1:
				l = append(l, message.Bold(words))
			case 2:
				l = append(l, message.Code(words))
			default:
				l = append(l, message.Deal(42, words))
			}
		}
		return l
	})
	btn := rapid.Custom(func(t *rapid.T) message.Button {
		return message.Button{
			Label: hostile().Draw(t, "label"), Action: rapid.SampledFrom([]string{"show:1:0", "~t~back", ""}).Draw(t, "action"),
			Look: message.Look(rapid.IntRange(0, 2).Draw(t, "look")),
		}
	})
	option := rapid.Custom(func(t *rapid.T) message.Option {
		return message.Option{Label: hostile().Draw(t, "label"), Note: hostile().Draw(t, "note"), Action: "~t~pick~1", Chosen: rapid.Bool().Draw(t, "chosen")}
	})
	few := rapid.SliceOfN(btn, 0, 12)
	return rapid.Custom(func(t *rapid.T) message.Block {
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0:
			return message.Heading{Text: line.Draw(t, "text")}
		case 1:
			return message.Paragraph{Text: line.Draw(t, "text")}
		case 2:
			return message.Fields{Fields: []message.Field{{Label: hostile().Draw(t, "label"), Value: line.Draw(t, "value")}}}
		case 3:
			return message.List{Ordered: rapid.Bool().Draw(t, "ordered"), Items: []message.Item{
				{Text: line.Draw(t, "item"), Buttons: few.Draw(t, "buttons")}, {Text: line.Draw(t, "item"), Buttons: few.Draw(t, "buttons")},
			}}
		case 4:
			return message.Table{
				Columns: []message.Column{{Title: hostile().Draw(t, "title")}, {Title: "N", Right: true}},
				Rows:    [][]message.Line{{line.Draw(t, "cell"), line.Draw(t, "cell")}, {line.Draw(t, "cell")}},
			}
		case 5:
			return message.Buttons{Buttons: few.Draw(t, "buttons")}
		case 6:
			return message.Choices{Prompt: line.Draw(t, "prompt"), Options: rapid.SliceOfN(option, 0, 120).Draw(t, "options")}
		case 7:
			return message.Form{
				Reason: hostile().Draw(t, "reason"), Question: line.Draw(t, "question"), Hint: hostile().Draw(t, "hint"), Kind: message.AnswerText,
				Options: rapid.SliceOfN(option, 0, 3).Draw(t, "options"), Controls: few.Draw(t, "controls"),
			}
		case 8:
			return message.File{Name: hostile().Draw(t, "name"), Note: hostile().Draw(t, "note"), Data: []byte("x")}
		case 9:
			return message.Picture{Name: hostile().Draw(t, "name"), Alt: hostile().Draw(t, "alt"), Data: []byte("no picture")}
		case 10:
			return message.Divider{}
		}
		return message.Footnote{Text: line.Draw(t, "text")}
	})
}

func TestWhateverADocumentHoldsThePlatformTakesIt(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	h.Started(t, anna)
	ctx := context.WithoutCancel(t.Context())
	n := byte(0)
	rapid.Check(t, func(t *rapid.T) {
		doc := message.New(rapid.SliceOfN(blocks(), 0, 4).Draw(t, "blocks")...)
		n++
		to := place{chat: anna}
		r := renderer{p: h.door.Texts.In("ru")}
		if rapid.Bool().Draw(t, "group") {
			to = place{chat: team, group: true}
			r.asked = &person{id: anna, name: hostile().Draw(t, "name")}
		}
		parts := r.render(doc)
		_, _, err := h.door.post(ctx, to, 0, funnel.ID{n}.String(), parts)
		require.NoError(t, err)
		require.Empty(t, h.Mistakes())
	})
}

func TestRowsAreSplitWithoutLoss(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := row{spans: []span{{text: inline(hostile().Draw(t, "a"))}, {text: inline(hostile().Draw(t, "b")), ink: strong}}}
		most := rapid.IntRange(4, 50).Draw(t, "most")
		var all strings.Builder
		for _, part := range r.split(most) {
			require.LessOrEqual(t, part.units(), most)
			require.True(t, utf8.ValidString(part.String()))
			all.WriteString(part.String())
		}
		require.Equal(t, r.String(), all.String())
	})
}
