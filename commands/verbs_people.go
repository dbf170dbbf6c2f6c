package commands

import "funnelbot/funnel"

// peopleVerbs find out whether a deal is worth the work, and who decides about it.
func peopleVerbs() []Verb {
	deal := may(ArgDeal, KindDeal)
	return []Verb{
		{
			Key:      VerbQualify,
			English:  []string{"qualify", "bant", "qualification", "qualify deal"},
			Russian:  []string{"квалифицируй", "квалифицировать", "квалификация", "бант"},
			Params:   []Param{deal},
			Who:      funnel.Rep,
			Examples: example("qualify acme", "квалифицируй ромашка"),
		},
		{
			Key:     VerbPeople,
			English: []string{"people", "committee", "contacts", "contact", "stakeholders", "who", "who decides"},
			Russian: []string{"люди", "комитет", "контакты", "контакт", "лпр", "кто", "кто решает"},
			Params: []Param{
				deal, may(ArgContact, KindContact), may(ArgRoles, KindPart), may(ArgStance, KindStance), may(ArgNext, KindStep),
			},
			Who: funnel.Rep,
			Examples: example(
				"people acme Carla Stone, CFO, finance, supporter, +1 555 0100",
				"люди ромашка Ольга Крылова, финдиректор, финансы, за, +7 900 000-00-00",
			),
		},
		{
			Key:      VerbForget,
			English:  []string{"forget", "erase", "erase contact", "erase person", "forget person", "delete contact", "delete person"},
			Russian:  []string{"забудь", "забыть", "удали контакт", "удалить контакт", "сотри контакт", "удали человека", "забудь человека"},
			Params:   []Param{need(ArgContact, KindContact)},
			Who:      funnel.Manager,
			Examples: example("forget Carla Stone", "забудь Ольга Крылова"),
		},
		{
			Key:      VerbRenew,
			English:  []string{"renew", "renewal", "prolong"},
			Russian:  []string{"продли", "продлить", "продление"},
			Params:   []Param{deal},
			Who:      funnel.Rep,
			Examples: example("renew acme", "продли ромашка"),
		},
	}
}
