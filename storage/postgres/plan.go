package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Planned implements [funnel.Notices]. It crosses workspaces, as maintenance may.
func (s *Store) Planned(ctx context.Context) ([]funnel.Addressee, error) {
	found, err := s.addressees(ctx, `m.active AND m.plan_at <> ''`)
	if err != nil {
		return nil, fmt.Errorf("read who wants a plan: %w", err)
	}
	return found, nil
}

// OwePlan implements [funnel.Notices]: the day is counted in the transaction that owes the message,
// so that of several processes one does both.
func (s *Store) OwePlan(ctx context.Context, workspace funnel.ID, on funnel.Date, n funnel.Notification) (bool, error) {
	fresh := false
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE members SET plan_day = $3
			WHERE workspace_id = $1 AND id = $2 AND (plan_day IS NULL OR plan_day < $3)`, workspace, n.To, on)
		if err != nil {
			return err
		}
		if fresh = tag.RowsAffected() > 0; !fresh {
			return nil
		}
		return s.owe(ctx, tx, workspace, []funnel.Notification{n})
	})
	if err != nil {
		return false, fmt.Errorf("owe a plan: %w", err)
	}
	if fresh {
		s.signal()
	}
	return fresh, nil
}
