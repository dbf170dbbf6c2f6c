package telegram

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/bottest"
	"funnelbot/bot/bottest/telegramtest"
	"funnelbot/funnel"
)

// perform types the lines, or presses what stands in brackets under the last message: a label, or the
// number of a button.
func perform(t *testing.T, h *house, lines ...string) {
	t.Helper()
	for _, line := range lines {
		label, isPress := strings.CutPrefix(line, "[")
		if !isPress {
			taken(t, h.Private(anna, line))
			continue
		}
		taken(t, h.Press(anna, h.Last(anna), strings.TrimSuffix(label, "]")))
	}
}

// answersOf are what is answered in private, in the order of the questions of the built-in funnel.
func answersOf(lang funnel.Locale) []string {
	if lang == funnel.Russian {
		return []string{
			"новая Ромашка, внедрение, 1,2 млн", "квалифицируй ромашка", "видеть остатки всех складов сразу", "остатки никогда не сходятся",
			"[Позже]", "[Продолжить]", "120к", "[Пропустить]", "300к", "1 млн", "[Назад]", "900к", "[Бюджет компании]", "[Согласованы]",
			"Дора Пёрышкина", "Максим Каменев", "[Финансы или бухгалтерия]", "[ИТ]", "[✓ Финансы или бухгалтерия]", "[Помощь]", "[Готово]",
			"1 марта", "люди на сезон", "снова штрафы", "[Транспорт и логистика]", "[101–250]", "Самара", "[Ничего из этого]", "[Готово]",
		}
	}
	return []string{
		"new Oakline Freight, spare parts, 45k", "qualify oakline", "see all stock in one place", "every count is wrong", "[Later]", "[Go on]",
		"120k", "[Skip]", "300k", "45k", "[Back]", "40k", "[Budget of the company]", "[Approved]", "Dora Quill", "Max Stone", "[Finance]", "[IT]",
		"[✓ Finance]", "[Help]", "[Done]", "1 march", "they hire for the season", "penalties again", "[Transport and logistics]", "[101–250]",
		"Germany", "[Nothing of this]", "[Done]",
	}
}

func TestQualificationWithTheWholeProgram(t *testing.T) {
	t.Parallel()
	for lang, w := range map[funnel.Locale]struct{ edit, region, save, people, said string }{
		funnel.English: {"Region", "Poland", "Save", "people", "people oakline Dora Quill +49 170 1234567 dora@client.example supporter"},
		funnel.Russian: {"Регион", "Казань", "Сохранить", "люди", "люди ромашка Дора Пёрышкина +7 912 345-67-89 dora@client.example сторонник"},
	} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			h, code := firm(t, lang)
			taken(t, h.Start(anna, code))
			perform(t, h, answersOf(lang)...)
			perform(t, h, "["+w.edit+"]", w.region, "["+w.save+"]", w.said, w.people)
			bottest.Golden(t, filepath.Join("testdata", "qualify", string(lang), "private.txt"), transcript(h, anna))
			var kinds []string
			for _, e := range h.Last(anna).Entities {
				kinds = append(kinds, e.Type)
			}
			require.Contains(t, kinds, "phone_number")
			require.Contains(t, kinds, "email")
		})
	}
}

func TestQualificationInAGroupIsOfOnePerson(t *testing.T) {
	t.Parallel()
	for lang, w := range map[funnel.Locale]struct{ open, ask, task, pain, later, goOn, back, refused string }{
		funnel.English: {"new Oakline Freight, spare parts, 45k", "/qualify@funnel_test_bot #1", "see all stock", "counts are wrong", "later", "Go on", "back", "somebody else"},
		funnel.Russian: {"новая Ромашка, внедрение, 1,2 млн", "/qualify@funnel_test_bot #1", "видеть остатки", "остатки врут", "позже", "Продолжить", "назад", "другому"},
	} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			h, code := firm(t, lang)
			taken(t, h.Start(anna, code))
			taken(t, h.Private(anna, w.open))
			taken(t, h.Group(anna, team, "/connect@funnel_test_bot"))
			taken(t, h.Press(anna, h.Last(team), h.Last(team).Labels()[0]))
			say := func(words string) { taken(t, h.Group(anna, team, words, telegramtest.ReplyTo(h.Last(team).ID))) }

			taken(t, h.Group(anna, team, w.ask))
			require.True(t, h.Last(team).ForceReply)
			require.True(t, h.Last(team).Selective)
			say(w.task)
			say(w.back)
			say(w.task)
			say(w.pain)
			say("120k")
			say(w.later)
			taken(t, h.Press(anna, h.Last(team), w.goOn))
			say("x")
			say("300k")
			choice := h.Last(team)
			require.NotEmpty(t, choice.Labels(), "the budget is known: it can be agreed to")
			heard := len(h.Said(team))
			taken(t, h.Press(boris, choice, choice.Labels()[0]))
			require.Len(t, h.Said(team), heard)
			i := slices.IndexFunc(h.Answers(), func(a telegramtest.Answer) bool { return a.User == boris && a.Text != "" })
			require.GreaterOrEqual(t, i, 0)
			require.Contains(t, h.Answers()[i].Text, w.refused)
			taken(t, h.Press(anna, choice, choice.Labels()[0]))
			require.Len(t, h.Said(team), heard, "the question became the next one")

			// A press that is delivered twice, and one that is made twice, take no answer that was not given.
			where := h.Last(team)
			d := h.Press(anna, where, where.Labels()[0], telegramtest.Held())
			for _, got := range h.Deliver(d.Update, telegramtest.Times(3)) {
				taken(t, got)
			}
			next := h.Last(team)
			require.NotEqual(t, where.Text, next.Text)
			taken(t, h.Press(anna, where, where.Labels()[0]))
			require.Contains(t, h.Last(team).Text, lastLine(next.Text))
			require.Len(t, h.Said(team), heard)
			bottest.Golden(t, filepath.Join("testdata", "qualify", string(lang), "group.txt"), transcript(h, team))
		})
	}
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }
