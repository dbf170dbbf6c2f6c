package funnel

import (
	"encoding/json"
	"reflect"
	"time"
)

// keptChange is the form in which the result of a change is kept. Where a move is all that tells the
// deal from what it was, which is so most of the time, that is kept instead of a second deal. What
// was kept before there was this form has both deals, and is read as well.
type keptChange struct {
	*Changed
	Was   *Deal  `json:"was,omitempty"`
	Moved *moved `json:"moved,omitempty"`
}

// moved is what a move alone changes of a deal.
type moved struct {
	Stage      StageKey  `json:"stage"`
	StageSince time.Time `json:"since"`
	LastMoveAt time.Time `json:"last"`
	Version    int64     `json:"version"`
	Moves      int       `json:"moves"`
	Spells     int       `json:"spells"`
}

func (d *Deal) moved() moved {
	return moved{d.Stage, d.StageSince, d.LastMoveAt, d.Version, d.Moves, d.Spells}
}

// with returns the deal as if it had moved so.
func (d *Deal) with(m moved) *Deal {
	n := *d
	n.Stage, n.StageSince, n.LastMoveAt, n.Version, n.Moves, n.Spells = m.Stage, m.StageSince, m.LastMoveAt, m.Version, m.Moves, m.Spells
	return &n
}

// kept returns what is encoded to keep a result.
func kept(result any) any {
	c, ok := result.(*Changed)
	if !ok || c.Was == nil {
		return result
	}
	if reflect.DeepEqual(c.Was.with(c.Deal.moved()), &c.Deal) {
		before := c.Was.moved()
		return &keptChange{Changed: c, Moved: &before}
	}
	return &keptChange{Changed: c, Was: c.Was}
}

// recall decodes a result that was kept.
func recall(data []byte, into any) error {
	c, ok := into.(*Changed)
	if !ok {
		return json.Unmarshal(data, into)
	}
	k := keptChange{Changed: c}
	if err := json.Unmarshal(data, &k); err != nil {
		return err
	}
	if c.Was = k.Was; k.Moved != nil {
		c.Was = c.Deal.with(*k.Moved)
	}
	return nil
}
