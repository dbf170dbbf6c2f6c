package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"funnelbot/funnel"
)

// laneEnd says that a lane was given back, and when to look there again; zero: nobody knows.
type laneEnd struct {
	lane string
	rest time.Time
	err  error
}

// lanes are those that are being drained. True stands for one that was claimed again before word
// came that it had been given back.
type lanes map[string]bool

// claim fills the backlog when half of it is done.
func (c *Courier) claim(ctx context.Context, running lanes) error {
	free := cap(c.ended) - len(running)
	if free < cap(c.ended)/2 {
		return nil
	}
	// A claim that is broken off may have happened, so it is not broken off by the stop.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
	defer cancel()
	claimed, err := c.Outbox.Claim(asking, c.Lanes, free)
	if err != nil {
		return err
	}
	for _, lane := range claimed {
		c.start(ctx, running, lane)
	}
	return nil
}

// start drains a lane that was claimed, now or when word has come that it was given back before.
func (c *Courier) start(ctx context.Context, running lanes, lane string) {
	if _, twice := running[lane]; twice {
		running[lane] = true
		return
	}
	running[lane] = false
	go func() {
		c.places <- struct{}{}
		last, err := c.drain(ctx, lane)
		<-c.places
		c.ended <- laneEnd{lane, last.rest, err}
	}()
}

// end takes note of a lane that was given back. One that is claimed again is drained again, which
// also gives it back again. So is one whose chat has moved, by its new name: the claim has moved
// along.
func (c *Courier) end(ctx context.Context, running lanes, end laneEnd) {
	again := running[end.lane]
	delete(running, end.lane)
	if again {
		c.start(ctx, running, end.lane)
	}
	door, chat, thread := funnel.ParseLane(end.lane)
	if to, ok := c.moved.Load(funnel.LaneOf(door, chat, "")); ok {
		c.start(ctx, running, funnel.LaneOf(door, fmt.Sprint(to), thread))
	}
}

// move notes the new name of a chat. It is known here before the lanes are renamed, so that whoever
// loses a lane by that goes on under the new name.
func (c *Courier) move(ctx context.Context, owed *funnel.Owed, to string) {
	door, chat, _ := funnel.ParseLane(owed.Lane)
	c.moved.Store(funnel.LaneOf(door, chat, ""), to)
	c.moved.Delete(funnel.LaneOf(door, to, "")) // or two names would take turns for ever
	c.settler.moved(ctx, owed, to)
}

// rests are the ends of the rests of lanes that were given back, in order.
type rests struct {
	timer *time.Timer
	at    []time.Time
}

// restGrain brings rests that end nearly together to one end.
const restGrain = 5 * time.Millisecond

func (r *rests) add(now, end time.Time) {
	if round := end.Truncate(restGrain); round.Before(end) {
		end = round.Add(restGrain)
	}
	i, found := slices.BinarySearchFunc(r.at, end, time.Time.Compare)
	if found {
		return
	}
	r.at = slices.Insert(r.at, i, end)
	if i == 0 {
		r.timer.Reset(end.Sub(now))
	}
}

// ended forgets the rests that are over.
func (r *rests) ended(now time.Time) {
	for len(r.at) > 0 && !r.at[0].After(now) {
		r.at = r.at[1:]
	}
	if len(r.at) > 0 {
		r.timer.Reset(r.at[0].Sub(now))
	}
}
