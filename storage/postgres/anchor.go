package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

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
