package funnel

import (
	"cmp"
	"slices"
)

// Of the reasons of a verdict two are told where there are two, and three at most.
const (
	fewestGrounds = 2
	mostGrounds   = 3
)

// favourable is the share from which an answer speaks for a deal; below it, it speaks against.
const favourable = 0.75

func descending(a, b float64) int { return cmp.Compare(b, a) }

// grounds returns the reasons of a verdict, the heaviest first.
func grounds(v Verdict, counts []count) []Ground {
	var found []Ground
	switch v {
	case Promising:
		found = strong(counts)
		if outside := outsides(counts); len(outside) > 0 {
			// Whoever is told to go on has to know that this is an unusual client.
			found = append(found[:min(len(found), mostGrounds-1)], outside[0])
		}
	case Nurture:
		found = weak(counts)
	case Undecided:
		found = unknown(counts)
	case NotAFit:
		found = append(excluded(counts), outsides(counts)...)
		if len(found) < fewestGrounds {
			found = append(found, slices.DeleteFunc(weak(counts), func(g Ground) bool {
				return g.Kind == GroundUnknown || g.Kind == GroundOutside
			})...)
		}
	}
	return found[:min(len(found), mostGrounds)]
}

// strong returns what speaks for a deal by what it earns. That something is known in words is told
// only where there is little else.
func strong(counts []count) []Ground {
	good := only(counts, func(c *count) bool { return c.points() > 0 && c.share >= favourable && c.question.Kind != AskText })
	if len(good) < fewestGrounds {
		good = only(counts, func(c *count) bool { return c.points() > 0 })
	}
	slices.SortStableFunc(good, func(a, b count) int { return descending(a.points(), b.points()) })
	return told(good, GroundStrong, GroundPayback)
}

// weak returns what keeps a deal from being promising, by what it does not earn.
func weak(counts []count) []Ground {
	bad := only(counts, func(c *count) bool { return c.lost() > 0 && c.share < favourable && c.tells() })
	if len(bad) < fewestGrounds {
		bad = only(counts, func(c *count) bool { return c.lost() > 0 && c.tells() })
	}
	slices.SortStableFunc(bad, func(a, b count) int { return descending(a.lost(), b.lost()) })
	return told(bad, GroundWeak, GroundSlow)
}

// tells reports whether the count is one that can be told as a ground: that the payback is not known
// follows from the question for it, which tells.
func (c *count) tells() bool { return c.known || !c.payback }

func unknown(counts []count) []Ground {
	open := only(counts, func(c *count) bool { return !c.known && c.weight > 0 && c.tells() })
	slices.SortStableFunc(open, func(a, b count) int { return descending(a.weight, b.weight) })
	return told(open, GroundUnknown, GroundUnknown)
}

func outsides(counts []count) []Ground {
	out := only(counts, func(c *count) bool { return !c.question.within(c.given) && len(c.disqualifies()) == 0 })
	slices.SortStableFunc(out, func(a, b count) int { return descending(a.weight, b.weight) })
	return told(out, GroundOutside, GroundOutside)
}

// excluded returns a ground for every option that disqualifies.
func excluded(counts []count) []Ground {
	var all []Ground
	out := only(counts, func(c *count) bool { return len(c.disqualifies()) > 0 })
	slices.SortStableFunc(out, func(a, b count) int { return descending(a.weight, b.weight) })
	for _, c := range out {
		for _, key := range c.given.Keys {
			if o, _ := c.question.Option(key); o.Disqualifies != "" {
				all = append(all, Ground{Kind: GroundExcluded, Question: c.question.Key, Option: key})
			}
		}
	}
	return all
}

func only(counts []count, fit func(*count) bool) []count {
	return slices.DeleteFunc(slices.Clone(counts), func(c count) bool { return !fit(&c) })
}

// told puts counts into grounds of a kind, or of another kind for the payback.
func told(counts []count, kind, payback GroundKind) []Ground {
	var all []Ground
	for i := range counts {
		c := &counts[i]
		g := Ground{Kind: kind, Question: c.question.Key}
		switch {
		case c.payback:
			g = Ground{Kind: payback}
		case !c.known:
			g.Kind = GroundUnknown
		case kind == GroundWeak && !c.question.within(c.given):
			g.Kind = GroundOutside
		}
		if c.question.Kind == AskOne && len(c.given.Keys) == 1 && !c.payback {
			g.Option = c.given.Keys[0]
		}
		all = append(all, g)
	}
	return all
}
