package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// OutboxState returns how much is owed and how much was given up.
func (s *Store) OutboxState(ctx context.Context) (funnel.OutboxState, error) {
	var t funnel.OutboxState
	rows, err := s.pool.Query(ctx, `
		SELECT split_part(lane, ':', 1), '', count(*), min(created_at) FROM outbox WHERE done_at IS NULL GROUP BY 1
		UNION ALL
		SELECT split_part(lane, ':', 1), split_part(buried, ':', 1), count(*), NULL FROM outbox WHERE buried <> '' GROUP BY 1, 2`)
	if err != nil {
		return t, fmt.Errorf("count the outbox: %w", err)
	}
	doors := map[string]*funnel.DoorState{}
	var door string
	var cause funnel.Cause
	var n int
	var oldest time.Time
	_, err = pgx.ForEachRow(rows, []any{&door, &cause, &n, &oldest}, func() error {
		d := doors[door]
		if d == nil {
			d = &funnel.DoorState{Door: door, Buried: map[funnel.Cause]int{}}
			doors[door] = d
		}
		if cause != "" {
			d.Buried[cause] += n
			t.Buried += n
			return nil
		}
		d.Pending, d.Oldest = n, oldest
		t.Pending += n
		if t.Oldest.IsZero() || oldest.Before(t.Oldest) {
			t.Oldest = oldest
		}
		return nil
	})
	if err != nil {
		return funnel.OutboxState{}, fmt.Errorf("count the outbox: %w", err)
	}
	for _, d := range doors {
		t.Doors = append(t.Doors, *d)
	}
	slices.SortFunc(t.Doors, func(a, b funnel.DoorState) int { return strings.Compare(a.Door, b.Door) })
	return t, nil
}

// Buried returns the messages that were given up last, over all workspaces.
func (s *Store) Buried(ctx context.Context, limit int) ([]funnel.Burial, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT workspace_id, lane, kind, split_part(buried, ':', 1), ltrim(substr(buried, strpos(buried || ':', ':') + 1)),
			created_at, done_at
		FROM outbox WHERE buried <> '' ORDER BY done_at DESC, id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what was given up: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Burial, error) {
		var b funnel.Burial
		err := r.Scan(&b.Workspace, &b.Lane, &b.Kind, &b.Cause, &b.Words, &b.Since, &b.At)
		b.Door, _, _ = funnel.ParseLane(b.Lane)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was given up: %w", err)
	}
	return found, nil
}
