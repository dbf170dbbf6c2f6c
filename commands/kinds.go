package commands

import "funnelbot/funnel"

// kindHit is an activity found among tokens.
type kindHit struct {
	n        int
	activity Activity
	// acted says that the word tells who acted, "позвонил Ивану": with what follows it is worth
	// keeping in the text, as a bare "звонок" is not.
	acted bool
	// keep says that the words belong in the text even alone: "не дозвонился".
	keep bool
}

// kind reads an activity that begins at token i.
func (s *scan) kind(i, b int) kindHit {
	w := s.word(i, b)
	if w == "" {
		return kindHit{}
	}
	if d := towards(w); d != funnel.Undirected {
		if h := s.kind(i+1, b); h.n == 1 && !h.acted {
			return kindHit{n: 2, activity: Activity{h.activity.Kind, d}}
		}
		return kindHit{}
	}
	if k := kindNoun(w); k != "" {
		return kindHit{n: 1, activity: Activity{Kind: k}}
	}
	if w == "advance" && s.money(i+1, b).unit {
		return kindHit{n: 1, activity: Activity{Kind: funnel.Payment}}
	}
	if w == "не" || w == "недозвон" {
		return s.missed(i, b)
	}
	h := kindHit{n: 1, acted: true}
	if h.activity = kindVerb(w); h.activity.Kind == "" {
		if h.activity = sentVerb(w); h.activity.Kind == "" {
			return kindHit{}
		}
		if k := s.sent(i+1, b); k.n > 0 {
			h.n += k.n
			if k.activity.Kind != "" {
				h.activity.Kind = k.activity.Kind
			}
		}
	}
	switch s.word(i+h.n, b) {
	case "нам", "мне", "us", "me":
		h.activity.Direction = funnel.Incoming
		h.n++
	}
	return h
}

// missed reads "недозвон" and "не дозвонился": a call of ours that nobody took.
func (s *scan) missed(i, b int) kindHit {
	h := kindHit{n: 1, acted: true, keep: true, activity: Activity{funnel.Call, funnel.Outgoing}}
	if s.word(i, b) == "недозвон" {
		return h
	}
	switch s.word(i+1, b) {
	case "дозвонился", "дозвонилась", "дозвонились":
		h.n = 2
		return h
	}
	return kindHit{}
}

// sent reads what was sent: the proposal, a contract, a letter.
func (s *scan) sent(i, b int) kindHit {
	n := 0
	switch s.word(i, b) {
	case "the", "a", "an", "our", "наше", "наш", "им":
		n++
	}
	switch s.word(i+n, b) {
	case "кп", "предложение", "договор", "счет", "презентацию", "презентация", "материалы", "документы", "бриф",
		"proposal", "offer", "quote", "contract", "invoice", "deck", "brief":
		return kindHit{n: n + 1}
	}
	if k := kindNoun(s.word(i+n, b)); k != "" {
		return kindHit{n: n + 1, activity: Activity{Kind: k}}
	}
	return kindHit{}
}

// actor reports whether the word in front of an activity says that the client acted.
func actor(w string) bool {
	switch w {
	case "они", "он", "она", "клиент", "сами", "they", "he", "she", "client", "customer":
		return true
	}
	return false
}

// towards reads the direction that stands in front of a noun.
func towards(w string) funnel.Direction {
	switch w {
	case "входящий", "входящее", "входящая", "incoming", "inbound":
		return funnel.Incoming
	case "исходящий", "исходящее", "исходящая", "outgoing", "outbound":
		return funnel.Outgoing
	}
	return funnel.Undirected
}

func kindNoun(w string) funnel.ActivityKind {
	switch w {
	case "звонок", "звонка", "созвон", "созвона", "call", "phonecall", "разговор":
		return funnel.Call
	case "встреча", "встречу", "встречи", "meeting":
		return funnel.Meeting
	case "демо", "демонстрация", "демонстрацию", "презентация", "презентацию", "demo", "presentation":
		return funnel.Demo
	case "письмо", "email", "e-mail", "mail", "имейл", "мейл":
		return funnel.Email
	case "сообщение", "message", "msg", "переписка", "смс", "sms":
		return funnel.Message
	case "пилот", "pilot":
		return funnel.Pilot
	case "оплата", "оплату", "платеж", "предоплата", "предоплату", "аванс", "депозит", "задаток", "payment", "prepayment", "deposit":
		return funnel.Payment
	case "заметка", "заметку", "note", "комментарий", "comment", "примечание":
		return funnel.Note
	}
	return ""
}

// kindVerb reads what somebody did. One person's "позвонил" is ours; "звонили" may be theirs, and
// what only they do (replied, paid, прислали) comes from them.
func kindVerb(w string) Activity {
	switch w {
	case "позвонил", "позвонила", "звонил", "звонила", "дозвонился", "дозвонилась", "набрал", "набрала", "called", "phoned", "rang":
		return Activity{funnel.Call, funnel.Outgoing}
	case "позвонили", "звонили", "созвонились", "созвонился", "созвонилась", "поговорил", "поговорила", "поговорили",
		"пообщались", "spoke", "talked":
		return Activity{funnel.Call, funnel.Undirected}
	case "перезвонили":
		return Activity{funnel.Call, funnel.Incoming}
	case "встретился", "встретилась", "встретились", "встречались", "met", "visited":
		return Activity{funnel.Meeting, funnel.Undirected}
	case "показал", "показала", "показали", "presented", "demoed", "showed":
		return Activity{funnel.Demo, funnel.Outgoing}
	case "написал", "написала", "messaged", "texted", "wrote":
		return Activity{funnel.Message, funnel.Outgoing}
	case "написали", "писали":
		return Activity{funnel.Message, funnel.Undirected}
	case "emailed", "mailed":
		return Activity{funnel.Email, funnel.Outgoing}
	case "оплатили", "оплатил", "оплатила", "заплатили", "paid":
		return Activity{funnel.Payment, funnel.Incoming}
	}
	return Activity{}
}

// sentVerb reads verbs whose object says what it was.
func sentVerb(w string) Activity {
	switch w {
	case "отправил", "отправила", "отправили", "выслал", "выслала", "выслали", "послал", "послала", "послали",
		"скинул", "скинула", "скинули", "sent", "forwarded":
		return Activity{funnel.Message, funnel.Outgoing}
	case "прислал", "прислала", "прислали", "ответили", "replied", "answered", "получил", "получила", "получили",
		"received":
		return Activity{funnel.Message, funnel.Incoming}
	}
	return Activity{}
}
