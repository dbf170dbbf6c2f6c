package funnel

// ForecastReport is what the open deals are expected to bring.
type ForecastReport struct {
	ReportHead
	// Open is how many open deals were looked at, and StandIn how many of them count with the typical
	// amount because they have none in the currency of the workspace.
	Open    int `json:"open"`
	StandIn int `json:"stand_in"`
	// TooFew says that some stage had too few exits for its chances to be more than a guess.
	TooFew bool `json:"too_few"`
	Expected
	// Months are those in which deals are expected to be signed, in their order.
	Months []ForecastMonth `json:"months"`
	// Stages and Owners divide Expected, in the order of the funnel and the largest first.
	Stages []ForecastStage `json:"stages"`
	Owners []ForecastOwner `json:"owners"`
	// Velocity is what the open deals bring per day: their number · mean amount · win rate / median
	// cycle; nil where one of them is not known.
	Velocity *Sum `json:"velocity_per_day,omitempty"`
	// Check is how earlier forecasts came out; nil where it was not asked for or there is no history.
	Check *ForecastCheck `json:"check,omitempty"`
}

// Expected is a sum that is expected, and between what it will lie in eight of ten cases.
type Expected struct {
	Deals float64 `json:"expected_deals"`
	Mean  Sum     `json:"expected"`
	Low   Sum     `json:"low"`
	High  Sum     `json:"high"`
	Level float64 `json:"level"`
}

// ForecastMonth is one month of a forecast, in the zone of the workspace.
type ForecastMonth struct {
	// Month is such as "2026-11". Deals are expected in the month of their expected close, or where that
	// is not set or past, when they are through the stages that are left at the usual pace.
	Month string `json:"month"`
	// Open is how many open deals are expected to close in it, whether won or not.
	Open int `json:"open"`
	Expected
	// Won is what was signed in it by the end of the period: only the present month has any. WonDeals
	// counts those deals, and Unpriced those of them that carry no amount in the currency of the workspace.
	Won      Sum `json:"won"`
	WonDeals int `json:"won_deals"`
	Unpriced int `json:"won_without_amount"`
	// Plan is what was to be won in the month; nil without a plan.
	Plan *Sum `json:"plan,omitempty"`
}

// ForecastStage is one stage of a forecast.
type ForecastStage struct {
	Stage StageKey `json:"stage"`
	Open  int      `json:"open"`
	Value Sum      `json:"value"`
	// Wins is the chance of a deal that just came into the stage to be won.
	Wins float64 `json:"p_win"`
	Expected
}

// ForecastOwner is one owner of a forecast; zero, without a name, for deals that nobody has taken.
type ForecastOwner struct {
	Owner ID     `json:"owner"`
	Name  string `json:"name"`
	Open  int    `json:"open"`
	Value Sum    `json:"value"`
	Expected
}

// ForecastCheck is how forecasts of the past, made with what was known then, came out.
type ForecastCheck struct {
	// Deals is how many forecasts have come out, and Undecided how many deals are still open.
	Deals     int `json:"deals"`
	Undecided int `json:"undecided"`
	// Brier is the mean squared difference between the chance and what came of it, and Reference that
	// of a forecast which gives every deal the share that was won.
	Brier     float64 `json:"brier"`
	Reference float64 `json:"brier_reference"`
	// Expected and Won are in money, over the same deals.
	Expected Sum `json:"expected"`
	Won      Sum `json:"won"`
}
