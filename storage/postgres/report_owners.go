package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Whose a closed deal was, says the audit: the first change that was recorded after the closing
// kept the deal as it was before.
const (
	joinHandover = `
		LEFT JOIN LATERAL (
			SELECT c.before -> 'deal' AS deal FROM changes c
			WHERE c.workspace_id = p.workspace_id AND c.subject_id = p.deal_id AND c.of_deal
			  AND c.origin <> 'import' AND c.at > p.left_recorded_at
			ORDER BY c.version LIMIT 1
		) h ON true`
	ownerAtClosing = `CASE WHEN h.deal IS NULL THEN d.owner_id ELSE (h.deal ->> 'owner')::uuid END`
)

// CountOwners implements [funnel.Reports].
func (s *Store) CountOwners(ctx context.Context, workspace funnel.ID, p funnel.Period) (funnel.OwnerTable, error) {
	t := funnel.OwnerTable{Names: map[funnel.ID]string{}}
	args, k := reportArgs(workspace, p), knownAt(p)
	err := s.report(ctx, func(b *batch) {
		queueNames(b, args, t.Names)
		queueOpen(b, args, k, k.owner, func(o funnel.OpenCount) { t.Open = append(t.Open, o) })
		queueClosed(b, args, k, ownerAtClosing, joinHandover, func(c funnel.ClosedCount) { t.Closed = append(t.Closed, c) })
	})
	if err != nil {
		return t, fmt.Errorf("count owners as of %s: %w", p.To, err)
	}
	return t, nil
}

// queueNames reads the names of all members.
func queueNames(b *batch, args pgx.NamedArgs, names map[funnel.ID]string) {
	b.Queue(`SELECT m.id, m.name FROM members m WHERE m.workspace_id = @workspace`, args).
		Query(func(r pgx.Rows) error {
			for r.Next() {
				var id funnel.ID
				var name string
				if err := r.Scan(&id, &name); err != nil {
					return err
				}
				names[id] = name
			}
			return r.Err()
		})
}
