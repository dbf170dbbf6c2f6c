package commands

import (
	"slices"
	"sync"

	"funnelbot/funnel"
)

// Key names a verb for ever; its aliases may change.
type Key string

// The verbs.
const (
	VerbToday    Key = "today"
	VerbNew      Key = "new"
	VerbShow     Key = "show"
	VerbList     Key = "list"
	VerbFind     Key = "find"
	VerbCompany  Key = "company"
	VerbMove     Key = "move"
	VerbBack     Key = "back"
	VerbWon      Key = "won"
	VerbLost     Key = "lost"
	VerbPark     Key = "park"
	VerbReopen   Key = "reopen"
	VerbUndo     Key = "undo"
	VerbLog      Key = "log"
	VerbNext     Key = "next"
	VerbDone     Key = "done"
	VerbSet      Key = "set"
	VerbAssign   Key = "assign"
	VerbFunnel   Key = "funnel"
	VerbHelp     Key = "help"
	VerbMembers  Key = "members"
	VerbRole     Key = "role"
	VerbLanguage Key = "language"
	VerbTimezone Key = "timezone"

	VerbInvite     Key = "invite"
	VerbApprove    Key = "approve"
	VerbDecline    Key = "decline"
	VerbRemove     Key = "remove"
	VerbLink       Key = "link"
	VerbJoin       Key = "join"
	VerbAccess     Key = "access"
	VerbConnect    Key = "connect"
	VerbDisconnect Key = "disconnect"
	VerbAnnounce   Key = "announce"
	VerbWorkspace  Key = "workspace"

	VerbTransfer Key = "transfer"
	VerbAway     Key = "away"
	VerbNotify   Key = "notify"

	VerbQualify Key = "qualify"
	VerbPeople  Key = "people"
	VerbForget  Key = "forget"
	VerbRenew   Key = "renew"

	VerbQuota Key = "plan"
)

// ArgKind is what sort of words an argument takes.
type ArgKind string

// The kinds of arguments.
const (
	KindDeal     ArgKind = "deal"
	KindStage    ArgKind = "stage"
	KindReason   ArgKind = "reason"
	KindSource   ArgKind = "source"
	KindMoney    ArgKind = "money"
	KindPast     ArgKind = "past"   // a day behind
	KindFuture   ArgKind = "future" // a day ahead
	KindPerson   ArgKind = "person"
	KindActivity ArgKind = "activity"
	KindStep     ArgKind = "step"
	KindText     ArgKind = "text"
	KindField    ArgKind = "field"
	KindList     ArgKind = "list"
	KindNumber   ArgKind = "number"
	KindReport   ArgKind = "report"
	KindDays     ArgKind = "days"
	KindVerb     ArgKind = "verb"
	KindRole     ArgKind = "role"
	KindLanguage ArgKind = "language"
	KindZone     ArgKind = "zone"
	KindCode     ArgKind = "code"
	KindSwitch   ArgKind = "switch"
	KindCircle   ArgKind = "circle"
	KindClock    ArgKind = "clock"
	KindContact  ArgKind = "contact" // somebody at the client
	KindPart     ArgKind = "part"    // a role of the committee
	KindStance   ArgKind = "stance"
	KindMonth    ArgKind = "month"
)

// Param is one argument that a verb takes.
type Param struct {
	Arg  Arg
	Kind ArgKind
	// Required arguments are asked for when they are missing. A deal is not: it is then the one of
	// the thread, or the last.
	Required bool
}

// Verb is one row of the table of what can be said.
type Verb struct {
	Key Key
	// English and Russian are the words and phrases that mean the verb, the best one first. All
	// are understood in both languages.
	English, Russian []string
	Params           []Param
	// Who is the weakest role that may use it; use cases judge finer.
	Who funnel.Role
	// Help is the key of its sentences in the catalogs.
	Help string
	// Examples are lines that parse, one per language.
	Examples map[funnel.Locale]string
}

// Name returns the alias to show in a language.
func (v Verb) Name(l funnel.Locale) string {
	if l == funnel.Russian && len(v.Russian) > 0 {
		return v.Russian[0]
	}
	return v.English[0]
}

func need(a Arg, k ArgKind) Param { return Param{a, k, true} }
func may(a Arg, k ArgKind) Param  { return Param{a, k, false} }

func example(english, russian string) map[funnel.Locale]string {
	return map[funnel.Locale]string{funnel.English: english, funnel.Russian: russian}
}

// Verbs returns the table of every verb in the order of help. Aliases are in folded form.
func Verbs() []Verb { return slices.Clone(verbs().rows) }

// ParamsOf returns what can be said with a verb, nothing for a word that is none. It is not to be
// written to.
func ParamsOf(k Key) []Param {
	v, _ := verbOf(k)
	return v.Params
}

// verbTable is the table with the row of each verb.
type verbTable struct {
	rows []Verb
	of   map[Key]int
}

// verbs makes the table once: it is read several times for every line, and nobody writes to it.
var verbs = sync.OnceValue(func() verbTable {
	t := verbTable{rows: verbRows(), of: map[Key]int{}}
	for i, v := range t.rows {
		t.of[v.Key] = i
	}
	return t
})

func verbRows() []Verb {
	table := append(readingVerbs(), dealVerbs()...)
	table = append(table, workVerbs()...)
	table = append(table, peopleVerbs()...)
	table = append(table, quotaVerbs()...)
	table = append(table, reviewVerbs()...)
	table = append(table, settingVerbs()...)
	table = append(table, digestVerbs()...)
	table = append(table, noticeVerbs()...)
	table = append(table, accessVerbs()...)
	for i := range table {
		table[i].Help = "help." + string(table[i].Key)
	}
	return table
}

func readingVerbs() []Verb {
	return []Verb{
		{
			Key:      VerbToday,
			English:  []string{"today", "my plan", "agenda", "my day", "day plan"},
			Russian:  []string{"сегодня", "мой план", "мой день", "что сегодня", "план дня"},
			Params:   []Param{may(ArgPerson, KindPerson)},
			Who:      funnel.Rep,
			Examples: example("today", "сегодня"),
		},
		{
			Key:      VerbShow,
			English:  []string{"show", "card", "view", "open", "show deal"},
			Russian:  []string{"покажи", "показать", "карточка", "карточку", "открой", "открыть", "покажи сделку"},
			Params:   []Param{may(ArgDeal, KindDeal)},
			Who:      funnel.Rep,
			Examples: example("show acme", "покажи ромашка"),
		},
		{
			Key:      VerbList,
			English:  []string{"list", "ls", "deals"},
			Russian:  []string{"список", "сделки", "перечень"},
			Params:   []Param{may(ArgList, KindList), may(ArgStage, KindStage), may(ArgPerson, KindPerson), may(ArgPage, KindNumber)},
			Who:      funnel.Rep,
			Examples: example("list stuck", "список зависшие"),
		},
		{
			Key:      VerbFind,
			English:  []string{"find", "search", "lookup"},
			Russian:  []string{"найди", "найти", "поиск", "ищи", "искать", "где"},
			Params:   []Param{need(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("find acme", "найди ромашка"),
		},
		{
			Key:      VerbCompany,
			English:  []string{"company", "client", "account"},
			Russian:  []string{"компания", "компанию", "клиент", "клиента", "фирма", "организация"},
			Params:   []Param{need(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("company acme", "компания ромашка"),
		},
		{
			Key:      VerbFunnel,
			English:  []string{"funnel", "report", "stats", "pipeline", "bottleneck", "weakest link", "forecast", "why"},
			Russian:  []string{"воронка", "отчет", "статистика", "пайплайн", "узкое место", "слабое звено", "прогноз", "почему"},
			Params:   []Param{may(ArgReport, KindReport), may(ArgWindow, KindDays), may(ArgAsOf, KindPast)},
			Who:      funnel.Rep,
			Examples: example("funnel owners 90d", "воронка 90 дней"),
		},
		{
			Key:      VerbHelp,
			English:  []string{"help", "?", "commands", "start", "hello", "hi", "hey", "what can you do"},
			Russian:  []string{"помощь", "помоги", "справка", "команды", "хелп", "старт", "привет", "здравствуйте", "что ты умеешь"},
			Params:   []Param{may(ArgTopic, KindVerb)},
			Who:      funnel.Rep,
			Examples: example("help lost", "помощь отложи"),
		},
	}
}

func dealVerbs() []Verb {
	deal := may(ArgDeal, KindDeal)
	return []Verb{
		{
			Key:     VerbNew,
			English: []string{"new", "add", "create", "new deal", "new lead"},
			Russian: []string{
				"новая", "новый", "новое", "добавь", "добавить", "создать", "создай", "заведи", "завести",
				"новая сделка", "новый лид", "новый клиент",
			},
			Params: []Param{
				need(ArgCompany, KindText), may(ArgTitle, KindText), may(ArgAmount, KindMoney),
				may(ArgSource, KindSource), may(ArgWhen, KindFuture),
			},
			Who:      funnel.Rep,
			Examples: example("new Acme Tools, office network, 1.2M, website", "новая Ромашка, внедрение, 1,2 млн, сайт"),
		},
		{
			Key:     VerbMove,
			English: []string{"move", "mv", "advance", "push"},
			Russian: []string{
				"двигай", "двинь", "двинуть", "двигать", "перемести", "переместить", "сдвинь", "сдвинуть",
				"перенеси", "перенести", "переведи", "перевести", "продвинь",
			},
			Params:   []Param{deal, need(ArgStage, KindStage), may(ArgWhen, KindPast), may(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("move acme negotiation", "двигай ромашка переговоры"),
		},
		{
			Key:      VerbBack,
			English:  []string{"back", "return", "move back"},
			Russian:  []string{"назад", "верни", "вернуть", "откати", "откатить", "откат"},
			Params:   []Param{deal, may(ArgStage, KindStage), need(ArgText, KindText), may(ArgWhen, KindPast)},
			Who:      funnel.Rep,
			Examples: example("back acme qualification because the budget is gone", "назад ромашка квалификация потому что нет бюджета"),
		},
		{
			Key:     VerbWon,
			English: []string{"won", "win", "signed", "closed won", "sold"},
			Russian: []string{
				"выиграли", "выиграл", "выиграла", "выиграна", "выиграно", "выигрыш", "победа", "подписали",
				"подписан", "подписано", "подписана", "продали", "продано",
			},
			Params:   []Param{deal, may(ArgAmount, KindMoney), may(ArgWhen, KindPast), may(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("won acme 1.2M yesterday", "выиграли ромашка 1,2 млн вчера"),
		},
		{
			Key:     VerbLost,
			English: []string{"lost", "lose", "loss", "closed lost"},
			Russian: []string{
				"проиграли", "проиграл", "проиграла", "проиграна", "проиграно", "проигрыш", "потеряли", "потерял",
				"потеряла", "потеряна", "потеряно", "слив", "слили", "слита", "отказ", "отказались",
			},
			Params:   []Param{deal, need(ArgReason, KindReason), may(ArgText, KindText), may(ArgWhen, KindPast)},
			Who:      funnel.Rep,
			Examples: example("lost acme price", "проиграли ромашка цена"),
		},
		{
			Key:      VerbPark,
			English:  []string{"park", "pause", "postpone", "hold"},
			Russian:  []string{"отложи", "отложить", "отложили", "отложена", "пауза", "припаркуй", "заморозь", "заморозить"},
			Params:   []Param{deal, need(ArgWhen, KindFuture), may(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("park acme until Feb 1, budget opens then", "отложи ромашка до 1 февраля, бюджет в феврале"),
		},
		{
			Key:      VerbReopen,
			English:  []string{"reopen", "revive", "resurrect"},
			Russian:  []string{"возобнови", "возобновить", "переоткрой", "переоткрыть", "оживи", "оживить"},
			Params:   []Param{deal, may(ArgStage, KindStage), may(ArgText, KindText)},
			Who:      funnel.Rep,
			Examples: example("reopen acme", "возобнови ромашка"),
		},
		{
			Key:      VerbUndo,
			English:  []string{"undo", "revert", "oops"},
			Russian:  []string{"отмени", "отмена", "отменить", "верни как было"},
			Who:      funnel.Rep,
			Examples: example("undo", "отмени"),
		},
	}
}
