package funnel_test

import (
	"context"

	"funnelbot/funnel"
)

// Kept implements [funnel.Tx].
func (l *ledger) Kept(_ context.Context, _ funnel.ID, key funnel.Key) (funnel.Stored, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.keys[key.Event]
	switch {
	case !ok:
		return funnel.Stored{}, nil
	case k.intent != key.Intent:
		return funnel.Stored{}, funnel.Refuse(funnel.CodeKeyReused, nil)
	}
	again := k.stored
	again.Replayed = true
	return again, nil
}
