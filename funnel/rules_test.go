package funnel_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// deed is one command on a deal, by Anna, an admin.
type deed func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error)

func move(c funnel.MoveTo) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Move(ctx, o.by(o.anna), t, c)
	}
}

func back(c funnel.MoveBack) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Back(ctx, o.by(o.anna), t, c)
	}
}

func win(c funnel.Win) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Win(ctx, o.by(o.anna), t, c)
	}
}

func lose(c funnel.Lose) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Lose(ctx, o.by(o.anna), t, c)
	}
}

func reopen() deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Reopen(ctx, o.by(o.anna), t, funnel.Reopen{})
	}
}

func park(c funnel.Park) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Park(ctx, o.by(o.anna), t, c)
	}
}

func wake() deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Wake(ctx, o.timer(), t)
	}
}

func log(a funnel.LogActivity) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Log(ctx, o.by(o.anna), t, funnel.Report{Activity: a})
	}
}

func next(c funnel.SetNext) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Next(ctx, o.by(o.anna), t, c)
	}
}

func done(c funnel.FinishNext) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Done(ctx, o.by(o.anna), t, c, funnel.SetNext{})
	}
}

func set(edits ...funnel.Edit) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Set(ctx, o.by(o.anna), t, edits...)
	}
}

func assign(who func(*office) funnel.ID) deed {
	return func(ctx context.Context, o *office, t funnel.Target) (funnel.Changed, error) {
		return o.Assign(ctx, o.by(o.anna), t, funnel.Assign{To: who(o)})
	}
}

// lost is what a deal goes through before the deed in some stories.
var lost = lose(funnel.Lose{Reason: "price"})

func TestEachCommandIsAllowedOrRefusedWithTheRightCode(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ё", funnel.MaxText+1)
	tomorrow, yesterday := funnel.DateOf(morning).AddDays(1), funnel.DateOf(morning).AddDays(-1)
	for name, c := range map[string]struct {
		stage funnel.StageKey
		first deed
		do    deed
		code  funnel.Code
	}{
		"move ahead":                             {"lead", nil, move(funnel.MoveTo{Stage: "qualification"}), ""},
		"move over two stages":                   {"lead", nil, move(funnel.MoveTo{Stage: "negotiation"}), ""},
		"move a target":                          {"awareness", nil, move(funnel.MoveTo{Stage: "lead"}), ""},
		"move where it is":                       {"proposal", nil, move(funnel.MoveTo{Stage: "proposal"}), funnel.CodeAlreadyThere},
		"move backwards":                         {"proposal", nil, move(funnel.MoveTo{Stage: "lead"}), funnel.CodeReasonNeeded},
		"move nowhere":                           {"lead", nil, move(funnel.MoveTo{Stage: "nirvana"}), funnel.CodeUnknownStage},
		"move behind the signature":              {"proposal", nil, move(funnel.MoveTo{Stage: "retention"}), funnel.CodeSignatureFirst},
		"move a lost deal":                       {"lead", lost, move(funnel.MoveTo{Stage: "proposal"}), funnel.CodeDealLost},
		"move with a long note":                  {"lead", nil, move(funnel.MoveTo{Stage: "proposal", Note: long}), funnel.CodeTooLong},
		"move with bytes that are no text":       {"lead", nil, move(funnel.MoveTo{Stage: "proposal", Note: "a\x00b"}), funnel.CodeBadValue},
		"move with broken UTF-8":                 {"lead", nil, move(funnel.MoveTo{Stage: "proposal", Note: "\xff"}), funnel.CodeBadValue},
		"move tomorrow":                          {"lead", nil, move(funnel.MoveTo{Stage: "proposal", At: morning.AddDate(0, 0, 1)}), funnel.CodeInFuture},
		"move before it was opened":              {"lead", nil, move(funnel.MoveTo{Stage: "proposal", At: morning.AddDate(0, 0, -11)}), funnel.CodeBeforeLast},
		"move last week":                         {"lead", nil, move(funnel.MoveTo{Stage: "proposal", At: morning.AddDate(0, 0, -7)}), ""},
		"a client to retention":                  {"launch", nil, move(funnel.MoveTo{Stage: "retention"}), ""},
		"a client back into the sale by move":    {"launch", nil, move(funnel.MoveTo{Stage: "proposal"}), funnel.CodeSignatureStands},
		"back with a reason":                     {"proposal", nil, back(funnel.MoveBack{Stage: "lead", Reason: "too early"}), ""},
		"back one stage":                         {"proposal", nil, back(funnel.MoveBack{Reason: "too early"}), ""},
		"back without a reason":                  {"proposal", nil, back(funnel.MoveBack{Stage: "lead"}), funnel.CodeReasonNeeded},
		"back to where it is":                    {"proposal", nil, back(funnel.MoveBack{Stage: "proposal", Reason: "r"}), funnel.CodeAlreadyThere},
		"back to a later stage":                  {"proposal", nil, back(funnel.MoveBack{Stage: "negotiation", Reason: "r"}), funnel.CodeForwardNotBack},
		"back from the first stage":              {"awareness", nil, back(funnel.MoveBack{Reason: "r"}), funnel.CodeNothingBefore},
		"back nowhere":                           {"proposal", nil, back(funnel.MoveBack{Stage: "nirvana", Reason: "r"}), funnel.CodeUnknownStage},
		"back when lost":                         {"proposal", lost, back(funnel.MoveBack{Stage: "lead", Reason: "r"}), funnel.CodeDealLost},
		"back over the signature":                {"launch", nil, back(funnel.MoveBack{Stage: "proposal", Reason: "r"}), funnel.CodeSignatureStands},
		"back one stage from launch":             {"launch", nil, back(funnel.MoveBack{Reason: "r"}), funnel.CodeSignatureStands},
		"a client back to launch":                {"retention", nil, back(funnel.MoveBack{Stage: "launch", Reason: "r"}), ""},
		"win a lead":                             {"lead", nil, win(funnel.Win{}), ""},
		"win a target":                           {"awareness", nil, win(funnel.Win{}), ""},
		"win twice":                              {"launch", nil, win(funnel.Win{}), funnel.CodeDealWon},
		"win what is lost":                       {"lead", lost, win(funnel.Win{}), funnel.CodeDealLost},
		"win less than nothing":                  {"lead", nil, win(funnel.Win{Amount: funnel.Money{Minor: -1, Currency: "EUR"}}), funnel.CodeNegativeAmount},
		"win tomorrow":                           {"lead", nil, win(funnel.Win{At: morning.AddDate(0, 0, 1)}), funnel.CodeInFuture},
		"lose with a reason":                     {"proposal", nil, lost, ""},
		"lose without a reason":                  {"proposal", nil, lose(funnel.Lose{}), funnel.CodeReasonNeeded},
		"lose for no known reason":               {"proposal", nil, lose(funnel.Lose{Reason: "weather"}), funnel.CodeUnknownReason},
		"lose twice":                             {"proposal", lost, lost, funnel.CodeDealLost},
		"lose a client":                          {"launch", nil, lost, funnel.CodeDealWon},
		"reopen a lost deal":                     {"proposal", lost, reopen(), ""},
		"reopen an open deal":                    {"proposal", nil, reopen(), funnel.CodeNotClosed},
		"correct a signature":                    {"launch", nil, reopen(), ""},
		"correct a signature past launch":        {"retention", nil, reopen(), ""},
		"park":                                   {"proposal", nil, park(funnel.Park{Until: tomorrow}), ""},
		"park a target":                          {"awareness", nil, park(funnel.Park{Until: tomorrow}), ""},
		"park again":                             {"proposal", park(funnel.Park{Until: tomorrow}), park(funnel.Park{Until: tomorrow.AddDays(9)}), ""},
		"park until today":                       {"proposal", nil, park(funnel.Park{Until: funnel.DateOf(morning)}), funnel.CodeInPast},
		"park until yesterday":                   {"proposal", nil, park(funnel.Park{Until: yesterday}), funnel.CodeInPast},
		"park without a day":                     {"proposal", nil, park(funnel.Park{}), funnel.CodeEmpty},
		"park until a day that never comes":      {"proposal", nil, park(funnel.Park{Until: funnel.Date{Year: 2027, Month: 2, Day: 30}}), funnel.CodeBadValue},
		"park what is lost":                      {"proposal", lost, park(funnel.Park{Until: tomorrow}), funnel.CodeDealLost},
		"park a client":                          {"launch", nil, park(funnel.Park{Until: tomorrow}), funnel.CodeDealWon},
		"wake what does not sleep":               {"proposal", nil, wake(), funnel.CodeNotParked},
		"wake before its day":                    {"proposal", park(funnel.Park{Until: tomorrow}), wake(), funnel.CodeNotParked},
		"log yesterday":                          {"lead", nil, log(funnel.LogActivity{Kind: funnel.Call, At: morning.AddDate(0, 0, -1)}), ""},
		"log before the deal":                    {"lead", nil, log(funnel.LogActivity{Kind: funnel.Call, At: morning.AddDate(-1, 0, 0)}), ""},
		"log on a lost deal":                     {"lead", lost, log(funnel.LogActivity{Kind: funnel.Email}), ""},
		"log tomorrow":                           {"lead", nil, log(funnel.LogActivity{Kind: funnel.Call, At: morning.AddDate(0, 0, 1)}), funnel.CodeInFuture},
		"log something unheard of":               {"lead", nil, log(funnel.LogActivity{Kind: "dance"}), funnel.CodeBadValue},
		"log in no direction that there is":      {"lead", nil, log(funnel.LogActivity{Direction: "up"}), funnel.CodeBadValue},
		"log a novel":                            {"lead", nil, log(funnel.LogActivity{Text: long}), funnel.CodeTooLong},
		"next tomorrow":                          {"lead", nil, next(funnel.SetNext{What: "call", On: tomorrow}), ""},
		"next later today":                       {"lead", nil, next(funnel.SetNext{What: "call", On: funnel.DateOf(morning), At: morning.Add(5 * time.Hour)}), ""},
		"next for a client":                      {"launch", nil, next(funnel.SetNext{What: "train", On: tomorrow}), ""},
		"next yesterday":                         {"lead", nil, next(funnel.SetNext{What: "call", On: yesterday}), funnel.CodeInPast},
		"next an hour ago":                       {"lead", nil, next(funnel.SetNext{On: funnel.DateOf(morning), At: morning.Add(-time.Hour)}), funnel.CodeInPast},
		"next without a day":                     {"lead", nil, next(funnel.SetNext{What: "call"}), funnel.CodeEmpty},
		"next on a day that never comes":         {"lead", nil, next(funnel.SetNext{On: funnel.Date{Year: 2026, Month: 13, Day: 1}}), funnel.CodeBadValue},
		"next on a lost deal":                    {"lead", lost, next(funnel.SetNext{What: "call", On: tomorrow}), funnel.CodeDealLost},
		"done":                                   {"lead", next(funnel.SetNext{What: "call", On: tomorrow}), done(funnel.FinishNext{Note: "spoke"}), ""},
		"done with nothing":                      {"lead", nil, done(funnel.FinishNext{}), funnel.CodeNoStep},
		"set an amount":                          {"lead", nil, set(funnel.Edit{Field: funnel.FieldAmount, Money: funnel.Money{Minor: 5, Currency: "EUR"}}), ""},
		"set a debt":                             {"lead", nil, set(funnel.Edit{Field: funnel.FieldAmount, Money: funnel.Money{Minor: -5}}), funnel.CodeNegativeAmount},
		"set a basis":                            {"lead", nil, set(funnel.Edit{Field: funnel.FieldBasis, Text: "year"}), ""},
		"set no basis that there is":             {"lead", nil, set(funnel.Edit{Field: funnel.FieldBasis, Text: "fortnight"}), funnel.CodeBadValue},
		"set a source":                           {"lead", nil, set(funnel.Edit{Field: funnel.FieldSource, Text: "referral"}), ""},
		"set no source that there is":            {"lead", nil, set(funnel.Edit{Field: funnel.FieldSource, Text: "stork"}), funnel.CodeUnknownSource},
		"set a long title":                       {"lead", nil, set(funnel.Edit{Field: funnel.FieldTitle, Text: strings.Repeat("т", funnel.MaxTitle+1)}), funnel.CodeTooLong},
		"set the longest title":                  {"lead", nil, set(funnel.Edit{Field: funnel.FieldTitle, Text: strings.Repeat("т", funnel.MaxTitle)}), ""},
		"set no field that there is":             {"lead", nil, set(funnel.Edit{Field: "mood"}), funnel.CodeUnknownField},
		"set a custom field without a name":      {"lead", nil, set(funnel.Edit{Field: funnel.FieldCustom, Name: "  ", Text: "x"}), funnel.CodeEmpty},
		"set the closing to a day that never is": {"lead", nil, set(funnel.Edit{Field: funnel.FieldClosing, Date: funnel.Date{Year: 2026, Month: 2, Day: 29}}), funnel.CodeBadValue},
		"set the company's name":                 {"lead", nil, set(funnel.Edit{Field: funnel.FieldCompany, Text: "Лютик"}), ""},
		"take the company's name away":           {"lead", nil, set(funnel.Edit{Field: funnel.FieldCompany, Text: " "}), funnel.CodeEmpty},
		"set a NUL in the company's region":      {"lead", nil, set(funnel.Edit{Field: funnel.FieldRegion, Text: "\x00"}), funnel.CodeBadValue},
		"assign to a colleague":                  {"lead", nil, assign(func(o *office) funnel.ID { return o.boris.ID }), ""},
		"assign to nobody":                       {"lead", nil, assign(func(*office) funnel.ID { return funnel.ID{} }), ""},
		"assign to a stranger":                   {"lead", nil, assign(func(o *office) funnel.ID { return o.newID() }), funnel.CodeNoMember},
		"assign to somebody who left":            {"lead", nil, assign(func(o *office) funnel.ID { return o.leaver().ID }), funnel.CodeNoMember},
		"one bad edit of two leaves the deal whole": {
			"lead", nil, set(funnel.Edit{Field: funnel.FieldPain, Text: "rust"}, funnel.Edit{Field: "mood"}), funnel.CodeUnknownField,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.now = morning.Add(-2 * time.Hour)
			target := o.opened(t, c.stage)
			o.now = morning
			if c.first != nil {
				_, err := c.first(t.Context(), o, target)
				require.NoError(t, err)
			}
			was := o.view(target.Deal)

			_, err := c.do(t.Context(), o, target)

			require.Equal(t, c.code, funnel.CodeOf(err))
			if c.code == "" {
				require.NoError(t, err)
				require.NotEqual(t, was, o.view(target.Deal), "nothing changed")
			} else {
				require.Equal(t, was, o.view(target.Deal), "refused, and changed something")
			}
		})
	}
}

// leaver is a member who no longer takes part.
func (o *office) leaver() funnel.Member {
	m := o.hire("Left", funnel.Rep)
	m.Active = false
	o.members[m.ID] = m
	return m
}

func TestADealThatWasTakenOutOfTheNumbersIsLeftAlone(t *testing.T) {
	t.Parallel()
	today := funnel.DateOf(morning)
	for name, do := range map[string]deed{
		"move": move(funnel.MoveTo{Stage: "proposal"}), "back": back(funnel.MoveBack{Stage: "awareness", Reason: "r"}),
		"won": win(funnel.Win{}), "lost": lost, "reopen": reopen(), "park": park(funnel.Park{Until: today.AddDays(3)}),
		"wake": wake(), "log": log(funnel.LogActivity{Text: "x"}), "next": next(funnel.SetNext{On: today.AddDays(1)}),
		"done": done(funnel.FinishNext{}), "set": set(funnel.Edit{Field: funnel.FieldPain, Text: "x"}),
		"assign": assign(func(o *office) funnel.ID { return o.boris.ID }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			target := o.opened(t, "lead")
			_, err := o.Undo(t.Context(), o.by(o.anna), 0, 0)
			require.Equal(t, funnel.CodeUndoTooLate, funnel.CodeOf(err), "the deal is an hour old by now")
			o.now = o.now.Add(-time.Hour)
			_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
			require.NoError(t, err)

			_, err = do(t.Context(), o, target)

			require.Equal(t, funnel.CodeDealVoided, funnel.CodeOf(err))
		})
	}
}

func TestOpeningADealIsAllowedOrRefusedWithTheRightCode(t *testing.T) {
	t.Parallel()
	many := map[string]string{}
	for i := range funnel.MaxCustom + 1 {
		many[strings.Repeat("x", i+1)] = "y"
	}
	acme := funnel.Company{Name: "Acme Anvils"}
	for name, c := range map[string]struct {
		open funnel.OpenDeal
		code funnel.Code
	}{
		"a lead":                        {funnel.OpenDeal{Company: acme}, ""},
		"a target":                      {funnel.OpenDeal{Company: acme, Stage: "awareness"}, ""},
		"in the middle":                 {funnel.OpenDeal{Company: acme, Stage: "negotiation"}, ""},
		"last month":                    {funnel.OpenDeal{Company: acme, At: morning.AddDate(0, -1, 0)}, ""},
		"tomorrow":                      {funnel.OpenDeal{Company: acme, At: morning.AddDate(0, 0, 1)}, funnel.CodeInFuture},
		"signed already":                {funnel.OpenDeal{Company: acme, Stage: "launch"}, funnel.CodeSignatureFirst},
		"in no stage that there is":     {funnel.OpenDeal{Company: acme, Stage: "limbo"}, funnel.CodeUnknownStage},
		"of no kind that there is":      {funnel.OpenDeal{Company: acme, Kind: "barter"}, funnel.CodeBadValue},
		"without a company":             {funnel.OpenDeal{}, funnel.CodeEmpty},
		"with a blank company":          {funnel.OpenDeal{Company: funnel.Company{Name: " \t"}}, funnel.CodeEmpty},
		"with a NUL for a company":      {funnel.OpenDeal{Company: funnel.Company{Name: "a\x00"}}, funnel.CodeBadValue},
		"with an endless company":       {funnel.OpenDeal{Company: funnel.Company{Name: strings.Repeat("a", 201)}}, funnel.CodeTooLong},
		"with an endless title":         {funnel.OpenDeal{Company: acme, Title: strings.Repeat("a", 201)}, funnel.CodeTooLong},
		"with a debt":                   {funnel.OpenDeal{Company: acme, Amount: funnel.Money{Minor: -1}}, funnel.CodeNegativeAmount},
		"with an unknown source":        {funnel.OpenDeal{Company: acme, Source: "stork"}, funnel.CodeUnknownSource},
		"with an unknown basis":         {funnel.OpenDeal{Company: acme, Basis: "day"}, funnel.CodeBadValue},
		"with a closing that never is":  {funnel.OpenDeal{Company: acme, Closing: funnel.Date{Year: 1, Month: 0}}, funnel.CodeBadValue},
		"with too many custom fields":   {funnel.OpenDeal{Company: acme, Custom: many}, funnel.CodeTooLong},
		"with a NUL in a custom field":  {funnel.OpenDeal{Company: acme, Custom: map[string]string{"a": "\x00"}}, funnel.CodeBadValue},
		"of a company that is not here": {funnel.OpenDeal{Company: funnel.Company{ID: funnel.ID{1}, Name: "Acme"}}, funnel.CodeNoCompany},
		"for a stranger":                {funnel.OpenDeal{Company: acme, Owner: funnel.ID{1}}, funnel.CodeNoMember},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)

			_, err := o.Open(t.Context(), o.by(o.anna), c.open)

			require.Equal(t, c.code, funnel.CodeOf(err))
			if c.code == "" {
				require.NoError(t, err)
				require.Len(t, o.deals, 1)
			} else {
				require.Empty(t, o.deals)
				require.Empty(t, o.companies)
			}
		})
	}
}
