package funnel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAMoveAndWhatIsKnownWithItAreOneChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	target := o.opened(t, "lead")
	more := funnel.Edit{Field: funnel.FieldAmount, Money: funnel.Money{Minor: 200_000_00, Currency: "EUR"}}
	r, err := o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "proposal"}, more)
	require.NoError(t, err)
	require.EqualValues(t, "proposal", r.Deal.Stage)
	require.Equal(t, more.Money, r.Deal.Amount)

	_, err = o.Move(t.Context(), o.by(o.anna), target, funnel.MoveTo{Stage: "nowhere"}, funnel.Edit{Field: funnel.FieldAmount})
	require.Equal(t, funnel.CodeUnknownStage, funnel.CodeOf(err))

	less := funnel.Edit{Field: funnel.FieldAmount, Money: funnel.Money{Minor: 100_00, Currency: "EUR"}}
	r, err = o.Back(t.Context(), o.by(o.anna), target, funnel.MoveBack{Stage: "lead", Reason: "too early"}, less)
	require.NoError(t, err)
	require.Equal(t, less.Money, r.Deal.Amount)

	r, err = o.Undo(t.Context(), o.by(o.anna), 0, 0)
	require.NoError(t, err)
	require.EqualValues(t, "proposal", r.Deal.Stage)
	require.Equal(t, more.Money, r.Deal.Amount)
}
