package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// printComparison prints medians over the rounds, and ratios to the bare handler.
func printComparison(to io.Writer, all []*contender) error {
	const yardstick = "bare handler"
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "medians\trate/s\tlowest\thighest\tof bare\tp50 ms\tp90 ms\tp99 ms\tmax ms\trequests\tnot right\tcpu µs each\tmemory MB\t")
	bare := 0.0
	for _, k := range all {
		if k.name == yardstick {
			bare = median(k.each(func(r *round) float64 { return r.persecond() }))
		}
	}
	for _, k := range all {
		rates := k.each(func(r *round) float64 { return r.persecond() })
		rate := median(rates)
		low, high := rates[0], rates[0]
		for _, r := range rates {
			low, high = min(low, r), max(high, r)
		}
		ratio := ""
		if bare > 0 {
			ratio = strconv.FormatFloat(rate/bare, 'f', 2, 64)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t", k.name, perSecond(rate), perSecond(low), perSecond(high), ratio)
		k.details(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	for _, k := range all {
		for i := range k.rounds {
			if s := k.rounds[i].sight; s != "" {
				fmt.Fprintf(to, "%s: the first that was not right: %s\n", k.name, short(s))
				break
			}
		}
	}
	return nil
}

func (k *contender) details(out io.Writer) {
	if k.rounds[0].statement != nil {
		mean := median(k.each(func(r *round) float64 { return float64(r.statement.mean) }))
		fmt.Fprintf(out, "mean %s\t\t\t\t\t\t\t\t\n", millis(time.Duration(mean)))
		return
	}
	for _, q := range []float64{0.5, 0.9, 0.99, 1} {
		at := median(k.each(func(r *round) float64 { return float64(quantile(r.took, q)) }))
		fmt.Fprintf(out, "%s\t", millis(time.Duration(at)))
	}
	requests, errors := 0, 0
	for i := range k.rounds {
		requests += len(k.rounds[i].took)
		errors += k.rounds[i].errors()
	}
	cpu := median(k.each(func(r *round) float64 { return float64(r.cpu.Microseconds()) / max(1, float64(r.sent)) }))
	fmt.Fprintf(out, "%d\t%d\t%.0f\t%.1f\t\n", requests, errors, cpu, float64(k.process.usage().memory)/1e6)
}

func (k *contender) each(of func(*round) float64) []float64 {
	all := make([]float64, len(k.rounds))
	for i := range k.rounds {
		all[i] = of(&k.rounds[i])
	}
	return all
}
