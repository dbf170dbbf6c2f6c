package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// queueHeld keeps a message back.
func queueHeld(b *batch, ws funnel.ID, n *funnel.Notification, newDeal bool, now time.Time) error {
	payload, err := marshal(n)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO held_notices (workspace_id, member_id, id, kind, payload, created_at)
		SELECT $1, $2, $3, $4, CASE WHEN $7 THEN jsonb_set($5, '{number}', (
			SELECT to_jsonb(number) FROM deals WHERE workspace_id = $1 AND id = $8)) ELSE $5 END, $6`,
		ws, n.To, n.ID, n.Kind, payload, now, newDeal, n.Deal)
	return nil
}

// addressees runs a query for members with their workspaces. Calendars are decoded once a workspace.
func (s *Store) addressees(ctx context.Context, where string, args ...any) ([]funnel.Addressee, error) {
	var found []funnel.Addressee
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "SELECT "+memberColumns+`,
				w.id, w.name, w.locale, w.zone, w.currency, w.version, w.calendar::text
			FROM members m JOIN workspaces w ON w.id = m.workspace_id
			WHERE `+where+` ORDER BY m.workspace_id, m.id`, args...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Addressee, error) {
			var a funnel.Addressee
			var w settingsRow
			fields := append(memberFields(&a.Member),
				&w.ID, &w.Name, &w.Locale, &w.Zone, &w.Currency, &w.Version, &w.calendar)
			if err := r.Scan(fields...); err != nil {
				return a, err
			}
			var err error
			a.Workspace, err = s.settings(&w)
			return a, err
		})
		return err
	})
	return found, err
}

// Held implements [funnel.Notices]. It crosses workspaces, as maintenance may.
func (s *Store) Held(ctx context.Context) ([]funnel.Addressee, error) {
	found, err := s.addressees(ctx, `EXISTS (
		SELECT 1 FROM held_notices h WHERE h.workspace_id = m.workspace_id AND h.member_id = m.id)`)
	if err != nil {
		return nil, fmt.Errorf("read who waits for messages: %w", err)
	}
	return found, nil
}

// Release implements [funnel.Notices]. Of two processes the second finds the rows gone once the
// first has committed; after a lost connection they are either still there or owed.
func (s *Store) Release(
	ctx context.Context, workspace, member funnel.ID, kinds []funnel.NoticeKind,
	merge func([]funnel.Notification) []funnel.Notification,
) (int, error) {
	owed := 0
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			WITH gone AS (
				DELETE FROM held_notices WHERE workspace_id = $1 AND member_id = $2 AND kind = ANY($3)
				RETURNING seq, payload
			)
			SELECT payload FROM gone ORDER BY seq`, workspace, member, kinds)
		if err != nil {
			return err
		}
		held, err := pgx.CollectRows(rows, pgx.RowTo[funnel.Notification])
		if err != nil {
			return err
		}
		for i := range held {
			// Two members who turn out to be one person have become one since.
			held[i].To = member
		}
		due := merge(held)
		owed = len(due)
		return s.owe(ctx, tx, workspace, due)
	})
	if err != nil {
		return 0, fmt.Errorf("release messages: %w", err)
	}
	if owed > 0 {
		s.signal()
	}
	return owed, nil
}

// owe leaves messages in the outbox within a transaction.
func (s *Store) owe(ctx context.Context, tx pgx.Tx, workspace funnel.ID, due []funnel.Notification) error {
	if len(due) == 0 {
		return nil
	}
	var row settingsRow
	if err := row.scan(tx.QueryRow(ctx, settingsQuery, workspace)); err != nil {
		return err
	}
	var b batch
	if err := queueNotices(&b, row.Workspace, due, false, s.clock()); err != nil {
		return err
	}
	return tx.SendBatch(ctx, &b.Batch).Close()
}

// Holdings implements [funnel.Notices]. Signed deals that came as history are clients only where
// something was promised to them.
func (s *Store) Holdings(ctx context.Context, workspace, owner funnel.ID) (*funnel.Member, []funnel.ID, error) {
	var member *funnel.Member
	var deals []funnel.ID
	err := s.retry(ctx, func(ctx context.Context) error {
		member, deals = nil, nil
		var m funnel.Member
		var found bool
		var b batch
		b.row(one(func(r pgx.Row) error { return r.Scan(memberFields(&m)...) }, &found),
			"SELECT "+memberColumns+` FROM members m WHERE m.workspace_id = $1 AND m.id = $2`, workspace, owner)
		b.Queue(`SELECT d.id FROM deals d WHERE d.workspace_id = $1 AND d.owner_id = $2 AND `+holding+` ORDER BY d.number`,
			workspace, owner).Query(func(rows pgx.Rows) error {
			var err error
			deals, err = pgx.CollectRows(rows, pgx.RowTo[funnel.ID])
			return err
		})
		err := s.pool.SendBatch(ctx, &b.Batch).Close()
		if found {
			member = &m
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the deals of member %s: %w", owner, err)
	}
	return member, deals, nil
}

// holding holds for what somebody works on.
const holding = `d.voided_at IS NULL AND (d.outcome = 'open'
	OR d.outcome = 'won' AND (NOT d.historical OR d.next_on IS NOT NULL))`

// Former implements [funnel.Notices].
func (s *Store) Former(ctx context.Context, workspace funnel.ID) ([]funnel.Member, error) {
	found, err := s.addressees(ctx, `m.workspace_id = $1 AND NOT m.active AND EXISTS (
		SELECT 1 FROM deals d WHERE d.workspace_id = m.workspace_id AND d.owner_id = m.id AND `+holding+`)`, workspace)
	if err != nil {
		return nil, fmt.Errorf("read former members: %w", err)
	}
	members := make([]funnel.Member, len(found))
	for i := range found {
		members[i] = found[i].Member
	}
	return members, nil
}
