package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// BenchmarkReports measures every report over 10,000 deals with a year of history: five stays, six
// changes and six activities each, and a qualification with twelve answers.
//
//	go test ./storage/postgres -run '^$' -bench '^BenchmarkReports$'
func BenchmarkReports(b *testing.B) {
	w := setup(b)
	w.generate(b, 10_000)
	run := map[string]func(context.Context, funnel.ReportQuery) error{
		"funnel": func(ctx context.Context, q funnel.ReportQuery) error {
			_, err := w.service.FunnelReport(ctx, w.space.ID, q)
			return err
		},
		"owners": func(ctx context.Context, q funnel.ReportQuery) error {
			_, err := w.service.OwnersReport(ctx, w.space.ID, q)
			return err
		},
		"activity": func(ctx context.Context, q funnel.ReportQuery) error {
			_, err := w.service.ActivityReport(ctx, w.space.ID, q)
			return err
		},
		"qualification": func(ctx context.Context, q funnel.ReportQuery) error {
			_, err := w.service.QualificationReport(ctx, w.space.ID, q)
			return err
		},
	}
	for _, name := range []string{"funnel", "owners", "activity", "qualification"} {
		for label, q := range map[string]funnel.ReportQuery{
			"now": {}, "of the last summer": {AsOf: start.AddDate(0, -4, 0)}, "of a year": {Window: 400},
		} {
			b.Run(fmt.Sprintf("%s/%s", name, label), func(b *testing.B) {
				for b.Loop() {
					require.NoError(b, run[name](b.Context(), q))
				}
			})
		}
	}
}

// generate stores deals that were opened over the year before the start: a third is open, a third
// won, a third lost.
func (w *world) generate(tb testing.TB, deals int) {
	tb.Helper()
	company := w.open(tb, "Acme Anvils").Deal.Company
	_, err := w.pool.Exec(tb.Context(), `
		INSERT INTO deals (workspace_id, id, number, company_id, owner_id, kind, stage, amount_minor, currency, outcome, reason,
			opened_at, stage_since, closed_at, version, moves, spells, last_move_at)
		SELECT $1, md5('deal ' || n)::uuid, n + 1, $2, $3, 'new', 'negotiation', n * 100, 'USD',
			CASE n % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'won' ELSE 'lost' END, CASE n % 3 WHEN 2 THEN 'price' ELSE '' END,
			opened, opened + '40 days', CASE WHEN n % 3 > 0 THEN opened + '50 days'::interval END, 6, 6, 5, opened + '50 days'
		FROM (SELECT n, $4::timestamptz - (60 + n % 340) * interval '1 day' - n * interval '1 second' AS opened
			FROM generate_series(1, $5::int) n) g`,
		w.space.ID.String(), company.String(), w.member.ID.String(), start.Add(-time.Hour), deals)
	require.NoError(tb, err)
	for _, sql := range []string{
		`INSERT INTO spells (workspace_id, deal_id, seq, stage, entered, left_at, exit, destination, amount_minor, currency,
			recorded_at, left_recorded_at, kind)
		SELECT workspace_id, id, k, stage_at, opened_at + (k - 1) * interval '10 days', left_at,
			CASE WHEN left_at IS NULL THEN '' WHEN k < 5 OR outcome = 'won' THEN 'advance' ELSE 'lost' END,
			CASE WHEN left_at IS NULL OR k = 5 AND outcome = 'lost' THEN '' ELSE destination END, amount_minor, currency,
			opened_at + (k - 1) * interval '10 days', left_at, kind
		FROM (SELECT d.*, k, (ARRAY['lead', 'qualification', 'proposal', 'negotiation', 'negotiation'])[k] AS stage_at,
				(ARRAY['qualification', 'proposal', 'negotiation', 'negotiation', 'launch'])[k] AS destination,
				CASE WHEN k < 5 OR outcome <> 'open' THEN opened_at + k * interval '10 days' END AS left_at
			FROM deals d, generate_series(1, 5) k WHERE d.number > 1) g`,
		`INSERT INTO moves (workspace_id, deal_id, seq, kind, to_stage, effective_at, recorded_at, reason, origin)
		SELECT workspace_id, id, k, CASE WHEN k = 6 AND outcome = 'lost' THEN 'lost' ELSE 'advance' END, stage,
			opened_at + (k - 1) * interval '10 days', opened_at + (k - 1) * interval '10 days', reason, 'chat'
		FROM deals d, generate_series(1, 6) k WHERE d.number > 1 AND (k < 6 OR outcome <> 'open')`,
		`INSERT INTO changes (workspace_id, subject_id, version, of_deal, member_id, verb, origin, at, before)
		SELECT workspace_id, id, k, true, owner_id, 'move', 'chat', opened_at + (k - 1) * interval '10 days',
			jsonb_build_object('deal', jsonb_build_object('owner', owner_id, 'amount', jsonb_build_object('minor', 5, 'currency', 'USD'),
				'pain', repeat(md5(id::text), 20)), 'spell', jsonb_build_object('stage', stage))
		FROM deals d, generate_series(1, 6) k WHERE d.number > 1`,
		`INSERT INTO activities (workspace_id, deal_id, id, kind, at, recorded_at, member_id, origin)
		SELECT workspace_id, id, md5(id::text || k)::uuid, 'call', opened_at + k * interval '8 days', opened_at + k * interval '8 days',
			owner_id, 'chat'
		FROM deals d, generate_series(1, 6) k WHERE d.number > 1`,
		`INSERT INTO qualifications (workspace_id, deal_id, seq, at, score, verdict, outside, assessment, answers, definition)
		SELECT workspace_id, id, 1, opened_at + interval '5 days', 50, 'nurture', number % 7 = 0, '{}', (
			SELECT jsonb_agg(jsonb_build_object('question', 'question ' || k, 'given',
				jsonb_build_object('kind', 'one', 'keys', jsonb_build_array('option ' || (number + k) % 4))))
			FROM generate_series(1, 12) k
		), 1
		FROM deals d WHERE d.number > 1`,
		`VACUUM ANALYZE`,
	} {
		_, err := w.pool.Exec(tb.Context(), sql)
		require.NoError(tb, err)
	}
}
