package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"funnelbot/funnel"
)

// importWriters is how many batches are judged and written at once: the database writes one while
// this process judges the other.
const importWriters = 2

// batchAttempts is how often a batch is tried against rivals who store the same company or deal at
// the same moment.
const batchAttempts = 10

// Import stores history. The rows are staged in the database, judged deal by deal in the order of
// time, and written in batches, each wholly or not at all. What is stored already is recognised by
// its identifiers, so an import that was interrupted is simply run again. In a dry run nothing but
// the temporary staging is written. One import at a time runs in a workspace.
func (s *Store) Import(ctx context.Context, im *funnel.Import, sources ...funnel.ImportRows) (funnel.ImportSummary, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	run := &importRun{Store: s, im: im, counts: counts{im: im}, companies: map[string]struct{}{}}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		staged, err := stage(ctx, tx, im, &run.counts)
		if err != nil {
			return err
		}
		if err := staged.fill(ctx, sources); err != nil {
			return err
		}
		if err := run.people(ctx, staged.names); err != nil {
			return err
		}
		return run.judge(ctx, cancel, staged)
	})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	if err == nil {
		err = run.analyze(ctx)
	}
	if err != nil {
		return run.summary(), fmt.Errorf("import: %w", err)
	}
	return run.summary(), nil
}

// analyzeFrom is the number of rows from which on an import changes what the planner must know.
const analyzeFrom = 1000

// analyze refreshes the statistics after a large import, so that the first reports need not wait
// for the server to do it by itself.
func (r *importRun) analyze(ctx context.Context) error {
	if r.im.DryRun || r.sum.Stored < analyzeFrom {
		return nil
	}
	if _, err := r.pool.Exec(ctx, `ANALYZE companies, deals, moves, spells, activities, contracts, changes`); err != nil {
		return fmt.Errorf("refresh statistics: %w", err)
	}
	return nil
}

// importRun is one import at work.
type importRun struct {
	*Store
	im      *funnel.Import
	members map[string]funnel.Member
	counts
	// companies are those that a dry run would make.
	companies map[string]struct{}
}

// judge reads batches on one connection and has them judged and written on others.
func (r *importRun) judge(ctx context.Context, cancel context.CancelCauseFunc, staged *staging) error {
	batches := make(chan []group)
	var writers sync.WaitGroup
	for range importWriters {
		writers.Go(func() {
			for b := range batches {
				if ctx.Err() != nil {
					continue
				}
				if err := r.batch(ctx, b); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := staged.read(ctx, func(b []group) error {
		select {
		case batches <- b:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(batches)
	writers.Wait()
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	return staged.explain(ctx)
}

// batch judges and writes a batch, again where a rival was faster.
func (r *importRun) batch(ctx context.Context, groups []group) error {
	for attempt := 1; ; attempt++ {
		done, err := r.attempt(ctx, groups)
		if err == nil {
			r.add(groups, done)
			return nil
		}
		if attempt == batchAttempts || !rivalled(err) {
			return err
		}
	}
}

func (r *importRun) attempt(ctx context.Context, groups []group) (*importBatch, error) {
	b := &importBatch{run: r, groups: groups, now: r.clock().UTC()}
	if r.im.DryRun {
		// The staging transaction must not see what others commit, but a dry run has no other.
		err := pgx.BeginTxFunc(ctx, r.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			return b.judge(ctx, tx, "")
		})
		return b, err
	}
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		if err := b.judge(ctx, tx, " FOR UPDATE OF d"); err != nil {
			return err
		}
		return b.write(ctx, tx)
	})
	return b, err
}

// errRival says that somebody stored a company of the same name meanwhile.
var errRival = errors.New("a company of the same name was stored meanwhile")

const (
	uniqueViolation  = "23505"
	lockNotAvailable = "55P03"
)

func rivalled(err error) bool {
	switch code(err) {
	case uniqueViolation, "40001", "40P01":
		return true
	}
	return errors.Is(err, errRival)
}

// code returns the SQLSTATE of an error, or "".
func code(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return ""
}

// counts gathers what an import did, from several goroutines.
type counts struct {
	im       *funnel.Import
	mu       sync.Mutex
	sum      funnel.ImportSummary
	progress funnel.ImportProgress
	rejected []*funnel.RowError
	places   []string
}

// tellEvery is how many rows pass between two reports of progress while staging.
const tellEvery = 5000

func (c *counts) staged() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum.Rows++
	c.progress.Staged++
	if c.progress.Staged%tellEvery == 0 {
		c.tell()
	}
}

func (c *counts) tell() {
	if c.im.Progress != nil {
		c.im.Progress(c.progress)
	}
}

// reject counts and hands out a row that cannot be used. Only the goroutine of the staging calls it.
func (c *counts) reject(r *funnel.RowError) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum.Reject(r)
	if c.im.Rejected == nil {
		return nil
	}
	return c.im.Rejected(r)
}

// unread counts and hands out a row that was not even staged.
func (c *counts) unread(r *funnel.RowError) error {
	c.mu.Lock()
	c.sum.Rows++
	c.mu.Unlock()
	return c.reject(r)
}

// keep keeps a rejected row until its text is fetched.
func (c *counts) keep(r *funnel.RowError, place string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rejected, c.places = append(c.rejected, r), append(c.places, place)
}

func (c *counts) take() ([]*funnel.RowError, []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rejected, places := c.rejected, c.places
	c.rejected, c.places = nil, nil
	return rejected, places
}

// add counts a batch that was written.
func (r *importRun) add(groups []group, b *importBatch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, done := range b.done {
		r.sum.Add(done)
		for _, e := range slices.Concat(done.Rejected, done.Notes) {
			r.rejected, r.places = append(r.rejected, e), append(r.places, groups[i].placeOf(e))
		}
		r.progress.Judged += int64(len(groups[i].rows))
	}
	if r.im.DryRun {
		for _, c := range b.fresh {
			r.companies[funnel.NameKey(c.Name)] = struct{}{}
		}
		r.sum.Companies = int64(len(r.companies))
	} else {
		r.sum.Companies += int64(len(b.fresh))
	}
	r.tell()
}

func (g *group) placeOf(e *funnel.RowError) string {
	for i := range g.rows {
		if g.rows[i].Line == e.Line && g.rows[i].Source == e.Source {
			return g.places[i]
		}
	}
	return ""
}

func (r *importRun) summary() funnel.ImportSummary {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sum
}
