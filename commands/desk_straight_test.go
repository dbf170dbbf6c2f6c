package commands_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
)

// TestADealByItsNumberIsMovedAsByItsName holds the short way to the long one.
func TestADealByItsNumberIsMovedAsByItsName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before []string
		rest   string
	}{
		{"forward", nil, "proposal"},
		{"forward with a note", nil, "proposal they asked for it"},
		{"back without a reason", []string{"move acme negotiation"}, "lead"},
		{"back with a reason", []string{"move acme negotiation"}, "lead no budget this year"},
		{"where it is", nil, "lead"},
		{"lost", []string{"lost acme price"}, "proposal"},
		{"signed", []string{"won acme"}, "proposal"},
		{"onward after the signature", []string{"won acme"}, "retention"},
		{"parked", []string{"park acme until Feb 1"}, "proposal"},
		{"with an amount", nil, "proposal 20k"},
		{"with a day", nil, "proposal yesterday"},
		{"no such stage", nil, "tea"},
		{"back by its verb", []string{"move acme negotiation"}, "back:lead because they wait"},
		{"back without a word", []string{"move acme negotiation"}, "back:lead"},
		{"back that is forward", nil, "back:proposal because they wait"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said := map[string]string{}
			verb, rest, given := strings.Cut(c.rest, ":")
			if !given {
				verb, rest = "move", c.rest
			}
			for _, ref := range []string{"#1", "acme"} {
				o := setup(t)
				o.types(t, "new Acme, 12k, website")
				o.types(t, c.before...)
				reply := o.types(t, verb+" "+ref+" "+rest)
				view := o.deal(t, 1)
				said[ref] = kindOf(reply) + " " + string(refusal(reply)) + " " + string(view.Stage) + " " + string(view.Outcome)
				if done, ok := reply.(commands.Changed); ok {
					said[ref] += " " + done.Verb + " " + done.Why + " " + string(done.From)
				}
			}
			require.Equal(t, said["acme"], said["#1"])
		})
	}
}

// kindOf names the kind of a reply, and the step of a question.
func kindOf(r commands.Reply) string {
	switch r := r.(type) {
	case commands.Changed:
		return "changed"
	case commands.Question:
		if r.Outcome.Prompt != nil {
			return "asks " + r.Outcome.Prompt.Step
		}
		return "asks"
	case commands.Refused:
		return "refused"
	}
	return "other"
}
