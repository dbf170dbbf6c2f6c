package funnel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func person(question, name string) funnel.Answer {
	return funnel.Answer{Question: question, Given: funnel.Given{Kind: funnel.AskPerson, Name: name}}
}

// everything answers all questions of the built-in funnel, so that the deal earns all but 3 points:
// the money is in the plan, not approved.
func everything() []funnel.Answer {
	return []funnel.Answer{
		text("task", "stock-taking without phone calls"), text("pain", "Shelves are empty on Mondays"),
		euros("cost_today", 90_000), text("outcome", "Full shelves every morning"), euros("effect", 150_000),
		euros("budget_amount", 120_000), one("budget_source", "company"), one("budget_approved", "planned"),
		person("decider", "Ivo Sample"), person("signer", "ivo  sample"), several("others", "legal"),
		day("decide_by", today.AddDays(60)), text("why_then", "The season begins"), text("otherwise", "Another bad season"),
		one("industry", "trade"), one("size", "up_to_100"), text("region", "North"), several("exclusions", "none"),
	}
}

// qualifies answers and finishes a dialog.
func (o *office) qualifies(tb testing.TB, m funnel.Member, deal funnel.Target, dialog string, answers ...funnel.Answer) funnel.Changed {
	tb.Helper()
	o.asks(tb, m, deal, dialog, inSlack)
	o.hears(tb, m, deal, dialog, inSlack, answers...)
	r, err := o.Qualify(tb.Context(), o.by(m), deal, funnel.Qualify{Dialog: dialog})
	require.NoError(tb, err)
	return r
}

// fresh is a deal without an amount.
func (o *office) fresh(tb testing.TB) funnel.Target {
	tb.Helper()
	r, err := o.Open(tb.Context(), o.by(o.anna), funnel.OpenDeal{Company: funnel.Company{Name: "Sample stores"}, Owner: o.anna.ID})
	require.NoError(tb, err)
	o.wait(time.Hour)
	return funnel.Target{Deal: r.Deal.ID}
}

func TestAQualificationFillsTheDealItsCompanyAndTheCommittee(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.fresh(t)

	r := o.qualifies(t, o.boris, deal, "one", everything()...)

	d := o.deals[deal.Deal].deal
	require.Equal(t, "Shelves are empty on Mondays", d.Pain)
	require.Equal(t, "Full shelves every morning", d.Effect)
	require.Equal(t, funnel.Money{Minor: 120_000_00, Currency: "EUR"}, d.Amount)
	require.Equal(t, today.AddDays(60), d.Closing)
	firm := o.companies[d.Company]
	require.Equal(t, [3]string{"Trade", "16–100", "North"}, [3]string{firm.Industry, firm.Size, firm.Region})
	require.Len(t, o.deals[deal.Deal].chairs, 1, "one person in two answers is one person")
	chair := o.deals[deal.Deal].chairs[0]
	require.Equal(t, []string{"decision_maker", "principal"}, chair.Roles)
	require.Equal(t, "Ivo Sample", o.circle.people[chair.Contact].Name)
	require.Equal(t, d.Company, o.circle.people[chair.Contact].Company)

	q := r.Qualified
	require.Equal(t, 1, q.Seq)
	require.Equal(t, o.now, q.At)
	require.Equal(t, o.boris.ID, q.Member)
	require.Equal(t, 97, q.Assessment.Score)
	require.Equal(t, funnel.Promising, q.Assessment.Verdict)
	require.Equal(t, funnel.StageKey("proposal"), q.Assessment.Stage)
	require.InDelta(t, 12*120.0/150, q.Assessment.Payback, 1e-9)
	require.Len(t, q.Answers, 18)
	require.Equal(t, o.plan.Version, q.Definition)
	require.Nil(t, r.Before)
	require.Len(t, r.Chairs, 1)
	require.Nil(t, r.Person)
	require.Equal(t, q, o.deals[deal.Deal].last())
	require.Equal(t, funnel.AskingFinished, o.circle.dialogs["one"].How)
	o.wait(100 * time.Hour)
	require.Zero(t, o.runs(t), "what is finished is not reminded of")
}

func TestAnswersWinOverFieldsButNotOverAnOffer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification") // worth 120,000
	_, err := o.Set(t.Context(), o.by(o.anna), deal,
		funnel.Edit{Field: funnel.FieldPain, Text: "old"}, funnel.Edit{Field: funnel.FieldEffect, Text: "stays"},
		funnel.Edit{Field: funnel.FieldRegion, Text: "old"}, funnel.Edit{Field: funnel.FieldSize, Text: "stays"})
	require.NoError(t, err)

	o.qualifies(t, o.boris, deal, "one", text("pain", "new"), text("region", "new"), euros("budget_amount", 5),
		funnel.Answer{Question: "outcome"}, text("why_then", "never asked without a day"))

	d := o.deals[deal.Deal].deal
	require.Equal(t, "new", d.Pain)
	require.Equal(t, "stays", d.Effect, "what was skipped clears nothing")
	require.Equal(t, int64(120_000_00), d.Amount.Minor)
	require.Equal(t, "new", o.companies[d.Company].Region)
	require.Equal(t, "stays", o.companies[d.Company].Size)
	require.Len(t, o.deals[deal.Deal].last().Answers, 3)
}

func TestAPersonOfAnAnswerKeepsTheOldPlace(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")
	stance := funnel.Supporter
	seated, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{
		New: &funnel.Contact{Name: "Пётр Пример"}, Roles: []string{"user"}, Stance: &stance,
	})
	require.NoError(t, err)
	known := seated.Person.Contact

	o.qualifies(t, o.boris, deal, "one",
		funnel.Answer{Question: "decider", Given: funnel.Given{Kind: funnel.AskPerson, Contact: known, Name: "Пётр Пример"}},
		person("signer", "петр пример"))

	require.Len(t, o.deals[deal.Deal].chairs, 1)
	chair := o.deals[deal.Deal].chairs[0]
	require.Equal(t, []string{"user", "decision_maker", "principal"}, chair.Roles)
	require.Equal(t, funnel.Supporter, chair.Stance)
}

func TestAPositionBehindANameIsThatOfThePerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")

	o.qualifies(t, o.boris, deal, "one", person("decider", "Ivo Sample, head of sales"), person("signer", "ivo sample, CEO"))

	require.Len(t, o.deals[deal.Deal].chairs, 1, "one person under one name")
	known := o.circle.people[o.deals[deal.Deal].chairs[0].Contact]
	require.Equal(t, "Ivo Sample", known.Name)
	require.Equal(t, "head of sales", known.Position, "what is known stays")
}

func TestANameAndAPositionAreToldApart(t *testing.T) {
	t.Parallel()
	roles := []funnel.CommitteeRole{{Key: "finance", Titles: funnel.Titles{funnel.English: "Finance"}, Aliases: []string{"Finance director"}}}
	for typed, want := range map[string][2]string{
		"Carla Stone, CFO":           {"Carla Stone", "CFO"},
		"Carla, head of sales, EMEA": {"Carla", "head of sales, EMEA"},
		"Carla, ЛПР":                 {"Carla", "ЛПР"},
		"Carla, Finance Director":    {"Carla", "Finance Director"},
		"Пётр Пример, Главный инженер ": {"Пётр Пример", "Главный инженер"},
		"Stone, Carla":    {"Stone, Carla", ""},
		"Carla Stone":     {"Carla Stone", ""},
		", CFO":           {", CFO", ""},
		"Carla Stone, 42": {"Carla Stone, 42", ""},
	} {
		name, position := funnel.NameAndPosition(typed, roles)
		require.Equal(t, want, [2]string{name, position}, typed)
	}
}

func TestSomebodyWhoWasForgottenIsNotSeated(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "qualification")

	o.qualifies(t, o.boris, deal, "one",
		funnel.Answer{Question: "decider", Given: funnel.Given{Kind: funnel.AskPerson, Contact: funnel.ID{9}, Name: "…"}})

	require.Empty(t, o.deals[deal.Deal].chairs)
	require.Equal(t, 1, o.deals[deal.Deal].last().Assessment.Parts[2].Given)
}

func TestUndoTakesAQualificationBackWhole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.fresh(t)
	before := o.view(deal.Deal)
	o.qualifies(t, o.boris, deal, "one", everything()...)
	require.NotEqual(t, before, o.view(deal.Deal))

	o.wait(time.Minute)
	r, err := o.Undo(t.Context(), o.by(o.boris), 0, 0)
	require.NoError(t, err)

	require.Equal(t, funnel.VerbQualify, r.Undone)
	require.Equal(t, before, o.view(deal.Deal))
	require.Nil(t, o.deals[deal.Deal].last())
	require.Len(t, o.known(deal), 18, "the answers stay: they were given")

	again := o.qualifies(t, o.boris, deal, "two", one("budget_approved", "approved"))
	require.Equal(t, 2, again.Qualified.Seq, "the number of what was taken back is not given again")
	require.Nil(t, again.Before)
	require.Equal(t, 100, again.Qualified.Assessment.Score)
}

func TestQualifyingAgainShowsWhatChanged(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.fresh(t)
	o.qualifies(t, o.boris, deal, "one", everything()...)
	o.wait(24 * time.Hour)

	asked := o.asks(t, o.clara, deal, "two", inTelegram)
	require.Equal(t, 97, asked.Last.Assessment.Score)
	require.Len(t, asked.Answers, 18)
	require.Len(t, asked.Committee, 1)
	require.Len(t, asked.Contacts, 1)
	o.hears(t, o.clara, deal, "two", inTelegram, one("budget_approved", "not_yet"), several("exclusions", "rival"), text("region", "North"))
	act := o.by(o.clara)
	r, err := o.Qualify(t.Context(), act, deal, funnel.Qualify{Dialog: "two"})
	require.NoError(t, err)

	require.Equal(t, 2, r.Qualified.Seq)
	require.Equal(t, 1, r.Before.Seq)
	require.Equal(t, []string{"budget_approved", "exclusions"}, funnel.Differences(r.Before, r.Qualified, o.plan.Qualification))
	require.Equal(t, funnel.NotAFit, r.Qualified.Assessment.Verdict)
	require.Equal(t, "not_icp", r.Qualified.Assessment.Reason)
	require.Len(t, o.deals[deal.Deal].chairs, 1)

	again, err := o.Qualify(t.Context(), act, deal, funnel.Qualify{Dialog: "two"})
	require.NoError(t, err)
	require.Equal(t, r.Qualified, again.Qualified, "pressed twice")
	require.Len(t, o.deals[deal.Deal].qualified, 2)
	_, err = o.Qualify(t.Context(), o.by(o.clara), deal, funnel.Qualify{Dialog: "two"})
	refused(t, err, funnel.CodeQualifyEnded, funnel.Args{"how": "finished"})
}

func TestAnOldButtonQualifiesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.fresh(t)
	o.asks(t, o.boris, deal, "one", inSlack)
	old := funnel.Target{Deal: deal.Deal, Version: o.deals[deal.Deal].deal.Version}
	_, err := o.Set(t.Context(), o.by(o.anna), deal, funnel.Edit{Field: funnel.FieldPain, Text: "new"})
	require.NoError(t, err)

	_, err = o.Qualify(t.Context(), o.by(o.boris), old, funnel.Qualify{Dialog: "one"})
	refused(t, err, funnel.CodeStale, nil)
	require.Nil(t, o.deals[deal.Deal].last())
}

func TestAnswersCanComeWithTheQualification(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.fresh(t)
	o.qualifies(t, o.anna, deal, "one", text("task", "old"), text("pain", "stays"))
	given := map[string]funnel.Given{}
	for _, a := range everything() {
		if a.Question != "pain" {
			given[a.Question] = a.Given
		}
	}
	given["unheard_of"] = funnel.Given{Kind: funnel.AskText, Text: "nobody asked"}

	r, err := o.Qualify(t.Context(), o.by(o.boris), deal, funnel.Qualify{Given: given})

	require.NoError(t, err)
	require.Equal(t, 97, r.Qualified.Assessment.Score)
	require.Equal(t, []string{"task", "cost_today"}, funnel.Differences(r.Before, r.Qualified, o.plan.Qualification)[:2])
	require.Equal(t, "stays", o.deals[deal.Deal].deal.Pain)
	answers, err := o.Read().Answers(t.Context(), o.space.ID, deal.Deal)
	require.NoError(t, err)
	require.Len(t, answers, 18)
	for _, a := range answers {
		if a.Question == "task" {
			require.Equal(t, o.boris.ID, a.Member)
		}
	}

	given["task"] = funnel.Given{Kind: funnel.AskText, Text: strings.Repeat("x", funnel.MaxText+1)}
	_, err = o.Qualify(t.Context(), o.by(o.boris), deal, funnel.Qualify{Given: given})
	require.Equal(t, funnel.CodeTooLong, funnel.CodeOf(err))
}
