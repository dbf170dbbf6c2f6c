package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"funnelbot/funnel"
)

// askingColumns are read into askingFields, in this order, from dialogs under the name k and their
// deals under d.
const askingColumns = `k.id, k.member_id, k.deal_id, d.number, d.kind, k.place, k.begun_at, k.heard_at, k.due_at, k.reminded, k.ended_at, k.how`

const askingFrom = ` FROM dialogs k JOIN deals d ON d.workspace_id = k.workspace_id AND d.id = k.deal_id`

func askingFields(a *funnel.Asking) []any {
	return []any{
		&a.ID, &a.Member, &a.Deal, &a.Number, &a.Kind, &a.Place, &a.BegunAt, &a.HeardAt, &a.DueAt, &a.Reminded, &a.EndedAt, &a.How,
	}
}

// queueAsking locks a dialog: answers that arrive at once take turns, also from two processes.
func queueAsking(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	var found bool
	scan := one(func(r pgx.Row) error {
		var a funnel.Asking
		if err := r.Scan(askingFields(&a)...); err != nil {
			return err
		}
		snap.Asking = &a
		return nil
	}, &found)
	const query = "SELECT " + askingColumns + askingFrom + " WHERE k.workspace_id = $1 AND "
	switch where, arg, ok := dealOf(reads); {
	case reads.Asking != "":
		b.row(scan, query+"k.id = $2 FOR UPDATE OF k", workspace, reads.Asking)
	case reads.AskingOf && ok:
		b.row(scan, query+where+" AND k.member_id = $3 AND k.ended_at IS NULL FOR UPDATE OF k", workspace, arg, reads.Actor)
	}
}

// queueDialog stores where a dialog stands. The one that it goes on from ends first: a member has
// one open dialog about a deal.
func queueDialog(b *batch, ws funnel.ID, w *funnel.Writes, now time.Time) {
	if w.AskingWas != "" {
		b.exec(`UPDATE dialogs SET ended_at = $3, how = $4 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL`,
			ws, w.AskingWas, now, funnel.AskingTaken)
	}
	a := w.Asking
	if a == nil {
		return
	}
	b.Queue(`INSERT INTO dialogs AS k (workspace_id, id, member_id, deal_id, place, begun_at, heard_at, due_at, reminded, ended_at, how)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (workspace_id, id) DO UPDATE
		SET place = excluded.place, begun_at = excluded.begun_at, heard_at = excluded.heard_at, due_at = excluded.due_at,
			reminded = excluded.reminded, ended_at = excluded.ended_at, how = excluded.how
		WHERE k.member_id = excluded.member_id AND k.deal_id = excluded.deal_id`,
		ws, a.ID, a.Member, a.Deal, a.Place, a.BegunAt, a.HeardAt, a.DueAt, a.Reminded, a.EndedAt, a.How).
		Exec(func(tag pgconn.CommandTag) error {
			if tag.RowsAffected() == 0 {
				return fmt.Errorf("store dialog %s: it is somebody else's", a.ID)
			}
			return nil
		})
}

// OpenAsking implements [funnel.Reader].
func (s *Store) OpenAsking(ctx context.Context, workspace, member funnel.ID) ([]funnel.Asking, error) {
	var open []funnel.Asking
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "SELECT "+askingColumns+askingFrom+`
			WHERE k.workspace_id = $1 AND k.member_id = $2 AND k.ended_at IS NULL
			ORDER BY k.heard_at DESC, k.id`, workspace, member)
		if err != nil {
			return err
		}
		open, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Asking, error) {
			var a funnel.Asking
			err := r.Scan(askingFields(&a)...)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the open dialogs of member %s: %w", member, err)
	}
	return open, nil
}

// DueAsking implements [funnel.Reader]. It crosses workspaces, as maintenance may.
func (s *Store) DueAsking(ctx context.Context, now time.Time, limit int) ([]funnel.DueAsking, error) {
	var due []funnel.DueAsking
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "SELECT k.workspace_id, "+askingColumns+askingFrom+`
			WHERE k.ended_at IS NULL AND k.due_at <= $1 ORDER BY k.due_at, k.id LIMIT $2`, now, limit)
		if err != nil {
			return err
		}
		due, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.DueAsking, error) {
			var a funnel.DueAsking
			err := r.Scan(append([]any{&a.Workspace}, askingFields(&a.Asking)...)...)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the dialogs that are due: %w", err)
	}
	return due, nil
}
