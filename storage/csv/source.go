package csv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"funnelbot/funnel"
)

// Options are what a file is read against.
type Options struct {
	Funnel *funnel.Funnel
	// Zone and Currency are those of the workspace, for times and amounts without one.
	Zone     *time.Location
	Currency funnel.Currency
	// Progress is told how many bytes of how many were read in this pass; it may be nil. The file
	// is read twice: first for evidence, then for its rows.
	Progress func(pass int, done, size int64)
	// Members are the names of those who are here, for the findings on owners.
	Members []string
	// Index is the number of the source where several files are imported together.
	Index int
}

// Source is a file whose words are all understood. It implements [funnel.ImportRows].
type Source struct {
	path    string
	size    int64
	changed time.Time
	mapping *Mapping
	options Options
	funnel  *funnel.Funnel
	zone    *time.Location
	money   funnel.Currency
	dialect dialect
	plan    *plan
	words   *lexicon
	orders  map[Field]DateOrder
	style   NumberStyle
	rows    int64
	owners  []string
	pass    int

	table table
	file  io.Closer
	cells cells
	row   record
}

// Open reads a file once, from end to end, and decides what it means. What stays open, and every
// stage that the mapping does not know, is an error that lists all of it: nothing of the file has
// been used by then. The caller closes the source.
func Open(ctx context.Context, path string, m *Mapping, o Options) (*Source, error) {
	s := &Source{path: path, mapping: m, options: o, funnel: o.Funnel, zone: o.Zone, money: o.Currency, pass: 1}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return s, nil
}

func (s *Source) open(ctx context.Context) error {
	if err := errors.Join(s.mapping.check(), s.mapping.against(s.funnel)); err != nil {
		return err
	}
	if s.mapping.Zone != "" {
		zone, err := time.LoadLocation(s.mapping.Zone)
		if err != nil {
			return fmt.Errorf("zone: %w", err)
		}
		s.zone = zone
	}
	if s.mapping.Currency != "" {
		s.money = s.mapping.Currency
	}
	s.words = newLexicon(s.mapping, s.funnel)
	sample, err := s.sample()
	if err != nil {
		return err
	}
	if s.dialect, err = sniff(sample, s.mapping); err != nil {
		return err
	}
	v, err := s.look(ctx)
	if err != nil {
		return err
	}
	again, err := s.reencode(v)
	if err != nil {
		return err
	}
	if again {
		s.plan = nil
		if v, err = s.look(ctx); err != nil {
			return err
		}
	}
	if v.rows == 0 && !s.mapping.own {
		return errors.New("the file has no rows: nothing stands below its header")
	}
	if v.rows > 0 {
		if err := s.conclude(v); err != nil {
			return err
		}
	}
	s.rows, s.pass = v.rows, 2
	s.owners = slices.Sorted(maps.Keys(v.owners))
	return nil
}

// sample reads the beginning of the file.
func (s *Source) sample() ([]byte, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("this is no file that can be read twice")
	}
	s.size, s.changed = info.Size(), info.ModTime()
	return io.ReadAll(io.LimitReader(f, sniffed))
}

func (s *Source) tell(n int64) {
	if s.options.Progress != nil {
		s.options.Progress(s.pass, n, s.size)
	}
}

// Rows returns how many rows the file has.
func (s *Source) Rows() int64 { return s.rows }

// Findings says in one line each what was decided by evidence, for the person to see.
func (s *Source) Findings() []string {
	out := []string{fmt.Sprintf("encoding %s", s.dialect.encoding)}
	if !s.dialect.json {
		out = append(out, fmt.Sprintf("values separated by %q", s.dialect.delimiter))
	}
	if s.plan.format != "" {
		out = append(out, fmt.Sprintf("headers of %s", s.plan.format))
	}
	for _, f := range slices.Sorted(maps.Keys(s.orders)) {
		out = append(out, fmt.Sprintf("dates of %q are %s", s.plan.taken[f], s.orders[f]))
	}
	for _, c := range s.plan.columns {
		switch {
		case c.custom != "" && !s.mapping.own:
			out = append(out, fmt.Sprintf("column %q is kept as the custom field %q", c.header, c.custom))
		case len(c.fields) == 0 && c.custom == "":
			out = append(out, fmt.Sprintf("column %q is not used", c.header))
		}
	}
	return append(out, s.strangers()...)
}

// strangers says what becomes of owners who are no members.
func (s *Source) strangers() []string {
	here := map[string]bool{}
	for _, name := range s.options.Members {
		here[plain(name)] = true
	}
	n := 0
	for _, name := range s.owners {
		if !here[plain(name)] {
			n++
		}
	}
	if n == 0 || s.plan.rows == Activities {
		return nil
	}
	names := "1 name that nobody here has"
	if n > 1 {
		names = fmt.Sprintf("%d names that nobody here has", n)
	}
	column := s.plan.taken[FieldOwner]
	if s.mapping.CreateOwners() {
		return []string{fmt.Sprintf("column %q: %s; they become members", column, names)}
	}
	return []string{fmt.Sprintf("column %q: %s; kept as the custom field %s; say `owners: create` in a mapping to make them members",
		column, names, funnel.CustomOwner)}
}

// Close lets go of the file.
func (s *Source) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// Next implements [funnel.ImportRows].
func (s *Source) Next(out *funnel.ImportRow) (string, error) {
	if s.table == nil {
		if err := s.again(); err != nil {
			return "", err
		}
	}
	err := s.table.next(&s.row)
	if errors.Is(err, io.EOF) {
		return "", io.EOF
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", filepath.Base(s.path), err)
	}
	if len(s.table.header()) != len(s.plan.columns) {
		return "", s.moved()
	}
	if s.row.fault != "" {
		return s.row.text, s.reject("", "unreadable", s.row.fault)
	}
	s.plan.read(&s.row, &s.cells)
	out.Source, out.Line = s.options.Index, s.row.line
	if fault := s.convert(out); fault != nil {
		return s.row.text, fault
	}
	return s.row.text, nil
}

// again opens the file for the second pass.
func (s *Source) again() error {
	if info, err := os.Stat(s.path); err != nil || info.Size() != s.size || !info.ModTime().Equal(s.changed) {
		return s.moved()
	}
	var err error
	if s.table, s.file, err = s.dialect.open(s.path, s.tell); err != nil {
		return err
	}
	if lines, ok := s.table.(*objects); ok {
		// Objects have their keys in any order: columns are those of the first pass.
		lines.adopt(s.plan)
	}
	s.cells = cells{values: map[Field]string{}}
	return nil
}

func (s *Source) moved() error {
	return fmt.Errorf("%s changed while it was read: import it again", filepath.Base(s.path))
}

func (s *Source) reject(column, reason, detail string) *funnel.RowError {
	return &funnel.RowError{
		Source: s.options.Index, Line: s.row.line, Column: column, Reason: reason, Detail: detail, Row: s.row.text,
	}
}
