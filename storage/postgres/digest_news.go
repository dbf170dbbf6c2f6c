package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

const (
	// newsNamed is how many deals of each sort of news are named.
	newsNamed = 5
	// newsLate is how much later than it happened something may be told and still be news.
	newsLate = 7 * 24 * time.Hour
	// attentionDays is how long back attention is counted.
	attentionDays = 7
	// profileYear is how old the qualification of an open deal may be that is told of.
	profileYear = 365 * 24 * time.Hour
)

// news are, under p, the last ends of stays of each deal that were recorded in the window.
func news(live bool) string {
	const columns = `p.deal_id, p.seq, p.exit, p.stage, p.destination, p.left_at, p.left_recorded_at, p.workspace_id, p.recorded_at, p.voided_at`
	const within = ` AND p.left_at > @early AND p.left_at <= @to AND p.left_recorded_at > @from AND p.left_recorded_at <= @to`
	if live {
		return ways + `, p AS (SELECT DISTINCT ON (p.deal_id) p.* FROM w CROSS JOIN LATERAL (
			SELECT ` + columns + ` FROM spells p WHERE ` + onWay + within + `
		) p ORDER BY p.deal_id, p.seq DESC)`
	}
	return `WITH p AS (SELECT DISTINCT ON (p.deal_id) ` + columns + ` FROM spells p
		WHERE ` + seen + ` AND p.kind = @kind` + within + ` ORDER BY p.deal_id, p.seq DESC)`
}

// CountNews implements [funnel.Digests].
func (s *Store) CountNews(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.NewsTable, error) {
	var t funnel.NewsTable
	args, k := reportArgs(workspace, p), knownAt(p)
	args["currency"], args["named"], args["early"] = p.Currency, newsNamed, p.From.Add(-newsLate)
	args["week"] = funnel.DateOf(p.To.In(p.Zone)).AddDays(-attentionDays).In(p.Zone)
	args["year"], args["today"] = p.To.Add(-profileYear), funnel.DateOf(p.To.In(p.Zone))
	err := s.report(ctx, func(b *batch) {
		queueNews(b, args, k, p.Live, &t.News)
		queueOpened(b, args, k, p.Live, &t.News.Opened)
		queueAttention(b, args, &t.Attention)
		queueOutside(b, args, k, &t.Outside)
		if p.Live {
			t.Work = &funnel.DigestWork{}
			queueWork(b, args, t.Work)
		}
	})
	if err != nil {
		return t, fmt.Errorf("count news as of %s: %w", p.To, err)
	}
	return t, nil
}

// newsRow is a deal that is named, with the number and the sum of all of its sort.
type newsRow struct {
	what  string
	deal  funnel.DigestDeal
	deals int
	sum   int64
}

// queueNamed queues a query for rows of: what, deal, number, stage, reason, amount, unit. The largest of each
// sort are handed out.
func queueNamed(b *batch, args pgx.NamedArgs, with, from string, of func(what string) *funnel.DigestGroup) {
	b.Queue(with+`
		SELECT what, deal, number, stage, reason, deals, sum FROM (
			SELECT f.*, count(*) OVER w AS deals,
				coalesce(sum(amount) FILTER (WHERE unit = @currency) OVER w, 0)::bigint AS sum,
				row_number() OVER (PARTITION BY what ORDER BY unit = @currency DESC, amount DESC, number) AS place
			FROM (`+from+`) f WINDOW w AS (PARTITION BY what)
		) g WHERE place <= @named ORDER BY what, place`, args).
		Query(func(r pgx.Rows) error {
			for r.Next() {
				var n newsRow
				if err := r.Scan(&n.what, &n.deal.Deal, &n.deal.Number, &n.deal.Stage, &n.deal.Reason, &n.deals, &n.sum); err != nil {
					return err
				}
				g := of(n.what)
				if g == nil {
					continue
				}
				g.Deals, g.Sum = n.deals, funnel.Sum{Minor: n.sum, Currency: args["currency"].(funnel.Currency)} //nolint:forcetypeassert // it was put there
				g.Named = append(g.Named, n.deal)
			}
			return r.Err()
		})
}

// queueNews tells the deals that were won, lost or moved on in the window. A deal counts by the last
// thing that happened to it, so one that came on and was signed the same day is won.
func queueNews(b *batch, args pgx.NamedArgs, k knowledge, live bool, into *funnel.DigestNews) {
	queueNamed(b, args, news(live), `
		SELECT CASE WHEN p.exit = 'lost' THEN 'lost' WHEN p.destination = ANY(@signed) THEN 'won' ELSE 'advanced' END AS what,
			d.id AS deal, d.number, CASE WHEN p.exit = 'lost' THEN '' ELSE p.destination END AS stage,
			coalesce(m.reason, '') AS reason, `+k.amount+` AS amount, `+k.currency+` AS unit
		FROM p`+ofKind+k.join+joinReason+`
		WHERE p.stage <> ALL(@signed) AND (p.exit = 'advance' OR p.exit = 'lost' AND p.stage <> ALL(@targets))
		  AND NOT d.historical
		  AND NOT EXISTS (
			SELECT 1 FROM spells q
			WHERE `+ofDeal+` AND p.exit = 'lost' AND q.seq > p.seq)`,
		func(what string) *funnel.DigestGroup {
			switch what {
			case "won":
				return &into.Won
			case "lost":
				return &into.Lost
			}
			return &into.Advanced
		})
}

// queueOpened tells the deals that came in: those whose first stay that is no target was recorded in the window.
func queueOpened(b *batch, args pgx.NamedArgs, k knowledge, live bool, into *funnel.DigestGroup) {
	const within = ` AND p.entered > @early AND p.recorded_at > @from AND p.recorded_at <= @to`
	with, from := ``, `(SELECT * FROM spells p WHERE `+seen+` AND p.kind = @kind`+within+`) p`
	if live {
		with = ways
		from = `(
			SELECT p.* FROM w CROSS JOIN LATERAL (
				SELECT * FROM spells p WHERE ` + onWay + ` AND p.left_at IS NULL` + within + `
				UNION ALL
				SELECT * FROM spells p WHERE ` + onWay + ` AND p.left_at > @early` + within + `
			) p WHERE w.stage <> ALL(@targets) AND w.stage <> ALL(@signed)
		) p`
	}
	queueNamed(b, args, with, `
		SELECT 'opened' AS what, d.id AS deal, d.number, p.stage, '' AS reason, `+k.amount+` AS amount, `+k.currency+` AS unit
		FROM `+from+ofKind+k.join+`
		WHERE p.stage <> ALL(@targets) AND p.stage <> ALL(@signed) AND NOT d.historical
		  AND NOT EXISTS (
			SELECT 1 FROM spells q WHERE `+ofDeal+` AND q.stage <> ALL(@targets) AND q.seq < p.seq)`,
		func(string) *funnel.DigestGroup { return into })
}

// queueAttention counts what was done in the last days by whether it was for clients. The index on the
// time of activities serves it.
func queueAttention(b *batch, args pgx.NamedArgs, into *funnel.DigestAttention) {
	b.Queue(`
		SELECT count(*) FILTER (WHERE client), count(*) FILTER (WHERE NOT client) FROM (
			SELECT d.kind <> 'new' OR coalesce(d.signed_at < a.at, false) AS client
			FROM activities a
			JOIN deals d ON d.workspace_id = a.workspace_id AND d.id = a.deal_id AND (d.voided_at IS NULL OR d.voided_at > @to)
			WHERE a.workspace_id = @workspace AND a.at > @week AND a.at <= @to AND a.recorded_at <= @to
			  AND (a.voided_at IS NULL OR a.voided_at > @to)
		) done`, args).
		QueryRow(func(r pgx.Row) error { return r.Scan(&into.Clients, &into.New) })
}

// queueOutside tells the open deals whose last qualification, in the last year, puts them outside of the
// ideal customer profile. The index on the time of qualifications serves it.
func queueOutside(b *batch, args pgx.NamedArgs, k knowledge, into *funnel.DigestGroup) {
	queueNamed(b, args, `
		WITH j AS (
			SELECT DISTINCT ON (q.deal_id) q.deal_id, q.outside FROM qualifications q
			WHERE q.workspace_id = @workspace AND q.at > @year AND q.at <= @to AND (q.voided_at IS NULL OR q.voided_at > @to)
			ORDER BY q.deal_id, q.seq DESC
		)`, `
		SELECT 'outside' AS what, d.id AS deal, d.number, p.stage, '' AS reason, `+k.amount+` AS amount, `+k.currency+` AS unit
		FROM j JOIN spells p ON p.workspace_id = @workspace AND p.deal_id = j.deal_id`+ofKind+k.join+`
		WHERE j.outside AND `+seen+` AND `+k.standing+` AND p.stage <> ALL(@targets) AND p.stage <> ALL(@signed)`,
		func(string) *funnel.DigestGroup { return into })
}

// queueWork counts the open deals of the sale, parked ones left out, as they are.
func queueWork(b *batch, args pgx.NamedArgs, into *funnel.DigestWork) {
	b.Queue(`
		SELECT count(*), count(*) FILTER (WHERE d.next_on IS NULL), count(*) FILTER (WHERE d.next_on < @today)
		FROM deals d
		WHERE d.workspace_id = @workspace AND d.outcome = 'open' AND d.voided_at IS NULL AND d.kind = @kind
		  AND d.parked_until IS NULL AND d.stage <> ALL(@targets)`, args).
		QueryRow(func(r pgx.Row) error { return r.Scan(&into.Open, &into.NoStep, &into.Overdue) })
}
