package message_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// about42 is the change that a qualification has made to a deal.
var about42 = funnel.Changed{Verb: "qualify", Deal: funnel.Deal{Number: 42}}

// forms are the questions of a document.
func forms(doc message.Doc) []message.Form {
	var all []message.Form
	for _, b := range doc.Blocks {
		if f, ok := b.(message.Form); ok {
			all = append(all, f)
		}
	}
	return all
}

func TestAPageIsFormsThatHoldWhatIsKnown(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		p := page(l)
		doc := d.composed(commands.Question{Verb: commands.VerbQualify, Outcome: dialog.Outcome{Result: dialog.Ask, Page: &p}})
		all := forms(doc)
		require.Len(t, all, len(p.Prompts))
		values := map[string]string{}
		for i, f := range all {
			require.Equal(t, p.Prompts[i].Step, f.Name)
			require.Equal(t, p.Prompts[i].Optional, f.Optional)
			require.Equal(t, "~"+longest+"~fill", f.Reply)
			require.Nil(t, f.Default, "what holds stands in the field")
			require.Equal(t, i == len(all)-1, len(f.Controls) > 0, "the ways out stand under the last question")
			require.Equal(t, f.Name == "gain", f.Reason != "", "the reason stands at its question")
			var chosen []string
			for _, o := range f.Options {
				require.NotEmpty(t, o.Key)
				if o.Chosen {
					chosen = append(chosen, o.Key)
				}
			}
			values[f.Name] = f.Value + strings.Join(chosen, " ")
		}
		require.Equal(t, map[string]string{
			"pain": given(l)["pain"].Text, "gain": "2400000 RUB", "outages": say(l, "2.5", "2,5"), "decider": id(71).String(),
			"say": "it safety", "when": day(30).String(), "region": "far",
		}, values)
	}
}

func TestWhatAFieldHoldsCanBeReadAgain(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		for _, amount := range []funnel.Money{rub(2_400_000), {Minor: 1, Currency: "USD"}, {Minor: 123_456_789_012, Currency: "EUR"}, {Minor: 5_000, Currency: "JPY"}} {
			p := asks("gain", dialog.Money, "need", 2)
			p.Default = dialog.MoneyOf(amount)
			q := dialog.Page{Token: longest, Prompts: []dialog.Prompt{p}}
			doc := d.composed(commands.Question{Verb: commands.VerbQualify, Outcome: dialog.Outcome{Page: &q}})
			read, err := commands.ParseMoney(forms(doc)[0].Value, "GBP", l)
			require.NoError(t, err, forms(doc)[0].Value)
			require.Equal(t, amount, read)
		}
	}
}

func TestSeveralShowWhatIsPickedAndWaitForDone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	f := forms(d.composed(qualifying(funnel.English, several())))[0]
	require.Equal(t, message.AnswerSeveral, f.Kind)
	require.Nil(t, f.Default, "done accepts what is picked")
	picked := []bool{}
	for _, o := range f.Options {
		picked = append(picked, o.Chosen)
	}
	require.Equal(t, []bool{true, false, true}, picked)
	require.Equal(t, message.Button{Label: "Done", Action: "~" + longest + "~done", Look: message.Primary}, f.Controls[0])
}

// TestALongSummaryIsOneChoice composes the answers to as many questions as a funnel may have.
func TestALongSummaryIsOneChoice(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		q := questionnaire()
		s := dialog.Summary{Token: longest, Controls: review(l).Controls}
		for i := range q.Sections {
			q.Sections[i].Questions = nil
		}
		for i := range 40 {
			key := "question_" + strconv.Itoa(i)
			part := &q.Sections[i%len(q.Sections)]
			part.Questions = append(part.Questions, funnel.Question{
				Key: key, Kind: funnel.AskText, Name: titles(key, key), Ask: titles(key+"?", key+"?"),
			})
			s.Items = append(s.Items, dialog.Item{Step: key, Value: dialog.TextOf(strings.Repeat("ы", 500))})
		}
		d.reader.Funnel.Qualification = q
		doc := d.composed(commands.Question{Verb: commands.VerbQualify, Outcome: dialog.Outcome{Summary: &s}})
		answers, choices, letters := 0, 0, 0
		for _, b := range doc.Blocks {
			switch b := b.(type) {
			case message.Fields:
				answers += len(b.Fields)
				for _, f := range b.Fields {
					letters += len([]rune(f.Value.String()))
				}
			case message.Choices:
				choices++
				require.Len(t, b.Options, 40)
			case message.Buttons:
				require.LessOrEqual(t, len(b.Buttons), 6)
				require.Equal(t, message.Primary, b.Buttons[0].Look, "saving is what most people do")
			}
		}
		require.Equal(t, []int{40, 1}, []int{answers, choices})
		require.LessOrEqual(t, letters, 40*80, "a summary is read, not studied")
	}
}

func TestTheProposalIsTheOnePrimaryButton(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	for name, label := range map[string]string{
		"promising": "Move to “Negotiation”", "to be nurtured": "Park until Feb 21, 2027", "not a fit": "Close as lost: Price", "too early to judge": "",
	} {
		for _, c := range resultCases(funnel.English) {
			if c.name != name {
				continue
			}
			primary := ""
			for _, b := range d.composed(c.reply).Blocks {
				if row, ok := b.(message.Buttons); ok {
					for _, button := range row.Buttons {
						if button.Look == message.Primary {
							primary = button.Label
						}
					}
				}
			}
			require.Equal(t, label, primary, name)
		}
	}
}

func TestPartsOfAScoreAddUpToIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	parts := []funnel.Part{
		{Section: "need", Points: 1, Of: 1, Given: 1, Asked: 1},
		{Section: "authority", Points: 1, Of: 1, Given: 1, Asked: 1},
		{Section: "fit", Points: 0, Of: 1, Given: 1, Asked: 1},
	}
	doc := d.composed(commands.Qualified{Changed: about42, Result: funnel.Qualified{Assessment: funnel.Assessment{Score: 67, Verdict: funnel.Promising, Parts: parts}}})
	shown := d.seen(doc)
	for _, line := range []string{"67 of 100", "34 of 34", "33 of 33", "0 of 33"} {
		require.Contains(t, shown, line)
	}
}

func TestPaybackIsCountedInWords(t *testing.T) {
	t.Parallel()
	for l, want := range map[funnel.Locale][]string{
		funnel.English: {"less than a month", "1 month\n", "2 months", "21 months", "more than ten years"},
		funnel.Russian: {"меньше месяца", "1 месяц\n", "2 месяца", "21 месяц\n", "больше десяти лет"},
	} {
		d := newDesk(t, l)
		for i, months := range []float64{0.3, 1.2, 2.4, 21, 1e300} {
			doc := d.composed(commands.Qualified{Changed: about42, Result: funnel.Qualified{Assessment: funnel.Assessment{Verdict: funnel.Nurture, Payback: months}}})
			require.Contains(t, d.seen(doc), want[i])
		}
	}
}

func TestNothingOfPeopleOrAnswersIsShownToOutsiders(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		d.reader.Outsiders = true
		view := deal(l)
		q := assessed(l, func(*funnel.Assessment) {})
		view.Committee, view.Qualified = chairs(l), &q
		shown := d.seen(d.composed(commands.Card{Deal: view}))
		for _, secret := range []string{
			people(l)[0].Name, people(l)[1].Name, "72", say(l, "decision maker", "ЛПР"), say(l, "finance", "финансы"), say(l, "promising", "перспективн"),
		} {
			require.NotContains(t, shown, secret)
		}
		require.Contains(t, shown, view.CompanyName)
	}
}

func TestAddressesCanBeTapped(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	links := func(p funnel.Contact) []string {
		var all []string
		doc := d.composed(commands.Person{Deal: deal(funnel.English), Chair: funnel.ChairView{Person: p}})
		for _, b := range doc.Blocks {
			if fields, ok := b.(message.Fields); ok {
				for _, f := range fields.Fields {
					for _, r := range f.Value {
						if r.Style == message.Contact {
							all = append(all, r.Text+" "+r.Link)
						}
					}
				}
			}
		}
		return all
	}
	for address, link := range map[string]string{
		"+49 (170) 000-00-07": "tel:+491700000007", "8 900 000 00 00": "tel:89000000000", "ask Mira": "", "12": "",
		"+1 555 0100, +1 555 0101": "", "+1 555 0100 ext. 7": "", strings.Repeat("1", 40): "",
	} {
		got := links(funnel.Contact{Name: "Mira", Phone: address})
		if link == "" {
			require.Empty(t, got, address)
			continue
		}
		require.Equal(t, []string{address + " " + link}, got)
	}
	for address, link := range map[string]string{
		"mira.holt@bluefin.example": "mailto:mira.holt@bluefin.example", "m+crm@bluefin.example": "mailto:m+crm@bluefin.example",
		"a?cc=x@bluefin.example": "mailto:a%3Fcc=x@bluefin.example", "a@b@bluefin.example": "", "nobody": "", "a b@bluefin.example": "",
		"<a@bluefin.example>": "", "a@bluefin": "", "a@.": "",
	} {
		got := links(funnel.Contact{Name: "Mira", Email: address})
		if link == "" {
			require.Empty(t, got, address)
			continue
		}
		require.Equal(t, []string{address + " " + link}, got)
	}
}

func TestAWaitingQualificationIsOneBlockAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.Russian)
	view := deal(funnel.Russian)
	n := funnel.Notification{Kind: funnel.NoticeQualifyWaiting, Number: 42, Deal: view.ID, To: view.Owner, Data: map[string]string{"given": "5", "of": "8"}}
	doc := message.ComposeNotice(d.printer(), d.reader, n, &view)
	require.Equal(t, view.ID, doc.Deal)
	buttons, ok := doc.Blocks[len(doc.Blocks)-1].(message.Buttons)
	require.True(t, ok)
	require.Equal(t, "qualify:42:0", buttons.Buttons[0].Action)
}

// TestHostileNamesOfPeopleStayWords composes people whose names are long, empty or strange.
func TestHostileNamesOfPeopleStayWords(t *testing.T) {
	t.Parallel()
	for _, l := range []funnel.Locale{funnel.English, funnel.Russian} {
		d := newDesk(t, l)
		for _, name := range []string{"", " ", strings.Repeat("ы", 200), "{{.x}} <b>*_`", "a\nb", "+1", "@", "a@b.c"} {
			v := funnel.ChairView{
				Person: funnel.Contact{Name: name, Position: name, Phone: name, Email: name},
				Chair:  funnel.Chair{Roles: []string{name}, NextWhat: name},
			}
			seated := change(l, "people", nil, func(*funnel.Deal) {})
			seated.Person, seated.Chairs = &v, []funnel.ChairView{v}
			view := deal(l)
			view.Committee = []funnel.ChairView{v}
			q := assessed(l, func(a *funnel.Assessment) { a.Reason, a.Stage = name, funnel.StageKey(name) })
			q.Answers = []funnel.Answer{{Question: "pain", Given: funnel.Given{Kind: funnel.AskText, Text: name}}}
			for _, reply := range []commands.Reply{
				commands.Committee{Deal: view, Chairs: view.Committee, Coverage: funnel.Coverage{Missing: []string{name}, Silent: []funnel.Silence{{Chair: v, Days: 1}}}},
				commands.Person{Deal: view, Chair: v},
				commands.Card{Deal: view},
				seated,
				commands.Forgotten{Name: name, Deals: 3},
				commands.Qualified{Changed: seated.Changed, Result: q, Different: []commands.Difference{{Question: name}}, Last: &q},
			} {
				d.composed(reply)
			}
		}
	}
}

func TestTheNameOfWhoWasErasedIsNotKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	require.True(t, d.composed(commands.Forgotten{Name: "Mira Holt"}).Secret)
	require.True(t, d.composed(commands.Aside{Reply: commands.Forgotten{Name: "Mira Holt", Deals: 2}, Back: "~t~resume"}).Secret)
	require.False(t, d.composed(commands.Forgotten{Deals: 2}).Secret, "a repeated delivery names nobody")
	require.False(t, d.composed(commands.Forgotten{Asks: true, Name: "Mira Holt"}).Secret, "nothing is erased yet")
}
