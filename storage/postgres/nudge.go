package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// queueNudge reads the last nudge about a deal that is locked.
func queueNudge(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if !reads.Nudge {
		return
	}
	n := &funnel.Nudge{Deal: reads.Deal}
	var found bool
	b.row(one(func(r pgx.Row) error {
		if err := r.Scan(&n.Day, &n.By, &n.Owner, &n.At); err != nil {
			return err
		}
		snap.Nudge = n
		return nil
	}, &found), `
		SELECT n.day, n.by_id, n.owner_id, n.at FROM nudges n
		WHERE n.workspace_id = $1 AND n.deal_id = $2 ORDER BY n.day DESC LIMIT 1`, workspace, reads.Deal)
}

// queueNudged stores a nudge, and what the actor puts off or wants to see again.
func queueNudged(b *batch, ws, actor funnel.ID, w *funnel.Writes, now time.Time) {
	if n := w.Nudge; n != nil {
		b.exec(`INSERT INTO nudges (workspace_id, deal_id, day, by_id, owner_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			ws, n.Deal, n.Day, n.By, n.Owner, n.At)
	}
	switch s := w.Snooze; {
	case s == nil:
	case s.Until.IsZero():
		b.exec(`DELETE FROM snoozes WHERE workspace_id = $1 AND member_id = $2 AND deal_id = $3`, ws, actor, s.Deal)
	default:
		b.exec(`INSERT INTO snoozes (workspace_id, member_id, deal_id, until, set_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (workspace_id, member_id, deal_id) DO UPDATE SET until = excluded.until, set_at = excluded.set_at`,
			ws, actor, s.Deal, s.Until, now)
	}
}

// Snoozed implements [funnel.Nudges].
func (s *Store) Snoozed(ctx context.Context, workspace, member funnel.ID, on funnel.Date) (map[funnel.ID]bool, error) {
	var deals []funnel.ID
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT z.deal_id FROM snoozes z WHERE z.workspace_id = $1 AND z.member_id = $2 AND z.until > $3`, workspace, member, on)
		if err != nil {
			return err
		}
		deals, err = pgx.CollectRows(rows, pgx.RowTo[funnel.ID])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what member %s has put off: %w", member, err)
	}
	found := make(map[funnel.ID]bool, len(deals))
	for _, id := range deals {
		found[id] = true
	}
	return found, nil
}

// NudgeAnswers implements [funnel.Nudges]. Nothing is written when a deal changes: what counts as an
// answer is found in the audit, by the index of nudges that nobody has answered.
func (s *Store) NudgeAnswers(ctx context.Context, since time.Time, limit int) ([]funnel.NudgeAnswer, error) {
	var found []funnel.NudgeAnswer
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `
			SELECT DISTINCT ON (n.workspace_id, n.deal_id, n.by_id)
				n.workspace_id, n.deal_id, d.number, n.day, n.by_id, n.owner_id, n.at, c.verb, o.name, coalesce(a.text, '')
			FROM nudges n
			JOIN deals d ON d.workspace_id = n.workspace_id AND d.id = n.deal_id
			JOIN members o ON o.workspace_id = n.workspace_id AND o.id = n.owner_id
			JOIN members b ON b.workspace_id = n.workspace_id AND b.id = n.by_id AND b.active
			JOIN LATERAL (
				SELECT c.verb, c.at FROM changes c
				WHERE c.workspace_id = n.workspace_id AND c.subject_id = n.deal_id AND c.member_id = n.owner_id
				  AND c.of_deal AND c.at > n.at AND c.undone_at IS NULL AND c.verb <> 'undo' AND c.origin <> 'import'
				ORDER BY c.version LIMIT 1
			) c ON true
			LEFT JOIN LATERAL (
				SELECT a.text FROM activities a
				WHERE a.workspace_id = n.workspace_id AND a.deal_id = n.deal_id AND a.recorded_at = c.at
				  AND a.member_id = n.owner_id AND a.voided_at IS NULL AND a.text <> ''
				ORDER BY a.id LIMIT 1
			) a ON true
			WHERE n.answered_at IS NULL AND n.at > $1
			ORDER BY n.workspace_id, n.deal_id, n.by_id, n.day LIMIT $2`, since, limit)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.NudgeAnswer, error) {
			var a funnel.NudgeAnswer
			err := r.Scan(&a.Workspace, &a.Deal, &a.Number, &a.Day, &a.By, &a.Owner, &a.At, &a.Verb, &a.Name, &a.Text)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read answers to nudges: %w", err)
	}
	return found, nil
}

// OweAnswer implements [funnel.Nudges]: the nudges are counted as answered in the transaction that owes
// the message, so that of several processes one does both.
func (s *Store) OweAnswer(ctx context.Context, a funnel.NudgeAnswer, n funnel.Notification) (bool, error) {
	fresh := false
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE nudges SET answered_at = $4
			WHERE workspace_id = $1 AND deal_id = $2 AND by_id = $3 AND answered_at IS NULL`, a.Workspace, a.Deal, a.By, s.clock())
		if err != nil {
			return err
		}
		if fresh = tag.RowsAffected() > 0; !fresh {
			return nil
		}
		return s.owe(ctx, tx, a.Workspace, []funnel.Notification{n})
	})
	if err != nil {
		return false, fmt.Errorf("owe the answer to a nudge: %w", err)
	}
	if fresh {
		s.signal()
	}
	return fresh, nil
}
