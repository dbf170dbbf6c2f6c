package chart

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/go-analyze/charts/chartdraw"
	"github.com/go-analyze/charts/chartdraw/drawing"
)

// width and margin are in pixels. A phone shows the width on about 6 cm, so that type of 30 pixels
// reads like the small print of a message.
const (
	width  = 1200
	margin = 48
)

// pixelDPI makes a point a pixel.
const pixelDPI = 72

// The families of the font that the library brings; it has Latin, Cyrillic and Greek letters and the
// signs of currencies.
const (
	regularFont = "notosans"
	boldFont    = "notosans-bold"
)

// face is how words look.
type face struct {
	size  float64
	bold  bool
	color drawing.Color
}

func titleFace() face { return face{size: 50, bold: true, color: ink()} }
func labelFace() face { return face{size: 38, bold: true, color: ink()} }
func valueFace() face { return face{size: 36, color: ink()} }
func smallFace() face { return face{size: 30, color: quiet()} }

// box is where something stands, in pixels.
type box struct{ left, top, right, bottom int }

// canvas is what a picture is drawn on.
type canvas struct {
	to     chartdraw.Renderer
	height int
	// words are where texts stand, so that a test can see whether any is cut or covers another.
	words []box
}

func newCanvas(height int) *canvas {
	c := &canvas{to: chartdraw.PNG(width, height), height: height}
	c.to.SetDPI(pixelDPI)
	return c
}

func (c *canvas) wear(f face) {
	family := regularFont
	if f.bold {
		family = boldFont
	}
	c.to.SetFont(chartdraw.GetFont(family))
	c.to.SetFontSize(f.size)
	c.to.SetFontColor(f.color)
}

// measure returns how wide the words are.
func (c *canvas) measure(s string, f face) int {
	c.wear(f)
	return c.to.MeasureText(s).Width()
}

// write puts words from x on; y is their base line. It returns where they end.
func (c *canvas) write(s string, x, y int, f face) int {
	end := x + c.measure(s, f)
	c.to.Text(s, x, y)
	c.words = append(c.words, box{x, y - int(f.size*0.8), end, y + int(f.size*0.2)})
	return end
}

// bar fills a rectangle.
func (c *canvas) bar(b box, fill drawing.Color) {
	c.to.ResetStyle()
	c.to.SetFillColor(fill)
	c.to.MoveTo(b.left, b.top)
	c.to.LineTo(b.right, b.top)
	c.to.LineTo(b.right, b.bottom)
	c.to.LineTo(b.left, b.bottom)
	c.to.Close()
	c.to.Fill()
}

// path draws a line from point to point.
func (c *canvas) path(points []image.Point, thick float64, ink drawing.Color) {
	c.to.ResetStyle()
	c.to.SetStrokeColor(ink)
	c.to.SetStrokeWidth(thick)
	for i, p := range points {
		if i == 0 {
			c.to.MoveTo(p.X, p.Y)
			continue
		}
		c.to.LineTo(p.X, p.Y)
	}
	c.to.Stroke()
}

// dot draws a disc, or a ring where it is hollow.
func (c *canvas) dot(x, y int, radius float64, ink drawing.Color, hollow bool) {
	c.to.ResetStyle()
	c.to.SetFillColor(ink)
	if hollow {
		c.to.SetFillColor(background())
	}
	c.to.SetStrokeColor(ink)
	c.to.SetStrokeWidth(5)
	c.to.Circle(radius, x, y)
	c.to.FillStroke()
}

// whisker draws an interval with its two ends.
func (c *canvas) whisker(from, to, y int, ink drawing.Color) {
	const end = 12
	c.path([]image.Point{{X: from, Y: y}, {X: to, Y: y}}, 5, ink)
	for _, x := range [2]int{from, to} {
		c.path([]image.Point{{X: x, Y: y - end}, {X: x, Y: y + end}}, 5, ink)
	}
}

var errTooManyColours = errors.New("more colours than a palette holds")

// encode returns the picture as a PNG. Shades that no eye tells apart become one, so that a palette
// holds them: the files are a tenth of the size and are written in a third of the time.
func (c *canvas) encode() ([]byte, error) {
	var drawn chartdraw.ImageWriter
	if err := c.to.Save(&drawn); err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	img, err := drawn.Image()
	if err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	rgba, ok := img.(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("draw a picture: %T is not what is drawn on", img)
	}
	flat, err := flatten(rgba)
	if err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	var file bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&file, flat); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return file.Bytes(), nil
}

// flatten lays the picture on white and gives it a palette.
func flatten(src *image.RGBA) (*image.Paletted, error) {
	flat := image.NewPaletted(src.Rect, color.Palette{color.RGBA{255, 255, 255, 255}})
	var seen [shades * shades * shades]int16
	seen[len(seen)-1] = 1
	for i := range flat.Pix {
		p := src.Pix[4*i : 4*i+4 : 4*i+4]
		bare := 255 - p[3]
		r, g, b := shade(p[0]+bare), shade(p[1]+bare), shade(p[2]+bare)
		at := &seen[(r*shades+g)*shades+b]
		if *at == 0 {
			if len(flat.Palette) == math.MaxUint8+1 {
				return nil, errTooManyColours
			}
			flat.Palette = append(flat.Palette, color.RGBA{full(r), full(g), full(b), 255})
			*at = int16(len(flat.Palette)) //nolint:gosec // at most 256
		}
		flat.Pix[i] = uint8(*at - 1) //nolint:gosec // at most 255
	}
	return flat, nil
}

// shades is how many shades of red, of green and of blue are told apart.
const shades = 16

func shade(v uint8) int { return (int(v)*(shades-1) + math.MaxUint8/2) / math.MaxUint8 }

func full(shade int) uint8 { return uint8(shade * math.MaxUint8 / (shades - 1)) } //nolint:gosec // at most 255
