package postgres

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
)

// write is the second trip: it stores everything and commits. Rows that only this deal has come
// first, the counter of deal numbers, which all new deals of a workspace share, comes last.
func (s *Store) write(
	ctx context.Context, conn *pgxpool.Conn, snap *funnel.Snapshot, key funnel.Key, w *funnel.Writes,
) (funnel.Stored, error) {
	out := funnel.Stored{Result: w.Result}
	// What a change takes out of the statistics leaves them in the instant in which it writes
	// anew, so that a report of any moment counts it once.
	ws, now := snap.Workspace.ID, w.Change.At
	if now.IsZero() {
		now = s.clock()
	}
	if w.Forget != nil {
		var err error
		if out.Talks, err = forget(ctx, conn, ws, w.Forget); err != nil {
			return out, err
		}
	}
	var b batch
	var deal funnel.ID
	if w.Deal != nil {
		deal = w.Deal.After.Deal.ID
		if w.NewCompany != nil {
			if err := queueNewCompany(&b, ws, w.NewCompany, now); err != nil {
				return out, err
			}
		}
		if err := queueDecision(&b, ws, w.Deal, now); err != nil {
			return out, err
		}
	}
	if w.Member != nil {
		m := w.Member
		// A plan that was sent stays sent, also where a change of its time is taken back.
		b.exec(`UPDATE members SET team_id = $3, name = $4, role = $5, locale = $6, zone = $7, active = $8, version = $9,
				plan_at = $10, quiet_from = $11, quiet_to = $12, away_until = $13, plan_day = greatest(plan_day, $14::date)
			WHERE workspace_id = $1 AND id = $2`, ws, m.ID, m.Team, m.Name, m.Role, m.Locale, m.Zone, m.Active, m.Version,
			m.PlanAt, m.QuietFrom, m.QuietTo, m.AwayUntil, m.PlanDay)
	}
	if err := queueAccess(&b, ws, snap.Actor.ID, &w.Access, now); err != nil {
		return out, err
	}
	queueDialog(&b, ws, w, now)
	if err := queueAnswers(&b, ws, w); err != nil {
		return out, err
	}
	if w.Contact != nil {
		queueContact(&b, ws, w.Contact, now)
	}
	queueQuotaSet(&b, ws, w.Quota)
	queueNudged(&b, ws, snap.Actor.ID, w, now)
	if err := queueDigest(&b, ws, w); err != nil {
		return out, err
	}
	if err := queueAudit(&b, ws, w, now); err != nil {
		return out, err
	}
	s.queueResult(&b, ws, deal, key, w, now)
	if w.Deal != nil && w.Deal.IsNew() {
		if err := queueNewDeal(&b, w, &out); err != nil {
			return out, err
		}
	}
	if w.Deal != nil {
		if err := queueNotices(&b, snap.Workspace, w.Deal.Notices, w.Deal.IsNew(), now); err != nil {
			return out, err
		}
	}
	if err := queueNotices(&b, snap.Workspace, w.Notices, false, now); err != nil {
		return out, err
	}
	b.exec("COMMIT")
	if err := conn.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return out, fmt.Errorf("write: %w", err)
	}
	return out, nil
}

func queueDecision(b *batch, ws funnel.ID, d *funnel.Decision, now time.Time) error {
	if !d.IsNew() {
		if err := queueDealAfter(b, d); err != nil {
			return err
		}
	}
	queueSpells(b, ws, d, now)
	queueMoves(b, ws, d)
	queueActivities(b, ws, d, now)
	queueContract(b, ws, d, now)
	queueCustomer(b, ws, d)
	queueSeats(b, ws, d, now)
	return queueQualified(b, ws, d, now)
}

// queueDealAfter stores the deal as it is now. A move, which is what people do most, changes a few
// columns; the others are left out, which saves both ends the work.
func queueDealAfter(b *batch, d *funnel.Decision) error {
	is, moved := &d.After.Deal, d.Before.Deal
	moved.Stage, moved.StageSince, moved.LastMoveAt = is.Stage, is.StageSince, is.LastMoveAt
	moved.Version, moved.Moves, moved.Spells = is.Version, is.Moves, is.Spells
	if reflect.DeepEqual(&moved, is) {
		b.exec(moveDeal, is.Workspace, is.ID, is.Stage, is.StageSince, is.LastMoveAt, is.Version, is.Moves, is.Spells)
		return nil
	}
	values, err := dealValues(is)
	if err != nil {
		return err
	}
	b.exec(updateDeal, values...)
	return nil
}

const moveDeal = `
	UPDATE deals SET stage = $3, stage_since = $4, last_move_at = $5, version = $6, moves = $7, spells = $8
	WHERE workspace_id = $1 AND id = $2`

// queueCustomer stores the fields of the company that the decision changed, and no others: somebody
// may be changing those through another deal.
func queueCustomer(b *batch, ws funnel.ID, d *funnel.Decision) {
	c, was := d.Customer, d.CustomerWas
	if c == nil || was == nil {
		return
	}
	changed := func(now, before string) *string {
		if now == before {
			return nil
		}
		return &now
	}
	b.exec(`UPDATE companies SET name = coalesce($3, name), name_key = coalesce($4, name_key), domain = coalesce($5, domain),
			tax_id = coalesce($6, tax_id), industry = coalesce($7, industry), size = coalesce($8, size), region = coalesce($9, region)
		WHERE workspace_id = $1 AND id = $2`,
		ws, c.ID, changed(c.Name, was.Name), changed(funnel.NameKey(c.Name), funnel.NameKey(was.Name)),
		changed(c.Domain, was.Domain), changed(c.TaxID, was.TaxID), changed(c.Industry, was.Industry),
		changed(c.Size, was.Size), changed(c.Region, was.Region))
}

const updateDeal = `
	UPDATE deals SET company_id = $3, title = $4, owner_id = $5, kind = $6, stage = $7,
		amount_minor = $8, currency = $9, basis = $10, source = $11, signal = $12, pain = $13, effect = $14,
		closing = $15, custom = $16, outcome = $17, reason = $18, parked_until = $19, parked_from = $20,
		next_what = $21, next_on = $22, next_at = $23, remind_at = $24, opened_at = $25, stage_since = $26,
		closed_at = $27, signed_at = $28, signing = $29, historical = $30, external_id = $31, voided_at = $32,
		version = $33, moves = $34, spells = $35, last_move_at = $36, renews = $37
	WHERE workspace_id = $1 AND id = $2`

func queueSpells(b *batch, ws funnel.ID, d *funnel.Decision, now time.Time) {
	deal := d.After.Deal.ID
	if d.VoidSpellsFrom > 0 {
		b.exec(`UPDATE spells SET voided_at = $4
			WHERE workspace_id = $1 AND deal_id = $2 AND seq >= $3 AND voided_at IS NULL`, ws, deal, d.VoidSpellsFrom, now)
	}
	for i := range d.Closed {
		p := &d.Closed[i]
		b.exec(`UPDATE spells SET left_at = $4, exit = $5, destination = $6, left_recorded_at = $7
			WHERE workspace_id = $1 AND deal_id = $2 AND seq = $3`,
			ws, deal, p.Seq, p.Left, p.Exit, p.Destination, p.LeftRecordedAt)
	}
	for i := range d.Opened {
		p := &d.Opened[i]
		b.exec(`INSERT INTO spells (workspace_id, deal_id, seq, stage, entered, left_at, exit, destination,
				amount_minor, currency, recorded_at, left_recorded_at, voided_at, kind)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			ws, deal, p.Seq, p.Stage, p.Entered, p.Left, p.Exit, p.Destination,
			p.Amount.Minor, p.Amount.Currency, p.RecordedAt, p.LeftRecordedAt, p.VoidedAt, d.After.Deal.Kind)
	}
}

func queueMoves(b *batch, ws funnel.ID, d *funnel.Decision) {
	for i := range d.Moves {
		m := &d.Moves[i]
		b.exec(`INSERT INTO moves (workspace_id, deal_id, seq, kind, from_stage, to_stage, actor_id,
				effective_at, recorded_at, reason, note, origin, external_id, undoes)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			ws, m.Deal, m.Seq, m.Kind, m.From, m.To, m.Actor, m.EffectiveAt, m.RecordedAt, m.Reason, m.Note, m.Origin,
			m.External, m.Undoes)
	}
}

func queueActivities(b *batch, ws funnel.ID, d *funnel.Decision, now time.Time) {
	for i := range d.Activities {
		a := &d.Activities[i]
		b.exec(`INSERT INTO activities (workspace_id, deal_id, id, kind, direction, text, at, recorded_at, member_id,
				origin, external_id, ref, people)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			ws, a.Deal, a.ID, a.Kind, a.Direction, a.Text, a.At, a.RecordedAt, a.Member, a.Origin, a.External, a.Ref, a.People)
	}
	for _, id := range d.VoidActivities {
		b.exec(`UPDATE activities SET voided_at = $4 WHERE workspace_id = $1 AND deal_id = $2 AND id = $3`,
			ws, d.After.Deal.ID, id, now)
	}
}

func queueContract(b *batch, ws funnel.ID, d *funnel.Decision, now time.Time) {
	deal := d.After.Deal.ID
	const live = ` WHERE workspace_id = $1 AND deal_id = $2 AND voided_at IS NULL`
	if !d.Contract.Restore.IsZero() {
		b.exec(`UPDATE contracts SET voided_at = NULL
			WHERE workspace_id = $1 AND deal_id = $2 AND voided_at = $3`, ws, deal, d.Contract.Restore)
	}
	if d.Contract.Void {
		b.exec(`UPDATE contracts SET voided_at = $3`+live, ws, deal, now)
	}
	if c := d.Contract.Sign; c != nil {
		b.exec(`INSERT INTO contracts (workspace_id, deal_id, id, company_id, value_minor, currency, basis, signed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			ws, deal, c.ID, c.Company, c.Value.Minor, c.Value.Currency, c.Basis, c.SignedAt)
	}
	if d.Contract.Revalue {
		amount := d.After.Deal.Amount
		b.exec(`UPDATE contracts SET value_minor = $3, currency = $4, basis = $5`+live,
			ws, deal, amount.Minor, amount.Currency, d.After.Deal.Basis)
	}
	if !d.Contract.StartedAt.IsZero() {
		b.exec(`UPDATE contracts SET started_at = $3`+live, ws, deal, d.Contract.StartedAt)
	}
	if d.Contract.Unstart {
		b.exec(`UPDATE contracts SET started_at = NULL`+live, ws, deal)
	}
}

func queueAudit(b *batch, ws funnel.ID, w *funnel.Writes, now time.Time) error {
	if w.Undone != (funnel.ChangeRef{}) {
		b.exec(`UPDATE changes SET undone_at = $4 WHERE workspace_id = $1 AND subject_id = $2 AND version = $3`,
			ws, w.Undone.Subject, w.Undone.Version, now)
	}
	c := &w.Change
	if c.Version == 0 {
		return nil
	}
	before, err := marshal(c.Before)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO changes (workspace_id, subject_id, version, of_deal, member_id, verb, origin, at, before)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		ws, c.Subject, c.Version, c.OfDeal, c.Member, c.Verb, c.Origin, c.At, before)
	return nil
}

func queueNewCompany(b *batch, ws funnel.ID, c *funnel.Company, now time.Time) error {
	custom, err := nullable(c.Custom, len(c.Custom) == 0)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO companies (workspace_id, id, name, name_key, domain, tax_id, industry, size, region, custom, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT ON CONSTRAINT companies_name DO NOTHING`,
		ws, c.ID, c.Name, funnel.NameKey(c.Name), c.Domain, c.TaxID, c.Industry, c.Size, c.Region, custom, now)
	return nil
}

// queueNewDeal takes the next number of the workspace. The company is looked up by its name where
// it is new, because another transaction may have been faster to store one of the same name.
func queueNewDeal(b *batch, w *funnel.Writes, out *funnel.Stored) error {
	values, err := dealValues(&w.Deal.After.Deal)
	if err != nil {
		return err
	}
	key := ""
	if w.NewCompany != nil {
		key = funnel.NameKey(w.NewCompany.Name)
	}
	b.row(func(r pgx.Row) error { return r.Scan(&out.Number, &out.Company) }, `
		WITH n AS (
			INSERT INTO deal_counters AS c (workspace_id, last) VALUES ($1, 1)
			ON CONFLICT (workspace_id) DO UPDATE SET last = c.last + 1
			RETURNING last
		)
		INSERT INTO deals (workspace_id, id, company_id, title, owner_id, kind, stage,
			amount_minor, currency, basis, source, signal, pain, effect, closing, custom,
			outcome, reason, parked_until, parked_from, next_what, next_on, next_at, remind_at,
			opened_at, stage_since, closed_at, signed_at, signing, historical, external_id,
			voided_at, version, moves, spells, last_move_at, renews, number)
		SELECT $1, $2, coalesce((SELECT id FROM companies WHERE workspace_id = $1 AND name_key = $38), $3),
			$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			$17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, n.last
		FROM n
		RETURNING number, company_id`, append(values, key)...)
	return nil
}

// queueNotices leaves messages in the outbox, or beside it where they wait for their receiver. A new
// deal has no number before it is stored, so they come after it and take the number from there.
func queueNotices(b *batch, w funnel.Workspace, notices []funnel.Notification, newDeal bool, now time.Time) error {
	for i := range notices {
		n := &notices[i]
		if n.Held {
			if err := queueHeld(b, w.ID, n, newDeal, now); err != nil {
				return err
			}
			continue
		}
		if err := queueOwed(b, w, n, newDeal, now); err != nil {
			return err
		}
	}
	return nil
}
