package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

const chatColumns = `c.workspace_id, c.door, c.external_id, c.thread, c.title, c.internal, c.announces, c.gone_at`

func chatFields(c *funnel.Chat) []any {
	return []any{&c.Workspace, &c.Door, &c.External, &c.Thread, &c.Title, &c.Internal, &c.Announces, &c.GoneAt}
}

// Chat implements [funnel.Access].
func (s *Store) Chat(ctx context.Context, door, external string) (*funnel.Chat, error) {
	var c *funnel.Chat
	err := s.retry(ctx, func(ctx context.Context) error {
		var row funnel.Chat
		err := s.pool.QueryRow(ctx, "SELECT "+chatColumns+` FROM chats c WHERE c.door = $1 AND c.external_id = $2`,
			door, external).Scan(chatFields(&row)...)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			c = nil
			return nil
		case err != nil:
			return err
		}
		c = &row
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read a chat of %s: %w", door, err)
	}
	return c, nil
}

// queueChat connects a chat or replaces it. One that somebody else connected meanwhile is in the
// way: it was not there when it was looked for.
func queueChat(b *batch, c *funnel.Chat, by funnel.ID, now time.Time) {
	b.exec(`UPDATE chats SET thread = $4, title = $5, internal = $6, announces = $7, gone_at = $8
		WHERE door = $1 AND external_id = $2 AND workspace_id = $3`,
		c.Door, c.External, c.Workspace, c.Thread, c.Title, c.Internal, c.Announces, c.GoneAt)
	b.exec(`INSERT INTO chats (door, external_id, workspace_id, thread, title, internal, announces, gone_at, connected_by, connected_at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
		WHERE NOT EXISTS (SELECT 1 FROM chats WHERE door = $1 AND external_id = $2 AND workspace_id = $3)`,
		c.Door, c.External, c.Workspace, c.Thread, c.Title, c.Internal, c.Announces, c.GoneAt, by, now)
}

// queueDisconnect forgets a chat. What was to be announced there is owed to nobody any more; answers
// still come.
func queueDisconnect(b *batch, ws funnel.ID, c funnel.ChatRef, now time.Time) {
	b.exec(`DELETE FROM chats WHERE door = $1 AND external_id = $2 AND workspace_id = $3`, c.Door, c.External, ws)
	b.exec(`UPDATE outbox SET done_at = $3
		WHERE workspace_id = $1 AND done_at IS NULL AND NOT answer AND (lane = $2 OR starts_with(lane, $2 || '/'))`,
		ws, funnel.LaneOf(c.Door, c.External, ""), now)
	b.exec(`UPDATE digests SET off_at = $4 WHERE workspace_id = $1 AND door = $2 AND chat = $3 AND off_at IS NULL`,
		ws, c.Door, c.External, now)
}

// Moved implements [funnel.Access]. The claim on a lane moves with its messages: a courier that is
// sending one of them stays the only one that may. Its owner gives the new lane back.
func (s *Store) Moved(ctx context.Context, door, from, to string) error {
	if from == to {
		return nil
	}
	err := s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		// Somebody may have connected the chat under its new name before anything told of the old one.
		if _, err := tx.Exec(ctx, `
			DELETE FROM chats WHERE door = $1 AND external_id = $2
			  AND EXISTS (SELECT 1 FROM chats n WHERE n.door = $1 AND n.external_id = $3)`, door, from, to); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE chats SET external_id = $3 WHERE door = $1 AND external_id = $2`,
			door, from, to); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			UPDATE digests g SET chat = $3 WHERE door = $1 AND chat = $2
			  AND NOT EXISTS (SELECT 1 FROM digests n WHERE n.door = $1 AND n.chat = $3)`, door, from, to); err != nil {
			return err
		}
		return moveLanes(ctx, tx, funnel.LaneOf(door, from, ""), funnel.LaneOf(door, to, ""))
	})
	if err != nil {
		return fmt.Errorf("move a chat of %s: %w", door, err)
	}
	s.signal()
	return nil
}

// moveLanes gives the lane of a chat, and those of its threads, another name. Lanes are drained in
// the order of id, which stays.
func moveLanes(ctx context.Context, tx pgx.Tx, from, to string) error {
	const ofChat = `(lane = $1 OR starts_with(lane, $1 || '/'))`
	if _, err := tx.Exec(ctx, `
		DELETE FROM outbox_leases WHERE until <= now() AND (lane = $1 OR starts_with(lane, $1 || '/'))`, to); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		UPDATE outbox_leases l SET lane = $2 || substr(l.lane, length($1) + 1)
		WHERE `+ofChat+` AND NOT EXISTS (
			SELECT 1 FROM outbox_leases n WHERE n.lane = $2 || substr(l.lane, length($1) + 1))`, from, to); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		UPDATE outbox SET lane = $2 || substr(lane, length($1) + 1)
		WHERE done_at IS NULL AND `+ofChat, from, to)
	return err
}
