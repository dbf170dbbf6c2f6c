package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"funnelbot/funnel"
	"funnelbot/storage/csv"
)

type exportCommand struct {
	What   string `arg:"" optional:"" default:"all" help:"deals, moves, activities, or all of them into a folder."`
	Format string `name:"format" enum:"csv,json" default:"csv" help:"csv or json."`
	Out    string `name:"out" short:"o" placeholder:"PATH" help:"A file, or a folder for all. Unset: standard output; for all, the folder export."`
}

// Validate implements kong.Validatable.
func (c *exportCommand) Validate() error {
	return oneOf("export", c.What, "deals", "moves", "activities", "all")
}

// Run writes what stands: not what was taken back. The files go back in with import --from funnelbot.
func (c *exportCommand) Run(ctx context.Context, s *settings, streams *streams) (err error) {
	a, err := newApp(ctx, s, streams, options{quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	w, err := a.knownWorkspace(ctx)
	if err != nil {
		return err
	}
	var files exportFiles
	defer func() { err = errors.Join(err, files.close(err == nil)) }()
	outs := [3]io.Writer{}
	for i, name := range []string{"deals", "moves", "activities"} {
		if c.What != "all" && c.What != name {
			continue
		}
		if outs[i], err = c.output(&files, name, streams.out); err != nil {
			return err
		}
	}
	sink := csv.NewCSV(outs[0], outs[1], outs[2])
	if c.Format == "json" {
		sink = csv.NewJSON(outs[0], outs[1], outs[2])
	}
	what := funnel.ExportWhat{Deals: outs[0] != nil, Moves: outs[1] != nil, Activities: outs[2] != nil}
	if err := a.store.Export(ctx, w.ID, what, sink); err != nil {
		return err
	}
	return sink.Close()
}

// output opens where one of the tables goes.
func (c *exportCommand) output(files *exportFiles, name string, stdout io.Writer) (io.Writer, error) {
	path := c.Out
	switch {
	case c.What != "all" && path == "":
		return stdout, nil
	case c.What == "all" && path == "":
		path = "export"
		fallthrough
	case c.What == "all":
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
		path = filepath.Join(path, name+"."+c.Format)
	}
	return files.create(path)
}

// exportFiles are written beside their names and put in place when all of them are complete.
type exportFiles struct{ open []*os.File }

const partial = ".part"

func (f *exportFiles) create(path string) (io.Writer, error) {
	file, err := os.OpenFile(path+partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	f.open = append(f.open, file)
	return file, nil
}

func (f *exportFiles) close(keep bool) error {
	var all error
	for _, file := range f.open {
		err := file.Close()
		name := file.Name()
		switch {
		case err != nil || !keep:
			err = errors.Join(err, os.Remove(name))
		default:
			err = os.Rename(name, name[:len(name)-len(partial)])
		}
		all = errors.Join(all, err)
	}
	return all
}
