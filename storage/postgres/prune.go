package postgres

import (
	"context"
	"fmt"
	"time"

	"funnelbot/funnel"
)

// How long things are kept that nobody needs for ever.
const (
	// keepResults is longer than any platform repeats a delivery, and well under the week after
	// which Telegram may begin its numbers anew.
	keepResults   = 48 * time.Hour
	keepDelivered = 7 * 24 * time.Hour
	// keepBuried leaves time to see what was given up.
	keepBuried = 90 * 24 * time.Hour
	// keepCodes is longer than any platform repeats a delivery.
	keepCodes   = 7 * 24 * time.Hour
	keepDecided = 90 * 24 * time.Hour
	// keepAnchors is how long people still answer to a message about a deal.
	keepAnchors = 180 * 24 * time.Hour
	// keepDialogs is how long the buttons of a qualification that ended can be told how it did.
	keepDialogs = 30 * 24 * time.Hour
	// keepDigests is for how long a digest of a past day can be made again as it was, which takes the one
	// before it: a year, and what a digest looks back.
	keepDigests = 400 * 24 * time.Hour
)

// pruneBatch is how many rows one statement deletes: few enough for some hundredths of a second,
// so that no command waits for it.
const pruneBatch = 5000

// Prune deletes what is kept no longer: results under keys, messages that were delivered or given
// up long ago, dialogs that have ended, digests of years past. It works in small batches until all is deleted or ctx
// ends, and returns the number of rows.
func (s *Store) Prune(ctx context.Context) (int64, error) {
	now := s.clock()
	var total int64
	for _, p := range []struct {
		table, where string
		before       time.Time
	}{
		{"handled_events", `at < $1`, now.Add(-keepResults)},
		// An answer is longer than a notice, and of no use once its request is not delivered again.
		{"outbox", `done_at < $1 AND buried = '' AND answer`, now.Add(-keepResults)},
		{"outbox", `done_at < $1 AND buried = ''`, now.Add(-keepDelivered)},
		{"outbox", `done_at < $1 AND buried <> ''`, now.Add(-keepBuried)},
		{"sessions", `expires_at < $1`, now},
		// Used codes as well: whoever used one may be told again for a while.
		{"invitations", `expires_at < $1`, now.Add(-keepCodes)},
		{"guesses", `since < $1`, now.Add(-funnel.GuessWindow)},
		{"applications", `decided_at < $1`, now.Add(-keepDecided)},
		{"anchors", `at < $1`, now.Add(-keepAnchors)},
		{"dialogs", `ended_at < $1`, now.Add(-keepDialogs)},
		// The last one of a place stays, however old: the next goes on from there. What was decided about
		// advice is kept apart, with the conversion of its day.
		{"digest_runs", `owed_at < $1 AND EXISTS (
			SELECT FROM digest_runs l WHERE l.workspace_id = digest_runs.workspace_id AND l.digest_id = digest_runs.digest_id
			  AND l.local_date > digest_runs.local_date AND NOT l.skipped)`, now.Add(-keepDigests)},
		// A claim that ran out is of no use, but its row stays where a lane is used no more.
		{"outbox_leases", `until < $1 AND until < now()`, now.Add(-time.Hour)},
	} {
		n, err := s.prune(ctx, p.table, p.where, p.before)
		total += n
		if err != nil {
			return total, fmt.Errorf("prune %s: %w", p.table, err)
		}
	}
	return total, nil
}

// prune leaves rows that somebody works on to the next time.
func (s *Store) prune(ctx context.Context, table, where string, before time.Time) (int64, error) {
	for total := int64(0); ; {
		tag, err := s.pool.Exec(ctx, `
			DELETE FROM `+table+` WHERE ctid = ANY (ARRAY(
				SELECT ctid FROM `+table+` WHERE `+where+` LIMIT $2 FOR UPDATE SKIP LOCKED
			))`, before, pruneBatch)
		total += tag.RowsAffected()
		if err != nil || tag.RowsAffected() < pruneBatch {
			return total, err
		}
	}
}
