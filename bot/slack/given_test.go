package slack

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel/dialog"
)

func TestWhatWasChangedIsTheAnswer(t *testing.T) {
	t.Parallel()
	date := question("q", "When?", message.AnswerDate)
	who := question("q", "Who?", message.AnswerPerson, "Anna", "Boris")
	chosen := func(f message.Form, i int) message.Form { f.Options[i].Chosen = true; return f }
	valued := func(f message.Form, v string) message.Form { f.Value = v; return f }
	for name, c := range map[string]struct {
		form  message.Form
		given map[string]any
		want  dialog.Field
	}{
		"nothing":                     {date, nil, dialog.Field{}},
		"a day over words":            {valued(date, "next week"), map[string]any{"Or pick a day": "2026-12-01"}, dialog.Field{Text: "2026-12-01"}},
		"words over a day":            {valued(date, "2026-12-01"), map[string]any{"When?": "next week"}, dialog.Field{Text: "next week"}},
		"a day that stays":            {valued(date, "2026-12-01"), nil, dialog.Field{Text: "2026-12-01"}},
		"a day taken away":            {valued(date, "2026-12-01"), map[string]any{"Or pick a day": nil}, dialog.Field{}},
		"both, words first":           {date, map[string]any{"When?": "tomorrow", "Or pick a day": "2026-12-01"}, dialog.Field{Text: "tomorrow"}},
		"a name over a choice":        {chosen(question("q", "Who?", message.AnswerPerson, "Anna", "Boris"), 0), map[string]any{"Or type it": "Carl"}, dialog.Field{Text: "Carl"}},
		"a choice over a name":        {valued(who, "Carl"), map[string]any{"Who?": "Anna"}, dialog.Field{Keys: []string{"anna"}}},
		"a choice that stays":         {chosen(question("q", "Who?", message.AnswerPerson, "Anna", "Boris"), 1), nil, dialog.Field{Keys: []string{"boris"}}},
		"a name taken away":           {valued(who, "Carl"), map[string]any{"Or type it": nil}, dialog.Field{}},
		"boxes that stay":             {chosen(question("q", "Which?", message.AnswerSeveral, "A", "B"), 1), nil, dialog.Field{Keys: []string{"b"}}},
		"boxes taken away":            {chosen(question("q", "Which?", message.AnswerSeveral, "A", "B"), 1), map[string]any{"Which?": nil}, dialog.Field{}},
		"words that nobody can write": {valued(question("q", "What?", message.AnswerText), "a\x00b\u202ec"), map[string]any{"What?": "d\u202ee\x07"}, dialog.Field{Text: "de"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := c.form
			form.Reply, c.want.Step = "~s.1~fill", "q"
			h := newHouse(t, func(v bot.Visit) message.Doc {
				if v.Press == nil {
					return message.New(form)
				}
				return para("done")
			})
			require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)
			require.NoError(t, h.Submit("U1", h.Top("U1"), c.given).Err)
			require.Equal(t, []dialog.Field{c.want}, h.fields(t))
		})
	}
}

func TestARequiredQuestionIsRequiredBySlack(t *testing.T) {
	t.Parallel()
	english := printerOf(t, "en")
	for _, kind := range []message.Answer{message.AnswerText, message.AnswerMoney, message.AnswerOne, message.AnswerYesNo, message.AnswerSeveral} {
		f := question("q", "?", kind)
		if !kind.Typed() {
			f = question("q", "?", kind, "A", "B")
		}
		for _, optional := range []bool{true, false} {
			f.Optional = optional
			m, fits := modal(english, message.New(f), origin{Channel: "C1"}, nil)
			require.True(t, fits)
			require.Contains(t, indented(t, m), `"block_id": "in.0.`)
			require.Equal(t, optional, strings.Contains(indented(t, m), `"optional": true`), "%d", kind)
		}
	}
}

func TestFormsAreWhereViewsAre(t *testing.T) {
	t.Parallel()
	press := func(action string) *bot.Press { return &bot.Press{Action: action} }
	for name, c := range map[string]struct {
		act  act
		want int
	}{
		"a command":                 {act{way: byCommand, trigger: "t"}, maxFormQuestions},
		"a message":                 {act{way: byMessage}, 0},
		"a button":                  {act{way: byPress, trigger: "t", press: press("qualify:42:0")}, maxFormQuestions},
		"a way back":                {act{way: byPress, trigger: "t", press: press("~s.1~resume")}, maxFormQuestions},
		"an option in a message":    {act{way: byPress, trigger: "t", press: press("~s.1~pick~a"), question: true}, 0},
		"a summary in a message":    {act{way: byPress, trigger: "t", press: press("~s.1~edit~a")}, 0},
		"a view":                    {act{way: bySubmit, trigger: "t", view: shown{id: "V1"}, origin: origin{Forms: 7}}, 7},
		"a view for one question":   {act{way: byPress, trigger: "t", view: shown{id: "V1"}, press: press("~s.1~skip")}, 0},
		"a view that was closed":    {act{way: byClose, view: shown{id: "V1"}, origin: origin{Forms: 3}, press: press("~s.1~later")}, 3},
		"a message that is handled": {act{way: byShortcut, trigger: "t"}, maxFormQuestions},
	} {
		require.Equal(t, c.want, c.act.forms(), name)
	}
	var o origin
	require.True(t, reopen(&o, sentView{Callback: viewName, Metadata: `{"c":"C1","f":4000}`}))
	require.Equal(t, maxFormQuestions, o.Forms)
}
