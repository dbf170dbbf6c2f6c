package chart

import (
	"github.com/go-analyze/charts/chartdraw/drawing"
)

// sheet is a picture in the making: a title, rows, notes below.
type sheet struct {
	*canvas
	// y is how far down it is drawn.
	y int
}

// The heights of the parts of a sheet, in pixels.
const (
	headHeight   = 66
	legendHeight = 58
	noteHeight   = 44
)

// newSheet begins a picture with rows of so many pixels in all.
func newSheet(title string, legend bool, rows int, notes []string) *sheet {
	// What is measured does not depend on the height.
	lines := 0
	probe := newCanvas(1)
	for _, n := range notes {
		lines += len(probe.wrap(n, width-2*margin, 2, smallFace()))
	}
	titles := probe.wrap(title, width-2*margin, 2, titleFace())
	height := margin/2 + headHeight*len(titles) + rows + noteHeight*lines + margin
	if legend {
		height += legendHeight
	}
	s := &sheet{canvas: newCanvas(height), y: margin / 2}
	for _, t := range titles {
		s.write(t, margin, s.y+52, titleFace())
		s.y += headHeight
	}
	return s
}

// notes writes the small print.
func (s *sheet) notes(notes []string) {
	s.y += margin / 4
	for _, n := range notes {
		for _, l := range s.wrap(n, width-2*margin, 2, smallFace()) {
			s.write(l, margin, s.y+32, smallFace())
			s.y += noteHeight
		}
	}
}

// tag writes white words on a colour from x on, with the base line y.
func (s *sheet) tag(words string, x, y int, fill drawing.Color) {
	f := face{size: 28, bold: true, color: background()}
	const pad = 14
	w := s.measure(words, f)
	s.bar(box{x, y - 32, x + w + 2*pad, y + 12}, fill)
	s.write(words, x+pad, y-1, f)
}

// tagWidth is how wide a tag is, with the gap before it.
func (s *sheet) tagWidth(words string) int {
	return s.measure(words, face{size: 28, bold: true, color: background()}) + 2*14 + 20
}

// done returns the picture under the name.
func (s *sheet) done(name, alt string) (Picture, error) {
	data, err := s.encode()
	if err != nil {
		return Picture{}, err
	}
	return Picture{Name: name, Alt: alt, Data: data}, nil
}

// span is where from 0 to most lies between two columns of pixels.
func span(v, most float64, left, right int) int {
	if most <= 0 {
		return left
	}
	return left + int(float64(right-left)*min(max(v/most, 0), 1)+0.5)
}
