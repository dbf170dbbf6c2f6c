package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// The parts of report queries. Moves and spells say when each was recorded and voided, so what was
// known at a time can be read from them. Spells are read under the name p, deals under d.
const (
	// ofKind joins the deals of the report; a voided deal leaves at the moment of voiding.
	ofKind = ` JOIN deals d ON d.workspace_id = p.workspace_id AND d.id = p.deal_id AND d.kind = @kind
		AND (d.voided_at IS NULL OR d.voided_at > @to)`

	// seen is a spell that had begun, as far as was known.
	seen = `p.workspace_id = @workspace AND p.entered <= @to AND p.recorded_at <= @to
		AND (p.voided_at IS NULL OR p.voided_at > @to)`

	// ended is a seen spell that left within the window.
	ended = seen + ` AND p.left_at > @from AND p.left_at <= @to AND p.left_recorded_at <= @to`

	// ofDeal are all seen spells of the deal of p, under q.
	ofDeal = `q.workspace_id = p.workspace_id AND q.deal_id = p.deal_id AND q.entered <= @to AND q.recorded_at <= @to
		AND (q.voided_at IS NULL OR q.voided_at > @to)`
)

// knowledge is how queries find what a deal was at the end of the period.
type knowledge struct {
	join, owner, source, amount, currency string
	// standing is a seen spell that has not ended.
	standing string
}

// present reads deals as they are: nothing was recorded after the period.
func present() knowledge {
	return knowledge{
		owner: `d.owner_id`, source: `d.source`, amount: `d.amount_minor`, currency: `d.currency`,
		standing: `p.left_at IS NULL`,
	}
}

// past reads a deal as it was before the first change that was recorded after the period; the audit
// keeps it for undo. An import has no such moment: it counts as known from the beginning. Where
// history was imported after something that was typed late, several spells may seem to go on, and
// the last one says where the deal was.
func past() knowledge {
	return knowledge{
		join: ` LEFT JOIN LATERAL (
			SELECT c.before -> 'deal' AS deal FROM changes c
			WHERE c.workspace_id = d.workspace_id AND c.subject_id = d.id AND c.of_deal
			  AND c.origin <> 'import' AND c.at > @to
			ORDER BY c.version LIMIT 1
		) l ON true`,
		owner:    `CASE WHEN l.deal IS NULL THEN d.owner_id ELSE (l.deal ->> 'owner')::uuid END`,
		source:   `CASE WHEN l.deal IS NULL THEN d.source ELSE coalesce(l.deal ->> 'source', '') END`,
		amount:   `CASE WHEN l.deal IS NULL THEN d.amount_minor ELSE coalesce((l.deal #>> '{amount,minor}')::bigint, 0) END`,
		currency: `CASE WHEN l.deal IS NULL THEN d.currency ELSE coalesce(l.deal #>> '{amount,currency}', '') END`,
		standing: `(p.left_at IS NULL OR p.left_at > @to OR p.left_recorded_at > @to)
		AND NOT EXISTS (SELECT 1 FROM spells q WHERE ` + ofDeal + ` AND q.seq > p.seq)`,
	}
}

func knownAt(p funnel.Period) knowledge {
	if p.Live {
		return present()
	}
	return past()
}

// reportArgs are the names that report queries may use.
func reportArgs(workspace funnel.ID, p funnel.Period) pgx.NamedArgs {
	signed, targets := []string{}, []string{}
	for _, s := range p.Funnel.Stages {
		if p.Funnel.Signed(s.Key) {
			signed = append(signed, string(s.Key))
		}
		if s.Target {
			targets = append(targets, string(s.Key))
		}
	}
	return pgx.NamedArgs{
		"workspace": workspace, "kind": p.Funnel.Kind, "from": p.From, "to": p.To, "zone": p.Zone.String(),
		"signed": signed, "targets": targets,
	}
}

// report runs queries over one state of the database. The plan that PostgreSQL makes for any
// values, after the fifth run of a prepared query, knows nothing of the window and can be a
// thousand times slower; and compiling a plan costs more than running it, as does remembering what
// was looked up where it is in order.
func (s *Store) report(ctx context.Context, queue func(*batch)) error {
	var b batch
	b.exec("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	b.exec("SET LOCAL plan_cache_mode = force_custom_plan")
	b.exec("SET LOCAL jit = off")
	b.exec("SET LOCAL enable_memoize = off")
	queue(&b)
	b.exec("COMMIT")
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("acquire a connection: %w", err)
	}
	defer conn.Release()
	if err := conn.SendBatch(ctx, &b.Batch).Close(); err != nil {
		abandon(ctx, conn)
		return err
	}
	return nil
}

// rows queues a query whose rows are the fields of T in their order.
func rows[T any](b *batch, into *[]T, sql string, args pgx.NamedArgs) {
	b.Queue(sql, args).Query(func(r pgx.Rows) error {
		var err error
		*into, err = pgx.CollectRows(r, pgx.RowToStructByPos[T])
		return err
	})
}

// queueOpen counts the deals that stood in a stage at the end of the period.
func queueOpen(b *batch, args pgx.NamedArgs, k knowledge, owner string, take func(funnel.OpenCount)) {
	b.Queue(`
		SELECT `+owner+` AS owner, p.stage, sum(`+k.amount+`)::bigint, `+k.currency+` AS unit, count(*)
		FROM spells p`+ofKind+k.join+`
		WHERE `+seen+` AND `+k.standing+`
		GROUP BY owner, p.stage, unit`, args).
		Query(func(r pgx.Rows) error {
			for r.Next() {
				var o funnel.OpenCount
				if err := r.Scan(&o.Owner, &o.Stage, &o.Sum.Minor, &o.Sum.Currency, &o.Deals); err != nil {
					return err
				}
				take(o)
			}
			return r.Err()
		})
}

// closings leaves the spells that ended with a deal won or lost in the window that stood so at its
// end. A win is the spell that crossed the signature: a corrected one is void, so it is the only one.
// A loss is the last spell of a deal that was more than a target.
const closings = `
		CROSS JOIN LATERAL (
			SELECT min(q.entered) FILTER (WHERE q.stage <> ALL(@targets)) AS began, max(q.seq) AS last
			FROM spells q WHERE ` + ofDeal + `
		) s
		WHERE ` + ended + `
		  AND (p.exit = 'lost' OR p.exit = 'advance' AND p.destination = ANY(@signed) AND p.stage <> ALL(@signed))
		  AND (p.exit <> 'lost' OR s.last = p.seq AND s.began IS NOT NULL)`

// queueClosed counts the deals that were won or lost in the window and stood so at its end.
func queueClosed(b *batch, args pgx.NamedArgs, k knowledge, owner, join string, take func(funnel.ClosedCount)) {
	b.Queue(`
		SELECT `+owner+` AS owner, CASE WHEN p.exit = 'lost' THEN 'lost' ELSE 'won' END AS result,
			coalesce(m.reason, '') AS why,
			(p.left_at AT TIME ZONE @zone)::date - (coalesce(s.began, d.opened_at) AT TIME ZONE @zone)::date AS days,
			sum(`+k.amount+`)::bigint, `+k.currency+` AS unit, count(*)
		FROM spells p`+ofKind+k.join+join+joinReason+closings+`
		GROUP BY owner, result, why, days, unit`, args).
		Query(func(r pgx.Rows) error {
			for r.Next() {
				var c funnel.ClosedCount
				if err := r.Scan(&c.Owner, &c.Outcome, &c.Reason, &c.Days, &c.Sum.Minor, &c.Sum.Currency, &c.Deals); err != nil {
					return err
				}
				take(c)
			}
			return r.Err()
		})
}

// joinReason finds the move that ended a lost spell. Two losses of one deal at the same instant can
// only be history with days for times; the later one stands.
const joinReason = `
	LEFT JOIN LATERAL (
		SELECT v.reason FROM moves v
		WHERE p.exit = 'lost' AND v.workspace_id = p.workspace_id AND v.deal_id = p.deal_id AND v.kind = 'lost'
		  AND v.effective_at = p.left_at AND v.recorded_at = p.left_recorded_at
		ORDER BY v.seq DESC LIMIT 1
	) m ON true`
