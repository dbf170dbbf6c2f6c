package commands

import "funnelbot/funnel"

// accessVerbs say who may speak and where.
func accessVerbs() []Verb { return append(personVerbs(), placeVerbs()...) }

func personVerbs() []Verb {
	return []Verb{
		{
			Key:      VerbInvite,
			English:  []string{"invite", "invitation", "add colleague", "add member"},
			Russian:  []string{"пригласи", "пригласить", "приглашение", "добавь коллегу", "добавь участника"},
			Params:   []Param{need(ArgRole, KindRole), may(ArgPerson, KindPerson)},
			Who:      funnel.Manager,
			Examples: example("invite rep", "пригласи продавца"),
		},
		{
			Key:      VerbApprove,
			English:  []string{"approve", "admit", "let in"},
			Russian:  []string{"одобри", "одобрить", "впусти", "впустить"},
			Params:   []Param{may(ArgCode, KindCode), need(ArgRole, KindRole)},
			Who:      funnel.Admin,
			Examples: example("approve k7m2x rep", "одобри k7m2x продавец"),
		},
		{
			Key:      VerbDecline,
			English:  []string{"decline", "turn away"},
			Russian:  []string{"отклони", "отклонить"},
			Params:   []Param{may(ArgCode, KindCode)},
			Who:      funnel.Admin,
			Examples: example("decline k7m2x", "отклони k7m2x"),
		},
		{
			Key:      VerbRemove,
			English:  []string{"remove", "expel", "remove member"},
			Russian:  []string{"исключи", "исключить", "удали участника", "убери участника"},
			Params:   []Param{need(ArgPerson, KindPerson)},
			Who:      funnel.Admin,
			Examples: example("remove @anna", "исключи @anna"),
		},
		{
			Key:      VerbLink,
			English:  []string{"link", "link account"},
			Russian:  []string{"привяжи", "привязать", "привязка"},
			Who:      funnel.Rep,
			Examples: example("link", "привяжи"),
		},
		{
			Key:      VerbJoin,
			English:  []string{"join", "redeem"},
			Russian:  []string{"войти", "вступить", "присоединиться"},
			Params:   []Param{may(ArgCode, KindCode)},
			Who:      funnel.Rep,
			Examples: example("join abcd-efgh-jkmn", "войти abcd-efgh-jkmn"),
		},
	}
}

func placeVerbs() []Verb {
	return []Verb{
		{
			Key:      VerbAccess,
			English:  []string{"access", "who may speak"},
			Russian:  []string{"доступ", "допуск"},
			Params:   []Param{may(ArgSwitch, KindSwitch), may(ArgCircle, KindCircle)},
			Who:      funnel.Admin,
			Examples: example("access add #sales", "доступ добавь #sales"),
		},
		{
			Key:      VerbConnect,
			English:  []string{"connect", "connect chat"},
			Russian:  []string{"подключи", "подключить", "подключи чат"},
			Params:   []Param{may(ArgSwitch, KindSwitch)},
			Who:      funnel.Admin,
			Examples: example("connect internal", "подключи внутренний"),
		},
		{
			Key:      VerbDisconnect,
			English:  []string{"disconnect", "disconnect chat"},
			Russian:  []string{"отключи", "отключить", "отключи чат"},
			Who:      funnel.Admin,
			Examples: example("disconnect", "отключи"),
		},
		{
			Key:      VerbAnnounce,
			English:  []string{"announce", "announcements"},
			Russian:  []string{"объявления", "объявляй", "объявлять"},
			Params:   []Param{may(ArgSwitch, KindSwitch)},
			Who:      funnel.Admin,
			Examples: example("announce on", "объявления вкл"),
		},
		{
			Key:      VerbWorkspace,
			English:  []string{"workspace", "workspaces"},
			Russian:  []string{"пространство", "пространства", "рабочее пространство"},
			Params:   []Param{may(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("workspace Bluefin", "пространство Ромашка"),
		},
	}
}

// ofAccess reports whether the verb is about who may speak and where, or about digests. The same delivery of such a
// verb is answered by its use case each time: there is no change of a deal or a setting to be found
// under its key.
func ofAccess(v Key) bool {
	switch v { //nolint:exhaustive // all others are not
	case VerbInvite, VerbApprove, VerbDecline, VerbLink, VerbJoin, VerbAccess, VerbConnect, VerbDisconnect, VerbAnnounce, VerbWorkspace, VerbDigest, VerbAdvice:
		return true
	}
	return false
}
