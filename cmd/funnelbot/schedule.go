package main

import (
	"context"
	"log/slog"
	"time"

	"funnelbot/storage/postgres"
)

// When timed work runs. Reminders and plans are due to the half minute; pruning keeps small tables
// small.
const (
	dueEvery     = 30 * time.Second
	plansEvery   = 30 * time.Second
	digestsEvery = 30 * time.Second
	sweepEvery   = time.Minute
	pruneEvery   = time.Hour
)

// schedule runs timed work until ctx ends: reminders, the waking of parked deals, what waited for
// the end of quiet hours, morning plans, digests, whether members are colleagues still, pruning.
func (a *app) schedule(ctx context.Context) {
	jobs, err := a.store.Jobs(
		postgres.Timed{Name: "due", Every: a.every(dueEvery), Run: func(ctx context.Context) error {
			_, err := a.service.RunDue(ctx)
			return err
		}},
		postgres.Timed{Name: "plans", Every: a.every(plansEvery), Run: func(ctx context.Context) error {
			_, err := a.service.RunPlans(ctx)
			return err
		}},
		postgres.Timed{Name: "digests", Every: a.every(digestsEvery), Run: func(ctx context.Context) error {
			_, err := a.service.RunDigests(ctx)
			return err
		}},
		postgres.Timed{Name: "sweep", Every: a.every(sweepEvery), Run: func(ctx context.Context) error {
			if a.sweep == nil {
				return nil
			}
			return a.sweep(ctx)
		}},
		postgres.Timed{Name: "prune", Every: a.every(pruneEvery), Run: func(ctx context.Context) error {
			_, err := a.store.Prune(ctx)
			return err
		}},
	)
	if err != nil {
		a.log.ErrorContext(ctx, "no timed work", slog.Any("error", err))
		return
	}
	jobs.Start(ctx)
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), workStop)
	defer cancel()
	if err := jobs.Stop(stopping); err != nil {
		a.log.WarnContext(ctx, "timed work not stopped cleanly", slog.Any("error", err))
	}
}

// every is the usual time between two runs, or the pace that is set.
func (a *app) every(usual time.Duration) time.Duration {
	if a.pace > 0 {
		return a.pace
	}
	return usual
}
