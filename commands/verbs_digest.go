package commands

import "funnelbot/funnel"

// The verbs of the digest.
const (
	VerbDigest Key = "digest"
	VerbAdvice Key = "advice"
)

// digestVerbs are about what managers are told every day.
func digestVerbs() []Verb {
	return []Verb{
		{
			Key:      VerbDigest,
			English:  []string{"digest", "daily digest", "daily report"},
			Russian:  []string{"дайджест", "сводка", "ежедневная сводка", "отчет за день"},
			Params:   []Param{may(ArgPlan, KindClock), may(ArgSwitch, KindSwitch)},
			Who:      funnel.Manager,
			Examples: example("digest 9:00", "дайджест 9:00"),
		},
		{
			Key:      VerbAdvice,
			English:  []string{"advice", "recommendation"},
			Russian:  []string{"совет", "рекомендация"},
			Params:   []Param{may(ArgSwitch, KindSwitch), may(ArgPerson, KindPerson), may(ArgWhen, KindFuture), may(ArgText, KindText)},
			Who:      funnel.Manager,
			Examples: example("advice accept anna dec 7", "совет принять анна 7 декабря"),
		},
	}
}
