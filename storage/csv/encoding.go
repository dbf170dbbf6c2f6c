package csv

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a file writes letters as bytes.
type Encoding string

// The encodings that files come in.
const (
	UTF8        Encoding = "utf-8"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1251 Encoding = "windows-1251"
	// These two are never concluded from evidence, only named by a mapping.
	Windows1252 Encoding = "windows-1252"
	KOI8R       Encoding = "koi8-r"
)

// Encodings lists every encoding.
func Encodings() []Encoding {
	return []Encoding{UTF8, UTF16LE, UTF16BE, Windows1251, Windows1252, KOI8R}
}

var (
	bomUTF8    = []byte{0xEF, 0xBB, 0xBF}
	bomUTF16LE = []byte{0xFF, 0xFE}
	bomUTF16BE = []byte{0xFE, 0xFF}
)

// errEncoding says that the bytes of a file do not tell what they mean.
var errEncoding = errors.New("the text is neither UTF-8 nor UTF-16 nor Russian in windows-1251: name its encoding in the mapping, such as `encoding: koi8-r`")

// detect concludes the encoding from a sample of the file.
func detect(sample []byte) (Encoding, error) {
	switch {
	case bytes.HasPrefix(sample, bomUTF8):
		return UTF8, nil
	case bytes.HasPrefix(sample, bomUTF16LE):
		return UTF16LE, nil
	case bytes.HasPrefix(sample, bomUTF16BE):
		return UTF16BE, nil
	}
	if e, ok := sixteen(sample); ok {
		return e, nil
	}
	var beyond, broken int
	for line := range bytes.Lines(sample) {
		if bytes.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
			continue
		}
		beyond++
		if !utf8.Valid(line) {
			broken++
		}
	}
	switch {
	case validUTF8(sample) || mostlyUTF8(beyond, broken):
		return UTF8, nil
	case russian(sample):
		return Windows1251, nil
	case bytes.IndexByte(sample, 0) >= 0:
		return "", errNoText // No text has zero bytes, whatever its letters.
	}
	return "", errEncoding
}

// mostlyUTF8 judges by the lines with letters beyond ASCII: hardly any text in another encoding is
// UTF-8 by chance, so a few broken lines are just that, and are rejected one by one.
func mostlyUTF8(beyond, broken int) bool { return broken*2 < beyond }

// sixteen recognises UTF-16 without a mark: delimiters, digits and line ends have a zero byte, always
// on the same side.
func sixteen(sample []byte) (Encoding, bool) {
	var zeros [2]int
	for i, b := range sample {
		if b == 0 {
			zeros[i%2]++
		}
	}
	total := zeros[0] + zeros[1]
	if total*50 < len(sample) || total < 4 {
		return "", false
	}
	switch {
	case zeros[0]*20 < total:
		return UTF16LE, true
	case zeros[1]*20 < total:
		return UTF16BE, true
	}
	return "", false
}

// validUTF8 reports whether the sample is UTF-8, but for a letter that its end may have cut.
func validUTF8(sample []byte) bool {
	for i := 1; i < utf8.UTFMax && i <= len(sample); i++ {
		if b := sample[len(sample)-i]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(sample[len(sample)-i:]) {
				sample = sample[:len(sample)-i]
			}
			break
		}
	}
	return utf8.Valid(sample)
}

// russian reports whether bytes beyond ASCII look like Russian words in windows-1251: letters next
// to letters, small ones for the most part. Western texts have single accented letters, KOI8-R has
// its small letters where the great ones are, CP866 has them where there are none.
func russian(sample []byte) bool {
	var together, alone, small, strange, high int
	run := 0
	end := func() {
		if run == 1 {
			alone++
		} else {
			together += run
		}
		run = 0
	}
	for _, b := range sample {
		if b < utf8.RuneSelf {
			end()
			continue
		}
		high++
		switch {
		case b >= 0xC0 || b == 0xA8 || b == 0xB8:
			run++
			if b >= 0xE0 || b == 0xB8 {
				small++
			}
		case slices.Contains([]byte{0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA0, 0xAB, 0xB0, 0xB7, 0xB9, 0xBB, 0x88}, b):
			end() // quotes, dashes, №, the no-break space, €
		default:
			end()
			strange++
		}
	}
	end()
	return together > 4*alone && 2*small > together && strange*10 < high
}

// decode gives the text of r as UTF-8, without the mark at its beginning. UTF-8 passes as it is,
// and is checked row by row.
func decode(r io.Reader, e Encoding) (io.Reader, error) {
	switch e {
	case UTF8:
		b := bufio.NewReaderSize(r, readAhead)
		if mark, err := b.Peek(len(bomUTF8)); err == nil && bytes.Equal(mark, bomUTF8) {
			if _, err := b.Discard(len(bomUTF8)); err != nil {
				return nil, err
			}
		}
		return b, nil
	case UTF16LE:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), nil
	case UTF16BE:
		return transform.NewReader(r, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()), nil
	case Windows1251:
		return transform.NewReader(r, charmap.Windows1251.NewDecoder()), nil
	case Windows1252:
		return transform.NewReader(r, charmap.Windows1252.NewDecoder()), nil
	case KOI8R:
		return transform.NewReader(r, charmap.KOI8R.NewDecoder()), nil
	}
	return nil, fmt.Errorf("encoding %q: use one of %v", e, Encodings())
}
