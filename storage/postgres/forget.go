package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"funnelbot/funnel"
)

// forgetBudget is how long the erasure of a person is tried: everything that a workspace ever wrote is
// looked through, which takes two seconds for a million activities. It stays under the eight seconds
// in which a request is given up.
const forgetBudget = 7 * time.Second

// naming is a table whose rows may name people: in texts, and in documents, which are JSON. Ours is
// the condition under which a row, under the name x, belongs to the deals of the person's company.
type naming struct {
	table string
	texts []string
	docs  []string
	ours  string
}

const (
	ofDeals = `x.deal_id = ANY(q.deals)`
	// inPayload looks for the identifiers of the deals in a document.
	inPayload = `EXISTS (SELECT 1 FROM unnest(q.deals) AS i (id) WHERE strpos(x.payload::text, i.id::text) > 0)`
	// bytesColumn is a document that is kept as it was written.
	bytesColumn = "result"
)

// namings are all tables in which somebody can be named, besides contacts and sessions. The name of
// a company stays, also where it is called after a person: it is that of a firm.
func namings() []naming {
	return []naming{
		{
			table: "deals", texts: []string{"title", "signal", "pain", "effect", "next_what"}, docs: []string{"custom"},
			ours: `x.id = ANY(q.deals)`,
		},
		{table: "companies", docs: []string{"custom"}, ours: `x.id = q.company`},
		{table: "activities", texts: []string{"text"}, ours: ofDeals},
		{table: "moves", texts: []string{"note", "reason"}, ours: ofDeals},
		{table: "committee", texts: []string{"next_what"}, ours: ofDeals},
		{table: "answers", docs: []string{"value"}, ours: ofDeals},
		{table: "qualifications", docs: []string{"answers"}, ours: ofDeals},
		{table: "changes", docs: []string{"before"}, ours: `x.subject_id = ANY(q.deals)`},
		{table: "handled_events", docs: []string{bytesColumn}, ours: ofDeals},
		{table: "outbox", docs: []string{"payload"}, ours: inPayload},
		{table: "held_notices", docs: []string{"payload"}, ours: inPayload},
	}
}

// query finds the rows that may name the person and locks them.
func (n *naming) query() string {
	var columns []string
	for _, c := range n.texts {
		columns = append(columns, "x."+c)
	}
	for _, c := range n.docs {
		if c == bytesColumn {
			// The name of the encoding brings the collation C along, in which Ж is no capital ж.
			columns = append(columns, "convert_from(x."+c+`, 'UTF8') COLLATE "default"`)
			continue
		}
		columns = append(columns, "coalesce(x."+c+"::text, '')")
	}
	all := "concat_ws(' ', " + strings.Join(columns, ", ") + ")"
	found := all + " ~* q.far OR " + all + " ~* q.near AND " + n.ours
	if len(n.docs) > 0 {
		found += " OR strpos(" + all + ", q.contact) > 0"
	}
	return "SELECT x.ctid, " + n.ours + ", " + strings.Join(columns, ", ") + " FROM " + n.table + ` x
		CROSS JOIN (SELECT $2::uuid[] AS deals, $3::uuid AS company, $4::text AS far, $5::text AS near, $6::text AS contact) q
		WHERE x.workspace_id = $1 AND (` + found + ") FOR UPDATE OF x"
}

// update writes the columns of a row back.
func (n *naming) update() string {
	var set []string
	for i, c := range slices.Concat(n.texts, n.docs) {
		set = append(set, fmt.Sprintf("%s = $%d", c, i+2))
	}
	return "UPDATE " + n.table + " SET " + strings.Join(set, ", ") + " WHERE ctid = $1"
}

// oblivion is the erasure of one person, within a transaction.
type oblivion struct {
	conn      *pgxpool.Conn
	workspace funnel.ID
	*funnel.Forget
	*eraser
	// deals are those of the person's company, and those in which the person had a place.
	deals []funnel.ID
}

// forget erases a person: what is left is an empty row, by which the places in committees and what
// happened still count. It returns the conversations that named the person, which are over. It is
// the one unit of work of more than two trips, and as rare as it is thorough.
func forget(ctx context.Context, conn *pgxpool.Conn, ws funnel.ID, f *funnel.Forget) ([]funnel.SessionKey, error) {
	o := &oblivion{conn: conn, workspace: ws, Forget: f, eraser: newEraser(f)}
	rows, err := conn.Query(ctx, "SELECT d.id FROM deals d WHERE d.workspace_id = $1 AND "+dealsOfContact, ws, f.Contact)
	if err != nil {
		return nil, fmt.Errorf("forget: %w", err)
	}
	if o.deals, err = pgx.CollectRows(rows, pgx.RowTo[funnel.ID]); err != nil {
		return nil, fmt.Errorf("forget: %w", err)
	}
	if o.deals == nil {
		o.deals = []funnel.ID{}
	}
	var b batch
	b.exec(`UPDATE contacts SET name = '', position = '', phone = '', email = '', forgotten_at = $3
		WHERE workspace_id = $1 AND id = $2`, ws, f.Contact, f.At)
	for _, n := range namings() {
		if err := o.erase(ctx, &b, &n); err != nil {
			return nil, fmt.Errorf("forget in %s: %w", n.table, err)
		}
	}
	talks, err := o.talks(ctx)
	if err != nil {
		return nil, fmt.Errorf("forget in sessions: %w", err)
	}
	for _, t := range talks {
		b.exec(`DELETE FROM sessions WHERE workspace_id = $1 AND member_id = $2 AND place = $3`, ws, t.Member, t.Place)
	}
	if err := conn.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return nil, fmt.Errorf("forget: %w", err)
	}
	return talks, nil
}

// erase queues the rows of a table as they are without the person.
func (o *oblivion) erase(ctx context.Context, b *batch, n *naming) error {
	rows, err := o.conn.Query(ctx, n.query(), o.workspace, o.deals, o.Company, part(o.Words), part(slices.Concat(o.Words, o.Near)),
		o.Contact.String())
	if err != nil {
		return err
	}
	var at pgtype.TID
	var near bool
	values := make([]string, len(n.texts)+len(n.docs))
	fields := []any{&at, &near}
	for i := range values {
		fields = append(fields, &values[i])
	}
	return each(rows, func(r pgx.Rows) error {
		if err := r.Scan(fields...); err != nil {
			return err
		}
		before, args := o.hits, []any{at}
		for i, v := range values {
			switch {
			case i < len(n.texts):
				args = append(args, o.value(n.texts[i], v, near))
			case v == "":
				args = append(args, nil)
			default:
				doc, err := o.document([]byte(v), near)
				if err != nil {
					return err
				}
				args = append(args, doc)
			}
		}
		if o.hits > before {
			b.exec(n.update(), args...)
		}
		return nil
	})
}

// talks returns the conversations of the workspace that name the person. They are few and live for
// hours, so they are looked through here, where their form is known.
func (o *oblivion) talks(ctx context.Context) ([]funnel.SessionKey, error) {
	rows, err := o.conn.Query(ctx, `
		SELECT member_id, place, substring(data FROM 17) FROM sessions WHERE workspace_id = $1 FOR UPDATE`, o.workspace)
	if err != nil {
		return nil, err
	}
	var named []funnel.SessionKey
	var data []byte
	key := funnel.SessionKey{Workspace: o.workspace}
	err = each(rows, func(r pgx.Rows) error {
		if err := r.Scan(&key.Member, &key.Place, &data); err != nil {
			return err
		}
		if o.names(string(data)) {
			named = append(named, key)
		}
		return nil
	})
	return named, err
}

// names reports whether a conversation names the person. One that cannot be read is looked through
// as a text.
func (o *oblivion) names(data string) bool {
	near := strings.Contains(data, o.contact) || strings.Contains(data, o.Company.String()) ||
		slices.ContainsFunc(o.deals, func(d funnel.ID) bool { return strings.Contains(data, d.String()) })
	before := o.hits
	if _, err := o.document([]byte(data), near); err != nil {
		o.text(data, near)
	}
	return o.hits > before
}
