package text

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"funnelbot/funnel"
)

// visible writes no-break spaces as underscores, so that a case shows which spaces hold together.
func visible(s string) string { return strings.ReplaceAll(s, "\u00a0", "_") }

func both(t *testing.T) (en, ru *Printer) {
	t.Helper()
	c := catalog(t)
	return c.In("en"), c.In("ru")
}

func TestMoney(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	for _, c := range []struct {
		minor    int64
		currency funnel.Currency
		en, ru   string
	}{
		{123400, "USD", "$1,234", "1_234_$"},
		{123400, "RUB", "₽1,234", "1_234_₽"},
		{123456, "EUR", "€1,234.56", "1_234,56_€"},
		{5, "USD", "$0.05", "0,05_$"},
		{0, "RUB", "₽0", "0_₽"},
		{-1500, "USD", "-$15", "-15_$"},
		{120000000, "RUB", "₽1,200,000", "1_200_000_₽"},
		{1234, "JPY", "¥1,234", "1_234_¥"},
		{1234567, "KWD", "KWD_1,234.567", "1_234,567_KWD"},
		{100000, "CHF", "CHF_1,000", "1_000_CHF"},
		{100, "", "1", "1"},
		{math.MaxInt64, "USD", "$92,233,720,368,547,758.07", "92_233_720_368_547_758,07_$"},
		{math.MinInt64, "USD", "-$92,233,720,368,547,758.08", "-92_233_720_368_547_758,08_$"},
	} {
		m := funnel.Money{Minor: c.minor, Currency: c.currency}
		require.Equal(t, c.en, visible(en.Money(m)), "%d %s", c.minor, c.currency)
		require.Equal(t, c.ru, visible(ru.Money(m)), "%d %s", c.minor, c.currency)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	require.Equal(t, "1,234,567", en.Number(1234567))
	require.Equal(t, "1_234_567", visible(ru.Number(1234567)))
	require.Equal(t, "-9,223,372,036,854,775,808", en.Number(math.MinInt64))
	require.Equal(t, "63.2%", en.Percent(0.631501, 1))
	require.Equal(t, "63,2%", ru.Percent(0.631501, 1))
	require.Equal(t, "3.50", en.Decimal(3.5, 2))
	require.Equal(t, "3,50", ru.Decimal(3.5, 2))
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		require.Equal(t, "–", en.Percent(odd, 1))
		require.Equal(t, "–", en.Decimal(odd, 0))
	}
	require.Equal(t, "3.500000000", en.Decimal(3.5, 400))
	require.Equal(t, "4", en.Decimal(3.5, -1))
}

// TestGroupingAgreesWithTheLibrary checks our exact digits against its rounded ones where a
// float64 still holds the number.
func TestGroupingAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Int64Range(-1<<53, 1<<53).Draw(r, "n")
		for _, p := range []*Printer{en, ru} {
			if got, want := p.Number(n), p.lang.numbers.FmtNumber(float64(n), 0); got != want {
				r.Fatalf("%d: %q, the library has %q", n, got, want)
			}
		}
	})
}

func TestDates(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	today := funnel.Date{Year: 2026, Month: 11, Day: 23}
	for _, c := range []struct {
		date   funnel.Date
		en, ru string
	}{
		{today, "today", "сегодня"},
		{today.AddDays(-1), "yesterday", "вчера"},
		{today.AddDays(1), "tomorrow", "завтра"},
		{today.AddDays(4), "Fri, Nov 27", "пт 27 нояб."},
		{today.AddDays(-2), "Sat, Nov 21", "сб 21 нояб."},
		{funnel.Date{Year: 2026, Month: 5, Day: 9}, "Sat, May 9", "сб 9 мая"},
		{funnel.Date{Year: 2027, Month: 1, Day: 2}, "Jan 2, 2027", "2 янв. 2027"},
		{funnel.Date{}, "–", "–"},
	} {
		require.Equal(t, c.en, en.Date(c.date, today))
		require.Equal(t, c.ru, ru.Date(c.date, today))
	}
	require.Equal(t, "Nov 23, 2026", en.Date(today, funnel.Date{}), "nothing is relative to no day")
	require.Equal(t, "пн 23 нояб.", ru.Day(today, today))
}

func TestASentenceThatEndsWithAnAbbreviationHasOneStop(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	day := funnel.Date{Year: 2026, Month: 12, Day: 23}
	reader := ru.For(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), time.UTC)
	args := Args{"ref": "#1 Ромашка", "kind": "звонок", "date": day}
	require.Equal(t, "Записал к сделке #1 Ромашка: звонок, ср 23 дек.", reader.Say("change.logged", args))
	require.Equal(t, "Saved for Acme Inc.", en.Say("change.saved", Args{"ref": "Acme Inc."}))
	require.Equal(t, "Saved for Acme Inc.", en.Say("change.saved", Args{"ref": "Acme Inc"}))
	require.Equal(t, "Saved for really?.", en.Say("change.saved", Args{"ref": "really?"}))
	parked := reader.Say("change.parked", Args{"ref": "#1", "date": day})
	require.Contains(t, parked, "23 дек. ")
	require.NotContains(t, parked, "..")
	require.Equal(t, []Piece{{Text: "Saved for "}, {Text: "Acme Inc.", Arg: "ref"}},
		en.Pieces("change.saved", Args{"ref": "Acme Inc."}))
}

func TestTimesAreInTheReadersZone(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	moscow, err := time.LoadLocation("Europe/Moscow")
	require.NoError(t, err)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	late := time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC) // already the 23rd in Moscow
	require.Equal(t, "сегодня, 01:30", ru.For(now, moscow).Moment(late))
	require.Equal(t, "yesterday, 10:30 pm", en.For(now, time.UTC).Moment(late))
	require.Equal(t, "10:30 pm", en.Time(late), "without a reader the time keeps its own zone")
	require.Equal(t, "–", en.Moment(time.Time{}))
}

func TestDurationsFollowThePlural(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	for n, want := range map[int][2]string{
		0: {"0 days", "0 дней"}, 1: {"1 day", "1 день"}, 2: {"2 days", "2 дня"}, 5: {"5 days", "5 дней"},
		11: {"11 days", "11 дней"}, 21: {"21 days", "21 день"}, 1234: {"1,234 days", "1_234 дня"},
	} {
		require.Equal(t, want[0], en.Days(n))
		require.Equal(t, want[1], visible(ru.Days(n)))
	}
	require.Equal(t, "сегодня", ru.Ago(0))
	require.Equal(t, "вчера", ru.Ago(1))
	require.Equal(t, "5 дней назад", ru.Ago(5))
	require.Equal(t, "2 days ago", en.Ago(2))
}

func TestRefusalReadsLikeAPerson(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	names := func(v any) (string, bool) {
		titles := map[any]string{
			funnel.StageKey("negotiation"): "Переговоры", ReasonKey("price"): "Дорого",
		}
		s, ok := titles[v]
		return s, ok
	}
	en, ru := c.In("en").For(now, time.UTC), c.In("ru").For(now, time.UTC).Naming(names)
	for _, c := range []struct {
		p    *Printer
		err  *funnel.Error
		want string
	}{
		{en, funnel.Refuse(funnel.CodeStale, funnel.Args{"deal": int64(12345)}), "Deal #12345 has changed since this button was shown, so I did nothing. This is how it stands now."},
		{ru, funnel.Refuse(funnel.CodeAlreadyThere, funnel.Args{"deal": int64(42), "stage": funnel.StageKey("negotiation")}), "Сделка #42 уже на этапе «Переговоры»."},
		{ru, funnel.Refuse(funnel.CodeUnknownStage, funnel.Args{"stage": "пиар"}), "Не знаю этапа «пиар». Хватит и части названия; все этапы покажет «помощь перенеси»."},
		{ru, funnel.Refuse(funnel.CodeDealLost, funnel.Args{"deal": int64(7), "reason": "price"}), "Сделка #7 проиграна (Дорого). Если клиент вернулся, сначала откройте её: «возобнови 7»."},
		{ru, funnel.Refuse(funnel.CodeUnknownReason, funnel.Args{"reason": "ссора"}), "Не знаю причины «ссора». Напишите «проиграли» и сделку, а причину выберите из списка."},
		{ru, funnel.Refuse(funnel.CodeForbidden, funnel.Args{"role": funnel.Manager}), "Для этого нужна роль «руководитель». Попросите, пожалуйста, коллегу, у которого она есть."},
		{en, funnel.Refuse(funnel.CodeInPast, funnel.Args{"date": funnel.Date{Year: 2026, Month: 11, Day: 20}}), "That day is already over (Fri, Nov 20). Please give a day from today on."},
		{ru, funnel.Refuse(funnel.CodeEmpty, funnel.Args{"field": "amount"}), "Поле «сумма» пустое. Заполните его, пожалуйста."},
		{ru, funnel.Refuse(funnel.CodeUnknownField, funnel.Args{"field": "цвет"}), "Не знаю поля «цвет». Какие есть, покажет «помощь измени»."},
		{ru, funnel.Refuse("unknown_field_near", funnel.Args{"field": "сума", "nearest": "amount"}), "Не знаю поля «сума». Вы имели в виду «сумма»?"},
		{ru, funnel.Refuse("verb_unknown_near", funnel.Args{"word": "compny", "nearest": "company", "key": "company", "line": "company x"}), "Не знаю «compny». Вы имели в виду «company»?"},
		{ru, funnel.Refuse("dialog_not_understood", funnel.Args{"kind": "money"}), "Не удалось прочитать это как сумму. Попробуйте, пожалуйста, ещё раз; «помощь» покажет, что подойдёт."},
		{en, funnel.Refuse(funnel.CodeBadValue, funnel.Args{"field": "phone", "value": "abc"}), "I could not read “abc” as phone. Type help people for an example."},
		{ru, funnel.Refuse(funnel.CodeBadValue, funnel.Args{"field": "email", "value": "абв"}), "Не удалось прочитать «абв» в поле «почта». Пример покажет «помощь люди»."},
		{ru, funnel.Refuse(funnel.CodeBadValue, funnel.Args{"field": "amount", "value": "абв"}), "Не удалось прочитать «абв» в поле «сумма». Пример покажет «помощь измени»."},
		{en, funnel.Refuse("not_met", funnel.Args{"name": "@ghost"}), "@ghost has not written to me yet, so I don't know who that is. Ask them to send me one message; after that you can name them here."},
		{ru, funnel.Refuse("not_met", funnel.Args{"name": ""}), "От человека, которого вы упомянули, мне ещё не было сообщений, поэтому я не знаю, кто это. Попросите написать мне хотя бы раз, тогда этого человека можно будет назвать здесь."},
	} {
		require.Equal(t, c.want, c.p.Refusal(c.err))
	}
}

func TestPiecesKeepArgumentsApartInTheOrderOfTheLanguage(t *testing.T) {
	t.Parallel()
	en, ru := both(t)
	args := Args{"deal": int64(42), "stage": "Переговоры"}
	require.Equal(t, []Piece{
		{Text: "Сделка #"}, {Text: "42", Arg: "deal"}, {Text: " уже на этапе «"}, {Text: "Переговоры", Arg: "stage"}, {Text: "»."},
	}, ru.Pieces("error.already_there", args))
	require.Equal(t, []Piece{{Text: "5", Arg: "n"}, {Text: " days"}}, en.CountPieces("date.days", 5, nil))
}

func FuzzPiecesSayWhatSaySays(f *testing.F) {
	c, err := Load()
	require.NoError(f, err)
	p := c.In("ru")
	for _, seed := range []string{"Ромашка", "", "{{.deal}}", "\ufdd0stage\ufdd1x\ufdd2", "\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		clean := strings.NewReplacer(argStart, "", argName, "", argEnd, "").Replace(strings.ToValidUTF8(word, "\ufffd"))
		var joined strings.Builder
		for _, piece := range p.Pieces("error.no_deal", Args{"ref": word}) {
			joined.WriteString(piece.Text)
		}
		require.Equal(t, p.Say("error.no_deal", Args{"ref": clean}), joined.String())
	})
}

func BenchmarkSay(b *testing.B) {
	c, err := Load()
	require.NoError(b, err)
	p := c.In("ru")
	args := Args{"deal": int64(42), "stage": "Переговоры"}
	b.ReportAllocs()
	for b.Loop() {
		p.Say("error.already_there", args)
	}
}
