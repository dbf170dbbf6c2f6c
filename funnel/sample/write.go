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
	record := newRecord(stories)
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
				if err := p.play(ctx, i, stories[i].acts, record); err != nil {
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

// play writes the acts of a story, when its turn comes.
func (p *player) play(ctx context.Context, story int, acts []act, r *record) error {
	if err := r.wait(ctx, story); err != nil {
		return err
	}
	defer close(r.told[story])
	var t funnel.Target
	var next funnel.NextStep
	for n, a := range acts {
		if again, ok := a.Do.(renewal); ok {
			t.Deal = r.deals[again.of]
		}
		done, err := p.act(ctx, fmt.Sprintf("sample:%d:%d", story, n), t, a)
		if err != nil {
			return fmt.Errorf("deal %d of the story, act %d, %T on %s: %w", story+1, n+1, a.Do, a.At.Format(time.DateTime), err)
		}
		if n == 0 {
			t.Deal = done.Deal.ID
			r.deals[story] = t.Deal
			close(r.opened[story+1])
		}
		next = done.Deal.Next
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
	case funnel.SeatPerson:
		return p.service.Seat(ctx, who, t, do)
	case inquiry:
		return p.ask(ctx, event, who, t, do)
	case renewal:
		return p.service.Renew(ctx, who, funnel.Renew{Of: t})
	}
	return funnel.Changed{}, fmt.Errorf("no use case for %T", a.Do)
}

// ask writes a qualification with its answers, or one that is set aside.
func (p *player) ask(ctx context.Context, event string, who funnel.Act, t funnel.Target, in inquiry) (funnel.Changed, error) {
	if !in.Open {
		return p.service.Qualify(ctx, who, t, funnel.Qualify{Given: in.Given})
	}
	step := func(name string) funnel.Act {
		who.Event = event + ":" + name
		return who
	}
	asked, err := p.service.StartAsking(ctx, step("ask"), t, funnel.StartAsking{Dialog: event, Place: p.year.Place})
	if err != nil {
		return funnel.Changed{}, err
	}
	give := funnel.GiveAnswers{Deal: t.Deal, Dialog: event, Place: p.year.Place, Given: in.Given}
	if _, err = p.service.Answer(ctx, step("answer"), give); err != nil {
		return funnel.Changed{}, err
	}
	// It is set aside now, so that nobody is reminded of it when the chat begins.
	p.clock = p.year.Now
	give.Given, give.Pause = nil, true
	_, err = p.service.Answer(ctx, step("later"), give)
	return funnel.Changed{Deal: asked.Deal}, err
}
