package commands

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// typedLine is one row of testdata/lines.tsv.
type typedLine struct {
	row      int
	language funnel.Locale
	line     string
	want     string
}

func typedLines(tb testing.TB) []typedLine {
	tb.Helper()
	data, err := os.ReadFile("testdata/lines.tsv")
	require.NoError(tb, err)
	var lines []typedLine
	for i, row := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if strings.HasPrefix(row, "#") {
			continue
		}
		cols := strings.Split(row, "\t")
		require.Len(tb, cols, 3, "row %d", i+1)
		lines = append(lines, typedLine{i + 1, funnel.Locale(cols[0]), unescaped(tb, cols[1]), cols[2]})
	}
	return lines
}

func unescaped(tb testing.TB, s string) string {
	tb.Helper()
	s, err := strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`)
	require.NoError(tb, err)
	return s
}

func TestEveryTypedLineGivesItsIntent(t *testing.T) {
	t.Parallel()
	p := New()
	for _, l := range typedLines(t) {
		t.Run(strconv.Itoa(l.row), func(t *testing.T) {
			t.Parallel()
			lex := lexicon(l.language)
			in, err := p.Parse(l.line, lex)
			require.Equal(t, l.want, summary(in, err), "line %d: %q", l.row, l.line)
		})
	}
}

func TestAnIntentSurvivesItsJSON(t *testing.T) {
	t.Parallel()
	p := New()
	for _, l := range typedLines(t) {
		in, err := p.Parse(l.line, lexicon(l.language))
		if err != nil {
			continue
		}
		in.Slash, in.Bare = false, false
		data, err := json.Marshal(in)
		require.NoError(t, err)
		var again Intent
		require.NoError(t, json.Unmarshal(data, &again))
		require.Equal(t, in, again, "line %q", l.line)
	}
}

// summary writes an intent as testdata/lines.tsv does.
func summary(in Intent, err error) string {
	if err != nil {
		var e *funnel.Error
		if !errors.As(err, &e) {
			return "fault: " + err.Error()
		}
		return "!" + strings.TrimPrefix(e.Error(), "refused: ")
	}
	parts := []string{string(in.Verb)}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	add("deal", refSummary(in.Deal))
	add("company", in.Company)
	add("title", in.Title)
	add("act", strings.TrimSuffix(string(in.Activity.Kind)+"/"+string(in.Activity.Direction), "/"))
	add("list", string(in.List.Kind))
	add("report", in.Report.Name)
	if in.Report.Why {
		parts = append(parts, "why")
	}
	add("behind", string(in.Report.Stage))
	add("person", whomSummary(in.Person))
	add("stage", string(in.Stage))
	if in.Forward {
		parts = append(parts, "forward")
	}
	add("reason", in.Reason)
	add("amount", assumedSummary(moneySummary(in.Amount), in.AmountAssumed))
	add("basis", string(in.Basis))
	add("source", in.Source)
	add("when", in.When.String())
	add("text", in.Text)
	if (in.Next != Step{}) {
		add("next", in.Next.Text+"@"+in.Next.When.String())
	}
	parts = append(parts, fieldSummaries(in.Fields)...)
	if in.List.Page > 0 {
		add("page", strconv.Itoa(in.List.Page))
	}
	if in.Report.Days > 0 {
		add("days", strconv.Itoa(in.Report.Days))
	}
	add("asof", in.Report.AsOf.String())
	add("month", in.Month.String())
	add("from", whomSummary(in.From))
	add("plan", in.Wishes.Plan)
	add("quiet", in.Wishes.Quiet)
	add("at", in.Digest.At)
	add("place", in.Digest.Place)
	add("with", sections(in.Digest.With))
	add("without", sections(in.Digest.Without))
	add("full", in.Digest.FullOn)
	add("code", in.Code)
	add("switch", in.Switch)
	add("circle", strings.TrimSuffix(in.Circle.Kind+":"+in.Circle.External+"/"+in.Circle.Title, ":/"))
	add("topic", string(in.Topic))
	add("role", string(in.Role))
	add("language", string(in.Language))
	add("zone", in.Zone)
	if in.Shared {
		parts = append(parts, "shared")
	}
	parts = append(parts, seatSummary(&in.Seat)...)
	for _, c := range in.Choices {
		add("choose", choiceSummary(c))
	}
	add("unknown", strings.Join(in.Unknown, ","))
	add("near", string(in.Near))
	return strings.Join(parts, "; ")
}

func seatSummary(s *Seat) []string {
	var parts []string
	for _, f := range []struct{ name, value string }{
		{"name", s.Name},
		{"position", s.Position},
		{"post", s.Post},
		{"phone", s.Phone},
		{"email", s.Email},
		{"roles", strings.Join(s.Roles, "|")},
		{"not", strings.Join(s.NotRoles, "|")},
		{"stance", string(s.Stance)},
		{"initiator", s.Initiator},
	} {
		if f.value != "" {
			parts = append(parts, f.name+"="+f.value)
		}
	}
	if s.Gone {
		parts = append(parts, "gone")
	}
	return parts
}

func refSummary(r Ref) string {
	switch {
	case r.Number > 0:
		return "#" + strconv.FormatInt(r.Number, 10)
	case r.Last:
		return "…" + strings.Join(r.Words, "|")
	case r.Quoted:
		return `"` + strings.Join(r.Words, "|") + `"`
	}
	return strings.Join(r.Words, "|")
}

func whomSummary(w Whom) string {
	switch {
	case w.Me:
		return "me"
	case w.Mention != "":
		return "?" + w.Mention
	case w.ID.IsZero():
		return ""
	}
	return memberName(w.ID.String())
}

func memberName(key string) string {
	members := lexicon(funnel.English).Members
	i := slices.IndexFunc(members, func(m Colleague) bool { return m.ID.String() == key })
	return members[i].Name
}

func moneySummary(m funnel.Money) string {
	if m.IsZero() {
		return ""
	}
	return strings.Replace(FormatMoney(m), ".00 ", " ", 1)
}

// assumedSummary marks an amount whose currency was not typed.
func assumedSummary(amount string, assumed bool) string {
	if amount == "" || !assumed {
		return amount
	}
	return "~" + amount
}

func fieldSummaries(fields []Field) []string {
	var parts []string
	for _, f := range fields {
		name := string(f.Field) + ":="
		if f.Field == funnel.FieldCustom {
			name = f.Name + "?="
		}
		value := f.Text + assumedSummary(moneySummary(f.Money), f.Assumed) + f.Date.String() + string(f.Currency)
		if f.Clear {
			value = "(clear)"
		}
		parts = append(parts, name+value)
	}
	return parts
}

func choiceSummary(c Choice) string {
	var options []string
	for _, o := range c.Options {
		switch {
		case !o.When.IsZero():
			options = append(options, o.When.String())
		case c.Arg == ArgPerson, c.Arg == ArgFrom:
			options = append(options, memberName(o.Key))
		default:
			options = append(options, o.Key)
		}
	}
	return string(c.Arg) + ":" + strings.Join(options, "|")
}

func sections(list []funnel.DigestSection) string {
	names := make([]string, 0, len(list))
	for _, s := range list {
		names = append(names, string(s))
	}
	return strings.Join(names, ",")
}
