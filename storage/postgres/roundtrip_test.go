package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// full is a deal in which nothing is zero, as far as rules allow.
func (w *world) full() funnel.OpenDeal {
	return funnel.OpenDeal{
		Company: funnel.Company{
			Name: `ООО «Ёлки & "Co"»`, Domain: "elki.example", TaxID: "0123456789", Industry: "forestry", Size: "50-200", Region: "north",
			Custom: map[string]string{"парк": "40 машин 🚚"},
		},
		Title: "Снег'; DROP TABLE deals;--", Owner: w.member.ID, Kind: funnel.NewBusiness, Stage: "qualification",
		Amount: funnel.Money{Minor: funnel.MaxAmount, Currency: "RUB"}, Basis: funnel.PerYear, Source: "referral",
		Signal: "asked a price\nin two lines", Pain: "простои", Effect: "½ the cost", Closing: funnel.Date{Year: 2028, Month: 2, Day: 29},
		Custom: map[string]string{"цвет": "зелёный", "a \"b\"": "\\ % _ ' <b>"}, External: "crm-1",
		At: start.AddDate(0, -1, 0).Add(123456789 * time.Nanosecond),
	}
}

func TestWhatIsStoredIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	w := setup(t)
	r, err := w.service.Open(t.Context(), w.act("open"), w.full())
	require.NoError(t, err)
	target := funnel.Target{Deal: r.Deal.ID}
	same := func(answered funnel.Deal) {
		t.Helper()
		read, err := w.store.Deal(t.Context(), w.space.ID, funnel.ID{}, 1)
		require.NoError(t, err)
		require.Equal(t, answered, read.Deal)
	}
	same(r.Deal)
	require.Equal(t, 123456000, r.Deal.OpenedAt.Nanosecond(), "times have whole microseconds")
	firm, err := w.store.Company(t.Context(), w.space.ID, r.Deal.Company)
	require.NoError(t, err)
	want := w.full().Company
	want.Workspace, want.ID = w.space.ID, r.Deal.Company
	require.Equal(t, want, firm.Company)

	steps := []func() (funnel.Changed, error){
		func() (funnel.Changed, error) {
			return w.service.Next(t.Context(), w.act("next"), target, funnel.SetNext{
				What: "показать", On: funnel.Date{Year: 2026, Month: 11, Day: 24}, At: start.Add(26*time.Hour + 1500*time.Nanosecond),
			})
		},
		func() (funnel.Changed, error) {
			return w.service.Park(t.Context(), w.act("park"), target, funnel.Park{Until: funnel.Date{Year: 2027, Month: 1, Day: 11}, Reason: "каникулы"})
		},
		func() (funnel.Changed, error) {
			return w.service.Win(t.Context(), w.act("won"), target, funnel.Win{Amount: funnel.Money{Currency: "EUR"}, Note: "дешевле"})
		},
		func() (funnel.Changed, error) {
			return w.service.Set(t.Context(), w.act("set"), target,
				funnel.Edit{Field: funnel.FieldCustom, Name: "цвет"}, funnel.Edit{Field: funnel.FieldCustom, Name: "a \"b\""},
				funnel.Edit{Field: funnel.FieldTitle}, funnel.Edit{Field: funnel.FieldClosing}, funnel.Edit{Field: funnel.FieldAmount})
		},
		func() (funnel.Changed, error) {
			return w.service.Reopen(t.Context(), w.act("reopen"), target, funnel.Reopen{})
		},
		func() (funnel.Changed, error) {
			return w.service.Lose(t.Context(), w.act("lost"), target, funnel.Lose{Reason: "price"})
		},
		func() (funnel.Changed, error) {
			return w.service.Assign(t.Context(), w.act("assign"), target, funnel.Assign{})
		},
	}
	for _, step := range steps {
		w.advance(time.Minute + 999*time.Nanosecond)
		changed, err := step()
		require.NoError(t, err)
		same(changed.Deal)
		again, err := step()
		require.NoError(t, err)
		require.Equal(t, changed, again, "the same event is answered differently")
	}
	checkBooks(t, w.pool)
}

func TestAnActivityIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Ромашка")
	r, err := w.service.Log(t.Context(), w.act("log"), funnel.Target{Deal: opened.Deal.ID}, funnel.Report{Activity: funnel.LogActivity{
		Kind: funnel.Demo, Direction: funnel.Incoming, Text: "показали 👍\n«ура»", At: start.Add(-time.Hour), External: "mail-7",
	}})
	require.NoError(t, err)

	read, err := w.store.Deal(t.Context(), w.space.ID, opened.Deal.ID, 0)

	require.NoError(t, err)
	require.Equal(t, r.Activities, read.Recent)
	require.Equal(t, start.Add(-time.Hour), read.LastTouch)
	require.Equal(t, "Ромашка", read.CompanyName)
	require.Equal(t, "Anna", read.OwnerName)
}

func TestMovesSpellsAndContractsAreStoredInFull(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Ромашка")
	target := funnel.Target{Deal: opened.Deal.ID}
	w.advance(time.Hour)
	_, err := w.service.Win(t.Context(), w.act("won"), target, funnel.Win{At: start.Add(30 * time.Minute), Note: "подписали"})
	require.NoError(t, err)
	w.advance(time.Hour)
	_, err = w.service.Move(t.Context(), w.act("start"), target, funnel.MoveTo{Stage: "retention", External: "row-9"})
	require.NoError(t, err)

	var m funnel.Move
	require.NoError(t, w.pool.QueryRow(t.Context(), `
		SELECT seq, kind, from_stage, to_stage, effective_at, recorded_at, note, origin FROM moves WHERE kind = 'won'`).
		Scan(&m.Seq, &m.Kind, &m.From, &m.To, &m.EffectiveAt, &m.RecordedAt, &m.Note, &m.Origin))
	m.EffectiveAt, m.RecordedAt = m.EffectiveAt.UTC(), m.RecordedAt.UTC()
	require.Equal(t, funnel.Move{
		Seq: 2, Kind: funnel.MoveWon, From: "lead", To: "launch", EffectiveAt: start.Add(30 * time.Minute), RecordedAt: start.Add(time.Hour),
		Note: "подписали", Origin: funnel.FromChat,
	}, m)

	var value int64
	var signed, started time.Time
	require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT value_minor, signed_at, started_at FROM contracts WHERE voided_at IS NULL`).
		Scan(&value, &signed, &started))
	require.Equal(t, opened.Deal.Amount.Minor, value)
	require.Equal(t, start.Add(30*time.Minute), signed.UTC())
	require.Equal(t, start.Add(2*time.Hour), started.UTC())
	checkBooks(t, w.pool)
}

func TestUndoPutsTheRowsBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	opened := w.open(t, "Ромашка")
	target := funnel.Target{Deal: opened.Deal.ID}
	key := 0
	act := func() funnel.Act {
		key++
		w.advance(time.Second)
		return w.act(time.Duration(key).String())
	}
	must := func(_ funnel.Changed, err error) {
		t.Helper()
		require.NoError(t, err)
		checkBooks(t, w.pool)
	}
	must(w.service.Win(t.Context(), act(), target, funnel.Win{}))
	must(w.service.Move(t.Context(), act(), target, funnel.MoveTo{Stage: "retention"}))
	var seen []rows
	for _, do := range []func() (funnel.Changed, error){
		func() (funnel.Changed, error) {
			return w.service.Back(t.Context(), act(), target, funnel.MoveBack{Stage: "launch", Reason: "again"})
		},
		func() (funnel.Changed, error) { return w.service.Reopen(t.Context(), act(), target, funnel.Reopen{}) },
		func() (funnel.Changed, error) {
			return w.service.Set(t.Context(), act(), target, funnel.Edit{Field: funnel.FieldCompany, Text: "Лютик"})
		},
		func() (funnel.Changed, error) { return w.service.Win(t.Context(), act(), target, funnel.Win{}) },
		func() (funnel.Changed, error) {
			return w.service.Log(t.Context(), act(), target, funnel.Report{
				Activity: funnel.LogActivity{Kind: funnel.Call}, Stage: "retention", Amount: funnel.Money{Minor: 5, Currency: "EUR"},
			})
		},
	} {
		seen = append(seen, w.rows(t, target.Deal))
		must(do())
	}
	for _, before := range slices.Backward(seen) {
		must(w.service.Undo(t.Context(), act(), 0, 0))
		require.Equal(t, before, w.rows(t, target.Deal))
	}
}

// rows is what stands of a deal, without numbers that only count.
type rows struct {
	deal      funnel.Deal
	company   string
	spells    []string
	touches   int
	contracts []string
}

func (w *world) rows(t *testing.T, id funnel.ID) rows {
	t.Helper()
	v, err := w.store.Deal(t.Context(), w.space.ID, id, 0)
	require.NoError(t, err)
	out := rows{deal: v.Deal, company: v.CompanyName, touches: len(v.Recent)}
	out.deal.Version, out.deal.Moves, out.deal.Spells = 0, 0, 0
	if v.Signing != nil {
		signing := *v.Signing
		signing.Spell = 0
		out.deal.Signing = &signing
	}
	list := func(sql string) []string {
		found, err := w.pool.Query(t.Context(), sql, [16]byte(id))
		require.NoError(t, err)
		texts, err := pgx.CollectRows(found, pgx.RowTo[string])
		require.NoError(t, err)
		return texts
	}
	out.spells = list(`SELECT concat_ws(' ', stage, entered, left_at, exit, destination, amount_minor)
		FROM spells WHERE deal_id = $1 AND voided_at IS NULL ORDER BY seq`)
	out.contracts = list(`SELECT concat_ws(' ', id, value_minor, signed_at, started_at)
		FROM contracts WHERE deal_id = $1 AND voided_at IS NULL ORDER BY id`)
	return out
}

func TestTwoPeopleMayChangeOneCompanyThroughTwoDeals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	hers := w.open(t, "Ромашка")
	his, err := w.service.Open(t.Context(), w.act("his"), funnel.OpenDeal{Company: funnel.Company{Name: "ромашка"}})
	require.NoError(t, err)
	require.Equal(t, hers.Deal.Company, his.Deal.Company)

	// Boris decides on the company as it was before Anna's change.
	slow := w.serve(&tripped{Store: w.store, between: func() {
		_, err := w.service.Set(t.Context(), w.act("hers"), funnel.Target{Deal: hers.Deal.ID},
			funnel.Edit{Field: funnel.FieldDomain, Text: "romashka.example"})
		require.NoError(t, err)
	}})
	_, err = slow.Set(t.Context(), w.act("region"), funnel.Target{Deal: his.Deal.ID}, funnel.Edit{Field: funnel.FieldRegion, Text: "north"})
	require.NoError(t, err)

	firm, err := w.store.Company(t.Context(), w.space.ID, hers.Deal.Company)
	require.NoError(t, err)
	require.Equal(t, "romashka.example", firm.Domain)
	require.Equal(t, "north", firm.Region)
}

func TestNamesThatAreTakenAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.open(t, "Ромашка")
	other := w.open(t, "Лютик")

	_, err := w.service.Set(t.Context(), w.act("rename"), funnel.Target{Deal: other.Deal.ID},
		funnel.Edit{Field: funnel.FieldCompany, Text: "ООО «РОМАШКА»"})
	require.Equal(t, funnel.CodeCompanyTaken, funnel.CodeOf(err))
	_, err = w.service.Open(t.Context(), w.act("first"), w.full())
	require.NoError(t, err)
	_, err = w.service.Open(t.Context(), w.act("second"), w.full())
	require.Equal(t, funnel.CodeDuplicate, funnel.CodeOf(err))
	checkBooks(t, w.pool)
}

func TestAMessageAboutANewDealKnowsItsNumber(t *testing.T) {
	t.Parallel()
	w := setup(t)
	boris := w.join(t, "Boris", funnel.Rep)
	w.open(t, "Ромашка")

	r, err := w.service.Open(t.Context(), w.act("for boris"), funnel.OpenDeal{Company: funnel.Company{Name: "Лютик"}, Owner: boris.ID})
	require.NoError(t, err)

	require.Equal(t, int64(2), r.Deal.Number)
	var n funnel.Notification
	require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT payload FROM outbox`).Scan(&n))
	require.Equal(t, int64(2), n.Number)
	require.Equal(t, boris.ID, n.To)
}

func TestSigningInIsTheSameMemberEveryTime(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.join(t, "Boris", funnel.Rep)
	second := w.join(t, "Boris", funnel.Admin)

	require.Equal(t, first, second)
	require.False(t, first.Team.IsZero(), "a member belongs to the team that there is")
	members, err := w.store.Members(t.Context(), w.space.ID)
	require.NoError(t, err)
	require.Equal(t, []funnel.Member{w.member, first}, members)
	again, err := w.store.Settle(t.Context(), funnel.Workspace{ID: newID(), Name: "Test works"}, funnel.Team{ID: newID()})
	require.NoError(t, err)
	require.Equal(t, w.space, again)
}
