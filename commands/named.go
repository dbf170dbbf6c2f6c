package commands

import (
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// chooses makes the parser of a choice whose options the catalogs name: people type the words of
// their language, which the grammar of the verbs knows.
func chooses(key func(word string) string) dialog.Parse {
	return func(text string) (dialog.Value, error) {
		word := strings.Join(strings.Fields(folded(text)), " ")
		if k := key(word); k != "" {
			return dialog.ChoiceOf(k, ""), nil
		}
		return dialog.Value{}, funnel.Refuse(dialog.CodeNoOption, funnel.Args{"answer": text})
	}
}

// folded is a text in the form in which aliases stand in the tables.
func folded(text string) string { return strings.ReplaceAll(strings.ToLower(text), "ё", "е") }

func fieldKey(word string) string { return string(fieldOf(word)) }

func activityKey(word string) string {
	if k := kindNoun(word); k != "" {
		return string(k)
	}
	return string(kindVerb(word).Kind)
}

func roleKey(word string) string {
	if roles := roleOf(word); len(roles) == 1 {
		return string(roles[0])
	}
	return ""
}

func basisKey(word string) string {
	switch word {
	case "once", "one-off", "one off", "одноразово", "разово", "разовая", "один раз":
		return string(funnel.Once)
	case "year", "per year", "yearly", "annual", "annually", "в год", "год", "ежегодно", "годовая", "за год":
		return string(funnel.PerYear)
	}
	return ""
}
