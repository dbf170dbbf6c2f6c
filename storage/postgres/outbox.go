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
// a message that was taken is ignored once another courier has taken it over.
type Outbox struct {
	ends
	owner funnel.ID
}

// Outbox returns the outbox for a courier. No two couriers may have the same owner.
func (s *Store) Outbox(owner funnel.ID) *Outbox { return &Outbox{ends: ends{s}, owner: owner} }

// freshLease is how much of a claim has to be left when a message is taken: an attempt and the
// writing of its end fit into it several times.
const freshLease = funnel.Lease * 5 / 6

// takeHead marks the first message of the lane $1 as tried, but for the message $5, where the lane
// is that of the owner $2; $3 is now. It is looked for by lane and id: asked for the lowest id of one lane,
// PostgreSQL would walk through all that was ever delivered. Its lock orders this mark after what a
// courier that has lost the lane may still be writing.
const takeHead = `mine AS (
		SELECT lane FROM outbox_leases WHERE lane = $1 AND owner = $2 AND until > now()
	), head AS (
		SELECT o.id, o.tried_at IS NOT NULL AS in_doubt
		FROM outbox o
		WHERE o.lane = $1 AND o.done_at IS NULL AND EXISTS (SELECT 1 FROM mine) AND o.id = (
			SELECT h.id FROM outbox h
			WHERE (h.lane, h.id) >= ($1, 0) AND h.done_at IS NULL AND h.id <> $5
			ORDER BY h.lane, h.id LIMIT 1)
		FOR UPDATE OF o
	), taken AS (
		UPDATE outbox o SET tried_at = $3, attempts = o.attempts + 1, doubts = o.doubts + head.in_doubt::integer
		FROM head WHERE o.id = head.id AND o.next_at <= $3
		RETURNING o.id, o.workspace_id, o.lane, o.locale, o.payload, o.payload->'answer' AS answer, o.replaces,
			o.created_at, o.attempts, o.doubts, head.in_doubt
	), renewed AS (
		UPDATE outbox_leases SET until = now() + $4
		WHERE lane = $1 AND owner = $2 AND until > now() AND until < now() + $6 AND EXISTS (SELECT 1 FROM taken)
	)`

// taken returns what takeHead has marked, with the message that it takes the place of.
const taken = `
	SELECT t.id, t.workspace_id, t.lane, t.locale, t.payload, t.answer, t.created_at, t.attempts, t.doubts, t.in_doubt,
		CASE WHEN t.replaces IS NULL THEN '' ELSE coalesce((
			SELECT p.message_id FROM outbox p
			WHERE p.notice_id = t.replaces AND p.lane = t.lane AND p.message_id <> ''
			ORDER BY p.id DESC LIMIT 1), '') END
	FROM taken t`

// Take marks the first message of a claimed lane as tried and returns it, and renews the claim
// where little of it is left. It returns nil where nothing is left, where the first message waits
// for its time, and where the lane is no longer this courier's.
func (o *Outbox) Take(ctx context.Context, lane string) (*funnel.Owed, error) {
	w, err := owed(o.s.pool.QueryRow(ctx, `WITH `+takeHead+taken,
		lane, o.owner, o.s.clock(), funnel.Lease, 0, freshLease))
	if err != nil {
		return nil, fmt.Errorf("take from lane %s: %w", lane, err)
	}
	return w, nil
}

// Next writes that a message has arrived, as Delivered does, and takes the next one of its lane, as
// Take does, with one commit. Where there is none to take it gives the lane back.
func (o *Outbox) Next(ctx context.Context, done *funnel.Owed, messageID string) (*funnel.Owed, error) {
	door, chat, _ := funnel.ParseLane(done.Lane)
	w, err := owed(o.s.pool.QueryRow(ctx, `WITH done AS (
			UPDATE outbox SET done_at = $3, message_id = $7 WHERE id = $5 AND done_at IS NULL
		), anchored AS (
			INSERT INTO anchors (door, chat, message_id, workspace_id, deal_id, at)
			SELECT $8::text, $9::text, $7::text, $10::uuid, $11::uuid, $3::timestamptz WHERE $11::uuid IS NOT NULL AND $7::text <> '' `+reanchor+`
		), `+takeHead+`, released AS (
			DELETE FROM outbox_leases WHERE lane = $1 AND owner = $2 AND NOT EXISTS (SELECT 1 FROM taken)
		)`+taken, done.Lane, o.owner, o.s.clock(), funnel.Lease, done.Seq, freshLease, clean(messageID),
		door, chat, done.Workspace, done.About))
	if err != nil {
		return nil, fmt.Errorf("deliver message %d of lane %s and take the next: %w", done.Seq, done.Lane, err)
	}
	// The statement that writes the identifier does not see it yet.
	if w != nil && !w.Notice.Replaces.IsZero() && w.Notice.Replaces == done.Notice.ID {
		w.Replaced = clean(messageID)
	}
	return w, nil
}

// owed reads what was taken, if anything was.
func owed(row pgx.Row) (*funnel.Owed, error) {
	var w funnel.Owed
	err := row.Scan(&w.Seq, &w.Workspace, &w.Lane, &w.Locale, &w.Notice, (*[]byte)(&w.Answer), &w.Since,
		&w.Attempts, &w.Doubts, &w.InDoubt, &w.Replaced)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &w, nil
}

// ends is how attempts end, those of couriers and the first ones of answers.
type ends struct{ s *Store }

// Delivered records that the message has arrived, under the platform's identifier. It counts even
// after somebody else has taken the message over, because it is true all the same.
func (e ends) Delivered(ctx context.Context, w *funnel.Owed, messageID string) error {
	door, chat, _ := funnel.ParseLane(w.Lane)
	return e.settle(ctx, "deliver", w, `WITH anchored AS (
			INSERT INTO anchors (door, chat, message_id, workspace_id, deal_id, at)
			SELECT $4::text, $5::text, $3::text, $6::uuid, $7::uuid, $2::timestamptz WHERE $7::uuid IS NOT NULL AND $3::text <> '' `+reanchor+`
		)
		UPDATE outbox SET done_at = $2, message_id = $3
		WHERE id = $1 AND done_at IS NULL`, w.Seq, e.s.clock(), clean(messageID), door, chat, w.Workspace, w.About)
}

// reanchor ties a message that is edited to the deal that it is about now.
const reanchor = `ON CONFLICT (door, chat, message_id) DO UPDATE
	SET workspace_id = excluded.workspace_id, deal_id = excluded.deal_id, at = excluded.at`

// still holds for a message that nobody has taken over: whoever does finds the mark of the attempt
// and counts the doubt.
const still = ` AND done_at IS NULL AND tried_at IS NOT NULL AND attempts = $2 AND doubts = $3`

// Postpone puts a message back that was not delivered, or not for certain.
func (e ends) Postpone(ctx context.Context, w *funnel.Owed, b funnel.Setback) error {
	counted := w.Attempts
	if b.Free {
		counted--
	}
	return e.settle(ctx, "postpone", w, `
		UPDATE outbox SET next_at = $4, attempts = $5, tried_at = CASE WHEN $6 THEN tried_at END
		WHERE id = $1`+still, w.Seq, w.Attempts, w.Doubts, b.Until, counted, b.InDoubt)
}

// Bury gives a message up. The words are for people who mend things.
func (e ends) Bury(ctx context.Context, w *funnel.Owed, cause funnel.Cause, words string) error {
	return e.settle(ctx, "bury", w, `
		UPDATE outbox SET done_at = $4, buried = $5
		WHERE id = $1`+still, w.Seq, w.Attempts, w.Doubts, e.s.clock(), clean(string(cause)+": "+words))
}

// settle writes the end of an attempt. All of these may be written twice.
func (e ends) settle(ctx context.Context, what string, w *funnel.Owed, sql string, args ...any) error {
	err := e.s.retry(ctx, func(ctx context.Context) error {
		_, err := e.s.pool.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s message %d of lane %s: %w", what, w.Seq, w.Lane, err)
	}
	return nil
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
