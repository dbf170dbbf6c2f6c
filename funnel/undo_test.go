package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestUndoPutsADealBackAsItWas(t *testing.T) {
	t.Parallel()
	tomorrow := funnel.DateOf(morning).AddDays(1)
	for name, c := range map[string]struct {
		stage funnel.StageKey
		first deed
		do    deed
	}{
		"a move":                    {"lead", nil, move(funnel.MoveTo{Stage: "negotiation"})},
		"a backdated move":          {"lead", nil, move(funnel.MoveTo{Stage: "proposal", At: morning.AddDate(0, 0, -3)})},
		"a step back":               {"proposal", nil, back(funnel.MoveBack{Reason: "too early"})},
		"won":                       {"proposal", nil, win(funnel.Win{Amount: funnel.Money{Minor: 7, Currency: "USD"}})},
		"won from awareness":        {"awareness", nil, win(funnel.Win{})},
		"won out of a rest":         {"proposal", park(funnel.Park{Until: tomorrow}), win(funnel.Win{})},
		"lost":                      {"negotiation", next(funnel.SetNext{What: "call", On: tomorrow}), lost},
		"a reopening":               {"negotiation", lost, reopen()},
		"the start of a client":     {"launch", nil, move(funnel.MoveTo{Stage: "retention"})},
		"a client's return":         {"retention", nil, back(funnel.MoveBack{Stage: "launch", Reason: "again"})},
		"a correction":              {"launch", nil, reopen()},
		"a correction past launch":  {"retention", nil, reopen()},
		"a correction after a loop": {"retention", back(funnel.MoveBack{Stage: "launch", Reason: "again"}), reopen()},
		"a rest":                    {"negotiation", nil, park(funnel.Park{Until: tomorrow, Reason: "holidays"})},
		"a target's rest":           {"awareness", nil, park(funnel.Park{Until: tomorrow})},
		"a longer rest":             {"lead", park(funnel.Park{Until: tomorrow}), park(funnel.Park{Until: tomorrow.AddDays(30)})},
		"a call":                    {"lead", nil, log(funnel.LogActivity{Kind: funnel.Call, Text: "spoke"})},
		"a step":                    {"lead", nil, next(funnel.SetNext{What: "call", On: tomorrow})},
		"another step":              {"lead", next(funnel.SetNext{What: "call", On: tomorrow}), next(funnel.SetNext{What: "write", On: tomorrow.AddDays(1)})},
		"a step that is done":       {"lead", next(funnel.SetNext{What: "call", On: tomorrow}), done(funnel.FinishNext{})},
		"an amount":                 {"lead", nil, set(funnel.Edit{Field: funnel.FieldAmount, Money: funnel.Money{Minor: 1, Currency: "EUR"}})},
		"a custom field":            {"lead", nil, set(funnel.Edit{Field: funnel.FieldCustom, Name: "fleet", Text: "40 vans"})},
		"a custom field taken away": {"lead", set(funnel.Edit{Field: funnel.FieldCustom, Name: "fleet", Text: "40"}), set(funnel.Edit{Field: funnel.FieldCustom, Name: "fleet"})},
		"the company's name and size": {
			"lead", nil,
			set(funnel.Edit{Field: funnel.FieldCompany, Text: "Лютик"}, funnel.Edit{Field: funnel.FieldSize, Text: "50-200"}),
		},
		"a correction and a second signature": {"launch", reopen(), win(funnel.Win{})},
		"a new owner":                         {"lead", nil, assign(func(o *office) funnel.ID { return o.boris.ID })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.now = morning.Add(-4 * time.Hour)
			target := o.opened(t, c.stage)
			o.now = morning
			if c.first != nil {
				_, err := c.first(t.Context(), o, target)
				require.NoError(t, err)
			}
			o.wait(time.Minute)
			was := o.view(target.Deal)
			changed, err := c.do(t.Context(), o, target)
			require.NoError(t, err)
			o.wait(funnel.UndoWindow)

			back, err := o.Undo(t.Context(), o.by(o.anna), 0, 0)

			require.NoError(t, err)
			require.Equal(t, was, o.view(target.Deal))
			require.Equal(t, changed.Verb, back.Undone)
			require.Equal(t, changed.Deal.Version+1, back.Deal.Version, "buttons under the change are old now")
		})
	}
}

func TestUndoingAgainTakesBackTheChangeBefore(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	first := o.view(target.Deal)
	_, err := o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "proposal"})
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.Win(t.Context(), o.by(o.anna), target, funnel.Win{})
	require.NoError(t, err)
	o.wait(time.Minute)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.Equal(t, funnel.StageKey("proposal"), o.view(target.Deal).Deal.Stage)
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)

	require.Equal(t, first, o.view(target.Deal))
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.Equal(t, funnel.CodeUndoTooLate, funnel.CodeOf(err), "the deal was opened an hour ago")
}

func TestUndoOfTheOpeningTakesTheDealOutOfTheNumbers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.Open(t.Context(), o.by(o.anna), funnel.OpenDeal{Company: funnel.Company{Name: "Ромашкаа"}, Owner: o.anna.ID})
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)

	require.NoError(t, err)
	v := o.view(r.Deal.ID)
	require.False(t, v.Deal.VoidedAt.IsZero())
	require.Empty(t, v.Stays)
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.Equal(t, funnel.CodeNothingToUndo, funnel.CodeOf(err))
}

func TestUndoIsRefusedAfterTenMinutesAndAfterSomebodyElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	moved := func(m funnel.Member, to funnel.StageKey) {
		_, err := o.Move(t.Context(), o.by(m), target, funnel.MoveTo{Stage: to})
		require.NoError(t, err)
	}
	moved(o.anna, "qualification")
	o.wait(funnel.UndoWindow + time.Microsecond)
	_, err := o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.Equal(t, funnel.CodeUndoTooLate, funnel.CodeOf(err))

	moved(o.anna, "proposal")
	o.wait(time.Minute)
	moved(o.boris, "negotiation")
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.Equal(t, funnel.CodeUndoOvertaken, funnel.CodeOf(err))
	_, err = o.Undo(t.Context(), o.by(o.clara), 0, 0)
	require.Equal(t, funnel.CodeNothingToUndo, funnel.CodeOf(err), "Clara has done nothing")

	// When Boris takes his own back, nothing stands in Anna's way any more.
	o.wait(time.Minute)
	_, err = o.Undo(t.Context(), o.by(o.boris), 0, 0)
	require.NoError(t, err)
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.Equal(t, funnel.StageKey("qualification"), o.view(target.Deal).Deal.Stage)
}

func TestAButtonUndoesOnlyTheChangeItStandsUnder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	first, err := o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "qualification"})
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.SetLanguage(t.Context(), o.by(o.anna), funnel.Russian)
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.anna), first.Deal.Number, first.Deal.Version)

	require.Equal(t, funnel.CodeStale, funnel.CodeOf(err))
	require.Equal(t, funnel.Russian, o.members[o.anna.ID].Locale, "the button took back something else")
}

func TestAReminderThatWasWrittenIsNotWrittenAgainAfterAnUndo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	_, err := o.Next(t.Context(), o.by(o.boris), target, funnel.SetNext{
		What: "call", On: funnel.DateOf(o.now), At: o.now.Add(2 * time.Minute),
	})
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.Set(t.Context(), o.by(o.boris), target, funnel.Edit{Field: funnel.FieldPain, Text: "rust"})
	require.NoError(t, err)
	o.wait(2 * time.Minute)
	_, err = o.Remind(t.Context(), o.timer(), target)
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.boris), 0, 0)

	require.NoError(t, err)
	now := o.view(target.Deal).Deal
	require.Empty(t, now.Pain)
	require.Equal(t, "call", now.Next.What)
	require.Zero(t, now.Next.RemindAt)
	_, err = o.Remind(t.Context(), o.timer(), target)
	require.Equal(t, funnel.CodeNoStep, funnel.CodeOf(err))
}

func TestUndoOfACompanyEditLeavesWhatOthersChangedMeanwhile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	hers := o.opened(t, "lead")
	r, err := o.Open(t.Context(), o.by(o.boris), funnel.OpenDeal{Company: funnel.Company{Name: "ромашка"}, Owner: o.boris.ID})
	require.NoError(t, err)
	his := funnel.Target{Deal: r.Deal.ID}
	_, err = o.Set(t.Context(), o.by(o.anna), hers, funnel.Edit{Field: funnel.FieldDomain, Text: "romashka.example"})
	require.NoError(t, err)
	_, err = o.Set(t.Context(), o.by(o.boris), his, funnel.Edit{Field: funnel.FieldRegion, Text: "north"})
	require.NoError(t, err)
	o.wait(time.Minute)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)

	require.NoError(t, err)
	firm := o.view(his.Deal).Company
	require.Empty(t, firm.Domain)
	require.Equal(t, "north", firm.Region)

	// What somebody else has set since is not taken back.
	_, err = o.Set(t.Context(), o.by(o.anna), hers, funnel.Edit{Field: funnel.FieldRegion, Text: "south"})
	require.NoError(t, err)
	_, err = o.Undo(t.Context(), o.by(o.boris), 0, 0)
	require.Equal(t, funnel.CodeUndoOvertaken, funnel.CodeOf(err))
	require.Equal(t, "south", o.view(his.Deal).Company.Region)
}

func TestUndoOfSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.SetLanguage(t.Context(), o.by(o.boris), funnel.Russian)
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.SetZone(t.Context(), o.by(o.boris), "Asia/Vladivostok")
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.boris), 0, 0)
	require.NoError(t, err)
	require.Empty(t, o.members[o.boris.ID].Zone)
	require.Equal(t, funnel.Russian, o.members[o.boris.ID].Locale)
	_, err = o.Undo(t.Context(), o.by(o.boris), 0, 0)
	require.NoError(t, err)
	require.Equal(t, funnel.English, o.members[o.boris.ID].Locale)
}

func TestWhoIsNoAdminAnyMoreCannotChangeRolesByUndoing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.SetRole(t.Context(), o.by(o.anna), o.clara.ID, funnel.Admin)
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.SetRole(t.Context(), o.by(o.clara), o.anna.ID, funnel.Rep)
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)

	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	require.Equal(t, funnel.Admin, o.members[o.clara.ID].Role, "the workspace has lost its last admin")
}

func TestWhoSteppedDownByMistakeMayTakeThatBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.SetRole(t.Context(), o.by(o.anna), o.clara.ID, funnel.Admin)
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.SetRole(t.Context(), o.by(o.anna), o.anna.ID, funnel.Rep)
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)

	require.NoError(t, err)
	require.Equal(t, funnel.Admin, o.members[o.anna.ID].Role)
}
