package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// nameScore scores companies by name. An equal name scores 1, a
// name that begins with the words or contains them as words stands next, and below that the
// trigram similarity of pg_trgm decides, so that a typo or a wrong ending still finds.
//
// The trigram indexes serve the operators % and <%; their thresholds are set for the transaction,
// because the default of 0.6 for words misses two typos in a short name.
const nameScore = `
	CASE
		WHEN name_key = $2 THEN 1.0
		WHEN name_key LIKE $3 THEN 0.95
		WHEN ' ' || name_key || ' ' LIKE $4 THEN 0.9
		ELSE 0.85 * greatest(similarity(name_key, $2), word_similarity($2, name_key))
	END`

// SearchCompanies implements [funnel.Reader].
func (s *Store) SearchCompanies(ctx context.Context, workspace funnel.ID, words string, limit int) ([]funnel.CompanyMatch, error) {
	key := searchKey(words)
	if key == "" {
		return nil, nil
	}
	var found []funnel.CompanyMatch
	err := s.search(ctx, `
		SELECT `+companyColumns+`, `+nameScore+` AS score,
			(SELECT count(*) FROM deals d WHERE d.workspace_id = c.workspace_id AND d.company_id = c.id
			 AND d.outcome = 'open' AND d.voided_at IS NULL)
		FROM companies c
		WHERE c.workspace_id = $1 AND (c.name_key % $2 OR $2 <% c.name_key OR c.name_key LIKE $3)
		ORDER BY score DESC, c.name LIMIT $5`,
		func(rows pgx.Rows) error {
			var err error
			found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.CompanyMatch, error) {
				var m funnel.CompanyMatch
				err := r.Scan(append(companyFields(&m.Company), &m.Score, &m.OpenDeals)...)
				return m, err
			})
			return err
		}, workspace, key, limit)
	if err != nil {
		return nil, fmt.Errorf("search companies: %w", err)
	}
	return found, nil
}

// SearchDeals implements [funnel.Reader]. Open deals come before closed ones of the same score.
func (s *Store) SearchDeals(ctx context.Context, workspace funnel.ID, words string, limit int) ([]funnel.Match, error) {
	key := searchKey(words)
	if key == "" {
		return nil, nil
	}
	var found []funnel.Match
	err := s.search(ctx, `
		WITH named AS (
			SELECT d.id, `+nameScore+` AS score
			FROM companies c JOIN deals d ON d.workspace_id = c.workspace_id AND d.company_id = c.id
			WHERE c.workspace_id = $1 AND (c.name_key % $2 OR $2 <% c.name_key OR c.name_key LIKE $3)
			UNION ALL
			SELECT d.id, 0.9 * CASE WHEN `+titleKey+` LIKE $3 THEN 1
				ELSE greatest(similarity(`+titleKey+`, $2), word_similarity($2, `+titleKey+`)) END
			FROM deals d
			WHERE d.workspace_id = $1 AND d.title <> ''
			  AND (`+titleKey+` % $2 OR $2 <% `+titleKey+` OR `+titleKey+` LIKE $3)
		), best AS (SELECT id, max(score) AS score FROM named GROUP BY id)
		SELECT `+viewColumns+`, b.score`+viewFrom+`
		JOIN best b ON b.id = d.id
		WHERE d.workspace_id = $1 AND d.voided_at IS NULL
		ORDER BY b.score DESC, d.outcome = 'open' DESC, d.last_move_at DESC LIMIT $5`,
		func(rows pgx.Rows) error {
			var err error
			found, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (funnel.Match, error) {
				var m funnel.Match
				err := r.Scan(append(viewFields(&m.DealView), &m.Score)...)
				return m, err
			})
			return err
		}, workspace, key, limit)
	if err != nil {
		return nil, fmt.Errorf("search deals: %w", err)
	}
	return found, nil
}

// search runs a query over names with the thresholds it relies on.
func (s *Store) search(ctx context.Context, sql string, scan func(pgx.Rows) error, workspace funnel.ID, key string, limit int) error {
	pattern := escapeLike(key)
	return s.retry(ctx, func(ctx context.Context) error {
		var b batch
		b.exec("BEGIN READ ONLY")
		b.exec("SET LOCAL pg_trgm.similarity_threshold = 0.3")
		b.exec("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")
		b.Queue(sql, workspace, key, pattern+"%", "% "+pattern+" %", limit).Query(scan)
		b.exec("COMMIT")
		conn, err := s.pool.Acquire(ctx)
		if err != nil {
			return err
		}
		defer conn.Release()
		err = conn.SendBatch(ctx, &b.Batch).Close()
		if err != nil {
			abandon(ctx, conn)
		}
		return err
	})
}

// titleKey is the form in which a title is compared, as far as SQL can make it.
const titleKey = `translate(lower(d.title), 'ё', 'е')`

// longestSearch bounds the words of a search in characters: no name is longer.
const longestSearch = funnel.MaxName

// searchKey is the form under which words are looked for; nothing is found under an empty one.
func searchKey(words string) string {
	words = strings.ReplaceAll(strings.ToValidUTF8(words, " "), "\x00", " ")
	if r := []rune(words); len(r) > longestSearch {
		words = string(r[:longestSearch])
	}
	return funnel.NameKey(words)
}

// escapeLike makes the characters that LIKE treats as wildcards stand for themselves.
func escapeLike(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '%' || r == '_' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
