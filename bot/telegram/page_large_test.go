package telegram

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// respond answers a question of the largest qualification, by typing or with buttons, as a person would.
func respond(t *testing.T, h *house, q *funnel.Question, letter string) {
	t.Helper()
	long := strings.Repeat(letter, 1500)
	typed := map[funnel.QuestionKind]string{
		funnel.AskText: long, funnel.AskPerson: strings.Repeat(letter, 60), funnel.AskMoney: "999999999", funnel.AskNumber: "123456",
		funnel.AskDate: "2026-12-01", funnel.AskYesNo: "",
	}
	press := func(label string) {
		t.Helper()
		taken(t, h.Press(anna, h.Last(anna), label))
	}
	last := func() string { // the last option on the page
		labels := slices.Clone(h.Last(anna).Labels())
		slices.Reverse(labels)
		return labels[slices.IndexFunc(labels, func(l string) bool { return strings.Contains(l, strings.Repeat(letter, 20)) })]
	}
	next := func() bool {
		for _, label := range h.Last(anna).Labels() {
			if strings.HasSuffix(label, " →") {
				press(label)
				return true
			}
		}
		return false
	}
	here := len(h.Said(anna))
	switch q.Kind {
	case funnel.AskOne, funnel.AskSeveral:
		pages := 1
		for next() {
			pages++
		}
		require.Greater(t, pages, 1)
		press(last())
		if q.Kind == funnel.AskSeveral {
			require.Contains(t, h.Last(anna).Labels(), last())
			press(done(letter))
		}
		require.Len(t, h.Said(anna), here, "the question became the next one")
	case funnel.AskYesNo:
		press(h.Last(anna).Labels()[0])
	case funnel.AskText, funnel.AskPerson, funnel.AskMoney, funnel.AskNumber, funnel.AskDate:
		taken(t, h.Private(anna, typed[q.Kind]))
	}
}

func done(letter string) string {
	if letter == "щ" {
		return "Готово"
	}
	return "Done"
}

func TestTheLargestQuestionnaireFitsIntoMessages(t *testing.T) {
	t.Parallel()
	for lang, w := range map[funnel.Locale]struct{ letter, open, ask, help, save, later string }{
		funnel.English: {"W", "new Oakline Freight, spare parts, 45k", "qualify #1", "help", "Save", "later"},
		funnel.Russian: {"щ", "новая Ромашка, внедрение, 1,2 млн", "квалифицируй #1", "помощь", "Сохранить", "позже"},
	} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			plan := bottest.Largest(t)
			h, code := firmOf(t, lang, plan)
			taken(t, h.Start(anna, code))
			taken(t, h.Private(anna, w.open))
			taken(t, h.Private(anna, w.ask))
			asked := 0
			for _, s := range plan.Qualification.Sections {
				for i := range s.Questions {
					require.Contains(t, h.Last(anna).Text, s.Questions[i].Ask.In(lang))
					if i == 0 {
						taken(t, h.Private(anna, w.help))
						require.Contains(t, h.Last(anna).Text, s.Questions[i].Help.In(lang))
					}
					respond(t, h, &s.Questions[i], w.letter)
					asked++
				}
			}
			require.Equal(t, definition.MaxQuestions, asked)
			summary := h.Last(anna)
			require.Contains(t, summary.Labels(), w.save)
			// One answer is changed from the summary, and another is gone on with tomorrow.
			taken(t, h.Press(anna, summary, summary.Labels()[len(summary.Labels())-1]))
			taken(t, h.Private(anna, w.later))
			taken(t, h.Private(anna, w.ask))
			taken(t, h.Press(anna, h.Last(anna), w.save))
			require.NotEmpty(t, h.Last(anna).Labels())
			for _, m := range h.Said(anna) {
				require.LessOrEqual(t, units(m.Text), maxText)
				require.LessOrEqual(t, len(m.Labels()), maxButtons)
				require.Nil(t, m.File, "nothing became a file")
			}
			requireSpentAbove(t, h)
		})
	}
}

// requireSpentAbove requires that only the last question can be answered.
func requireSpentAbove(t *testing.T, h *house) {
	t.Helper()
	said := h.Said(anna)
	for _, m := range said[:len(said)-1] {
		require.False(t, speaks(m), "an answered question has buttons: %s", m.Plain())
	}
}

func speaks(m telegramtest.Message) bool {
	for _, row := range m.Keyboard {
		for _, b := range row {
			if name, _ := dialogOf(b.Data); name != "" {
				return true
			}
		}
	}
	return false
}
