package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestWinningAndMovingIntoLaunchAreTheSame(t *testing.T) {
	t.Parallel()
	for _, from := range []funnel.StageKey{"awareness", "lead", "qualification", "proposal", "negotiation"} {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			won, moved := newOffice(t), newOffice(t)
			first, second := won.opened(t, from), moved.opened(t, from)

			_, err := won.Win(t.Context(), won.by(won.anna), first, funnel.Win{Note: "at last"})
			require.NoError(t, err)
			_, err = moved.Move(t.Context(), moved.by(moved.anna), second, funnel.MoveTo{Stage: "launch", Note: "at last"})
			require.NoError(t, err)

			v := won.view(first.Deal)
			require.Equal(t, v, moved.view(second.Deal))
			require.Equal(t, funnel.Won, v.Deal.Outcome)
			require.Equal(t, won.now, v.Deal.SignedAt)
			require.Equal(t, won.now, v.Contract.SignedAt)
			require.Equal(t, v.Deal.Amount, v.Contract.Value)
			require.Zero(t, v.Contract.StartedAt)
			left := v.Stays[len(v.Stays)-2]
			require.Equal(t, from, left.Stage)
			require.Equal(t, funnel.Advance, left.Exit)
			require.Equal(t, funnel.StageKey("launch"), left.Destination)
		})
	}
}

func TestLeavingLaunchForwardStartsTheContract(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "launch")

	_, err := o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "retention"})
	require.NoError(t, err)
	require.Equal(t, o.now, o.view(target.Deal).Contract.StartedAt)
	o.wait(time.Hour)
	_, err = o.Back(t.Context(), o.by(o.anna), target, funnel.MoveBack{Reason: "they use it no more"})
	require.NoError(t, err)
	require.Zero(t, o.view(target.Deal).Contract.StartedAt)
}

func TestASignatureIsCorrectedByAManagerOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "proposal")
	was := o.view(target.Deal)
	_, err := o.Win(t.Context(), o.by(o.boris), target, funnel.Win{})
	require.NoError(t, err)
	o.wait(48 * time.Hour)

	_, err = o.Reopen(t.Context(), o.by(o.boris), target, funnel.Reopen{})
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	_, err = o.Reopen(t.Context(), o.by(o.clara), target, funnel.Reopen{Note: "another Ромашка"})
	require.NoError(t, err)

	now := o.view(target.Deal)
	was.Deal.LastMoveAt = o.now
	require.Equal(t, was, now, "the stay goes on as if nobody had signed")
	require.Nil(t, now.Contract)
}

func TestHistoricalWinsOpenNoClientWork(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.Open(t.Context(), o.by(o.anna), funnel.OpenDeal{
		Company: funnel.Company{Name: "Лютик"}, Historical: true, At: morning.AddDate(-1, 0, 0),
	})
	require.NoError(t, err)
	target := funnel.Target{Deal: r.Deal.ID}
	_, err = o.Win(t.Context(), o.by(o.anna), target, funnel.Win{At: morning.AddDate(0, -9, 0)})
	require.NoError(t, err)

	v := o.view(r.Deal.ID)
	require.Equal(t, funnel.StageKey("launch"), v.Deal.Stage)
	require.Len(t, v.Stays, 1)
	require.Equal(t, funnel.Advance, v.Stays[0].Exit)
	require.Equal(t, morning.AddDate(0, -9, 0), v.Contract.SignedAt)

	// Somebody takes up work with the client after all.
	_, err = o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "retention"})
	require.NoError(t, err)
	require.False(t, o.view(r.Deal.ID).Deal.Historical)
}

func TestAParkedDealWakesOnItsDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to funnel.StageKey
		stays    int
	}{{"negotiation", "lead", 4}, {"awareness", "awareness", 2}} {
		t.Run(string(c.from), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			target := o.opened(t, c.from)
			_, err := o.Assign(t.Context(), o.by(o.anna), target, funnel.Assign{To: o.boris.ID})
			require.NoError(t, err)
			o.notices = nil
			until := funnel.DateOf(o.now).AddDays(30)
			_, err = o.Park(t.Context(), o.by(o.anna), target, funnel.Park{Until: until, Reason: "new budget"})
			require.NoError(t, err)
			require.Equal(t, funnel.StageKey("awareness"), o.view(target.Deal).Deal.Stage)

			o.now = until.In(o.space.Location()).Add(-time.Second)
			_, err = o.Wake(t.Context(), o.timer(), target)
			require.Equal(t, funnel.CodeNotParked, funnel.CodeOf(err))
			o.wait(time.Second)
			_, err = o.Wake(t.Context(), o.timer(), target)
			require.NoError(t, err)

			v := o.view(target.Deal)
			require.Equal(t, c.to, v.Deal.Stage)
			require.False(t, v.Deal.Parked())
			require.Len(t, v.Stays, c.stays)
			require.Len(t, o.notices, 1)
			require.Equal(t, funnel.NoticeWoken, o.notices[0].Kind)
			require.Equal(t, o.boris.ID, o.notices[0].To)
			require.Equal(t, string(c.from), o.notices[0].Data["from"])
		})
	}
}

func TestAForwardMoveAsksTheGateAndHistoryDoesNot(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	var asked [][2]funnel.StageKey
	o.gate = func(_ funnel.DealState, from, to funnel.StageKey) []funnel.Unmet {
		asked = append(asked, [2]funnel.StageKey{from, to})
		return []funnel.Unmet{{Stage: from, Criterion: "budget"}}
	}

	_, err := o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "negotiation"})
	require.Equal(t, funnel.CodeBlocked, funnel.CodeOf(err))
	_, err = o.Win(t.Context(), o.by(o.anna), target, funnel.Win{})
	require.Equal(t, funnel.CodeBlocked, funnel.CodeOf(err))
	require.Equal(t, [][2]funnel.StageKey{{"lead", "negotiation"}, {"lead", "launch"}}, asked)

	history := o.by(o.anna)
	history.Origin = funnel.FromImport
	_, err = o.Move(t.Context(), history, target, funnel.MoveTo{Stage: "negotiation", At: o.now.Add(-time.Minute)})
	require.NoError(t, err)
	_, err = o.Back(t.Context(), o.by(o.anna), target, funnel.MoveBack{Stage: "lead", Reason: "no gate leads back"})
	require.NoError(t, err)
}

func TestHistoryCountsAsRecordedWhenItHappenedAndNotifiesNobody(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	act := o.by(o.anna)
	act.Origin = funnel.FromImport
	opened, moved := morning.AddDate(0, -3, 0), morning.AddDate(0, -2, 0)
	r, err := o.Open(t.Context(), act, funnel.OpenDeal{Company: funnel.Company{Name: "Лютик"}, Owner: o.leaver().ID, At: opened})
	require.NoError(t, err)
	act.Event += " move"
	_, err = o.Move(t.Context(), act, funnel.Target{Deal: r.Deal.ID}, funnel.MoveTo{Stage: "proposal", At: moved})
	require.NoError(t, err)

	f := o.deals[r.Deal.ID]
	require.Equal(t, opened, f.moves[0].RecordedAt)
	require.Equal(t, opened, f.spells[0].RecordedAt)
	require.Equal(t, moved, f.spells[0].LeftRecordedAt)
	require.Equal(t, moved, f.moves[1].RecordedAt)
	require.Empty(t, o.notices)
}

func TestWhoIsGivenADealIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)

	r, err := o.Open(t.Context(), o.by(o.anna), funnel.OpenDeal{Company: funnel.Company{Name: "Лютик"}, Owner: o.boris.ID})
	require.NoError(t, err)
	require.Len(t, o.notices, 1)
	require.Equal(t, o.boris.ID, o.notices[0].To)
	_, err = o.Assign(t.Context(), o.by(o.anna), funnel.Target{Deal: r.Deal.ID}, funnel.Assign{To: o.anna.ID})
	require.NoError(t, err)
	require.Len(t, o.notices, 2, "nobody is told of their own doing")
	require.Equal(t, funnel.NoticeTaken, o.notices[1].Kind)
	require.Equal(t, o.boris.ID, o.notices[1].To)
}

func TestAnOldButtonIsAnsweredAndNotObeyed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	seen := o.deals[target.Deal].deal.Version
	_, err := o.Move(t.Context(), o.by(o.boris), target, funnel.MoveTo{Stage: "qualification"})
	require.NoError(t, err)

	_, err = o.Move(t.Context(), o.by(o.anna), funnel.Target{Deal: target.Deal, Version: seen}, funnel.MoveTo{Stage: "proposal"})

	require.Equal(t, funnel.CodeStale, funnel.CodeOf(err))
	_, err = o.Move(t.Context(), o.by(o.anna), funnel.Target{Number: 77}, funnel.MoveTo{Stage: "proposal"})
	require.Equal(t, funnel.CodeNoDeal, funnel.CodeOf(err))
}

func TestAReportIsOneChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	yesterday := o.now.Add(-30 * time.Minute)

	r, err := o.Log(t.Context(), o.by(o.anna), target, funnel.Report{
		Activity: funnel.LogActivity{Kind: funnel.Call, Direction: funnel.Incoming, Text: "they want an offer", At: yesterday},
		Amount:   funnel.Money{Minor: 1_200_000_00, Currency: "RUB"}, Stage: "proposal",
		Next: funnel.SetNext{What: "send it", On: funnel.DateOf(o.now).AddDays(4)},
	})

	require.NoError(t, err)
	v := o.view(target.Deal)
	require.Equal(t, yesterday, v.Deal.StageSince, "the move happened with the call")
	require.Equal(t, funnel.Money{Minor: 1_200_000_00, Currency: "RUB"}, v.Stays[1].Amount, "the stay begins with the new amount")
	require.Len(t, v.Activities, 1)
	require.Equal(t, int64(2), r.Deal.Version)
	_, err = o.Log(t.Context(), o.by(o.anna), target, funnel.Report{Activity: funnel.LogActivity{Kind: funnel.Call}, Stage: "lead"})
	require.Equal(t, funnel.CodeReasonNeeded, funnel.CodeOf(err))
	require.Equal(t, v, o.view(target.Deal), "half of a report was stored")
}
