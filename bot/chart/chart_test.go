package chart_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/chart"
	"funnelbot/bot/text"
	"funnelbot/funnel"
	"funnelbot/funnel/definition"
)

var now = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func printers(tb testing.TB) map[string]*text.Printer {
	tb.Helper()
	catalog, err := text.Load()
	require.NoError(tb, err)
	catalog.Fault = func(locale funnel.Locale, key string, err error) { tb.Errorf("%s %s: %v", locale, key, err) }
	return map[string]*text.Printer{
		"en": catalog.In("en").For(now, time.UTC), "ru": catalog.In("ru").For(now, time.UTC),
	}
}

func share(value, low, high float64, method string, exits int) funnel.Conversion {
	return funnel.Conversion{Value: &value, Low: low, High: high, Level: 0.9, Method: method, Exits: exits}
}

func dollars(n int64) funnel.Sum { return funnel.Sum{Minor: 100 * n, Currency: "USD"} }

func stages() []funnel.StageReport {
	row := func(key funnel.StageKey, entered int, c funnel.Conversion) funnel.StageReport {
		return funnel.StageReport{Key: key, Entered: entered, Open: 1, Passage: funnel.Passage{Conversion: c}}
	}
	return []funnel.StageReport{
		row("awareness", 1240, share(0.12, 0.1, 0.14, "bootstrap", 800)),
		row("lead", 412, share(0.64, 0.58, 0.69, "bootstrap", 300)),
		row("qualification", 205, share(0.55, 0.47, 0.63, "bootstrap", 160)),
		row("proposal", 41, share(0.31, 0.18, 0.47, "wilson", 24)),
		row("negotiation", 9, share(0.71, 0.4, 0.93, "shrunk", 7)),
		row("launch", 5, funnel.Conversion{Low: 0, High: 1, Level: 0.9, Method: "shrunk"}),
		row("retention", 0, funnel.Conversion{}),
	}
}

func weak(stage funnel.StageKey) *funnel.Ranked {
	return &funnel.Ranked{Stage: stage, Baseline: new(0.52), Pace: funnel.Pace{Baseline: new(14), Alarm: true}}
}

func digest() funnel.Digest {
	d := funnel.Digest{AsOf: now, Currency: "USD"}
	d.Bottleneck.WindowDays = 180
	for _, s := range stages()[:5] {
		d.Bottleneck.Stages = append(d.Bottleneck.Stages, funnel.DigestStage{Key: s.Key, Entered: s.Entered, Conversion: s.Conversion})
	}
	d.Bottleneck.Weakest = weak("proposal")
	return d
}

func bottleneck() funnel.BottleneckReport {
	r := funnel.BottleneckReport{ReportHead: funnel.ReportHead{AsOf: now, WindowDays: 90}}
	for _, s := range []struct {
		key        funnel.StageKey
		half, most *int
	}{{"lead", new(4), new(19)}, {"qualification", new(11), new(45)}, {"proposal", new(32), nil}, {"negotiation", nil, nil}} {
		p := funnel.StagePassage{Key: s.key}
		p.TimeInStage = funnel.Percentiles{P50: s.half, P90: s.most}
		r.Stages = append(r.Stages, p)
	}
	r.Ranking = []funnel.Ranked{*weak("proposal"), {Stage: "lead", Pace: funnel.Pace{Baseline: new(5)}}}
	return r
}

func forecast() funnel.ForecastReport {
	r := funnel.ForecastReport{TooFew: true, Expected: funnel.Expected{Level: 0.8}}
	add := func(month string, won, low, mean, high int64, plan *funnel.Sum) {
		r.Months = append(r.Months, funnel.ForecastMonth{
			Month: month, Won: dollars(won), Plan: plan,
			Expected: funnel.Expected{Mean: dollars(mean), Low: dollars(low), High: dollars(high), Level: 0.8},
		})
	}
	add("2026-11", 412_345, 82_100, 190_900, 310_000, new(dollars(900_000)))
	add("2026-12", 0, 210_000, 640_123, 1_102_400, new(dollars(700_000)))
	add("2027-01", 0, 0, 91_000, 260_000, nil)
	return r
}

func weeks() []funnel.TrendWeek {
	weeks := make([]funnel.TrendWeek, 13)
	first := funnel.Date{Year: 2026, Month: time.August, Day: 25}
	for i := range weeks {
		weeks[i] = funnel.TrendWeek{Start: first.AddDays(7 * i), Entered: 8 + (i*5)%9, Won: (i * 3) % 4, Lost: 2 + (i*7)%5}
	}
	return weeks
}

// pictures draws one of each.
func pictures(tb testing.TB, p *text.Printer) map[string]chart.Picture {
	tb.Helper()
	def, err := definition.Default()
	require.NoError(tb, err)
	all := map[string]chart.Picture{}
	keep := func(pic chart.Picture, err error) {
		require.NoError(tb, err)
		all[pic.Name] = pic
	}
	keep(chart.Funnel(p, def, funnel.FunnelReport{ReportHead: funnel.ReportHead{AsOf: now, WindowDays: 90}, Stages: stages()}))
	keep(chart.Digest(p, def, digest()))
	keep(chart.Times(p, def, bottleneck()))
	keep(chart.Forecast(p, def, forecast()))
	keep(chart.Trend(p, weeks()))
	return all
}

func decode(tb testing.TB, data []byte) image.Image {
	tb.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	require.NoError(tb, err)
	return img
}

// TestPicturesLookAsTheyDid compares with the pictures of testdata, which were looked at. With
// FUNNELBOT_UPDATE_PICTURES they are written anew, to be looked at again.
func TestPicturesLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for locale, p := range printers(t) {
		for name, pic := range pictures(t, p) {
			path := filepath.Join("testdata", locale+"_"+name)
			if os.Getenv("FUNNELBOT_UPDATE_PICTURES") != "" {
				require.NoError(t, os.MkdirAll("testdata", 0o750))
				require.NoError(t, os.WriteFile(path, pic.Data, 0o600))
			}
			kept, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, decode(t, kept), decode(t, pic.Data), path)
		}
	}
}

func TestPicturesSayInWordsWhatTheyShow(t *testing.T) {
	t.Parallel()
	said := pictures(t, printers(t)["en"])
	require.Equal(t, "The funnel over 180 days. Awareness: 1,240 came in, 12% go on (10% to 14%). Lead: 412 came in, 64% go on (58% to 69%). "+
		"Qualification: 205 came in, 55% go on (47% to 63%). Proposal, the weakest link: 41 came in, 31% go on (18% to 47%). "+
		"Negotiation: 9 came in, too few deals to tell what share goes on (40% to 93%).", said["digest.png"].Alt)
	require.Contains(t, said["times.png"].Alt, "Proposal: half leave within 32 days; before: 14 days.")
	require.Contains(t, said["forecast.png"].Alt, "November 2026: $603,000, from $494,000 to $722,000; plan $900,000.")
	require.Contains(t, said["trend.png"].Alt, "Signed: 18 in all, at most 3 in a week.")
}

func TestTheSameNumbersGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, p := range printers(t) {
		first := pictures(t, p)
		require.Equal(t, first, pictures(t, p))
	}
}

func BenchmarkDigest(b *testing.B) {
	def, err := definition.Default()
	require.NoError(b, err)
	p, d := printers(b)["ru"], digest()
	for b.Loop() {
		_, err := chart.Digest(p, def, d)
		require.NoError(b, err)
	}
}
