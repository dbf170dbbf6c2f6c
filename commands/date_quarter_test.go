package commands

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAQuarterIsItsLastDay(t *testing.T) {
	t.Parallel()
	today := funnel.Date{Year: 2026, Month: time.November, Day: 23}
	for text, want := range map[string]string{
		"Q2": "2027-06-30", "q4": "2026-12-31", "Q1 2028": "2028-03-31", "in the second quarter": "2027-06-30", "H1": "2027-06-30",
		"2 квартал": "2027-06-30", "в 1 кв. 2027": "2027-03-31", "во втором квартале": "2027-06-30", "четвёртый квартал": "2026-12-31",
		"1-й квартал": "2027-03-31", "в 3-м квартале": "2027-09-30", "quarter": "", "5 квартал": "", "1": "", "2027": "", "soon": "", "Q2 or so": "",
	} {
		end, ok := quarterEnd(text, today)
		require.Equal(t, want != "", ok, text)
		if ok {
			require.Equal(t, want, end.String(), text)
		}
	}
}
