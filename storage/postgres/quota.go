package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// queueQuota reads what is planned for a month under the lock of the team, so that two changes of its
// plan come one after the other. The number of the last change is read by a later statement, which sees
// what a rival committed before the lock was had.
func queueQuota(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Quota == nil {
		return
	}
	q := &funnel.QuotaSnapshot{Quota: funnel.Quota{Month: reads.Quota.Month}}
	var found, set bool
	b.row(one(func(r pgx.Row) error {
		if err := r.Scan(&q.Team); err != nil {
			return err
		}
		snap.Quota = q
		return nil
	}, &found), `
		SELECT t.id FROM teams t WHERE t.workspace_id = $1 AND ($2::uuid IS NULL OR t.id = $2)
		ORDER BY t.id LIMIT 1 FOR UPDATE`, workspace, reads.Quota.Team)
	b.row(one(func(r pgx.Row) error { return r.Scan(&q.Last) }, &set), `
		SELECT q.version FROM quotas q
		WHERE q.workspace_id = $1 AND q.team_id = coalesce($2, (SELECT t.id FROM teams t WHERE t.workspace_id = $1 ORDER BY t.id LIMIT 1))
		ORDER BY q.version DESC LIMIT 1`, workspace, reads.Quota.Team)
	b.row(one(func(r pgx.Row) error {
		return r.Scan(&q.Amount.Minor, &q.Amount.Currency, &q.By, &q.At, &q.Version)
	}, &set), `
		SELECT q.amount_minor, q.currency, q.set_by, q.set_at, q.version FROM quotas q
		WHERE q.workspace_id = $1 AND q.month = $3
		  AND q.team_id = coalesce($2, (SELECT t.id FROM teams t WHERE t.workspace_id = $1 ORDER BY t.id LIMIT 1))
		ORDER BY q.version DESC LIMIT 1`, workspace, reads.Quota.Team, reads.Quota.Month)
}

func queueQuotaSet(b *batch, ws funnel.ID, q *funnel.Quota) {
	if q == nil {
		return
	}
	b.exec(`INSERT INTO quotas (workspace_id, team_id, version, month, amount_minor, currency, set_by, set_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, ws, q.Team, q.Version, q.Month, q.Amount.Minor, q.Amount.Currency, q.By, q.At)
}

// Quotas implements [funnel.Quotas].
func (s *Store) Quotas(ctx context.Context, workspace funnel.ID, first, last funnel.Date, asOf time.Time) ([]funnel.Quota, error) {
	var found []funnel.Quota
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT q.team_id, q.month, q.amount_minor, q.currency, q.set_by, q.set_at, q.version FROM (
				SELECT DISTINCT ON (q.month, q.team_id) q.* FROM quotas q
				WHERE q.workspace_id = $1 AND q.month BETWEEN $2 AND $3 AND q.set_at <= $4
				ORDER BY q.month, q.team_id, q.version DESC
			) q
			WHERE q.currency <> ''
			ORDER BY q.month, q.team_id`, workspace, first, last, asOf)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Quota, error) {
			var q funnel.Quota
			err := r.Scan(&q.Team, &q.Month, &q.Amount.Minor, &q.Amount.Currency, &q.By, &q.At, &q.Version)
			return q, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the plan from %s to %s: %w", first, last, err)
	}
	return found, nil
}

// CountWon implements [funnel.Quotas]. A win is the spell that crossed the signature: a corrected one is
// void, so it is the only one of its deal.
func (s *Store) CountWon(ctx context.Context, workspace funnel.ID, p funnel.Period) ([]funnel.WonCount, error) {
	var won []funnel.WonCount
	args, k := reportArgs(workspace, p), knownAt(p)
	with, from := ``, `spells p`+ofKind+k.join+`
			WHERE `+ended+` AND p.exit = 'advance' AND p.destination = ANY(@signed) AND p.stage <> ALL(@signed)`
	if p.Live {
		with, from = ways, `w CROSS JOIN LATERAL (
				SELECT p.deal_id, p.left_at FROM spells p WHERE `+onWay+` AND p.left_at > @from AND p.left_at <= @to
			) p`+itsDeal+`
			WHERE `+signs
	}
	err := s.report(ctx, func(b *batch) {
		b.Queue(with+`
			SELECT date_trunc('month', p.left_at AT TIME ZONE @zone)::date AS month,
				sum(`+k.amount+`)::bigint, `+k.currency+` AS unit, count(*)
			FROM `+from+`
			GROUP BY month, unit ORDER BY month, unit`, args).
			Query(func(r pgx.Rows) error {
				for r.Next() {
					var w funnel.WonCount
					if err := r.Scan(&w.Month, &w.Sum.Minor, &w.Sum.Currency, &w.Deals); err != nil {
						return err
					}
					won = append(won, w)
				}
				return r.Err()
			})
	})
	if err != nil {
		return nil, fmt.Errorf("sum what was won as of %s: %w", p.To, err)
	}
	return won, nil
}
