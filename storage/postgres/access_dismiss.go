package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Dismiss implements [funnel.Admissions].
func (s *Store) Dismiss(ctx context.Context, who funnel.Identity, c funnel.Change) error {
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var member funnel.ID
		var name string
		err := tx.QueryRow(ctx, `
			UPDATE identities i SET suspended_at = $4, checked_at = $4 FROM members m
			WHERE i.door = $1 AND i.external_id = $2 AND i.workspace_id = $3 AND i.suspended_at IS NULL
			  AND m.workspace_id = i.workspace_id AND m.id = i.member_id
			RETURNING m.id, m.name`, who.Door, who.External, who.Workspace, c.At).Scan(&member, &name)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		var b batch
		b.exec(`UPDATE identities SET suspended_at = $3 WHERE workspace_id = $1 AND member_id = $2 AND suspended_at IS NULL`,
			who.Workspace, member, c.At)
		// What is owed to the member waits for whoever comes back; a message that was tried may have arrived.
		b.exec(`UPDATE outbox SET lane = $3
			WHERE workspace_id = $1 AND payload->>'to' = $2::text AND done_at IS NULL AND NOT answer AND tried_at IS NULL`,
			who.Workspace, member.String(), funnel.LaneOfMember(member))
		queueRevoke(&b, who.Workspace, member, c.At)
		c.Before.Access = maps.Clone(c.Before.Access)
		c.Before.Access["member"] = member.String()
		if err := queueAudit(&b, who.Workspace, &funnel.Writes{Change: c}, c.At); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, &b.Batch).Close(); err != nil {
			return err
		}
		told := funnel.Notification{Kind: funnel.NoticeDeparted, Data: map[string]string{
			"door": who.Door, "name": name, "member": member.String(),
		}}
		_, err = tellAdmins(ctx, tx, who.Workspace, told, funnel.LaneOfMember(member), c.At)
		return err
	})
	if err != nil {
		return fmt.Errorf("dismiss somebody at %s: %w", who.Door, err)
	}
	s.signal()
	return nil
}

// Unchecked implements [funnel.Access].
func (s *Store) Unchecked(ctx context.Context, workspace funnel.ID, door string, since time.Time, most int) ([]funnel.Acquaintance, error) {
	var found []funnel.Acquaintance
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT i.external_id, m.id, m.role, i.admitted_by, coalesce(i.checked_at, 'epoch'), i.gone_at IS NOT NULL
			FROM identities i
			JOIN members m ON m.workspace_id = i.workspace_id AND m.id = i.member_id
			WHERE i.workspace_id = $1 AND i.door = $2 AND i.suspended_at IS NULL AND m.active
			  AND (i.checked_at IS NULL OR i.checked_at < $3)
			ORDER BY i.checked_at NULLS FIRST, i.external_id LIMIT $4`, workspace, door, since, most)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Acquaintance, error) {
			a := funnel.Acquaintance{Belonging: funnel.Belonging{Workspace: workspace}}
			err := r.Scan(&a.External, &a.Member, &a.Role, &a.AdmittedBy, &a.CheckedAt, &a.Gone)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read who was not checked at %s: %w", door, err)
	}
	return found, nil
}
