package commands

import "funnelbot/funnel"

// The verbs of deals that stand.
const (
	VerbNudge  Key = "nudge"
	VerbSnooze Key = "snooze"
	VerbReview Key = "review"
)

// reviewVerbs are about deals that stand.
func reviewVerbs() []Verb {
	deal := may(ArgDeal, KindDeal)
	return []Verb{
		{
			Key:     VerbReview,
			English: []string{"review", "review deals", "deal review", "go through"},
			Russian: []string{"разбор", "разбор сделок", "разбери", "разобрать", "пройдемся", "ревью"},
			Who:     funnel.Rep, Examples: example("review", "разбор"),
		},
		{
			Key:     VerbNudge,
			English: []string{"nudge", "ping", "poke"},
			Russian: []string{"поторопи", "поторопить", "подтолкни", "подтолкнуть", "пингани", "спроси про", "спроси о", "спроси об"},
			Params:  []Param{deal},
			Who:     funnel.Manager, Examples: example("nudge acme", "поторопи ромашка"),
		},
		{
			Key:     VerbSnooze,
			English: []string{"snooze", "hide", "mute"},
			Russian: []string{"скрой", "скрыть", "спрячь", "спрятать", "не показывай", "не напоминай"},
			Params:  []Param{deal, may(ArgWhen, KindFuture), may(ArgSwitch, KindSwitch)},
			Who:     funnel.Rep, Examples: example("snooze acme until friday", "скрой ромашка до пятницы"),
		},
	}
}
