package postgres

import (
	"time"

	"funnelbot/funnel"
)

// queueOwed leaves a message in the outbox: in the lane of its receiver as it is at that moment, or
// in one for every chat where the team is told. A correction goes wherever the message went that it
// takes the place of, also where nothing is announced any more.
func queueOwed(b *batch, w funnel.Workspace, n *funnel.Notification, newDeal bool, now time.Time) error {
	payload, err := marshal(n)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at, replaces)
		SELECT $1, $2, l.lane, $3, coalesce((SELECT locale FROM members WHERE workspace_id = $1 AND id = $4), $6),
		       CASE WHEN $9 THEN jsonb_set($7, '{number}', (
		           SELECT to_jsonb(number) FROM deals WHERE workspace_id = $1 AND id = $10)) ELSE $7 END,
		       $8, $8, $11
		FROM (
			SELECT coalesce((SELECT `+reach+` FROM members m WHERE m.workspace_id = $1 AND m.id = $4), $5) AS lane
			WHERE NOT $12
			UNION
			SELECT c.door || ':' || c.external_id || CASE WHEN c.thread <> '' THEN '/' || c.thread ELSE '' END
			FROM chats c WHERE $12 AND c.workspace_id = $1 AND c.announces AND c.gone_at IS NULL
			UNION
			SELECT o.lane FROM outbox o WHERE $12 AND o.notice_id = $11 AND o.message_id <> ''
		) l`,
		w.ID, n.ID, n.Kind, n.To, funnel.LaneOfMember(n.To), w.Locale, payload, now, newDeal, n.Deal, n.Replaces, n.Team)
	return nil
}
