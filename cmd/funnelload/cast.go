package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// cast is who and what a run of dialogs needs: workspaces, in each of them people whom only Telegram
// knows, and one deal for each.
type cast struct {
	*preparation
	spaces, people int
	// chat is the first of their private chats; the nth is that of the nth person.
	chat int64
	all  []inquiry
}

// newCast sets up the first workspace with its first person and deal as the bot does.
func newCast(ctx context.Context, d database, spaces, people int) (*cast, error) {
	began := time.Now()
	d.Workspace += " " + strconv.FormatInt(began.UnixMilli(), 36)
	all, err := inquiries(began)
	if err != nil {
		return nil, err
	}
	p, err := newPreparation(ctx, d)
	if err != nil {
		return nil, err
	}
	// Chats of their own for every run: above all real ones, and below the largest, 52 bits wide
	// (https://core.telegram.org/bots/api#user).
	c := &cast{preparation: p, spaces: spaces, people: people, chat: began.Unix() * maxDialogs, all: all}
	if err := c.first(ctx); err != nil {
		p.close()
		return nil, err
	}
	if err := c.multiply(ctx); err != nil {
		p.close()
		return nil, err
	}
	return c, nil
}

func (c *cast) first(ctx context.Context) error {
	m, err := c.member(ctx, "telegram", strconv.FormatInt(c.chat, 10), "Load 1", funnel.Rep)
	if err != nil {
		return err
	}
	act := funnel.Act{Workspace: c.space.ID, Member: m.ID, Event: "prepare:open", Origin: funnel.FromChat}
	_, err = c.service.Open(ctx, act, funnel.OpenDeal{Company: funnel.Company{Name: companyName(1)}, Owner: m.ID})
	if err != nil {
		return fmt.Errorf("open the first deal: %w", err)
	}
	return nil
}

func companyName(i int) string { return "Sample Company " + strconv.Itoa(i) }

// seats is how many people a workspace has at most.
func (c *cast) seats() int { return (c.people + c.spaces - 1) / c.spaces }

// known is how many answers there are before the dialog of the nth person begins: from none to all
// but one, so that dialogs stand at every question.
func (c *cast) known(n int) int { return n % len(c.all) }

// deal is the number of the nth person's deal, counted from 0, in the workspace of the person.
func (c *cast) deal(n int) int64 { return int64(n/c.spaces + 1) }

// multiply makes the others copies of the first, set by set: one by one would take minutes.
func (c *cast) multiply(ctx context.Context) error {
	seats := c.seats()
	names, keys := make([]string, seats), make([]string, seats)
	for i := range seats {
		names[i] = companyName(i + 1)
		keys[i] = funnel.NameKey(names[i])
	}
	asked, values := make([]string, len(c.all)), make([]string, len(c.all))
	for i := range c.all {
		value, err := json.Marshal(c.all[i].given)
		if err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
		asked[i], values[i] = c.all[i].Key, string(value)
	}
	first := [16]byte(c.space.ID)
	err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		for _, s := range []struct {
			sql  string
			args []any
		}{
			{castSpaces, []any{first, c.spaces}},
			{castPeople, []any{first, c.people, c.spaces, c.chat, names, keys}},
			{copyWorkspaces, []any{first}},
			{copyTeams, []any{first}},
			{copyMembers, []any{first}},
			{copyIdentities, []any{first}},
			{copyCompanies, []any{first}},
			{copyDeals, []any{first}},
			{copyMoves, []any{first}},
			{copySpells, []any{first}},
			{countDeals, nil},
			{storeAnswers, []any{asked, values, len(asked)}},
		} {
			if _, err := tx.Exec(ctx, s.sql, s.args...); err != nil {
				return fmt.Errorf("%.40s: %w", s.sql, err)
			}
		}
		return nil
	})
	if err == nil {
		_, err = c.pool.Exec(ctx, "ANALYZE")
	}
	if err != nil {
		return fmt.Errorf("multiply the first workspace: %w", err)
	}
	return nil
}

// The nth row of a set is the nth workspace or person, from 0; row 0 is there already.
const (
	castSpaces = `CREATE TEMP TABLE cast_spaces ON COMMIT DROP AS
		SELECT i AS n, CASE i WHEN 0 THEN $1::uuid ELSE gen_random_uuid() END AS id,
			CASE i WHEN 0 THEN (SELECT id FROM teams WHERE workspace_id = $1) ELSE gen_random_uuid() END AS team
		FROM generate_series(0, $2::integer - 1) i`
	castPeople = `CREATE TEMP TABLE cast_people ON COMMIT DROP AS
		SELECT i AS n, s.id AS space, s.team, i / $3 + 1 AS number, $4::bigint + i AS chat,
			CASE i WHEN 0 THEN d.owner_id ELSE gen_random_uuid() END AS member,
			CASE i WHEN 0 THEN d.company_id ELSE gen_random_uuid() END AS company,
			CASE i WHEN 0 THEN d.id ELSE gen_random_uuid() END AS deal,
			($5::text[])[i / $3 + 1] AS company_name, ($6::text[])[i / $3 + 1] AS name_key
		FROM generate_series(0, $2::integer - 1) i
		JOIN cast_spaces s ON s.n = i % $3::integer
		CROSS JOIN (SELECT * FROM deals WHERE workspace_id = $1 AND number = 1) d`
	copyWorkspaces = `INSERT INTO workspaces SELECT r.* FROM workspaces w CROSS JOIN cast_spaces s
		CROSS JOIN LATERAL jsonb_populate_record(w, jsonb_build_object('id', s.id, 'name', w.name || ' ' || s.n)) r
		WHERE w.id = $1 AND s.n > 0`
	copyTeams = `INSERT INTO teams SELECT r.* FROM teams t CROSS JOIN cast_spaces s
		CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('workspace_id', s.id, 'id', s.team)) r
		WHERE t.workspace_id = $1 AND s.n > 0`
	copyMembers = `INSERT INTO members SELECT r.* FROM members m CROSS JOIN cast_people p
		CROSS JOIN LATERAL jsonb_populate_record(m, jsonb_build_object(
			'workspace_id', p.space, 'id', p.member, 'team_id', p.team, 'name', 'Load ' || p.number)) r
		WHERE m.workspace_id = $1 AND p.n > 0`
	copyIdentities = `INSERT INTO identities SELECT r.* FROM identities d CROSS JOIN cast_people p
		CROSS JOIN LATERAL jsonb_populate_record(d, jsonb_build_object(
			'workspace_id', p.space, 'member_id', p.member, 'external_id', p.chat::text)) r
		WHERE d.workspace_id = $1 AND p.n > 0`
	copyCompanies = `INSERT INTO companies SELECT r.* FROM companies c CROSS JOIN cast_people p
		CROSS JOIN LATERAL jsonb_populate_record(c, jsonb_build_object(
			'workspace_id', p.space, 'id', p.company, 'name', p.company_name, 'name_key', p.name_key)) r
		WHERE c.workspace_id = $1 AND p.n > 0`
	copyDeals = `INSERT INTO deals SELECT r.* FROM deals d CROSS JOIN cast_people p
		CROSS JOIN LATERAL jsonb_populate_record(d, jsonb_build_object(
			'workspace_id', p.space, 'id', p.deal, 'number', p.number, 'company_id', p.company, 'owner_id', p.member)) r
		WHERE d.workspace_id = $1 AND p.n > 0`
	copyMoves = `INSERT INTO moves SELECT r.* FROM moves m CROSS JOIN cast_people p
		CROSS JOIN LATERAL jsonb_populate_record(m, jsonb_build_object(
			'workspace_id', p.space, 'deal_id', p.deal, 'actor_id', p.member)) r
		WHERE m.workspace_id = $1 AND p.n > 0`
	copySpells = `INSERT INTO spells (workspace_id, deal_id, seq, stage, entered, left_at, exit, destination,
			amount_minor, currency, recorded_at, left_recorded_at, voided_at, kind)
		SELECT r.workspace_id, r.deal_id, r.seq, r.stage, r.entered, r.left_at, r.exit, r.destination,
			r.amount_minor, r.currency, r.recorded_at, r.left_recorded_at, r.voided_at, r.kind
		FROM spells s CROSS JOIN cast_people p
		CROSS JOIN LATERAL jsonb_populate_record(s, jsonb_build_object('workspace_id', p.space, 'deal_id', p.deal)) r
		WHERE s.workspace_id = $1 AND p.n > 0`
	countDeals = `INSERT INTO deal_counters (workspace_id, last) SELECT space, max(number) FROM cast_people GROUP BY space
		ON CONFLICT (workspace_id) DO UPDATE SET last = excluded.last`
	storeAnswers = `INSERT INTO answers (workspace_id, deal_id, question, value, member_id, at)
		SELECT p.space, p.deal, q.question, q.value::jsonb, p.member, now()
		FROM cast_people p
		JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY q (question, value, nth) ON q.nth <= p.n % $3::integer`
)

// stored counts what the database holds of the run: dialogs, those of them that are open, answers.
type stored struct{ dialogs, open, answers int }

func (c *cast) stored(ctx context.Context) (s stored, err error) {
	err = c.pool.QueryRow(ctx, `
		WITH of AS (SELECT id FROM workspaces WHERE name = $1 OR name LIKE $1 || ' %')
		SELECT (SELECT count(*) FROM dialogs WHERE workspace_id IN (SELECT id FROM of)),
			(SELECT count(*) FROM dialogs WHERE workspace_id IN (SELECT id FROM of) AND ended_at IS NULL),
			(SELECT count(*) FROM answers WHERE workspace_id IN (SELECT id FROM of))`, c.space.Name).Scan(&s.dialogs, &s.open, &s.answers)
	if err != nil {
		return s, fmt.Errorf("count the dialogs: %w", err)
	}
	return s, nil
}
