package funnel_test

import (
	"testing"

	"funnelbot/funnel"
)

// BenchmarkAnalysis is everything that a digest computes for a workspace of 10,000 deals in two years, from
// the counts on: the weakest link with its cause, what is stuck, and the forecast.
func BenchmarkAnalysis(b *testing.B) {
	s := sale{deals: 10_000, days: 730, conversion: func(stage, owner, source int, ago float64) float64 {
		if stage == 2 && ago < 100 && source == 3 {
			return 0.1
		}
		return unchanged(stage, owner, source, ago)
	}}
	p, in := saleOver(90), s.input(90)
	b.Run("Bottleneck", func(b *testing.B) {
		for b.Loop() {
			if funnel.NewBottleneckReport(p, in).Weakest != "proposal" {
				b.Fatal("another stage is the weakest")
			}
		}
	})
	b.Run("Stuck", func(b *testing.B) {
		for b.Loop() {
			funnel.NewStuckReport(p, in)
		}
	})
	b.Run("Forecast", func(b *testing.B) {
		for b.Loop() {
			funnel.NewForecastReport(p, &funnel.ForecastInput{BottleneckInput: in})
		}
	})
	b.Run("All", func(b *testing.B) {
		for b.Loop() {
			funnel.NewAnalysis(p, &funnel.ForecastInput{BottleneckInput: in})
		}
	})
}
