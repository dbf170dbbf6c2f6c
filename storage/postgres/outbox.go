package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Outbox is the owed messages in the hands of one courier. Before a message is sent it is marked
// as tried; only what is known to have happened takes the mark off again. Whatever is written about
// a message that was taken is ignored once another courier has taken the lane over.
type Outbox struct {
	s     *Store
	owner funnel.ID
}

// Outbox returns the outbox for a courier. No two couriers may have the same owner.
func (s *Store) Outbox(owner funnel.ID) *Outbox { return &Outbox{s: s, owner: owner} }

// Take marks the first message of a claimed lane as tried and returns it, and renews the claim.
// It returns nil where nothing is left, where the first message waits for its time, and where the
// lane is no longer this courier's.
func (o *Outbox) Take(ctx context.Context, lane string) (*funnel.Owed, error) {
	var w funnel.Owed
	// The head is read by outbox_pending. Its lock orders this mark after what a courier that has
	// lost the lane may still be writing.
	err := o.s.pool.QueryRow(ctx, `
		WITH mine AS (
			UPDATE outbox_leases SET until = now() + $4
			WHERE lane = $1 AND owner = $2 AND until > now()
			RETURNING lane
		), head AS (
			SELECT o.id, o.tried_at IS NOT NULL AS in_doubt
			FROM outbox o JOIN mine ON mine.lane = o.lane
			WHERE o.done_at IS NULL
			ORDER BY o.id LIMIT 1
			FOR UPDATE OF o
		)
		UPDATE outbox o SET tried_at = $3, attempts = o.attempts + 1, doubts = o.doubts + head.in_doubt::integer
		FROM head WHERE o.id = head.id AND o.next_at <= $3
		RETURNING o.id, o.workspace_id, o.lane, o.locale, o.payload, o.created_at, o.attempts, o.doubts, head.in_doubt`,
		lane, o.owner, o.s.clock(), funnel.Lease,
	).Scan(&w.Seq, &w.Workspace, &w.Lane, &w.Locale, &w.Notice, &w.Since, &w.Attempts, &w.Doubts, &w.InDoubt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take from lane %s: %w", lane, err)
	}
	return &w, nil
}

// Delivered records that the message has arrived, under the platform's identifier. It counts even
// after the claim is lost, because it is true all the same.
func (o *Outbox) Delivered(ctx context.Context, w *funnel.Owed, messageID string) error {
	return o.settle(ctx, "deliver", w, `
		UPDATE outbox SET done_at = $2, message_id = $3
		WHERE id = $1 AND done_at IS NULL`, w.Seq, o.s.clock(), clean(messageID))
}

// mine holds for a message whose lane nobody else has taken over.
const mine = ` AND EXISTS (SELECT 1 FROM outbox_leases l WHERE l.lane = outbox.lane AND l.owner = $2)`

// Postpone puts a message back that was not delivered, or not for certain.
func (o *Outbox) Postpone(ctx context.Context, w *funnel.Owed, b funnel.Setback) error {
	counted := w.Attempts
	if b.Free {
		counted--
	}
	return o.settle(ctx, "postpone", w, `
		UPDATE outbox SET next_at = $3, attempts = $4, tried_at = CASE WHEN $5 THEN tried_at END
		WHERE id = $1 AND done_at IS NULL`+mine, w.Seq, o.owner, b.Until, counted, b.InDoubt)
}

// Bury gives a message up for the reason, which is for people who mend things.
func (o *Outbox) Bury(ctx context.Context, w *funnel.Owed, reason string) error {
	return o.settle(ctx, "bury", w, `
		UPDATE outbox SET done_at = $3, buried = $4
		WHERE id = $1 AND done_at IS NULL`+mine, w.Seq, o.owner, o.s.clock(), clean(reason))
}

// settle writes the end of an attempt. All of these may be written twice.
func (o *Outbox) settle(ctx context.Context, what string, w *funnel.Owed, sql string, args ...any) error {
	err := o.s.retry(ctx, func(ctx context.Context) error {
		_, err := o.s.pool.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s message %d of lane %s: %w", what, w.Seq, w.Lane, err)
	}
	return nil
}

// OutboxState returns how much is owed and how much was given up.
func (s *Store) OutboxState(ctx context.Context) (funnel.OutboxState, error) {
	var t funnel.OutboxState
	err := s.pool.QueryRow(ctx, `
		SELECT count(*), min(created_at), (SELECT count(*) FROM outbox WHERE buried <> '')
		FROM outbox WHERE done_at IS NULL`,
	).Scan(&t.Pending, &t.Oldest, &t.Buried)
	if err != nil {
		return t, fmt.Errorf("count the outbox: %w", err)
	}
	return t, nil
}

// maxReason is how many bytes of a platform's words are kept.
const maxReason = 1000

// clean makes a platform's words fit to be stored.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) > maxReason {
		s = s[:maxReason]
	}
	return strings.ToValidUTF8(s, "")
}
