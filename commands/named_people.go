package commands

import (
	"encoding/base64"
	"strings"

	"funnelbot/funnel"
)

// calledLike returns which of the names a typed name calls: for sure, in any case form, alphabet and
// order, by a part, or in the other keyboard layout; or else those that are a slip away.
func calledLike(typed string, names []string) (sure, near []int) {
	for _, typed := range []string{typed, FlipLayout(typed)} {
		best := slipped
		for i, name := range names {
			switch g := likeName(typed, name); {
			case g == unlike:
			case g == slipped:
				near = append(near, i)
			case g > best:
				sure, best = append(sure[:0], i), g
			case g == best:
				sure = append(sure, i)
			}
		}
		if len(sure)+len(near) > 0 {
			break
		}
	}
	return sure, near
}

// likeName says how well a typed name calls somebody. Every typed word is a word of the name; where
// one is not, or is only nearly, the two are merely like each other.
func likeName(typed, name string) grade {
	all := strings.Fields(fold(name))
	words := strings.Fields(fold(typed))
	if len(all) == 0 || len(words) == 0 {
		return unlike
	}
	if strings.Join(all, " ") == strings.Join(words, " ") {
		return whole
	}
	g, missed := inflected, 0
	used := make([]bool, len(all))
	for _, w := range words {
		at, best := -1, unlike
		for i, part := range all {
			if m := likeWord(part, w); m > best && !used[i] {
				at, best = i, m
			}
		}
		if at < 0 {
			missed++
			continue
		}
		used[at] = true
		g = min(g, best)
	}
	switch {
	case missed == 0 && len(words) < len(all):
		return min(g, partial)
	case missed == 0:
		return g
	case missed < len(words) && g > slipped && len(words)-missed == len(all):
		return slipped // more was typed than is known: "Anna Petrova" for "Anna"
	}
	return unlike
}

// likeWord says how well a typed word is a word of a name; both are folded.
func likeWord(part, typed string) grade {
	switch {
	case part == typed:
		return whole
	case sameStem(part, typed), sounds(typed, part) == partial:
		return inflected
	case len([]rune(typed)) >= shortest && strings.HasPrefix(part, typed):
		return opening
	case typo(typed, part):
		return slipped
	}
	return unlike
}

// shortID is an identifier in the 22 characters that a button has room for.
func shortID(id funnel.ID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// readShortID reads what [shortID] wrote.
func readShortID(s string) (funnel.ID, bool) {
	var id funnel.ID
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(data) != len(id) {
		return id, false
	}
	copy(id[:], data)
	return id, !id.IsZero()
}
