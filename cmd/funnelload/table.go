package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// table is what is printed of measurements: one in each row.
type table struct {
	out   *tabwriter.Writer
	to    io.Writer
	notes []string
}

func newTable(to io.Writer) *table {
	t := &table{out: tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight), to: to}
	fmt.Fprintln(t.out, "\trate/s\tp50 ms\tp90 ms\tp99 ms\tmax ms\trequests\tnon-2xx\twrong\tno answer\tnot sent\t")
	return t
}

// result adds a run of requests.
func (t *table) result(name string, r *result) {
	fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t\n", name, perSecond(r.rate()),
		millis(quantile(r.took, 0.5)), millis(quantile(r.took, 0.9)), millis(quantile(r.took, 0.99)), millis(quantile(r.took, 1)),
		len(r.took), r.counts[refused], r.counts[wrong], r.counts[failed], r.unsent)
	if r.sight != "" {
		t.notes = append(t.notes, fmt.Sprintf("%s: the first that was not right: %s", name, short(r.sight)))
	}
}

// statement adds a run of pgbench, which prints the mean where the others have percentiles.
func (t *table) statement(name string, r statementResult) {
	fmt.Fprintf(t.out, "%s\t%s\tmean %s\t\t\t\t\t\t\t\t\t\n", name, perSecond(r.rate), millis(r.mean))
}

func (t *table) print() error {
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	for _, n := range t.notes {
		fmt.Fprintln(t.to, n)
	}
	return nil
}

func perSecond(r float64) string {
	if r < 100 {
		return strconv.FormatFloat(r, 'f', 1, 64)
	}
	return strconv.FormatFloat(r, 'f', 0, 64)
}

func millis(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds()*1000, 'f', 2, 64)
}

// maxSight is how much of an answer is printed.
const maxSight = 600

func short(s string) string {
	if len(s) > maxSight {
		return s[:maxSight] + "…"
	}
	return s
}
