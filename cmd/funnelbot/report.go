package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"funnelbot/bot/local"
	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
)

type reportCommand struct {
	Name   string `arg:"" optional:"" help:"funnel, owners, activity, qualification, bottleneck, stuck, forecast or trend."`
	AsOf   string `name:"as-of" placeholder:"TIME" help:"What was known then: a day such as 2026-11-20 (to its end) or a time in RFC 3339. Unset: now."`
	Window string `name:"window" placeholder:"DAYS" help:"How far to look back, such as 30d. Unset: 90 days; longer where a weakest link cannot be told from so few deals, and 365 for which answers go with winning."`
	JSON   bool   `name:"json" help:"Print JSON with stable keys."`
	PNG    string `name:"png" placeholder:"FILE" help:"Write the picture of funnel, bottleneck, forecast or trend to a file, beside what is printed."`
	Lang   string `name:"lang" env:"FUNNELBOT_LANG" help:"en or ru, for the text. Unset: the language of this machine."`
}

// Validate implements kong.Validatable.
func (c *reportCommand) Validate() error {
	if c.Name == "" {
		return errNoReport
	}
	if err := oneOf("report", c.Name, "funnel", "owners", "activity", "qualification", "bottleneck", "stuck", "forecast", "trend"); err != nil {
		return err
	}
	if c.PNG != "" {
		if err := oneOf("report with a picture", c.Name, "funnel", "bottleneck", "forecast", "trend"); err != nil {
			return err
		}
	}
	return knownLanguage(c.Lang)
}

var (
	errNoReport  = errors.New("say which report: funnel, owners, activity, qualification, bottleneck, stuck, forecast or trend")
	errNoPicture = errors.New("there is nothing to draw yet")
)

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
	r := commands.Reader{Locale: l, Zone: w.Location(), Now: a.now(), Funnel: a.funnel}
	doc := message.Compose(a.texts.In(string(l)), r, reply)
	if err := writePicture(&doc, c.PNG); err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(io.out, data)
	}
	return local.Print(a.texts.In(string(l)), doc, io.out)
}

// writePicture writes the picture of a report to a file and takes it out of what is printed; without a
// file it is left out.
func writePicture(doc *message.Doc, file string) error {
	var picture *message.Picture
	doc.Blocks = slices.DeleteFunc(doc.Blocks, func(b message.Block) bool {
		p, ok := b.(message.Picture)
		if ok {
			picture = &p
		}
		return ok
	})
	switch {
	case file == "":
		return nil
	case picture == nil:
		return errNoPicture
	}
	const readable = 0o644
	if err := os.WriteFile(file, picture.Data, readable); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
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
	case "trend":
		r, err := a.service.TrendReport(ctx, w, q)
		return r, commands.Trend{Report: r}, err
	case "funnel":
		r, err := a.service.FunnelReport(ctx, w, q)
		return r, commands.FunnelReport{Report: r}, err
	}
	q.Widen = q.Window == 0
	switch name {
	case "bottleneck":
		r, err := a.service.BottleneckReport(ctx, w, q)
		return r, commands.Bottleneck{Report: r}, err
	case "forecast":
		r, err := a.service.ForecastReport(ctx, w, q)
		return r, commands.Forecast{Report: r}, err
	}
	r, err := a.service.StuckReport(ctx, w, q)
	if err != nil {
		return nil, nil, err
	}
	reply, err := a.stuck(ctx, w, r)
	return r, reply, err
}

// stuckPrinted is how many stuck deals are printed; all of them are in the JSON.
const stuckPrinted = 100

// stuck names the deals of a report.
func (a *app) stuck(ctx context.Context, w funnel.ID, r funnel.StuckReport) (commands.Stuck, error) {
	reply := commands.Stuck{Report: r, To: min(len(r.Deals), stuckPrinted), Why: true, Deals: map[funnel.ID]*funnel.DealView{}}
	for _, d := range r.Deals[:reply.To] {
		view, err := a.service.Read().Outline(ctx, w, d.Deal)
		if err != nil {
			return reply, err
		}
		if view != nil {
			reply.Deals[d.Deal] = view
		}
	}
	return reply, nil
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
