package message

import (
	"funnelbot/bot/text"
	"funnelbot/commands"
	"funnelbot/funnel"
)

// changed says what a change has done: a sentence, and what else differs from before.
func (c *composer) changed(r commands.Changed) []Block {
	var blocks []Block
	switch {
	case r.Verb == string(commands.VerbUndo):
		blocks = c.undone(r)
		if !r.Deal.VoidedAt.IsZero() {
			r.Offers = nil // nothing can be done with a deal that is gone
		}
	case r.Was == nil:
		blocks = c.opened(r)
	case r.Person != nil:
		blocks = c.seated(r)
	default:
		blocks = c.told(r)
	}
	if lead, ok := blocks[0].(Paragraph); ok && r.By != "" {
		// Behind the sentence: in front of it, its "I" would be that of the member.
		blocks[0] = Paragraph{join(lead.Text, Text(short(r.By, maxName)))}
	}
	if !r.OwnerAway.IsZero() {
		blocks = append(blocks, Paragraph{c.line("change.owner_away", text.Args{"name": r.OwnerName, "date": r.OwnerAway})})
	}
	for _, o := range r.Offers {
		if o.Label == string(commands.VerbNext) {
			blocks = append(blocks, Paragraph{c.line("change.no_step", nil)})
		}
	}
	return append(blocks, c.buttons(r.Offers)...)
}

// opened is the answer to a new deal.
func (c *composer) opened(r commands.Changed) []Block {
	d := &r.Deal
	lead := c.line("change.opened", text.Args{"ref": ref(d, r.Company), "stage": d.Stage})
	if r.Verb == funnel.VerbRenew {
		lead = c.line("change.renewed", text.Args{"ref": ref(d, r.Company), "stage": d.Stage})
	}
	before := funnel.Deal{Stage: d.Stage, Owner: d.Owner, Outcome: d.Outcome}
	blocks := c.withFields(lead, c.differences(&before, d, r))
	if len(r.Chairs) > 0 {
		blocks = append(blocks, Paragraph{c.counted("people.came", len(r.Chairs), nil)})
	}
	return blocks
}

// told is the answer to a change of a deal that was there before: the sentence of the weightiest
// thing that happened, and the rest as fields.
func (c *composer) told(r commands.Changed) []Block {
	// What the sentence says already is made equal in this copy, so that no field repeats it.
	was, d := *r.Was, &r.Deal
	var lines []Line
	if r.Verb == string(commands.VerbLog) {
		lines = append(lines, c.logged(r))
	}
	if r.Verb == string(commands.VerbDone) {
		lines = append(lines, c.finished(r))
		was.Next = funnel.NextStep{}
	}
	if line := c.turn(r, &was); line != nil {
		lines = append(lines, line)
	}
	fields := c.differences(&was, d, r)
	if len(lines) == 0 {
		key := "change.saved"
		if len(fields) == 0 {
			key = "change.same"
		}
		lines = append(lines, c.line(key, text.Args{"ref": ref(d, r.Company)}))
	}
	var lead Line
	for i, line := range lines {
		if i > 0 {
			lead = append(lead, Plain(" "))
		}
		lead = append(lead, line...)
	}
	fields = append(fields, c.backdated(r)...)
	if r.Why != "" {
		fields = append(fields, Field{Label: c.say(c.noteLabel(r), nil), Value: Text(short(r.Why, maxQuote))})
	}
	blocks := c.withFields(lead, fields)
	if now, before := r.Customer, r.CustomerWas; now != nil && before != nil && now.Name != before.Name {
		blocks = append(blocks, Footnote{c.line("change.renamed", nil)})
	}
	if at := d.Next.RemindAt; !at.IsZero() && d.Next != r.Was.Next {
		blocks = append(blocks, Footnote{c.line("change.remind", text.Args{"moment": at})})
	}
	return blocks
}

func (c *composer) withFields(lead Line, fields []Field) []Block {
	blocks := []Block{Paragraph{lead}}
	if len(fields) > 0 {
		blocks = append(blocks, Fields{fields})
	}
	return blocks
}

// turn says how the deal has taken another turn: won, lost, parked, moved, given to somebody. It
// marks in was what it has said.
func (c *composer) turn(r commands.Changed, was *funnel.Deal) Line {
	d, args := &r.Deal, text.Args{"ref": ref(&r.Deal, r.Company), "stage": r.Deal.Stage}
	before := *was
	ended := func() {
		was.Outcome, was.Stage, was.Next, was.ParkedUntil = d.Outcome, d.Stage, d.Next, d.ParkedUntil
	}
	switch {
	case d.Outcome == funnel.Won && before.Outcome != funnel.Won:
		ended()
		if d.Amount.IsZero() {
			return c.line("change.won", args)
		}
		args["amount"] = c.amount(d)
		return c.line("change.won_for", args)
	case d.Outcome == funnel.Lost && before.Outcome != funnel.Lost:
		ended()
		return c.line("change.lost", text.Args{"ref": args["ref"], "reason": text.ReasonKey(d.Reason)})
	case before.Outcome == funnel.Won && d.Outcome == funnel.Open:
		ended()
		return c.line("change.unsigned", args)
	case before.Outcome == funnel.Lost && d.Outcome == funnel.Open:
		ended()
		return c.line("change.reopened", args)
	case d.Parked() && d.ParkedUntil != before.ParkedUntil:
		ended()
		return c.line("change.parked", text.Args{"ref": args["ref"], "date": d.ParkedUntil})
	case before.Parked() && !d.Parked():
		ended()
		return c.line("change.woken", args)
	case d.Stage != before.Stage && r.Verb != string(commands.VerbLog):
		was.Stage = d.Stage
		args["from"] = before.Stage
		if f := c.reader.Funnel; f != nil && f.Index(d.Stage) < f.Index(before.Stage) {
			return c.line("change.back", args)
		}
		return c.line("change.moved", args)
	case d.Owner != before.Owner && r.OwnerName != "":
		was.Owner = d.Owner
		return c.line("change.assigned", text.Args{"ref": args["ref"], "name": r.OwnerName})
	case r.Verb == string(commands.VerbNext) && d.Next != before.Next && !d.Next.IsZero():
		was.Next = d.Next
		return append(c.line("change.next", text.Args{"ref": args["ref"]}), append(Text(" "), c.step(d.Next)...)...)
	}
	return nil
}

// logged says what was written down.
func (c *composer) logged(r commands.Changed) Line {
	if len(r.Activities) == 0 {
		return c.line("change.saved", text.Args{"ref": ref(&r.Deal, r.Company)})
	}
	a := &r.Activities[0]
	args := text.Args{"ref": ref(&r.Deal, r.Company), "kind": c.activityName(a), "date": c.day(a.At)}
	if a.Text == "" {
		return c.line("change.logged", args)
	}
	args["text"] = short(a.Text, maxQuote)
	return c.line("change.logged_text", args)
}

// finished says which step is done.
func (c *composer) finished(r commands.Changed) Line {
	args := text.Args{"ref": ref(&r.Deal, r.Company)}
	if len(r.Activities) == 0 || r.Activities[0].Text == "" {
		return c.line("change.done", args)
	}
	args["text"] = short(r.Activities[0].Text, maxQuote)
	return c.line("change.done_text", args)
}

// backdated names the day of a change of stage that took place on another day than today.
func (c *composer) backdated(r commands.Changed) []Field {
	d := &r.Deal
	at := d.StageSince
	switch {
	case d.Outcome == funnel.Lost && r.Was.Outcome != funnel.Lost:
		at = d.ClosedAt
	case d.Stage == r.Was.Stage:
		return nil
	case r.Verb == string(commands.VerbLog) || d.Outcome == funnel.Open && r.Was.Outcome == funnel.Won:
		// The day of the activity stands in the sentence; a corrected signature restores the old stay.
		return nil
	}
	if at.IsZero() || c.day(at) == c.today {
		return nil
	}
	return []Field{{Label: c.say("card.when", nil), Value: Text(c.p.Date(c.day(at), c.today))}}
}

// noteLabel says whether the words that came with a move are the reason for it, as those of a
// step back, a rest and a loss are, or something to remember.
func (c *composer) noteLabel(r commands.Changed) string {
	d := &r.Deal
	f := c.reader.Funnel
	switch {
	case d.Outcome == funnel.Lost && r.Was.Outcome != funnel.Lost, d.Parked() && d.ParkedUntil != r.Was.ParkedUntil,
		r.Was.Outcome == funnel.Won && d.Outcome == funnel.Open,
		f != nil && f.Index(d.Stage) < f.Index(r.Was.Stage):
		return "card.why"
	}
	return "card.note"
}

// undone says what was taken back, and how the deal stands again.
func (c *composer) undone(r commands.Changed) []Block {
	d := &r.Deal
	args := text.Args{"ref": ref(d, r.Company)}
	switch {
	case d.ID.IsZero() && r.Undone == string(commands.VerbRole):
		return []Block{Paragraph{c.line("undone.role", nil)}}
	case d.ID.IsZero() && r.Undone == string(commands.VerbLanguage):
		return []Block{Paragraph{c.line("undone.language", nil)}}
	case d.ID.IsZero() && r.Undone == string(commands.VerbTimezone):
		return []Block{Paragraph{c.line("undone.timezone", nil)}}
	case d.ID.IsZero() && r.Undone == string(commands.VerbRemove):
		return []Block{Paragraph{c.line("undone.remove", nil)}}
	case d.ID.IsZero() && r.Undone == funnel.VerbQuota:
		return []Block{Paragraph{c.line("undone.plan", nil)}}
	case d.ID.IsZero():
		return []Block{Paragraph{c.line("undone.setting", nil)}}
	case r.Undone == string(commands.VerbNew) || !d.VoidedAt.IsZero():
		return []Block{Paragraph{c.line("undone.new", args)}}
	case r.Undone == string(commands.VerbLog):
		return c.withFields(c.line("undone.log", args), c.differences(r.Was, d, r))
	case r.Undone == funnel.VerbPeople, r.Undone == funnel.VerbUnseat:
		return []Block{Paragraph{c.line("undone.people", args)}}
	case r.Undone == string(commands.VerbQualify):
		return c.withFields(c.line("undone.qualify", args), c.differences(r.Was, d, r))
	}
	return c.withFields(c.line("undone.deal", args), c.differences(r.Was, d, r))
}
