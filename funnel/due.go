package funnel

import (
	"context"
	"errors"
	"fmt"
)

// dueBatch is how many deals one reading of what is due brings of each kind.
const dueBatch = 200

// RunDue wakes the deals whose parking ends, writes the reminders of next steps that are due to
// owners who may be reminded now, reminds of qualification dialogs that have been silent for long or
// ends them, tells what owners did after they were nudged, and owes what was held back for those who may be
// told by now. It returns for how many deals and dialogs something was done. One that fails does not stop the others;
// its error is part of the one returned, and the next run tries it again. Any number of processes
// may run it at once: what one of them has done, the others find done.
func (s *Service) RunDue(ctx context.Context) (int, error) {
	done, err := s.runDeals(ctx)
	if ctx.Err() != nil || CodeOf(err) == CodeUnavailable {
		return done, err
	}
	asked, askErr := s.runAsking(ctx)
	done, err = done+asked, errors.Join(err, askErr)
	if ctx.Err() != nil || CodeOf(askErr) == CodeUnavailable {
		return done, err
	}
	told, nudgeErr := s.runNudges(ctx)
	done, err = done+told, errors.Join(err, nudgeErr)
	if ctx.Err() != nil || CodeOf(nudgeErr) == CodeUnavailable {
		return done, err
	}
	return done, errors.Join(err, s.release(ctx))
}

// runDeals does what is due for deals.
func (s *Service) runDeals(ctx context.Context) (int, error) {
	tried := map[DueDeal]error{}
	done, stuck := 0, 0
	for {
		// Deals that failed are still due and stand first, so the next batch lies behind them.
		due, err := s.store.Due(ctx, s.clock(), dueBatch+stuck)
		if err != nil {
			return done, errors.Join(failures(tried, nil), fmt.Errorf("run what is due: %w", err))
		}
		fresh := 0
		for _, d := range due {
			if _, again := tried[d]; again {
				continue
			}
			fresh++
			err := s.runDue(ctx, d)
			if err != nil && (ctx.Err() != nil || CodeOf(err) == CodeUnavailable) {
				// Without the database the others would fail as well, each after its budget.
				return done, errors.Join(failures(tried, nil), err)
			}
			tried[d] = err
			if err == nil {
				done++
			} else {
				stuck++
			}
		}
		if fresh == 0 {
			return done, failures(tried, due)
		}
	}
}

// failures joins the errors of the deals that failed. A refusal is a failure only for a deal that
// is due still; for any other it says that somebody was faster.
func failures(tried map[DueDeal]error, still []DueDeal) error {
	var all []error
	var refused *Error
	for _, err := range tried {
		if err != nil && !errors.As(err, &refused) {
			all = append(all, err)
		}
	}
	for _, d := range still {
		if err := tried[d]; errors.As(err, &refused) {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// runDue does what is due for one deal. The version makes the key another one for the next step
// after this one, because every change of a step or a parking raises it.
func (s *Service) runDue(ctx context.Context, d DueDeal) error {
	verb, run := "remind", s.Remind
	if d.Wake {
		verb, run = "wake", s.Wake
	}
	act := Act{Workspace: d.Workspace, Event: fmt.Sprintf("%s:%s:%d", verb, d.Deal, d.Version), Origin: FromTimer}
	if _, err := run(ctx, act, Target{Deal: d.Deal}); err != nil {
		return fmt.Errorf("%s deal %s: %w", verb, d.Deal, err)
	}
	return nil
}
