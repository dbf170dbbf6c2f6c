package local

// presses are the buttons on the screen, by their numbers.
type presses struct {
	// answer holds the actions of the last answer: the first is number 1.
	answer []string
	// notices are the buttons of notices, numbered on from what was on the screen.
	notices map[int]string
	// last is the highest number of a notice.
	last int
	// agree is what Enter presses; empty for nothing.
	agree string
	// question is what is asked now; empty for nothing.
	question string
	// typed is true while a question waits for an answer in one's own words.
	typed bool
}

// find returns the action of the button with the number.
func (p *presses) find(n int) (string, bool) {
	if n >= 1 && n <= len(p.answer) {
		return p.answer[n-1], true
	}
	action, ok := p.notices[n]
	return action, ok
}

// answered puts the buttons of an answer in place of those of the last one. A notice's buttons
// stay good until their number is given away.
func (p *presses) answered(page page) {
	p.answer, p.agree, p.typed, p.question = page.actions, page.agree, page.typed, page.question
	for n := range p.notices {
		if n <= len(p.answer) {
			delete(p.notices, n)
		}
	}
	if len(p.notices) == 0 {
		p.last = 0
	}
}

// next is the number of the first button of a notice.
func (p *presses) next() int { return max(len(p.answer), p.last) + 1 }

// noticed adds the buttons of a notice, which were numbered from p.next() on.
func (p *presses) noticed(page page) {
	if p.notices == nil {
		p.notices = map[int]string{}
	}
	n := p.next()
	for i, action := range page.actions {
		p.notices[n+i] = action
		p.last = n + i
		delete(p.notices, n+i-keptPresses)
	}
}
