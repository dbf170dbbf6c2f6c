package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func parsed(t *testing.T, line string) Intent {
	t.Helper()
	in, err := New().Parse(line, lexicon(funnel.Russian))
	require.NoError(t, err)
	return in
}

func TestWordsThatNameNoDealGoBackToTheText(t *testing.T) {
	t.Parallel()
	in := parsed(t, "лог Ромашка Плюс просят  «КП», срочно")
	require.Equal(t, []string{"Ромашка", "Плюс", "просят", "КП"}, in.Deal.Words)
	for n, text := range map[int]string{
		4: "срочно",
		3: "«КП», срочно",
		2: "просят  «КП», срочно",
		1: "Плюс просят  «КП», срочно",
		0: "Ромашка Плюс просят  «КП», срочно",
	} {
		split := in.Split(n)
		require.Equal(t, text, split.Text, "%d words", n)
		require.Len(t, split.Deal.Words, n)
	}
}

func TestASplitKeepsWhatStoodBetweenTheDealAndTheText(t *testing.T) {
	t.Parallel()
	split := parsed(t, "лог ромашка просят звонок, завтра ждут").Split(1)
	require.Equal(t, "просят звонок, завтра ждут", split.Text)
	split = parsed(t, "след ромашка отправить КП в пт").Split(1)
	require.Equal(t, "отправить КП", split.Text)
	require.Equal(t, "2026-11-27", split.When.String())
	split = parsed(t, "проиграли ромашка они ушли, молча").Split(1)
	require.Equal(t, "они ушли, молча", split.Text)
}

func TestASplitCanBeMadeAgain(t *testing.T) {
	t.Parallel()
	in := parsed(t, "лог ромашка плюс просят КП")
	require.Equal(t, in.Split(1), in.Split(3).Split(1))
	require.Equal(t, in, in.Split(4), "nothing to give back")
	require.Equal(t, in, in.Split(-1))
	in.Deal.Starts = []int{0, 900, 3, 4}
	require.Equal(t, in, in.Split(1), "offsets of a damaged session are not followed")
}

func TestADealMayBeNamedLast(t *testing.T) {
	t.Parallel()
	in := parsed(t, "напомни позвонить в ромашку завтра").SplitEnd(1)
	require.Equal(t, []string{"ромашку"}, in.Deal.Words)
	require.Equal(t, "позвонить в ромашку", in.Text)
	require.Equal(t, []int{0}, in.Deal.Starts)
}

func TestAnErrandNamesItsDealLastOrNotAtAll(t *testing.T) {
	t.Parallel()
	in := parsed(t, "next friday call alpha")
	require.True(t, in.Deal.Last)
	last := in.SplitEnd(1)
	require.Equal(t, []string{"alpha"}, last.Deal.Words)
	require.False(t, last.Deal.Last)
	require.Equal(t, "call alpha", last.Text)
	none := in.Split(0)
	require.True(t, none.Deal.IsZero())
	require.Equal(t, "call alpha", none.Text)
	require.Equal(t, "2026-11-27", none.When.String())
	require.Equal(t, "call tomorrow, ask about budget", parsed(t, "next #42 call tomorrow, ask about budget").Text)
	require.Equal(t, "call, ask about budget", parsed(t, "next call tomorrow, ask about budget").Split(0).Text)
}

func TestASlipOfTheFingerSignsNothing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"move beta lunch", "alpha lunch", "#42 запук", "двигай ромашка удержжание"} {
		in := parsed(t, line)
		require.Empty(t, in.Stage, "line %q", line)
		require.True(t, in.Open(ArgStage), "line %q", line)
	}
	require.Equal(t, funnel.StageKey("launch"), parsed(t, "move beta launch").Stage)
}

func TestAChoiceIsMade(t *testing.T) {
	t.Parallel()
	in := parsed(t, "отложи ромашку до 03/04/2027")
	require.True(t, in.Open(ArgWhen))
	require.Empty(t, in.Missing(), "what is to be chosen is not missing")
	chosen, ok := in.Choose(ArgWhen, 1)
	require.True(t, ok)
	require.Equal(t, "2027-03-04", chosen.When.String())
	require.Empty(t, chosen.Choices)
	require.True(t, in.Open(ArgWhen), "the intent chosen from stays as it was")
	_, ok = in.Choose(ArgWhen, 2)
	require.False(t, ok)
	_, ok = in.Choose(ArgStage, 0)
	require.False(t, ok)
}

func TestChoicesReachTheirArgument(t *testing.T) {
	t.Parallel()
	in, _ := parsed(t, "назначь ромашка андрею").Choose(ArgPerson, 1)
	require.Equal(t, Whom{ID: id(4)}, in.Person)
	in, _ = parsed(t, "роль анна менеджер").Choose(ArgRole, 0)
	require.Equal(t, funnel.Rep, in.Role)
	in, _ = parsed(t, "set ромашка закрытие 03/04").Choose(ArgClose, 0)
	require.Equal(t, "2027-04-03", in.Fields[0].Date.String())
	in, _ = parsed(t, "часовой пояс +4").Choose(ArgZone, 1)
	require.Equal(t, "Asia/Dubai", in.Zone)
	in, _ = parsed(t, "лог ромашка звонок, след: 03/04").Choose(ArgNextWhen, 0)
	require.Equal(t, "2027-04-03", in.Next.When.String())
}

func TestAmbiguousNamesAreOffered(t *testing.T) {
	t.Parallel()
	lex := lexicon(funnel.English)
	lex.Stages = append(lex.Stages, funnel.Stage{Key: "pilot", Titles: titles("Paid pilot", "Платный пилот")},
		funnel.Stage{Key: "paid", Titles: titles("Paid", "Оплачено")}, funnel.Stage{Key: "paused", Titles: titles("Paused", "Пауза")})
	in, err := New().Parse("move acme pau", lex)
	require.NoError(t, err)
	require.Equal(t, funnel.StageKey("paused"), in.Stage)
	in, err = New().Parse("move acme paid", lex)
	require.NoError(t, err)
	require.Equal(t, funnel.StageKey("paid"), in.Stage, "a whole name wins over a part of another")
	lex.Stages[8].Titles = titles("Paid up", "Оплачено")
	lex.Stages[8].Key = "done"
	in, err = New().Parse("move acme paid", lex)
	require.NoError(t, err)
	require.Empty(t, in.Stage)
	require.Equal(t, []Choice{{ArgStage, []Option{{Key: "pilot"}, {Key: "done"}}}}, in.Choices)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]Arg{
		"двигай":                    {ArgStage},
		"ромашка переговоры":        nil,
		"назад ромашка лид":         {ArgText},
		"проиграли ромашка":         {ArgReason},
		"отложи ромашка":            {ArgWhen},
		"след ромашка":              {ArgText, ArgWhen},
		"след ромашка: звонок пт":   nil,
		"назначь ромашка":           {ArgPerson},
		"поменяй ромашка":           {ArgField},
		"поменяй ромашка сумма":     {ArgField},
		"поменяй ромашка сумма 5к":  nil,
		"поменяй ромашка сумма нет": nil,
		"роль":   {ArgPerson, ArgRole},
		"новая":  {ArgCompany},
		"язык":   {ArgLanguage},
		"отмени": nil,
	} {
		require.Equal(t, want, parsed(t, line).Missing(), "line %q", line)
	}
}

func TestASlashIsSeen(t *testing.T) {
	t.Parallel()
	require.True(t, parsed(t, "/back").Slash)
	require.False(t, parsed(t, "back").Slash)
	require.True(t, parsed(t, "ромашка лид").Bare)
	require.False(t, parsed(t, "move ромашка лид").Bare)
}
