package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// ErrLocale says that the database does not know the letters people write with, so that nobody
// would find a deal by its Russian name.
var ErrLocale = errors.New("the database has a locale without Cyrillic letters")

// check proves by behaviour that the database can find words in both languages. Names of locales
// tell nothing: under C, lower() leaves Cyrillic alone and pg_trgm sees no words in it.
func (s *Store) check(ctx context.Context) error {
	var encoding, lowered string
	var alike float64
	err := s.pool.QueryRow(ctx, `
		SELECT current_setting('server_encoding'), lower('ЖЁ'), similarity('ромашка', 'ромашкa')`,
	).Scan(&encoding, &lowered, &alike)
	if err != nil {
		return fmt.Errorf("check the database's locale: %w", err)
	}
	if encoding != "UTF8" || lowered != "жё" || alike == 0 {
		return fmt.Errorf("%w (encoding %s): create it with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0, or with an ICU locale",
			ErrLocale, encoding)
	}
	return nil
}

func processors() int32 { return int32(min(runtime.NumCPU(), 1<<10)) } //nolint:gosec // bounded above.
