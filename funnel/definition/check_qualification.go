package definition

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"funnelbot/funnel"
)

// Limits of a qualification. A person answers it between two calls, and every platform has to show
// it whole: Slack takes at most 100 blocks a view, 100 options of 75 characters each a menu and 150
// characters of placeholder (https://docs.slack.dev/reference/block-kit/blocks and
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object).
const (
	MaxQuestions = 40
	// MaxInSection is the number of questions of one section, MaxOptions that of the options of one
	// question, and MaxAliases that of the further words for one option or role.
	MaxInSection = 10
	MaxOptions   = 100
	MaxAliases   = 20
	// The others are lengths in characters.
	MaxAsk    = 150
	MaxHint   = 150
	MaxHelp   = 500
	MaxOption = 75
	MaxName   = 40
)

// Limits of what follows from a qualification: longer would be forgotten by everybody.
const (
	maxSpan    = 1000 * time.Hour
	maxNurture = 730
	// maxWeight keeps sums of weights exact.
	maxWeight = 1_000_000
)

type faults func(format string, args ...any)

func checkQualification(f *funnel.Funnel, fault faults) {
	q := f.Qualification
	sections, seen, filled := map[string]bool{}, map[string]funnel.Question{}, map[string]bool{}
	total, weight := 0, q.Payback.Weight
	for _, s := range q.Sections {
		checkName(fault, "section", s.Key, s.Titles, sections)
		checkWords(fault, "section "+s.Key, "title", s.Titles, MaxName)
		if n := len(s.Questions); n == 0 || n > MaxInSection {
			fault("section %q has %d questions: use 1 to %d", s.Key, n, MaxInSection)
		}
		for i := range s.Questions {
			asked := &s.Questions[i]
			checkQuestion(f, asked, fault)
			checkCondition(asked, seen, fault)
			checkFills(f, asked, filled, fault)
			if _, twice := seen[asked.Key]; twice {
				fault("question %q stands twice", asked.Key)
			}
			seen[asked.Key] = *asked
			total++
			weight += asked.Weight
		}
	}
	if total == 0 || total > MaxQuestions {
		fault("the qualification has %d questions: use 1 to %d", total, MaxQuestions)
	}
	if total > 0 && weight <= 0 {
		fault("no question has a weight: nothing could be told apart")
	}
	checkPayback(&q.Payback, seen, fault)
	checkOutcome(f, fault)
}

// checkOutcome looks at what follows from the answers.
func checkOutcome(f *funnel.Funnel, fault faults) {
	q := f.Qualification
	if q.Promising < 1 || q.Promising > 100 {
		fault("promising %d: use a score from 1 to 100", q.Promising)
	}
	if q.Enough < 0 || q.Enough > 100 {
		fault("enough %d: use percent from 0 to 100", q.Enough)
	}
	if i := f.Index(q.Advance); i < 0 || f.Signed(q.Advance) || f.Stages[i].Target {
		fault("advance %q: name a stage before the signature that holds no targets", q.Advance)
	}
	if q.Nurture < 1 || q.Nurture > maxNurture {
		fault("nurture_days %d: use 1 to %d", q.Nurture, maxNurture)
	}
	if q.Outside != "" {
		checkDisqualifies(f, "outside", q.Outside, fault)
	}
	checkSpan("remind_after", q.RemindAfter, fault)
	checkSpan("end_after", q.EndAfter, fault)
}

func checkSpan(field string, d time.Duration, fault faults) {
	if d < time.Minute || d > maxSpan {
		fault("qualification: %s %s: use 1m to %s", field, d, maxSpan)
	}
}

func checkPayback(p *funnel.Payback, seen map[string]funnel.Question, fault faults) {
	if p.Effect == "" && p.Amount == "" && p.Weight == 0 {
		return
	}
	if seen[p.Effect].Kind != funnel.AskMoney {
		fault("payback: effect %q is no question for money", p.Effect)
	}
	if seen[p.Amount].Kind != funnel.AskMoney {
		fault("payback: amount %q is no question for money", p.Amount)
	}
	if !(p.Good >= 0 && p.Good < p.Bad && p.Bad <= 1200) {
		fault("payback: good_months %v and bad_months %v: use 0 to 1200, the good ones fewer", p.Good, p.Bad)
	}
	if !weighs(p.Weight) {
		fault("payback: weight %v: use a number from 0 to %d", p.Weight, maxWeight)
	}
}

func weighs(w float64) bool { return w >= 0 && w <= maxWeight && !math.IsNaN(w) }

func checkQuestion(f *funnel.Funnel, q *funnel.Question, fault faults) {
	what := "question " + q.Key
	if !keyShape.MatchString(q.Key) {
		fault("question %q: keys are small Latin letters, digits and _", q.Key)
	}
	checkWords(fault, what, "ask", q.Ask, MaxAsk)
	checkWords(fault, what, "name", q.Name, MaxName)
	if len(q.Hint) > 0 {
		checkWords(fault, what, "hint", q.Hint, MaxHint)
	}
	if len(q.Help) > 0 {
		checkWords(fault, what, "help", q.Help, MaxHelp)
	}
	if !weighs(q.Weight) {
		fault("%s: weight %v: use a number from 0 to %d", what, q.Weight, maxWeight)
	}
	if q.Soon != 0 || q.Far != 0 {
		if q.Kind != funnel.AskDate || q.Soon < 0 || q.Soon >= q.Far {
			fault("%s: soon_days %d and far_days %d are for dates, the first the fewer", what, q.Soon, q.Far)
		}
	}
	switch q.Kind {
	case funnel.AskOne, funnel.AskSeveral:
		checkOptions(f, q, fault)
	case funnel.AskText, funnel.AskMoney, funnel.AskNumber, funnel.AskDate, funnel.AskYesNo, funnel.AskPerson:
		if len(q.Options) > 0 || len(q.Fits) > 0 {
			fault("%s: only one and several have options and fits", what)
		}
	default:
		fault("%s: kind %q: use text, money, number, date, yes_no, one, several or person", what, q.Kind)
	}
}

func checkOptions(f *funnel.Funnel, q *funnel.Question, fault faults) {
	what := "question " + q.Key
	if n := len(q.Options); n < 2 || n > MaxOptions {
		fault("%s has %d options: use 2 to %d", what, n, MaxOptions)
	}
	seen := map[string]bool{}
	for _, o := range q.Options {
		checkName(fault, what+": option", o.Key, o.Titles, seen)
		checkWords(fault, what, "option "+o.Key, o.Titles, MaxOption)
		checkAliases(fault, what+": option "+o.Key, o.Aliases)
		if !(o.Score >= 0 && o.Score <= 1) {
			fault("%s: option %q has the score %v: use 0 to 1", what, o.Key, o.Score)
		}
		if o.Only && q.Kind != funnel.AskSeveral {
			fault("%s: option %q is the only one anyway: only is for several", what, o.Key)
		}
		if o.Disqualifies == "" {
			continue
		}
		checkDisqualifies(f, what+": option "+o.Key, o.Disqualifies, fault)
		if o.Score != 0 {
			fault("%s: option %q disqualifies and earns a score of %v", what, o.Key, o.Score)
		}
	}
	for _, key := range q.Fits {
		if _, ok := q.Option(key); !ok {
			fault("%s: fits %q is none of its options", what, key)
		}
	}
}

func checkDisqualifies(f *funnel.Funnel, what, reason string, fault faults) {
	if r, ok := f.Reason(reason); !ok || r.Class != funnel.Disqualified {
		fault("%s: %q is no loss reason of class disqualified", what, reason)
	}
}

// checkCondition lets a question depend on questions before it only, so that no two wait for one
// another.
func checkCondition(q *funnel.Question, before map[string]funnel.Question, fault faults) {
	if q.When.Question == "" {
		if len(q.When.Is) > 0 {
			fault("question %s: when names no question", q.Key)
		}
		return
	}
	on, ok := before[q.When.Question]
	if !ok {
		fault("question %s: when %q is no question before it", q.Key, q.When.Question)
		return
	}
	for _, key := range q.When.Is {
		_, known := on.Option(key)
		if on.Kind == funnel.AskYesNo {
			known = key == funnel.AnswerYes || key == funnel.AnswerNo
		}
		if !known {
			fault("question %s: %q cannot be answered with %q", q.Key, on.Key, key)
		}
	}
}

func checkFills(f *funnel.Funnel, q *funnel.Question, filled map[string]bool, fault faults) {
	if q.Fills == "" {
		return
	}
	var kinds []funnel.QuestionKind
	switch q.Fills {
	case funnel.FillsPain, funnel.FillsEffect, funnel.FillsIndustry, funnel.FillsSize, funnel.FillsRegion:
		kinds = []funnel.QuestionKind{funnel.AskText, funnel.AskOne}
	case funnel.FillsAmount:
		kinds = []funnel.QuestionKind{funnel.AskMoney}
	case funnel.FillsClosing:
		kinds = []funnel.QuestionKind{funnel.AskDate}
	default:
		key, isRole := strings.CutPrefix(q.Fills, funnel.FillsRole)
		if _, ok := f.Role(key); !isRole || !ok {
			fault("question %s: fills %q is nothing that an answer can fill", q.Key, q.Fills)
			return
		}
		if q.Kind != funnel.AskPerson {
			fault("question %s: fills %s with a person, not with %q", q.Key, q.Fills, q.Kind)
		}
		return
	}
	if !slices.Contains(kinds, q.Kind) {
		fault("question %s: fills %s, which does not take %q", q.Key, q.Fills, q.Kind)
	}
	if filled[q.Fills] {
		fault("question %s: another question fills %s", q.Key, q.Fills)
	}
	filled[q.Fills] = true
}

func checkCommittee(f *funnel.Funnel, fault faults) {
	seen := map[string]bool{}
	for _, r := range f.Roles {
		checkName(fault, "role", r.Key, r.Titles, seen)
		checkWords(fault, "role "+r.Key, "title", r.Titles, MaxName)
		checkAliases(fault, "role "+r.Key, r.Aliases)
	}
	if len(f.Roles) > MaxOptions {
		fault("%d roles: use at most %d", len(f.Roles), MaxOptions)
	}
	if f.SilentAfter < 0 || len(f.Roles) > 0 && f.SilentAfter == 0 {
		fault("committee: silent_after_days %d: use at least 1", f.SilentAfter)
	}
	for _, s := range f.Stages {
		for _, key := range s.People {
			if _, ok := f.Role(key); !ok {
				fault("stage %q: people %q is no role of the committee", s.Key, key)
			}
		}
	}
}

// checkWords holds words to one line of the length in every language that people read.
func checkWords(fault faults, what, field string, words funnel.Titles, limit int) {
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		text := words[l]
		n := utf8.RuneCountInString(text)
		switch {
		case strings.TrimSpace(text) == "":
			fault("%s has no %s in %s", what, field, l)
		case n > limit:
			fault("%s: %s in %s has %d characters: use at most %d", what, field, l, n, limit)
		case strings.ContainsFunc(text, unicode.IsControl):
			fault("%s: %s in %s: write it in one line", what, field, l)
		}
	}
}

func checkAliases(fault faults, what string, aliases []string) {
	if len(aliases) > MaxAliases {
		fault("%s has %d aliases: use at most %d", what, len(aliases), MaxAliases)
	}
	for _, a := range aliases {
		if n := utf8.RuneCountInString(a); n > MaxOption || strings.TrimSpace(a) == "" || strings.ContainsFunc(a, unicode.IsControl) {
			fault("%s: alias %q: use one line of 1 to %d characters", what, a, MaxOption)
		}
	}
}
