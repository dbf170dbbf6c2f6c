package commands_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// chair is the place of somebody in the committee of deal 1.
func (o *office) chair(tb testing.TB, name string) funnel.ChairView {
	tb.Helper()
	for _, v := range o.deal(tb, 1).Committee {
		if v.Person.Name == name {
			return v
		}
	}
	require.Fail(tb, "nobody is called so", name)
	return funnel.ChairView{}
}

// pressed is the action of the button with the label, and for a person with the name.
func pressed(tb testing.TB, r commands.Reply, label string) string {
	tb.Helper()
	for _, b := range actions(r) {
		if b.label == label {
			return b.action
		}
	}
	require.Fail(tb, "no such button", "%s in %s", label, written(tb, r))
	return ""
}

func TestAPersonIsAddedWithOneLine(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website")

	added, ok := o.types(t, "people acme Carla Stone, head of sales, decision maker, supporter, +49 170 1234567, carla@client.example, next: call her fri").(commands.Changed)

	require.True(t, ok)
	require.Equal(t, "Carla Stone", added.Person.Person.Name)
	v := o.chair(t, "Carla Stone")
	require.Equal(t, []string{"decision_maker"}, v.Roles)
	require.Equal(t, funnel.Supporter, v.Stance)
	require.Equal(t, "head of sales", v.Person.Position)
	require.Equal(t, "+49 170 1234567", v.Person.Phone)
	require.Equal(t, "carla@client.example", v.Person.Email)
	require.Equal(t, "call her", v.NextWhat)
	require.Equal(t, funnel.Date{Year: 2026, Month: time.November, Day: 27}, v.NextOn)
	require.Equal(t, "undo", actions(added)[0].label)

	o.types(t, "undo")
	require.Empty(t, o.deal(t, 1).Committee)
}

func TestAPersonIsChangedByPartsOfTheName(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Ромашка, сайт", "люди ромашка Ольга Крылова лпр", "люди ромашка Пётр Снегов юрист")
	for _, c := range []struct {
		line  string
		check func(funnel.ChairView) bool
	}{
		{"люди ромашка Ольга за", func(v funnel.ChairView) bool { return v.Stance == funnel.Supporter }},
		{"люди ромашка Крылова, финансы", func(v funnel.ChairView) bool { return len(v.Roles) == 2 }},
		{"люди ромашка Ольгу не финансы", func(v funnel.ChairView) bool { return len(v.Roles) == 1 }},
		{"люди ромашка Крылова Ольга инициатор", func(v funnel.ChairView) bool { return v.Initiator }},
		{"люди Olga против", func(v funnel.ChairView) bool { return v.Stance == funnel.Blocker }},
		{"k.lb hjvfirf Jkmuf ytqnhfkmyf", func(v funnel.ChairView) bool { return v.Stance == funnel.Neutral }},
		{"люди Ольга из ромашки телефон 8 900 000 00 00", func(v funnel.ChairView) bool { return v.Person.Phone == "8 900 000 00 00" }},
		{"люди ромашка Ольга без телефона", func(v funnel.ChairView) bool { return v.Person.Phone == "" }},
		{"люди #1 Ольга, olga@client.example", func(v funnel.ChairView) bool { return v.Person.Email == "olga@client.example" }},
		{"люди ромашка Ольга нет инициатор", func(v funnel.ChairView) bool { return !v.Initiator }},
	} {
		require.IsType(t, commands.Changed{}, o.types(t, c.line), c.line)
		v := o.chair(t, "Ольга Крылова")
		require.True(t, c.check(v), "%s: %+v", c.line, v)
	}
	require.Equal(t, 2, o.count(t, "contacts"))
	require.IsType(t, commands.Changed{}, o.types(t, "люди ромашка Ольга уволилась"))
	require.Len(t, o.deal(t, 1).Committee, 1)
}

func TestTheCommitteeSaysWhoIsMissing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "move acme qualification", "people acme Carla Stone user", "people acme Omar Field finance")
	shown, ok := o.types(t, "people acme").(commands.Committee)
	require.True(t, ok)
	require.Len(t, shown.Chairs, 2)
	require.Equal(t, "Carla Stone", shown.Chairs[0].Person.Name)
	require.Equal(t, []string{"decision_maker"}, shown.Coverage.Missing)
	require.Len(t, shown.Offers, 3)

	card, ok := o.presses(t, shown.Offers[0].Action).(commands.Person)
	require.True(t, ok)
	require.Equal(t, "Carla Stone", card.Chair.Person.Name)

	stance := o.presses(t, pressed(t, card, "stance"))
	require.Equal(t, "stance", asked(t, stance))
	require.IsType(t, commands.Changed{}, o.types(t, "supporter"))
	require.Equal(t, funnel.Supporter, o.chair(t, "Carla Stone").Stance)

	roles := o.presses(t, pressed(t, card, "roles"))
	require.Equal(t, []string{"user"}, question(t, roles).Outcome.Prompt.Picked)
	require.IsType(t, commands.Changed{}, o.types(t, "decision maker, security"))
	require.Equal(t, []string{"decision_maker", "security"}, o.chair(t, "Carla Stone").Roles, "what is picked takes the place of what was")

	o.presses(t, pressed(t, card, "initiator"))
	require.True(t, o.chair(t, "Carla Stone").Initiator)

	o.presses(t, pressed(t, card, "log"))
	o.types(t, "call")
	o.types(t, "wants a pilot")
	require.False(t, o.chair(t, "Carla Stone").LastTouch.IsZero(), "an entry from the person's card names the person")

	o.presses(t, pressed(t, card, "unseat"))
	require.Len(t, o.deal(t, 1).Committee, 1)
}

func TestWhoeverIsAddedWithLittleIsAskedAbout(t *testing.T) {
	t.Parallel()
	o := setup(t)
	add := pressed(t, o.types(t, "new Acme Anvils, website", "people acme"), "add_person")
	require.Equal(t, "contact", asked(t, o.presses(t, add)))
	require.Equal(t, "roles", asked(t, o.types(t, "Carla Stone")))
	require.Equal(t, "stance", asked(t, o.types(t, "1, legal")))
	require.IsType(t, commands.Changed{}, o.types(t, "за"))
	v := o.chair(t, "Carla Stone")
	require.Equal(t, []string{"user", "legal"}, v.Roles)
	require.Equal(t, funnel.Supporter, v.Stance)

	require.Equal(t, "roles", asked(t, o.types(t, "people acme Omar Field")), "a name alone is somebody new")
	require.Equal(t, "stance", asked(t, o.types(t, "skip")))
	require.IsType(t, commands.Changed{}, o.types(t, "skip"))
	require.Empty(t, o.chair(t, "Omar Field").Roles)

	require.Equal(t, "contact", asked(t, o.types(t, "people acme finance")), "a role without anybody")
	require.IsType(t, commands.Changed{}, o.types(t, "Omar"))
	require.Equal(t, []string{"finance"}, o.chair(t, "Omar Field").Roles)
}

func TestANameThatIsLikeAKnownOneIsAskedAbout(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "people acme Carla Stone user", "people acme Carla Winter legal")
	both := o.types(t, "people acme Carla supporter")
	require.Equal(t, "contact", asked(t, both))
	require.Len(t, question(t, both).Outcome.Prompt.Options, 3, "both, and somebody new")
	require.IsType(t, commands.Changed{}, o.types(t, "Winter"))
	require.Equal(t, funnel.Supporter, o.chair(t, "Carla Winter").Stance)

	slip := o.types(t, "people acme Karla Stome blocker")
	require.Equal(t, "contact", asked(t, slip))
	require.IsType(t, commands.Changed{}, o.presses(t, commands.QuestionAction(question(t, slip).Outcome.Prompt.Token, dialog.ActPick, "new")))
	require.Equal(t, 3, o.count(t, "contacts"))
}

func TestAPersonIsFoundWithoutTheDeal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "people acme Carla Stone user", "new Bluefin, website")
	o.advance(time.Hour)
	card, ok := o.types(t, "people Carla Stone").(commands.Person)
	require.True(t, ok)
	require.Equal(t, int64(1), card.Deal.Number)
	require.IsType(t, commands.Changed{}, o.types(t, "people Carla Stone decision maker"))
	require.Equal(t, []string{"user", "decision_maker"}, o.chair(t, "Carla Stone").Roles)
	require.Equal(t, funnel.CodeNoDeal, refusal(o.types(t, "people Nobody Atall")))
}

func TestWhatIsLoggedTouchesWhomItNames(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Ромашка, сайт", "люди ромашка Ольга Крылова лпр")
	require.True(t, o.chair(t, "Ольга Крылова").LastTouch.IsZero())
	o.types(t, "лог ромашка звонок, договорились с Ольгой Крыловой о пилоте")
	require.False(t, o.chair(t, "Ольга Крылова").LastTouch.IsZero())
}

func TestAPersonIsForgottenAfterAQuestion(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "people acme Carla Stone decision maker +1 555 0100", "log acme call, Carla Stone agreed")
	sure, ok := o.types(t, "forget carla").(commands.Forgotten)
	require.True(t, ok)
	require.True(t, sure.Asks)
	require.Equal(t, "Carla Stone", sure.Name)
	require.Equal(t, "Acme Anvils", sure.Company)
	require.Equal(t, 1, o.count(t, "contacts WHERE name = 'Carla Stone'"), "nothing is done yet")

	a := o.press(o.anna, pressed(t, sure, "forget"))
	gone, ok := o.answer(t, a).(commands.Forgotten)

	require.True(t, ok)
	require.False(t, gone.Asks)
	require.Equal(t, "Carla Stone", gone.Name)
	require.Equal(t, 1, gone.Deals)
	require.Zero(t, o.count(t, "contacts WHERE name <> ''"))
	require.Zero(t, o.count(t, "activities WHERE text LIKE '%Carla%'"))
	require.Zero(t, o.count(t, "sessions WHERE position('Carla' IN encode(data, 'escape')) > 0"))
	again, ok := o.answer(t, a).(commands.Forgotten)
	require.True(t, ok, "delivered again")
	require.Equal(t, 1, again.Deals)
	require.Equal(t, funnel.CodeContactForgotten, refusal(o.presses(t, pressed(t, sure, "forget"))))
	require.Equal(t, funnel.CodeNoContact, refusal(o.types(t, "forget carla")))
	require.Empty(t, o.types(t, "people acme").(commands.Committee).Chairs) //nolint:forcetypeassert // a panic fails the test
}

func TestForgettingAsksWhoseDataWhereSeveralAreCalledSo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "people acme Carla Stone user", "new Bluefin, website", "people bluefin Carla Winter user")
	whom, ok := o.types(t, "forget Carla").(commands.Forgotten)
	require.True(t, ok)
	require.Len(t, whom.Offers, 2)
	require.Empty(t, whom.Name)
	names := []string{whom.Offers[0].Name, whom.Offers[1].Name}
	require.ElementsMatch(t, []string{"Carla Stone, Acme Anvils", "Carla Winter, Bluefin"}, names)
	for _, offer := range whom.Offers {
		if strings.HasPrefix(offer.Name, "Carla W") {
			o.presses(t, offer.Action)
		}
	}
	require.Equal(t, 1, o.count(t, "contacts WHERE name = 'Carla Stone'"))
	require.Zero(t, o.count(t, "contacts WHERE name = 'Carla Winter'"))
}

func TestOnlyManagersForget(t *testing.T) {
	t.Parallel()
	o := setup(t)
	boris := o.join(t, o.space, "Boris", funnel.Rep)
	o.types(t, "new Acme Anvils, website", "people acme Carla Stone user")
	require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, o.ask(boris, "forget Carla Stone"))))
	press := o.press(boris, pressed(t, o.types(t, "forget Carla Stone"), "forget"))
	require.Equal(t, funnel.CodeForbidden, refusal(o.answer(t, press)))
	require.Equal(t, 1, o.count(t, "contacts WHERE name = 'Carla Stone'"))
}

func TestARenewalBeginsWithThePeopleOfItsDeal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, 12k, website", "people acme Carla Stone decision maker supporter")
	require.Equal(t, funnel.CodeNotSigned, refusal(o.types(t, "renew #1")))
	o.types(t, "won acme")

	a := o.ask(o.anna, "renew acme")
	renewed, ok := o.answer(t, a).(commands.Changed)

	require.True(t, ok)
	require.Equal(t, funnel.Renewal, renewed.Deal.Kind)
	d := o.deal(t, renewed.Deal.Number)
	require.Equal(t, int64(12_000_00), d.Amount.Minor)
	require.Len(t, d.Committee, 1)
	require.Equal(t, funnel.Supporter, d.Committee[0].Stance)
	require.Equal(t, written(t, renewed), written(t, o.answer(t, a)), "delivered again")
	require.Equal(t, funnel.CodeRenewalOpen, refusal(o.types(t, "продли #1")))
	require.Equal(t, funnel.CodeNoQualification, refusal(o.types(t, "qualify #2")))
	var stages []string
	for _, s := range question(t, o.types(t, "move #2")).Outcome.Prompt.Options {
		stages = append(stages, s.Key)
	}
	require.Equal(t, []string{"negotiation", "launch"}, stages, "those of renewals")
}

func TestACardLeadsToQualificationAndPeople(t *testing.T) {
	t.Parallel()
	o := setup(t)
	card := o.types(t, "new Acme Anvils, website", "acme")
	require.Equal(t, "task", asked(t, o.presses(t, pressed(t, card, "qualify"))))
	aside, ok := o.presses(t, pressed(t, card, "people")).(commands.Aside)
	require.True(t, ok)
	require.IsType(t, commands.Committee{}, aside.Reply)
}

func TestARoleThatIsAPositionIsBoth(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.types(t, "new Acme Anvils, website", "people acme Carla Stone CFO", "people acme Omar Field decider", "people acme Ivo Held, buyer, ceo")
	require.Equal(t, []string{"finance"}, o.chair(t, "Carla Stone").Roles)
	require.Equal(t, "CFO", o.chair(t, "Carla Stone").Person.Position)
	require.Empty(t, o.chair(t, "Omar Field").Person.Position, "who decides may be anybody")
	require.Equal(t, "buyer", o.chair(t, "Ivo Held").Person.Position, "what is said stands")

	o.types(t, "people acme Carla accountant", "people acme Omar cfo", "people acme Omar no finance director")
	require.Equal(t, "CFO", o.chair(t, "Carla Stone").Person.Position, "what is known stays")
	require.Equal(t, "cfo", o.chair(t, "Omar Field").Person.Position)
	require.Equal(t, []string{"decision_maker"}, o.chair(t, "Omar Field").Roles)
}

func TestAPositionBehindANameIsNoPartOfTheName(t *testing.T) {
	t.Parallel()
	o := setup(t)
	add := pressed(t, o.types(t, "new Acme Anvils, website", "people acme"), "add_person")
	o.presses(t, add)
	o.types(t, "Carla Stone, head of sales", "skip", "skip")
	require.Equal(t, "head of sales", o.chair(t, "Carla Stone").Person.Position)
}
