package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// inquiry is one question of the qualification as it is put in English, and the answer to it.
type inquiry struct {
	funnel.Question
	words string
	// typed is the answer in words; empty where a button is pressed.
	typed string
	given funnel.Given
}

// inquiries makes up an answer to every question of the built-in funnel, in their order.
func inquiries(today time.Time) ([]inquiry, error) {
	f, err := definition.Default()
	if err != nil {
		return nil, fmt.Errorf("read the funnel: %w", err)
	}
	if f.Qualification == nil {
		return nil, errors.New("the funnel asks nothing")
	}
	var all []inquiry
	for _, s := range f.Qualification.Sections {
		for i := range s.Questions {
			q := inquiry{Question: s.Questions[i], words: s.Questions[i].Ask.In(funnel.English)}
			if err := q.answer(len(all), today); err != nil {
				return nil, err
			}
			all = append(all, q)
		}
	}
	return all, nil
}

// What is answered: words, sums and people that nobody could take for commands.
const (
	spokenText   = "Their invoices take two weeks and they want them out in two days"
	spokenPerson = "Odette Samplewright"
	dollars      = "USD"
	// spokenDays is how far off a day is.
	spokenDays = 60
)

// answer makes up what the nth question is answered with.
func (q *inquiry) answer(n int, today time.Time) error {
	q.given = funnel.Given{Kind: q.Kind}
	switch q.Kind {
	case funnel.AskText:
		q.typed, q.given.Text = spokenText, spokenText
	case funnel.AskMoney:
		thousands := int64(20 + 7*n)
		q.typed = fmt.Sprintf("%d,000 %s", thousands, dollars)
		q.given.Money = funnel.Money{Minor: thousands * 1000_00, Currency: dollars}
	case funnel.AskNumber:
		q.typed, q.given.Number = "40", 40
	case funnel.AskDate:
		q.given.Date = funnel.DateOf(today).AddDays(spokenDays)
		q.typed = q.given.Date.String()
	case funnel.AskPerson:
		q.typed, q.given.Name = spokenPerson, spokenPerson
	case funnel.AskYesNo:
		q.given.Keys = []string{funnel.AnswerYes}
	case funnel.AskOne, funnel.AskSeveral:
		q.given.Keys = []string{q.Options[n%len(q.Options)].Key}
	default:
		return fmt.Errorf("question %s: there is no answer to %q", q.Key, q.Kind)
	}
	return nil
}

// due reports whether the question is asked after these answers, by question the options chosen.
func (q *inquiry) due(given map[string][]string) bool {
	if q.When.Question == "" {
		return true
	}
	keys, ok := given[q.When.Question]
	return ok && (len(q.When.Is) == 0 || slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(q.When.Is, key) }))
}

// spoken returns which question a message puts, or -1. Of two whose words are in it, the longer one
// is meant.
func spoken(all []inquiry, text string) int {
	at := -1
	for i := range all {
		if strings.Contains(text, all[i].words) && (at < 0 || len(all[i].words) > len(all[at].words)) {
			at = i
		}
	}
	return at
}
