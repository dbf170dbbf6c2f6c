package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Gone implements [funnel.Access].
func (s *Store) Gone(ctx context.Context, workspace funnel.ID, lane, reason string) error {
	told := 0
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		n := funnel.Notification{Kind: funnel.NoticeUnreachable, Data: map[string]string{"reason": clean(reason)}}
		now := s.clock()
		first, err := markGone(ctx, tx, workspace, lane, now, n.Data)
		if err != nil || !first {
			return err
		}
		told, err = tellAdmins(ctx, tx, workspace, n, lane, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("note that lane %s of workspace %s is gone: %w", lane, workspace, err)
	}
	if told > 0 {
		s.signal()
	}
	return nil
}

// markGone marks the person or the chat of a lane, and says who or which it is. It reports false
// where that was known, or nobody is behind the lane.
func markGone(ctx context.Context, tx pgx.Tx, workspace funnel.ID, lane string, now time.Time, data map[string]string) (bool, error) {
	door, chat, _ := funnel.ParseLane(lane)
	data["door"] = door
	var name string
	err := tx.QueryRow(ctx, `
		UPDATE identities i SET gone_at = $4 FROM members m
		WHERE i.door = $1 AND i.external_id = $2 AND i.workspace_id = $3 AND i.gone_at IS NULL
		  AND m.workspace_id = i.workspace_id AND m.id = i.member_id
		RETURNING m.name`, door, chat, workspace, now).Scan(&name)
	if err == nil {
		data["name"] = name
		return true, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return false, err
	}
	err = tx.QueryRow(ctx, `
		UPDATE chats SET gone_at = $4
		WHERE door = $1 AND external_id = $2 AND workspace_id = $3 AND gone_at IS NULL
		RETURNING coalesce(nullif(title, ''), external_id)`, door, chat, workspace, now).Scan(&name)
	if err == nil {
		data["chat"] = name
		return true, nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return false, err
}

// reach is the lane through which a member m can be told something: the door at which the member
// was seen last, of those that can be reached. At the local chat people are called by names, which
// may be the same in two workspaces, so what is shown there waits in the lane of the member.
const reach = `coalesce((
	SELECT i.door || ':' || i.external_id FROM identities i
	WHERE i.workspace_id = m.workspace_id AND i.member_id = m.id AND i.door <> 'local'
	  AND i.suspended_at IS NULL AND i.gone_at IS NULL
	ORDER BY i.seen_at DESC NULLS LAST, i.door, i.external_id LIMIT 1), 'member:' || m.id)`

// tellAdmins owes every active admin the notice, and returns how many there are. The notices carry
// identifiers made of what they are about, where it happened and when.
func tellAdmins(
	ctx context.Context, tx pgx.Tx, workspace funnel.ID, n funnel.Notification, about string, now time.Time,
) (int, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.id, m.locale, `+reach+` FROM members m
		WHERE m.workspace_id = $1 AND m.role = 'admin' AND m.active ORDER BY m.id`, workspace)
	if err != nil {
		return 0, err
	}
	letters, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Letter, error) {
		l := funnel.Letter{Notification: n}
		err := r.Scan(&l.To, &l.Locale, &l.Lane)
		return l, err
	})
	if err != nil || len(letters) == 0 {
		return 0, err
	}
	var b batch
	for _, l := range letters {
		l.ID = noticeID(n.Kind, workspace, about, l.To, now)
		if err := queueLetter(&b, workspace, l, now); err != nil {
			return 0, err
		}
	}
	return len(letters), tx.SendBatch(ctx, &b.Batch).Close()
}

// noticeID is the same for the same event, and no other's.
func noticeID(kind funnel.NoticeKind, workspace funnel.ID, about string, to funnel.ID, at time.Time) funnel.ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %d", kind, workspace, to, about, at.UnixMicro()))
	var id funnel.ID
	copy(id[:], sum[:])
	// The form of an identifier that is made of a hash.
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id
}
