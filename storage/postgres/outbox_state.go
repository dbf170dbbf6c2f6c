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
	type line struct {
		Door   string
		Cause  funnel.Cause
		N      int
		Oldest time.Time
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	if err != nil {
		return t, fmt.Errorf("count the outbox: %w", err)
	}
	doors := map[string]*funnel.DoorState{}
	for _, l := range lines {
		d := doors[l.Door]
		if d == nil {
			d = &funnel.DoorState{Door: l.Door, Buried: map[funnel.Cause]int{}}
			doors[l.Door] = d
		}
		if l.Cause != "" {
			d.Buried[l.Cause] = l.N
			t.Buried += l.N
			continue
		}
		d.Pending, d.Oldest = l.N, l.Oldest
		t.Pending += l.N
		if t.Oldest.IsZero() || l.Oldest.Before(t.Oldest) {
			t.Oldest = l.Oldest
		}
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
