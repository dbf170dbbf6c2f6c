package commands

import "funnelbot/funnel"

// noticeVerbs say who gets what and when.
func noticeVerbs() []Verb {
	return []Verb{
		{
			Key:     VerbTransfer,
			English: []string{"transfer", "transfer all", "hand over all", "hand over everything", "give everything"},
			Russian: []string{
				"передай все", "передать все", "передай дела", "передать дела", "передача дел", "отдай все", "передай все дела",
			},
			Params:   []Param{need(ArgFrom, KindPerson), need(ArgPerson, KindPerson)},
			Who:      funnel.Rep,
			Examples: example("transfer anna to ivan", "передай все анны ивану"),
		},
		{
			Key:      VerbAway,
			English:  []string{"away", "vacation", "holiday", "out of office", "on vacation", "on leave"},
			Russian:  []string{"отпуск", "в отпуске", "я в отпуске", "ухожу в отпуск", "меня нет", "отсутствую"},
			Params:   []Param{may(ArgWhen, KindFuture), may(ArgSwitch, KindSwitch)},
			Who:      funnel.Rep,
			Examples: example("away until Dec 7", "отпуск до 7 декабря"),
		},
		{
			Key:      VerbNotify,
			English:  []string{"notify", "notifications", "notification", "alerts"},
			Russian:  []string{"уведомления", "уведомление", "уведомляй", "оповещения"},
			Params:   []Param{may(ArgPlan, KindClock), may(ArgQuiet, KindClock)},
			Who:      funnel.Rep,
			Examples: example("notify plan 8:30", "уведомления план 8:30"),
		},
	}
}

// Codes of refusals of what was typed about times of day.
const (
	// CodeClockUnreadable has "text": a time of day, or hours from one to another.
	CodeClockUnreadable funnel.Code = "clock_unreadable"
)
