package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// Timed is work that is due once in a while, in one of all the processes on the database.
type Timed struct {
	// Name is the same in every process.
	Name string
	// Every is from one run to the next, a second at least. The first run is soon after the start.
	Every time.Duration
	// Run does the work, within [TimedLimit]. It may be called again before the time, and by two
	// processes at once after one of them was thought dead. An error is logged, and the next run
	// tries again.
	Run func(ctx context.Context) error
}

// TimedLimit is how long one run of timed work may take.
const TimedLimit = time.Minute

const (
	// rescueAfter frees work whose process died.
	rescueAfter = 2 * time.Minute
	// jobPoll is how often a process asks for work: rarely, because work is due to the half minute.
	jobPoll = 2 * time.Second
	// jobWorkers keeps a long run from holding up the others.
	jobWorkers = 4
	// jobStopGrace is how long a run may go on after the stop, which as a whole may take ten
	// seconds.
	jobStopGrace = 5 * time.Second
	// jobRestart is how long to wait for a database that cannot be reached at the start.
	jobRestart = 5 * time.Second
	// keepRuns is how long the records of runs are kept, for whoever looks into the table.
	keepRuns = time.Hour
)

// Jobs runs timed work. Of all processes one is the leader and says what is due; any of them does it.
type Jobs struct {
	client *river.Client[pgx.Tx]
	log    *slog.Logger
	cancel context.CancelFunc
	done   chan struct{}
}

// Jobs returns the timed work of this process, on the connections of the store. It does nothing
// before Start.
func (s *Store) Jobs(work ...Timed) (*Jobs, error) {
	workers := river.NewWorkers()
	w := &timedWorker{log: s.log, work: map[string]Timed{}}
	if err := river.AddWorkerSafely(workers, w); err != nil {
		return nil, fmt.Errorf("set up timed work: %w", err)
	}
	var periodic []*river.PeriodicJob
	for _, t := range work {
		w.work[t.Name] = t
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(t.Every),
			func() (river.JobArgs, *river.InsertOpts) { return timedArgs{Name: t.Name}, nil },
			&river.PeriodicJobOpts{ID: t.Name, RunOnStart: true}))
	}
	client, err := river.NewClient(riverpgxv5.New(s.pool), &river.Config{
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobWorkers}},
		Workers:      workers,
		PeriodicJobs: periodic,
		Logger:       slog.New(quiet{s.log.Handler()}),
		// Without LISTEN a connection is not held for ever, and poolers that hand out
		// connections by the transaction will do.
		PollOnly:                    true,
		FetchPollInterval:           jobPoll,
		JobTimeout:                  TimedLimit,
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             jobStopGrace,
		CompletedJobRetentionPeriod: keepRuns,
	})
	if err != nil {
		return nil, fmt.Errorf("set up timed work: %w", err)
	}
	return &Jobs{client: client, log: s.log}, nil
}

// Start begins the work in the background, until ctx ends or Stop is called. It does not wait for
// the database. It is called once.
func (j *Jobs) Start(ctx context.Context) {
	ctx, j.cancel = context.WithCancel(ctx)
	j.done = make(chan struct{})
	go func() {
		defer close(j.done)
		j.run(ctx)
	}()
}

func (j *Jobs) run(ctx context.Context) {
	for warned := false; ; warned = true {
		err := j.client.Start(ctx)
		if err == nil {
			<-j.client.Stopped()
			return
		}
		if ctx.Err() != nil {
			return
		}
		if !warned {
			j.log.WarnContext(ctx, "timed work not started, trying on", slog.Any("error", err))
		}
		again := time.NewTimer(jobRestart)
		select {
		case <-ctx.Done():
			again.Stop()
			return
		case <-again.C:
		}
	}
}

// Stop ends the work and waits for runs that are under way, for some seconds at most. The error
// says that ctx ended first.
func (j *Jobs) Stop(ctx context.Context) error {
	if j.cancel == nil {
		return nil
	}
	j.cancel()
	select {
	case <-j.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop timed work: %w", ctx.Err())
	}
}

// timedArgs names the work of a job.
type timedArgs struct {
	Name string `json:"name"`
}

// Kind implements river.JobArgs.
func (timedArgs) Kind() string { return "timed" }

// InsertOpts implements river.JobArgsWithInsertOpts: work that has not been done yet is not asked
// for again, and a failed run is not repeated, because the next one is.
func (timedArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{
		MaxAttempts: 1,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}},
	}
}

type timedWorker struct {
	river.WorkerDefaults[timedArgs]
	work map[string]Timed
	log  *slog.Logger
}

// Work implements river.Worker. Failures are logged here, once, and are no business of the queue.
func (w *timedWorker) Work(ctx context.Context, job *river.Job[timedArgs]) error {
	t, ok := w.work[job.Args.Name]
	if !ok {
		return river.JobCancel(fmt.Errorf("work %q is of another version of the program", job.Args.Name))
	}
	if err := t.Run(ctx); err != nil {
		w.log.ErrorContext(ctx, "timed work failed", slog.String("work", t.Name), slog.Any("error", err))
	}
	return nil
}

// quiet passes on what an operator has to know of the queue's own doings.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// Handle implements slog.Handler. What fails because of a stop is no news.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the record is left out, nothing has failed here
	}
	return q.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
