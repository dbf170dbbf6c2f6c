package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// past is what history is generated: deals that came in evenly over the years before the start.
type past struct {
	deals, years int
}

// laws say how stays in a stage end: after a mean number of days, with a chance to go on and to go back;
// the rest is lost. Deals wander so much that each makes about ten moves.
const laws = `CREATE TEMP TABLE past_laws ON COMMIT DROP AS
	SELECT * FROM (VALUES
		('lead', 'qualification', '', 6.0, 0.90, 0.0),
		('qualification', 'proposal', 'lead', 9.0, 0.70, 0.24),
		('proposal', 'negotiation', 'qualification', 12.0, 0.49, 0.48),
		('negotiation', 'launch', 'proposal', 14.0, 0.40, 0.56),
		('launch', 'retention', '', 30.0, 0.95, 0.0)
	) l (stage, next, previous, days, advance, back)`

// chance is a number from 0 to 1 that belongs to a stay of a deal, another one for each purpose.
func chance(purpose int) string {
	return fmt.Sprintf("((hashint8extended(f.number * 256 + f.seq, %d) & 1073741823) / 1073741824.0::float8)", purpose)
}

// pastDeals lays the deals out in the order in which they came; their identifiers are in this order, too.
const pastDeals = `CREATE TEMP TABLE past_deals ON COMMIT DROP AS
	SELECT n AS number, ('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id,
		('01880000-0000-7000-8000-' || lpad(to_hex(n / 2), 12, '0'))::uuid AS company_id,
		$1::timestamptz - make_interval(days => $2::integer * 365) * (1 - n / ($3::integer + 1.0)) AS opened_at,
		CASE WHEN n % 10 < 6 THEN 100000 + (hashint8extended(n, 9) & 1048575) ELSE 0 END AS amount_minor
	FROM generate_series(1, $3::integer) n`

// pastStep is one step of all deals at once: it writes the stays that begin, and how they end before now.
func pastStep(seq int) string {
	return fmt.Sprintf(`
		WITH f AS (
			SELECT number, %[1]d AS seq, destination AS stage, stage AS came, left_at AS entered FROM past_stays
			WHERE seq = %[1]d - 1 AND destination <> ''
		)
		INSERT INTO past_stays
		SELECT f.number, f.seq, f.stage, f.came, f.entered, g.left_at, CASE WHEN g.left_at IS NULL THEN '' ELSE h.exit END,
			CASE WHEN g.left_at IS NULL OR h.exit = 'lost' THEN '' WHEN h.exit = 'back' THEN l.previous ELSE l.next END
		FROM f LEFT JOIN past_laws l ON l.stage = f.stage
		CROSS JOIN LATERAL (SELECT f.entered - ln(1 - %[2]s) * l.days * interval '1 day' AS at) e
		CROSS JOIN LATERAL (SELECT CASE WHEN e.at < $1 THEN e.at END AS left_at) g
		CROSS JOIN LATERAL (
			SELECT CASE WHEN %[3]s < l.advance THEN 'advance' WHEN %[3]s < l.advance + l.back THEN 'back' ELSE 'lost' END AS exit
		) h`, seq, chance(1), chance(2))
}

// pastSteps is more stays than any deal makes; what would come after them stays open.
const pastSteps = 120

var pastWrites = []string{
	`INSERT INTO companies (workspace_id, id, name, name_key, size, created_at)
		SELECT $1, company_id, 'Sample ' || min(number), 'sample ' || min(number), (ARRAY['', '1-50', '51-250', '251-1000'])[1 + min(number) / 2 % 4],
			min(opened_at) FROM past_deals GROUP BY company_id`,
	`INSERT INTO deals (workspace_id, id, number, company_id, owner_id, kind, stage, amount_minor, currency, source, outcome, reason,
			opened_at, stage_since, closed_at, signed_at, version, moves, spells, last_move_at)
		SELECT $1, d.id, d.number, d.company_id, ('01870000-0000-7000-8000-' || lpad(to_hex(1 + d.number % 40), 12, '0'))::uuid, 'new',
			p.stage, d.amount_minor, CASE WHEN d.amount_minor > 0 THEN 'USD' ELSE '' END,
			(ARRAY['site', 'referral', 'event', 'content', 'ads', 'cold'])[1 + d.number % 6],
			CASE WHEN p.exit = 'lost' THEN 'lost' WHEN s.at IS NULL THEN 'open' ELSE 'won' END,
			CASE WHEN p.exit = 'lost' THEN (ARRAY['price', 'silence', 'competitor', 'no_need'])[1 + d.number % 4] ELSE '' END,
			d.opened_at, p.entered, CASE WHEN p.exit = 'lost' THEN p.left_at ELSE s.at END, s.at, p.seq, p.seq, p.seq, p.entered
		FROM past_deals d
		CROSS JOIN LATERAL (SELECT * FROM past_stays p WHERE p.number = d.number ORDER BY p.seq DESC LIMIT 1) p
		LEFT JOIN LATERAL (SELECT min(p.entered) AS at FROM past_stays p WHERE p.number = d.number AND p.stage = 'launch') s ON true
		ORDER BY d.number`,
	`INSERT INTO spells (workspace_id, deal_id, seq, stage, entered, left_at, exit, destination, amount_minor, currency,
			recorded_at, left_recorded_at, kind)
		SELECT $1, d.id, p.seq, p.stage, p.entered, p.left_at, p.exit, p.destination, d.amount_minor,
			CASE WHEN d.amount_minor > 0 THEN 'USD' ELSE '' END, p.entered, p.left_at, 'new'
		FROM past_stays p JOIN past_deals d USING (number) ORDER BY p.entered`,
	`INSERT INTO moves (workspace_id, deal_id, seq, kind, from_stage, to_stage, actor_id, effective_at, recorded_at, reason, origin)
		SELECT $1, d.id, m.seq, m.kind, m.came, m.stage, ('01870000-0000-7000-8000-' || lpad(to_hex(1 + d.number % 40), 12, '0'))::uuid,
			m.at, m.at, m.reason, 'chat'
		FROM past_stays p JOIN past_deals d USING (number)
		CROSS JOIN LATERAL (
			SELECT p.seq, CASE WHEN p.seq = 1 THEN 'open' WHEN p.stage = 'launch' THEN 'won' ELSE 'advance' END, p.came, p.stage, p.entered, ''
			UNION ALL
			SELECT p.seq + 1, 'lost', p.stage, p.stage, p.left_at, (ARRAY['price', 'silence', 'competitor', 'no_need'])[1 + d.number % 4]
			WHERE p.exit = 'lost'
		) m (seq, kind, came, stage, at, reason)
		ORDER BY m.at`,
	`INSERT INTO contracts (workspace_id, deal_id, id, company_id, value_minor, currency, signed_at)
		SELECT workspace_id, id, id, company_id, amount_minor, currency, signed_at FROM deals WHERE workspace_id = $1 AND signed_at IS NOT NULL`,
	`INSERT INTO committee (workspace_id, deal_id, contact_id, roles, since)
		SELECT $1, d.id, md5(d.number || ' ' || k)::uuid, ARRAY[(ARRAY['user', 'decision_maker', 'finance'])[k]], d.opened_at
		FROM past_deals d, generate_series(1, 3) k WHERE d.number % 4 >= k`,
	`INSERT INTO activities (workspace_id, deal_id, id, kind, at, recorded_at, member_id, origin)
		SELECT workspace_id, id, id, 'call', opened_at + interval '1 day', opened_at + interval '1 day', owner_id, 'chat'
		FROM deals WHERE workspace_id = $1`,
	`INSERT INTO deal_counters (workspace_id, last) SELECT $1, count(*) FROM past_deals`,
}

// liveFor stores the past of a workspace in one transaction.
func (w *world) liveFor(tb testing.TB, space funnel.ID, p past) {
	tb.Helper()
	ctx, id := tb.Context(), space.String()
	run := func(tx pgx.Tx, sql string, args ...any) {
		_, err := tx.Exec(ctx, sql, args...)
		require.NoError(tb, err, sql)
	}
	err := pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		run(tx, `SET LOCAL work_mem = '256MB'`)
		run(tx, `SET LOCAL maintenance_work_mem = '512MB'`)
		run(tx, laws)
		run(tx, pastDeals, start, p.years, p.deals)
		run(tx, `CREATE TEMP TABLE past_stays ON COMMIT DROP AS
			SELECT number, 0 AS seq, '' AS stage, '' AS came, opened_at AS entered, opened_at AS left_at, '' AS exit, 'lead' AS destination
			FROM past_deals`)
		run(tx, `CREATE INDEX past_steps ON past_stays (seq)`)
		run(tx, `ANALYZE past_deals, past_stays`)
		for seq := 1; seq <= pastSteps; seq++ {
			run(tx, pastStep(seq), start)
		}
		run(tx, `DELETE FROM past_stays WHERE seq = 0`)
		run(tx, `CREATE INDEX ON past_stays (number)`)
		run(tx, `ANALYZE past_stays`)
		for _, sql := range pastWrites {
			run(tx, sql, id)
		}
		for n := range 40 {
			run(tx, `INSERT INTO members (workspace_id, id, name, role, locale, created_at)
				VALUES ($1, $2::uuid, $3, 'rep', 'en', $4)`, id, fmt.Sprintf("01870000-0000-7000-8000-%012x", n+1),
				fmt.Sprintf("Sample Seller %d", n+1), start.Add(-time.Hour))
		}
		return nil
	})
	require.NoError(tb, err)
	_, err = w.pool.Exec(ctx, `VACUUM (ANALYZE) companies, deals, spells, moves, contracts, committee, activities, members`)
	require.NoError(tb, err)
}
