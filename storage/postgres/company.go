package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// companyDeals is how many deals a company's card shows.
const companyDeals = 20

// Company implements [funnel.Reader].
func (s *Store) Company(ctx context.Context, workspace, id funnel.ID) (*funnel.CompanyView, error) {
	var v funnel.CompanyView
	var found bool
	err := s.retry(ctx, func(ctx context.Context) error {
		b := companyBatch(&v, &found, workspace, id)
		return s.pool.SendBatch(ctx, &b.Batch).Close()
	})
	if err != nil {
		return nil, fmt.Errorf("read company %s: %w", id, err)
	}
	if !found {
		return nil, nil
	}
	return &v, nil
}

func companyBatch(v *funnel.CompanyView, found *bool, workspace, id funnel.ID) *batch {
	var b batch
	b.row(one(func(r pgx.Row) error { return r.Scan(companyFields(&v.Company)...) }, found),
		"SELECT "+companyColumns+" FROM companies c WHERE c.workspace_id = $1 AND c.id = $2", workspace, id)
	b.Queue("SELECT "+contactColumns+` FROM contacts t
		WHERE t.workspace_id = $1 AND t.company_id = $2 AND t.forgotten_at IS NULL ORDER BY t.name, t.id`, workspace, id).
		Query(func(rows pgx.Rows) error {
			var err error
			v.Contacts, err = pgx.CollectRows(rows, scanContact)
			return err
		})
	b.Queue("SELECT "+viewColumns+viewFrom+`
		WHERE d.workspace_id = $1 AND d.company_id = $2 AND d.voided_at IS NULL
		ORDER BY d.outcome = 'open' DESC, d.last_move_at DESC LIMIT $3`, workspace, id, companyDeals).
		Query(func(rows pgx.Rows) error {
			var err error
			v.Deals, err = pgx.CollectRows(rows, scanView)
			return err
		})
	return &b
}
