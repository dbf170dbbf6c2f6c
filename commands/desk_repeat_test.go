package commands_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
)

// deliveries are acts of which every delivery must have one effect and one answer: what went
// before, and the act.
var deliveries = []struct {
	name   string
	before []string
	// line is typed; or option is the key of the option that is pressed under the last question,
	// or offer the label of the button under the last change.
	line, option, offer string
	// after is what the person did before the act was delivered again.
	after []string
}{
	{name: "open a deal", line: "new Acme Anvils 12k", after: []string{"#1 log call"}},
	{name: "open a second deal", before: []string{"new Acme Anvils 12k", "new Acme Anvils 20k"}, option: "new"},
	{name: "move by number", before: []string{"new Acme 12k"}, line: "#1 proposal", after: []string{"#1 negotiation"}},
	{name: "move by name", before: []string{"new Acme 12k"}, line: "acme proposal", after: []string{"#1 negotiation"}},
	{name: "move the last deal", before: []string{"new Acme 12k"}, line: "move proposal", after: []string{"new Globex 3k", "#2 negotiation"}},
	{name: "lose by name", before: []string{"new Acme 12k", "new Acme 13k"}, line: "lost acme price", after: nil},
	{name: "won", before: []string{"new Acme 12k"}, line: "won acme", after: []string{"show #1"}},
	{name: "back", before: []string{"new Acme 12k", "#1 proposal"}, line: "back #1 too early"},
	{name: "log with what follows", before: []string{"new Acme 12k"}, line: "log acme call yesterday, they want an offer, 1.2M, next: send it fri"},
	{name: "finish a step", before: []string{"new Acme 12k", "next #1 call on friday"}, line: "done #1 they agreed"},
	{name: "undo", before: []string{"new Acme 12k", "#1 proposal"}, line: "undo"},
	{name: "set the currency", before: []string{"new Acme 12k"}, line: "set #1 currency eur"},
	{name: "assign", before: []string{"new Acme 12k"}, line: "assign #1 Boris"},
	{name: "a role", before: nil, line: "role Boris manager"},
	{name: "a language", before: nil, line: "language ru"},
	{name: "transfer", before: []string{"new Acme 12k", "new Globex 3k", "won globex"}, line: "transfer me to Boris", after: []string{"#1 proposal"}},
	{name: "the last answer of a transfer", before: []string{"new Acme 12k", "transfer", "me"}, line: "Boris", after: []string{"new Umbra 1k"}},
	{name: "away", line: "away until friday", after: []string{"away off"}},
	{name: "away, asked", before: []string{"away"}, line: "friday"},
	{name: "back again by a press", before: []string{"away until friday", "away"}, offer: "am_back"},
	{name: "a plan", line: "notify plan 10:30", after: []string{"notify quiet off"}},
	{name: "a plan, asked", before: []string{"notify"}, offer: "plan_on"},
	{name: "quiet hours by a press", before: []string{"notify quiet"}, option: "22:00-08:00"},
	{name: "what is to be won", line: "plan december 500k", after: []string{"plan december 600k"}},
	{name: "what is to be won, asked", before: []string{"plan"}, offer: "set_plan"},
	{name: "the amount of a plan", before: []string{"plan 500k", "plan"}, line: "plan off"},
	{name: "open a question", before: []string{"new Acme 12k"}, line: "lost acme"},
	{name: "a first answer", before: []string{"new"}, line: "Acme Anvils"},
	{name: "an answer that is refused", before: []string{"new", "Acme Anvils"}, line: "a lot"},
	{name: "a skip", before: []string{"new", "Acme Anvils"}, line: "skip"},
	{name: "back to the question before", before: []string{"new", "Acme Anvils", "12k"}, line: "back"},
	{name: "help with a question", before: []string{"new", "Acme Anvils"}, line: "?"},
	{name: "the yes to a summary", before: []string{"new", "Acme Anvils", "12k", "skip"}, line: "yes"},
	{name: "the last answer", before: []string{"new Acme 12k", "lost acme"}, line: "price"},
	{name: "the last answer by a press", before: []string{"new Acme 12k", "lost acme"}, option: "price"},
	{name: "the last answer of a step back", before: []string{"new Acme 12k", "#1 proposal", "back #1"}, line: "the budget has gone", after: []string{"#1 negotiation"}},
	{name: "the answer after a finished step", before: []string{"new Acme 12k", "next #1 call on friday", "done #1 they agreed"}, line: "tomorrow"},
	{name: "cancel one of two", before: []string{"new Acme 12k", "new", "/lost acme"}, line: "cancel"},
	{name: "a deal that was there", before: []string{"new Acme 12k", "new Acme"}, option: "#1"},
	{name: "a press", before: []string{"new Acme 12k"}, offer: "next"},
	{name: "a press that undoes", before: []string{"new Acme 12k", "#1 proposal"}, offer: "undo"},
	{name: "a card", before: []string{"new Acme 12k"}, line: "acme"},
	{name: "a command in the middle", before: []string{"new Acme 12k", "new"}, line: "#1 proposal"},
	{name: "nothing of the kind", before: nil, line: "#99 proposal"},
}

// deliver puts the act of the row into a request.
func deliver(tb testing.TB, o *office, row int) commands.Ask {
	tb.Helper()
	d := deliveries[row]
	var last commands.Reply
	for _, line := range d.before {
		last = o.types(tb, line)
	}
	switch {
	case d.option != "":
		p := question(tb, last).Outcome.Prompt
		for _, option := range p.Options {
			if option.Key == d.option {
				return o.press(o.anna, commands.QuestionAction(p.Token, "pick", option.Key))
			}
		}
		require.Fail(tb, "no such option", "%q of %v", d.option, p.Options)
	case d.offer != "":
		for _, action := range actions(last) {
			if offered := action; offered.label == d.offer {
				return o.press(o.anna, offered.action)
			}
		}
		require.Fail(tb, "no such button", "%q of %v", d.offer, actions(last))
	}
	return o.ask(o.anna, d.line)
}

// footprint is what is stored of effects.
func (o *office) footprint(tb testing.TB) string {
	tb.Helper()
	return fmt.Sprint(o.count(tb, "deals"), o.count(tb, "moves"), o.count(tb, "activities"), o.count(tb, "changes"),
		o.count(tb, "companies"))
}

func TestTheSameDeliveryAgainHasOneEffectAndTheSameReply(t *testing.T) {
	t.Parallel()
	for row, d := range deliveries {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			o.join(t, o.space, "Boris", funnelRep)
			a := deliver(t, o, row)
			first := o.answer(t, a)
			prints := o.footprint(t)

			require.Equal(t, written(t, first), written(t, o.answer(t, a)), "at once, to the same process")
			o.start(t)
			require.Equal(t, written(t, first), written(t, o.answer(t, a)), "at once, to another process")
			require.Equal(t, prints, o.footprint(t))

			if len(d.after) == 0 {
				return
			}
			o.types(t, d.after...)
			prints = o.footprint(t)
			late := o.answer(t, a)
			require.Equal(t, prints, o.footprint(t), "late: %s", written(t, late))
			require.Equal(t, written(t, first), written(t, late), "late")
		})
	}
}

func TestTheSameDeliveryToTwoProcessesAtOnceHasOneEffectAndTheSameReply(t *testing.T) {
	t.Parallel()
	for row, d := range deliveries {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			// The same story told once to one process says what the effect is.
			once := setup(t)
			once.join(t, once.space, "Boris", funnelRep)
			once.answer(t, deliver(t, once, row))

			o := setup(t)
			o.join(t, o.space, "Boris", funnelRep)
			a := deliver(t, o, row)
			o.start(t)
			other := o.second(t)
			replies := make([]string, 4)
			var all sync.WaitGroup
			begin := make(chan struct{})
			for i := range replies {
				desk := []*office{o, other}[i%2].desk
				all.Go(func() {
					<-begin
					reply, _, err := desk.Answer(t.Context(), a)
					if err != nil {
						replies[i] = err.Error()
						return
					}
					replies[i] = written(t, reply)
				})
			}
			close(begin)
			all.Wait()

			for i := range replies {
				require.Equal(t, replies[0], replies[i])
			}
			require.Equal(t, once.footprint(t), o.footprint(t))
		})
	}
}

func TestAnOldLineDeliveredAgainIsNoAnswerToANewQuestion(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k", "#1 proposal")
	card := o.ask(o.anna, "acme")
	moved := o.ask(o.anna, "acme negotiation")
	o.answer(t, card)
	o.answer(t, moved)
	o.types(t, "back acme")
	for _, a := range []commands.Ask{card, moved} {
		o.answer(t, a)
		require.Equal(t, "negotiation", string(o.deal(t, 1).Stage), "the line was taken for the reason")
	}
	o.types(t, "they have no money")
	require.Equal(t, "proposal", string(o.deal(t, 1).Stage))
}

func TestAnOldAnswerDeliveredAgainIsNoAnswerToTheNextQuestion(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new")
	company := o.ask(o.anna, "Acme Anvils")
	o.answer(t, company)
	amount := o.ask(o.anna, "12k")
	amount.At = company.At.Add(time.Second)
	o.answer(t, amount)
	again := o.answer(t, company)
	require.Equal(t, "source", asked(t, again))
	o.types(t, "skip", "yes")
	d := o.deal(t, 1)
	require.Equal(t, "Acme Anvils", d.CompanyName)
	require.Equal(t, int64(12_000_00), d.Amount.Minor)
}

func TestADifferentRequestUnderAUsedKeyIsRefused(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme 12k")
	a := o.ask(o.anna, "#1 proposal")
	o.answer(t, a)
	a.Text = "#1 negotiation"
	require.EqualValues(t, "key_reused", refusal(o.answer(t, a)))
	require.Equal(t, "proposal", string(o.deal(t, 1).Stage))
}
