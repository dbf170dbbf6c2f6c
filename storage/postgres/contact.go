package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// contactColumns are read into contactFields, in this order, from a table under the name t.
const contactColumns = `t.workspace_id, t.id, t.company_id, t.name, t.position, t.phone, t.email, t.forgotten_at`

func contactFields(c *funnel.Contact) []any {
	return []any{&c.Workspace, &c.ID, &c.Company, &c.Name, &c.Position, &c.Phone, &c.Email, &c.ForgottenAt}
}

func scanContact(r pgx.CollectableRow) (funnel.Contact, error) {
	var c funnel.Contact
	err := r.Scan(contactFields(&c)...)
	return c, err
}

// queueContactRead locks a person, and counts the committees. The deals of the person's company come
// first, in which whoever writes about one has locked it before the person. Whoever is writing now
// has finished by then, and whoever comes after finds what became of the person.
func queueContactRead(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	if reads.Contact.IsZero() {
		return
	}
	b.exec(`SELECT FROM deals d
		WHERE d.workspace_id = $1 AND `+dealsOfContact+` ORDER BY d.id FOR UPDATE`, workspace, reads.Contact)
	var found bool
	b.row(one(func(r pgx.Row) error {
		var c funnel.Contact
		if err := r.Scan(append(contactFields(&c), &snap.Chairs)...); err != nil {
			return err
		}
		snap.Contact = &c
		return nil
	}, &found), "SELECT "+contactColumns+`,
			(SELECT count(*) FROM committee k WHERE k.workspace_id = t.workspace_id AND k.contact_id = t.id)
		FROM contacts t WHERE t.workspace_id = $1 AND t.id = $2 FOR UPDATE OF t`, workspace, reads.Contact)
}

// dealsOfContact are, under the name d, those of the company of the person $2, and those in which
// the person has a place.
const dealsOfContact = `(d.company_id = (SELECT t.company_id FROM contacts t WHERE t.workspace_id = $1 AND t.id = $2)
	OR d.id IN (SELECT k.deal_id FROM committee k WHERE k.workspace_id = $1 AND k.contact_id = $2))`

// queueContact stores a person, unless it is somebody who was forgotten meanwhile.
func queueContact(b *batch, ws funnel.ID, c *funnel.Contact, now time.Time) {
	b.exec(`INSERT INTO contacts AS t (workspace_id, id, company_id, name, position, phone, email, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, id) DO UPDATE
		SET name = excluded.name, position = excluded.position, phone = excluded.phone, email = excluded.email
		WHERE t.forgotten_at IS NULL`,
		ws, c.ID, c.Company, c.Name, c.Position, c.Phone, c.Email, now)
}

// contactKey is the form in which names of people are compared, as far as SQL can make it. It is
// that of the index.
const contactKey = `translate(lower(t.name), 'ё', 'е')`

// SearchContacts implements [funnel.Reader]. An equal name scores 1, one that begins with the words
// or has them in it as words stands next; below that similarity decides, so that a typo or a case
// ending still finds. See [Store.SearchCompanies].
func (s *Store) SearchContacts(ctx context.Context, workspace funnel.ID, words string, limit int) ([]funnel.ContactMatch, error) {
	key := searchKey(words)
	if key == "" {
		return nil, nil
	}
	var found []funnel.ContactMatch
	err := s.search(ctx, "SELECT "+contactColumns+`, c.name,
			CASE
				WHEN `+contactKey+` = $2 THEN 1.0
				WHEN `+contactKey+` LIKE $3 THEN 0.95
				WHEN ' ' || `+contactKey+` || ' ' LIKE $4 THEN 0.9
				ELSE 0.85 * greatest(similarity(`+contactKey+`, $2), word_similarity($2, `+contactKey+`))
			END AS score
		FROM contacts t
		JOIN companies c ON c.workspace_id = t.workspace_id AND c.id = t.company_id
		WHERE t.workspace_id = $1 AND t.forgotten_at IS NULL
		  AND (`+contactKey+` % $2 OR $2 <% `+contactKey+` OR `+contactKey+` LIKE $3)
		ORDER BY score DESC, t.name, c.name, t.id LIMIT $5`,
		func(rows pgx.Rows) error {
			var err error
			found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.ContactMatch, error) {
				var m funnel.ContactMatch
				err := r.Scan(append(contactFields(&m.Contact), &m.Company, &m.Score)...)
				return m, err
			})
			return err
		}, workspace, key, limit)
	if err != nil {
		return nil, fmt.Errorf("search contacts: %w", err)
	}
	return found, nil
}
