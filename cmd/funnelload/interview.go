package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// standing is where an interview stands by what its chat shows.
type standing struct {
	at phase
	// question counts from 0 while one is asked.
	question int
}

type phase int

const (
	// elsewhere is everything that is none of the others.
	elsewhere phase = iota
	asking
	reviewing
	concluded
)

// interview is one qualification dialog in one chat, as the person in it sees it.
type interview struct {
	chat *chat
	deal int64
	all  []inquiry
	// given are the options chosen by question; one that was answered in words has none.
	given    map[string][]string
	standing standing
	// picked says that an option of several is chosen and not yet accepted, editing that one answer is
	// being changed, and changed that there is something new to conclude.
	picked, editing, changed bool
	// edits is how many answers have been changed: each time it is another one's turn.
	edits int
}

// input is what a person types or presses, and what has to be shown then.
type input struct {
	text string
	// data is that of a button under the message.
	data string
	want standing
}

// known is an interview about a deal of which the first n questions are answered.
func known(c *chat, deal int64, all []inquiry, n int) *interview {
	v := &interview{chat: c, deal: deal, all: all, given: map[string][]string{}}
	for i := range all[:n] {
		v.given[all[i].Key] = all[i].given.Keys
	}
	return v
}

// pending is the next question that is to be asked, or the summary.
func (v *interview) pending() standing {
	for i := range v.all {
		if _, ok := v.given[v.all[i].Key]; !ok && v.all[i].due(v.given) {
			return standing{asking, i}
		}
	}
	return standing{at: reviewing}
}

// next is the input that follows from what is shown. False: what is shown lacks the button for it.
func (v *interview) next(s *screen) (input, bool) {
	switch v.standing.at {
	case asking:
		return v.answer(s, &v.all[v.standing.question])
	case reviewing:
		if v.changed {
			data, ok := s.action(dialog.ActConfirm, "")
			return input{data: data, want: standing{at: concluded}}, ok
		}
		n := v.edits % len(v.all)
		v.edits++
		v.editing = true
		data, ok := s.action(dialog.ActEdit, v.all[n].Key)
		return input{data: data, want: standing{asking, n}}, ok
	case elsewhere, concluded:
	}
	v.picked, v.editing, v.changed = false, false, false
	return input{text: "/qualify #" + strconv.FormatInt(v.deal, 10), want: v.pending()}, true
}

// answer answers a question: in words, with a button, or with two where several can be chosen.
func (v *interview) answer(s *screen, q *inquiry) (in input, ok bool) {
	if q.Kind == funnel.AskSeveral && !v.picked {
		v.picked = true
		if key, more := v.another(q); more {
			v.given[q.Key] = append(slices.Clone(v.given[q.Key]), key)
			data, ok := s.action(dialog.ActPick, key)
			return input{data: data, want: v.standing}, ok
		}
	}
	in.text, ok = q.typed, true
	switch q.Kind { //nolint:exhaustive // the others are typed
	case funnel.AskSeveral:
		in.data, ok = s.action(dialog.ActDone, "")
	case funnel.AskOne, funnel.AskYesNo:
		in.data, ok = s.action(dialog.ActPick, q.given.Keys[0])
	}
	if q.Kind != funnel.AskSeveral {
		v.given[q.Key] = q.given.Keys
	}
	v.picked, v.changed = false, true
	if in.want = v.pending(); v.editing {
		in.want = standing{at: reviewing}
	}
	v.editing = false
	return in, ok
}

// another is an option that is not chosen yet; the first is the one that was made up for it.
func (v *interview) another(q *inquiry) (string, bool) {
	if len(v.given[q.Key]) == 0 {
		return q.given.Keys[0], true
	}
	for _, o := range q.Options {
		if !slices.Contains(v.given[q.Key], o.Key) {
			return o.Key, true
		}
	}
	return "", false
}

// judge reads what is shown after an input. With an error it is not what had to be shown, and the
// interview begins anew.
func (v *interview) judge(want standing, before, s *screen) error {
	is := v.read(s)
	v.standing = is
	switch {
	case is != want:
		v.standing = standing{}
		return fmt.Errorf("%v was to be shown, not %v: %s", v.name(want), v.name(is), s.text)
	case v.picked && slices.Equal(before.keys, s.keys):
		v.standing = standing{}
		return fmt.Errorf("%v: no option is marked as chosen", v.name(is))
	}
	return nil
}

func (v *interview) read(s *screen) standing {
	if _, ok := s.action(dialog.ActConfirm, ""); ok {
		return standing{at: reviewing}
	}
	if i := spoken(v.all, s.text); i >= 0 {
		return standing{asking, i}
	}
	// What has been concluded is taken back with a button.
	if slices.ContainsFunc(s.keys, func(k screenKey) bool { return strings.HasPrefix(k.Data, "undo:") }) {
		return standing{at: concluded}
	}
	return standing{}
}

func (v *interview) name(s standing) string {
	switch s.at {
	case asking:
		return v.all[s.question].Key
	case reviewing:
		return "the summary"
	case concluded:
		return "the result"
	case elsewhere:
	}
	return "something else"
}

// action is the data of a button under a question, by what it does and to which option or answer.
func (s *screen) action(act dialog.Act, key string) (string, bool) {
	end := "~" + string(act)
	if key != "" {
		end += "~" + key
	}
	for _, k := range s.keys {
		if strings.HasPrefix(k.Data, "~") && strings.HasSuffix(k.Data, end) {
			return k.Data, true
		}
	}
	return "", false
}
