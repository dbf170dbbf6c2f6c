package slack

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/bot/message"
	"funnelbot/funnel/dialog"
)

// largest is the largest questionnaire that a funnel may have: 40 questions of 100 options with the
// longest words, in letters of the language.
func largest(letter string) []message.Form {
	long := func(n int, end string) string { return strings.Repeat(letter, n-len(end)) + end }
	kinds := []message.Answer{message.AnswerSeveral, message.AnswerOne, message.AnswerPerson, message.AnswerText, message.AnswerDate, message.AnswerMoney}
	var all []message.Form
	for q := range 40 {
		f := question(fmt.Sprintf("%s%02d", strings.Repeat("k", 38), q), long(148, fmt.Sprintf("%02d", q)), kinds[q%len(kinds)])
		f.Hint = long(150, "")
		for o := range 100 {
			f.Options = append(f.Options, message.Option{Label: long(75, fmt.Sprintf("%03d", o)), Key: fmt.Sprintf("%s%03d", strings.Repeat("o", 37), o)})
		}
		all = append(all, f)
	}
	return all
}

func TestTheLargestQuestionnaireFitsIntoViews(t *testing.T) {
	t.Parallel()
	for letter, user := range map[string]string{"W": "U1", "щ": "U2"} {
		s := newSurvey(largest(letter)...)
		h := surveyed(t, s)
		answer := strings.Repeat(letter, 2000)
		require.NoError(t, h.Command(user, "C1", "/deal", "qualify 42").Err)
		h.settled(t)
		pages := 0
		for s.at < len(s.ask) {
			form := h.Top(user)
			require.LessOrEqual(t, len(form.Blocks), maxViewBlocks)
			given := map[string]any{}
			for _, f := range s.ask[s.at:s.until] {
				ask := f.Question.String()
				switch {
				case f.Kind == message.AnswerText:
					given[ask] = answer
				case f.Kind == message.AnswerSeveral:
					given[ask] = []string{f.Options[0].Key, f.Options[99].Key}
				case !f.Kind.Typed():
					given[ask] = f.Options[99].Key
				}
			}
			require.NoError(t, h.Submit(user, form, given).Err)
			require.Empty(t, h.Refusals())
			pages++
		}
		h.settled(t)
		require.LessOrEqual(t, pages, 14, "pages are as large as they can be")
		require.Equal(t, []string{s.ask[0].Options[0].Key, s.ask[0].Options[99].Key}, s.given[s.ask[0].Name].Keys)
		require.Equal(t, answer, s.given[s.ask[3].Name].Text)

		// Back to the first page, which is filled in now.
		s.at = 0
		require.NoError(t, h.Command(user, "C1", "/deal", "qualify 42").Err)
		h.settled(t)
		require.Contains(t, h.Top(user).Plain(), "*"+s.ask[0].Options[99].Label)
		require.Empty(t, h.Errors())
	}
}

func TestTheLargestQuestionnaireFitsIntoMessages(t *testing.T) {
	t.Parallel()
	for letter, user := range map[string]string{"W": "U1", "щ": "U2"} {
		s := newSurvey(largest(letter)...)
		h := surveyed(t, s)
		require.NoError(t, h.DirectMessage(user, "", "qualify 42").Err)
		h.settled(t)
		for s.at < len(s.ask) {
			if f := s.ask[s.at]; f.Kind == message.AnswerSeveral {
				require.NoError(t, h.Press(user, h.Latest(h.DM(user)), "Done").Err)
			} else {
				require.NoError(t, h.DirectMessage(user, "", strings.Repeat(letter, 2000)).Err)
			}
			h.settled(t)
		}
		require.Empty(t, h.Refusals())
		require.Empty(t, h.Errors())
	}
}

func TestWhatNoInputHoldsIsAskedByMessage(t *testing.T) {
	t.Parallel()
	long := question("long", "What hurts?", message.AnswerText)
	odd := question("odd", "Which one?", message.AnswerOne, "One")
	odd.Options[0].Key = strings.Repeat("k", maxValue+1)
	for name, c := range map[string]struct {
		ask   message.Form
		given dialog.Field
	}{
		"an answer that is too long":  {long, dialog.Field{Step: "long", Text: strings.Repeat("😀", 2000)}},
		"an option that is too long":  {odd, dialog.Field{}},
		"a name that is too long":     {question(strings.Repeat("n", 250), "What?", message.AnswerText), dialog.Field{}},
		"a question without an input": {question("none", strings.Repeat("&", 60<<10), message.AnswerText), dialog.Field{Step: "none", Text: strings.Repeat("😀", 2000)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSurvey(question("first", "Who are they?", message.AnswerText), c.ask)
			s.given[c.given.Step] = c.given
			h := surveyed(t, s)
			require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)
			form := h.Top("U1")
			require.Contains(t, form.Plain(), "Who are they?")
			require.Equal(t, 1, s.forms, "what fits is asked in the view")

			require.NoError(t, h.Submit("U1", form, map[string]any{"Who are they?": "Bluefin"}).Err)
			h.settled(t)
			require.Zero(t, s.forms)
			require.Empty(t, h.Stack("U1"))
			require.NotEmpty(t, h.Ephemerals("U1"))
			require.Equal(t, "Bluefin", s.given["first"].Text)
			require.Empty(t, h.Errors())
		})
	}
}

func TestALongPageIsFilledAfterTheAcknowledgementOfASocket(t *testing.T) {
	t.Parallel()
	h := connected(t, nil)
	s := newSurvey(largest("щ")...)
	h.hosts(s.host)
	require.NoError(t, h.Command("U1", "C1", "/deal", "qualify 42").Err)
	h.settled(t)
	asked := s.at

	require.NoError(t, h.Submit("U1", h.Top("U1"), nil).Err)
	h.settled(t)

	require.Greater(t, s.at, asked)
	require.Contains(t, h.Top("U1").Plain(), s.ask[s.at].Question.String())
	require.Empty(t, h.Errors())
}

// TestNoPageIsTooLargeForSlack lays out pages of any questions for a Slack that refuses what it does not
// take, and sends them back as they are.
func TestNoPageIsTooLargeForSlack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	russian := printerOf(t, "ru")
	rapid.Check(t, func(rt *rapid.T) {
		var blocks []message.Block
		n := rapid.IntRange(1, 10).Draw(rt, "questions")
		for i := range n {
			if rapid.Bool().Draw(rt, "heading") {
				blocks = append(blocks, message.Heading{Text: anyLine(200).Draw(rt, "title")})
			}
			blocks = append(blocks, anyField(rt, i))
		}
		doc := message.New(blocks...)
		m, fits := modal(russian, doc, origin{Channel: "C1"}, nil)
		for k := n; !fits && k > 0; k /= 2 {
			m, fits = modal(russian, leading(doc, k), origin{Channel: "C1"}, nil)
		}
		if !fits {
			return
		}
		opened, err := h.door.openView(t.Context(), h.Trigger("U1"), m)
		require.NoError(rt, err)
		v, known := h.View(opened.id)
		require.True(rt, known)
		require.Equal(rt, m.Submit.Text, v.Submit)
	})
}

func anyField(rt *rapid.T, i int) message.Form {
	f := question(fmt.Sprint("q", i), "", message.Answer(rapid.IntRange(0, int(message.AnswerSeveral)).Draw(rt, "kind")))
	f.Question, f.Hint = anyLine(300).Draw(rt, "ask"), anyText(300).Draw(rt, "hint")
	f.Optional, f.Reply = rapid.Bool().Draw(rt, "optional"), "~s.1~fill"
	f.Reason, f.Value = rapid.SampledFrom([]string{"", "no <&>"}).Draw(rt, "reason"), rapid.OneOf(rapid.Just("2026-12-01"), anyText(3500)).Draw(rt, "value")
	chosen := rapid.IntRange(0, 150).Draw(rt, "chosen")
	label := rapid.OneOf(rapid.StringN(0, 90, -1), rapid.SampledFrom(hostile()[:21])).Draw(rt, "label")
	for k := range rapid.SampledFrom([]int{0, 0, 1, 5, 10, 11, 100, 101}).Draw(rt, "options") {
		f.Options = append(f.Options, message.Option{Label: label, Note: label[:min(len(label), k)], Key: fmt.Sprint("o", k), Chosen: k == chosen})
	}
	return f
}

// FuzzSubmission sends anything as a page. What is taken for answers is of the questions of the view,
// and holds nothing that must not be kept.
func FuzzSubmission(f *testing.F) {
	for _, w := range append(hostile()[:20], "450k") {
		f.Add("in.0.t0.pain", "in.1.m0-00aa.others", w, "legal", `{"c":"C1","r":"~s.1~fill","f":19}`)
		f.Add("in.0.o0-00aa.pain", "in.0.t0.pain", w, "", `{"c":"C1","r":"~s.1~fill","s":"~s.1~confirm"}`)
		f.Add("in.7.d0."+w, "in.99.t0.", "2026-12-01", w, `{"c":"C1"}`)
	}
	f.Add("in.-1.t.x", "in.100.t0.x", "", "", `{"c":"C1","s":"~s.1~confirm","f":-5}`)
	f.Fuzz(func(t *testing.T, first, second, words, key, metadata string) {
		p := interaction{Type: "view_submission", User: ref{ID: "U1"}, View: sentView{ID: "V1", Hash: "h", Callback: viewName, Metadata: metadata}}
		many := make([]chosen, 0, 150)
		for i := range 150 {
			many = append(many, chosen{Value: fmt.Sprint(key, i)})
		}
		values := map[string]field{"a": {Value: words, Date: words, Selected: &chosen{Value: key}, Several: many}}
		p.View.State.Values = map[string]map[string]field{first: values, second: values}
		p.View.Blocks = []sentBlock{{ID: second}, {ID: first}}
		a, ok := acted(p)
		holds(t, a, ok)
		if !ok {
			return
		}
		require.LessOrEqual(t, a.origin.Forms, maxFormQuestions)
		require.GreaterOrEqual(t, a.origin.Forms, 0)
		if a.press == nil {
			return
		}
		require.NotEmpty(t, a.press.Action)
		require.LessOrEqual(t, len(a.press.Fields), 2)
		for _, f := range a.press.Fields {
			require.True(t, utf8.ValidString(f.Step+f.Text+strings.Join(f.Keys, "")))
			require.LessOrEqual(t, len(f.Keys), 2*maxOptions)
			for _, block := range a.blocks {
				require.Contains(t, []string{first, second}, block)
			}
		}
		again, ok := acted(p)
		require.True(t, ok)
		require.Equal(t, a, again, "the same submission is the same act")
		for _, way := range []string{"block_actions", "view_closed"} {
			p.Type, p.Actions = way, []action{{BlockID: questionMark + "1", Value: "~s.1~later", TS: "1.1"}}
			left, ok := acted(p)
			holds(t, left, ok)
			if ok && left.press != nil {
				require.LessOrEqual(t, len(left.press.Fields), len(a.press.Fields), "a form that is left holds no more than one that is sent")
			}
		}
	})
}
