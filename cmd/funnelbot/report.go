package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"funnelbot/bot/local"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

type reportCommand struct {
	Name   string `arg:"" optional:"" help:"funnel, owners, activity or qualification."`
	AsOf   string `name:"as-of" placeholder:"TIME" help:"What was known then: a day such as 2026-11-20 (to its end) or a time in RFC 3339. Unset: now."`
	Window string `name:"window" placeholder:"DAYS" help:"How far to look back, such as 30d. Unset: 90 days, and 365 for which answers go with winning."`
	JSON   bool   `name:"json" help:"Print JSON with stable keys."`
	Lang   string `name:"lang" env:"FUNNELBOT_LANG" help:"en or ru, for the text. Unset: the language of this machine."`
}

// Validate implements kong.Validatable.
func (c *reportCommand) Validate() error {
	if c.Name == "" {
		return errNoReport
	}
	if err := oneOf("report", c.Name, "funnel", "owners", "activity", "qualification"); err != nil {
		return err
	}
	return knownLanguage(c.Lang)
}

var errNoReport = errors.New("say which report: funnel, owners, activity or qualification")

// Run prints a report of the workspace.
func (c *reportCommand) Run(ctx context.Context, s *settings, io *streams) error {
	window, err := readWindow(c.Window)
	if err != nil {
		return err
	}
	a, err := newApp(ctx, s, io, options{quiet: true})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	l := funnel.Locale(c.Lang)
	if l == "" {
		l = machineLanguage(io.getenv)
	}
	w, err := a.knownWorkspace(ctx)
	if err != nil {
		return err
	}
	asOf, err := readAsOf(c.AsOf, w.Location())
	if err != nil {
		return err
	}
	data, reply, err := a.report(ctx, c.Name, w.ID, funnel.ReportQuery{AsOf: asOf, Window: window})
	if err != nil {
		return a.sentence(l, err)
	}
	if c.JSON {
		return writeJSON(io.out, data)
	}
	r := commands.Reader{Locale: l, Zone: w.Location(), Now: a.now(), Funnel: a.funnel}
	p := a.texts.In(string(l))
	return local.Print(p, message.Compose(p, r, reply), io.out)
}

// report makes the report of the name, for a program and for a person.
func (a *app) report(ctx context.Context, name string, w funnel.ID, q funnel.ReportQuery) (any, commands.Reply, error) {
	switch name {
	case "owners":
		r, err := a.service.OwnersReport(ctx, w, q)
		return r, commands.Owners{Report: r}, err
	case "activity":
		r, err := a.service.ActivityReport(ctx, w, q)
		return r, commands.Activities{Report: r}, err
	case "qualification":
		r, err := a.service.QualificationReport(ctx, w, q)
		return r, commands.Qualifications{Report: r}, err
	}
	r, err := a.service.FunnelReport(ctx, w, q)
	return r, commands.FunnelReport{Report: r}, err
}

func writeJSON(to io.Writer, v any) error {
	out := json.NewEncoder(to)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(v)
}

// readWindow reads a number of days, with or without a d. Nothing is the usual window of the report.
func readWindow(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "d"))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("window %q is no number of days: use one such as 90d", s)
	}
	return n, nil
}

// readAsOf reads a day, which means its end, or a time.
func readAsOf(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := funnel.ParseDate(s); err == nil {
		return d.End(zone), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("as-of %q is no day: use one such as 2026-11-20, or a time such as 2026-11-20T18:00:00Z", s)
	}
	return t, nil
}
