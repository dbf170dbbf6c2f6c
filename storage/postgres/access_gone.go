package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Gone implements [funnel.Access].
func (s *Store) Gone(ctx context.Context, workspace funnel.ID, lane, reason string) error {
	told := 0
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		told = 0
		now := s.clock()
		found, err := markGone(ctx, tx, workspace, lane, now)
		if err != nil {
			return err
		}
		for _, g := range found {
			g.data["reason"] = clean(reason)
			n, err := tellAdmins(ctx, tx, g.workspace, funnel.Notification{Kind: funnel.NoticeUnreachable, Data: g.data}, lane, now)
			if err != nil {
				return err
			}
			told += n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note that lane %s of workspace %s is gone: %w", lane, workspace, err)
	}
	if told > 0 {
		s.signal()
	}
	return nil
}

// lost is a person or a chat of a workspace that cannot be reached any more, as the notice about it
// says who or which it is.
type lost struct {
	workspace funnel.ID
	data      map[string]string
}

// markGone marks the person or the chat of a lane. It returns nothing where that was known, or nobody
// is behind the lane. What waits for the person goes to another door, if there is one.
func markGone(ctx context.Context, tx pgx.Tx, workspace funnel.ID, lane string, now time.Time) ([]lost, error) {
	door, chat, _ := funnel.ParseLane(lane)
	rows, err := tx.Query(ctx, `
		UPDATE identities i SET gone_at = $4 FROM members m
		WHERE i.door = $1 AND i.external_id = $2 AND ($3::uuid IS NULL OR i.workspace_id = $3) AND i.gone_at IS NULL
		  AND m.workspace_id = i.workspace_id AND m.id = i.member_id
		RETURNING m.workspace_id, m.id, m.name`, door, chat, workspace, now)
	if err != nil {
		return nil, err
	}
	var b batch
	found, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (lost, error) {
		var in, member funnel.ID
		var name string
		err := r.Scan(&in, &member, &name)
		b.exec(reroute, in, member.String(), lane)
		return lost{in, map[string]string{"door": door, "name": name}}, err
	})
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return found, tx.SendBatch(ctx, &b.Batch).Close()
	}
	rows, err = tx.Query(ctx, `
		UPDATE chats SET gone_at = $4
		WHERE door = $1 AND external_id = $2 AND ($3::uuid IS NULL OR workspace_id = $3) AND gone_at IS NULL
		RETURNING workspace_id, coalesce(nullif(title, ''), external_id)`, door, chat, workspace, now)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (lost, error) {
		var in funnel.ID
		var title string
		err := r.Scan(&in, &title)
		return lost{in, map[string]string{"door": door, "chat": title}}, err
	})
}

// reach is the lane through which a member m can be told something: the door at which the member
// was seen last, of those that can be reached. At the local chat people are called by names, which
// may be the same in two workspaces, so what is shown there waits in the lane of the member.
const reach = `coalesce((
	SELECT i.door || ':' || i.external_id FROM identities i
	WHERE i.workspace_id = m.workspace_id AND i.member_id = m.id AND i.door <> 'local'
	  AND i.suspended_at IS NULL AND i.gone_at IS NULL
	ORDER BY i.seen_at DESC NULLS LAST, i.door, i.external_id LIMIT 1), 'member:' || m.id)`

// tellAdmins owes every active admin but the one whom it is about the notice, and returns how many there
// are. The notices carry identifiers made of what they are about, where it happened and when.
func tellAdmins(
	ctx context.Context, tx pgx.Tx, workspace funnel.ID, n funnel.Notification, about string, now time.Time,
) (int, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.id, m.locale, `+reach+` FROM members m
		WHERE m.workspace_id = $1 AND m.role = 'admin' AND m.active AND m.id::text <> $2 ORDER BY m.id`, workspace, n.Data["member"])
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
		l.ID = funnel.NoticeDerived(string(n.Kind), workspace.String(), l.To.String(), about, strconv.FormatInt(now.UnixMicro(), 10))
		if err := queueLetter(&b, workspace, l, now); err != nil {
			return 0, err
		}
	}
	return len(letters), tx.SendBatch(ctx, &b.Batch).Close()
}
