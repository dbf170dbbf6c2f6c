package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

func TestAnAmountOfAYearMaySayThatItIsOne(t *testing.T) {
	t.Parallel()
	read := ofYear(func(text string) (dialog.Value, error) {
		m, err := ParseMoney(text, "RUB", funnel.Russian)
		return dialog.MoneyOf(m), err
	})
	for text, minor := range map[string]int64{
		"1,2 млн": 120_000_000, "1,2 млн в год": 120_000_000, "Около 1,2 млн за год": 120_000_000,
		"about 120k a year": 12_000_000, "120k per year": 12_000_000, "~ 900к": 90_000_000,
	} {
		v, err := read(text)
		require.NoError(t, err, text)
		require.Equal(t, minor, v.Money.Minor, text)
	}
	for _, text := range []string{"10k a month", "в год", "a lot a year"} {
		_, err := read(text)
		require.Error(t, err, text)
	}
}

func TestWhatWasSetAsideIsGoneOnWithInAnyLayout(t *testing.T) {
	t.Parallel()
	require.True(t, goesOn(folded(FlipLayout("ghjljk;bnm"))))
	require.True(t, goesOn("continue"))
	require.False(t, goesOn("move"))
}
