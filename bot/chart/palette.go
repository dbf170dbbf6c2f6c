package chart

import "github.com/go-analyze/charts/chartdraw/drawing"

// The colours that people with any kind of colour blindness tell apart, by Masataka Okabe and Kei Ito
// (https://jfly.uni-koeln.de/color/), with greys for what only frames them.
func blue() drawing.Color       { return drawing.ColorFromHex("0072B2") }
func vermilion() drawing.Color  { return drawing.ColorFromHex("D55E00") }
func green() drawing.Color      { return drawing.ColorFromHex("009E73") }
func ink() drawing.Color        { return drawing.ColorFromHex("1A1A1A") }
func quiet() drawing.Color      { return drawing.ColorFromHex("595959") }
func hair() drawing.Color       { return drawing.ColorFromHex("D9D9D9") }
func background() drawing.Color { return drawing.ColorFromHex("FFFFFF") }
