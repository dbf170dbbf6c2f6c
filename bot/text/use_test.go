package text

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// families are the keys that programs put together from a prefix and a word of the domain, with
// the list of those words. Everything else is named in full where it is used.
func families(src *sources) map[string][]string {
	var verbs []string
	for _, name := range src.constants("commands", "Key") {
		verbs = append(verbs, name+".short", name+".long")
	}
	lists := []string{"found.title", "found.empty", "owner.title", "owner.empty"}
	for _, name := range src.constants("funnel", "DealList") {
		lists = append(lists, name+".title", name+".empty")
	}
	var months []string
	for m := time.January; m <= time.December; m++ {
		months = append(months, fmt.Sprintf("%02d", m))
	}
	return map[string][]string{
		"error.":    slices.Concat(src.constants("funnel", "Code"), src.constants("commands", "Code"), src.constants("funnel/dialog", "Code")),
		"role.":     src.constants("funnel", "Role"),
		"outcome.":  src.constants("funnel", "Outcome"),
		"kind.":     src.constants("funnel", "Kind"),
		"basis.":    src.constants("funnel", "Basis"),
		"activity.": src.constants("funnel", "ActivityKind"),
		"language.": src.constants("funnel", "Locale"),
		"field.":    append(src.constants("funnel", "Field"), src.inputs()...),
		"help.":     verbs,
		"answer.":   src.constants("funnel/dialog", "Kind"),
		"button.":   src.returned("commands", "LabelKeys"),
		"dialog.":   src.questions(),
		// What is offered about a likely duplicate beside deals and companies, and notes to those.
		"option.": {"twin.new", "twin.deal", "twin.company", "plan.off", "quiet.off", "contact.new"},
		"list.":   lists,
		"notice.": src.constants("funnel", "NoticeKind"),
		"month.":  months,
		"guide.":  src.constants("bot/message", "helpGroup"),
		"door.":   {"local", "slack", "telegram"},
		// How people are met who may not speak.
		"stranger.": src.constants("commands", "StrangerKind"),
		"stance.":   append(src.constants("funnel", "Stance"), "unknown"),
		"verdict.":  src.constants("funnel", "Verdict"),
		"ground.":   src.constants("funnel", "GroundKind"),
		"section.":  src.constants("funnel", "DigestSection"),
		"weekday.":  {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
		"advice.":   advices(),
		"digest.":   digestWords(src),
	}
}

// advices are the keys of advice.
func advices() []string {
	var keys []string
	for _, k := range funnel.AdviceKeys() {
		keys = append(keys, string(k))
	}
	return keys
}

// digestWords are the keys of what a digest says of the weakest link: how sure it is, what raising it
// would bring, and why it is weak.
func digestWords(src *sources) []string {
	var keys []string
	for _, c := range src.constants("funnel", "Certainty") {
		keys = append(keys, "weakest_"+c)
	}
	for _, from := range src.constants("funnel", "TargetFrom") {
		keys = append(keys, "gain_"+from, "gain_"+from+"_about", "gain_"+from+"_deals")
	}
	for _, trait := range src.constants("funnel", "Trait") {
		keys = append(keys, "cause_"+trait)
	}
	return keys
}

// questions are the keys of what a step asks. Every step has a question for any verb; one verb may
// have its own, and hints and explanations are there where the catalog has them.
func (s *sources) questions() []string {
	// These arguments are understood and never asked for.
	never := []string{"next", "title", "list", "page", "report", "window", "topic", "code", "switch", "circle", "month"}
	steps := slices.Concat(s.constants("commands", "Arg"), slices.Collect(maps.Values(s.prefixed("commands", "step"))))
	slices.Sort(steps)
	steps = slices.DeleteFunc(slices.Compact(steps), func(step string) bool { return slices.Contains(never, step) })
	var keys, places []string
	for _, step := range steps {
		keys, places = append(keys, step+".ask"), append(places, step)
		for _, verb := range s.constants("commands", "Key") {
			places = append(places, verb+"."+step)
		}
	}
	for _, place := range places {
		for _, what := range []string{"ask", "hint", "help"} {
			if s.catalog["dialog."+place+"."+what] {
				keys = append(keys, place+"."+what)
			}
		}
	}
	return keys
}

func TestEveryKeyIsUsedAndEveryUsedKeyExists(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	known := c.langs[0].messages
	src := parseSources(t)
	for key := range known {
		src.catalog[key] = true
	}
	used := map[string]bool{}
	var wrong []string

	all := families(src)
	for prefix, words := range all {
		require.NotEmpty(t, words, "nothing enumerates %s", prefix)
		for _, w := range words {
			if known[prefix+w] == nil {
				wrong = append(wrong, prefix+w+": a word of the domain without a sentence")
			}
			used[prefix+w] = true
		}
	}
	for _, use := range src.uses() {
		if use.prefix {
			if all[use.key[:strings.Index(use.key, ".")+1]] == nil {
				wrong = append(wrong, use.at+": families does not list what keys are put together from "+use.key)
			}
			continue
		}
		if known[use.key] == nil {
			wrong = append(wrong, use.at+": no such sentence: "+use.key)
		}
		used[use.key] = true
	}
	for literal := range src.literals {
		used[literal] = used[literal] || known[literal] != nil
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if !used[key] {
			wrong = append(wrong, key+": nothing uses this sentence")
		}
	}
	slices.Sort(wrong)
	require.Empty(t, strings.Join(wrong, "\n"))
}

func TestCallsGiveTheArgumentsThatTheSentenceNames(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	checked := 0
	for _, use := range parseSources(t).uses() {
		src := c.langs[0].messages[use.key]
		if use.prefix || src == nil || !use.counted {
			continue
		}
		want := slices.Sorted(maps.Keys(src.holes))
		if use.number {
			want = slices.DeleteFunc(want, func(s string) bool { return s == "n" })
		}
		slices.Sort(use.args)
		require.Equal(t, strings.Join(want, " "), strings.Join(use.args, " "), "%s: %s", use.at, use.key)
		checked++
	}
	require.Positive(t, checked, "the scan finds no call any more")
}

// TestRefusalsGiveTheArgumentsThatTheirSentenceNames reads every Refuse(code, Args{…}) of the
// program: an argument that a sentence names and a refusal forgets would be a hole in production.
func TestRefusalsGiveTheArgumentsThatTheirSentenceNames(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	src := parseSources(t)
	checked := 0
	for _, r := range src.refusals() {
		sentence := c.langs[0].messages["error."+r.key]
		require.NotNil(t, sentence, "%s: the code %q has no sentence", r.at, r.key)
		for hole := range sentence.holes {
			require.Contains(t, r.args, hole, "%s: error.%s names an argument that the refusal does not give", r.at, r.key)
		}
		checked++
	}
	require.Positive(t, checked, "the scan finds no refusal any more")
}
