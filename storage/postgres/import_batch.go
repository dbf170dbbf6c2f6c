package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// importBatch is one batch on its way from rows to stored deals. It implements [funnel.Names].
type importBatch struct {
	run    *importRun
	groups []group
	now    time.Time

	// known are stored deals by the identifiers that rows call them by.
	known     map[string]*funnel.KnownDeal
	companies map[string]funnel.Company
	// fresh are companies that new deals need and that are not stored.
	fresh []funnel.Company
	done  []*funnel.Imported
}

// judge reads what is stored of the batch's deals and lets the core judge its rows.
func (b *importBatch) judge(ctx context.Context, tx pgx.Tx, lock string) error {
	if err := b.read(ctx, tx, lock); err != nil {
		return err
	}
	stored := len(b.companies)
	b.done = make([]*funnel.Imported, len(b.groups))
	used := map[funnel.ID]bool{}
	for i := range b.groups {
		rows := b.groups[i].rows
		b.done[i] = b.run.im.Fold(rows, b.known[rows[0].Case], b)
		used[b.done[i].After.Deal.Company] = true
	}
	if len(b.companies) == stored {
		return nil
	}
	for _, c := range b.companies {
		if c.Workspace.IsZero() && used[c.ID] {
			c.Workspace = b.run.im.Workspace.ID
			b.fresh = append(b.fresh, c)
		}
	}
	return nil
}

// Company implements [funnel.Names]. Companies that are not stored yet carry no workspace.
func (b *importBatch) Company(c funnel.Company) funnel.Company {
	key := funnel.NameKey(c.Name)
	if known, ok := b.companies[key]; ok {
		return known
	}
	c.ID = b.run.im.IDs()
	b.companies[key] = c
	return c
}

// Member implements [funnel.Names].
func (b *importBatch) Member(name string) funnel.Member { return b.run.members[personKey(name)] }

func personKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// people finds the members that rows name, and makes those who are missing where the import may.
func (r *importRun) people(ctx context.Context, names map[string]struct{}) error {
	rows, err := r.pool.Query(ctx, "SELECT "+memberColumns+` FROM members m
		WHERE m.workspace_id = $1 ORDER BY m.created_at DESC, m.id DESC`, r.im.Workspace.ID)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	here, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (funnel.Member, error) {
		var m funnel.Member
		err := row.Scan(memberFields(&m)...)
		return m, err
	})
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	r.members = map[string]funnel.Member{}
	for _, m := range here {
		r.members[personKey(m.Name)] = m // The longest here comes last, and wins over namesakes.
	}
	if !r.im.CreateOwners {
		return nil
	}
	var missing []funnel.Member
	for name := range names {
		if _, ok := r.members[personKey(name)]; ok || strings.TrimSpace(name) == "" || len(name) > 4*funnel.MaxName {
			continue
		}
		m := funnel.Member{
			Workspace: r.im.Workspace.ID, ID: r.im.IDs(), Name: strings.TrimSpace(name), Role: funnel.Rep,
			Locale: r.im.Workspace.Locale, Active: true, Version: 1,
		}
		r.members[personKey(name)] = m
		missing = append(missing, m)
	}
	r.sum.Members = int64(len(missing))
	if r.im.DryRun || len(missing) == 0 {
		return nil
	}
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error { return r.join(ctx, tx, missing) })
}

// join stores members who have no identity, so that nobody can sign in as them.
func (r *importRun) join(ctx context.Context, tx pgx.Tx, missing []funnel.Member) error {
	var b pgx.Batch
	for i := range missing {
		m := &missing[i]
		b.Queue(`INSERT INTO members (workspace_id, id, team_id, name, role, locale, zone, active, version, created_at)
			VALUES ($1, $2, (SELECT id FROM teams WHERE workspace_id = $1 ORDER BY id LIMIT 1), $3, $4, $5, $6, $7, $8, $9)`,
			m.Workspace, m.ID, m.Name, m.Role, m.Locale, m.Zone, m.Active, m.Version, r.clock())
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("store owners: %w", err)
	}
	return nil
}

// read reads the deals of the batch that are stored, and the companies of its names.
func (b *importBatch) read(ctx context.Context, tx pgx.Tx, lock string) error {
	b.known, b.companies, b.fresh = map[string]*funnel.KnownDeal{}, map[string]funnel.Company{}, nil
	ws := b.run.im.Workspace.ID
	cases, ids, keys := b.asked()
	byID := map[funnel.ID]*funnel.KnownDeal{}
	var q batch
	// Trigram indexes answer equality, too, a hundred times slower than the unique ones; a planner
	// that has no statistics of a table that is just being filled takes them. They need bitmaps.
	q.exec(`SET LOCAL enable_bitmapscan = off`)
	deals := func(where string, arg any) {
		q.Queue("SELECT "+dealColumns+" FROM deals d WHERE d.workspace_id = $1 AND "+where+" ORDER BY d.id"+lock, ws, arg).
			Query(func(rows pgx.Rows) error {
				var d funnel.Deal
				_, err := pgx.ForEachRow(rows, dealFields(&d), func() error {
					k := &funnel.KnownDeal{State: funnel.DealState{Deal: d}, Moves: map[string]bool{}, Activities: map[string]bool{}}
					b.known[d.Case()], b.known[d.ID.String()], byID[d.ID] = k, k, k
					d = funnel.Deal{}
					return nil
				})
				return err
			})
	}
	deals("d.external_id = ANY($2) AND d.external_id <> ''", cases)
	if len(ids) > 0 {
		deals("d.id = ANY($2)", ids)
	}
	q.Queue("SELECT "+companyColumns+", c.name_key FROM companies c WHERE c.workspace_id = $1 AND c.name_key = ANY($2)", ws, keys).
		Query(func(rows pgx.Rows) error {
			var c funnel.Company
			var key string
			_, err := pgx.ForEachRow(rows, append(companyFields(&c), &key), func() error {
				b.companies[key] = c
				c = funnel.Company{}
				return nil
			})
			return err
		})
	if err := tx.SendBatch(ctx, &q.Batch).Close(); err != nil {
		return fmt.Errorf("read the deals of a batch: %w", err)
	}
	if len(byID) == 0 {
		return nil
	}
	return b.readHistory(ctx, tx, byID)
}

// asked are the identifiers and names that the batch calls deals and companies by.
func (b *importBatch) asked() (cases []string, ids []funnel.ID, keys []string) {
	seen := map[string]bool{}
	for i := range b.groups {
		rows := b.groups[i].rows
		cases = append(cases, rows[0].Case)
		if id, err := funnel.ParseID(rows[0].Case); err == nil {
			ids = append(ids, id)
		}
		for j := range rows {
			if d := rows[j].Deal; d != nil && d.Company.Name != "" {
				if key := funnel.NameKey(d.Company.Name); !seen[key] {
					seen[key] = true
					keys = append(keys, key)
				}
			}
		}
	}
	return cases, ids, keys
}

// readHistory reads what is stored of known deals: the open stay, and what identifies their moves
// and activities.
func (b *importBatch) readHistory(ctx context.Context, tx pgx.Tx, byID map[funnel.ID]*funnel.KnownDeal) error {
	ws := b.run.im.Workspace.ID
	ids := make([]funnel.ID, 0, len(byID))
	for id := range byID {
		ids = append(ids, id)
	}
	var q batch
	q.Queue(`SELECT p.deal_id, p.seq, p.stage, p.entered, p.amount_minor, p.currency, p.recorded_at
		FROM spells p JOIN deals d ON d.workspace_id = p.workspace_id AND d.id = p.deal_id AND d.spells = p.seq
		WHERE p.workspace_id = $1 AND p.deal_id = ANY($2) AND p.left_at IS NULL AND p.voided_at IS NULL`, ws, ids).
		Query(func(rows pgx.Rows) error {
			var p funnel.Spell
			_, err := pgx.ForEachRow(rows, []any{
				&p.Deal, &p.Seq, &p.Stage, &p.Entered, &p.Amount.Minor, &p.Amount.Currency, &p.RecordedAt,
			}, func() error {
				spell := p
				byID[p.Deal].State.Spell = &spell
				return nil
			})
			return err
		})
	q.Queue(`SELECT d.id, c.name, coalesce(o.name, '') FROM deals d
		JOIN companies c ON c.workspace_id = d.workspace_id AND c.id = d.company_id
		LEFT JOIN members o ON o.workspace_id = d.workspace_id AND o.id = d.owner_id
		WHERE d.workspace_id = $1 AND d.id = ANY($2)`, ws, ids).
		Query(func(rows pgx.Rows) error {
			var deal funnel.ID
			var company, owner string
			_, err := pgx.ForEachRow(rows, []any{&deal, &company, &owner}, func() error {
				byID[deal].Company, byID[deal].Owner = company, owner
				return nil
			})
			return err
		})
	q.Queue(`SELECT deal_id, seq, recorded_at, external_id FROM moves WHERE workspace_id = $1 AND deal_id = ANY($2)`, ws, ids).
		Query(func(rows pgx.Rows) error {
			var m funnel.Move
			_, err := pgx.ForEachRow(rows, []any{&m.Deal, &m.Seq, &m.RecordedAt, &m.External}, func() error {
				byID[m.Deal].Moves[m.Key()] = true
				return nil
			})
			return err
		})
	q.Queue(`SELECT deal_id, id, external_id FROM activities WHERE workspace_id = $1 AND deal_id = ANY($2)`, ws, ids).
		Query(func(rows pgx.Rows) error {
			var a funnel.Activity
			_, err := pgx.ForEachRow(rows, []any{&a.Deal, &a.ID, &a.External}, func() error {
				byID[a.Deal].Activities[a.Key()] = true
				return nil
			})
			return err
		})
	if err := tx.SendBatch(ctx, &q.Batch).Close(); err != nil {
		return fmt.Errorf("read the history of a batch: %w", err)
	}
	return nil
}
