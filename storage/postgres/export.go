package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Export implements [funnel.Exporter] in one read-only transaction, so that deals, moves and
// activities fit together while people go on working. Rows go from the connection to the sink one
// by one.
func (s *Store) Export(ctx context.Context, workspace funnel.ID, what funnel.ExportWhat, sink funnel.ExportSink) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error {
		// A slow sink holds the transaction, and must not lose it to a limit meant for chat.
		if _, err := tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		x := &export{tx: tx, workspace: workspace, sink: sink}
		if what.Deals {
			if err := x.deals(ctx); err != nil {
				return fmt.Errorf("deals: %w", err)
			}
		}
		if what.Moves {
			if err := x.moves(ctx); err != nil {
				return fmt.Errorf("moves: %w", err)
			}
		}
		if what.Activities {
			if err := x.activities(ctx); err != nil {
				return fmt.Errorf("activities: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

type export struct {
	tx        pgx.Tx
	workspace funnel.ID
	sink      funnel.ExportSink
}

func (x *export) deals(ctx context.Context) error {
	rows, err := x.tx.Query(ctx, `
		SELECT DISTINCT jsonb_object_keys(custom) AS name FROM deals
		WHERE workspace_id = $1 AND voided_at IS NULL AND custom IS NOT NULL ORDER BY name`, x.workspace)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if err := x.sink.Customs(names); err != nil {
		return err
	}
	rows, err = x.tx.Query(ctx, "SELECT "+dealColumns+", "+companyColumns+`, coalesce(o.name, '')`+viewFrom+`
		WHERE d.workspace_id = $1 AND d.voided_at IS NULL ORDER BY d.number`, x.workspace)
	if err != nil {
		return err
	}
	return each(rows, func(row pgx.Rows) error {
		var d funnel.ExportedDeal
		fields := append(dealFields(&d.Deal), companyFields(&d.Firm)...)
		if err := row.Scan(append(fields, &d.OwnerName)...); err != nil {
			return err
		}
		return x.sink.Deal(&d)
	})
}

// moves hands out moves that stand. One that was taken back lies between the number that a
// compensation names and the compensation itself. The amount comes from the stay that the move
// began, or the contract that it signed.
func (x *export) moves(ctx context.Context) error {
	rows, err := x.tx.Query(ctx, `
		SELECT d.id, d.external_id, m.seq, m.kind, m.from_stage, m.to_stage, m.effective_at, m.recorded_at,
		       m.reason, m.note, m.external_id, coalesce(a.name, ''),
		       coalesce(p.amount_minor, c.value_minor, 0), coalesce(p.currency, c.currency, '')
		FROM deals d
		JOIN moves m ON m.workspace_id = d.workspace_id AND m.deal_id = d.id
		LEFT JOIN members a ON a.workspace_id = m.workspace_id AND a.id = m.actor_id
		LEFT JOIN LATERAL (
			SELECT p.amount_minor, p.currency FROM spells p
			WHERE p.workspace_id = m.workspace_id AND p.deal_id = m.deal_id AND p.entered = m.effective_at
			  AND p.stage = m.to_stage AND m.kind <> 'lost'
			ORDER BY p.seq LIMIT 1
		) p ON true
		LEFT JOIN LATERAL (
			SELECT c.value_minor, c.currency FROM contracts c
			WHERE c.workspace_id = m.workspace_id AND c.deal_id = m.deal_id AND c.signed_at = m.effective_at AND m.kind = 'won'
			ORDER BY c.voided_at NULLS FIRST LIMIT 1
		) c ON true
		WHERE d.workspace_id = $1 AND d.voided_at IS NULL AND m.undoes = 0
		  AND NOT EXISTS (
		      SELECT 1 FROM moves u
		      WHERE u.workspace_id = m.workspace_id AND u.deal_id = m.deal_id AND u.undoes > 0
		        AND m.seq BETWEEN u.undoes AND u.seq)
		ORDER BY d.number, m.seq`, x.workspace)
	if err != nil {
		return err
	}
	var last funnel.ID
	var order int
	return each(rows, func(row pgx.Rows) error {
		var m funnel.ExportedMove
		var d funnel.Deal
		if err := row.Scan(&d.ID, &d.External, &m.Seq, &m.Kind, &m.From, &m.To, &m.EffectiveAt, &m.RecordedAt, &m.Reason, &m.Note,
			&m.External, &m.ActorName, &m.Amount.Minor, &m.Amount.Currency); err != nil {
			return err
		}
		if d.ID != last {
			last, order = d.ID, 0
		}
		order++
		m.Deal, m.Case, m.Order = d.ID, d.Case(), order
		return x.sink.Move(&m)
	})
}

func (x *export) activities(ctx context.Context) error {
	rows, err := x.tx.Query(ctx, `
		SELECT d.id, d.external_id, a.id, a.kind, a.direction, a.text, a.at, a.recorded_at, a.external_id, coalesce(m.name, '')
		FROM deals d
		JOIN activities a ON a.workspace_id = d.workspace_id AND a.deal_id = d.id
		LEFT JOIN members m ON m.workspace_id = a.workspace_id AND m.id = a.member_id
		WHERE d.workspace_id = $1 AND d.voided_at IS NULL AND a.voided_at IS NULL
		ORDER BY d.number, a.at, a.recorded_at, coalesce(nullif(a.external_id, ''), a.id::text)`, x.workspace)
	if err != nil {
		return err
	}
	return each(rows, func(row pgx.Rows) error {
		var a funnel.ExportedActivity
		var d funnel.Deal
		if err := row.Scan(&d.ID, &d.External, &a.ID, &a.Kind, &a.Direction, &a.Text, &a.At, &a.RecordedAt, &a.External,
			&a.MemberName); err != nil {
			return err
		}
		a.Deal, a.Case = d.ID, d.Case()
		return x.sink.Activity(&a)
	})
}

// each scans rows one by one.
func each(rows pgx.Rows, scan func(pgx.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

var _ funnel.Exporter = (*Store)(nil)
