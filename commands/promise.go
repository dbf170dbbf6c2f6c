package commands

import "funnelbot/funnel"

// sight is how far behind a word its day is looked for, in tokens.
const sight = 14

// soon reports whether [i,b) names a day of a promise within its segment.
func (s *scan) soon(i, b int) bool {
	end := min(s.segment(i, b), i+sight)
	for ; i < end; i++ {
		if h := s.date(i, end, Future); h.n > 0 && !h.hour && !h.behind && !h.impossible {
			return true
		}
	}
	return false
}

// turns reports whether n words at k turn from what happened to what follows, with a day to it:
// "then send docs tuesday".
func (s *scan) turns(k, n, b int) bool {
	switch s.word(k, b) {
	case "then", "потом", "затем", "далее", "дальше":
		return s.soon(k+n, b)
	case "next", "след", "следующий", "следующее":
		return n == 2 && s.soon(k+n, b)
	}
	return false
}

// promise reports whether somebody promises something from token k on, with a day to it: "I'll call
// them friday", "перезвонить во вторник". What the client wants is no promise of ours.
func (s *scan) promise(k, b int) bool {
	w, next := s.word(k, b), s.word(k+1, b)
	switch w {
	case "i'll", "we'll":
	case "i", "we":
		if next != "will" {
			return false
		}
	case "will", "gonna":
		if s.kind(k-1, k).n == 0 && s.past(0, k) < k && s.list[k-1].shape == word {
			return false // somebody else will
		}
	case "договорились", "договорился", "договорилась", "условились":
		if next != "на" && next != "о" && next != "об" && !promised(next) {
			return false
		}
	case "agreed":
		if next != "to" && next != "on" {
			return false
		}
	default:
		if !promised(w) || k > 0 && wants(s.word(k-1, b)) {
			return false
		}
	}
	return s.soon(k, b)
}

// promised reports whether the verb is of what we are going to do.
func promised(w string) bool {
	switch w {
	case "позвоню", "позвоним", "позвонить", "перезвоню", "перезвоним", "перезвонить", "наберу", "наберем", "набрать",
		"созвонимся", "созвониться", "отправлю", "отправим", "отправить", "вышлю", "вышлем", "выслать", "пришлю", "пришлем",
		"скину", "скинем", "напишу", "напишем", "написать", "встретимся", "встретиться", "встречаемся", "созваниваемся",
		"подготовлю", "подготовим", "подготовить", "уточню", "уточним", "уточнить", "узнаю", "узнаем", "узнать", "спрошу",
		"спросить", "сделаю", "сделаем", "покажу", "покажем", "обсудим", "свяжусь", "свяжемся", "связаться", "напомню",
		"напомнить", "вернусь", "вернемся", "вернуться", "проверю", "проверить", "заеду", "приеду", "подъеду":
		return true
	}
	return false
}

// errands reports whether the word, at the start of a step, says what is to be done.
func errands(w string) bool {
	switch kindNoun(w) {
	case funnel.Call, funnel.Meeting, funnel.Demo:
		return true
	case funnel.Email, funnel.Message, funnel.Pilot, funnel.Payment, funnel.Note, funnel.StepDone:
	}
	switch w {
	case "send", "meet", "write", "ask", "check", "remind", "follow", "prepare", "email", "phone", "ring", "visit", "discuss",
		"confirm", "get", "find", "make", "schedule", "book", "invite", "sign", "talk", "ping", "chase",
		"согласовать", "подписать", "выставить", "сделать", "показать", "обсудить", "проверить", "получить", "договориться",
		"назначить", "пригласить", "позвать", "съездить", "заехать", "поговорить", "провести", "дожать", "дождаться":
		return true
	}
	return false
}

// wants reports whether the word says that somebody asks for what follows.
func wants(w string) bool {
	switch w {
	case "просят", "просит", "просили", "попросили", "попросил", "попросила", "хотят", "хочет", "хотели", "обещали",
		"обещал", "обещала", "обещают", "готовы", "готов", "могут", "может", "должны", "должен", "они", "он", "она", "не":
		return true
	}
	return false
}

// onlyPromised turns a log of nothing but a promise into the next step that it is.
func (s *scan) onlyPromised() {
	in := &s.in
	told := in.Activity.Kind != "" || in.Text != "" || in.Stage != "" || !in.Amount.IsZero() || !in.When.IsZero()
	if in.Verb != VerbLog || !s.vowed || told || len(in.Deal.Words) > 2 {
		return
	}
	in.Verb, in.Text, in.When, in.Next = VerbNext, in.Next.Text, in.Next.When, Step{}
	for i := range in.Choices {
		if in.Choices[i].Arg == ArgNextWhen {
			in.Choices[i].Arg = ArgWhen
		}
	}
}

// plannable reports whether an activity with a day ahead is a plan: it is a noun, of what can be
// planned, and nothing else happened.
func (s *scan) plannable(h kindHit) bool {
	return s.in.Verb == VerbLog && !h.acted && h.activity.Kind != funnel.Note && s.in.Stage == ""
}

// plan takes the activity at [at,b), whose day of d stands at k, as the next step. Where no deal is
// known, the words behind the activity name it.
func (s *scan) plan(at, b int, h kindHit, k int, d dateHit, known bool) piece {
	s.in.Verb, s.in.Activity = VerbNext, Activity{}
	s.dated(ArgWhen, d, k)
	s.use(k, k+d.n)
	end := at + h.n
	if !known && s.free(end, b) {
		s.refer(end, b, b)
		s.in.Text = trimmed(s.span(at, end) + " " + s.in.Text)
		return piece{}
	}
	if k < at {
		s.in.Text = s.span(at, b)
	} else {
		s.in.Text = trimmed(s.span(at, k) + " " + s.span(k+d.n, b))
	}
	return piece{}
}
