package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// Anchor implements [funnel.Access]. A message that is edited may be about another deal afterwards.
func (s *Store) Anchor(ctx context.Context, door, chat, message string, workspace, deal funnel.ID) error {
	err := s.retry(ctx, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, `
			INSERT INTO anchors (door, chat, message_id, workspace_id, deal_id, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (door, chat, message_id) DO UPDATE
			SET workspace_id = excluded.workspace_id, deal_id = excluded.deal_id, at = excluded.at`,
			door, chat, message, workspace, deal, s.clock())
		return err
	})
	if err != nil {
		return fmt.Errorf("anchor a message of %s to deal %s: %w", door, deal, err)
	}
	return nil
}

// Anchored implements [funnel.Access].
func (s *Store) Anchored(ctx context.Context, door, chat, message string, workspace funnel.ID) (funnel.ID, error) {
	var deal funnel.ID
	err := s.retry(ctx, func(ctx context.Context) error {
		err := s.pool.QueryRow(ctx, `
			SELECT deal_id FROM anchors
			WHERE door = $1 AND chat = $2 AND message_id = $3 AND workspace_id = $4`,
			door, chat, message, workspace).Scan(&deal)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return deal, fmt.Errorf("read what a message of %s is about: %w", door, err)
	}
	return deal, nil
}
