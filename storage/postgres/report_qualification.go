package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// judged is the last qualification of the deal under the name d that stood at the end of the period,
// under the name j.
const judged = `
	LEFT JOIN LATERAL (
		SELECT q.seq, q.outside, q.answers, q.definition FROM qualifications q
		WHERE q.workspace_id = d.workspace_id AND q.deal_id = d.id AND q.at <= @to
		  AND (q.voided_at IS NULL OR q.voided_at > @to)`

// lastJudged ends [judged], after more conditions where there are some.
const lastJudged = `
		ORDER BY q.seq DESC LIMIT 1
	) j ON true`

// CountQualified implements [funnel.Reports].
func (s *Store) CountQualified(ctx context.Context, workspace funnel.ID, p funnel.Period, closed time.Time) (funnel.QualifiedTable, error) {
	t := funnel.QualifiedTable{Names: map[funnel.ID]string{}}
	args, k := reportArgs(workspace, p), knownAt(p)
	ended := reportArgs(workspace, p)
	ended["from"], ended["disqualified"] = closed, disqualifying(p.Funnel)
	err := s.report(ctx, func(b *batch) {
		queueNames(b, args, t.Names)
		queueCame(b, args, k, &t.Came)
		b.Queue(`
			SELECT count(*), count(j.seq), count(*) FILTER (WHERE j.outside)`+openJudged(k), args).
			QueryRow(func(r pgx.Row) error { return r.Scan(&t.Open.Deals, &t.Open.Qualified, &t.Open.Outside) })
		queueAnswered(b, ended, &t)
	})
	if err != nil {
		return t, fmt.Errorf("count qualifications as of %s: %w", p.To, err)
	}
	return t, nil
}

// queueCame counts the deals whose first stay above the level of targets began within the period.
func queueCame(b *batch, args pgx.NamedArgs, k knowledge, came *[]funnel.CameCount) {
	rows(b, came, `
		SELECT `+k.source+` AS channel, `+k.owner+` AS holder, count(*), count(j.seq)`+cameIn(k)+`
		GROUP BY channel, holder`, args)
}

// cameIn reads the stays with which deals came in, with the qualification of each deal.
func cameIn(k knowledge) string {
	return `
		FROM spells p` + ofKind + k.join + judged + lastJudged + `
		WHERE ` + seen + ` AND p.entered > @from AND p.stage <> ALL(@targets)
		  AND NOT EXISTS (
			SELECT 1 FROM spells q
			WHERE ` + ofDeal + ` AND q.stage <> ALL(@targets) AND (q.entered, q.seq) < (p.entered, p.seq)
		  )`
}

// openJudged reads the stays of open deals, with the qualification of each.
func openJudged(k knowledge) string {
	return `
		FROM spells p` + ofKind + k.join + judged + lastJudged + `
		WHERE ` + seen + ` AND ` + k.standing + ` AND p.stage <> ALL(@targets) AND p.stage <> ALL(@signed)`
}

// closedJudged are the deals that were closed in the window, with the qualification that each had before.
const closedJudged = `
		SELECT p.deal_id, p.left_at, p.exit <> 'lost' AS won, j.seq, j.answers, j.definition
		FROM spells p` + ofKind + judged + ` AND q.at < p.left_at` + lastJudged + joinReason + closings + `
		  AND coalesce(m.reason, '') <> ALL(@disqualified)`

// queueAnswered counts the deals that were closed in the window, and those of them that were
// qualified before by what was answered then. One row that names no question counts the deals of a
// version of the funnel, and one for each question without an option those that answered it. Deals that
// were never clients of ours are left out: their answers are why they were lost, so of course they go
// with losing.
func queueAnswered(b *batch, args pgx.NamedArgs, t *funnel.QualifiedTable) {
	const closed = `
		WITH closed AS (` + closedJudged + `)`
	b.Queue(closed+` SELECT count(*), count(seq), count(seq) FILTER (WHERE won) FROM closed`, args).
		QueryRow(func(r pgx.Row) error { return r.Scan(&t.Closed.Deals, &t.Closed.Qualified, &t.Closed.Won) })
	rows(b, &t.Answers, closed+`
		SELECT definition, '', '', '', count(*), count(*) FILTER (WHERE won)
		FROM closed WHERE seq IS NOT NULL GROUP BY definition
		UNION ALL
		SELECT c.definition, a ->> 'question', a #>> '{given,kind}', o.option, count(*), count(*) FILTER (WHERE c.won)
		FROM closed c
		CROSS JOIN LATERAL jsonb_array_elements(c.answers) a
		CROSS JOIN LATERAL (
			SELECT '' AS option UNION SELECT jsonb_array_elements_text(coalesce(a #> '{given,keys}', '[]'))
		) o
		WHERE a #>> '{given,kind}' IS NOT NULL
		GROUP BY c.definition, a ->> 'question', a #>> '{given,kind}', o.option`, args)
}

// disqualifying are the keys of the reasons that say that a deal never was a client of ours.
func disqualifying(f *funnel.Funnel) []string {
	keys := []string{}
	for i := range f.Reasons {
		if f.Reasons[i].Class == funnel.Disqualified {
			keys = append(keys, f.Reasons[i].Key)
		}
	}
	return keys
}
