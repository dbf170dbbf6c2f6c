package commands

import (
	"strings"

	"funnelbot/funnel"
)

// followUp reads a segment [k,end) that says what follows: the next step, the amount, the stage,
// a day. It returns where it ends, or 0 when the segment is text.
func (s *scan) followUp(k, end, b int) int {
	if n, colon := s.nextMarker(k, b); n > 0 && (colon || s.plainMarker(k, n, end)) {
		end = s.stepEnd(k+n, b)
		s.vowed = s.vowed || !colon && s.promise(k+n, end)
		s.in.Next.Text = s.step(k+n, end, ArgNextWhen)
		return end
	}
	if s.promise(k, end) && s.in.Next == (Step{}) && !s.in.Open(ArgNextWhen) {
		s.in.Next.Text = s.step(k, end, ArgNextWhen)
		s.vowed = true
		return end
	}
	if h := s.kind(k, end); h.n > 0 && !h.acted && s.in.Activity.Kind != "" && s.in.Next == (Step{}) && !s.in.Open(ArgNextWhen) {
		if d := s.date(k+h.n, end, Future); d.ahead && s.only(k+h.n+d.n, end) {
			s.dated(ArgNextWhen, d, k+h.n)
			s.in.Next.Text = s.span(k, k+h.n)
			return end
		}
	}
	if n := amountMarker(s.word(k, end)); n > 0 {
		if m := s.money(k+n, end); m.n > 0 && s.only(k+n+m.n, end) {
			s.priced(m, k+n)
			return end
		}
	}
	if stageMarker(s.word(k, end)) {
		if a := s.stageAt(k+1, end); a.found() && s.only(a.end(), end) {
			s.keyed(ArgStage, a.keys)
			return end
		}
	}
	if m := s.money(k, end); s.isAmount(m, k, end) && s.in.Amount.IsZero() {
		s.priced(m, k)
		return end
	}
	if h := s.date(k, end, Past); h.n > 0 && !h.vague && s.only(k+h.n, end) {
		s.onDay(h, k)
		return end
	}
	return 0
}

func (s *scan) isAmount(m moneyHit, k, end int) bool {
	return m.n > 0 && (m.unit || m.digits > 3) && s.only(k+m.n, end) && !s.owed(k, m.n)
}

// owed reports whether an amount of n tokens at k is one that is paid or taken off, not what the
// deal is worth: "аванс 100к", "20k discount".
func (s *scan) owed(k, n int) bool {
	if s.in.Activity.Kind == funnel.Payment || paid(s.word(k+n, len(s.list))) {
		return true
	}
	for i := k - 1; i >= 0 && i > k-4; i-- {
		w := s.word(i, len(s.list))
		if t := s.list[i]; paid(w) || t.used && paid(s.folded[t.fs:t.fe]) {
			return true
		}
		if !preposition(w) && !light(w) && (s.list[i].shape != mark || !s.dashed(i)) {
			return false
		}
	}
	return false
}

// paid reports whether the word names money that changes hands, or is spared.
func paid(w string) bool {
	switch w {
	case "payment", "prepayment", "advance", "deposit", "downpayment", "discount", "refund", "rebate", "instalment", "installment",
		"оплата", "оплату", "оплаты", "платеж", "платежа", "предоплата", "предоплату", "предоплаты", "аванс", "аванса",
		"авансом", "депозит", "депозита", "задаток", "скидка", "скидку", "скидки", "скидкой", "возврат", "рассрочка", "рассрочку":
		return true
	}
	return false
}

// nextMarker returns how many words at k say that a next step follows, and whether a colon ends
// them.
func (s *scan) nextMarker(k, b int) (n int, colon bool) {
	switch s.word(k, b) {
	case "след", "следующий", "следующее", "next":
		n = 1
		if w := s.word(k+1, b); w == "шаг" || w == "step" || w == "действие" {
			n = 2
		}
	case "follow":
		if s.word(k+1, b) != "up" {
			return 0, false
		}
		n = 2
	case "follow-up", "followup", "далее", "дальше", "затем", "потом", "then", "todo", "шаг", "step", "задача", "напомни":
		n = 1
	default:
		return 0, false
	}
	return n, s.list[k+n-1].colon || k+n < b && s.list[k+n].shape == mark && s.dashed(k+n)
}

// plainMarker reports whether a marker without a colon is one: a day alone follows ("след пт"), or
// the marker itself is no part of a day ("next week they decide" is text).
func (s *scan) plainMarker(k, n, end int) bool {
	if h := s.date(k+n, end, Future); h.n > 0 && s.only(k+n+h.n, end) {
		return true
	}
	if n == 2 || s.turns(k, n, end) {
		return true
	}
	switch s.word(k, end) {
	case "след", "next", "todo", "напомни", "follow-up", "followup":
		return s.date(k, end, Future).n == 0 && s.past(k+n, end) < end
	}
	return false
}

// dashed reports whether the mark at i is a dash.
func (s *scan) dashed(i int) bool {
	return strings.ContainsAny(s.line[s.list[i].start:s.list[i].end], "-–—−")
}

// stepEnd returns the end of a next step: it takes in every segment that says nothing else.
func (s *scan) stepEnd(i, b int) int {
	end := s.part(i, b)
	for {
		k := s.fresh(end, b)
		if k >= b {
			return b
		}
		e := s.part(k, b)
		if s.other(k, e) || s.list[end].shape == arrow {
			return end
		}
		end = e
	}
}

// other reports whether a segment is an amount, a stage or another next step.
func (s *scan) other(k, end int) bool {
	_, colon := s.nextMarker(k, end)
	m := s.money(k, end)
	return colon || stageMarker(s.word(k, end)) || amountMarker(s.word(k, end)) > 0 || s.isAmount(m, k, end)
}

// step reads a next step: its day at the end, at the start, or anywhere in the middle, where it
// stays in the text.
func (s *scan) step(a, b int, arg Arg) string {
	a = s.past(a, b)
	for k := max(a, b-10); k < b; k++ {
		if h := s.date(k, b, Future); h.n > 0 && s.only(k+h.n, b) {
			s.dated(arg, h, k)
			return s.text(a, k)
		}
	}
	if h := s.date(a, b, Future); h.n > 0 {
		s.dated(arg, h, a)
		return s.text(a+h.n, b)
	}
	for k := a; k < b; k++ {
		if h := s.date(k, b, Future); h.n > 0 && !h.hour && !h.impossible {
			s.dated(arg, h, k)
			break
		}
	}
	return s.text(a, b)
}

// text returns the span without a dash at its ends.
func (s *scan) text(a, b int) string { return trimmed(s.span(a, b)) }

// next reads "ромашка отправить КП в пт". Where the deal ends and the step begins is certain only
// after a number, a quoted name, a colon, a comma, or with the day between them.
func (s *scan) next(i, b int) {
	a := s.toMe(s.past(i, b), b)
	if h := s.date(a, b, Future); h.n > 0 && s.in.Deal.IsZero() {
		s.dated(ArgWhen, h, a)
		s.use(a, a+h.n)
		a = s.toMe(s.past(a+h.n, b), b)
	}
	a = s.head(a, b)
	if !s.in.Deal.IsZero() {
		s.planned(a, b)
		return
	}
	if s.errand(a, b) {
		return
	}
	for k := a; k < min(b, a+maxWords+1); k++ {
		t := s.list[k]
		if t.shape != word && t.shape != symbol {
			s.refer(a, k, k)
			s.planned(k, b)
			return
		}
		if h := s.date(k, b, Future); h.n > 0 && k > a && s.in.When.IsZero() {
			s.dated(ArgWhen, h, k)
			s.use(k, k+h.n)
			if s.in.Text = s.text(k+h.n, b); s.in.Text == "" {
				s.refer(a, k, k)
			} else {
				s.refer(a, k, k+h.n)
			}
			return
		}
		if t.colon {
			s.refer(a, k+1, k+1)
			s.planned(k+1, b)
			return
		}
	}
	s.refer(a, b, b)
}

// errand reads a step that begins with what is to be done and so names no deal in front: "call them
// tomorrow", "напомни позвонить в ромашку завтра". The deal may be its last words.
func (s *scan) errand(a, b int) bool {
	if w := s.word(a, b); !errands(w) && !promised(w) && !s.promise(a, b) {
		return false
	}
	end := s.segment(a, b)
	words, rest := end, end
	if s.in.When.IsZero() && !s.in.Open(ArgWhen) {
		for k := a; k < end; k++ {
			if h := s.date(k, end, Future); h.n > 0 && (!h.hour || k+h.n == end) {
				s.dated(ArgWhen, h, k)
				s.use(k, k+h.n)
				words, rest = k, k+h.n
				break
			}
		}
	}
	if rest < b {
		s.planned(rest, b)
	}
	s.refer(a, words, words)
	s.in.Deal.Last = len(s.in.Deal.Words) > 0
	return true
}

// toMe passes by the words that only address the reminder: "remind me to".
func (s *scan) toMe(i, b int) int {
	for {
		switch s.word(i, b) {
		case "me", "мне", "to", "нам", "us":
			i = s.past(i+1, b)
		default:
			return i
		}
	}
}

// planned reads the step when the deal is known.
func (s *scan) planned(a, b int) {
	if !s.in.When.IsZero() || s.in.Open(ArgWhen) {
		s.in.Text = s.text(a, b)
		return
	}
	s.in.Text = s.step(a, b, ArgWhen)
}

func amountMarker(w string) int {
	switch w {
	case "сумма", "бюджет", "amount", "budget", "сумму", "стоимость":
		return 1
	}
	return 0
}

func stageMarker(w string) bool {
	switch w {
	case "move", "stage", "этап", "стадия", "двигай", "перенеси", "переведи":
		return true
	}
	return false
}
