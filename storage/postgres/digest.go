package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

const digestColumns = `g.workspace_id, g.id, g.member_id, g.door, g.chat, g.at, g.without, g.full_on, g.off_at IS NOT NULL, g.day, g.version`

func digestFields(d *funnel.DigestSetting) []any {
	return []any{
		&d.Workspace, &d.ID, &d.Member, &d.Chat.Door, &d.Chat.External, &d.At, &d.Without, &d.FullOn, &d.Off, &d.Day, &d.Version,
	}
}

// DigestSettings implements [funnel.Digests]. It crosses workspaces where none is named, as maintenance
// may.
func (s *Store) DigestSettings(ctx context.Context, workspace funnel.ID) ([]funnel.DigestPlace, error) {
	var found []funnel.DigestPlace
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, `SELECT `+digestColumns+`,
				w.id, w.name, w.locale, w.zone, w.currency, w.version, w.calendar::text, m.id IS NOT NULL,
				`+digestMember+`
			FROM digests g
			JOIN workspaces w ON w.id = g.workspace_id
			LEFT JOIN members m ON m.workspace_id = g.workspace_id AND m.id = g.member_id AND m.active
			LEFT JOIN chats c ON c.door = g.door AND c.external_id = g.chat AND c.workspace_id = g.workspace_id
				AND c.internal AND c.gone_at IS NULL
			WHERE g.off_at IS NULL AND ($1::uuid IS NULL OR g.workspace_id = $1)
			  AND (m.id IS NOT NULL OR c.external_id IS NOT NULL)
			ORDER BY g.workspace_id, g.id`, workspace)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, s.digestPlace)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read where digests are wanted: %w", err)
	}
	return found, nil
}

// digestMember is what a digest asks of its member, with something to scan where there is none.
const digestMember = `coalesce(m.id, w.id), coalesce(m.role, ''), coalesce(m.locale, ''), coalesce(m.zone, ''),
	coalesce(m.active, false), m.away_until, coalesce(m.name, '')`

func (s *Store) digestPlace(r pgx.CollectableRow) (funnel.DigestPlace, error) {
	var p funnel.DigestPlace
	var w settingsRow
	var private bool
	var m funnel.Member
	fields := append(digestFields(&p.Setting),
		&w.ID, &w.Name, &w.Locale, &w.Zone, &w.Currency, &w.Version, &w.calendar, &private,
		&m.ID, &m.Role, &m.Locale, &m.Zone, &m.Active, &m.AwayUntil, &m.Name)
	if err := r.Scan(fields...); err != nil {
		return p, err
	}
	if private {
		m.Workspace, p.Member = w.ID, m
	}
	var err error
	p.Workspace, err = s.settings(&w)
	return p, err
}

// DigestSetting implements [funnel.Digests].
func (s *Store) DigestSetting(
	ctx context.Context, workspace, member funnel.ID, chat funnel.ChatRef,
) (*funnel.DigestSetting, error) {
	var d *funnel.DigestSetting
	err := s.retry(ctx, func(ctx context.Context) error {
		var row funnel.DigestSetting
		err := s.pool.QueryRow(ctx, `SELECT `+digestColumns+` FROM digests g
			WHERE g.workspace_id = $1 AND CASE WHEN $3 = '' THEN g.member_id = $2 ELSE g.door = $3 AND g.chat = $4 END`,
			workspace, member, chat.Door, chat.External).Scan(digestFields(&row)...)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			d = nil
			return nil
		case err != nil:
			return err
		}
		d = &row
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the setting of a digest: %w", err)
	}
	return d, nil
}

// queueDigest stores the setting of a digest, and what was decided about advice. A day that was counted
// stays counted, whoever changes the setting meanwhile. A chat that another workspace had is this one's
// now, or it could not be chosen.
func queueDigest(b *batch, ws funnel.ID, w *funnel.Writes) error {
	if d := w.Digest; d != nil {
		place, where := `workspace_id, member_id`, `member_id IS NOT NULL`
		if d.Member.IsZero() {
			place, where = `door, chat`, `door <> ''`
		}
		b.exec(`INSERT INTO digests AS g (workspace_id, id, member_id, door, chat, at, without, full_on, set_at, off_at, day, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10 THEN $9::timestamptz END, $11, $12)
			ON CONFLICT (`+place+`) WHERE `+where+` DO UPDATE
			SET workspace_id = excluded.workspace_id, at = excluded.at, without = excluded.without, full_on = excluded.full_on,
			    set_at = excluded.set_at, off_at = excluded.off_at, day = greatest(g.day, excluded.day),
			    version = g.version + 1`,
			ws, d.ID, d.Member, d.Chat.Door, d.Chat.External, d.At, without(d.Without), d.FullOn, w.Change.At, d.Off, d.Day, d.Version)
	}
	if w.Advice != nil {
		return queueAdvice(b, ws, w.Advice)
	}
	return nil
}

func without(sections []funnel.DigestSection) []string {
	words := make([]string, 0, len(sections))
	for _, s := range sections {
		words = append(words, string(s))
	}
	return words
}

// OweDigest implements [funnel.Digests]: the day is counted in the transaction that owes the message,
// so that of several processes one does both.
func (s *Store) OweDigest(
	ctx context.Context, r funnel.DigestRun, to funnel.DigestSetting, n funnel.Notification,
) (bool, error) {
	facts, err := marshal(&r.Facts)
	if err != nil {
		return false, fmt.Errorf("owe a digest: %w", err)
	}
	fresh := false
	err = s.begin(ctx, func(ctx context.Context, tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE digests SET day = $3
			WHERE workspace_id = $1 AND id = $2 AND off_at IS NULL AND (day IS NULL OR day < $3)`, r.Workspace, r.Digest, r.On)
		if err != nil {
			return err
		}
		if fresh = tag.RowsAffected() > 0; !fresh {
			return nil
		}
		if _, err := tx.Exec(ctx, `
			INSERT INTO digest_runs (workspace_id, digest_id, local_date, owed_at, skipped)
			SELECT $1, $2, missed, $4, true FROM unnest($3::date[]) missed
			ON CONFLICT DO NOTHING`, r.Workspace, r.Digest, days(r.Facts.Missed), r.OwedAt); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			INSERT INTO digest_runs (workspace_id, digest_id, local_date, owed_at, told, facts)
			VALUES ($1, $2, $3, $4, $5, $6)`, r.Workspace, r.Digest, r.On, r.OwedAt, r.Facts.AsOf, facts); err != nil {
			return err
		}
		if to.Member.IsZero() {
			return s.owePlace(ctx, tx, r.Workspace, to.Chat, n)
		}
		return s.owe(ctx, tx, r.Workspace, []funnel.Notification{n})
	})
	if err != nil {
		return false, fmt.Errorf("owe a digest: %w", err)
	}
	if fresh {
		s.signal()
	}
	return fresh, nil
}

func days(all []funnel.Date) []time.Time {
	found := make([]time.Time, 0, len(all))
	for _, d := range all {
		found = append(found, d.In(time.UTC))
	}
	return found
}

// owePlace leaves a message for a chat in the outbox. A chat that is not read by colleagues only gets
// nothing.
func (s *Store) owePlace(ctx context.Context, tx pgx.Tx, ws funnel.ID, chat funnel.ChatRef, n funnel.Notification) error {
	payload, err := marshal(&n)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO outbox (workspace_id, notice_id, lane, kind, locale, payload, created_at, next_at)
		SELECT $1, $2, c.door || ':' || c.external_id || CASE WHEN c.thread <> '' THEN '/' || c.thread ELSE '' END, $3, w.locale,
		       $4, $5, $5
		FROM chats c JOIN workspaces w ON w.id = c.workspace_id
		WHERE c.workspace_id = $1 AND c.door = $6 AND c.external_id = $7 AND c.internal AND c.gone_at IS NULL`,
		ws, n.ID, n.Kind, payload, s.clock(), chat.Door, chat.External)
	return err
}
