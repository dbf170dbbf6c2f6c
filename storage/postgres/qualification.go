package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

const answerColumns = `a.question, a.value, a.member_id, a.at`

func scanAnswer(r pgx.CollectableRow) (funnel.Answer, error) {
	var a funnel.Answer
	err := r.Scan(&a.Question, &a.Given, &a.Member, &a.At)
	return a, err
}

// queueQualification reads what is known by the questions, the last qualification that stands, and
// the number of all that there ever were.
func queueQualification(b *batch, snap *funnel.Snapshot, workspace funnel.ID, reads funnel.Reads) {
	where, arg, ok := dealOf(reads)
	if !ok || !reads.Answers {
		return
	}
	b.Queue("SELECT "+answerColumns+` FROM deals d
		JOIN answers a ON a.workspace_id = d.workspace_id AND a.deal_id = d.id
		WHERE d.workspace_id = $1 AND `+where+` ORDER BY a.question`, workspace, arg).
		Query(func(rows pgx.Rows) error {
			known, err := pgx.CollectRows(rows, scanAnswer)
			if snap.Deal != nil && len(known) > 0 {
				snap.Deal.Answers = known
			}
			return err
		})
	var q funnel.Qualified
	var last int
	var found bool
	b.row(one(func(r pgx.Row) error {
		if err := r.Scan(append(qualifiedFields(&q), &q.Answers, &last)...); err != nil {
			return err
		}
		if snap.Deal == nil {
			return nil
		}
		snap.Deal.Qualifications = last
		if q.Seq > 0 {
			snap.Deal.Qualified = &q
		}
		return nil
	}, &found), `
		SELECT `+qualifiedColumns+`, coalesce(q.answers, '[]'), l.seq
		FROM deals d
		CROSS JOIN LATERAL (
			SELECT coalesce(max(q.seq), 0) AS seq FROM qualifications q
			WHERE q.workspace_id = d.workspace_id AND q.deal_id = d.id
		) l
		LEFT JOIN LATERAL (`+lastQualified+`) q ON true
		WHERE d.workspace_id = $1 AND `+where, workspace, arg)
}

// qualifiedColumns are read into qualifiedFields, in this order, from [lastQualified] under the name
// q. The number is zero where there is none.
const qualifiedColumns = `coalesce(q.seq, 0), q.member_id, q.at, coalesce(q.assessment, '{}'), coalesce(q.definition, 0)`

func qualifiedFields(q *funnel.Qualified) []any {
	return []any{&q.Seq, &q.Member, &q.At, &q.Assessment, &q.Definition}
}

// lastQualified is the last qualification of the deal under the name d that stands.
const lastQualified = `
	SELECT * FROM qualifications q
	WHERE q.workspace_id = d.workspace_id AND q.deal_id = d.id AND q.voided_at IS NULL
	ORDER BY q.seq DESC LIMIT 1`

// queueQualified stores a qualification, or takes one back.
func queueQualified(b *batch, ws funnel.ID, d *funnel.Decision, now time.Time) error {
	deal := d.After.Deal.ID
	if d.VoidQualified > 0 {
		b.exec(`UPDATE qualifications SET voided_at = $4
			WHERE workspace_id = $1 AND deal_id = $2 AND seq = $3 AND voided_at IS NULL`, ws, deal, d.VoidQualified, now)
	}
	q := d.Qualified
	if q == nil {
		return nil
	}
	assessment, err := marshal(q.Assessment)
	if err != nil {
		return err
	}
	known := q.Answers
	if known == nil {
		known = []funnel.Answer{}
	}
	answers, err := marshal(known)
	if err != nil {
		return err
	}
	b.exec(`INSERT INTO qualifications (workspace_id, deal_id, seq, member_id, at, score, verdict, outside, assessment, answers, definition)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		ws, deal, q.Seq, q.Member, q.At, q.Assessment.Score, q.Assessment.Verdict, len(q.Assessment.Outside) > 0,
		assessment, answers, q.Definition)
	return nil
}

// queueAnswers stores what was answered, and takes away what was withdrawn.
func queueAnswers(b *batch, ws funnel.ID, w *funnel.Writes) error {
	if len(w.NoAnswers) > 0 {
		b.exec(`DELETE FROM answers WHERE workspace_id = $1 AND deal_id = $2 AND question = ANY($3)`, ws, w.AnswersOf, w.NoAnswers)
	}
	for i := range w.Answers {
		a := &w.Answers[i]
		value, err := marshal(a.Given)
		if err != nil {
			return err
		}
		b.exec(`INSERT INTO answers (workspace_id, deal_id, question, value, member_id, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (workspace_id, deal_id, question) DO UPDATE
			SET value = excluded.value, member_id = excluded.member_id, at = excluded.at`,
			ws, w.AnswersOf, a.Question, value, a.Member, a.At)
	}
	return nil
}

// Answers implements [funnel.Reader].
func (s *Store) Answers(ctx context.Context, workspace, deal funnel.ID) ([]funnel.Answer, error) {
	var known []funnel.Answer
	err := s.retry(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "SELECT "+answerColumns+` FROM answers a
			WHERE a.workspace_id = $1 AND a.deal_id = $2 ORDER BY a.question`, workspace, deal)
		if err != nil {
			return err
		}
		known, err = pgx.CollectRows(rows, scanAnswer)
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answers of deal %s: %w", deal, err)
	case len(known) == 0:
		return nil, nil
	}
	return known, nil
}
