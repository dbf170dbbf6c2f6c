package funnel_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestARenewalStartsWithTheCommitteeOfItsDeal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	olga, pavel := o.seated(t, deal, "Olga Sample", "user", "security"), o.seated(t, deal, "Pavel Sample", "finance")
	gone := o.seated(t, deal, "Gone Sample", "legal")
	on := funnel.DateOf(o.now).AddDays(1)
	_, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{
		Contact: olga, Stance: new(funnel.Supporter), Initiator: new(true), NextWhat: new("call"), NextOn: &on,
	})
	require.NoError(t, err)
	_, err = o.Forget(t.Context(), o.by(o.clara), gone)
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.Win(t.Context(), o.by(o.anna), deal, funnel.Win{})
	require.NoError(t, err)
	o.wait(300 * 24 * time.Hour)
	o.renewals.Roles = o.renewals.Roles[:len(o.renewals.Roles)-1] // no security

	r, err := o.Renew(t.Context(), o.by(o.boris), funnel.Renew{Of: deal})

	require.NoError(t, err)
	signed := o.deals[deal.Deal].deal
	require.Equal(t, funnel.VerbRenew, r.Verb)
	require.Equal(t, "Ромашка", r.Company)
	stored := o.deals[r.Deal.ID].deal
	require.Equal(t, stored, r.Deal)
	require.Equal(t, funnel.Renewal, stored.Kind)
	require.Equal(t, funnel.StageKey("proposal"), stored.Stage)
	require.Equal(t, funnel.Open, stored.Outcome)
	require.Equal(t, signed.ID, stored.Renews)
	require.Equal(t, signed.Company, stored.Company)
	require.Equal(t, signed.Amount, stored.Amount)
	require.Equal(t, o.anna.ID, stored.Owner, "whose client it is")
	require.Equal(t, signed, o.deals[deal.Deal].deal, "the signed deal stays as it is")
	require.Equal(t, []funnel.Chair{
		{Contact: olga, Roles: []string{"user"}, Stance: funnel.Supporter, Initiator: true, Since: o.now},
		{Contact: pavel, Roles: []string{"finance"}, Since: o.now},
	}, o.deals[stored.ID].chairs, "promises stay behind, and so does who was forgotten")
	require.Equal(t, []string{"Olga Sample", "Pavel Sample"}, named(r.Chairs))
	require.NotEmpty(t, o.notices)
	last := o.notices[len(o.notices)-1]
	require.Equal(t, funnel.NoticeAssigned, last.Kind)
	require.Equal(t, o.anna.ID, last.To, "the owner is told of what somebody else has opened")
}

func TestADealHasOneOpenRenewalAtMost(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "launch")
	other := o.opened(t, "launch")
	first, err := o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: deal})
	require.NoError(t, err)
	o.wait(time.Minute)

	_, err = o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: deal})
	require.Equal(t, funnel.CodeRenewalOpen, funnel.CodeOf(err))
	require.ErrorContains(t, err, "renewal=3", "the refusal names the renewal that is open")

	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.False(t, o.deals[first.Deal.ID].deal.VoidedAt.IsZero())
	second, err := o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: deal})
	require.NoError(t, err, "what was taken back is no renewal")
	_, err = o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: other})
	require.NoError(t, err, "another contract of the same company")

	_, err = o.Lose(t.Context(), o.by(o.anna), funnel.Target{Deal: second.Deal.ID}, funnel.Lose{Reason: "timing"})
	require.NoError(t, err)
	_, err = o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: deal})
	require.NoError(t, err, "a client who left can be won back")
}

func TestARenewalOfWhatIsNotSignedIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	open, signed := o.opened(t, "proposal"), o.opened(t, "launch")
	fired := o.hire("Fired", funnel.Rep)
	fired.Active = false
	o.members[fired.ID] = fired
	stale := signed
	stale.Version = o.deals[signed.Deal].deal.Version - 1
	for _, c := range []struct {
		name string
		in   funnel.Renew
		code funnel.Code
	}{
		{"no deal", funnel.Renew{Of: funnel.Target{Deal: o.newID()}}, funnel.CodeNoDeal},
		{"an open deal", funnel.Renew{Of: open}, funnel.CodeNotSigned},
		{"an old button", funnel.Renew{Of: stale}, funnel.CodeStale},
		{"for nobody", funnel.Renew{Of: signed, Owner: o.newID()}, funnel.CodeNoMember},
		{"for who left", funnel.Renew{Of: signed, Owner: fired.ID}, funnel.CodeNoMember},
	} {
		_, err := o.Renew(t.Context(), o.by(o.anna), c.in)
		require.Equal(t, c.code, funnel.CodeOf(err), c.name)
	}
	require.Len(t, o.deals, 2)

	left := o.members[o.anna.ID]
	left.Active = false
	o.members[o.anna.ID] = left
	r, err := o.Renew(t.Context(), o.by(o.boris), funnel.Renew{Of: signed})
	require.NoError(t, err)
	require.Equal(t, o.boris.ID, r.Deal.Owner, "who asks works on it where the owner no longer takes part")
}

func TestARepeatedDeliveryRenewsOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "launch")
	act := o.by(o.anna)

	first, err := o.Renew(t.Context(), act, funnel.Renew{Of: deal})
	require.NoError(t, err)
	again, err := o.Renew(t.Context(), act, funnel.Renew{Of: deal})

	require.NoError(t, err)
	require.Equal(t, first.Deal.ID, again.Deal.ID)
	require.Equal(t, first.Deal.Number, again.Deal.Number)
	require.Len(t, o.deals, 2)
}

func TestARenewalGoesItsOwnWayToTheSignature(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, err := o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: o.opened(t, "launch")})
	require.NoError(t, err)
	renewal := funnel.Target{Deal: r.Deal.ID}
	o.wait(time.Hour)

	_, err = o.Back(t.Context(), o.by(o.anna), renewal, funnel.MoveBack{Stage: "qualification", Reason: "who knows"})
	require.Equal(t, funnel.CodeUnknownStage, funnel.CodeOf(err), "a client is not qualified")
	_, err = o.Move(t.Context(), o.by(o.anna), renewal, funnel.MoveTo{Stage: "negotiation"})
	require.NoError(t, err)
	o.wait(time.Hour)
	won, err := o.Win(t.Context(), o.by(o.anna), renewal, funnel.Win{})

	require.NoError(t, err)
	require.Equal(t, funnel.StageKey("launch"), won.Deal.Stage)
	require.NotNil(t, o.deals[r.Deal.ID].contract())
}

func TestALostRenewalIsNotReopenedBesideAnOpenOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "launch")
	renewal := func() funnel.Target {
		r, err := o.Renew(t.Context(), o.by(o.anna), funnel.Renew{Of: deal})
		require.NoError(t, err)
		o.wait(time.Minute)
		return funnel.Target{Deal: r.Deal.ID}
	}
	lose := func(by funnel.Member, of funnel.Target) {
		_, err := o.Lose(t.Context(), o.by(by), of, funnel.Lose{Reason: "timing"})
		require.NoError(t, err)
		o.wait(time.Minute)
	}
	first := renewal()
	lose(o.anna, first)
	_, err := o.Reopen(t.Context(), o.by(o.anna), first, funnel.Reopen{})
	require.NoError(t, err, "alone it is taken up again")
	o.wait(time.Minute)
	lose(o.boris, first)
	second := renewal()

	_, err = o.Reopen(t.Context(), o.by(o.anna), first, funnel.Reopen{})
	require.Equal(t, funnel.CodeRenewalOpen, funnel.CodeOf(err))
	require.ErrorContains(t, err, "renewal=3", "the one that is open is named")
	_, err = o.Undo(t.Context(), o.by(o.boris), 0, 0)
	require.Equal(t, funnel.CodeRenewalOpen, funnel.CodeOf(err), "nor is its loss taken back")
	require.Equal(t, funnel.Lost, o.deals[first.Deal].deal.Outcome)

	lose(o.anna, second)
	_, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err, "the loss of the one that was open is")
	o.wait(time.Minute)
	lose(o.anna, second)
	_, err = o.Reopen(t.Context(), o.by(o.anna), first, funnel.Reopen{})
	require.NoError(t, err)
}
