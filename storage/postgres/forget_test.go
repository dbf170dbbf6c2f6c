package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/memory"
)

// mentions returns where in the whole database something is written, by table and column. Whatever
// holds text is looked through: bytes as the text that they are.
func (w *world) mentions(tb testing.TB, words ...string) []string {
	tb.Helper()
	rows, err := w.pool.Query(tb.Context(), `
		SELECT c.relname, a.attname, t.typname
		FROM pg_attribute a
		JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
		JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
		JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attnum > 0 AND NOT a.attisdropped
		  AND t.typname IN ('text', 'varchar', 'bpchar', 'name', 'json', 'jsonb', 'bytea', '_text', '_varchar', '_jsonb', '_json', '_bytea')
		ORDER BY 1, 2`)
	require.NoError(tb, err)
	type column struct{ Table, Name, Type string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	require.NoError(tb, err)
	require.Greater(tb, len(columns), 80, "the tables of the program")
	var found []string
	for _, c := range columns {
		text := fmt.Sprintf("%q::text", c.Name)
		if c.Type == "bytea" {
			// What is not ASCII is written as its bytes.
			text = fmt.Sprintf("encode(%q, 'escape')", c.Name)
		}
		for _, word := range words {
			like := "translate(lower($1), 'ё', 'е')"
			where := fmt.Sprintf("position(%s IN translate(lower(%s), 'ё', 'е')) > 0", like, text)
			if c.Type == "bytea" {
				where = fmt.Sprintf("position(encode(convert_to($1, 'UTF8'), 'escape') IN %s) > 0", text)
			}
			var n int
			require.NoError(tb, w.pool.QueryRow(tb.Context(), fmt.Sprintf("SELECT count(*) FROM %q WHERE %s", c.Table, where), word).Scan(&n))
			if n > 0 {
				found = append(found, fmt.Sprintf("%s.%s: %s (%d)", c.Table, c.Name, word, n))
			}
		}
	}
	return found
}

// gossip is a workspace in which a person is named in every place that can hold a name.
func (w *world) gossip(t *testing.T, deal, other funnel.ID) funnel.ChairView {
	t.Helper()
	at := funnel.Target{Deal: deal}
	step := 0
	do := func(_ funnel.Changed, err error) {
		t.Helper()
		require.NoError(t, err)
		step++
		w.advance(time.Second)
	}
	seated, err := w.service.Seat(t.Context(), w.act("seat"), at, funnel.SeatPerson{
		New: &funnel.Contact{Name: "Зинаида Образцова"}, Roles: []string{"finance"}, Phone: new("+7 900 123-45-67"),
		Email: new("zina@client.example"), Position: new("Главный нумизмат"), NextWhat: new("послать Зинаиде расчёт"), Initiator: new(true),
	})
	do(seated, err)
	do(w.service.Log(t.Context(), w.act("log"), at, funnel.Report{Activity: funnel.LogActivity{
		Kind: funnel.Call, Text: "Образцова просила скидку; писать на zina@client.example, звонить 79001234567",
	}, Next: funnel.SetNext{What: "перезвонить Зинаиде Образцовой", On: funnel.Date{Year: 2026, Month: 11, Day: 25}}}))
	do(w.service.Log(t.Context(), w.act("log elsewhere"), funnel.Target{Deal: other}, funnel.Report{Activity: funnel.LogActivity{
		Kind: funnel.Note, Text: "нас порекомендовала ЗИНАИДА  ОБРАЗЦОВА, а не Зинаида Другая",
	}}))
	do(w.service.Set(t.Context(), w.act("set"), at,
		funnel.Edit{Field: funnel.FieldTitle, Text: "для З. Образцовой"}, funnel.Edit{Field: funnel.FieldPain, Text: "Образцовой нужен отчёт"},
		funnel.Edit{Field: funnel.FieldEffect, Text: "Образцова считает сама"}, funnel.Edit{Field: funnel.FieldSignal, Text: "письмо от Образцовой Зинаиды"},
		funnel.Edit{Field: funnel.FieldCustom, Name: "цвет", Text: "любимый цвет Образцовой"}))
	do(w.service.Park(t.Context(), w.act("park"), at, funnel.Park{Until: funnel.Date{Year: 2027, Month: 1, Day: 11}, Reason: "отпуск Образцовой"}))
	do(w.service.Wake(t.Context(), w.act("wake"), at))
	do(w.service.Move(t.Context(), w.act("move"), at, funnel.MoveTo{Stage: "proposal", Note: "Образцова согласна"}))
	w.ask(t, w.service, "ask", "d1", "slack/C1", deal)
	_, err = w.service.Answer(t.Context(), w.act("answer"), funnel.GiveAnswers{Deal: deal, Dialog: "d1", Place: "slack/C1", Given: map[string]funnel.Given{
		"task": inWords("сказала \"Образцова\"\nна встрече"), "decider": {Kind: funnel.AskPerson, Contact: seated.Person.Contact, Name: "Зинаида Образцова"},
	}})
	require.NoError(t, err)
	do(w.service.Qualify(t.Context(), w.act("qualify"), at, funnel.Qualify{Dialog: "d1"}))
	do(w.service.Seat(t.Context(), w.act("phone"), at, funnel.SeatPerson{Contact: seated.Person.Contact, Phone: new("+7 900 765-43-21")}))
	do(w.service.Seat(t.Context(), w.act("back"), at, funnel.SeatPerson{Contact: seated.Person.Contact, Phone: new("+7 900 123-45-67")}))
	do(w.service.Assign(t.Context(), w.act("assign"), at, funnel.Assign{To: w.join(t, "Boris", funnel.Rep).ID}))
	payload, err := json.Marshal(map[string]any{"Deal": deal, "text": "Образцова ждёт", "blocks": []any{map[string]any{"type": "section", "text": "звонок: Зинаида"}}})
	require.NoError(t, err)
	for _, insert := range []string{
		`INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at, answer)
			VALUES ($1, gen_random_uuid(), 'chat:1', 'answer', 'ru', $2, $3, $3, true)`,
		`INSERT INTO held_notices (workspace_id, member_id, id, kind, payload, created_at) VALUES ($1, $1, gen_random_uuid(), 'assigned', $2, $3)`,
	} {
		_, err = w.pool.Exec(t.Context(), insert, w.space.ID, payload, w.now())
		require.NoError(t, err)
	}
	_, err = w.pool.Exec(t.Context(), `UPDATE companies SET custom = '{"бухгалтер": "Образцова"}' WHERE workspace_id = $1 AND id = (
		SELECT company_id FROM deals WHERE workspace_id = $1 AND id = $2)`, w.space.ID, deal)
	require.NoError(t, err)
	return *seated.Person
}

func TestAForgottenPersonIsNamedNowhere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	copies := memory.NewSessions(w.now, 0)
	talks := funnel.NewLayered(copies, w.store.Sessions(), w.now, slog.New(slog.DiscardHandler))
	w.service = funnel.New(funnel.Config{Store: w.store, Funnels: w.service.Funnel, Clock: w.now, IDs: newID, Copies: talks})
	deal, other := w.open(t, "Ромашка").Deal, w.open(t, "Лютик").Deal
	// A namesake whom other people know stays as she is.
	w.seat(t, "namesake", other.ID, "Зинаида Другая", "user")
	person := w.gossip(t, deal.ID, other.ID)
	key := func(place string) funnel.SessionKey {
		return funnel.SessionKey{Workspace: w.space.ID, Member: w.member.ID, Place: place}
	}
	for place, data := range map[string]string{
		"named":  `{"said":"Зинаида Образцова"}`,
		"near":   fmt.Sprintf(`{"deal":%q,"said":"обещал Образцовой"}`, deal.ID),
		"raw":    "no document: zina@client.example",
		"others": `{"said":"Зинаида Другая"}`,
	} {
		_, err := talks.Save(t.Context(), key(place), funnel.Session{Data: []byte(data)}, time.Hour)
		require.NoError(t, err)
	}
	words := []string{"Образцов", "образцов", "ОБРАЗЦОВ", "Зинаиде Об", "zina@", "900 123", "79001234567", "765-43-21", "нумизмат", "звонок: Зинаида"}
	require.NotEmpty(t, w.mentions(t, "Образцов"), "the test looks where there is nothing")
	touched := w.count(t, "activities WHERE people IS NOT NULL")
	moves := w.count(t, "moves")

	r, err := w.service.Forget(t.Context(), w.act("forget"), person.Contact)

	require.NoError(t, err)
	require.Equal(t, 1, r.Deals)
	require.Empty(t, w.mentions(t, words...))
	for place, there := range map[string]bool{"named": false, "near": false, "raw": false, "others": true} {
		for _, store := range []interface {
			Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error)
		}{w.store.Sessions(), copies, talks} {
			_, err := store.Load(t.Context(), key(place))
			if there {
				require.NoError(t, err, place)
				continue
			}
			require.ErrorIs(t, err, funnel.ErrNoSession, place)
		}
	}
	again, err := w.service.Forget(t.Context(), w.act("forget"), person.Contact)
	require.NoError(t, err)
	require.Equal(t, funnel.Forgotten{Deals: 1}, again, "a repeated delivery knows the count and no name")
	_, err = w.service.Forget(t.Context(), w.act("forget twice"), person.Contact)
	require.Equal(t, funnel.CodeContactForgotten, funnel.CodeOf(err))

	// What counts still does, and everything can still be read and used.
	require.Equal(t, touched, w.count(t, "activities WHERE people IS NOT NULL"))
	require.Equal(t, moves, w.count(t, "moves"))
	card := w.card(t, deal.ID)
	require.Len(t, card.Committee, 1)
	require.Equal(t, []string{"decision_maker", "finance"}, slices.Sorted(slices.Values(card.Committee[0].Roles)))
	require.False(t, card.Committee[0].Person.ForgottenAt.IsZero())
	require.Empty(t, card.Committee[0].Person.Name)
	require.False(t, card.Committee[0].LastTouch.IsZero())
	require.NotNil(t, card.Qualified)
	require.Equal(t, funnel.StageKey("proposal"), card.Stage)
	require.Empty(t, w.state(t, deal.ID).Contacts)
	found, err := w.store.SearchContacts(t.Context(), w.space.ID, "Зинаида Образцова", 5)
	require.NoError(t, err)
	for _, m := range found {
		require.Equal(t, "Зинаида Другая", m.Name)
	}
	require.Equal(t, 1, w.count(t, "activities WHERE text = 'нас порекомендовала …, а не Зинаида Другая'"))
	replayed, err := w.service.Move(t.Context(), w.act("move"), funnel.Target{Deal: deal.ID}, funnel.MoveTo{Stage: "proposal", Note: "Образцова согласна"})
	require.NoError(t, err, "an old delivery is still answered")
	require.Equal(t, funnel.StageKey("proposal"), replayed.Deal.Stage)
	checkBooks(t, w.pool)
	for range 12 {
		w.advance(time.Second)
		if _, err := w.service.Undo(t.Context(), w.act(fmt.Sprint("undo ", w.now())), 0, 0); err != nil {
			require.NotEmpty(t, funnel.CodeOf(err), "%v", err)
			break
		}
	}
	require.Empty(t, w.mentions(t, words...), "taking changes back brings nobody back")
}

// A seat that is given while somebody is forgotten ends before or finds nobody: never does it write
// the name again.
func TestWhoeverWritesAboutAPersonWhoIsBeingForgottenLeavesNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	services := []*funnel.Service{w.service, w.another(t)}
	for round := range 10 {
		deal := w.open(t, fmt.Sprintf("Sample %d", round)).Deal
		name := fmt.Sprintf("Zebulon Quux%d", round)
		person := w.seat(t, fmt.Sprint("seat ", round), deal.ID, name, "user")
		var group sync.WaitGroup
		errs := make([]error, 5)
		for i := range 4 {
			group.Go(func() {
				_, errs[i] = services[i%2].Seat(t.Context(), w.act(fmt.Sprintf("p%d %d", round, i)), funnel.Target{Deal: deal.ID}, funnel.SeatPerson{
					Contact: person.Contact, Phone: new(fmt.Sprintf("+49 170 %d%d", round, i)), Email: new(fmt.Sprintf("quux%d@client.example", round)),
				})
			})
		}
		group.Go(func() {
			_, errs[4] = services[round%2].Forget(t.Context(), w.act(fmt.Sprint("f", round)), person.Contact)
		})
		group.Wait()
		require.NoError(t, errs[4])
		for _, err := range errs[:4] {
			if err != nil {
				require.Contains(t, []funnel.Code{funnel.CodeContactForgotten, funnel.CodeNoContact}, funnel.CodeOf(err), "%v", err)
			}
		}
		require.Empty(t, w.mentions(t, fmt.Sprintf("Quux%d", round), "+49 170"))
	}
}
