package commands

import "funnelbot/funnel"

// quotaVerbs say what is to be won.
func quotaVerbs() []Verb {
	return []Verb{{
		Key:     VerbQuota,
		English: []string{"plan", "quota", "sales plan", "month plan", "plan for the month", "our plan"},
		Russian: []string{"план", "план продаж", "план на месяц", "план месяца", "план команды", "планы"},
		Params:  []Param{may(ArgMonth, KindMonth), may(ArgAmount, KindMoney), may(ArgSwitch, KindSwitch)},
		Who:     funnel.Rep,
		Examples: example(
			"plan december 500k",
			"план декабрь 5 млн",
		),
	}}
}
