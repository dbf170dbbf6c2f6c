package commands

import "funnelbot/funnel"

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
