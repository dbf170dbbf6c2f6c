package commands

// present reports whether the line says that whoever typed it is here again: "I'm back", "back from
// vacation", "я вернулась из отпуска", "на месте". A word more that is not of that kind may be a deal.
func (s *scan) present(i, b int) bool {
	self := false
	for ; i < b; i = s.past(i+1, b) {
		w := s.word(i, b)
		if !speaker(w) {
			break
		}
		self = true
	}
	back := s.word(i, b)
	switch next := s.word(s.past(i+1, b), b); {
	case back == "вернулся", back == "вернулась":
		i = s.past(i+1, b)
	case back == "на" && (next == "месте" || self && next == "работе"):
		i = s.past(s.past(i+1, b)+1, b)
	case back == "back" && (self || next == "from" || next == "at" || next == "in"):
		i = s.past(i+1, b)
	default:
		return false
	}
	return s.whence(i, b)
}

// speaker reports whether the word stands in front of what somebody says of themselves.
func speaker(w string) bool {
	switch w {
	case "i", "am", "i'm", "im", "i’m", "now", "again", "already", "finally", "я", "уже", "снова", "опять", "наконец":
		return true
	}
	return false
}

// whence reports whether [i,b) only says from where somebody came back, and to what.
func (s *scan) whence(i, b int) bool {
	for ; i < b; i = s.past(i+1, b) {
		switch w := s.word(i, b); w {
		case "from", "at", "in", "to", "the", "my", "a", "vacation", "holiday", "holidays", "leave", "trip", "sick", "parental", "work",
			"office", "again", "now", "today", "town", "business", "из", "с", "со", "в", "на", "отпуска", "отпуск", "больничного",
			"декрета", "командировки", "поездки", "каникул", "праздников", "работу", "работе", "офис", "офисе", "строю", "строй", "месте",
			"место", "уже", "снова", "опять", "сегодня", "и":
		default:
			return false
		}
	}
	return true
}
