package definition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

func TestDefaultAsksForWhatTheMethodWantsToKnow(t *testing.T) {
	t.Parallel()

	f, err := definition.Default()

	require.NoError(t, err)
	q := f.Qualification
	var sections []string
	weight, questions := q.Payback.Weight, 0
	fills := map[string]string{}
	for _, s := range q.Sections {
		sections = append(sections, s.Key)
		for _, asked := range s.Questions {
			questions++
			weight += asked.Weight
			if asked.Fills != "" {
				fills[asked.Fills] = asked.Key
			}
			for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
				require.NotEmpty(t, asked.Ask[l], asked.Key)
				require.NotEmpty(t, asked.Name[l], asked.Key)
			}
			require.NotEqual(t, asked.Ask[funnel.English], asked.Ask[funnel.Russian], asked.Key)
		}
	}
	require.Equal(t, []string{"need", "budget", "authority", "timing", "fit"}, sections)
	require.Equal(t, 18, questions)
	require.InDelta(t, 100, weight, 1e-9, "each weight is so many points")
	require.Equal(t, map[string]string{
		funnel.FillsPain: "pain", funnel.FillsEffect: "outcome", funnel.FillsAmount: "budget_amount", funnel.FillsClosing: "decide_by",
		funnel.FillsIndustry: "industry", funnel.FillsSize: "size", funnel.FillsRegion: "region",
		"role.decision_maker": "decider", "role.principal": "signer",
	}, fills)
	require.Equal(t, 4*time.Hour, q.RemindAfter)
	exclusions, ok := q.Question("exclusions")
	require.True(t, ok)
	for _, o := range exclusions.Options {
		require.Equal(t, o.Key != "none", o.Disqualifies != "", o.Key)
		require.Equal(t, o.Key == "none", o.Score == 1, o.Key)
	}
}

func TestDefaultWantsMorePeopleTheFurtherADealIs(t *testing.T) {
	t.Parallel()

	f, err := definition.Default()

	require.NoError(t, err)
	var roles []string
	for _, r := range f.Roles {
		roles = append(roles, r.Key)
	}
	require.Equal(t, []string{"user", "decision_maker", "finance", "principal", "legal", "security"}, roles)
	people := 0
	for _, key := range []funnel.StageKey{"lead", "qualification", "proposal", "negotiation"} {
		s, ok := f.Stage(key)
		require.True(t, ok)
		require.GreaterOrEqual(t, len(s.People), people, key)
		people = len(s.People)
	}
	require.Equal(t, 5, people)
}

// asking is a funnel that asks one question of every kind.
const asking = `
schema: 1
kind: new
version: 1
entry: a
signature: c
stages:
  - {key: a, title: {en: A, ru: А}}
  - {key: b, title: {en: B, ru: Б}, people: [boss]}
  - {key: c, title: {en: C, ru: В}}
reasons:
  - {key: price, title: {en: Price, ru: Цена}}
  - {key: foreign, title: {en: Not ours, ru: Не наш}, class: disqualified}
committee:
  silent_after_days: 10
  roles:
    - {key: boss, title: {en: Boss, ru: Шеф}, aliases: [chief]}
qualification:
  promising: 60
  enough: 50
  payback: {effect: gain, amount: cost, good_months: 12, bad_months: 36, weight: 5}
  outside: foreign
  advance: b
  nurture_days: 30
  remind_after: 4h
  end_after: 90m
  sections:
    - key: first
      title: {en: First, ru: Первое}
      questions:
        - {key: sure, kind: yes_no, ask: {en: Sure, ru: Точно}, name: {en: Sure, ru: Точно}, weight: 1}
        - {key: why, kind: text, ask: {en: Why, ru: Почему}, name: {en: Why, ru: Почему}, when: {question: sure, is: ["no"]}, fills: deal.pain}
        - {key: gain, kind: money, ask: {en: Gain, ru: Выгода}, name: {en: Gain, ru: Выгода}}
        - {key: cost, kind: money, ask: {en: Cost, ru: Цена}, name: {en: Cost, ru: Цена}, fills: deal.amount}
        - {key: seats, kind: number, ask: {en: Seats, ru: Места}, name: {en: Seats, ru: Места}}
    - key: second
      title: {en: Second, ru: Второе}
      questions:
        - {key: by, kind: date, ask: {en: By, ru: Когда}, name: {en: By, ru: Когда}, soon_days: 30, far_days: 90, fills: deal.closing}
        - {key: head, kind: person, ask: {en: Head, ru: Глава}, name: {en: Head, ru: Глава}, fills: role.boss}
        - key: trade
          kind: one
          ask: {en: Trade, ru: Отрасль}
          name: {en: Trade, ru: Отрасль}
          hint: {en: Any, ru: Любая}
          weight: 4
          fills: company.industry
          fits: [wood, steel]
          options:
            - {key: wood, title: {en: Wood, ru: Дерево}}
            - {key: steel, title: {en: Steel, ru: Сталь}, score: 0.5}
            - {key: glass, title: {en: Glass, ru: Стекло}}
        - key: stops
          kind: several
          ask: {en: Stops, ru: Стоп}
          name: {en: Stops, ru: Стоп}
          when: {question: trade, is: [wood]}
          options:
            - {key: clear, title: {en: Clear, ru: Чисто}}
            - {key: toy, title: {en: Toy, ru: Игрушка}, disqualifies: foreign}
`

func TestParseReadsAQualification(t *testing.T) {
	t.Parallel()

	f, err := definition.Parse([]byte(asking))

	require.NoError(t, err)
	q := f.Qualification
	require.Equal(t, funnel.Payback{Effect: "gain", Amount: "cost", Good: 12, Bad: 36, Weight: 5}, q.Payback)
	require.Equal(t, 90*time.Minute, q.EndAfter)
	require.Equal(t, "foreign", q.Outside)
	trade, _ := q.Question("trade")
	require.Equal(t, []float64{1, 0.5, 0}, []float64{trade.Options[0].Score, trade.Options[1].Score, trade.Options[2].Score},
		"what lies outside the profile earns nothing unless the file says so")
	stops, _ := q.Question("stops")
	require.Equal(t, funnel.Condition{Question: "trade", Is: []string{"wood"}}, stops.When)
	require.Zero(t, stops.Options[1].Score)
	by, _ := q.Question("by")
	require.Equal(t, [2]int{30, 90}, [2]int{by.Soon, by.Far})
	require.Equal(t, []string{"boss"}, f.Stages[1].People)
	require.Equal(t, 10, f.SilentAfter)
	require.Equal(t, []string{"chief"}, f.Roles[0].Aliases)

	plain, err := definition.Parse([]byte(good))
	require.NoError(t, err)
	require.Nil(t, plain.Qualification, "a funnel need not ask anything")
}

func TestParseSaysWhatIsWrongWithAQualification(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, with, want string }{
		{"unknown field", "  nurture_days: 30", "  nurture_days: 30\n  luck: 7", "luck"},
		{"promising", "promising: 60", "promising: 101", "score from 1 to 100"},
		{"enough", "enough: 50", "enough: -1", "percent from 0 to 100"},
		{"advance to nowhere", "advance: b", "advance: z", `advance "z"`},
		{"advance past the signature", "advance: b", "advance: c", `advance "c"`},
		{"nurture", "nurture_days: 30", "nurture_days: 0", "nurture_days 0"},
		{"outside", "outside: foreign", "outside: price", "no loss reason of class disqualified"},
		{"no span", "remind_after: 4h", "remind_after: soon", "such as 4h"},
		{"a short span", "remind_after: 4h", "remind_after: 1s", "remind_after 1s"},
		{"a long span", "end_after: 90m", "end_after: 2000h", "end_after 2000h"},
		{"payback of no money", "effect: gain", "effect: seats", "no question for money"},
		{"payback of nothing", "amount: cost", "amount: none", "no question for money"},
		{"payback that never pays", "bad_months: 36", "bad_months: 12", "the good ones fewer"},
		{"payback weight", "weight: 5}", "weight: -5}", "payback: weight"},
		{"two of a section", "key: second", "key: first", `section "first" stands twice`},
		{"two of a question", "{key: why,", "{key: sure,", `question "sure" stands twice`},
		{"question key", "{key: why,", "{key: 'Why?',", "small Latin letters"},
		{"kind", "kind: number", "kind: guess", `kind "guess"`},
		{"no words", "ask: {en: Seats, ru: Места}", "ask: {en: Seats}", "no ask in ru"},
		{"half a hint", "hint: {en: Any, ru: Любая}", "hint: {en: Any}", "no hint in ru"},
		{"no name", "name: {en: Seats, ru: Места}", "name: {}", "no name in en"},
		{"long words", "ask: {en: Seats,", "ask: {en: " + strings.Repeat("s", 151) + ",", "has 151 characters: use at most 150"},
		{"two lines", "ask: {en: Seats,", `ask: {en: "Se\nats",`, "in one line"},
		{"weight", "weight: 4", "weight: -1", "weight -1"},
		{"dates", "soon_days: 30", "soon_days: 90", "are for dates, the first the fewer"},
		{"days of no date", "name: {en: Seats, ru: Места}", "name: {en: Seats, ru: Места}, far_days: 3", "are for dates"},
		{"options of no choice", "name: {en: Seats, ru: Места}", "name: {en: Seats, ru: Места}, options: [{key: a, title: {en: A, ru: А}}]", "only one and several"},
		{"one option", "            - {key: clear, title: {en: Clear, ru: Чисто}}\n", "", "has 1 options: use 2 to 100"},
		{"two of an option", "{key: steel,", "{key: wood,", "stands twice"},
		{"long option", "title: {en: Glass,", "title: {en: " + strings.Repeat("g", 76) + ",", "has 76 characters: use at most 75"},
		{"score", "score: 0.5", "score: 1.5", "the score 1.5: use 0 to 1"},
		{"disqualified for a lost sale", "disqualifies: foreign", "disqualifies: price", "no loss reason of class disqualified"},
		{"disqualified for nothing", "disqualifies: foreign", "disqualifies: nothing", "no loss reason"},
		{"disqualified and good", "disqualifies: foreign", "disqualifies: foreign, score: 1", "disqualifies and earns"},
		{"alone among one", "{key: steel,", "{key: steel, only: true,", "only is for several"},
		{"fits nothing", "fits: [wood, steel]", "fits: [gold]", `fits "gold" is none of its options`},
		{"condition on nothing", "question: trade, is", "question: taste, is", "no question before it"},
		{"condition on a later question", "question: sure, is", "question: trade, is", "no question before it"},
		{"condition on itself", "question: sure, is", "question: why, is", "no question before it"},
		{"condition on no option", "is: [wood]", "is: [gold]", `cannot be answered with "gold"`},
		{"condition of no question", "when: {question: trade, is: [wood]}", "when: {is: [wood]}", "when names no question"},
		{"yes or no", `is: ["no"]`, "is: [perhaps]", `cannot be answered with "perhaps"`},
		{"fills nothing", "fills: deal.closing", "fills: deal.mood", "nothing that an answer can fill"},
		{"fills another kind", "fills: deal.closing", "fills: deal.amount", "does not take"},
		{"fills twice", "fills: company.industry", "fills: deal.pain", "another question fills deal.pain"},
		{"fills no role", "fills: role.boss", "fills: role.king", "nothing that an answer can fill"},
		{"fills a role without a person", "fills: deal.closing", "fills: role.boss", "with a person"},
		{"people of no role", "people: [boss]", "people: [king]", `people "king"`},
		{"silence", "silent_after_days: 10", "silent_after_days: 0", "use at least 1"},
		{"role", "{key: boss, title: {en: Boss, ru: Шеф}", "{key: boss, title: {en: Boss}", "no title in ru"},
		{"empty alias", "aliases: [chief]", "aliases: ['']", `alias ""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, asking, c.old)

			_, err := definition.Parse([]byte(strings.Replace(asking, c.old, c.with, 1)))

			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestParseHoldsAQualificationToWhatPeopleAnswer(t *testing.T) {
	t.Parallel()
	ask := func(sections, questions, options int) string {
		var b strings.Builder
		head, _, _ := strings.Cut(asking, "qualification:")
		b.WriteString(head + "qualification: {promising: 60, enough: 50, advance: b, nurture_days: 30, remind_after: 4h, end_after: 9h, sections: [")
		for s := range sections {
			fmt.Fprintf(&b, "{key: s%d, title: {en: S, ru: С}, questions: [", s)
			for q := range questions {
				fmt.Fprintf(&b, "{key: q%d_%d, kind: one, weight: 1, ask: {en: Q, ru: В}, name: {en: Q, ru: В}, options: [", s, q)
				for o := range options {
					fmt.Fprintf(&b, "{key: o%d, title: {en: O, ru: О}},", o)
				}
				b.WriteString("]},")
			}
			b.WriteString("]},")
		}
		return b.String() + "]}\n"
	}

	f, err := definition.Parse([]byte(ask(4, definition.MaxInSection, definition.MaxOptions)))
	require.NoError(t, err, "the largest that is allowed")
	require.Len(t, f.Qualification.Asked(nil), definition.MaxQuestions)

	_, err = definition.Parse([]byte(ask(5, 9, 2)))
	require.ErrorContains(t, err, "has 45 questions: use 1 to 40")
	_, err = definition.Parse([]byte(ask(1, 11, 2)))
	require.ErrorContains(t, err, "has 11 questions: use 1 to 10")
	_, err = definition.Parse([]byte(ask(1, 1, 101)))
	require.ErrorContains(t, err, "has 101 options: use 2 to 100")
	_, err = definition.Parse([]byte(ask(1, 0, 0)))
	require.ErrorContains(t, err, "has 0 questions")
	_, err = definition.Parse([]byte(strings.ReplaceAll(ask(1, 1, 2), "weight: 1", "weight: 0")))
	require.ErrorContains(t, err, "no question has a weight")
}

func TestDefaultQuestionsAreShort(t *testing.T) {
	t.Parallel()
	f, err := definition.Default()
	require.NoError(t, err)
	for _, s := range f.Qualification.Sections {
		for _, q := range s.Questions {
			for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
				require.LessOrEqual(t, utf8.RuneCountInString(q.Ask[l]), 60, "%s in %s is read at a glance", q.Key, l)
				require.LessOrEqual(t, utf8.RuneCountInString(q.Name[l]), 25, q.Key)
			}
		}
	}
}

func FuzzParseAQualification(f *testing.F) {
	f.Add([]byte(asking))
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := definition.Parse(data)
		if err != nil || plan.Qualification == nil {
			return
		}
		q := plan.Qualification
		require.NotEmpty(t, q.Asked(nil), "the first question depends on nothing")
		a := funnel.Assess(q, nil, &funnel.Deal{}, plan, funnel.Date{Year: 2026, Month: time.November, Day: 23})
		require.Zero(t, a.Score)
	})
}
