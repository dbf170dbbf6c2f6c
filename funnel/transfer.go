package funnel

import (
	"context"
	"fmt"
	"strconv"
	"sync"
)

// VerbTransfer is the verb of changes that hand a member's work over to another.
const VerbTransfer = "transfer"

// Transferred is the result of handing over everything of one member to another.
type Transferred struct {
	Verb string `json:"verb"`
	From Member `json:"from"`
	To   Member `json:"to"`
	// Deals are open ones, Clients are signed ones, and Steps counts those of both that have a next
	// step.
	Deals   int `json:"deals"`
	Clients int `json:"clients"`
	Steps   int `json:"steps"`
}

// handover is one part of a transfer: the deal becomes another member's unless it is no longer that
// of the first. The receiver is told of all of them at once.
type handover struct{ From, To ID }

func (c handover) decide(_ *Env, d *Decision) error {
	if err := d.standing(); err != nil {
		return err
	}
	if d.After.Deal.Owner != c.From {
		return Refuse(CodeStale, Args{"deal": d.After.Deal.Number})
	}
	d.After.Deal.Owner = c.To
	return nil
}

// transfer is what a transfer was begun with; it is kept, so that a repeated delivery goes on with
// the same deals.
type transfer struct {
	From  Member `json:"from_member"`
	Deals []ID   `json:"deals"`
}

// wish is what a transfer asks for.
type wish struct {
	Verb     string
	From, To ID
}

// Transfer hands everything that a member works on over to another, who is active: open deals,
// clients and their next steps. Managers may do so for anybody, also for those who no longer take
// part, and everybody for themselves. Every deal is a change of its own under a key derived from
// that of the act, so that a delivery that was interrupted is completed by the next. The receiver
// gets one message, and so does the giver who did not do it.
func (s *Service) Transfer(ctx context.Context, a Act, from, to ID) (Transferred, error) {
	if a.Member.IsZero() {
		return Transferred{}, errNoMember
	}
	if from == to {
		return Transferred{}, Refuse(CodeSameMember, nil)
	}
	asked := wish{VerbTransfer, from, to}
	begun, err := s.beginTransfer(ctx, a, asked)
	if err != nil {
		return Transferred{}, err
	}
	sum, err := s.handOver(ctx, a, asked, begun.Deals)
	if err != nil {
		return Transferred{}, err
	}
	sum.Verb, sum.From = VerbTransfer, begun.From
	r, _, err := do(ctx, s, a, asked, Reads{Subject: to}, func(e *Env, snap *Snapshot) (Transferred, *Writes, error) {
		if snap.Subject == nil {
			return Transferred{}, nil, Refuse(CodeNoMember, Args{"name": ""})
		}
		r := sum
		r.To = *snap.Subject
		w := &Writes{}
		if r.Deals+r.Clients > 0 && to != e.Actor.ID {
			w.Notices = []Notification{r.notice(e)}
			hold(e, w.Notices, snap.Subject)
		}
		if r.Deals+r.Clients > 0 && from != e.Actor.ID {
			w.Notices = append(w.Notices, r.farewell(e))
		}
		return r, w, nil
	})
	return r, err
}

// notice tells the receiver.
func (r *Transferred) notice(e *Env) Notification {
	data := r.numbers()
	data["from"] = r.From.Name
	return Notification{ID: e.NewID(), Kind: NoticeTransferred, To: r.To.ID, Actor: e.Actor.ID, Data: data}
}

// farewell tells the one whose work it was. The next run lets go of it: it knows their quiet hours,
// and whether they still take part.
func (r *Transferred) farewell(e *Env) Notification {
	data := r.numbers()
	data["to"], data["by"] = r.To.Name, e.Actor.Name
	return Notification{ID: e.NewID(), Kind: NoticeHandedOver, To: r.From.ID, Actor: e.Actor.ID, Data: data, Held: true}
}

func (r *Transferred) numbers() map[string]string {
	return map[string]string{"deals": strconv.Itoa(r.Deals), "clients": strconv.Itoa(r.Clients), "steps": strconv.Itoa(r.Steps)}
}

// beginTransfer judges whether the transfer may be and keeps what it is about.
func (s *Service) beginTransfer(ctx context.Context, a Act, asked wish) (transfer, error) {
	owner, deals, err := s.store.Holdings(ctx, a.Workspace, asked.From)
	if err != nil {
		return transfer{}, fmt.Errorf("read what is to be transferred: %w", err)
	}
	a.Event += ":begin"
	begun, _, err := do(ctx, s, a, asked, Reads{Subject: asked.To}, func(e *Env, snap *Snapshot) (transfer, *Writes, error) {
		switch {
		case !e.Actor.Role.Allows(Manager) && asked.From != e.Actor.ID:
			return transfer{}, nil, Refuse(CodeForbidden, Args{"role": Manager})
		case owner == nil, snap.Subject == nil || !snap.Subject.Active:
			return transfer{}, nil, Refuse(CodeNoMember, Args{"name": ""})
		}
		return transfer{From: *owner, Deals: deals}, &Writes{}, nil
	})
	return begun, err
}

// hands is how many deals are handed over at once: a long list must not outlast the patience of a
// chat platform.
const hands = 8

// handOver hands the deals over and counts those that were. What somebody else has given away or
// taken out meanwhile is left alone.
func (s *Service) handOver(ctx context.Context, a Act, asked wish, deals []ID) (Transferred, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var sum Transferred
	var failed error
	var lock sync.Mutex
	var all sync.WaitGroup
	next := make(chan ID)
	for range min(hands, len(deals)) {
		all.Go(func() {
			for deal := range next {
				r, err := s.handOverOne(ctx, a, asked, deal)
				lock.Lock()
				switch {
				case err == nil:
					sum.count(&r.Deal)
				case CodeOf(err) == CodeStale, CodeOf(err) == CodeDealVoided:
				case failed == nil:
					failed = err
					cancel()
				}
				lock.Unlock()
			}
		})
	}
feeding:
	for _, deal := range deals {
		select {
		case next <- deal:
		case <-ctx.Done():
			break feeding
		}
	}
	close(next)
	all.Wait()
	if failed == nil && ctx.Err() != nil {
		failed = fmt.Errorf("transfer: %w", ctx.Err())
	}
	return sum, failed
}

func (s *Service) handOverOne(ctx context.Context, a Act, asked wish, deal ID) (Changed, error) {
	a.Event += ":" + deal.String()
	r, err := s.change(ctx, a, Target{Deal: deal}, VerbTransfer, Reads{}, handover{From: asked.From, To: asked.To})
	if err != nil {
		return r, fmt.Errorf("transfer deal %s: %w", deal, err)
	}
	return r, nil
}

func (r *Transferred) count(d *Deal) {
	if d.Outcome == Won {
		r.Clients++
	} else {
		r.Deals++
	}
	if !d.Next.IsZero() {
		r.Steps++
	}
}

// Former returns the members who no longer take part and still own something to work on.
func (s *Service) Former(ctx context.Context, workspace ID) ([]Member, error) {
	return s.store.Former(ctx, workspace)
}
