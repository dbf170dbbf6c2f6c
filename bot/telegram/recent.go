package telegram

import "sync"

// recent remembers the latest values by key, a bounded number of them. What it forgets, and what a
// restart loses, is a convenience: an old keyboard that stays, a part that is posted again.
type recent[V any] struct {
	most int

	mu   sync.Mutex
	all  map[string]V
	keys []string
}

func (r *recent[V]) get(key string) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.all[key]
	return v, ok
}

func (r *recent[V]) put(key string, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[string]V{}
	}
	if _, ok := r.all[key]; !ok {
		r.keys = append(r.keys, key)
	}
	r.all[key] = v
	for len(r.keys) > r.most {
		delete(r.all, r.keys[0])
		r.keys = r.keys[1:]
	}
}

// drop forgets a key.
func (r *recent[V]) drop(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.all[key]; !ok {
		return
	}
	delete(r.all, key)
	for i, k := range r.keys {
		if k == key {
			r.keys = append(r.keys[:i:i], r.keys[i+1:]...)
			return
		}
	}
}
