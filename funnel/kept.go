package funnel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Kept is what an act led to when it was delivered before: a change of a deal or of a member, a
// transfer, the erasure of a person, a step of a qualification dialog, a plan that was set, a nudge, or a deal put off.
type Kept struct {
	Changed     *Changed
	Settled     *Settled
	Transferred *Transferred
	Forgotten   *Forgotten
	// Asked has only what was kept: the dialog and where it was taken over from.
	Asked    *Asked
	Heard    *Heard
	Ended    *AskingEnded
	QuotaSet *QuotaSet
	Nudged   *Nudged
	Snoozed  *Snoozed
}

// IsZero reports whether the act has had no effect.
func (k Kept) IsZero() bool { return k == Kept{} }

var errNothingSaid = errors.New("a result is looked up by what was said")

// Kept returns what the act led to before, or the zero Kept. It is for those who would otherwise
// answer a repeated delivery with a question or a refusal, because what it asked for has happened.
// Where something else was said under the key the error is [CodeKeyReused].
func (s *Service) Kept(ctx context.Context, a Act) (Kept, error) {
	if a.Said == "" {
		return Kept{}, errNothingSaid
	}
	key, err := a.key(nil)
	if err != nil {
		return Kept{}, err
	}
	stored, err := s.store.Kept(ctx, a.Workspace, key)
	if err != nil || !stored.Replayed {
		return Kept{}, err
	}
	var of struct {
		Member json.RawMessage `json:"member"`
		To     json.RawMessage `json:"to"`
		Deals  json.RawMessage `json:"deals"`
		Asking json.RawMessage `json:"asking"`
		Until  json.RawMessage `json:"until"`
		Ended  json.RawMessage `json:"ended"`
		Quota  json.RawMessage `json:"quota"`
		Nudge  json.RawMessage `json:"nudge"`
		Snooze json.RawMessage `json:"snooze"`
	}
	k := Kept{}
	var into any
	if err = json.Unmarshal(stored.Result, &of); err == nil {
		switch {
		case of.Member != nil:
			into = &k.Settled
		case of.To != nil:
			into = &k.Transferred
		case of.Deals != nil:
			into = &k.Forgotten
		case of.Asking != nil:
			into = &k.Asked
		case of.Until != nil:
			into = &k.Heard
		case of.Ended != nil:
			into = &k.Ended
		case of.Quota != nil:
			into = &k.QuotaSet
		case of.Nudge != nil:
			into = &k.Nudged
		case of.Snooze != nil:
			into = &k.Snoozed
		default:
			k.Changed = &Changed{}
			into = k.Changed
		}
		err = recall(stored.Result, into)
	}
	if err != nil {
		return Kept{}, fmt.Errorf("read the result under %s: %w", a.Event, err)
	}
	if k.Changed != nil && stored.Number > 0 {
		// The number of a new deal is given out with the write.
		k.Changed.Deal.Number, k.Changed.Deal.Company = stored.Number, stored.Company
	}
	return k, nil
}
