package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrLocale says that the database does not know the letters people write with, so that nobody
// would find a deal by its Russian name.
var ErrLocale = errors.New("the database has a locale without Cyrillic letters")

// check proves by behaviour that the database can find words in both languages. Names of locales
// tell nothing: under C, lower() leaves Cyrillic alone and pg_trgm sees no words in it.
func (s *Store) check(ctx context.Context) error {
	if err := checkLetters(ctx, s.pool); err != nil {
		return err
	}
	if err := s.checkSchema(ctx); err != nil {
		return err
	}
	var alike float64
	if err := s.pool.QueryRow(ctx, `SELECT similarity('ромашка', 'ромашкa')`).Scan(&alike); err != nil {
		return fmt.Errorf("check the database's locale: %w", err)
	}
	if alike == 0 {
		return fmt.Errorf("%w: trigrams see no words in it", ErrLocale)
	}
	return nil
}

// checkLetters looks at letters alone, so that it can be asked before there is a schema.
func checkLetters(ctx context.Context, pool *pgxpool.Pool) error {
	var encoding, lowered string
	err := pool.QueryRow(ctx, `SELECT current_setting('server_encoding'), lower('ЖЁ')`).Scan(&encoding, &lowered)
	if err != nil {
		return fmt.Errorf("check the database's locale: %w", err)
	}
	if encoding != "UTF8" || lowered != "жё" {
		return fmt.Errorf("%w (encoding %s): create it with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0, or with an ICU locale",
			ErrLocale, encoding)
	}
	return nil
}

func processors() int32 { return int32(min(runtime.NumCPU(), 1<<10)) } //nolint:gosec // bounded above.
