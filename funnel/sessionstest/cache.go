package sessionstest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"funnelbot/funnel"
)

// RunCache holds a store of copies to its contract; open is as in [Run].
func RunCache(t *testing.T, open func(t *testing.T) (funnel.SessionCache, func(time.Duration))) {
	t.Helper()
	tests := []struct {
		name string
		test func(*cacheBench)
	}{
		{"a copy keeps its own version", putKeeps},
		{"a late copy never replaces a newer one", putLate},
		{"the first version begins anew", putFirst},
		{"a copy ends after its lifetime", putExpires},
		{"a deleted copy is gone", putDeleted},
		{"copies that cannot be kept are refused", putRefused},
		{"copies put at once leave the newest", putAtOnce},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cache, advance := open(t)
			tt.test(&cacheBench{T: t, cache: cache, advance: advance, key: NewKey()})
		})
	}
}

type cacheBench struct {
	*testing.T
	cache   funnel.SessionCache
	advance func(time.Duration)
	key     funnel.SessionKey
}

func (b *cacheBench) put(version int64, data string) {
	b.Helper()
	if err := b.cache.Put(b.Context(), b.key, funnel.Session{Data: []byte(data), Version: version}, hour); err != nil {
		b.Fatalf("put version %d: %v", version, err)
	}
}

func (b *cacheBench) has(version int64, data string) {
	b.Helper()
	s, err := b.cache.Load(b.Context(), b.key)
	if err != nil {
		b.Fatalf("load: %v", err)
	}
	if s.Version != version || string(s.Data) != data {
		b.Fatalf("loaded version %d %.40q, want version %d %.40q", s.Version, s.Data, version, data)
	}
}

func (b *cacheBench) hasNone() {
	b.Helper()
	if s, err := b.cache.Load(b.Context(), b.key); !errors.Is(err, funnel.ErrNoSession) {
		b.Fatalf("load: want ErrNoSession, got version %d %.40q, %v", s.Version, s.Data, err)
	}
}

func putKeeps(b *cacheBench) {
	b.hasNone()
	b.put(7, "seven")
	b.has(7, "seven")
	b.put(9, "nine")
	b.has(9, "nine")
	b.put(10, "ten") // a digit more
	b.has(10, "ten")
}

func putLate(b *cacheBench) {
	b.put(10, "ten")
	for _, version := range []int64{2, 9, 10} {
		b.put(version, "late")
	}
	b.has(10, "ten")
	b.put(1<<53, "beyond what a float can count")
	b.put(1<<53+1, "one more")
	b.has(1<<53+1, "one more")
	b.put(1<<53, "late")
	b.has(1<<53+1, "one more")
}

func putFirst(b *cacheBench) {
	b.put(5, "the dialog before")
	b.put(1, "a new dialog")
	b.has(1, "a new dialog")
}

func putExpires(b *cacheBench) {
	b.put(3, "three")
	b.advance(hour - time.Minute)
	b.has(3, "three")
	b.put(4, "four")
	b.advance(hour - time.Minute)
	b.has(4, "four")
	b.advance(2 * time.Minute)
	b.hasNone()
	b.put(2, "an older one has nothing to yield to")
	b.has(2, "an older one has nothing to yield to")
}

func putDeleted(b *cacheBench) {
	b.put(3, "three")
	for range 2 {
		if err := b.cache.Delete(b.Context(), b.key); err != nil {
			b.Fatalf("delete: %v", err)
		}
		b.hasNone()
	}
}

func putRefused(b *cacheBench) {
	large := funnel.Session{Data: make([]byte, funnel.MaxSessionData+1), Version: 1}
	if err := b.cache.Put(b.Context(), b.key, large, hour); !errors.Is(err, funnel.ErrSessionTooLarge) {
		b.Fatalf("want ErrSessionTooLarge, got %v", err)
	}
	if err := b.cache.Put(b.Context(), b.key, funnel.Session{Version: 1}, 0); err == nil {
		b.Fatal("put without a lifetime")
	}
	b.hasNone()
}

func putAtOnce(b *cacheBench) {
	const newest = 40
	var all sync.WaitGroup
	for version := int64(2); version <= newest; version++ {
		all.Go(func() {
			if err := b.cache.Put(b.Context(), b.key, funnel.Session{Data: []byte("copy"), Version: version}, hour); err != nil {
				b.Errorf("put version %d: %v", version, err)
			}
		})
	}
	all.Wait()
	b.has(newest, "copy")
}
