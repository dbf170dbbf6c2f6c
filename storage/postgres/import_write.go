package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// write stores a batch that was judged. What only these deals have comes first; the counter of deal
// numbers, which chat needs too, is locked last.
func (b *importBatch) write(ctx context.Context, tx pgx.Tx) error {
	if err := b.writeCompanies(ctx, tx); err != nil {
		return err
	}
	if err := b.update(ctx, tx); err != nil {
		return err
	}
	for _, t := range b.tables() {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("store %s: %w", t.name, err)
		}
	}
	return b.writeDeals(ctx, tx)
}

func (b *importBatch) writeCompanies(ctx context.Context, tx pgx.Tx) error {
	if len(b.fresh) == 0 {
		return nil
	}
	// The same order everywhere keeps two writers of the same names from waiting for each other.
	slices.SortFunc(b.fresh, func(x, y funnel.Company) int {
		return strings.Compare(funnel.NameKey(x.Name), funnel.NameKey(y.Name))
	})
	var q pgx.Batch
	stored := 0
	for i := range b.fresh {
		c := &b.fresh[i]
		q.Queue(`INSERT INTO companies (workspace_id, id, name, name_key, domain, tax_id, industry, size, region, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT ON CONSTRAINT companies_name DO NOTHING RETURNING 1`,
			c.Workspace, c.ID, c.Name, funnel.NameKey(c.Name), c.Domain, c.TaxID, c.Industry, c.Size, c.Region, b.now).
			Query(func(rows pgx.Rows) error {
				for rows.Next() {
					stored++
				}
				return rows.Err()
			})
	}
	if err := tx.SendBatch(ctx, &q).Close(); err != nil {
		return fmt.Errorf("store companies: %w", err)
	}
	if stored < len(b.fresh) {
		return errRival
	}
	return nil
}

// update changes the rows of deals that were known before.
func (b *importBatch) update(ctx context.Context, tx pgx.Tx) error {
	ws := b.run.im.Workspace.ID
	var q batch
	for _, d := range b.done {
		if d.IsNew() || !d.Changed() {
			continue
		}
		deal := &d.After.Deal
		values, err := dealValues(deal)
		if err != nil {
			return err
		}
		q.exec(updateDeal, values...)
		if d.VoidSpellsFrom > 0 {
			q.exec(`UPDATE spells SET voided_at = $5
				WHERE workspace_id = $1 AND deal_id = $2 AND seq BETWEEN $3 AND $4 AND voided_at IS NULL`,
				ws, deal.ID, d.VoidSpellsFrom, d.Before.Deal.Spells, d.VoidedAt)
		}
		for i := range d.Ended {
			p := &d.Ended[i]
			q.exec(`UPDATE spells SET left_at = $4, exit = $5, destination = $6, left_recorded_at = $7
				WHERE workspace_id = $1 AND deal_id = $2 AND seq = $3`,
				ws, deal.ID, p.Seq, p.Left, p.Exit, p.Destination, p.LeftRecordedAt)
		}
		if deal.Company != d.Before.Deal.Company {
			q.exec(`UPDATE contracts SET company_id = $3 WHERE workspace_id = $1 AND deal_id = $2 AND voided_at IS NULL`,
				ws, deal.ID, deal.Company)
		}
		queueContract(&q, ws, &funnel.Decision{After: d.After, Contract: d.Contract}, d.VoidedAt)
	}
	if q.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, &q.Batch).Close(); err != nil {
		return fmt.Errorf("update known deals: %w", err)
	}
	return nil
}

// table is rows for COPY.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

// tables are the new rows of a batch besides deals and companies.
func (b *importBatch) tables() []table {
	ws := b.run.im.Workspace.ID
	moves := table{name: "moves", columns: []string{
		"workspace_id", "deal_id", "seq", "kind", "from_stage", "to_stage", "actor_id", "effective_at", "recorded_at", "reason",
		"note", "origin", "external_id", "undoes",
	}}
	spells := table{name: "spells", columns: []string{
		"workspace_id", "deal_id", "seq", "stage", "entered", "left_at", "exit", "destination", "amount_minor", "currency",
		"recorded_at", "left_recorded_at", "voided_at", "kind",
	}}
	activities := table{name: "activities", columns: []string{
		"workspace_id", "deal_id", "id", "kind", "direction", "text", "at", "recorded_at", "member_id", "origin", "external_id",
	}}
	contracts := table{name: "contracts", columns: []string{
		"workspace_id", "deal_id", "id", "company_id", "value_minor", "currency", "basis", "signed_at", "started_at", "voided_at",
	}}
	for _, d := range b.done {
		deal := d.After.Deal.ID
		for i := range d.Moves {
			m := &d.Moves[i]
			moves.rows = append(moves.rows, []any{
				ws, deal, m.Seq, string(m.Kind), string(m.From), string(m.To), m.Actor, m.EffectiveAt, m.RecordedAt, m.Reason, m.Note,
				string(m.Origin), m.External, m.Undoes,
			})
		}
		for i := range d.Spells {
			p := &d.Spells[i]
			spells.rows = append(spells.rows, []any{
				ws, deal, p.Seq, string(p.Stage), p.Entered, p.Left, string(p.Exit), string(p.Destination), p.Amount.Minor,
				string(p.Amount.Currency), p.RecordedAt, p.LeftRecordedAt, p.VoidedAt, string(d.After.Deal.Kind),
			})
		}
		for i := range d.Activities {
			a := &d.Activities[i]
			activities.rows = append(activities.rows, []any{
				ws, deal, a.ID, string(a.Kind), string(a.Direction), a.Text, a.At, a.RecordedAt, a.Member, string(a.Origin), a.External,
			})
		}
		for i := range d.Contracts {
			c := &d.Contracts[i]
			contracts.rows = append(contracts.rows, []any{
				ws, deal, c.ID, c.Company, c.Value.Minor, string(c.Value.Currency), string(c.Basis), c.SignedAt, c.StartedAt, c.VoidedAt,
			})
		}
	}
	return []table{moves, spells, activities, contracts, b.audit()}
}

// verbImport is the verb of imports in the audit.
const verbImport = "import"

// audit has one record for each deal: whoever looks for what a member changed finds that the import
// came after it.
func (b *importBatch) audit() table {
	t := table{name: "changes", columns: []string{
		"workspace_id", "subject_id", "version", "of_deal", "verb", "origin", "at", "before",
	}}
	for _, d := range b.done {
		if !d.Changed() {
			continue
		}
		before := "{}"
		if !d.IsNew() {
			if kept, err := marshal(funnel.Before{Deal: &d.Before.Deal, Spell: d.Before.Spell}); err == nil {
				before = string(kept)
			}
		}
		t.rows = append(t.rows, []any{
			b.run.im.Workspace.ID, d.After.Deal.ID, d.After.Deal.Version, true, verbImport, string(funnel.FromImport), b.now, before,
		})
	}
	return t
}

// writeDeals numbers the new deals and stores them.
func (b *importBatch) writeDeals(ctx context.Context, tx pgx.Tx) error {
	var fresh []*funnel.Imported
	for _, d := range b.done {
		if d.IsNew() {
			fresh = append(fresh, d)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := b.number(ctx, tx, fresh); err != nil {
		return err
	}
	columns := append(strings.FieldsFunc(strings.ReplaceAll(dealColumns, "d.", ""), func(r rune) bool {
		return r == ',' || r == ' ' || r == '\n' || r == '\t'
	}), "number")
	// The number stands last, as in the values.
	columns = slices.Delete(columns, 2, 3)
	rows := make([][]any, len(fresh))
	for i, d := range fresh {
		values, err := dealValues(&d.After.Deal)
		if err != nil {
			return err
		}
		rows[i] = append(values, d.After.Deal.Number)
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"deals"}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("store deals: %w", err)
	}
	return nil
}

// maxWished is the largest number that a deal may bring along: numbers are typed by people.
const maxWished = 1_000_000_000

// number gives new deals the number that they had where they come from, if it is free here, else
// the next ones of the workspace.
func (b *importBatch) number(ctx context.Context, tx pgx.Tx, fresh []*funnel.Imported) error {
	ws := b.run.im.Workspace.ID
	var last int64
	if err := tx.QueryRow(ctx, `INSERT INTO deal_counters AS c (workspace_id, last) VALUES ($1, 0)
		ON CONFLICT (workspace_id) DO UPDATE SET last = c.last RETURNING last`, ws).Scan(&last); err != nil {
		return fmt.Errorf("lock the counter of deals: %w", err)
	}
	taken, err := b.taken(ctx, tx, fresh)
	if err != nil {
		return err
	}
	for _, d := range fresh {
		if n := d.Number; n > 0 && n <= maxWished && !taken[n] {
			taken[n] = true
			d.After.Deal.Number = n
			last = max(last, n)
		}
	}
	for _, d := range fresh {
		if d.After.Deal.Number == 0 {
			last++
			d.After.Deal.Number = last
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE deal_counters SET last = $2 WHERE workspace_id = $1`, ws, last); err != nil {
		return fmt.Errorf("count the deals: %w", err)
	}
	return nil
}

// taken returns which of the wished numbers other deals have.
func (b *importBatch) taken(ctx context.Context, tx pgx.Tx, fresh []*funnel.Imported) (map[int64]bool, error) {
	taken := map[int64]bool{}
	var wished []int64
	for _, d := range fresh {
		if d.Number > 0 {
			wished = append(wished, d.Number)
		}
	}
	if len(wished) == 0 {
		return taken, nil
	}
	rows, err := tx.Query(ctx, `SELECT number FROM deals WHERE workspace_id = $1 AND number = ANY($2)`, b.run.im.Workspace.ID, wished)
	if err != nil {
		return nil, fmt.Errorf("read taken numbers: %w", err)
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("read taken numbers: %w", err)
	}
	for _, n := range numbers {
		taken[n] = true
	}
	return taken, nil
}
