package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	queueOf(&b, snap, workspace, reads)
	queueContactRead(&b, snap, workspace, reads)
	queueAsking(&b, snap, workspace, reads)
	queuePeople(&b, snap, workspace, reads)
	queueQualification(&b, snap, workspace, reads)
	queueQuota(&b, snap, workspace, reads)
	queueNudge(&b, snap, workspace, reads)
	c := s.queueCircumstances(&b, snap, workspace, key, reads)
	if err := conn.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return nil, nil, fmt.Errorf("read: %w", err)
	}
	switch {
	case !c.found:
		return nil, nil, fmt.Errorf("read: no workspace %s", workspace)
	case reads.Talk.Place != "" && !c.stands(reads.TalkWas):
		return nil, nil, fmt.Errorf("read: %w", funnel.ErrSessionMoved)
	case c.result != nil && !bytes.Equal(c.intent, key.Intent[:]):
		return nil, nil, funnel.Refuse(funnel.CodeKeyReused, nil)
	case c.result != nil:
		stored, err := c.replayed(ctx, conn)
		return nil, stored, err
	}
	snap.Actor = c.actor
	var err error
	snap.Workspace, err = s.settings(&c.settingsRow)
	return snap, nil, err
}

// circumstances are the settings of the workspace, the actor, what is stored under the key, and the
// conversation.
type circumstances struct {
	settingsRow
	found          bool
	actor          funnel.Member
	intent, result []byte
	// deal is the one that the result under the key is of.
	deal funnel.ID
	// talk is the conversation as it is stored.
	talk funnel.Session
}

// replayed is what is stored under the key. The deal is read now, because there seldom is one to read.
func (c *circumstances) replayed(ctx context.Context, conn *pgxpool.Conn) (*funnel.Stored, error) {
	stored := &funnel.Stored{Result: c.result, Replayed: true}
	if c.deal.IsZero() {
		return stored, nil
	}
	err := conn.QueryRow(ctx, "SELECT number, company_id FROM deals WHERE workspace_id = $1 AND id = $2", c.ID, c.deal).
		Scan(&stored.Number, &stored.Company)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("read the deal of a result: %w", err)
	}
	return stored, nil
}

func (c *circumstances) stands(was funnel.Session) bool {
	return c.talk.Version == was.Version && bytes.Equal(c.talk.Data, was.Data)
}

// queueCircumstances reads them with the company and the open spell of the deal, because one
// statement more costs about a thirtieth of a move. The spell is found by the deal's own counter.
func (s *Store) queueCircumstances(b *batch, snap *funnel.Snapshot, workspace funnel.ID, key funnel.Key, reads funnel.Reads) *circumstances {
	c := &circumstances{}
	known := s.known(workspace)
	c.known = known
	// The name of its last save stands in front of a conversation; see [saveName].
	args := []any{workspace, reads.Actor, key.Event, known.Version, reads.Talk.Member, reads.Talk.Place, s.clock()}
	switch {
	case !reads.Deal.IsZero():
		b.row(one(func(r pgx.Row) error { return c.scanWithDeal(r, snap) }, &c.found),
			circumstancesColumns+ofDealColumns+circumstancesTables+ofDealTables+" AND o.id = $8"+ofDealJoins+circumstancesWhere,
			append(args, reads.Deal)...)
	case reads.Number != 0:
		b.row(one(func(r pgx.Row) error { return c.scanWithDeal(r, snap) }, &c.found),
			circumstancesColumns+ofDealColumns+circumstancesTables+ofDealTables+" AND o.number = $8"+ofDealJoins+circumstancesWhere,
			append(args, reads.Number)...)
	default:
		b.row(one(c.scan, &c.found), circumstancesColumns+circumstancesTables+circumstancesWhere, args...)
	}
	return c
}

const (
	circumstancesColumns = `
	SELECT w.id, w.name, w.locale, w.zone, w.currency, w.version, CASE WHEN w.version <> $4 THEN w.calendar::text END,
	       m.id, m.team_id, coalesce(m.name, ''), coalesce(m.role, ''), coalesce(m.locale, ''), coalesce(m.zone, ''),
	       coalesce(m.active, false), coalesce(m.version, 0),
	       coalesce(m.plan_at, ''), coalesce(m.quiet_from, ''), coalesce(m.quiet_to, ''), m.away_until, m.plan_day,
	       h.intent, h.result, h.deal_id, coalesce(s.version, 0),
	       substring(s.data FROM 17)`
	ofDealColumns = `, c.workspace_id, c.id, coalesce(c.name, ''), coalesce(c.domain, ''), coalesce(c.tax_id, ''),
	       coalesce(c.industry, ''), coalesce(c.size, ''), coalesce(c.region, ''), c.custom,
	       p.deal_id, coalesce(p.seq, 0), coalesce(p.stage, ''), p.entered,
	       coalesce(p.amount_minor, 0), coalesce(p.currency, ''), p.recorded_at`
	circumstancesTables = `
	FROM workspaces w
	LEFT JOIN members m ON m.workspace_id = w.id AND m.id = $2
	LEFT JOIN handled_events h ON h.workspace_id = w.id AND h.key = $3
	LEFT JOIN sessions s ON s.workspace_id = w.id AND s.member_id = $5 AND s.place = $6 AND s.expires_at > $7`
	ofDealTables = `
	LEFT JOIN deals o ON o.workspace_id = w.id`
	ofDealJoins = `
	LEFT JOIN companies c ON c.workspace_id = o.workspace_id AND c.id = o.company_id
	LEFT JOIN spells p ON p.workspace_id = o.workspace_id AND p.deal_id = o.id AND p.seq = o.spells
		AND p.left_at IS NULL AND p.voided_at IS NULL`
	circumstancesWhere = `
	WHERE w.id = $1`
)

func (c *circumstances) fields() []any {
	m := &c.actor
	return []any{
		&c.ID, &c.Name, &c.Locale, &c.Zone, &c.Currency, &c.Version, &c.calendar,
		&m.ID, &m.Team, &m.Name, &m.Role, &m.Locale, &m.Zone, &m.Active, &m.Version,
		&m.PlanAt, &m.QuietFrom, &m.QuietTo, &m.AwayUntil, &m.PlanDay,
		&c.intent, &c.result, &c.deal, &c.talk.Version, &c.talk.Data,
	}
}

func (c *circumstances) scan(r pgx.Row) error {
	err := r.Scan(c.fields()...)
	c.actor.Workspace = c.ID
	return err
}

func (c *circumstances) scanWithDeal(r pgx.Row, snap *funnel.Snapshot) error {
	var company funnel.Company
	var p funnel.Spell
	fields := append(c.fields(), companyFields(&company)...)
	fields = append(fields, &p.Deal, &p.Seq, &p.Stage, &p.Entered, &p.Amount.Minor, &p.Amount.Currency, &p.RecordedAt)
	if err := r.Scan(fields...); err != nil {
		return err
	}
	c.actor.Workspace = c.ID
	if !company.ID.IsZero() && snap.Company == nil {
		snap.Company = &company
	}
	if p.Seq > 0 && snap.Deal != nil {
		snap.Deal.Spell = &p
	}
	return nil
}

// queueDeal locks the deal. What belongs to it is read by a later statement, which sees what a rival
// committed before the lock was had.
func queueDeal(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Deal.IsZero() && reads.Number == 0 {
		return
	}
	where, arg := "d.id = $2", any(reads.Deal)
	if reads.Deal.IsZero() {
		where, arg = "d.number = $2", reads.Number
	}
	var found bool
	b.row(one(func(r pgx.Row) error {
		st := &funnel.DealState{}
		err := r.Scan(dealFields(&st.Deal)...)
		if err == nil {
			snap.Deal = st
		}
		return err
	}, &found), "SELECT "+dealColumns+" FROM deals d WHERE d.workspace_id = $1 AND "+where+" FOR UPDATE", workspace, arg)
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

// settingsRow is a workspace whose calendar is not decoded yet, or was left out because it is known.
type settingsRow struct {
	funnel.Workspace
	calendar []byte
	known    funnel.Workspace
}

const settingsQuery = `SELECT id, name, locale, zone, currency, version, calendar::text FROM workspaces WHERE id = $1`

func (w *settingsRow) scan(r pgx.Row) error {
	return r.Scan(&w.ID, &w.Name, &w.Locale, &w.Zone, &w.Currency, &w.Version, &w.calendar)
}

// known is the workspace as it was decoded before, of version zero where it was not.
func (s *Store) known(id funnel.ID) funnel.Workspace {
	known, _ := s.workspaces.Load(id)
	w, _ := known.(funnel.Workspace)
	return w
}

// settings decodes the calendar, or takes the workspace as it was decoded before.
func (s *Store) settings(row *settingsRow) (funnel.Workspace, error) {
	if row.known.Version == 0 {
		row.known = s.known(row.ID)
	}
	if row.known.Version == row.Version {
		return row.known, nil
	}
	if err := json.Unmarshal(row.calendar, &row.Calendar); err != nil {
		return funnel.Workspace{}, fmt.Errorf("read the calendar of workspace %s: %w", row.ID, err)
	}
	s.workspaces.Store(row.ID, row.Workspace)
	return row.Workspace, nil
}
