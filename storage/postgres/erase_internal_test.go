package postgres

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWordsAreErasedWholeAndWhateverTheirCase(t *testing.T) {
	t.Parallel()
	e := newEraser(&funnel.Forget{Words: []string{"Ann", "Ann Lee", "Пётр Образцов", "a.b@client.example", "+49 170 1"}, Near: []string{"Lee"}})
	for text, want := range map[string]string{
		"":                             "",
		"Ann Lee called":               "… called",
		"call ANN  LEE, ann!":          "call …, …!",
		"Annual review by Joann Leeds": "Annual review by Joann Leeds",
		"Ann Leeds":                    "… Leeds",
		"петр\nобразцов и Петр Образец": "… и Петр Образец",
		"AnnAnn Ann-Ann": "AnnAnn …-…",
		"x a.b@client.example, aXb@client.example": "x …, aXb@client.example",
		"+49 170 12 or +49 170 1":                  "+49 170 12 or …",
		"Lee":                                      "Lee",
	} {
		require.Equal(t, want, e.text(text, false), text)
	}
	require.Equal(t, "… of leeds", e.text("LEE of leeds", true))
	none := newEraser(&funnel.Forget{Words: []string{" "}})
	require.Equal(t, "as it was", none.text("as it was", true))
}

func TestADocumentKeepsItsKeysAndCodes(t *testing.T) {
	t.Parallel()
	contact := funnel.ID{15: 7}
	e := newEraser(&funnel.Forget{Contact: contact, Words: []string{"note"}})
	doc := `{"kind":"note","reason":"note","text":"a note","note":["note",9007199254740993,null,true],
		"person":{"ID":"` + contact.String() + `","Name":"X","Position":"Y","Phone":"1","Email":"z"},
		"given":{"contact":"` + contact.String() + `","name":"X","kind":"person"}}`

	out, err := e.document([]byte(doc), false)

	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"note","reason":"note","text":"a …","note":["…",9007199254740993,null,true],
		"person":{"ID":"`+contact.String()+`","Name":"","Position":"","Phone":"","Email":""},
		"given":{"contact":"`+contact.String()+`","name":"","kind":"person"}}`, string(out))
	require.Contains(t, string(out), "9007199254740993", "numbers stay what they were")
	_, err = e.document([]byte("{"), false)
	require.Error(t, err)
}

// What the program erases, the database has to find first.
func FuzzTheDatabaseFindsWhatIsErased(f *testing.F) {
	f.Add("Ann Lee", "call ann  lee!")
	f.Add("Пётр Образцов", "петр образцов")
	f.Add("a & b", "x A & B")
	f.Add("((", "((")
	f.Fuzz(func(t *testing.T, word, text string) {
		e := newEraser(&funnel.Forget{Words: []string{word}})
		if e.text(text, false) == text {
			return
		}
		// The expressions of the two differ in nothing that is used here but in what ignores the case.
		require.Regexp(t, "(?is)"+part([]string{word}), text)
		require.NotContains(t, e.text(text, false), strings.Repeat(erased, 2)+word)
	})
}
