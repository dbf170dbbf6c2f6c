package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// viewFrom joins what a card needs besides the deal.
const viewColumns = dealColumns + `, c.name, coalesce(o.name, '')`

const viewFrom = ` FROM deals d
	JOIN companies c ON c.workspace_id = d.workspace_id AND c.id = d.company_id
	LEFT JOIN members o ON o.workspace_id = d.workspace_id AND o.id = d.owner_id`

func viewFields(v *funnel.DealView) []any {
	return append(dealFields(&v.Deal), &v.CompanyName, &v.OwnerName)
}

// recentActivities is how many activities a card shows.
const recentActivities = 5

// Deal implements [funnel.Reader].
func (s *Store) Deal(ctx context.Context, workspace, id funnel.ID, number int64) (*funnel.DealView, error) {
	where, arg := "d.id = $2", any(id)
	if id.IsZero() {
		where, arg = "d.number = $2", number
	}
	var v funnel.DealView
	var found bool
	err := s.retry(ctx, func(ctx context.Context) error {
		b := dealBatch(&v, &found, workspace, where, arg)
		return s.pool.SendBatch(ctx, &b.Batch).Close()
	})
	if err != nil {
		return nil, fmt.Errorf("read deal %s #%d: %w", id, number, err)
	}
	if !found {
		return nil, nil
	}
	if len(v.Recent) > 0 {
		v.LastTouch = v.Recent[0].At
	}
	return &v, nil
}

// Outline implements [funnel.Reader].
func (s *Store) Outline(ctx context.Context, workspace, id funnel.ID) (*funnel.DealView, error) {
	var v funnel.DealView
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, "SELECT "+viewColumns+viewFrom+" WHERE d.workspace_id = $1 AND d.id = $2", workspace, id).
			Scan(viewFields(&v)...)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read deal %s: %w", id, err)
	}
	return &v, nil
}

func dealBatch(v *funnel.DealView, found *bool, workspace funnel.ID, where string, arg any) *batch {
	var b batch
	b.row(one(func(r pgx.Row) error {
		var q funnel.Qualified
		err := r.Scan(append(viewFields(v), qualifiedFields(&q)...)...)
		if q.Seq > 0 {
			v.Qualified = &q
		}
		return err
	}, found), "SELECT "+viewColumns+", "+qualifiedColumns+viewFrom+`
		LEFT JOIN LATERAL (`+lastQualified+") q ON true WHERE d.workspace_id = $1 AND "+where, workspace, arg)
	queueCommittee(&b, func(chairs []funnel.ChairView) { v.Committee = chairs }, where, workspace, arg)
	b.Queue(`
		SELECT a.id, a.deal_id, a.kind, a.direction, a.text, a.at, a.recorded_at, a.member_id, a.origin, a.external_id, a.ref,
			a.people
		FROM deals d JOIN activities a ON a.workspace_id = d.workspace_id AND a.deal_id = d.id
		WHERE d.workspace_id = $1 AND `+where+` AND a.voided_at IS NULL
		ORDER BY a.at DESC, a.recorded_at DESC LIMIT $3`, workspace, arg, recentActivities).
		Query(func(rows pgx.Rows) error {
			var err error
			v.Recent, err = pgx.CollectRows(rows, scanActivity)
			return err
		})
	return &b
}

func scanActivity(r pgx.CollectableRow) (funnel.Activity, error) {
	var a funnel.Activity
	err := r.Scan(&a.ID, &a.Deal, &a.Kind, &a.Direction, &a.Text, &a.At, &a.RecordedAt, &a.Member, &a.Origin, &a.External, &a.Ref, &a.People)
	return a, err
}

// LastDeal implements [funnel.Reader].
func (s *Store) LastDeal(ctx context.Context, workspace, member funnel.ID, since time.Time) (funnel.ID, error) {
	var id funnel.ID
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `
			SELECT c.subject_id FROM changes c
			JOIN deals d ON d.workspace_id = c.workspace_id AND d.id = c.subject_id AND d.voided_at IS NULL
			WHERE c.workspace_id = $1 AND c.member_id = $2 AND c.at >= $3 AND c.of_deal AND c.origin <> 'import' AND c.verb <> 'transfer'
			ORDER BY c.at DESC, c.version DESC LIMIT 1`, workspace, member, since).Scan(&id)
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return id, fmt.Errorf("read the last deal of member %s: %w", member, err)
	}
	return id, nil
}

// LastChange implements [funnel.Reader]. What a member imported is not a change of one deal that
// could be taken back, and neither is what was changed of who may speak and where.
func (s *Store) LastChange(ctx context.Context, workspace, member funnel.ID) (*funnel.Change, error) {
	var c funnel.Change
	err := s.retry(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `
			SELECT c.subject_id, c.version, c.of_deal, c.member_id, c.verb, c.origin, c.at, c.undone_at, c.before
			FROM changes c
			WHERE c.workspace_id = $1 AND c.member_id = $2 AND c.undone_at IS NULL AND c.verb <> 'undo'
			  AND c.origin <> 'import' AND NOT c.before ? 'access'
			ORDER BY c.at DESC, c.version DESC LIMIT 1`, workspace, member,
		).Scan(&c.Subject, &c.Version, &c.OfDeal, &c.Member, &c.Verb, &c.Origin, &c.At, &c.UndoneAt, &c.Before)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last change of member %s: %w", member, err)
	}
	return &c, nil
}

// ListDeals implements [funnel.Reader]. The next to act on comes first: the earliest step, then
// the longest stay.
func (s *Store) ListDeals(ctx context.Context, workspace funnel.ID, q funnel.DealQuery) ([]funnel.DealView, int, error) {
	where := []string{"d.workspace_id = $1", "d.voided_at IS NULL"}
	from := viewFrom
	args := []any{workspace}
	bind := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	if !q.Owner.IsZero() {
		where = append(where, "d.owner_id = "+bind(q.Owner))
	}
	if q.Stage != "" {
		where = append(where, "d.stage = "+bind(q.Stage))
	}
	if !q.For.IsZero() {
		where = append(where, `NOT EXISTS (SELECT FROM snoozes z WHERE z.workspace_id = d.workspace_id AND z.deal_id = d.id
			AND z.member_id = `+bind(q.For)+" AND z.until > "+bind(q.Today)+")")
	}
	where = append(where, listWhere(q, bind)...)
	order := "d.next_on NULLS LAST, d.stage_since, d.number"
	if q.List == funnel.ListClosing {
		order = "d.closing, d.amount_minor DESC, d.number"
	}
	if q.List == funnel.ListWon || q.List == funnel.ListLost {
		order = "d.closed_at DESC, d.number DESC"
	}
	from += " WHERE " + strings.Join(where, " AND ")
	counted := len(args)
	page := "SELECT " + viewColumns + from + " ORDER BY " + order + " LIMIT " + bind(q.Limit) + " OFFSET " + bind(q.Offset)
	total := 0
	var views []funnel.DealView
	err := s.retry(ctx, func(ctx context.Context) error {
		// Counted apart, because behind the last page there is no row that could say how many there are.
		var b batch
		b.row(func(r pgx.Row) error { return r.Scan(&total) }, "SELECT count(*)"+from, args[:counted]...)
		b.Queue(page, args...).Query(func(rows pgx.Rows) error {
			var err error
			views, err = pgx.CollectRows(rows, scanView)
			return err
		})
		return s.pool.SendBatch(ctx, &b.Batch).Close()
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list deals %s: %w", q.List, err)
	}
	return views, total, nil
}

func scanView(r pgx.CollectableRow) (funnel.DealView, error) {
	var v funnel.DealView
	err := r.Scan(viewFields(&v)...)
	return v, err
}

// listWhere turns the name of a list into its conditions.
func listWhere(q funnel.DealQuery, bind func(any) string) []string {
	const open = "d.outcome = 'open'"
	switch q.List {
	case funnel.ListClients, funnel.ListWon:
		return []string{"d.outcome = 'won'"}
	case funnel.ListLost:
		return []string{"d.outcome = 'lost'"}
	case funnel.ListParked:
		return []string{open, "d.parked_until IS NOT NULL"}
	case funnel.ListDue:
		return []string{"d.outcome <> 'lost'", "d.next_on <= " + bind(q.Today)}
	case funnel.ListNoStep:
		return []string{open, "d.next_on IS NULL", "d.parked_until IS NULL", "d.stage <> ALL(" + bind(targets(q.Funnel)) + ")"}
	case funnel.ListClosing:
		first := funnel.Date{Year: q.Today.Year, Month: q.Today.Month, Day: 1}
		next := funnel.DateOf(first.In(time.UTC).AddDate(0, 1, 0))
		return []string{open, "d.closing < " + bind(next)}
	case funnel.ListStuck:
		return []string{open, "d.parked_until IS NULL", "(" + stuck(q, bind) + ")"}
	case funnel.ListStage:
		// A stage behind the signature holds won deals; those that came as history are no client work.
		return []string{"d.outcome <> 'lost'", "NOT d.historical"}
	case funnel.ListMine, funnel.ListTeam:
	}
	return []string{open}
}

func targets(f *funnel.Funnel) []string {
	keys := []string{}
	for _, s := range f.Stages {
		if s.Target {
			keys = append(keys, string(s.Key))
		}
	}
	return keys
}

// stuck compares the whole days of 24 hours of the stay with those at which deals of its stage are stuck.
func stuck(q funnel.DealQuery, bind func(any) string) string {
	parts := []string{"false"}
	before := func(days int) string { return bind(q.Now.Add(-time.Duration(days) * 24 * time.Hour)) }
	for i := range q.Stuck {
		r := &q.Stuck[i]
		for _, ages := range r.Ages {
			part := "(d.kind = " + bind(r.Kind) + " AND d.stage = " + bind(r.Stage) + " AND d.stage_since <= " + before(ages.From)
			if ages.To > 0 {
				part += " AND d.stage_since > " + before(ages.To)
			}
			parts = append(parts, part+")")
		}
	}
	return strings.Join(parts, " OR ")
}
