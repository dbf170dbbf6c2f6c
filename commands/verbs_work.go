package commands

import "funnelbot/funnel"

func workVerbs() []Verb {
	deal := may(ArgDeal, KindDeal)
	return []Verb{
		{
			Key:     VerbLog,
			English: []string{"log", "record", "logged"},
			Russian: []string{"лог", "запиши", "записать", "запись", "отметь", "отметить", "зафиксируй", "залогируй"},
			Params: []Param{
				deal, may(ArgActivity, KindActivity), may(ArgText, KindText), may(ArgWhen, KindPast),
				may(ArgAmount, KindMoney), may(ArgNext, KindStep), may(ArgStage, KindStage),
			},
			Who: funnel.Rep,
			Examples: example(
				"log acme call yesterday, they want an offer, 1.2M, next: send it fri",
				"лог ромашка звонок вчера, просят КП, 1,2 млн, след: отправить в пт",
			),
		},
		{
			Key:     VerbNext,
			English: []string{"next", "todo", "step", "task", "remind", "next step", "remind me"},
			Russian: []string{
				"след", "следующий шаг", "след шаг", "следующий", "следующее", "шаг", "далее", "дальше", "задача",
				"напомни", "напомнить", "поставь задачу",
			},
			Params:   []Param{deal, need(ArgText, KindText), need(ArgWhen, KindFuture)},
			Who:      funnel.Rep,
			Examples: example("next acme send the offer friday", "след ромашка отправить КП в пт"),
		},
		{
			Key:      VerbDone,
			English:  []string{"done", "complete", "completed", "finished"},
			Russian:  []string{"готово", "сделано", "сделал", "сделала", "сделали", "выполнено", "выполнил", "выполнила"},
			Params:   []Param{deal, may(ArgText, KindText), may(ArgNext, KindStep)},
			Who:      funnel.Rep,
			Examples: example("done acme, next: call on friday", "готово ромашка, след: созвон в пт"),
		},
		{
			Key:     VerbSet,
			English: []string{"set", "edit", "change", "update"},
			Russian: []string{
				"поменяй", "поменять", "измени", "изменить", "поставь", "задай", "задать", "установи", "установить",
				"обнови", "обновить", "исправь", "исправить",
			},
			Params:   []Param{deal, need(ArgField, KindField)},
			Who:      funnel.Rep,
			Examples: example("set acme amount 1.2M", "поменяй ромашка сумма 1,5 млн"),
		},
		{
			Key:     VerbAssign,
			English: []string{"assign", "reassign", "give", "hand over", "owner"},
			Russian: []string{"назначь", "назначить", "передай", "передать", "отдай", "отдать", "ответственный", "владелец"},
			Params:  []Param{deal, need(ArgPerson, KindPerson)},
			Who:     funnel.Rep,
			Examples: example(
				"assign acme @anna",
				"назначь ромашка @anna",
			),
		},
	}
}

func settingVerbs() []Verb {
	return []Verb{
		{
			Key:      VerbMembers,
			English:  []string{"members", "users", "staff"},
			Russian:  []string{"участники", "сотрудники", "пользователи", "коллеги"},
			Who:      funnel.Rep,
			Examples: example("members", "участники"),
		},
		{
			Key:      VerbRole,
			English:  []string{"role", "roles", "make"},
			Russian:  []string{"роль", "права", "роли", "сделай"},
			Params:   []Param{need(ArgPerson, KindPerson), need(ArgRole, KindRole)},
			Who:      funnel.Admin,
			Examples: example("role anna manager", "роль анна руководитель"),
		},
		{
			Key:      VerbLanguage,
			English:  []string{"language", "lang", "locale"},
			Russian:  []string{"язык"},
			Params:   []Param{need(ArgLanguage, KindLanguage)},
			Who:      funnel.Rep,
			Examples: example("language ru", "язык русский"),
		},
		{
			Key:      VerbTimezone,
			English:  []string{"timezone", "tz", "time zone"},
			Russian:  []string{"часовой пояс", "таймзона", "пояс", "зона"},
			Params:   []Param{need(ArgZone, KindZone)},
			Who:      funnel.Rep,
			Examples: example("timezone Europe/Berlin", "часовой пояс Екатеринбург"),
		},
	}
}

// Missing names the required arguments that the intent lacks, in the order in which they should be
// asked for. An argument with an open choice is not missing.
func (in Intent) Missing() []Arg {
	var missing []Arg
	v, _ := verbOf(in.Verb)
	for _, p := range v.Params {
		if p.Required && !in.Has(p.Arg) && !in.Open(p.Arg) {
			missing = append(missing, p.Arg)
		}
	}
	return missing
}

// Has reports whether the intent holds a value for the argument.
func (in Intent) Has(a Arg) bool {
	switch a {
	case ArgDeal:
		return !in.Deal.IsZero()
	case ArgStage:
		return in.Stage != "" || in.Forward
	case ArgReason:
		return in.Reason != ""
	case ArgSource:
		return in.Source != ""
	case ArgAmount:
		return !in.Amount.IsZero()
	case ArgWhen:
		return !in.When.IsZero()
	case ArgPerson:
		// A name that nobody has is asked about.
		return in.Person.Me || !in.Person.ID.IsZero()
	case ArgActivity:
		return in.Activity != Activity{}
	case ArgNext:
		return in.Next != Step{}
	case ArgNextWhen:
		return !in.Next.When.IsZero()
	case ArgText:
		return in.Text != ""
	case ArgCompany:
		return in.Company != ""
	case ArgTitle:
		return in.Title != ""
	case ArgField, ArgClose:
		return len(in.Fields) > 0 && !in.Fields[0].Empty()
	case ArgList:
		return in.List != List{}
	case ArgPage:
		return in.List.Page > 0
	case ArgReport, ArgWindow, ArgAsOf:
		return in.Report != Report{}
	case ArgTopic:
		return in.Topic != ""
	case ArgRole:
		return in.Role != ""
	case ArgLanguage:
		return in.Language != ""
	case ArgZone:
		return in.Zone != ""
	case ArgFrom:
		return in.From.Me || !in.From.ID.IsZero()
	case ArgPlan:
		return in.Wishes.Plan != ""
	case ArgQuiet:
		return in.Wishes.Quiet != ""
	case ArgCode:
		return in.Code != ""
	case ArgSwitch:
		return in.Switch != ""
	case ArgCircle:
		return !in.Circle.IsZero()
	case ArgContact:
		return in.Seat.Name != "" || !in.Seat.Contact.IsZero()
	case ArgRoles:
		return len(in.Seat.Roles)+len(in.Seat.NotRoles) > 0
	case ArgStance:
		return in.Seat.Stance != ""
	case ArgMonth:
		return !in.Month.IsZero()
	}
	return false
}
