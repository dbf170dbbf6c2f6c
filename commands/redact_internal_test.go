package commands

import (
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// everyKind is one zero reply of each kind.
func everyKind() []Reply {
	return []Reply{
		Card{},
		Changed{},
		Deals{},
		Company{},
		Today{},
		Question{},
		Cancelled{},
		Refused{},
		Help{},
		Members{},
		Settled{},
		FunnelReport{},
		Owners{},
		Activities{},
		Qualifications{},
		Sequence{},
		Aside{},
		Unread{},
		Invited{},
		Stranger{},
		Admitted{},
		Granted{},
		Connection{},
		Circles{},
		Workspaces{},
		Transferred{},
		Qualified{},
		Paused{},
		Asking{},
		Committee{},
		Person{},
		Forgotten{},
		Plans{},
		PlanSet{},
		Bottleneck{},
		Stuck{},
		Forecast{},
		Behind{},
		Trend{},
		Digest{},
		DigestSet{},
		AdviceDecided{},
		Nudged{},
		Snoozed{},
		Review{},
	}
}

func TestEveryKindOfReplyIsWalked(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(gotoken.NewFileSet(), "reply.go", nil, 0)
	require.NoError(t, err)
	var declared, walked []string
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "reply" {
			name, ok := f.Recv.List[0].Type.(*ast.Ident)
			require.True(t, ok)
			declared = append(declared, name.Name)
		}
	}
	for _, r := range everyKind() {
		walked = append(walked, reflect.TypeOf(r).Name())
	}
	require.ElementsMatch(t, declared, walked)
}

// sayable are the fields that may be said where outsiders read along: names, keys of the domain, and
// what somebody has just said there.
var sayable = []string{ //nolint:gochecknoglobals // a table of this test
	// Names of colleagues, deals, companies and the chat itself.
	".CompanyName", ".OwnerName", ".By", ".Title", ".Company", ".Company.Name", ".Name", ".From.Name", ".To.Name", ".Member.Name", ".Chat.Title",
	".Application.Caller.Name", ".Title.OwnerName",
	// Keys, identifiers and times of day.
	".Stage", ".Kind", ".Outcome", ".Source", ".ParkedFrom", ".From", ".Verb", ".Undone", ".List", ".Action", ".Label", ".Key", ".Role",
	".Locale", ".Zone", ".PlanAt", ".QuietFrom", ".QuietTo", ".Door", ".External", ".Thread", ".Code", ".Topic", ".Token", ".Step", ".Script",
	".Section", ".Group", ".Picked[0]", ".Value.Keys", ".Default.Keys", ".Controls[0]", ".Result", ".Direction", ".Origin", ".Who", ".Back", ".Arg", ".Cancelled",
	".Options[0].Names[0]", ".Options[0].Value.Text", ".Default.Text",
	// The table of verbs, the same for everybody.
	".English[0]", ".Russian[0]", ".Verbs[0].Help", ".Verbs[0].Examples[secret]",
	// What somebody has just said.
	".Words", ".Command", ".Clip.Text", ".Clip.From", ".Clip.Name", ".Clip.Ref", ".Args[text]",
}

func TestNothingLeaksWhereOutsidersReadAlong(t *testing.T) {
	t.Parallel()
	for _, r := range everyKind() {
		filled := reflect.New(reflect.TypeOf(r)).Elem()
		fill(filled, 0)
		secret, ok := reflect.TypeAssert[Reply](filled)
		require.True(t, ok)
		if q, ok := secret.(Question); ok {
			require.Equal(t, privately(), redact(q), "all answers")
			q.Outcome.Summary = nil
			require.Equal(t, privately(), redact(q), "a page")
			q.Outcome.Page = nil
			require.Equal(t, privately(), redact(q), "a person")
			q.Person = ""
			require.Equal(t, privately(), redact(q), "an amount to choose")
			q.Outcome.Prompt.Options[0].Value.Money = funnel.Money{}
			require.Equal(t, privately(), redact(q), "an amount to accept")
			q.Outcome.Prompt.Default.Money = funnel.Money{}
			secret = q
		}
		before := fmt.Sprintf("%#v", secret)

		said := redact(secret)

		require.Equal(t, before, fmt.Sprintf("%#v", secret), "%T: the reply itself stays", r)
		leaks(t, reflect.ValueOf(said), fmt.Sprintf("%T", r), "")
	}
}

func TestWhatWasDoneIsSaidAndWhatIsSecretIsNot(t *testing.T) {
	t.Parallel()
	for _, r := range []Reply{
		FunnelReport{},
		Owners{},
		Activities{},
		Qualifications{},
		Invited{},
		Admitted{},
		Circles{},
		Workspaces{},
		Sequence{Replies: []Reply{Invited{}}},
		Aside{Reply: Workspaces{}},
	} {
		said := redact(r)
		switch wrapped := said.(type) {
		case Sequence:
			said = wrapped.Replies[0]
		case Aside:
			said = wrapped.Reply
		}
		require.Equal(t, privately(), said, "%T", r)
	}
	for _, r := range []Reply{Transferred{}, Connection{}, Granted{}, Settled{}, Members{}, Cancelled{}, Help{}, Unread{}, Stranger{}} {
		require.Equal(t, r, redact(r))
	}
	lost := Refused{Err: funnel.Refuse(funnel.CodeDealLost, funnel.Args{"deal": int64(7), "reason": "price"})}
	require.Equal(t, Refused{Err: funnel.Refuse(CodeDealIsLost, funnel.Args{"deal": int64(7)})}, redact(lost))
}

const (
	secretMinor = 123_456_789
	secretWords = "secret"
)

// fill puts a secret into everything that can hold one.
func fill(v reflect.Value, depth int) {
	const deep = 9
	if !v.CanSet() || depth > deep {
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(1_800_000_000, 0).UTC()))
		return
	case funnel.Money:
		v.Set(reflect.ValueOf(funnel.Money{Minor: secretMinor, Currency: "EUR"}))
		return
	case funnel.Args:
		v.Set(reflect.ValueOf(funnel.Args{"text": secretWords, "deal": int64(7)}))
		return
	case funnel.ID:
		v.Set(reflect.ValueOf(funnel.ID{1}))
		return
	}
	switch v.Kind() { //nolint:exhaustive // numbers and functions hold no secret
	case reflect.String:
		v.SetString(secretWords)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, depth+1)
		key := reflect.New(v.Type().Key()).Elem()
		fill(key, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, depth+1)
		}
	case reflect.Interface:
		if v.Type() == reflect.TypeFor[Reply]() {
			card := reflect.New(reflect.TypeFor[Card]()).Elem()
			fill(card, depth+1)
			v.Set(card)
		}
	}
}

// leaks fails for every secret that is left, unless it stands where it may be said.
func leaks(t *testing.T, v reflect.Value, kind, path string) {
	t.Helper()
	if !v.IsValid() {
		return
	}
	if m, ok := reflect.TypeAssert[funnel.Money](v); ok {
		if m.Minor != 0 {
			t.Errorf("%s says an amount in %s", kind, path)
		}
		return
	}
	switch v.Kind() { //nolint:exhaustive // numbers and functions hold no secret
	case reflect.String:
		may := slices.ContainsFunc(sayable, func(end string) bool { return strings.HasSuffix(path, end) })
		if v.String() == secretWords && (!may || strings.Contains(path, "Contacts")) {
			t.Errorf("%s says what is in %s", kind, path)
		}
	case reflect.Pointer, reflect.Interface:
		leaks(t, v.Elem(), kind, path)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			leaks(t, v.Index(i), kind, fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			leaks(t, v.MapIndex(key), kind, fmt.Sprintf("%s[%v]", path, key))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				inside := path
				if !f.Anonymous {
					inside += "." + f.Name
				}
				leaks(t, v.Field(i), kind, inside)
			}
		}
	}
}
