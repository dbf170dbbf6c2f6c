package commands

import (
	"context"
	"strconv"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// answer finds out what the request is: a second delivery, a press, an answer or a command.
func (c *call) answer(ctx context.Context) (Reply, error) {
	if reply, err := c.repeated(ctx); reply != nil || err != nil {
		return reply, err
	}
	c.lapse()
	if c.ask.Action != "" {
		return c.pressed(ctx)
	}
	if c.ask.Clip != nil {
		return c.clipped(ctx)
	}
	return c.typed(ctx, c.ask.Text)
}

func (c *call) pressed(ctx context.Context) (Reply, error) {
	p, ok := readAction(c.ask.Action)
	switch {
	case !ok:
		return nil, funnel.Refuse(CodeButtonUnknown, nil)
	case p.line != "":
		return c.aside(ctx, func() (Reply, error) { return c.command(ctx, p.line) })
	case p.resume:
		return c.resume(ctx, p.input.Token)
	case p.verb == "":
		if p.input.Act == dialog.ActAnswer {
			// A form brings the value of its field; without one the default is accepted.
			p.input.Text = c.ask.Text
		}
		p.input.Fields = c.ask.Fields
		return c.speak(ctx, p.input)
	}
	w := want{Intent: Intent{Verb: p.verb}, Event: c.ask.Key, Version: p.version}
	if p.number > 0 {
		w.Intent.Deal = Ref{Number: p.number}
	}
	switch p.verb { //nolint:exhaustive // the others have no argument that names somebody
	case VerbPeople, VerbForget, VerbLog:
		w.fillSeat(p.arg)
	default:
		c.fill(&w.Intent, p)
	}
	return c.aside(ctx, func() (Reply, error) { return c.run(ctx, &w) })
}

// fill takes the argument that a button carries into the intent.
func (c *call) fill(in *Intent, p press) {
	if in.Verb == VerbList {
		fillList(in, p.number, p.arg)
		return
	}
	if in.Verb == VerbFunnel {
		fillReport(in, p.number, p.arg)
		return
	}
	arg := p.arg
	if arg == "" {
		return
	}
	switch in.Verb {
	case VerbApprove, VerbDecline, VerbAccess, VerbConnect, VerbAnnounce, VerbWorkspace, VerbRemove, VerbTransfer:
		fillAccess(in, arg)
	case VerbMove, VerbBack, VerbReopen:
		in.Stage = funnel.StageKey(arg)
	case VerbLost:
		in.Reason = arg
	case VerbPark:
		if day, err := funnel.ParseDate(arg); err == nil {
			in.When = When{Date: day}
		}
	case VerbHelp:
		in.Topic = Key(arg)
	case VerbSet:
		in.Fields = []Field{{Field: funnel.Field(arg)}}
	case VerbToday, VerbNew, VerbShow, VerbList, VerbFind, VerbCompany, VerbWon, VerbUndo, VerbLog, VerbNext, VerbDone,
		VerbQualify, VerbPeople, VerbForget, VerbRenew, VerbAssign, VerbFunnel, VerbMembers, VerbRole, VerbLanguage, VerbTimezone, VerbInvite, VerbLink, VerbJoin,
		VerbDisconnect, VerbNudge:
	case VerbAway:
		in.Switch = arg
	case VerbNotify:
		in.Wishes = readWishes(arg).wishes
	case VerbDigest:
		in.Digest, _, _ = readDigest(arg)
	case VerbAdvice:
		word, stage, _ := strings.Cut(arg, " ")
		in.Switch, in.Stage = verdictOf(word), funnel.StageKey(stage)
	case VerbQuota:
		fillQuota(in, arg)
	case VerbReview:
		reviewed(in, arg)
	case VerbSnooze:
		if day, err := funnel.ParseDate(arg); err == nil {
			in.When = When{Date: day}
		} else if arg == SwitchOff {
			in.Switch = arg
		}
	}
}

// typed takes words. While a question is open, they speak to it, unless they look like a command:
// a slash or the number of a deal in front.
func (c *call) typed(ctx context.Context, line string) (Reply, error) {
	line = strings.TrimSpace(line)
	t := c.spoken()
	if t == nil {
		return c.afterPause(ctx, line)
	}
	if c.ask.At.Add(lateBy).Before(t.At) {
		// It was written before the question was put, and comes late or again.
		return c.aside(ctx, func() (Reply, error) { return c.command(ctx, line) })
	}
	review := t.State.Phase == dialog.Review
	if in, ok := control(line); ok {
		if t.Want.Silent && in.Act == dialog.ActSkip {
			in = dialog.Cancel() // an offer that is skipped is declined
		}
		return c.speak(ctx, in)
	}
	if in, ok := verdict(line, t.State); ok && review {
		return c.speak(ctx, in)
	}
	if in, ok := c.steers(line, t); ok {
		return c.speak(ctx, in)
	}
	if c.agrees(ctx, line, t) {
		return c.speak(ctx, dialog.Answer(""))
	}
	if t.Want.Silent && courteous(line) {
		c.end()
		return nil, funnel.Refuse(CodeCourtesy, nil)
	}
	if t.Want.Silent && declines(line) {
		return c.speak(ctx, dialog.Cancel())
	}
	// A summary waits for a yes; what is a command in so many words is no answer to it.
	if commandLike(line) && !namesDeal(line, t) || review && c.meant(line) {
		return c.aside(ctx, func() (Reply, error) { return c.command(ctx, line) })
	}
	if t.Want.Silent && c.meant(line) {
		// The question was only an offer: whoever types a command has declined it.
		c.end()
		return c.command(ctx, line)
	}
	command, err := c.explicit(ctx, line)
	if err != nil {
		return nil, err
	}
	if command && !c.replies(ctx, line, t) {
		return c.aside(ctx, func() (Reply, error) { return c.command(ctx, line) })
	}
	reply, err := c.speak(ctx, dialog.Answer(line))
	q, ok := reply.(Question)
	if !ok || q.Outcome.Prompt == nil || q.Outcome.Prompt.Problem == nil {
		return reply, err
	}
	if c.meant(line) {
		q.Command = line
		if action := lineAction(line); action != "" && !c.ask.Venue.Several() {
			q.Offers = []Offer{{Label: "do_it", Action: action, Name: line}}
		}
		return q, err
	}
	if told, err := c.told(ctx, &q, line); told != nil || err != nil {
		return told, err
	}
	return q, err
}

// told logs what happened in somebody's own words where only its kind was asked for. It returns nil
// where that was not the question.
func (c *call) told(ctx context.Context, q *Question, line string) (Reply, error) {
	p := q.Outcome.Prompt
	if q.Verb != VerbLog || q.Deal == nil || p.Step != string(ArgActivity) || p.Problem.Code != dialog.CodeNoOption {
		return nil, nil
	}
	verb, _ := verbOf(VerbLog)
	in, err := c.desk.parser.Parse(verb.English[0]+" #"+strconv.FormatInt(q.Deal.Number, 10)+" "+line, &c.lex)
	if err != nil || in.Verb != VerbLog || len(in.Choices) > 0 {
		return nil, nil //nolint:nilerr // what cannot be read is asked about again.
	}
	w := c.talk().Want
	w.Intent = in
	c.end()
	c.remember(done{Want: w})
	return c.run(ctx, &w)
}

// verdict reads what is said to a summary: yes, or the answer that is to be changed.
func verdict(line string, s dialog.State) (dialog.Input, bool) {
	word := strings.ReplaceAll(strings.ToLower(strings.TrimRight(line, ".! ")), "ё", "е")
	switch word {
	case "yes", "y", "ok", "okay", "save", "save it", "confirm", "right", "correct", "да", "ок", "ага", "сохрани", "сохранить",
		"сохраняй", "сохраняем", "верно",
		"подтверждаю", "все верно":
		return dialog.Confirm(), true
	case "company", "компания", "компанию":
		word = string(ArgCompany)
	case "amount", "sum", "сумма", "сумму":
		word = string(ArgAmount)
	case "source", "источник":
		word = string(ArgSource)
	}
	if _, given := s.Answers[word]; given {
		return dialog.Edit(word), true
	}
	return dialog.Input{}, false
}

// commandLike reports whether a line is a command even while a question is open.
func commandLike(line string) bool {
	for _, mark := range []string{"/", "#", "№"} {
		if rest, ok := strings.CutPrefix(line, mark); ok && rest != "" {
			return true
		}
	}
	return false
}

// namesDeal reports whether a line is the number of a deal and answers which one is meant.
func namesDeal(line string, t *talk) bool {
	number := strings.TrimSpace(strings.TrimLeft(line, "#№"))
	_, err := strconv.ParseUint(number, 10, 64)
	return err == nil && t.State.Cursor == string(ArgDeal)
}

// meant reports whether a line is a command in so many words.
func (c *call) meant(line string) bool {
	in, err := c.desk.parser.Parse(line, &c.lex)
	return err == nil && !in.Bare
}

// control reads the words that steer a dialog, in both languages, with and without a slash.
func control(line string) (dialog.Input, bool) {
	word, slash := strings.CutPrefix(strings.ToLower(strings.TrimRight(line, ".! ")), "/")
	word = strings.ReplaceAll(word, "ё", "е")
	switch word {
	case "cancel", "stop", "отмена", "отменить", "стоп", "хватит":
		return dialog.Cancel(), true
	case "skip", "пропустить", "пропусти", "пропуск":
		return dialog.Skip(), true
	}
	if slash {
		return dialog.Input{}, false
	}
	switch word {
	case "back", "назад":
		return dialog.Back(), true
	case "help", "?", "помощь", "справка":
		return dialog.Help(), true
	}
	return dialog.Input{}, false
}

// closes reports whether a line does nothing but end or skip a question.
func closes(line string) bool {
	in, ok := control(line)
	return ok && (in.Act == dialog.ActCancel || in.Act == dialog.ActSkip)
}

// command reads a line and does what it says. Words that it had no use for are named: nobody should
// believe that they counted.
func (c *call) command(ctx context.Context, line string) (Reply, error) {
	if courteous(line) {
		return nil, funnel.Refuse(CodeCourtesy, nil)
	}
	if c.spoken() == nil && (closes(line) || closes(FlipLayout(line))) {
		return nil, funnel.Refuse(CodeNothingOpen, nil)
	}
	in, err := c.desk.parser.Parse(line, &c.lex)
	if err != nil {
		return nil, err
	}
	in = c.priced(line, in)
	if !c.ask.About.IsZero() && in.Bare && in.Verb == VerbList && in.List.Kind == ListStage && in.Person.IsZero() {
		// Where a deal is spoken of, the name of a stage says where it is now.
		in.Verb, in.List = VerbMove, List{}
	}
	if !c.ask.About.IsZero() && in.Verb == VerbQualify && !in.Slash && in.Deal.IsZero() {
		// So does one that is a verb as well.
		in = c.asStage(line, in)
	}
	w := &want{Intent: in, Event: c.ask.Key}
	reply, err := c.run(ctx, w)
	in = w.Intent
	if err != nil || len(in.Unknown) == 0 || in.Verb == VerbList && in.List.Kind == "" {
		return reply, err
	}
	switch reply.(type) {
	case Card, Committee, Person, Changed, Deals, Today, Help, Members, FunnelReport, Owners, Activities, Qualifications, Settled, Transferred, Invited, Granted, Connection, Circles,
		AdviceDecided, Behind, Bottleneck, Digest, DigestSet, Forecast, Nudged, Plans, PlanSet, Snoozed, Stuck, Trend:
		return Sequence{Replies: []Reply{reply, Unread{Words: strings.Join(in.Unknown, " ")}}}, nil
	}
	return reply, nil
}

// aside runs a command in the middle of a dialog and shows the way back to the question.
func (c *call) aside(ctx context.Context, do func() (Reply, error)) (Reply, error) {
	open := c.spoken()
	if open == nil {
		return do()
	}
	token := open.State.Token()
	reply, err := do()
	if err != nil {
		reply, err = c.refuse(ctx, err)
		if err != nil {
			return nil, err
		}
	}
	now := c.talk()
	if now == nil || now.State.Token() != token || now.Want.Silent || asks(reply) {
		return reply, nil
	}
	view, err := c.view(ctx, &now.Want)
	if err != nil {
		return nil, err
	}
	return Aside{
		Reply: reply, Verb: now.Want.Intent.Verb, Deal: view,
		Back: questionAction(token, actResume, ""),
	}, nil
}
