package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// lockIdentity keeps everybody else from changing what an identity is until the transaction ends.
// It is the lock that [Store.SignIn] takes.
const lockIdentity = `SELECT pg_advisory_xact_lock(hashtextextended($1, hashtextextended($2, 2)))`

func queueAccessReads(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	a := reads.Access
	if a.Known {
		b.row(func(r pgx.Row) error { return r.Scan(&snap.Access.Known) }, `
			SELECT EXISTS (SELECT 1 FROM identities WHERE workspace_id = $1 AND member_id = $2)`, workspace, reads.Subject)
	}
	if a.Application != "" {
		queueApplication(b, &snap.Access, workspace, a.Application)
	}
	if a.Chat != (funnel.ChatRef{}) {
		var c funnel.Chat
		var found bool
		b.row(one(func(r pgx.Row) error {
			if err := r.Scan(chatFields(&c)...); err != nil {
				return err
			}
			snap.Access.Chat = &c
			return nil
		}, &found), "SELECT "+chatColumns+` FROM chats c WHERE c.door = $1 AND c.external_id = $2 FOR UPDATE`,
			a.Chat.Door, a.Chat.External)
	}
}

// queueAccess stores what changes of who may speak and where.
func queueAccess(b *batch, ws, by funnel.ID, w *funnel.AccessWrites, now time.Time) error {
	if w.Invitation != nil {
		queueInvitation(b, w.Invitation, now)
	}
	if !w.Revoke.IsZero() {
		queueRevoke(b, ws, w.Revoke, now)
		b.exec(`UPDATE outbox SET done_at = $3
			WHERE workspace_id = $1 AND payload->>'to' = $2::text AND done_at IS NULL AND NOT answer AND tried_at IS NULL`,
			ws, w.Revoke.String(), now)
	}
	if w.Chat != nil {
		queueChat(b, w.Chat, by, now)
	}
	if w.Disconnect != (funnel.ChatRef{}) {
		queueDisconnect(b, ws, w.Disconnect, now)
	}
	if c := w.Circle; c != nil {
		b.exec(`INSERT INTO circles (workspace_id, door, external_id, kind, title, added_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (workspace_id, door, external_id) DO UPDATE SET kind = excluded.kind, title = excluded.title`,
			ws, c.Door, c.External, c.Kind, c.Title, now)
	}
	if c := w.Forbid; c != nil {
		b.exec(`DELETE FROM circles WHERE workspace_id = $1 AND door = $2 AND external_id = $3`, ws, c.Door, c.External)
		b.exec(`UPDATE identities SET checked_at = NULL WHERE workspace_id = $1 AND door = $2 AND admitted_by = $3`,
			ws, c.Door, c.External)
	}
	if w.Application != nil {
		queueDecided(b, w.Application)
	}
	if w.Seat != nil {
		queueSeat(b, w.Seat, now)
	}
	for _, l := range w.Letters {
		if err := queueLetter(b, ws, l, now); err != nil {
			return err
		}
	}
	return nil
}

// queueSeat makes an identity a member.
func queueSeat(b *batch, seat *funnel.Seat, now time.Time) {
	m, who := &seat.Member, seat.Caller
	if seat.New {
		b.exec(`INSERT INTO members (workspace_id, id, team_id, name, role, locale, zone, active, version, created_at)
			VALUES ($1, $2, (SELECT id FROM teams WHERE workspace_id = $1 ORDER BY id LIMIT 1), $3, $4, $5, $6, $7, $8, $9)`,
			m.Workspace, m.ID, m.Name, m.Role, m.Locale, m.Zone, m.Active, m.Version, now)
	} else {
		b.exec(`UPDATE members SET role = $3, active = $4, version = $5 WHERE workspace_id = $1 AND id = $2`,
			m.Workspace, m.ID, m.Role, m.Active, m.Version)
	}
	b.exec(`INSERT INTO identities AS i (door, external_id, workspace_id, member_id, handle, admitted_by, checked_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (door, external_id, workspace_id) DO UPDATE
		SET member_id = excluded.member_id, handle = excluded.handle, admitted_by = excluded.admitted_by,
		    checked_at = excluded.checked_at, seen_at = excluded.seen_at, gone_at = NULL, suspended_at = NULL`,
		who.Door, who.External, m.Workspace, m.ID, clean(who.Handle), seat.By, now)
	b.exec(bringOwed, funnel.LaneOfMember(m.ID), funnel.LaneOf(who.Door, who.External, ""))
}

// bringOwed moves what waits for a member whom no door knew to the door at which the member is, in the
// order in which it was written. No courier drains the lane that it leaves.
const bringOwed = `UPDATE outbox SET lane = $2 WHERE lane = $1 AND done_at IS NULL`

// queueLetter leaves a notice in the outbox whose lane is known.
func queueLetter(b *batch, ws funnel.ID, l funnel.Letter, now time.Time) error {
	payload, err := marshal(l.Notification)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`, ws, l.ID, l.Lane, l.Kind, l.Locale, payload, now)
	return nil
}
