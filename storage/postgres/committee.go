package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// committeeOf reads the committee of the deal that the condition names. When somebody was last heard of is read from
// what happened on the deal; the committee is in the order in which it grew.
func committeeOf(where string) string {
	return "SELECT " + contactColumns + `, k.roles, k.stance, k.initiator, k.next_what, k.next_on, k.since, h.at
		FROM deals d
		JOIN committee k ON k.workspace_id = d.workspace_id AND k.deal_id = d.id
		JOIN contacts t ON t.workspace_id = k.workspace_id AND t.id = k.contact_id
		LEFT JOIN LATERAL (
			SELECT max(s.at) AS at FROM (
				SELECT a.at FROM activities a
				WHERE a.workspace_id = d.workspace_id AND a.deal_id = d.id AND a.voided_at IS NULL AND a.people @> ARRAY[t.id]
				-- Else the greatest is looked for by time among the activities of all deals.
				OFFSET 0
			) s
		) h ON true
		WHERE d.workspace_id = $1 AND ` + where + `
		ORDER BY k.since, t.name, t.id`
}

func scanChair(r pgx.CollectableRow) (funnel.ChairView, error) {
	var v funnel.ChairView
	err := r.Scan(append(contactFields(&v.Person), &v.Roles, &v.Stance, &v.Initiator, &v.NextWhat, &v.NextOn, &v.Since, &v.LastTouch)...)
	v.Contact = v.Person.ID
	if len(v.Roles) == 0 {
		v.Roles = nil
	}
	return v, err
}

func queueCommittee(b *batch, take func([]funnel.ChairView), where string, args ...any) {
	b.Queue(committeeOf(where), args...).Query(func(rows pgx.Rows) error {
		chairs, err := pgx.CollectRows(rows, scanChair)
		if len(chairs) > 0 {
			take(chairs)
		}
		return err
	})
}

// queuePeople reads the committee of the deal where it is asked for, and everybody known at its
// company.
func queuePeople(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	where, arg, ok := dealOf(reads)
	if !ok || !reads.People && !reads.Contacts {
		return
	}
	if reads.People {
		queueCommittee(b, func(chairs []funnel.ChairView) {
			if snap.Deal != nil {
				snap.Deal.Committee = chairs
			}
		}, where, workspace, arg)
	}
	b.Queue("SELECT "+contactColumns+` FROM deals d
		JOIN contacts t ON t.workspace_id = d.workspace_id AND t.company_id = d.company_id AND t.forgotten_at IS NULL
		WHERE d.workspace_id = $1 AND `+where+` ORDER BY t.name, t.id`, workspace, arg).
		Query(func(rows pgx.Rows) error {
			people, err := pgx.CollectRows(rows, scanContact)
			if snap.Deal != nil && len(people) > 0 {
				snap.Deal.Contacts = people
			}
			return err
		})
}

// dealOf is the condition on a deal under the name d by which a unit of work knows its own.
func dealOf(reads funnel.Reads) (where string, arg any, ok bool) {
	if reads.Deal.IsZero() {
		return "d.number = $2", reads.Number, reads.Number != 0
	}
	return "d.id = $2", reads.Deal, true
}

// queueOf locks a deal that another one begins with. What belongs to it is read by later statements,
// which see what a rival committed before the lock was had.
func queueOf(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Of.IsZero() {
		return
	}
	var found bool
	b.row(one(func(r pgx.Row) error {
		st := &funnel.DealState{}
		err := r.Scan(dealFields(&st.Deal)...)
		if err == nil {
			snap.Of = st
		}
		return err
	}, &found), "SELECT "+dealColumns+" FROM deals d WHERE d.workspace_id = $1 AND d.id = $2 FOR UPDATE", workspace, reads.Of)
	queueCommittee(b, func(chairs []funnel.ChairView) {
		if snap.Of != nil {
			snap.Of.Committee = chairs
		}
	}, "d.id = $2", workspace, reads.Of)
	b.row(func(r pgx.Row) error { return r.Scan(&snap.Renewal) }, `
		SELECT coalesce(max(d.number), 0) FROM deals d
		WHERE d.workspace_id = $1 AND d.renews = $2 AND d.outcome = 'open' AND d.voided_at IS NULL`, workspace, reads.Of)
}

// queueSeats stores what became of the committee and of the people of the company. Whose first
// mention is taken back goes, unless another deal has a place for the person by then.
func queueSeats(b *batch, ws funnel.ID, d *funnel.Decision, now time.Time) {
	deal := d.After.Deal.ID
	for i := range d.Contacts {
		queueContact(b, ws, &d.Contacts[i], now)
	}
	for i := range d.Chairs {
		c := &d.Chairs[i]
		roles := c.Roles
		if roles == nil {
			roles = []string{}
		}
		b.exec(`INSERT INTO committee (workspace_id, deal_id, contact_id, roles, stance, initiator, next_what, next_on, since)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (workspace_id, deal_id, contact_id) DO UPDATE
			SET roles = excluded.roles, stance = excluded.stance, initiator = excluded.initiator,
				next_what = excluded.next_what, next_on = excluded.next_on, since = excluded.since`,
			ws, deal, c.Contact, roles, c.Stance, c.Initiator, c.NextWhat, c.NextOn, c.Since)
	}
	if len(d.Gone) > 0 {
		b.exec(`DELETE FROM committee WHERE workspace_id = $1 AND deal_id = $2 AND contact_id = ANY($3)`, ws, deal, d.Gone)
	}
	if len(d.VoidContacts) > 0 {
		b.exec(`DELETE FROM contacts t WHERE t.workspace_id = $1 AND t.id = ANY($2) AND t.forgotten_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM committee k WHERE k.workspace_id = t.workspace_id AND k.contact_id = t.id)`,
			ws, d.VoidContacts)
	}
}
