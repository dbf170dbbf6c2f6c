package local

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/bot/bottest"
	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

func printer(t *testing.T, lang string) *text.Printer {
	t.Helper()
	c, err := text.Load()
	require.NoError(t, err)
	return c.In(lang)
}

func nowhere(string, []byte) (string, error) { return "", errors.New("no disk") }

func files(name string, _ []byte) (string, error) { return "/data/files/" + name, nil }

// every holds one of each kind of block, in the words of a language.
func every(lang string) map[string]message.Doc {
	w := words[lang]
	card := message.New(
		message.Heading{Text: message.Line{message.Deal(42, w["title"])}},
		message.Fields{Fields: []message.Field{
			{Label: w["stage"], Value: message.Line{message.Bold(w["negotiation"])}},
			{Label: w["amount"], Value: message.Text(w["money"])},
			{Label: w["next"], Value: message.Text(w["long"])},
			{Label: w["none"]},
		}},
		message.Divider{},
		message.Para(message.Plain(w["say"]+" "), message.Code("help move"), message.Plain(".")),
		message.Note(w["foot"]),
		message.Buttons{Buttons: []message.Button{
			{Label: w["undo"], Action: "undo:42:7", Look: message.Primary},
			{Label: w["lost"], Action: "lost:42:7", Look: message.Danger},
			{Label: w["show"], Action: "show:42"},
		}},
	)
	list := message.New(
		message.Head(w["plan"]),
		message.List{Items: []message.Item{
			{Text: message.Line{message.Deal(7, w["title"]), message.Plain(" — " + w["long"])}, Buttons: []message.Button{{Label: w["done"], Action: "done:7:1"}, {Label: w["show"], Action: "show:7"}}},
			{Text: message.Text("🔥 " + w["say"])},
		}},
		message.List{Ordered: true, Items: []message.Item{{Text: message.Text(w["say"])}, {Text: message.Text(w["foot"])}}},
		message.Choices{Prompt: message.Text(w["which"]), Options: []message.Option{
			{Label: w["title"], Note: w["negotiation"], Action: "pick:1", Chosen: true},
			{Label: "日本ロボット 🤖", Action: "pick:2"},
		}},
	)
	table := message.New(message.Table{
		Columns: []message.Column{{Title: w["deal"]}, {Title: w["stage"]}, {Title: w["amount"], Right: true}},
		Rows: [][]message.Line{
			{{message.Deal(42, w["title"])}, message.Text(w["negotiation"]), message.Text(w["money"])},
			{{message.Deal(7, "日本ロボット 🤖")}, message.Text("👩‍💻 " + w["negotiation"]), message.Text("5")},
			{message.Text(w["long"]), nil},
		},
	})
	question := message.New(message.Form{
		Reason: w["wrong"], Question: message.Text(w["howmuch"]), Hint: w["hint"], Kind: message.AnswerMoney, Step: 2, Steps: 5,
		Default:  &message.Option{Label: w["money"], Action: "d:1:keep"},
		Controls: []message.Button{{Label: w["back"], Action: "d:1:back"}, {Label: w["cancel"], Action: "d:1:cancel"}},
	})
	choice := message.New(message.Form{
		Question: message.Text(w["which"]), Kind: message.AnswerOne,
		Options:  []message.Option{{Label: w["negotiation"], Action: "d:1:0"}, {Label: w["lost"], Note: w["long"], Action: "d:1:1"}},
		Controls: []message.Button{{Label: w["cancel"], Action: "d:1:cancel"}},
	})
	attached := message.New(
		message.Picture{Name: "funnel.png", Alt: w["plan"], Data: []byte{1}},
		message.File{Name: "deals.csv", Type: "text/csv", Data: []byte{1}},
	)
	return map[string]message.Doc{"card": card, "list": list, "table": table, "question": question, "choice": choice, "attached": attached}
}

var words = map[string]map[string]string{
	"en": {
		"title": "Bluefin Robotics — spare parts", "stage": "Stage", "negotiation": "Negotiation", "amount": "Amount",
		"money": "$1,200,000", "next": "Next step", "long": "send the revised proposal with the two pilots and the longer guarantee to Mira, Fri, Nov 27",
		"none": "Close", "say": "For more, type", "foot": "Figures of the last 90 days.", "undo": "Undo", "lost": "Lost", "show": "Show",
		"plan": "Your plan", "done": "Done", "which": "Which one do you mean?", "deal": "Deal", "wrong": "I could not read “lots” as an amount.",
		"howmuch": "How much is it worth?", "hint": "For example 45k or $1.2M", "back": "Back", "cancel": "Cancel",
	},
	"ru": {
		"title": "Ромашка — запчасти", "stage": "Этап", "negotiation": "Переговоры", "amount": "Сумма",
		"money": "1\u00a0200\u00a0000\u00a0₽", "next": "Следующий шаг", "long": "отправить новое предложение с двумя пилотами и длинной гарантией Ивану, пт 27 нояб.",
		"none": "Закрытие", "say": "Подробнее:", "foot": "Цифры за последние 90 дней.", "undo": "Вернуть", "lost": "Проиграна", "show": "Показать",
		"plan": "Ваш план", "done": "Готово", "which": "Какую из них вы имеете в виду?", "deal": "Сделка", "wrong": "Не удалось прочитать «много» как сумму.",
		"howmuch": "Сколько она стоит?", "hint": "Например, 450к или 1,2 млн", "back": "Назад", "cancel": "Отмена",
	},
}

func TestEveryKindOfBlockAsItLooks(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ru"} {
		words := printer(t, lang)
		for name, doc := range every(lang) {
			for _, screen := range []struct {
				name  string
				width int
				color bool
			}{{"pipe", 0, false}, {"80", 79, false}, {"40", 39, false}, {"20", 20, false}, {"color", 79, true}} {
				r := renderer{p: words, width: screen.width, color: screen.color, first: 1, keep: files}
				page := r.render(doc)
				bottest.Golden(t, filepath.Join("testdata", "render", lang, name+"-"+screen.name+".txt"), page.text+"\n")
				if screen.color {
					continue
				}
				for row := range strings.SplitSeq(page.text, "\n") {
					require.True(t, screen.width == 0 || cells(row) <= screen.width, "%s at %d: %q", name, screen.width, row)
				}
			}
		}
	}
}

func TestButtonsAreNumberedThroughTheWholeMessage(t *testing.T) {
	t.Parallel()
	r := renderer{p: printer(t, "en"), first: 4, keep: files}
	page := r.render(every("en")["list"])
	require.Equal(t, []string{"done:7:1", "show:7", "pick:1", "pick:2"}, page.actions)
	require.Contains(t, page.text, "[4] Done  [5] Show")
	require.Contains(t, page.text, "[6] Bluefin")
	require.False(t, page.typed)
}

func TestQuestionInOnesOwnWordsKeepsBareNumbersForTheAnswer(t *testing.T) {
	t.Parallel()
	r := renderer{p: printer(t, "en"), first: 1, keep: files}
	page := r.render(every("en")["question"])
	require.True(t, page.typed)
	require.Equal(t, "d:1:keep", page.agree)
	require.Contains(t, page.text, "[/1] Back  [/2] Cancel")
}

func TestFileThatCannotBeSavedIsStillAnnounced(t *testing.T) {
	t.Parallel()
	r := renderer{p: printer(t, "en"), first: 1, keep: nowhere}
	page := r.render(every("en")["attached"])
	require.Contains(t, page.text, "The picture in words: Your plan\n")
	require.Contains(t, page.text, "deals.csv (I could not save the file on this machine)")
}

// hostile are words that try to do something to a terminal or to the reader.
var hostile = []string{
	"\x1b[2J\x1b]0;owned\x07", "\x9b31m", "a\x00b", "price \u202e000,1$", "\u2066x\u2069", "\u061c", "zero\u200bwidth", "\ufeff",
	"back\b\b\bspace", "\r[1] Undo", "\nfake line", "\u2028", "\u0085", "bad\xff\xfeutf", "tag\U000e0041", "\x7f", "<!channel> *x* {{.id}} %s",
}

func TestHostileWordsAreShownHarmless(t *testing.T) {
	t.Parallel()
	p := printer(t, "en")
	for _, bad := range hostile {
		line := message.Line{message.Plain(bad), message.Bold(bad)}
		option := message.Option{Label: bad, Note: bad, Action: "a"}
		doc := message.New(
			message.Heading{Text: line}, message.Fields{Fields: []message.Field{{Label: bad, Value: line}}},
			message.List{Items: []message.Item{{Text: line, Buttons: []message.Button{{Label: bad, Action: "a"}}}}},
			message.Table{Columns: []message.Column{{Title: bad}}, Rows: [][]message.Line{{line}}},
			message.Choices{Prompt: line, Options: []message.Option{option}},
			message.Form{Reason: bad, Question: line, Hint: bad, Options: []message.Option{option}, Default: &option},
			message.Picture{Name: bad, Alt: bad}, message.File{Name: bad, Note: bad}, message.Footnote{Text: line},
		)
		for _, width := range []int{0, 20, 80} {
			r := renderer{p: p, width: width, first: 1, keep: files}
			requireHarmless(t, r.render(doc).text)
		}
	}
}

func requireHarmless(t require.TestingT, s string) {
	for _, r := range s {
		harmless := r == '\n' || r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f)
		require.True(t, harmless, "%q in %q", r, s)
		require.NotContains(t, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u061c\ufeff\u2028\u2029", string(r), "%q", s)
	}
	require.Equal(t, strings.ToValidUTF8(s, ""), s)
}

func TestNobodysWordsMakeALineOfTheirOwnInATitle(t *testing.T) {
	t.Parallel()
	r := renderer{p: printer(t, "en"), first: 1, keep: files}
	page := r.render(message.New(
		message.Heading{Text: message.Line{message.Deal(1, "x\n[1] Undo")}},
		message.Buttons{Buttons: []message.Button{{Label: "a\nb", Action: "a"}}},
	))
	require.Equal(t, "#1 x [1] Undo\n[1] a b", page.text)
}

func TestWrappingLosesNothingAndKeepsTheWidth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := neutral(rapid.StringOf(rapid.SampledFrom([]rune("ab яж\n—-日🤖\u00a0́.,"))).Draw(r, "text"))
		width := rapid.IntRange(2, 12).Draw(r, "width")
		rows := spans{{s, strong}}.wrap(width)
		var joined strings.Builder
		for _, row := range rows {
			if row.cells() > width {
				r.Fatalf("row %q is wider than %d", row.String(), width)
			}
			joined.WriteString(row.String())
		}
		squeeze := strings.NewReplacer(" ", "", "\n", "")
		if squeeze.Replace(s) != squeeze.Replace(joined.String()) {
			r.Fatalf("%q became %q", s, joined.String())
		}
	})
}

func FuzzRenderIsHarmless(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 20)
	}
	c, err := text.Load()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, s string, width int) {
		r := renderer{p: c.In("ru"), width: min(max(width, 0), 200), first: 1, keep: files}
		page := r.render(message.New(
			message.Para(message.Plain(s)),
			message.Table{Columns: []message.Column{{Title: s}, {Title: "n", Right: true}}, Rows: [][]message.Line{{message.Text(s), message.Text("1")}}},
			message.Buttons{Buttons: []message.Button{{Label: s, Action: "a"}}},
		))
		requireHarmless(t, page.text)
	})
}
