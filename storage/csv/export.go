package csv

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"funnelbot/funnel"
)

// ownCustom begins the headers of custom fields in our own exports.
const ownCustom = "custom."

// exported are the columns of our exports, which are fields of the same names in the mapping that
// reads them again. "from" and "number" of a deal tell people more than programs.
func exported(r Rows) []Field {
	switch r {
	case Deals:
		return []Field{
			FieldDeal, FieldNumber, FieldTitle, FieldCompany, FieldDomain, FieldTaxID, FieldIndustry, FieldSize, FieldRegion,
			FieldOwner, FieldKind, FieldStage, FieldOutcome, FieldReason, FieldOpened, FieldSince, FieldClosed, FieldAmount,
			FieldCurrency, FieldBasis, FieldSource, FieldSignal, FieldPain, FieldEffect, FieldClosing, FieldParked, FieldNext,
			FieldNextOn, FieldNextAt, FieldHistorical,
		}
	case History:
		return []Field{
			FieldDeal, FieldRow, FieldOrder, FieldType, "from", FieldStage, FieldAt, FieldRecorded, FieldActor, FieldReason,
			FieldNote, FieldAmount, FieldCurrency,
		}
	case Activities:
		return []Field{FieldDeal, FieldRow, FieldType, FieldDir, FieldText, FieldAt, FieldRecorded, FieldActor}
	}
	return nil
}

// OwnMapping is the mapping of our own exports.
func OwnMapping(r Rows) *Mapping {
	m := &Mapping{
		Schema: MappingSchema, Rows: r, From: Own, Dates: YMD, Numbers: Point, Owners: "create", Zone: "UTC", own: true,
		Columns: map[string]Column{},
	}
	for _, f := range exported(r) {
		if slices.Contains(Fields(r), f) {
			m.Columns[string(f)] = Column{Fields: []Field{f}}
		} else {
			m.Columns[string(f)] = Column{Fields: []Field{FieldIgnore}}
		}
	}
	return m
}

// Sink writes exports as tables. It implements [funnel.ExportSink].
type Sink struct{ deals, moves, activities rowWriter }

// rowWriter writes one table.
type rowWriter interface {
	// row writes the values of the columns; custom fields come as columns of their own.
	row(values []string, custom map[string]string) error
	close() error
}

// NewCSV returns a sink that writes delimited values. A nil writer leaves its table out.
func NewCSV(deals, moves, activities io.Writer) *Sink {
	return newSink(deals, moves, activities, func(w io.Writer, columns []string) rowWriter {
		return &lineWriter{csv: csv.NewWriter(w), columns: columns}
	})
}

// NewJSON returns a sink that writes each table as an array of objects, one a line, with the columns
// of [NewCSV] as their keys. A nil writer leaves its table out.
func NewJSON(deals, moves, activities io.Writer) *Sink {
	return newSink(deals, moves, activities, func(w io.Writer, columns []string) rowWriter {
		return &objectWriter{w: bufio.NewWriterSize(w, readAhead), columns: columns}
	})
}

func newSink(deals, moves, activities io.Writer, table func(io.Writer, []string) rowWriter) *Sink {
	s := &Sink{}
	for _, x := range []struct {
		rows Rows
		from io.Writer
		into *rowWriter
	}{{Deals, deals, &s.deals}, {History, moves, &s.moves}, {Activities, activities, &s.activities}} {
		if x.from != nil {
			*x.into = table(x.from, words(exported(x.rows)))
		}
	}
	return s
}

// Close writes what is left. It does not close the writers that it was given.
func (s *Sink) Close() error {
	for _, w := range []rowWriter{s.deals, s.moves, s.activities} {
		if w == nil {
			continue
		}
		if err := w.close(); err != nil {
			return fmt.Errorf("finish an export: %w", err)
		}
	}
	return nil
}

// Customs implements [funnel.ExportSink].
func (s *Sink) Customs(names []string) error {
	if w, ok := s.deals.(*lineWriter); ok {
		w.customs = names
	}
	return nil
}

// Deal implements [funnel.ExportSink].
func (s *Sink) Deal(d *funnel.ExportedDeal) error {
	number, code := amountText(d.Amount)
	return s.deals.row([]string{
		d.Case(), strconv.FormatInt(d.Number, 10), d.Title, d.Firm.Name, d.Firm.Domain, d.Firm.TaxID, d.Firm.Industry,
		d.Firm.Size, d.Firm.Region, d.OwnerName, string(d.Kind), string(d.Stage), string(d.Outcome), d.Reason,
		timeText(d.OpenedAt), timeText(d.StageSince), timeText(d.ClosedAt), number, code, string(d.Basis), d.Source, d.Signal,
		d.Pain, d.Effect, d.Closing.String(), d.ParkedUntil.String(), d.Next.What, d.Next.On.String(), timeText(d.Next.At),
		strconv.FormatBool(d.Historical),
	}, d.Custom)
}

// Move implements [funnel.ExportSink].
func (s *Sink) Move(m *funnel.ExportedMove) error {
	number, code := amountText(m.Amount)
	return s.moves.row([]string{
		m.Case, m.Key(), strconv.Itoa(m.Order), string(m.Kind), string(m.From), string(m.To), timeText(m.EffectiveAt), timeText(m.RecordedAt),
		m.ActorName, m.Reason, m.Note, number, code,
	}, nil)
}

// Activity implements [funnel.ExportSink].
func (s *Sink) Activity(a *funnel.ExportedActivity) error {
	return s.activities.row([]string{
		a.Case, a.Key(), string(a.Kind), string(a.Direction), a.Text, timeText(a.At), timeText(a.RecordedAt), a.MemberName,
	}, nil)
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.999999Z07:00")
}

// amountText writes an amount in major units with a decimal point.
func amountText(m funnel.Money) (number, code string) {
	if m.IsZero() {
		return "", ""
	}
	scale, exp := m.Currency.Scale(), m.Currency.Exponent()
	number = strconv.FormatInt(m.Minor/scale, 10)
	if exp > 0 {
		number += fmt.Sprintf(".%0*d", exp, m.Minor%scale)
	}
	return number, string(m.Currency)
}

// lineWriter writes delimited values, with a column for each custom field in use.
type lineWriter struct {
	csv     *csv.Writer
	columns []string
	customs []string
	begun   bool
	line    []string
}

func (w *lineWriter) head() error {
	if w.begun {
		return nil
	}
	w.begun = true
	line := slices.Clone(w.columns)
	for _, c := range w.customs {
		line = append(line, ownCustom+c)
	}
	return w.csv.Write(line)
}

func (w *lineWriter) row(values []string, custom map[string]string) error {
	if err := w.head(); err != nil {
		return err
	}
	w.line = w.line[:0]
	for _, v := range values {
		w.line = append(w.line, guard(v))
	}
	for _, c := range w.customs {
		w.line = append(w.line, guard(custom[c]))
	}
	return w.csv.Write(w.line)
}

func (w *lineWriter) close() error {
	if err := w.head(); err != nil {
		return err
	}
	w.csv.Flush()
	return w.csv.Error()
}

// guarded begins values that spreadsheets take for formulas, so that a text typed in a chat cannot
// do anything on the machine of the one who opens the file.
const guarded = "=+-@\t\r'"

// guard puts an apostrophe before such values; unguard takes it away again.
func guard(v string) string {
	v = strings.ReplaceAll(v, "\r\n", "\n")
	if v != "" && strings.IndexByte(guarded, v[0]) >= 0 {
		return "'" + v
	}
	return v
}

func unguard(v string) string {
	if len(v) > 1 && v[0] == '\'' && strings.IndexByte(guarded, v[1]) >= 0 {
		return v[1:]
	}
	return v
}

// objectWriter writes an array of objects.
type objectWriter struct {
	w       *bufio.Writer
	columns []string
	begun   bool
	line    []byte
}

func (w *objectWriter) row(values []string, custom map[string]string) error {
	w.line = append(w.line[:0], ",\n{"...)
	if !w.begun {
		w.begun = true
		w.line[0] = '['
	}
	first := true
	for i, c := range w.columns {
		if values[i] == "" {
			continue
		}
		if err := w.member(c, values[i], first); err != nil {
			return err
		}
		first = false
	}
	if len(custom) > 0 {
		if !first {
			w.line = append(w.line, ',')
		}
		b, err := json.Marshal(custom)
		if err != nil {
			return err
		}
		w.line = append(append(w.line, `"custom":`...), b...)
	}
	w.line = append(w.line, '}')
	_, err := w.w.Write(w.line)
	return err
}

func (w *objectWriter) member(key, value string, first bool) error {
	if !first {
		w.line = append(w.line, ',')
	}
	b, err := json.Marshal(strings.ReplaceAll(value, "\r\n", "\n"))
	if err != nil {
		return err
	}
	w.line = append(append(append(append(w.line, '"'), key...), `":`...), b...)
	return nil
}

func (w *objectWriter) close() error {
	end := "\n]\n"
	if !w.begun {
		end = "[]\n"
	}
	if _, err := w.w.WriteString(end); err != nil {
		return err
	}
	return w.w.Flush()
}
