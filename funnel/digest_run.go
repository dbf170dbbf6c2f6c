package funnel

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// NoticeDigest is the daily digest. Data has "digest", the identifier of its setting, and "on", the day.
const NoticeDigest NoticeKind = "digest"

// RunDigests owes the digests that are due and returns how many. Any number of processes may run it at
// once; a digest that could not be owed is owed later on the same day, and one whose day is over is
// missed: the next one says so.
func (s *Service) RunDigests(ctx context.Context) (int, error) {
	places, err := s.store.DigestSettings(ctx, ID{})
	if err != nil {
		return 0, fmt.Errorf("look for digests: %w", err)
	}
	owed := 0
	var all []error
	for i := range places {
		p := &places[i]
		on, due := p.Due(s.clock())
		if !due {
			continue
		}
		fresh, err := s.oweDigest(ctx, p, on)
		if err != nil {
			all = append(all, fmt.Errorf("owe digest %s of %s: %w", p.Setting.ID, on, err))
		}
		if ctx.Err() != nil || CodeOf(err) == CodeUnavailable {
			break
		}
		if fresh {
			owed++
		}
	}
	return owed, errors.Join(all...)
}

// SendDigests owes the digests of today that a workspace wants and that were not owed yet, whatever the
// time and the day, and returns how many.
func (s *Service) SendDigests(ctx context.Context, workspace ID) (int, error) {
	places, err := s.store.DigestSettings(ctx, workspace)
	if err != nil {
		return 0, fmt.Errorf("look for digests: %w", err)
	}
	owed := 0
	for i := range places {
		p := &places[i]
		on := DateOf(s.clock().In(p.Zone()))
		if !p.Open() || !p.Setting.Day.Before(on) {
			continue
		}
		fresh, err := s.oweDigest(ctx, p, on)
		if err != nil {
			return owed, fmt.Errorf("owe digest %s of %s: %w", p.Setting.ID, on, err)
		}
		if fresh {
			owed++
		}
	}
	return owed, nil
}

// oweDigest makes the digest of a place and owes it. What it says is kept with it, so that it says the
// same whenever it is delivered.
func (s *Service) oweDigest(ctx context.Context, p *DigestPlace, on Date) (bool, error) {
	d, err := s.digest(ctx, p, time.Time{})
	if err != nil {
		return false, err
	}
	if d.On != on {
		// Midnight came between the two looks at the clock.
		return false, nil
	}
	run := DigestRun{Workspace: p.Workspace.ID, Digest: p.Setting.ID, On: on, OwedAt: s.clock(), Facts: d}
	return s.store.OweDigest(ctx, run, p.Setting, Notification{
		ID: NoticeDerived("digest", p.Setting.ID.String(), on.String()), Kind: NoticeDigest, To: p.Setting.Member,
		Data: map[string]string{"digest": p.Setting.ID.String(), "on": on.String()},
	})
}

// DigestOf returns what was owed to a place for a day, or nil.
func (s *Service) DigestOf(ctx context.Context, workspace, digest ID, on Date) (*Digest, error) {
	return s.store.DigestOn(ctx, workspace, digest, on)
}
