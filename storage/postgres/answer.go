package postgres

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Answers is the part of the outbox that answers pass through.
type Answers struct{ ends }

// AnswerBox returns the answers of all doors.
func (s *Store) AnswerBox() *Answers { return &Answers{ends{s}} }

// storedAnswer is the payload of an answer. Claim tells apart those who have tried to store it.
type storedAnswer struct {
	funnel.Notification
	Answer json.RawMessage `json:"answer,omitempty"`
	Claim  string          `json:"claim"`
}

// Claim stores the answer as being tried, if no delivery of the same key has been here before. False
// says that it is not for the caller to send: because of that, or because earlier answers wait in
// the lane, behind which a courier sends it. A courier also sends it when [funnel.Lease] has passed
// without an end.
func (a *Answers) Claim(ctx context.Context, w *funnel.Owed) (bool, error) {
	claim := rand.Text()
	payload, err := marshal(storedAnswer{w.Notice, w.Answer, claim})
	if err != nil {
		return false, err
	}
	mine, attempt := false, 0
	err = a.s.retry(ctx, func(ctx context.Context) error {
		attempt++
		err := a.s.pool.QueryRow(ctx, `
			INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at, answer, attempts, tried_at)
			SELECT coalesce($1::uuid, '00000000-0000-0000-0000-000000000000'), $2, $3, $4, $5, $6, $7::timestamptz,
				CASE WHEN behind THEN $7 ELSE $8::timestamptz END, true, (NOT behind)::integer, CASE WHEN NOT behind THEN $7 END
			FROM (SELECT $9 AND EXISTS (
				SELECT 1 FROM outbox o WHERE o.lane = $3 AND o.done_at IS NULL AND o.answer AND o.tried_at IS NULL
			) AS behind) q
			ON CONFLICT (notice_id) WHERE answer DO NOTHING
			RETURNING id, tried_at IS NOT NULL`,
			w.Workspace, w.Notice.ID, w.Lane, w.Notice.Kind, w.Locale, payload, w.Since, w.Since.Add(funnel.Lease), w.Answer != nil,
		).Scan(&w.Seq, &mine)
		if errors.Is(err, pgx.ErrNoRows) && attempt > 1 {
			// The attempt before, whose connection broke, may have been committed.
			err = a.s.pool.QueryRow(ctx, `
				SELECT id, tried_at IS NOT NULL FROM outbox
				WHERE notice_id = $1 AND answer AND done_at IS NULL AND doubts = 0 AND payload->>'claim' = $2`,
				w.Notice.ID, claim).Scan(&w.Seq, &mine)
		}
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim an answer in lane %s: %w", w.Lane, err)
	}
	if w.Seq != 0 && !mine {
		a.s.signal()
	}
	return mine, nil
}

// Postpone leaves the answer to the couriers.
func (a *Answers) Postpone(ctx context.Context, w *funnel.Owed, b funnel.Setback) error {
	err := a.ends.Postpone(ctx, w, b)
	if err == nil {
		a.s.signal()
	}
	return err
}
