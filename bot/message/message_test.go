package message_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/bot/text"
)

func TestWithLeavesTheOriginalAsItIs(t *testing.T) {
	t.Parallel()
	one := message.New(message.Head("a"))
	two := one.With(message.Para(message.Plain("b")))
	three := one.With(message.Divider{})
	require.Len(t, one.Blocks, 1)
	require.Equal(t, message.Para(message.Plain("b")), two.Blocks[1])
	require.Equal(t, message.Divider{}, three.Blocks[1])
	require.True(t, message.Doc{}.IsZero())
	require.False(t, one.IsZero())
}

func TestDealReadsAsItsNumberAndTitle(t *testing.T) {
	t.Parallel()
	require.Equal(t, "#42 Acme", message.Deal(42, "Acme").Text)
	require.Equal(t, "#42", message.Deal(42, "").Text)
	require.Equal(t, "see #42 now", message.Line{message.Plain("see "), message.Deal(42, ""), message.Bold(" now")}.String())
}

func TestCheckAcceptsEveryKindOfBlock(t *testing.T) {
	t.Parallel()
	button := message.Button{Label: "Undo", Action: "undo:42:7", Look: message.Primary}
	option := message.Option{Label: "Acme", Action: "pick:1"}
	doc := message.New(
		message.Head("Deals"),
		message.Para(message.Plain("see "), message.Deal(42, "Acme")),
		message.Fields{Fields: []message.Field{{Label: "Stage", Value: message.Text("Lead")}, {Label: "Amount"}}},
		message.List{Ordered: true, Items: []message.Item{{Text: message.Text("call"), Buttons: []message.Button{{Label: "Done", Action: "done:1"}}}}},
		message.Table{Columns: []message.Column{{Title: "Deal"}, {Title: "Amount", Right: true}}, Rows: [][]message.Line{{message.Text("Acme"), nil}}},
		message.Choices{Prompt: message.Text("Which?"), Options: []message.Option{option}},
		message.Form{Question: message.Text("How much?"), Kind: message.AnswerMoney, Step: 1, Steps: 2, Default: &option},
		message.Picture{Name: "funnel.png", Alt: "the funnel"},
		message.File{Name: "deals.csv", Type: "text/csv"},
		message.Divider{},
		message.Note("since Monday"),
		message.Buttons{Buttons: []message.Button{button}},
	)
	require.NoError(t, doc.Check())
}

func TestCheckNamesEveryFault(t *testing.T) {
	t.Parallel()
	ok := message.Button{Label: "Undo", Action: "undo", Look: message.Primary}
	for fault, b := range map[string]message.Block{
		"heading without words":             message.Heading{},
		"paragraph without words":           message.Para(message.Plain("  ")),
		"is not UTF-8":                      message.Para(message.Plain("a\xff")),
		"label without words":               message.Fields{Fields: []message.Field{{Value: message.Text("x")}}},
		"item without words":                message.List{Items: []message.Item{{}}},
		`action "" has 0 bytes`:             message.Buttons{Buttons: []message.Button{{Label: "x"}}},
		"has 66 bytes":                      message.Buttons{Buttons: []message.Button{{Label: "x", Action: strings.Repeat("я", 33)}}},
		"button without words":              message.Buttons{Buttons: []message.Button{{Action: "x"}}},
		"2 primary buttons":                 message.Buttons{Buttons: []message.Button{ok, ok}},
		"row 0 has 1 cells under 2 columns": message.Table{Columns: []message.Column{{Title: "a"}, {Title: "b"}}, Rows: [][]message.Line{{nil}}},
		"no columns":                        message.Table{},
		"no options":                        message.Choices{Prompt: message.Text("Which?")},
		"question without words":            message.Form{},
		"step 3 of 2":                       message.Form{Question: message.Text("x"), Step: 3, Steps: 2},
		"alternative text without words":    message.Picture{Name: "a.png"},
		"name without words":                message.File{},
		`run "42" of style 0 has deal 42`:   message.Para(message.Run{Text: "42", Deal: 42}),
		`run "acme" of style 3 has deal 0`:  message.Para(message.Run{Text: "acme", Style: message.Reference}),
		"block 0 message.Form: no options":  message.Form{Question: message.Text("x"), Kind: message.AnswerYesNo},
	} {
		require.ErrorContains(t, message.New(b).Check(), fault)
	}
}

func TestTypedAnswersAreThoseInOnesOwnWords(t *testing.T) {
	t.Parallel()
	typed := map[message.Answer]bool{
		message.AnswerText: true, message.AnswerNumber: true, message.AnswerMoney: true, message.AnswerDate: true,
		message.AnswerOne: false, message.AnswerPerson: false, message.AnswerYesNo: false,
	}
	for kind, want := range typed {
		require.Equal(t, want, kind.Typed(), "kind %d", kind)
	}
}

func TestSentenceKeepsTheStyleOfItsArguments(t *testing.T) {
	t.Parallel()
	c, err := text.Load()
	require.NoError(t, err)
	ref := message.Deal(42, "")
	args := text.Args{"name": message.Bold("Ромашка"), "limit": 500, "field": "сумма", "n": 1}

	line := message.Sentence(c.In("ru"), "error.no_company", args)
	require.Equal(t, message.Line{
		message.Plain("Не нашёл компанию «"), message.Bold("Ромашка"),
		message.Plain("». Попробуйте часть названия или откройте для неё сделку словом «новая»."),
	}, line)

	plain := message.Sentence(c.In("en"), "error.too_long", args)
	require.Equal(t, message.Text("The field “сумма” holds up to 500 characters, and this is longer. Please shorten it a little."), plain)

	require.Equal(t, message.Text("5 дней назад"), message.Counted(c.In("ru"), "date.ago", 5, nil))

	line = message.Sentence(c.In("en"), "error.no_deal", text.Args{"ref": ref})
	require.Equal(t, ref, line[1])

	line = message.Sentence(c.In("en"), "change.saved", text.Args{"ref": message.Deal(7, "Acme Inc.")})
	require.Equal(t, "Saved for #7 Acme Inc.", line.String(), "one full stop is enough")
}
