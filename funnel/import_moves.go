package funnel

// move judges a row that tells one change of stage.
func (f *fold) move(r *ImportRow) {
	before := f.last
	f.last = r
	key, n := f.again(f.key(r))
	err := fits("row", r.Key, MaxName)
	switch {
	case err != nil:
		f.reject(r, err)
		return
	case r.Move == "" && before != nil && before.Stage == r.Stage && before.Outcome == r.Outcome,
		n > 1 && r.Key != "":
		f.out.Folded++
		return
	case !f.fresh(key, movesOf):
		f.out.Unchanged++
		return
	}
	cmds, err := f.commands(r, key)
	switch {
	case err != nil:
		f.reject(r, err)
	case len(cmds) == 0:
		f.out.Folded++
	case f.decide(r, cmds...):
		f.out.Stored++
	}
}

// commands are what a row of history asks for in the state that the deal is in.
func (f *fold) commands(r *ImportRow, key string) ([]Command, error) {
	deal := &f.out.After.Deal
	if deal.Version == 0 {
		return f.first(r, key)
	}
	if r.Move != "" {
		return f.repeat(r, key)
	}
	cmds := f.amount(r)
	var moves []Command
	fn := f.funnel()
	won := r.Outcome == Won || (r.Stage != "" && fn.Signed(r.Stage))
	reopen := Reopen{At: r.At, External: key + "/reopen"}
	switch {
	case won && deal.Outcome == Won, r.Outcome == Lost && deal.Outcome == Lost:
		return nil, nil
	case won:
		if deal.Outcome == Lost {
			moves = append(moves, reopen)
		}
		moves = append(moves, f.win(r, r.At, key))
	case r.Outcome == Lost:
		if deal.Outcome == Won {
			moves = append(moves, reopen)
		}
		moves = append(moves, Lose{Reason: r.Reason, Note: r.Note, At: r.At, External: key})
	case deal.Outcome == Lost:
		moves = append(moves, Reopen{Stage: r.Stage, At: r.At, Note: r.Note, External: key})
	case deal.Outcome == Won:
		moves = f.unsign(r, key)
	default:
		moves = f.towards(deal.Stage, r.Stage, r.Reason, r.Note, r.At, key)
	}
	if len(moves) == 0 {
		return nil, nil
	}
	return append(cmds, moves...), nil
}

// unsign takes a signature back, and goes from the stage before it to where the row says.
func (f *fold) unsign(r *ImportRow, key string) []Command {
	fn := f.funnel()
	from := fn.Previous(fn.Signature)
	if s := f.out.After.Deal.Signing; s != nil {
		from = s.From
	}
	further := f.towards(from, r.Stage, r.Reason, r.Note, r.At, key)
	if len(further) == 0 {
		return []Command{Reopen{At: r.At, Note: r.Note, External: key}}
	}
	return append([]Command{Reopen{At: r.At, External: key + "/reopen"}}, further...)
}

// amount takes over an amount that the row says, before the stay that begins with it.
func (f *fold) amount(r *ImportRow) []Command {
	if r.Amount.IsZero() || r.Amount == f.out.After.Deal.Amount {
		return nil
	}
	return []Command{Edit{Field: FieldAmount, Money: r.Amount}}
}

// first begins the deal with its first move. A history that begins with an end began in the entry
// stage.
func (f *fold) first(r *ImportRow, key string) ([]Command, error) {
	fn := f.funnel()
	stage := r.Stage
	won := r.Outcome == Won || (stage != "" && fn.Signed(stage))
	if r.Move == MoveOpen || !won && r.Outcome != Lost {
		return f.open(r, stage, r.At, key)
	}
	cmds, err := f.open(r, "", r.At, key+"/open")
	if err != nil {
		return nil, err
	}
	if won {
		return append(cmds, f.win(r, r.At, key)), nil
	}
	return append(cmds, Lose{Reason: r.Reason, Note: r.Note, At: r.At, External: key}), nil
}

// repeat is a move of our own export as it was.
func (f *fold) repeat(r *ImportRow, key string) ([]Command, error) {
	cmds := f.amount(r)
	deal := &f.out.After.Deal
	switch r.Move {
	case MoveAdvance:
		return append(cmds, MoveTo{Stage: r.Stage, At: r.At, Note: r.Note, External: key}), nil
	case MoveReturn:
		return append(cmds, MoveBack{Stage: r.Stage, Reason: r.Reason, At: r.At, External: key}), nil
	case MoveWon:
		return []Command{f.win(r, r.At, key)}, nil
	case MoveLost:
		return []Command{Lose{Reason: r.Reason, Note: r.Note, At: r.At, External: key}}, nil
	case MovePark:
		until := f.facts.ParkedUntil
		if until.IsZero() {
			until = DateOf(r.At).AddDays(1)
		}
		return append(cmds, Park{Until: until, Reason: r.Reason, At: r.At, External: key}), nil
	case MoveWake:
		return append(cmds, Wake{At: r.At, External: key}), nil
	case MoveReopen:
		reopen := Reopen{At: r.At, Note: r.Note, External: key}
		if deal.Outcome == Lost {
			reopen.Stage = r.Stage
		}
		return append(cmds, reopen), nil
	case MoveOpen:
		return nil, Refuse(CodeDuplicate, Args{"deal": r.Case})
	case MoveUndo, MoveVoid:
	}
	return nil, Refuse(CodeBadValue, Args{"field": "kind", "value": string(r.Move)})
}

// activity judges a row that tells what happened on the deal.
func (f *fold) activity(r *ImportRow) {
	key, n := f.again(f.key(r))
	err := fits("row", r.Key, MaxName)
	switch {
	case err != nil:
		f.reject(r, err)
	case n > 1 && r.Key != "":
		f.out.Folded++
	case !f.fresh(key, activitiesOf):
		f.out.Unchanged++
	case f.out.After.Deal.Version == 0:
		f.reject(r, Refuse(CodeNoDeal, Args{"ref": r.Case}))
	case f.decide(r, LogActivity{Kind: r.Activity, Direction: r.Direction, Text: r.Text, At: r.At, External: key}):
		f.out.Stored++
	}
}

// finish gives a new deal what no move tells, and counts the row of a deal whose moves were told.
func (f *fold) finish() {
	switch {
	case f.head == nil || !f.listed:
	case f.known != nil:
		f.compare()
	case f.out.After.Deal.Version == 0:
		f.reject(f.head, Refuse(CodeNoDeal, Args{"ref": f.head.Case}))
	default:
		last := f.rest()
		if last == nil || f.decide(f.head, last) {
			f.out.Stored++
		}
	}
}

// rest is the command that ends the history of a new deal, or nil where it has nothing to do.
func (f *fold) rest() Command {
	present := f.out.After.Deal.Amount
	last := restore{Amount: present, Next: f.facts.Next, ParkedUntil: f.facts.ParkedUntil}
	if f.facts.Exact || !f.facts.Amount.IsZero() {
		last.Amount = f.facts.Amount
	}
	if last.Amount == present && last.Next.IsZero() && last.ParkedUntil.IsZero() {
		return nil
	}
	return last
}

// restore ends the history of a deal: with its present amount, promise and rest.
type restore struct {
	Amount      Money
	Next        NextStep
	ParkedUntil Date
}

func (c restore) decide(e *Env, d *Decision) error {
	if err := c.Amount.sound(); err != nil {
		return err
	}
	deal := &d.After.Deal
	deal.Amount = c.Amount
	if deal.Parked() && !c.ParkedUntil.IsZero() {
		deal.ParkedUntil = c.ParkedUntil
	}
	if deal.Outcome == Lost || c.Next.IsZero() {
		return nil
	}
	if err := fits("step", c.Next.What, MaxText); err != nil {
		return err
	}
	deal.Next = NextStep{What: c.Next.What, On: c.Next.On, At: c.Next.At}
	// A step that was due before is not announced again: history notifies nobody.
	step := SetNext{What: c.Next.What, On: c.Next.On, At: c.Next.At}
	ahead := Decision{After: d.After}
	if err := step.decide(e, &ahead); err == nil {
		deal.Next = ahead.After.Deal.Next
	}
	return nil
}
