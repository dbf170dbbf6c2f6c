package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"funnelbot/bot"
	"funnelbot/bot/message"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// survey is a host whose dialog asks as many questions at once as the visit has room for, else one by
// one, shows the answers, and is done. It stands for what the rest of the program does.
type survey struct {
	mu sync.Mutex
	// ask are the questions; those that the answers before make needless are left out by needless.
	ask []message.Form
	// wrong says why an answer is not taken, if it is not.
	wrong func(f dialog.Field) string
	// review says that the answers are shown before the end.
	review bool
	// title are the words of the survey in the language of the person.
	title words

	given   map[string]dialog.Field
	at      int // the first question that stands
	until   int // the one after the last
	forms   int
	edit    string
	version int
	ended   bool
	// answered are the answers to the visits, by their keys.
	answered map[string]message.Doc
	repeated int
}

func newSurvey(ask ...message.Form) *survey {
	return &survey{ask: ask, review: true, given: map[string]dialog.Field{}, answered: map[string]message.Doc{}}
}

func (s *survey) host(_ context.Context, v bot.Visit) (message.Doc, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if doc, ok := s.answered[v.Key]; ok {
		s.repeated++
		return doc, nil
	}
	doc := s.answer(v)
	doc.Locale, doc.Workspace, doc.Member = v.Caller.Locale, funnel.ID{1}, funnel.ID{2}
	s.answered[v.Key] = doc
	return doc, nil
}

func (s *survey) token() string { return fmt.Sprintf("s.%d", s.version) }

func (s *survey) answer(v bot.Visit) message.Doc {
	if s.forms != v.Forms {
		s.forms = v.Forms
		s.version++
		if s.until > 0 && s.at < len(s.ask) {
			s.until = min(s.at+max(1, s.forms), len(s.ask))
		}
	}
	if v.Press == nil && strings.Contains(v.Text, "help") {
		return para("help")
	}
	if v.Press == nil || !strings.HasPrefix(v.Press.Action, "~") {
		if s.ended || v.Press != nil {
			*s = *s.anew()
			s.forms = v.Forms
		} else if s.until > 0 { // typed words answer the first question
			return s.fill(dialog.Field{Step: s.ask[s.at].Name, Text: v.Text})
		}
		return s.show("")
	}
	parts := strings.SplitN(v.Press.Action[1:], "~", 3)
	act := dialog.Act(parts[1])
	switch {
	case s.ended:
		doc := para("This question is over.")
		doc.Over = true
		return doc
	case act == actResume:
		return s.show("")
	case parts[0] != s.token():
		return s.show("That was an earlier question.")
	case act == dialog.ActFill:
		return s.fill(v.Press.Fields...)
	case act == dialog.ActAnswer:
		return s.fill(dialog.Field{Step: s.ask[s.at].Name, Text: v.Press.Value})
	case act == dialog.ActPick:
		return s.pick(s.ask[s.at], parts[2])
	case act == dialog.ActDone:
		return s.on(s.at + 1)
	case act == dialog.ActBack:
		return s.on(max(0, s.at-max(1, s.forms)))
	case act == dialog.ActEdit:
		s.edit = parts[2]
		return s.on(slices.IndexFunc(s.ask, func(f message.Form) bool { return f.Name == s.edit }))
	case act == dialog.ActConfirm:
		s.ended = true
		return shared(fmt.Sprintf("%d answers are kept.", len(s.given)))
	case act == dialog.ActLater:
		return para("Set aside.").With(message.Buttons{Buttons: []message.Button{{Label: "Go on", Action: "~" + s.token() + "~resume"}}})
	case act == dialog.ActCancel:
		s.ended = true
		return para("Cancelled.")
	}
	return para("what?")
}

func (s *survey) anew() *survey {
	n := newSurvey(s.ask...)
	n.wrong, n.review, n.title, n.version, n.answered = s.wrong, s.review, s.title, s.version+1, s.answered
	return n
}

// on goes to a question, or to the summary behind the last.
func (s *survey) on(at int) message.Doc {
	s.at = at
	s.version++
	return s.show("")
}

func (s *survey) pick(f message.Form, key string) message.Doc {
	if f.Kind != message.AnswerSeveral {
		return s.fill(dialog.Field{Step: f.Name, Keys: []string{key}})
	}
	now := s.given[f.Name]
	if i := slices.Index(now.Keys, key); i >= 0 {
		now.Keys = slices.Delete(slices.Clone(now.Keys), i, i+1)
	} else {
		now.Keys = append(slices.Clone(now.Keys), key)
	}
	now.Step = f.Name
	s.given[f.Name] = now
	s.version++
	return s.show("")
}

// fill takes what holds; where something does not, the same questions stay.
func (s *survey) fill(fields ...dialog.Field) message.Doc {
	reasons := map[string]string{}
	for _, f := range fields {
		if i := slices.IndexFunc(s.ask, func(q message.Form) bool { return q.Name == f.Step }); i < s.at || i >= s.until {
			continue
		}
		if reason := s.reason(f); reason != "" {
			reasons[f.Step] = reason
			continue
		}
		if f.Text != "" || len(f.Keys) > 0 {
			s.given[f.Step] = f
		} else {
			delete(s.given, f.Step)
		}
	}
	if len(reasons) > 0 {
		return s.page("", reasons)
	}
	if s.edit != "" {
		s.edit = ""
		return s.on(len(s.ask))
	}
	return s.on(s.until)
}

func (s *survey) reason(f dialog.Field) string {
	if s.wrong == nil {
		return ""
	}
	return s.wrong(f)
}

func (s *survey) show(note string) message.Doc {
	if s.at >= len(s.ask) {
		return s.summary()
	}
	return s.page(note, nil)
}

func (s *survey) page(note string, reasons map[string]string) message.Doc {
	var doc message.Doc
	if note != "" {
		doc = para(note)
	}
	s.until = min(s.at+max(1, s.forms), len(s.ask))
	if s.edit != "" {
		s.until = s.at + 1
	}
	act := func(a dialog.Act) string { return "~" + s.token() + "~" + string(a) }
	for i, f := range s.ask[s.at:s.until] {
		f.Reason, f.Reply = reasons[f.Name], act(dialog.ActFill)
		given := s.given[f.Name]
		f.Options = slices.Clone(f.Options)
		for k := range f.Options {
			f.Options[k].Action = act(dialog.ActPick) + "~" + f.Options[k].Key
			f.Options[k].Chosen = slices.Contains(given.Keys, f.Options[k].Key)
		}
		f.Value = given.Text
		if s.forms == 0 {
			f.Reply, f.Name, f.Value = act(dialog.ActAnswer), "", ""
		}
		if s.at+i+1 == s.until {
			f.Controls = []message.Button{
				{Label: "Back", Action: act(dialog.ActBack)}, {Label: "Later", Action: act(dialog.ActLater)}, {Label: "Cancel", Action: act(dialog.ActCancel)},
			}
			if f.Kind == message.AnswerSeveral && s.forms == 0 {
				f.Controls = append([]message.Button{{Label: "Done", Action: act(dialog.ActDone), Look: message.Primary}}, f.Controls...)
			}
		}
		doc = doc.With(f)
	}
	return doc
}

func (s *survey) summary() message.Doc {
	act := func(a dialog.Act) string { return "~" + s.token() + "~" + string(a) }
	var fields []message.Field
	buttons := []message.Button{{Label: "Save", Action: act(dialog.ActConfirm), Look: message.Primary}}
	for _, f := range s.ask {
		given := s.given[f.Name]
		fields = append(fields, message.Field{Label: f.Question.String(), Value: message.Text(given.Text + strings.Join(given.Keys, ", "))})
		if len(buttons) < 4 {
			buttons = append(buttons, message.Button{Label: "Change " + f.Name, Action: act(dialog.ActEdit) + "~" + f.Name})
		}
	}
	buttons = append(buttons, message.Button{Label: "Later", Action: act(dialog.ActLater)}, message.Button{Label: "Cancel", Action: act(dialog.ActCancel)})
	return message.New(message.Head("Is this right?"), message.Fields{Fields: fields}, message.Buttons{Buttons: buttons})
}
