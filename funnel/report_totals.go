package funnel

import (
	"cmp"
	"slices"

	"funnelbot/funnel/stats"
)

// OpenCount is a group of deals that had neither left their stage nor been closed at the end of the
// period.
type OpenCount struct {
	// Owner is who held the deals then; zero in counts of a whole workspace and for nobody.
	Owner ID
	Stage StageKey
	// Sum is what they were worth then; the zero Money is a group without amounts.
	Sum   Money
	Deals int
}

// ClosedCount is a group of deals that were closed within the period and stood closed at its end.
type ClosedCount struct {
	// Owner is who held the deals when their closing was recorded: a deal that is handed over
	// afterwards stays the sale of who made it.
	Owner   ID
	Outcome Outcome
	// Reason is the key of the loss reason.
	Reason string
	// Days is the number of midnights, in the zone of the workspace, from the first day above the
	// level of targets to the day of closing.
	Days int
	// Sum is what they were worth at the end of the period.
	Sum   Money
	Deals int
}

// Totals are the results of a group of deals. Targets are in none of them: deals that stand at the
// level of targets are not open business, and those that were lost without ever leaving it were no
// sales.
type Totals struct {
	// Open counts open deals at the as-of time; OpenValue and Unpriced are their amounts and the
	// number of them that carry none.
	Open      int   `json:"open"`
	OpenValue []Sum `json:"open_value"`
	Unpriced  int   `json:"open_without_amount"`
	// Won and Lost were closed in the window and stand; Disqualified are those of Lost whose reason
	// says that they never were clients of ours.
	Won          int `json:"won"`
	Lost         int `json:"lost"`
	Disqualified int `json:"disqualified"`
	// WonValue is per currency, and WonUnpriced the number of won deals without an amount.
	WonValue    []Sum `json:"won_value"`
	WonUnpriced int   `json:"won_without_amount"`
	// WinRate is over all that closed, Qualified leaves the disqualified out.
	WinRate   Rate      `json:"win_rate"`
	Qualified Rate      `json:"win_rate_qualified"`
	Cycle     CycleDays `json:"cycle_days"`
}

// Rate is a share with how sure it is.
type Rate struct {
	Won    int `json:"won"`
	Closed int `json:"closed"`
	// Value is nil while nothing is closed: no number is better than an invented one.
	Value *float64 `json:"value,omitempty"`
	// Low and High are the Wilson interval at [stats.Level].
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func newRate(won, closed int) Rate {
	i := stats.Wilson(won, closed, stats.Level)
	r := Rate{Won: won, Closed: closed, Low: i.Low, High: i.High}
	if closed > 0 {
		v := float64(won) / float64(closed)
		r.Value = &v
	}
	return r
}

// CycleDays is how long it took from opening to closing, in calendar days.
type CycleDays struct {
	Won  Percentiles `json:"won"`
	Lost Percentiles `json:"lost"`
}

// Percentiles are observed values that half and nine tenths did not exceed; nil where nothing was
// observed.
type Percentiles struct {
	P50 *int `json:"p50,omitempty"`
	P90 *int `json:"p90,omitempty"`
}

func newPercentiles(days []stats.Count) Percentiles {
	at := func(q float64) *int {
		if v, ok := stats.Quantile(days, q); ok {
			return &v
		}
		return nil
	}
	return Percentiles{P50: at(0.5), P90: at(0.9)}
}

// newTotals adds up groups by the funnel that they belong to.
func newTotals(f *Funnel, open []OpenCount, closed []ClosedCount) Totals {
	var t Totals
	worth, gained := map[Currency]int64{}, map[Currency]int64{}
	for _, o := range open {
		if f.Signed(o.Stage) || f.target(o.Stage) {
			continue
		}
		t.Open += o.Deals
		t.Unpriced += unpriced(worth, o.Sum, o.Deals)
	}
	var won, lost []stats.Count
	for _, c := range closed {
		days := stats.Count{Value: c.Days, N: c.Deals}
		if c.Outcome == Won {
			t.Won += c.Deals
			t.WonUnpriced += unpriced(gained, c.Sum, c.Deals)
			won = append(won, days)
			continue
		}
		t.Lost += c.Deals
		lost = append(lost, days)
		if f.disqualifies(c.Reason) {
			t.Disqualified += c.Deals
		}
	}
	t.OpenValue, t.WonValue = sums(worth), sums(gained)
	t.WinRate = newRate(t.Won, t.Won+t.Lost)
	t.Qualified = newRate(t.Won, t.Won+t.Lost-t.Disqualified)
	t.Cycle = CycleDays{Won: newPercentiles(won), Lost: newPercentiles(lost)}
	return t
}

// unpriced adds the sum to its currency, or returns the number of deals that have none.
func unpriced(to map[Currency]int64, sum Money, deals int) int {
	if sum.IsZero() {
		return deals
	}
	to[sum.Currency] += sum.Minor
	return 0
}

// sums lists amounts by currency; an empty list is no null.
func sums(by map[Currency]int64) []Sum {
	list := make([]Sum, 0, len(by))
	for c, minor := range by {
		list = append(list, Sum{Minor: minor, Currency: c})
	}
	slices.SortFunc(list, func(a, b Sum) int { return cmp.Compare(a.Currency, b.Currency) })
	return list
}

func (f *Funnel) target(key StageKey) bool {
	s, ok := f.Stage(key)
	return ok && s.Target
}

func (f *Funnel) disqualifies(reason string) bool {
	r, ok := f.Reason(reason)
	return ok && r.Class == Disqualified
}
