package commands

import "funnelbot/funnel"

// FunnelReport shows the funnel by stages.
type FunnelReport struct {
	Report funnel.FunnelReport
	// Why shows the figures behind it, of one Stage where that is not empty.
	Why    bool
	Stage  funnel.StageKey
	Offers []Offer
}

// Owners shows the results by owner.
type Owners struct {
	Report funnel.OwnersReport
	Offers []Offer
	// Behind are, where the deals behind the numbers are asked for, the ways to those of each owner.
	Behind []OwnerBehind
}

// OwnerBehind are the ways to the deals of one owner.
type OwnerBehind struct {
	Name   string
	Offers []Offer
}

// Bottleneck shows the weakest link of the sale.
type Bottleneck struct {
	Report funnel.BottleneckReport
	// Why shows the figures behind it: of one Stage, or of the one that comes first.
	Why   bool
	Stage funnel.StageKey
	// Withheld says that causes by person are left out, because others read along.
	Withheld bool
	Offers   []Offer
}

// Stuck shows the deals that stand too long, page by page.
type Stuck struct {
	Report funnel.StuckReport
	// Deals are those of the page as they are now, those that are not found any more left out.
	Deals map[funnel.ID]*funnel.DealView
	// From and To are the first deal of the page and the one behind its last.
	From, To int
	// Why shows the figures behind each deal.
	Why    bool
	Offers []Offer
}

// Forecast shows what the open deals are expected to bring.
type Forecast struct {
	Report funnel.ForecastReport
	// Why shows by which stages and owners, and how earlier forecasts came out.
	Why    bool
	Offers []Offer
}

// Trend shows what happened week by week.
type Trend struct{ Report funnel.TrendReport }

// Ways are, where the deals behind the numbers of a report are asked for, the ways to them.
type Ways struct {
	// Why says that they are asked for: those of the group, or of the whole report, the way to each group
	// included. Name is that of the group's owner.
	Why   bool
	Group funnel.Behind
	Name  string
	To    []Way
}

// Way leads to the deals behind a number or, where that is of no part, to the numbers of a group.
type Way struct {
	Of funnel.Behind
	// Name is that of the owner, and Count what the report shows.
	Name   string
	Count  int
	Action string
}

// Behind shows the deals behind a number of a report.
type Behind struct {
	Report funnel.BehindReport
	// OwnerName is whose deals they are, where it is asked for those of one.
	OwnerName string
	Offers    []Offer
}

// Plans shows what is to be won beside what was won, by month.
type Plans struct {
	Report funnel.PlanReport
	Offers []Offer
}

// PlanSet says that the plan of a month has changed.
type PlanSet struct {
	funnel.QuotaSet
	Offers []Offer
}
