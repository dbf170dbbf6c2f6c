package sample

import (
	"context"
	"fmt"
	"sync"
	"time"

	"funnelbot/funnel"
)

// defaultWorkers is how many deals are written at a time: a few more than two processors are busy
// with, because every change waits for the database twice.
const defaultWorkers = 6

// write plays the stories through the use cases, several at a time. Each waits to be opened until
// the one before is, so that numbers follow time.
func (y *year) write(ctx context.Context, stories []*story) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	opened := make([]chan struct{}, len(stories)+1)
	for i := range opened {
		opened[i] = make(chan struct{})
	}
	close(opened[0])
	next := make(chan int, len(stories))
	for i := range stories {
		next <- i
	}
	close(next)
	workers := y.Workers
	if workers <= 0 {
		workers = defaultWorkers
	}
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			p := y.newPlayer()
			for i := range next {
				if err := p.play(ctx, i, stories[i].acts, opened[i], opened[i+1]); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("write the history of the sample company: %w", err)
	}
	return nil
}

// player writes one story after another, each act at its own time.
type player struct {
	year    *year
	service *funnel.Service
	clock   time.Time
}

func (y *year) newPlayer() *player {
	p := &player{year: y}
	p.service = funnel.New(funnel.Config{
		Store: y.Store, Funnels: y.Funnel, IDs: y.NewID, Clock: func() time.Time { return p.clock },
	})
	return p
}

// play writes the acts of a story. It begins when turn is closed and closes opened after the first.
func (p *player) play(ctx context.Context, story int, acts []act, turn <-chan struct{}, opened chan<- struct{}) error {
	select {
	case <-turn:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	var t funnel.Target
	var next funnel.NextStep
	for n, a := range acts {
		r, err := p.act(ctx, fmt.Sprintf("sample:%d:%d", story, n), t, a)
		if err != nil {
			return fmt.Errorf("deal %d of the story, act %d, %T on %s: %w", story+1, n+1, a.Do, a.At.Format(time.DateTime), err)
		}
		if n == 0 {
			t.Deal = r.Deal.ID
			close(opened)
		}
		next = r.Deal.Next
	}
	if !next.RemindAt.IsZero() && !next.RemindAt.After(p.year.Now) {
		// The reminder came at its time, and shall not come again when the chat begins.
		p.clock = p.year.Now
		_, err := p.service.Remind(ctx, p.as(act{}, fmt.Sprintf("sample:%d:reminded", story)), t)
		return err
	}
	return nil
}

// as says who does an act. History counts as recorded when it happened, and notifies nobody; what
// was entered late has to come in as from the chat to keep both times.
func (p *player) as(a act, event string) funnel.Act {
	origin := funnel.FromImport
	if a.Late {
		origin = funnel.FromChat
	}
	return funnel.Act{Workspace: p.year.Workspace.ID, Member: a.By, Event: event, Origin: origin}
}

func (p *player) act(ctx context.Context, event string, t funnel.Target, a act) (funnel.Changed, error) {
	p.clock = a.At
	who := p.as(a, event)
	switch do := a.Do.(type) {
	case funnel.OpenDeal:
		return p.service.Open(ctx, who, do)
	case funnel.Report:
		return p.service.Log(ctx, who, t, do)
	case done:
		return p.service.Done(ctx, who, t, do.Finish, do.After)
	case funnel.SetNext:
		return p.service.Next(ctx, who, t, do)
	case []funnel.Edit:
		return p.service.Set(ctx, who, t, do...)
	case funnel.MoveTo:
		return p.service.Move(ctx, who, t, do)
	case funnel.MoveBack:
		return p.service.Back(ctx, who, t, do)
	case funnel.Win:
		return p.service.Win(ctx, who, t, do)
	case funnel.Lose:
		return p.service.Lose(ctx, who, t, do)
	case funnel.Reopen:
		return p.service.Reopen(ctx, who, t, do)
	case funnel.Park:
		return p.service.Park(ctx, who, t, do)
	case funnel.Wake:
		return p.service.Wake(ctx, who, t)
	case funnel.Assign:
		return p.service.Assign(ctx, who, t, do)
	}
	return funnel.Changed{}, fmt.Errorf("no use case for %T", a.Do)
}
