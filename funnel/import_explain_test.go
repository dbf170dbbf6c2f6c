package funnel_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// refusals finds the codes that files of the package refuse with, by what is written in them.
func refusals(tb testing.TB, of func(name, text string) bool) map[string]bool {
	tb.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(tb, err)
	codes := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(e.Name())
		require.NoError(tb, err)
		if !of(e.Name(), string(text)) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), text, 0)
		require.NoError(tb, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "Refuse" {
				if code, ok := call.Args[0].(*ast.Ident); ok {
					codes[code.Name] = true
				}
			}
			return true
		})
	}
	return codes
}

// values are the codes by the names of their constants.
func values(tb testing.TB) map[string]funnel.Code {
	tb.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	require.NoError(tb, err)
	codes := map[string]funnel.Code{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, name := range spec.Names {
				literal, ok := spec.Values[i].(*ast.BasicLit)
				require.True(tb, ok)
				text, err := strconv.Unquote(literal.Value)
				require.NoError(tb, err)
				codes[name.Name] = funnel.Code(text)
			}
		}
		return true
	})
	return codes
}

// chatOnly are refusals of undo, of buttons, of people and renewals, and of what concerns no deal: they
// stand in the same files.
var chatOnly = map[string]bool{
	"CodeUndoOvertaken": true, "CodeNothingToUndo": true, "CodeUndoTooLate": true, "CodeStale": true, "CodeInactive": true,
	"CodeCompanyTaken": true, "CodeSameMember": true, "CodeUndoTransfer": true, "CodeNoQualification": true, "CodeUnknownRole": true,
	"CodeOnlyOption": true,
	"CodeNoContact":  true, "CodeContactForgotten": true, "CodeNotSigned": true, "CodeRenewalOpen": true,
}

func TestEveryRefusalThatAnImportCanMeetHasASentence(t *testing.T) {
	t.Parallel()
	met := refusals(t, func(name, text string) bool {
		return strings.HasPrefix(name, "import") || strings.Contains(text, "*Env, d *Decision) error") || name == "money.go"
	})
	require.Greater(t, len(met), 20)
	codes, other := values(t), "the row cannot be used as it is"
	row := funnel.ImportRow{Line: 2}
	for name := range met {
		if chatOnly[name] {
			continue
		}
		require.Contains(t, codes, name)
		got := row.Refused(funnel.Refuse(codes[name], funnel.Args{
			"field": "title", "date": morning, "last": morning, "limit": 7, "stage": funnel.StageKey("lead"), "deal": "X",
			"reason": "price", "value": "v", "source": "s", "ref": "X", "amount": funnel.Money{Minor: 5, Currency: "USD"}, "currency": "JPY",
		}), time.UTC)
		require.NotEqual(t, other, got.Detail, name)
		require.NotRegexp(t, unreadable, got.Detail, name)
	}
}

// unreadable is what shows through where a value is printed as programs see it.
const unreadable = `refused|<nil>|%!|UTC|\+0000|map\[|""`

func TestDaysInReasonsAreThoseOfTheWorkspace(t *testing.T) {
	t.Parallel()
	moscow, err := time.LoadLocation("Europe/Moscow")
	require.NoError(t, err)
	row := funnel.ImportRow{Line: 2}
	night := time.Date(2026, time.March, 3, 22, 0, 0, 0, time.UTC)

	two := row.Refused(funnel.Refuse(funnel.CodeBeforeLast, funnel.Args{"date": night, "last": night.AddDate(0, 0, 1)}), moscow)
	one := row.Refused(funnel.Refuse(funnel.CodeBeforeLast, funnel.Args{"date": night, "last": night.Add(time.Hour)}), moscow)
	none := row.Refused(funnel.Refuse(funnel.CodeEmpty, funnel.Args{"field": "opened"}), moscow)

	require.Equal(t, "2026-03-04 is before the last move of the deal, which was on 2026-03-05", two.Detail)
	require.Equal(t, "2026-03-04 01:00:00 is before the last move of the deal, which was on 2026-03-04 02:00:00", one.Detail)
	require.Equal(t, "no date of opening is given", none.Detail)
}
