package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
)

// read is the first trip: it begins, locks and reads. What was stored under the key is read last,
// because only after the lock is it certain that a rival under the same key has committed. Each
// statement costs about a thirtieth of a move, so what can be read together is.
func (s *Store) read(
	ctx context.Context, conn *pgxpool.Conn, workspace funnel.ID, key funnel.Key, reads funnel.Reads,
) (*funnel.Snapshot, *funnel.Stored, error) {
	snap := &funnel.Snapshot{}
	var b batch
	b.exec("BEGIN")
	queueDeal(&b, snap, workspace, reads)
	queueMembers(&b, snap, workspace, reads)
	queueCompany(&b, snap, workspace, reads)
	queueChange(&b, snap, workspace, reads)
	queueStays(&b, snap, workspace, reads)
	queueAccessReads(&b, snap, workspace, reads)
	c := &circumstances{}
	b.row(one(c.scan, &c.found), circumstancesQuery, workspace, reads.Actor, key.Event)
	if err := conn.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return nil, nil, fmt.Errorf("read: %w", err)
	}
	if !c.found {
		return nil, nil, fmt.Errorf("read: no workspace %s", workspace)
	}
	if c.result != nil {
		if !bytes.Equal(c.intent, key.Intent[:]) {
			return nil, nil, funnel.Refuse(funnel.CodeKeyReused, nil)
		}
		return nil, &funnel.Stored{Result: c.result, Replayed: true, Number: c.number, Company: c.company}, nil
	}
	snap.Actor = c.actor
	var err error
	snap.Workspace, err = s.settings(&c.settingsRow)
	return snap, nil, err
}

// circumstances are the settings of the workspace, the actor, and what is stored under the key.
type circumstances struct {
	settingsRow
	found          bool
	actor          funnel.Member
	intent, result []byte
	number         int64
	company        funnel.ID
}

const circumstancesQuery = `
	SELECT w.id, w.name, w.locale, w.zone, w.currency, w.version, w.calendar::text,
	       m.id, m.team_id, coalesce(m.name, ''), coalesce(m.role, ''), coalesce(m.locale, ''), coalesce(m.zone, ''),
	       coalesce(m.active, false), coalesce(m.version, 0),
	       coalesce(m.plan_at, ''), coalesce(m.quiet_from, ''), coalesce(m.quiet_to, ''), m.away_until, m.plan_day,
	       h.intent, h.result, coalesce(d.number, 0), d.company_id
	FROM workspaces w
	LEFT JOIN members m ON m.workspace_id = w.id AND m.id = $2
	LEFT JOIN handled_events h ON h.workspace_id = w.id AND h.key = $3
	LEFT JOIN deals d ON d.workspace_id = h.workspace_id AND d.id = h.deal_id
	WHERE w.id = $1`

func (c *circumstances) scan(r pgx.Row) error {
	m := &c.actor
	err := r.Scan(&c.ID, &c.Name, &c.Locale, &c.Zone, &c.Currency, &c.Version, &c.calendar,
		&m.ID, &m.Team, &m.Name, &m.Role, &m.Locale, &m.Zone, &m.Active, &m.Version,
		&m.PlanAt, &m.QuietFrom, &m.QuietTo, &m.AwayUntil, &m.PlanDay,
		&c.intent, &c.result, &c.number, &c.company)
	m.Workspace = c.ID
	return err
}

// queueDeal locks the deal, and then reads its open spell and its company: a statement after the
// lock sees what a rival committed before. The spell is found by the deal's own counter.
func queueDeal(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Deal.IsZero() && reads.Number == 0 {
		return
	}
	st := &funnel.DealState{}
	where, arg := "d.id = $2", any(reads.Deal)
	if reads.Deal.IsZero() {
		where, arg = "d.number = $2", reads.Number
	}
	var found bool
	b.row(one(func(r pgx.Row) error {
		err := r.Scan(dealFields(&st.Deal)...)
		if err == nil {
			snap.Deal = st
		}
		return err
	}, &found), "SELECT "+dealColumns+" FROM deals d WHERE d.workspace_id = $1 AND "+where+" FOR UPDATE", workspace, arg)
	b.row(one(func(r pgx.Row) error {
		var c funnel.Company
		var p funnel.Spell
		fields := append(companyFields(&c), &p.Deal, &p.Seq, &p.Stage, &p.Entered, &p.Amount.Minor, &p.Amount.Currency, &p.RecordedAt)
		if err := r.Scan(fields...); err != nil {
			return err
		}
		snap.Company = &c
		if p.Seq > 0 {
			st.Spell = &p
		}
		return nil
	}, &found), `
		SELECT `+companyColumns+`, p.deal_id, coalesce(p.seq, 0), coalesce(p.stage, ''), p.entered,
		       coalesce(p.amount_minor, 0), coalesce(p.currency, ''), p.recorded_at
		FROM deals d
		JOIN companies c ON c.workspace_id = d.workspace_id AND c.id = d.company_id
		LEFT JOIN spells p ON p.workspace_id = d.workspace_id AND p.deal_id = d.id AND p.seq = d.spells
			AND p.left_at IS NULL AND p.voided_at IS NULL
		WHERE d.workspace_id = $1 AND `+where, workspace, arg)
}

func queueMembers(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Admins {
		// All admins are locked, so that two of them cannot step down past each other.
		b.row(func(r pgx.Row) error { return r.Scan(&snap.Admins) }, `
			SELECT count(*) FROM (
				SELECT 1 FROM members WHERE workspace_id = $1 AND role = 'admin' AND active ORDER BY id FOR UPDATE
			) AS admins`, workspace)
	}
	if reads.Subject.IsZero() {
		return
	}
	var m funnel.Member
	var found bool
	b.row(one(func(r pgx.Row) error {
		if err := r.Scan(memberFields(&m)...); err != nil {
			return err
		}
		snap.Subject = &m
		return nil
	}, &found), "SELECT "+memberColumns+" FROM members m WHERE m.workspace_id = $1 AND m.id = $2 FOR UPDATE",
		workspace, reads.Subject)
}

func queueCompany(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	var c funnel.Company
	var found bool
	scan := one(func(r pgx.Row) error {
		if err := r.Scan(companyFields(&c)...); err != nil {
			return err
		}
		snap.Company = &c
		return nil
	}, &found)
	const from = "SELECT " + companyColumns + " FROM companies c WHERE c.workspace_id = $1 AND "
	switch {
	case !reads.CompanyID.IsZero():
		b.row(scan, from+"c.id = $2", workspace, reads.CompanyID)
	case reads.CompanyKey != "":
		b.row(scan, from+"c.name_key = $2", workspace, reads.CompanyKey)
	}
}

func queueChange(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Change == (funnel.ChangeRef{}) {
		return
	}
	var found bool
	b.row(one(func(r pgx.Row) error {
		var c funnel.Change
		if err := scanChange(r, &c, &snap.Overtaken); err != nil {
			return err
		}
		snap.Change = &c
		return nil
	}, &found), `
		SELECT c.subject_id, c.version, c.of_deal, c.member_id, c.verb, c.origin, c.at, c.undone_at, c.before,
		       EXISTS (
		           SELECT 1 FROM changes l
		           WHERE l.workspace_id = c.workspace_id AND l.subject_id = c.subject_id AND l.version > c.version
		             AND l.undone_at IS NULL AND l.verb <> 'undo')
		FROM changes c WHERE c.workspace_id = $1 AND c.subject_id = $2 AND c.version = $3`,
		workspace, reads.Change.Subject, reads.Change.Version)
}

// queueStays reads the stays that taking a change back has to know: those that stand, and those that
// a correction of a signature took out of the statistics, which left in the instant of the change.
func queueStays(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Change == (funnel.ChangeRef{}) {
		return
	}
	b.Queue(`
		SELECT p.deal_id, p.seq, p.stage, p.entered, p.left_at, p.exit, p.destination, p.amount_minor, p.currency,
		       p.recorded_at, p.left_recorded_at, p.voided_at
		FROM changes c
		JOIN spells p ON p.workspace_id = c.workspace_id AND p.deal_id = c.subject_id
		WHERE c.workspace_id = $1 AND c.subject_id = $2 AND c.version = $3 AND c.of_deal
		  AND (p.voided_at IS NULL OR ((c.before->>'voided')::boolean AND p.voided_at = c.at
		       AND p.seq >= (c.before->'deal'->'signing'->>'spell')::integer))
		ORDER BY p.seq`, workspace, reads.Change.Subject, reads.Change.Version).
		Query(func(rows pgx.Rows) error {
			stays, err := pgx.CollectRows(rows, scanSpell)
			if snap.Change == nil {
				return err
			}
			for _, p := range stays {
				if p.VoidedAt.IsZero() {
					snap.Change.Before.Stands = append(snap.Change.Before.Stands, p)
				} else {
					snap.Change.Before.Taken = append(snap.Change.Before.Taken, p)
				}
			}
			return err
		})
}

func scanSpell(r pgx.CollectableRow) (funnel.Spell, error) {
	var p funnel.Spell
	err := r.Scan(&p.Deal, &p.Seq, &p.Stage, &p.Entered, &p.Left, &p.Exit, &p.Destination, &p.Amount.Minor, &p.Amount.Currency,
		&p.RecordedAt, &p.LeftRecordedAt, &p.VoidedAt)
	return p, err
}

func scanChange(r pgx.Row, c *funnel.Change, overtaken *bool) error {
	return r.Scan(&c.Subject, &c.Version, &c.OfDeal, &c.Member, &c.Verb, &c.Origin, &c.At, &c.UndoneAt, &c.Before, overtaken)
}

// settingsRow is a workspace whose calendar is not decoded yet.
type settingsRow struct {
	funnel.Workspace
	calendar []byte
}

const settingsQuery = `SELECT id, name, locale, zone, currency, version, calendar::text FROM workspaces WHERE id = $1`

func (w *settingsRow) scan(r pgx.Row) error {
	return r.Scan(&w.ID, &w.Name, &w.Locale, &w.Zone, &w.Currency, &w.Version, &w.calendar)
}

// settings decodes the calendar, or takes the workspace as it was decoded before.
func (s *Store) settings(row *settingsRow) (funnel.Workspace, error) {
	if known, ok := s.workspaces.Load(row.ID); ok {
		if w, ok := known.(funnel.Workspace); ok && w.Version == row.Version {
			return w, nil
		}
	}
	if err := json.Unmarshal(row.calendar, &row.Calendar); err != nil {
		return funnel.Workspace{}, fmt.Errorf("read the calendar of workspace %s: %w", row.ID, err)
	}
	s.workspaces.Store(row.ID, row.Workspace)
	return row.Workspace, nil
}
