package bottest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

// Largest is the built-in funnel with the largest qualification that a funnel file may have: as many
// questions as it takes, as many options, the longest keys and the longest words, without a place where
// a line could end. A door shows all of it without being refused.
func Largest(tb testing.TB) *funnel.Funnel {
	tb.Helper()
	f, err := definition.Default()
	require.NoError(tb, err)
	q := *f.Qualification
	q.Payback, q.Sections = funnel.Payback{}, nil
	kinds := []funnel.QuestionKind{
		funnel.AskSeveral, funnel.AskOne, funnel.AskText, funnel.AskSeveral, funnel.AskPerson, funnel.AskMoney, funnel.AskNumber, funnel.AskDate,
		funnel.AskYesNo,
	}
	for n := range definition.MaxQuestions {
		if n%definition.MaxInSection == 0 {
			s := len(q.Sections)
			q.Sections = append(q.Sections, funnel.Section{Key: longKey("s", s), Titles: longest(definition.MaxName, s)})
		}
		asked := funnel.Question{
			Key: longKey("q", n), Kind: kinds[n%len(kinds)], Weight: 1, Ask: longest(definition.MaxAsk, n), Name: longest(definition.MaxName, n),
			Hint: longest(definition.MaxHint, n), Help: longest(definition.MaxHelp, n),
		}
		if asked.Kind == funnel.AskOne || asked.Kind == funnel.AskSeveral {
			for o := range definition.MaxOptions {
				asked.Options = append(asked.Options, funnel.QuestionOption{Key: longKey("o", o), Titles: longest(definition.MaxOption, o), Score: 1})
			}
		}
		last := &q.Sections[len(q.Sections)-1]
		last.Questions = append(last.Questions, asked)
	}
	q.RemindAfter, q.EndAfter = time.Hour, time.Hour
	f.Qualification = &q
	return f
}

// longKey is one of the longest keys: 32 characters.
func longKey(first string, n int) string { return first + fmt.Sprintf("%031d", n) }

func longest(length, n int) funnel.Titles {
	number := fmt.Sprintf("%03d", n)
	return funnel.Titles{
		funnel.English: strings.Repeat("W", length-len(number)) + number,
		funnel.Russian: strings.Repeat("щ", length-len(number)) + number,
	}
}
