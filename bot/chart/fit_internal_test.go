package chart

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/go-analyze/charts/chartdraw"
	"github.com/stretchr/testify/require"

	"funnelbot/bot/text"
	"funnelbot/funnel"
)

func printer(t *testing.T, locale string) *text.Printer {
	t.Helper()
	catalog, err := text.Load()
	require.NoError(t, err)
	return catalog.In(locale).For(time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC), time.UTC)
}

// whole fails where words leave the picture or cover each other.
func whole(t *testing.T, s *sheet) {
	t.Helper()
	require.NotEmpty(t, s.words)
	for i, w := range s.words {
		require.GreaterOrEqual(t, w.left, 0)
		require.GreaterOrEqual(t, w.top, 0)
		require.LessOrEqual(t, w.right, width-margin/2, "%v", w)
		require.LessOrEqual(t, w.bottom, s.height)
		for _, o := range s.words[i+1:] {
			require.False(t, w.left < o.right && o.left < w.right && w.top < o.bottom && o.top < w.bottom, "%v covers %v", w, o)
		}
	}
}

func TestTheLongestWordsStayWithinThePictureAndApart(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Проверка юридическим отделом и согласование ", 9)
	days, value := math.MaxInt32, 1.0
	share := funnel.Conversion{Value: &value, Low: 0.999, High: 1, Level: 0.9, Method: methodShrunk}
	for _, locale := range []string{"en", "ru"} {
		p := printer(t, locale)
		for _, title := range []string{long, strings.ReplaceAll(long, " ", ""), "銀行👩‍👩‍👧‍👦" + long, "\u202e" + long, ""} {
			s := newSheet(long, true, stageRowHeight+timeRowHeight*2, []string{long, long})
			s.legend(p)
			s.stage(p, &stageRow{title: title, entered: 1_234_567_890, goes: share, before: &value, weakest: true}, 1_234_567_890)
			s.y += stageRowHeight
			row := timeRow{title: title, half: &days, most: &days, usual: &days, slower: true}
			s.time(p, &row, row.inWords(p), days)
			s.y += timeRowHeight
			month := monthRow{
				title: title, won: math.MaxInt32, mean: math.MaxInt32, high: 1 << 50, plan: 1 << 50, planned: true, currency: "KWD",
			}
			s.month(&month, month.inWords(p), 1<<51)
			s.y += timeRowHeight
			s.notes([]string{long, long})
			whole(t, s)
			_, err := s.encode()
			require.NoError(t, err)
		}
	}
}

func TestATrendOfManyWeeksStaysLegible(t *testing.T) {
	t.Parallel()
	p := printer(t, "ru")
	for _, n := range []int{0, 1, 13, 52, 520} {
		weeks := make([]funnel.TrendWeek, n)
		for i := range weeks {
			weeks[i] = funnel.TrendWeek{Start: funnel.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(7 * i), Won: i * 1000}
		}
		s := newSheet("", false, panelHeight, nil)
		s.panel(p, &trendPanel{title: "Подписано", fill: green(), of: func(w *funnel.TrendWeek) int { return w.Won }}, weeks)
		whole(t, s)
	}
}

func TestTheFontHasTheLettersOfBothLanguagesAndTheSignsOfCurrencies(t *testing.T) {
	t.Parallel()
	letters := "ABCXYZabcxyzäöüßéñçАБВЮЯабвюяёЁ0123456789.,:;%–—…«»“”№$€£₽₸₴₺₹¥₪₩₫₾#"
	for _, family := range []string{regularFont, boldFont} {
		font := chartdraw.GetFont(family)
		for _, r := range letters {
			require.NotZero(t, font.Index(r), "%s: %c", family, r)
		}
	}
}

func TestAForecastHasNoMoreDigitsThanAreKnown(t *testing.T) {
	t.Parallel()
	for minor, want := range map[int64]int64{0: 0, 49: 0, 123: 100, 12_345: 12_300, 123_456_789: 123_000_000, -98_765_432: -98_800_000} {
		require.Equal(t, want, rounded(funnel.Money{Minor: minor, Currency: "USD"}).Minor, minor)
	}
}
