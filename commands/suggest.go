package commands

import (
	"math/bits"
	"unicode/utf8"
)

// tolerance is how many slips a word of n letters may hold and still be taken for another.
// Short words are too near to each other.
func tolerance(n int) int {
	switch {
	case n < 4:
		return 0
	case n < 7:
		return 1
	}
	return 2
}

// longestTypo is the longest word that is compared letter by letter.
const longestTypo = 24

// distance is the Damerau-Levenshtein distance of two words (insertion, deletion, exchange of a
// letter, swap of neighbours; restricted, as in Boytsov 2011), or limit+1 when it is more.
func distance(a, b string, limit int) int {
	na, nb := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if na-nb > limit || nb-na > limit || na > longestTypo || nb > longestTypo {
		return limit + 1
	}
	var left, right [longestTypo]rune
	runesOf(a, &left)
	runesOf(b, &right)
	var rows [3][longestTypo + 1]int
	for j := range nb + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= na; i++ {
		now, before, twice := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		now[0] = i
		best := i
		for j := 1; j <= nb; j++ {
			cost := 1
			if left[i-1] == right[j-1] {
				cost = 0
			}
			d := min(before[j]+1, now[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && left[i-1] == right[j-2] && left[i-2] == right[j-1] { //nolint:gosec // j > 1 here
				d = min(d, twice[j-2]+1)
			}
			now[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
	}
	return min(rows[na%3][nb], limit+1)
}

func runesOf(s string, to *[longestTypo]rune) {
	i := 0
	for _, r := range s {
		to[i] = r
		i++
	}
}

// nearest returns the verb whose alias is nearest to a folded word that is no alias itself, with
// that alias. The slip of a finger may have happened in the wrong layout as well.
func (p *Parser) nearest(typed string) (alias string, key Key) {
	best := 3
	for _, opening := range []string{"deal", "сделка", "сделку"} {
		// The word that opens a line is no verb, but it may be the one that was meant.
		limit := tolerance(min(utf8.RuneCountInString(opening), utf8.RuneCountInString(typed)))
		if d := distance(typed, opening, limit); limit > 0 && d <= limit {
			best = min(best, d)
		}
	}
	for _, w := range []string{typed, fold(FlipLayout(typed))} {
		set, n := lettersOf(w), utf8.RuneCountInString(w)
		for _, a := range p.single {
			limit := min(best-1, tolerance(min(a.runes, n)))
			// A slip changes at most two letters of the set.
			if limit == 0 || bits.OnesCount64(set^a.letters) > 2*limit {
				continue
			}
			if d := distance(w, a.word, limit); d <= limit {
				best, alias, key = d, a.word, a.key
			}
		}
	}
	return alias, key
}

// lettersOf returns the set of the runes of a word, folded into 64 bits.
func lettersOf(w string) uint64 {
	var set uint64
	for _, r := range w {
		set |= 1 << (uint32(r) & 63) //nolint:gosec // a rune is not negative
	}
	return set
}
