package bot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// revision is what was known last of changes in who may speak and where.
type revision struct {
	last    atomic.Pointer[memo[int64]]
	looking sync.Mutex
}

// abreast reports whether what is remembered of people and chats may be believed: nothing has changed about
// them since they were asked for, as it was revisionAge ago at the latest. While another visit finds that
// out, or nobody can, it must not be believed.
func (r *Reception) abreast(ctx context.Context) bool {
	now := r.clock()
	if r.lately(now) {
		return true
	}
	if !r.revision.looking.TryLock() {
		return false
	}
	defer r.revision.looking.Unlock()
	is, err := r.service.Access().Revision(ctx)
	if err != nil {
		return false
	}
	if last := r.revision.last.Load(); last == nil || last.value != is {
		r.belongings.clear()
		r.chats.clear()
	}
	r.revision.last.Store(&memo[int64]{is, now})
	return true
}

// lately reports whether the revision was looked at a moment ago. A clock that was set back says no.
func (r *Reception) lately(now time.Time) bool {
	last := r.revision.last.Load()
	if last == nil {
		return false
	}
	age := now.Sub(last.at)
	return age >= 0 && age < revisionAge
}
