package funnel_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestAManagerForgetsAPersonAndTheCountsStay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first, second := o.opened(t, "proposal"), o.opened(t, "proposal")
	who := o.seated(t, first, "Ольга Образцова", "user")
	_, err := o.Seat(t.Context(), o.by(o.anna), second, funnel.SeatPerson{Contact: who, Roles: []string{"legal"}, Phone: new("+7 (495) 000-00-00")})
	require.NoError(t, err)
	act := o.by(o.clara)

	r, err := o.Forget(t.Context(), act, who)

	require.NoError(t, err)
	require.Equal(t, funnel.Forgotten{Name: "Ольга Образцова", Deals: 2}, r)
	erased := o.circle.forgotten[0]
	require.Equal(t, who, erased.Contact)
	require.Equal(t, o.now, erased.At)
	require.NotContains(t, string(o.keys[act.Event].stored.Result), "Ольга", "the answer that is kept has no name")
	last, err := json.Marshal(o.changes[len(o.changes)-1])
	require.NoError(t, err)
	require.Contains(t, string(last), funnel.VerbForget, "it is on record that somebody was forgotten, and by whom")
	require.NotContains(t, string(last), "Ольга")

	again, err := o.Forget(t.Context(), act, who)
	require.NoError(t, err)
	require.Equal(t, funnel.Forgotten{Deals: 2}, again, "a repeated delivery knows the counts only")
	_, err = o.Forget(t.Context(), o.by(o.clara), who)
	require.Equal(t, funnel.CodeContactForgotten, funnel.CodeOf(err))
	f := o.deals[first.Deal]
	missing := o.plan.Cover(f.deal.Stage, o.committee(f), o.now, time.UTC).Missing
	require.Contains(t, missing, "user", "the place counts, but nobody is known in it")
	_, err = o.Seat(t.Context(), o.by(o.anna), first, funnel.SeatPerson{Contact: who, Phone: new("1")})
	require.Equal(t, funnel.CodeContactForgotten, funnel.CodeOf(err))
	_, err = o.Unseat(t.Context(), o.by(o.anna), first, funnel.UnseatPerson{Contact: who})
	require.NoError(t, err, "an empty place can be cleared")
}

func TestOnlyManagersForget(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	who := o.seated(t, o.opened(t, "proposal"), "Olga Sample", "user")

	_, err := o.Forget(t.Context(), o.by(o.boris), who)
	require.Equal(t, funnel.CodeForbidden, funnel.CodeOf(err))
	_, err = o.Forget(t.Context(), o.by(o.clara), o.newID())
	require.Equal(t, funnel.CodeNoContact, funnel.CodeOf(err))
	_, err = o.Forget(t.Context(), o.timer(), who)
	require.Error(t, err)
	require.Equal(t, "Olga Sample", o.circle.people[who].Name)
	require.Empty(t, o.circle.forgotten)
}

func TestUndoBringsNobodyBackWhoWasForgotten(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Olga Sample", "user")
	_, err := o.Seat(t.Context(), o.by(o.clara), deal, funnel.SeatPerson{Contact: who, Phone: new("555 0100"), Roles: []string{"legal"}})
	require.NoError(t, err)
	o.wait(time.Minute)
	_, err = o.Forget(t.Context(), o.by(o.clara), who)
	require.NoError(t, err)

	_, err = o.Undo(t.Context(), o.by(o.clara), 0, 0)

	require.NoError(t, err, "what is taken back is the change before: to forget cannot be")
	require.Empty(t, o.circle.people[who].Name)
	require.Empty(t, o.circle.people[who].Phone)
	require.False(t, o.circle.people[who].ForgottenAt.IsZero())
	require.Equal(t, []string{"user"}, o.deals[deal.Deal].chairs[0].Roles)
}

func TestAnErasureKnowsTheWaysInWhichAPersonIsWrittenOf(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	r, err := o.Seat(t.Context(), o.by(o.anna), deal, funnel.SeatPerson{
		New: &funnel.Contact{Name: "Кузнецов Семён Павлович", Phone: "+7 (495) 123-45-67", Email: "kuznetsov@client.example"},
	})
	require.NoError(t, err)
	_, err = o.Forget(t.Context(), o.by(o.clara), r.Person.Contact)
	require.NoError(t, err)
	erased := o.circle.forgotten[0]
	require.Equal(t, r.Deal.Company, erased.Company)

	for _, text := range []string{
		"Кузнецов Семен Павлович", "Семёну Павловичу Кузнецову", "с Семёном Павловичем", "от Кузнецова Семена", "С. П. Кузнецову",
		"Кузнецовым С.П.", "kuznetsov@client.example", "7 (495) 123-45-67", "84951234567", "+74951234567",
	} {
		require.True(t, finds(erased.Words, text), "%q stays", text)
	}
	for _, text := range []string{"Семёну", "кузнецова", "Павловичу"} {
		require.False(t, finds(erased.Words, text), "%q is somebody else's name elsewhere", text)
		require.True(t, finds(erased.Near, text), "%q stays in the texts of the company", text)
	}
	for _, w := range erased.Words {
		require.Equal(t, w, strings.Trim(w, "+(). "), "a whole word begins and ends with a letter or a digit")
	}
	require.Less(t, len(erased.Words), 1500)
}

func TestAnErasureSparesWordsThatAreNoNames(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	deal := o.opened(t, "proposal")
	who := o.seated(t, deal, "Will van Price", "user")
	_, err := o.Forget(t.Context(), o.by(o.clara), who)
	require.NoError(t, err)

	erased := o.circle.forgotten[0]

	require.Contains(t, erased.Words, "Will van Price")
	require.Empty(t, erased.Near, "a price stays a price")
	require.False(t, finds(erased.Words, "the price will rise"))

	// Of who is known by one name only, that name alone may be anybody's.
	_, err = o.Forget(t.Context(), o.by(o.clara), o.seated(t, deal, "Clara", "user"))
	require.NoError(t, err)
	require.Empty(t, o.circle.forgotten[1].Words)
	require.Equal(t, []string{"clara"}, o.circle.forgotten[1].Near)
}

// finds reports whether one of the words stands in the text.
func finds(words []string, text string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "ё", "е")
	for _, w := range words {
		if strings.Contains(" "+strings.Trim(text, "+().")+" ", " "+strings.ReplaceAll(strings.ToLower(w), "ё", "е")+" ") {
			return true
		}
	}
	return false
}
