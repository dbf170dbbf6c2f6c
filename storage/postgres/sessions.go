package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"funnelbot/funnel"
)

// Sessions is the durable [funnel.Sessions]: what stands here outlives every process.
type Sessions struct{ s *Store }

// Sessions returns the sessions of the database.
func (s *Store) Sessions() Sessions { return Sessions{s} }

var _ funnel.Sessions = Sessions{}

// saveName is the length of the name of a save, which stands in front of the data. By its name a
// save that is repeated after a lost connection knows its own effect from somebody else's, even
// where both wrote the same bytes.
const saveName = 16

// Load implements [funnel.Sessions].
func (t Sessions) Load(ctx context.Context, key funnel.SessionKey) (funnel.Session, error) {
	var out funnel.Session
	err := t.s.retry(ctx, func(ctx context.Context) error {
		return t.s.pool.QueryRow(ctx, `
			SELECT data, version FROM sessions
			WHERE workspace_id = $1 AND member_id = $2 AND place = $3 AND expires_at > $4`,
			key.Workspace, key.Member, key.Place, t.s.clock(),
		).Scan(&out.Data, &out.Version)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return funnel.Session{}, funnel.ErrNoSession
	}
	if err != nil {
		return funnel.Session{}, fmt.Errorf("load the session of member %s: %w", key.Member, err)
	}
	if len(out.Data) < saveName {
		return funnel.Session{}, fmt.Errorf("load the session of member %s: %d bytes are stored", key.Member, len(out.Data))
	}
	out.Data = out.Data[saveName:]
	return out, nil
}

// Save implements [funnel.Sessions].
func (t Sessions) Save(ctx context.Context, key funnel.SessionKey, session funnel.Session, ttl time.Duration) (int64, error) {
	if err := session.Check(ttl); err != nil {
		return 0, fmt.Errorf("save session: %w", err)
	}
	name, data := underName(session.Data)
	save := saveNext
	args := []any{key.Workspace, key.Member, key.Place, nil, nil, name, data, session.Version + 1}
	if session.Version == 0 {
		save = saveFirst
	} else {
		args = append(args, session.Version)
	}
	var saved bool
	err := t.s.retry(ctx, func(ctx context.Context) error {
		now := t.s.clock()
		args[3], args[4] = now, now.Add(ttl)
		tag, err := t.s.pool.Exec(ctx, save, args...)
		saved = tag.RowsAffected() == 1
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("save the session of member %s: %w", key.Member, err)
	}
	if !saved {
		return 0, funnel.ErrSessionMoved
	}
	return session.Version + 1, nil
}

// underName puts the name of a save in front of the data.
func underName(data []byte) (name, all []byte) {
	name = []byte(rand.Text())[:saveName]
	return name, bytes.Join([][]byte{name, data}, nil)
}

// saveFirst begins a session, in the place of one that has expired.
const saveFirst = `
	INSERT INTO sessions AS s (workspace_id, member_id, place, expires_at, data, version)
	VALUES ($1, $2, $3, $5, $7, $8)
	ON CONFLICT (workspace_id, member_id, place)
	DO UPDATE SET expires_at = excluded.expires_at, data = excluded.data, version = excluded.version
	WHERE s.expires_at <= $4 OR (s.version = $8 AND substring(s.data FOR 16) = $6)`

// saveNext follows the version that was loaded, or its own effect.
const saveNext = `
	UPDATE sessions SET expires_at = $5, data = $7, version = $8
	WHERE workspace_id = $1 AND member_id = $2 AND place = $3 AND expires_at > $4
	  AND (version = $9 OR (version = $8 AND substring(data FOR 16) = $6))`

// saveTalk follows the version that was loaded, with a result; see [Store.queueResult].
const saveTalk = `WITH talk AS (
		UPDATE sessions SET expires_at = $10, data = $11, version = $12 + 1
		WHERE workspace_id = $1 AND member_id = $7 AND place = $8 AND expires_at > $9 AND version = $12
		RETURNING true
	)
	INSERT INTO handled_events (workspace_id, key, intent, result, deal_id, at)
	VALUES ($1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM talk) THEN $4::bytea END, $5, $6)`

// queueResult keeps the result under the key, and saves the conversation. Where that has moved, the
// result is missing and nothing of the unit of work is kept: a statement of a batch cannot be called
// off by what another has found, see [moved].
func (s *Store) queueResult(b *batch, ws, deal funnel.ID, key funnel.Key, w *funnel.Writes, now time.Time) {
	args := []any{ws, key.Event, key.Intent[:], w.Result, deal, now}
	t := w.Talk
	if t == nil {
		b.exec(`INSERT INTO handled_events (workspace_id, key, intent, result, deal_id, at) VALUES ($1, $2, $3, $4, $5, $6)`, args...)
		return
	}
	_, data := underName(t.Data)
	clock := s.clock()
	b.exec(saveTalk, append(args, t.Key.Member, t.Key.Place, clock, clock.Add(t.Life), data, t.Version)...)
}

// moved reports whether a unit of work was refused because its conversation has moved.
func moved(err error) bool {
	const missing = "23502" // https://www.postgresql.org/docs/current/errcodes-appendix.html
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == missing && pg.TableName == "handled_events" && pg.ColumnName == "result"
}

// Delete implements [funnel.Sessions].
func (t Sessions) Delete(ctx context.Context, key funnel.SessionKey) error {
	err := t.s.retry(ctx, func(ctx context.Context) error {
		_, err := t.s.pool.Exec(ctx, `
			DELETE FROM sessions WHERE workspace_id = $1 AND member_id = $2 AND place = $3`,
			key.Workspace, key.Member, key.Place)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete the session of member %s: %w", key.Member, err)
	}
	return nil
}
