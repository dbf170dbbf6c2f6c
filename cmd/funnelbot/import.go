package main

import (
	"context"
	stdcsv "encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"funnelbot/bot/local"
	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

type importCommand struct {
	Files   []string `arg:"" name:"file" optional:"" help:"CSV files. Several of one export, such as deals.csv and moves.csv, are brought in together."`
	Map     string   `name:"map" placeholder:"FILE" help:"Mapping file: what columns and words mean."`
	From    string   `name:"from" placeholder:"FORMAT" help:"Whose export it is, for files without a mapping: ${formats}."`
	Rejects string   `name:"rejects" placeholder:"FILE" help:"Where rows go that cannot be used, with line, column and reason. Unset: FILE.rejects.csv beside the first file, where there are any."`
	DryRun  bool     `name:"dry-run" help:"Judge everything and write nothing."`
	JSON    bool     `name:"json" help:"Print the summary as JSON."`
	Lang    string   `name:"lang" env:"FUNNELBOT_LANG" help:"Language of a workspace that is made by this import: en or ru."`
}

// Validate implements kong.Validatable.
func (c *importCommand) Validate() error {
	if len(c.Files) == 0 {
		return errNoFile
	}
	files := c.Files
	if c.Map != "" {
		files = append(slices.Clone(files), c.Map)
	}
	for _, name := range files {
		if err := knownFile(name); err != nil {
			return err
		}
	}
	return knownLanguage(c.Lang)
}

var errNoFile = errors.New("say which CSV file to bring in")

// Run brings files in. What stays ambiguous or unmapped stops it before anything is written.
func (c *importCommand) Run(ctx context.Context, s *settings, io *streams) error {
	a, err := newApp(ctx, s, io, options{quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	l := funnel.Locale(c.Lang)
	if l == "" {
		l = machineLanguage(io.getenv)
	}
	w, err := c.workspace(ctx, a, l, io)
	if err != nil {
		return err
	}
	bar := newBar(io.err)
	defer bar.done()
	sources, mapping, err := c.open(ctx, a, w, bar)
	if err != nil {
		return err
	}
	rows := int64(0)
	inputs := make([]funnel.ImportRows, len(sources))
	for i, source := range sources {
		defer source.Close()
		inputs[i] = source
		rows += source.Rows()
		if !c.JSON {
			fmt.Fprintf(io.out, "%s: %s.\n", filepath.Base(c.Files[i]), strings.Join(source.Findings(), "; "))
		}
	}
	rejects := &rejectsFile{path: c.rejectsPath(), sources: c.Files}
	summary, err := a.store.Import(ctx, funnel.NewImport(funnel.ImportConfig{
		Workspace: w, Funnels: a.funnelOf, Clock: a.now, IDs: newID,
		CreateOwners: mapping.CreateOwners(), DryRun: c.DryRun,
		Progress: func(p funnel.ImportProgress) { bar.set("importing", p.Staged+p.Judged, 2*rows) },
		Rejected: rejects.add,
	}), inputs...)
	bar.done()
	if err := errors.Join(err, rejects.close()); err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(io.out, summary)
	}
	return printSummary(io.out, summary, c.DryRun, rejects)
}

// workspace is where the rows go. A dry run writes nothing, so it makes none.
func (c *importCommand) workspace(ctx context.Context, a *app, l funnel.Locale, io *streams) (funnel.Workspace, error) {
	if !c.DryRun {
		return a.workspace(ctx, l, io)
	}
	w, err := a.knownWorkspace(ctx)
	if errors.Is(err, errNoWorkspace) {
		return a.newWorkspace(l, io)
	}
	return w, err
}

// open reads every file once and decides what it means.
func (c *importCommand) open(ctx context.Context, a *app, w funnel.Workspace, bar *bar) ([]*csv.Source, *csv.Mapping, error) {
	mapping, err := c.mapping("")
	if err != nil {
		return nil, nil, err
	}
	members, err := a.store.Members(ctx, w.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("read who is here: %w", err)
	}
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Name
	}
	var sources []*csv.Source
	for i, file := range c.Files {
		of := mapping
		if c.Map == "" {
			if of, err = c.mapping(file); err != nil {
				return nil, nil, err
			}
		}
		source, err := csv.Open(ctx, file, of, csv.Options{
			Funnel: a.funnel, Zone: w.Location(), Currency: w.Currency, Index: i, Members: names,
			Progress: func(pass int, done, size int64) {
				if pass == 1 {
					bar.set("reading", done, size)
				}
			},
		})
		if err != nil {
			return nil, nil, err
		}
		sources, mapping = append(sources, source), of
	}
	return sources, mapping, nil
}

// mapping reads the mapping file, or makes the one that a format needs.
func (c *importCommand) mapping(file string) (*csv.Mapping, error) {
	if c.Map != "" {
		data, err := os.ReadFile(c.Map)
		if err != nil {
			return nil, fmt.Errorf("read the mapping: %w", err)
		}
		return csv.ReadMapping(data)
	}
	if csv.Format(c.From) == csv.Own {
		name := strings.ToLower(filepath.Base(file))
		switch {
		case strings.Contains(name, "moves"):
			return csv.OwnMapping(csv.History), nil
		case strings.Contains(name, "activities"):
			return csv.OwnMapping(csv.Activities), nil
		}
		return csv.OwnMapping(csv.Deals), nil
	}
	if c.From == "" && file != "" {
		if own, err := csv.Recognise(file); own != nil || err != nil {
			return own, err
		}
	}
	m := &csv.Mapping{From: csv.Format(c.From)}
	if c.From != "" {
		if slices.Contains(csv.Formats(), m.From) {
			return m, nil
		}
		return nil, fmt.Errorf("format %q is not known: use one of %s", c.From, formats())
	}
	return m, nil
}

func formats() string {
	names := make([]string, 0, len(csv.Formats()))
	for _, f := range csv.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

func (c *importCommand) rejectsPath() string {
	if c.Rejects != "" {
		return c.Rejects
	}
	return strings.TrimSuffix(c.Files[0], filepath.Ext(c.Files[0])) + ".rejects.csv"
}

// rejectsFile is made with the first row that cannot be used.
type rejectsFile struct {
	path string
	// sources are the files that rows come from, in their order.
	sources []string
	file    *os.File
	out     *stdcsv.Writer
}

func (r *rejectsFile) add(e *funnel.RowError) error {
	if r.file == nil {
		file, err := os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write the rejects: %w", err)
		}
		r.file, r.out = file, stdcsv.NewWriter(file)
		if err := r.out.Write([]string{"file", "line", "column", "reason", "detail", "row"}); err != nil {
			return fmt.Errorf("write the rejects: %w", err)
		}
	}
	name := filepath.Base(r.sources[e.Source])
	if err := r.out.Write([]string{name, strconv.FormatInt(e.Line, 10), e.Column, e.Reason, e.Detail, e.Row}); err != nil {
		return fmt.Errorf("write the rejects: %w", err)
	}
	return nil
}

func (r *rejectsFile) close() error {
	if r.file == nil {
		return nil
	}
	r.out.Flush()
	if err := errors.Join(r.out.Error(), r.file.Close()); err != nil {
		return fmt.Errorf("write the rejects: %w", err)
	}
	return nil
}

// barEvery is how often the bar moves.
const barEvery = 100 * time.Millisecond

// bar shows progress at a terminal, and nothing anywhere else.
type bar struct {
	to   io.Writer
	what string
	bar  *progressbar.ProgressBar
}

func newBar(to io.Writer) *bar {
	if !local.IsTerminal(to) {
		return &bar{}
	}
	return &bar{to: to}
}

func (b *bar) set(what string, done, size int64) {
	if b.to == nil || size <= 0 {
		return
	}
	if b.what != what {
		b.done()
		b.what = what
		b.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(b.to), progressbar.OptionSetDescription(what),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(barEvery))
	}
	_ = b.bar.Set64(min(done, size))
}

func (b *bar) done() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar, b.what = nil, ""
	}
}
