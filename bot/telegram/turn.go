package telegram

import (
	"slices"
	"strconv"
	"strings"

	"funnelbot/bot/message"
	"funnelbot/commands"
)

// A question with more options than a message holds shows them page by page, so that it stays one
// message that is edited. Which page is seen is written in the data of the buttons that turn it, so it
// outlives the program.

// turnMark begins the data of a button that turns to another page: @page~token~resume.
const turnMark = "@"

// turn makes the data of the button that leads to a page, counted from 1, of the question of the token.
func turn(page int, token string) string {
	return turnMark + strconv.Itoa(page) + commands.QuestionAction(token, resumeAct, "")
}

// turned takes the data of such a button apart: the page, and the action that shows the question again.
func turned(data string) (page int, action string, ok bool) {
	rest, ok := strings.CutPrefix(data, turnMark)
	if !ok {
		return 0, "", false
	}
	at := strings.Index(rest, dialogMark)
	if at < 0 {
		return 0, "", false
	}
	page, err := strconv.Atoi(rest[:at])
	_, act, _ := actionParts(rest[at:])
	return page, rest[at:], err == nil && page > 0 && act == resumeAct
}

// asIfPressed is the action that the data of a button stands for.
func asIfPressed(data string) string {
	if _, action, ok := turned(data); ok {
		return action
	}
	return data
}

// onlyQuestion is a document that was asked for only to turn its page: without what leads back to a question
// that the person has before them.
func onlyQuestion(d message.Doc) message.Doc {
	i := slices.IndexFunc(d.Blocks, func(b message.Block) bool { _, asks := b.(message.Form); return asks })
	if i > 0 {
		d.Blocks = d.Blocks[i:]
	}
	return d
}

// sheet is one page of the options of a question: those from first to before end, of page at of all.
type sheet struct {
	first, end int
	at, of     int
	// token is that of the question, for the buttons that turn the page.
	token string
}

// sheetOf returns the page of a question that is to be seen after a button with the data was pressed: the
// one that was turned to, or that has the option which was pressed, else that of the default.
func sheetOf(f message.Form, pressed string) sheet {
	token, _, _ := actionParts(f.Reply)
	ends := leaves(f.Options)
	if token == "" || len(ends) < 2 {
		return sheet{end: len(f.Options), at: 1, of: 1}
	}
	on := 0
	if page, _, ok := turned(pressed); ok {
		on = min(page, len(ends)) - 1
	} else if i := lookedAt(f, pressed); i >= 0 {
		on = slices.IndexFunc(ends, func(end int) bool { return i < end })
	}
	s := sheet{end: ends[on], at: on + 1, of: len(ends), token: token}
	if on > 0 {
		s.first = ends[on-1]
	}
	return s
}

// lookedAt is the option that somebody looks for who pressed a button with the data: the same one, or the
// one that holds. -1: none.
func lookedAt(f message.Form, pressed string) int {
	if _, act, key := actionParts(pressed); act == pickAct && key != "" {
		same := func(o message.Option) bool { _, _, k := actionParts(o.Action); return k == key }
		if i := slices.IndexFunc(f.Options, same); i >= 0 {
			return i
		}
	}
	return slices.IndexFunc(f.Options, func(o message.Option) bool {
		return o.Chosen || f.Default != nil && o.Label == f.Default.Label
	})
}

// leaves divides options into pages and returns where each ends.
func leaves(all []message.Option) []int {
	if len(all) <= maxChoices && size(notes(all)) <= maxNotes {
		return []int{len(all)}
	}
	var ends []int
	first, used := 0, 0
	for i := range all {
		n := size(notes(all[i:i+1])) + 1
		if i > first && (i-first == maxSheet || used+n > maxNotes) {
			ends = append(ends, i)
			first, used = i, 0
		}
		used += n
	}
	return append(ends, len(all))
}

// turns are the buttons that lead to the pages before and behind.
func (s sheet) turns() []key {
	var keys []key
	name := func(page int) string { return strconv.Itoa(page) + "/" + strconv.Itoa(s.of) }
	if s.at > 1 {
		keys = append(keys, keyOf("← "+name(s.at-1), turn(s.at-1, s.token), message.Ordinary))
	}
	if s.at < s.of {
		keys = append(keys, keyOf(name(s.at+1)+" →", turn(s.at+1, s.token), message.Ordinary))
	}
	return keys
}

// picked names what is chosen on all pages together.
func (s sheet) picked(f message.Form) []row {
	if s.of < 2 || f.Kind != message.AnswerSeveral {
		return nil
	}
	var names []string
	for _, o := range f.Options {
		if o.Chosen {
			names = append(names, inline(o.Label))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []row{rowOf(short(chosenMark+strings.Join(names, "; "), maxPicked), faint)}
}
