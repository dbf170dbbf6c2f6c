package funnel

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// paradigm is a word in the six cases of Russian, in the order of its grammars: nominative,
// genitive, dative, accusative, instrumental, prepositional.
type paradigm [6]string

// cases returns every form that a name, in the nominative and folded, may have in a text. A word
// that is not Russian has the one.
func cases(name string) []string {
	var forms []string
	for _, p := range declined(name) {
		for _, form := range p {
			if !slices.Contains(forms, form) {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// declined returns the ways in which a name may decline. That it may not, as women's surnames on a
// consonant do not, is one of them and comes first. What a name is follows from its ending, so that
// some of the ways are those of other names: a form too many is better than one too few, because
// it is no word at all.
func declined(name string) []paradigm {
	all := []paradigm{{name, name, name, name, name, name}}
	parts := strings.Split(name, "-")
	if len(parts) == 1 {
		return append(all, endings(name)...)
	}
	// Both halves of a double name decline, or the second alone.
	first, second := endings(parts[0]), endings(strings.Join(parts[1:], "-"))
	for _, b := range second {
		var stiff paradigm
		for i := range b {
			stiff[i] = parts[0] + "-" + b[i]
		}
		all = append(all, stiff)
		for _, a := range first {
			var both paradigm
			for i := range a {
				both[i] = a[i] + "-" + b[i]
			}
			all = append(all, both)
		}
	}
	return all
}

// endings declines a simple word.
func endings(name string) []paradigm {
	if !cyrillic(name) || utf8.RuneCountInString(name) < 2 {
		return nil
	}
	switch {
	case name == "лев":
		return decline("", "лев льва льву льва львом льве")
	case name == "любовь":
		// As a name it keeps its vowel.
		return append(decline("люб", "овь ови ови овь овью ови"), decline("люб", "овь ви ви овь овью ви")...)
	case has(name, "а", "я"):
		return feminine(name)
	case has(name, "ь"):
		stem := strings.TrimSuffix(name, "ь")
		return append(decline(stem, "ь я ю я ем е"), decline(stem, "ь и и ь ью и")...)
	case has(name, "й"):
		return masculine(name)
	case has(name, "о", "е", "и", "у", "ю", "э", "ы", "их", "ых"):
		return nil
	}
	return consonant(name)
}

// feminine declines what ends on а or я.
func feminine(name string) []paradigm {
	switch stem := cut(name, 1); {
	case has(name, "ова", "ева"):
		return decline(stem, "а ой ой у ой ой")
	case has(name, "ина", "ына"):
		return append(decline(stem, "а ой ой у ой ой"), decline(stem, "а ы е у ой е")...)
	case has(name, "ая"):
		return append(decline(cut(name, 2), "ая ой ой ую ой ой"), decline(stem, "я и е ю ей е")...)
	case has(name, "яя"):
		return decline(cut(name, 2), "яя ей ей юю ей ей")
	case has(name, "ия"):
		return decline(stem, "я и и ю ей и")
	case has(name, "я"):
		return decline(stem, "я и е ю ей е")
	case has(stem, "г", "к", "х"):
		return decline(stem, "а и е у ой е")
	case has(stem, "ж", "ш", "ч", "щ"):
		return append(decline(stem, "а и е у ей е"), decline(stem, "а и е у ой е")...)
	case has(stem, "ц"):
		return decline(stem, "а ы е у ей е")
	default:
		return decline(stem, "а ы е у ой е")
	}
}

// masculine declines what ends on й.
func masculine(name string) []paradigm {
	stem, root := cut(name, 1), cut(name, 2)
	noun := decline(stem, "й я ю я ем е")
	switch {
	case has(name, "ский", "цкий"):
		return decline(root, "ий ого ому ого им ом")
	case has(name, "ый"):
		return decline(root, "ый ого ому ого ым ом")
	case has(name, "ой"):
		return append(noun, decline(root, "ой ого ому ого ым ом")...)
	case has(name, "кий", "гий", "хий"):
		return append(decline(stem, "й я ю я ем и"), decline(root, "ий ого ому ого им ом")...)
	case has(name, "ий"):
		return append(decline(stem, "й я ю я ем и"), decline(root, "ий его ему его им ем")...)
	}
	return noun
}

// consonant declines what ends on a hard consonant or on ж, ш, ч, щ, ц.
func consonant(name string) []paradigm {
	all := decline(name, "- а у а ом е")
	switch {
	case has(name, "ов", "ев", "ин", "ын"):
		all = append(all, decline(name, "- а у а ым е")...)
	case has(name, "ж", "ш", "ч", "щ", "ц"):
		all = append(all, decline(name, "- а у а ем е")...)
	}
	// The last vowel may go: Павел, Кравец, Песок.
	root := cut(name, 2)
	switch {
	case has(name, "лец"):
		all = append(all, decline(root, "ец ьца ьцу ьца ьцем ьце")...)
	case has(name, "аец", "еец", "оец", "уец", "яец"):
		all = append(all, decline(root, "ец йца йцу йца йцем йце")...)
	case has(name, "аяц"):
		all = append(all, decline(root, "яц йца йцу йца йцем йце")...)
	case has(name, "ец"):
		all = append(all, append(decline(root, "ец ца цу ца цем це"), decline(root, "ец ца цу ца цом це")...)...)
	case has(name, "ок"):
		all = append(all, decline(root, "ок ка ку ка ком ке")...)
	case has(name, "ек"):
		all = append(all, decline(root, "ек ка ку ка ком ке")...)
	case has(name, "ел"):
		all = append(all, decline(root, "ел ла лу ла лом ле")...)
	}
	return all
}

// decline joins a stem with the endings of the six cases; "-" is none.
func decline(stem, six string) []paradigm {
	var p paradigm
	for i, ending := range strings.Fields(six) {
		p[i] = stem + strings.TrimPrefix(ending, "-")
	}
	return []paradigm{p}
}

func has(name string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(name, e) })
}

// cut takes n letters off the end.
func cut(name string, n int) string {
	for range n {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}
