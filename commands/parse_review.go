package commands

// snooze reads "ромашка до пятницы", "acme off".
func (s *scan) snooze(i, b int) {
	for k := i; k < b; k++ {
		switch s.word(k, b) {
		case "off", "again", "снова", "опять", "выкл":
			s.in.Switch = SwitchOff
			s.use(k, k+1)
		case "from", "me", "for", "от", "меня", "мне", "пока":
			s.use(k, k+1)
		}
	}
	s.park(i, b)
}
