package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

// written are the tables that a move writes.
var written = []string{"deals", "spells", "moves", "changes", "handled_events"}

// filled says of every row of a deal which columns are filled, and with what where that is no
// identifier, time or payload.
func filled(t *testing.T, p *preparation, table string, deal funnel.ID) []string {
	t.Helper()
	column := map[string]string{"deals": "id", "changes": "subject_id"}[table]
	if column == "" {
		column = "deal_id"
	}
	rows, err := p.pool.Query(t.Context(), fmt.Sprintf("SELECT to_jsonb(r)::text FROM %s r WHERE %s = $1", table, column), [16]byte(deal))
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	var out []string
	for _, text := range all {
		var row map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &row))
		for name, v := range row {
			if s, ok := v.(string); ok && len(s) > 20 {
				row[name] = "…"
			}
			if _, ok := v.(map[string]any); ok {
				row[name] = "…"
			}
		}
		for _, name := range []string{"number", "company_id", "key", "amount_minor"} {
			delete(row, name)
		}
		shape, err := json.Marshal(row)
		require.NoError(t, err)
		out = append(out, string(shape))
	}
	slices.Sort(out)
	return out
}

func TestTheBareHandlerWritesTheRowsOfAMove(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	d := database{DatabaseURL: url, Workspace: "load"}
	c := &prepareCommand{database: d, slackPeople: slackPeople{Team: "T1", User: "U", Channel: "D", Users: 2}, Deals: 3, Chat: 71, Receivers: 2}
	require.NoError(t, c.Validate())
	require.NoError(t, c.Run(t.Context(), &streams{out: io.Discard, err: io.Discard}))
	require.NoError(t, c.Run(t.Context(), &streams{out: io.Discard, err: io.Discard}), "a second time changes nothing")

	p, err := newPreparation(t.Context(), d)
	require.NoError(t, err)
	t.Cleanup(p.close)
	m, err := newMover(t.Context(), d)
	require.NoError(t, err)
	t.Cleanup(m.pool.Close)
	act := funnel.Act{Workspace: p.space.ID, Member: funnel.ID(m.member), Event: "test", Origin: funnel.FromChat}
	moved, err := p.service.Move(t.Context(), act, funnel.Target{Number: 2}, funnel.MoveTo{Stage: "qualification"})
	require.NoError(t, err)

	at := httptest.NewServer(&bare{mover: m, secret: testSecret})
	t.Cleanup(at.Close)
	w, err := walks(1, 3, 1, lines{forward: "move {deal} {stage}", back: "back {deal} {stage} because"})
	require.NoError(t, err)
	require.NoError(t, d.locate(t.Context(), w))
	k, err := newSlackCaller(at.URL, testSecret, speaker{users: 1}, w[0], 0, 1)
	require.NoError(t, err)
	t.Cleanup(k.close)
	v, _, words := k.call(t.Context())
	require.Equal(t, right, v, words)

	var bare funnel.ID
	require.NoError(t, p.pool.QueryRow(t.Context(), "SELECT id FROM deals WHERE number = 3").Scan((*[16]byte)(&bare)))
	for _, table := range written {
		require.Equal(t, filled(t, p, table, moved.Deal.ID), filled(t, p, table, bare), table)
	}

	k.sign.Write([]byte("unread by Reset")) // a signature covers the body and nothing that was before
	v, _, words = k.call(t.Context())
	require.Equal(t, right, v, words)
	bad, err := newSlackCaller(at.URL, "another secret", speaker{users: 1}, w[0], 0, 1)
	require.NoError(t, err)
	t.Cleanup(bad.close)
	v, _, words = bad.call(t.Context())
	require.Equal(t, refused, v)
	require.Equal(t, "401 "+http.StatusText(http.StatusUnauthorized), words)
}

func TestMessagesThatAreOwedGoOut(t *testing.T) {
	t.Parallel()
	d := database{DatabaseURL: pgtest.Empty(t), Workspace: "load"}
	prepare := &prepareCommand{database: d, slackPeople: slackPeople{Team: "T1", User: "U", Users: 1}, Deals: 2, Chat: 71}
	require.NoError(t, prepare.Run(t.Context(), &streams{out: io.Discard, err: io.Discard}))
	c := &drainCommand{database: d, Messages: 30, Lanes: 4, Chat: 9001, Timeout: time.Minute}
	require.NoError(t, c.Validate())
	var out writer
	require.NoError(t, c.Run(t.Context(), &streams{out: &out, err: io.Discard}))
	require.Regexp(t, `^30 messages to 4 chats in [0-9.]+ ms: [0-9.]+/s; from queued to arrived p50 [0-9.]+`, string(out))
}

func TestNothingIsOwedInAWorkspaceWithoutDeals(t *testing.T) {
	t.Parallel()
	c := &drainCommand{database: database{DatabaseURL: pgtest.Empty(t), Workspace: "bare"}, Messages: 3, Lanes: 1, Timeout: time.Minute}
	err := c.Run(t.Context(), &streams{out: io.Discard, err: io.Discard})
	require.ErrorContains(t, err, `0 of 3 messages have a deal to tell of: prepare the workspace "bare" first`)
}

// writer keeps what is printed.
type writer []byte

func (w *writer) Write(b []byte) (int, error) {
	*w = append(*w, b...)
	return len(b), nil
}
