package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// staging is the rows of an import in a temporary table, where the database brings them into the
// order of deals and times, whatever their number. It lives in one open transaction, so that it also
// works behind a pooler and vanishes with the process; the transaction also keeps other imports of
// the workspace away.
type staging struct {
	tx    pgx.Tx
	im    *funnel.Import
	names map[string]struct{}
	count *counts
}

const createStaging = `
	CREATE TEMPORARY TABLE import_rows (
		case_id text COLLATE "C" NOT NULL,
		rank    smallint NOT NULL,
		at      timestamptz,
		ord     bigint NOT NULL,
		source  smallint NOT NULL,
		line    bigint NOT NULL,
		row     bytea NOT NULL,
		raw     text NOT NULL
	) ON COMMIT DROP`

// errImporting says that another import of the workspace is at work.
var errImporting = errors.New("another import into this workspace is running: wait for it, or end it, and try again")

// stage opens the staging transaction. After a kill the server may need a moment to let go of the
// lock of the one before.
func stage(ctx context.Context, tx pgx.Tx, im *funnel.Import, c *counts) (*staging, error) {
	for _, sql := range []string{
		`SET LOCAL idle_in_transaction_session_timeout = 0`,
		`SET LOCAL lock_timeout = '5s'`,
		`SET LOCAL work_mem = '64MB'`,
		createStaging,
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return nil, fmt.Errorf("prepare the import: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 3))`, im.Workspace.ID.String()); err != nil {
		if code(err) == lockNotAvailable {
			return nil, errImporting
		}
		return nil, fmt.Errorf("prepare the import: %w", err)
	}
	return &staging{tx: tx, im: im, names: map[string]struct{}{}, count: c}, nil
}

// fill copies the rows of all sources into the table. Rows that cannot be used are handed out at
// once.
func (s *staging) fill(ctx context.Context, sources []funnel.ImportRows) error {
	for _, source := range sources {
		feed := &feed{ctx: ctx, staging: s, rows: source}
		if _, err := s.tx.CopyFrom(ctx, pgx.Identifier{"import_rows"},
			[]string{"case_id", "rank", "at", "ord", "source", "line", "row", "raw"}, feed); err != nil {
			return fmt.Errorf("stage the rows: %w", err)
		}
	}
	return nil
}

// feed turns rows into values of the table.
type feed struct {
	ctx     context.Context //nolint:containedctx // pgx asks for rows without one.
	staging *staging
	rows    funnel.ImportRows
	values  [8]any
	err     error
}

// maxNames is the number of different people that an import may name: more is a wrong column.
const maxNames = 20_000

// Next implements pgx.CopyFromSource.
func (f *feed) Next() bool {
	for {
		if f.err = f.ctx.Err(); f.err != nil {
			return false
		}
		var r funnel.ImportRow
		text, err := f.rows.Next(&r)
		if errors.Is(err, io.EOF) {
			return false
		}
		if rejected, ok := errors.AsType[*funnel.RowError](err); ok {
			if f.err = f.staging.count.unread(rejected); f.err != nil {
				return false
			}
			continue
		}
		if err == nil {
			err = f.set(&r, text)
		}
		if err != nil {
			f.err = err
			return false
		}
		f.staging.count.staged()
		return true
	}
}

// set makes the values of a row. The deal itself comes before its moves, and these before its
// activities, which may have happened before the deal was opened.
func (f *feed) set(r *funnel.ImportRow, text string) error {
	rank := int16(1)
	switch r.Kind {
	case funnel.ImportDeal:
		rank = 0
	case funnel.ImportActivity:
		rank = 2
	case funnel.ImportMove:
	}
	for _, name := range []string{r.Actor, ownerOf(r)} {
		if name != "" {
			f.staging.names[name] = struct{}{}
		}
	}
	if len(f.staging.names) > maxNames {
		return fmt.Errorf("the rows name more than %d different people: is the column of the owner the right one?", maxNames)
	}
	row, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("stage line %d: %w", r.Line, err)
	}
	f.values = [8]any{r.Case, rank, r.At, r.Order, int16(r.Source), r.Line, row, text} //nolint:gosec // a few files at most.
	return nil
}

func ownerOf(r *funnel.ImportRow) string {
	if r.Deal == nil {
		return ""
	}
	return r.Deal.Owner
}

// Values implements pgx.CopyFromSource.
func (f *feed) Values() ([]any, error) { return f.values[:], nil }

// Err implements pgx.CopyFromSource.
func (f *feed) Err() error { return f.err }

// fetched is how many rows are fetched at once, and batched how many are written in one
// transaction: enough that commits do not count, few enough to hold in memory and to repeat.
const (
	fetched = 2000
	batched = 6000
)

// group is the rows of one deal.
type group struct {
	rows []funnel.ImportRow
	// places are where the rows stand in the table.
	places []string
}

// read hands out the rows of the table deal by deal, in batches.
func (s *staging) read(ctx context.Context, give func([]group) error) error {
	if _, err := s.tx.Exec(ctx, `
		DECLARE import_cursor NO SCROLL CURSOR FOR
		SELECT ctid::text, row FROM import_rows ORDER BY case_id, rank, at, ord, source, line`); err != nil {
		return fmt.Errorf("order the rows: %w", err)
	}
	var batch []group
	var n int
	for {
		got, err := s.fetch(ctx, func(place string, r *funnel.ImportRow) error {
			last := len(batch) - 1
			if last < 0 || batch[last].rows[0].Case != r.Case {
				if n >= batched {
					if err := give(batch); err != nil {
						return err
					}
					batch, n = nil, 0
				}
				batch = append(batch, group{})
				last = len(batch) - 1
			}
			g := &batch[last]
			if len(g.rows) >= funnel.MaxImportRows {
				s.count.keep(&funnel.RowError{
					Source: r.Source, Line: r.Line, Reason: "too_many_rows",
					Detail: fmt.Sprintf("the deal %q has more than %d rows", r.Case, funnel.MaxImportRows),
				}, place)
				return nil
			}
			g.rows, g.places = append(g.rows, *r), append(g.places, place)
			n++
			return nil
		})
		if err != nil {
			return err
		}
		if err := s.explain(ctx); err != nil {
			return err
		}
		if got == 0 {
			break
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return give(batch)
}

func (s *staging) fetch(ctx context.Context, each func(string, *funnel.ImportRow) error) (int, error) {
	rows, err := s.tx.Query(ctx, fmt.Sprintf("FETCH FORWARD %d FROM import_cursor", fetched))
	if err != nil {
		return 0, fmt.Errorf("read the ordered rows: %w", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var place string
		var row []byte
		if err := rows.Scan(&place, &row); err != nil {
			return n, fmt.Errorf("read the ordered rows: %w", err)
		}
		var r funnel.ImportRow
		if err := json.Unmarshal(row, &r); err != nil {
			return n, fmt.Errorf("read a staged row: %w", err)
		}
		n++
		if err := each(place, &r); err != nil {
			return n, err
		}
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("read the ordered rows: %w", err)
	}
	return n, nil
}

// explain hands out the rows that were judged and rejected since the last time, with their texts.
func (s *staging) explain(ctx context.Context) error {
	rejected, places := s.count.take()
	if len(rejected) == 0 {
		return nil
	}
	rows, err := s.tx.Query(ctx, `SELECT ctid::text, raw FROM import_rows WHERE ctid = ANY($1::text[]::tid[])`, places)
	if err != nil {
		return fmt.Errorf("read rejected rows: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Place, Text string }])
	if err != nil {
		return fmt.Errorf("read rejected rows: %w", err)
	}
	texts := map[string]string{}
	for _, f := range found {
		texts[f.Place] = f.Text
	}
	for i, r := range rejected {
		r.Row = texts[places[i]]
		if err := s.count.reject(r); err != nil {
			return err
		}
	}
	return nil
}
