package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Claim returns at most limit lanes that nobody drains and whose first message may be sent now,
// those that have waited longest before the others. They are this courier's until it releases
// them or is silent for [funnel.Lease].
func (o *Outbox) Claim(ctx context.Context, from funnel.Lanes, limit int) ([]string, error) {
	among, scope := lanesByPrefix, any(from.Prefix)
	if from.Exact != nil {
		among, scope = lanesByName, from.Exact
	}
	// Two couriers that want the same lane meet at its lease: the second waits for the first to
	// commit and then finds the lane taken. They come in one order, so that they never wait for
	// each other.
	rows, err := o.s.pool.Query(ctx, among+`, due AS (
			SELECT lanes.lane
			FROM lanes
			CROSS JOIN LATERAL (
				SELECT o.lane, o.next_at FROM outbox o
				WHERE (o.lane, o.id) >= (lanes.lane, 0) AND o.done_at IS NULL
				ORDER BY o.lane, o.id LIMIT 1
			) head
			WHERE head.lane = lanes.lane AND head.next_at <= $3
			  AND NOT EXISTS (SELECT 1 FROM outbox_leases l WHERE l.lane = lanes.lane AND l.until > now())
			ORDER BY head.next_at LIMIT $4
		)
		INSERT INTO outbox_leases AS l (lane, owner, until)
		SELECT due.lane, $2, now() + $5 FROM due ORDER BY due.lane
		ON CONFLICT (lane) DO UPDATE SET owner = excluded.owner, until = excluded.until
		WHERE l.until <= now()
		RETURNING l.lane`, scope, o.owner, o.s.clock(), limit, funnel.Lease)
	if err != nil {
		return nil, fmt.Errorf("claim lanes: %w", err)
	}
	lanes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("claim lanes: %w", err)
	}
	return lanes, nil
}

// lanesByName are the lanes of the names $1.
const lanesByName = `WITH lanes AS (SELECT DISTINCT unnest($1::text[]) COLLATE "C" AS lane)`

// lanesByPrefix are the lanes with messages whose names begin with $1. It jumps from lane to lane
// in outbox_pending, so a lane of a thousand messages costs no more than a lane of one.
const lanesByPrefix = `WITH RECURSIVE steps AS (
		(SELECT o.lane FROM outbox o WHERE o.done_at IS NULL AND o.lane >= $1 ORDER BY o.lane LIMIT 1)
		UNION ALL
		SELECT (SELECT o.lane FROM outbox o WHERE o.done_at IS NULL AND o.lane > s.lane ORDER BY o.lane LIMIT 1)
		FROM steps s WHERE starts_with(s.lane, $1)
	), lanes AS (
		SELECT s.lane FROM steps s WHERE starts_with(s.lane, $1)
	)`

// Release gives a lane back, so that others need not wait for the claim to run out. Where rest is not
// zero, nobody sends what is first in the lane before that.
func (o *Outbox) Release(ctx context.Context, lane string, rest time.Time) error {
	err := o.s.retry(ctx, func(ctx context.Context) error {
		if rest.IsZero() {
			_, err := o.s.pool.Exec(ctx, `DELETE FROM outbox_leases WHERE lane = $1 AND owner = $2`, lane, o.owner)
			return err
		}
		_, err := o.s.pool.Exec(ctx, `
			WITH given AS (
				DELETE FROM outbox_leases WHERE lane = $1 AND owner = $2 RETURNING lane
			), head AS (
				SELECT o.id FROM outbox o
				WHERE (o.lane, o.id) >= ($1, 0) AND o.done_at IS NULL
				ORDER BY o.lane, o.id LIMIT 1
			)
			UPDATE outbox o SET next_at = $3 FROM head, given
			WHERE o.id = head.id AND o.lane = given.lane AND o.next_at < $3`, lane, o.owner, rest)
		return err
	})
	if err != nil {
		return fmt.Errorf("release lane %s: %w", lane, err)
	}
	return nil
}
