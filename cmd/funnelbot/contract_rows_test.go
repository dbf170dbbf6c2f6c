package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"funnelbot/storage/postgres/pgtest"
)

// What a conversation leaves behind, without what differs from run to run (identifiers) and from
// door to door (where a change came from). Rows name each other by what people call them.
var kept = []struct{ table, rows string }{
	{"companies", `SELECT to_jsonb(c) FROM companies c ORDER BY name_key`},
	{"contacts", `SELECT to_jsonb(p) || jsonb_build_object('company', c.name)
		FROM contacts p JOIN companies c ON c.id = p.company_id ORDER BY p.name`},
	{"deals", `SELECT to_jsonb(d) || jsonb_build_object('company', c.name, 'owner', m.name)
		FROM deals d JOIN companies c ON c.id = d.company_id LEFT JOIN members m ON m.id = d.owner_id ORDER BY d.number`},
	{"moves", `SELECT to_jsonb(v) || jsonb_build_object('deal', d.number, 'actor', m.name)
		FROM moves v JOIN deals d ON d.id = v.deal_id LEFT JOIN members m ON m.id = v.actor_id ORDER BY d.number, v.seq`},
	{"spells", `SELECT to_jsonb(s) || jsonb_build_object('deal', d.number)
		FROM spells s JOIN deals d ON d.id = s.deal_id ORDER BY d.number, s.seq`},
	{"activities", `SELECT to_jsonb(a) || jsonb_build_object('deal', d.number, 'member', m.name)
		FROM activities a JOIN deals d ON d.id = a.deal_id LEFT JOIN members m ON m.id = a.member_id
		ORDER BY a.recorded_at, d.number, a.kind, a.text`},
	{"contracts", `SELECT to_jsonb(k) || jsonb_build_object('deal', d.number)
		FROM contracts k JOIN deals d ON d.id = k.deal_id ORDER BY d.number, k.signed_at`},
	// Forms bring several answers at once, so that they are given at another time than one by one, and
	// one who is asked by form may have closed it in between.
	{"answers", `SELECT to_jsonb(a) - 'at' || jsonb_build_object('deal', d.number, 'member', m.name)
		FROM answers a JOIN deals d ON d.id = a.deal_id LEFT JOIN members m ON m.id = a.member_id ORDER BY d.number, a.question`},
	{"qualifications", `SELECT to_jsonb(q) || jsonb_build_object('deal', d.number, 'member', m.name, 'answers',
			(SELECT jsonb_agg(a - 'at' ORDER BY a->>'question') FROM jsonb_array_elements(q.answers) a))
		FROM qualifications q JOIN deals d ON d.id = q.deal_id LEFT JOIN members m ON m.id = q.member_id ORDER BY d.number, q.seq`},
	{"dialogs", `SELECT to_jsonb(g) - '{place,begun_at,heard_at,due_at}'::text[] || jsonb_build_object('deal', d.number, 'member', m.name)
		FROM dialogs g JOIN deals d ON d.id = g.deal_id LEFT JOIN members m ON m.id = g.member_id ORDER BY d.number, g.ended_at`},
	{"committee", `SELECT to_jsonb(k) - 'contact_id' || jsonb_build_object('deal', d.number, 'contact', p.name)
		FROM committee k JOIN deals d ON d.id = k.deal_id JOIN contacts p ON p.id = k.contact_id ORDER BY d.number, p.name`},
	// People come in by different ways, and only some doors know their zone then.
	{"changes", `SELECT (to_jsonb(h) #- '{before,member,Zone}') || jsonb_build_object('deal', d.number, 'of', s.name, 'member', m.name)
		FROM changes h LEFT JOIN deals d ON d.id = h.subject_id LEFT JOIN members s ON s.id = h.subject_id
		LEFT JOIN members m ON m.id = h.member_id WHERE h.verb NOT IN ('join', 'invite', 'connect') ORDER BY h.at, d.number, h.verb, h.version`},
}

// without are columns that name rows, or number what alike rows of one workspace have in common, and those
// that say by which door a row came.
const without = `'{id,workspace_id,company_id,owner_id,deal_id,actor_id,member_id,subject_id,origin,external_id,way}'::text[]`

var identifier = regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"`)

// rows is everything of a database that a conversation is about.
func rows(tb testing.TB, url string) string {
	tb.Helper()
	pool := pgtest.Pool(tb, url)
	var out strings.Builder
	for _, k := range kept {
		found, err := pool.Query(tb.Context(), fmt.Sprintf(`SELECT jsonb_strip_nulls(r.to_jsonb - %s)::text FROM (%s) r(to_jsonb)`, without, k.rows))
		require.NoError(tb, err, k.table)
		lines, err := pgx.CollectRows(found, pgx.RowTo[string])
		require.NoError(tb, err, k.table)
		fmt.Fprintf(&out, "%s\n", k.table)
		for _, line := range lines {
			fmt.Fprintf(&out, "  %s\n", identifier.ReplaceAllString(line, `"…"`))
		}
	}
	return out.String()
}
