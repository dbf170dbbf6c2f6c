package csv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"funnelbot/funnel"
)

// survey is what a first pass over the whole file has shown.
type survey struct {
	rows    int64
	dates   map[Field]*dateEvidence
	numbers numberEvidence
	// strange are words for stages and outcomes that mean nothing yet, with their counts.
	strange map[string]int64
	owners  map[string]struct{}
	// beyond counts rows with letters beyond ASCII, broken those of them that are no UTF-8.
	beyond, broken int
	brokenSample   []byte
}

// Limits on words that are counted: a file with more of them has another column in their place.
const (
	maxStages = 1000
	maxOwners = 10_000
)

// look reads the whole file once and gathers evidence.
func (s *Source) look(ctx context.Context) (*survey, error) {
	t, file, err := s.dialect.open(s.path, s.tell)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	v := &survey{dates: map[Field]*dateEvidence{}, strange: map[string]int64{}, owners: map[string]struct{}{}}
	c := &cells{values: map[Field]string{}}
	var r record
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := t.next(&r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		v.rows++
		v.letters(&r)
		if s.plan == nil {
			s.plan = newPlan(s.mapping, t.header())
			s.plan.guarded = s.mapping.own && !s.dialect.json
		}
		s.plan.extend(t.header())
		if r.fault != "" {
			continue
		}
		s.plan.read(&r, c)
		if err := s.observe(v, &r, c); err != nil {
			return nil, err
		}
	}
	if s.plan == nil {
		s.plan = newPlan(s.mapping, t.header())
	}
	return v, nil
}

// letters gathers what the bytes of a row say about the encoding.
func (v *survey) letters(r *record) {
	if strings.IndexFunc(r.text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0 {
		return
	}
	v.beyond++
	if !utf8.ValidString(r.text) {
		v.broken++
		if len(v.brokenSample) < sniffed {
			v.brokenSample = append(v.brokenSample, r.text...)
		}
	}
}

func (s *Source) observe(v *survey, r *record, c *cells) error {
	for f, text := range c.values {
		if !f.dated() || text == s.mapping.Defaults[f] {
			continue
		}
		m, err := readMoment(text)
		if err != nil {
			continue // The row is rejected when it is read.
		}
		e := v.dates[f]
		if e == nil {
			e = &dateEvidence{}
			v.dates[f] = e
		}
		e.see(m, r.line, text)
	}
	if text := c.values[FieldAmount]; text != "" {
		if f, err := readFigure(text, s.currency(c)); err == nil {
			v.numbers.see(f, r.line, text)
		}
	}
	if w := c.values[FieldStage]; w != "" && s.plan.rows != Activities {
		if _, ok := s.words.stage(w); !ok {
			v.strange[w]++
		}
	}
	if w := c.values[FieldOutcome]; w != "" {
		if _, ok := s.words.outcomes[plain(w)]; !ok {
			v.strange[outcomeMark+w]++
		}
	}
	if w := c.values[FieldOwner]; w != "" {
		v.owners[w] = struct{}{}
	}
	switch {
	case len(v.strange) > maxStages:
		return fmt.Errorf("column %q has more than %d different words that are no stage: is it the stage?",
			s.plan.taken[FieldStage], maxStages)
	case len(v.owners) > maxOwners:
		return fmt.Errorf("column %q has more than %d different names: is it the owner?", s.plan.taken[FieldOwner], maxOwners)
	}
	return nil
}

// outcomeMark tells words of the column of outcomes from stages.
const outcomeMark = "outcome\x00"

// conclude turns evidence into decisions, or says what has to be decided by a person.
func (s *Source) conclude(v *survey) error {
	return errors.Join(s.plan.check(), s.concludeDates(v), s.concludeNumbers(v), s.concludeStages(v))
}

// concludeDates decides the order of dates in each column. A column that leaves it open follows
// another column of the file that does not, because one program wrote both.
func (s *Source) concludeDates(v *survey) error {
	s.orders = map[Field]DateOrder{}
	var faults []error
	var open []Field
	decided := map[DateOrder]Field{}
	for _, f := range slices.Sorted(maps.Keys(v.dates)) {
		e := v.dates[f]
		order, ok := e.can.only()
		switch {
		case s.mapping.Dates != "":
			s.orders[f] = s.mapping.Dates
		case ok:
			s.orders[f] = order
			decided[order] = f
		case e.can == 0:
			faults = append(faults, s.torn(f, e))
		case !e.open:
			s.orders[f] = YMD // Every date has its year first, or is the same either way.
		case s.plan.format.dayFirst() && e.can&canDMY != 0:
			s.orders[f] = DMY
		default:
			open = append(open, f)
		}
	}
	for _, f := range open {
		e := v.dates[f]
		if len(decided) == 1 {
			for order := range decided {
				s.orders[f] = order
			}
			continue
		}
		faults = append(faults, fmt.Errorf("column %q: the order of day and month stays open: %q on line %d can be read in more "+
			"than one way and no date of the file decides it; say `dates: dmy` or `dates: mdy` in the mapping",
			s.plan.taken[f], e.sample.value, e.sample.line))
	}
	return errors.Join(faults...)
}

// torn describes a column whose dates contradict each other.
func (s *Source) torn(f Field, e *dateEvidence) error {
	a, b := e.against[canDMY], e.against[canMDY]
	return fmt.Errorf("column %q: %q on line %d and %q on line %d cannot both be dates in one order; "+
		"say `dates: dmy` or `dates: mdy` in the mapping, and the rows that do not fit are rejected",
		s.plan.taken[f], a.value, a.line, b.value, b.line)
}

func (s *Source) concludeNumbers(v *survey) error {
	e := &v.numbers
	point, comma := e.pointFails.line == 0, e.comFail.line == 0
	switch {
	case s.mapping.Numbers != "":
		s.style = s.mapping.Numbers
	case point && !comma, point && e.open.line == 0:
		s.style = Point
	case comma && !point:
		s.style = Comma
	case !point && !comma:
		return fmt.Errorf("column %q: %q on line %d and %q on line %d cannot both be amounts in one style; say `numbers: point` "+
			"(1,234.50) or `numbers: comma` (1.234,50) in the mapping, and the rows that do not fit are rejected",
			s.plan.taken[FieldAmount], e.pointFails.value, e.pointFails.line, e.comFail.value, e.comFail.line)
	default:
		return fmt.Errorf("column %q: %q on line %d is one amount with a decimal point and another with a decimal comma, and no "+
			"amount of the file decides it; say `numbers: point` or `numbers: comma` in the mapping",
			s.plan.taken[FieldAmount], e.open.value, e.open.line)
	}
	return nil
}

// concludeStages lists every word that stands for no stage, with the nearest one.
func (s *Source) concludeStages(v *survey) error {
	if len(v.strange) == 0 {
		return nil
	}
	words := slices.SortedFunc(maps.Keys(v.strange), func(a, b string) int {
		if v.strange[a] != v.strange[b] {
			return int(v.strange[b] - v.strange[a])
		}
		return strings.Compare(a, b)
	})
	unmapped := &UnmappedError{Stages: stageKeys(s.funnel)}
	for _, w := range words {
		word, outcome := strings.CutPrefix(w, outcomeMark)
		u := Unmapped{Word: word, Count: v.strange[w], Outcome: outcome}
		if !outcome {
			u.Suggestion = suggest(word, s.funnel)
		}
		unmapped.Words = append(unmapped.Words, u)
	}
	return unmapped
}

// Unmapped is a word of the file that no stage or outcome is known for.
type Unmapped struct {
	Word  string
	Count int64
	// Outcome marks words of the column of outcomes.
	Outcome bool
	// Suggestion is the key of the stage with the nearest name, or "".
	Suggestion string
}

// UnmappedError lists the words that have to be mapped before anything is stored.
type UnmappedError struct {
	Words  []Unmapped
	Stages []string
}

// Error implements error with lines that can be completed and put into the mapping.
func (e *UnmappedError) Error() string {
	var b strings.Builder
	write := func(section string, outcome bool) {
		first := true
		for _, w := range e.Words {
			if w.Outcome != outcome {
				continue
			}
			if first {
				fmt.Fprintf(&b, "%s:\n", section)
				first = false
			}
			suggestion := w.Suggestion
			if suggestion == "" {
				suggestion = "?"
			}
			fmt.Fprintf(&b, "  %q: %s   # %d rows\n", w.Word, suggestion, w.Count)
		}
	}
	b.WriteString("these words are mapped to nothing; put them into the mapping:\n")
	write("stages", false)
	write("outcomes", true)
	fmt.Fprintf(&b, "stages are %s, or {outcome: won}, or {outcome: lost, reason: KEY}; outcomes are open, won, lost",
		strings.Join(e.Stages, ", "))
	return b.String()
}

// reencode reads the file again as windows-1251 where the beginning was plain ASCII and the rest is
// not UTF-8. A few broken rows among good ones stay broken rows.
func (s *Source) reencode(v *survey) (bool, error) {
	if v.broken == 0 || s.mapping.Encoding != "" || s.dialect.encoding != UTF8 || mostlyUTF8(v.beyond, v.broken) {
		return false, nil
	}
	if v.broken < v.beyond || !russian(v.brokenSample) {
		return false, errEncoding
	}
	s.dialect.encoding = Windows1251
	return true, nil
}

func (s *Source) currency(c *cells) funnel.Currency {
	if code := c.values[FieldCurrency]; code != "" {
		if cur, ok := currencyOf(code, s.money); ok {
			return cur
		}
	}
	return s.money
}
