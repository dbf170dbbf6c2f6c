package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// Keys of steps that are no argument of a verb.
const (
	stepTwin  = "twin"
	stepField = "field"
	stepValue = "value"
)

// scriptVersion is raised when a step changes its meaning.
const scriptVersion = 1

// script lists the questions that the want leaves open; none if it can be done. It is made anew
// from the same want for every answer.
func (c *call) script(ctx context.Context, w *want) (dialog.Script, error) {
	if w.Inquiry != nil {
		return c.questions(w)
	}
	s := dialog.Script{Key: string(w.Intent.Verb), Version: scriptVersion}
	v, _ := verbOf(w.Intent.Verb)
	if v.aboutDeal() && w.Deal.IsZero() {
		s.Steps = append(s.Steps, c.dealStep(ctx, w))
	}
	if len(w.Twins) > 0 {
		s.Steps = append(s.Steps, dialog.Step{Key: stepTwin, Kind: dialog.Choice, Options: named0(w.Twins)})
	}
	if len(w.Persons) > 0 {
		s.Steps = append(s.Steps, dialog.Step{Key: string(ArgContact), Kind: dialog.Choice, Options: named0(w.Persons)})
	}
	for _, open := range w.Intent.Choices {
		s.Steps = append(s.Steps, c.choiceStep(open))
	}
	for _, arg := range c.lacking(w) {
		steps, err := c.argSteps(ctx, w, arg)
		if err != nil {
			return s, err
		}
		s.Steps = append(s.Steps, steps...)
	}
	s.Summary = w.Intent.Verb == VerbNew && w.Intent.Company == ""
	return s, nil
}

// lacking names the arguments to ask for: the required ones, and where next to nothing was said,
// those that are worth a question.
func (c *call) lacking(w *want) []Arg {
	in := &w.Intent
	missing := in.Missing()
	switch in.Verb {
	case VerbNew:
		if in.Company == "" {
			return []Arg{ArgCompany, ArgAmount, ArgSource}
		}
		if in.Next.Text != "" && in.Next.When.IsZero() && !in.Open(ArgNextWhen) {
			return append(missing, ArgNextWhen)
		}
	case VerbLog:
		if !in.Has(ArgActivity) && !in.Has(ArgText) && !in.Has(ArgAmount) && !in.Has(ArgNext) {
			return []Arg{ArgActivity, ArgText}
		}
		if in.Next.Text != "" && in.Next.When.IsZero() && !in.Open(ArgNextWhen) {
			return append(missing, ArgNextWhen)
		}
	case VerbDone:
		if in.Next.Text != "" && in.Next.When.IsZero() && !in.Open(ArgNextWhen) {
			return append(missing, ArgNextWhen)
		}
	case VerbAway:
		// An answer that is delivered again finds the member away already.
		if in.When.IsZero() && !in.Open(ArgWhen) && in.Switch == "" && (w.asked() || !c.isAway()) {
			return append(missing, ArgWhen)
		}
	case VerbNotify:
		return lackingWishes(in, missing)
	case VerbAdvice:
		return lackingAdvice(in, missing)
	case VerbQuota:
		return c.lackingQuota(in, missing)
	case VerbInvite, VerbApprove:
		return c.lackingRole(in, missing)
	case VerbPeople:
		return w.Asks
	case VerbForget:
		if !in.Seat.Contact.IsZero() {
			return nil
		}
	case VerbToday, VerbShow, VerbList, VerbFind, VerbCompany, VerbMove, VerbBack, VerbWon, VerbLost, VerbPark,
		VerbReopen, VerbUndo, VerbNext, VerbSet, VerbAssign, VerbFunnel, VerbHelp, VerbMembers, VerbRole, VerbLanguage,
		VerbTimezone, VerbDecline, VerbRemove, VerbLink, VerbJoin, VerbAccess, VerbConnect, VerbDisconnect, VerbAnnounce,
		VerbWorkspace, VerbTransfer, VerbQualify, VerbRenew, VerbDigest, VerbNudge, VerbSnooze, VerbReview:
	}
	return missing
}

// named0 offers things under the names that they had.
func named0(list []choice) func(dialog.Answers) []dialog.Option {
	options := make([]dialog.Option, len(list))
	for i, o := range list {
		options[i] = dialog.Option{Key: o.Key, Label: o.Name}
	}
	return dialog.Options(options...)
}

// dealStep asks which deal is meant: one of those offered, or any other by name or number.
func (c *call) dealStep(ctx context.Context, w *want) dialog.Step {
	options := make([]dialog.Option, len(w.Among))
	for i, o := range w.Among {
		options[i] = dialog.Option{Key: o.Key, Label: o.Name, Value: dialog.TextOf(o.Key)}
	}
	if w.Clip != nil {
		options = append(options, dialog.Option{Key: ClipNew, Value: dialog.TextOf(ClipNew)})
	}
	verb := w.Intent.Verb
	return dialog.Step{
		Key: string(ArgDeal), Kind: dialog.Text, Options: dialog.Options(options...),
		Parse: func(text string) (dialog.Value, error) { return c.readDeal(ctx, verb, text) },
	}
}

// readDeal reads a deal that was typed as an answer. Its value is the number with its mark.
func (c *call) readDeal(ctx context.Context, verb Key, text string) (dialog.Value, error) {
	bare := strings.TrimLeft(text, "#№ ")
	if number, err := strconv.ParseInt(bare, 10, 64); err == nil && number > 0 {
		view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, funnel.ID{}, number)
		if err != nil {
			return dialog.Value{}, err
		}
		if view != nil {
			return dialog.TextOf(dealChoice(view).Key), nil
		}
		return dialog.Value{}, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": "#" + bare})
	}
	found, err := c.named(ctx, text)
	if err != nil {
		return dialog.Value{}, err
	}
	enough := scoreTypo
	if c.meant(text) {
		// "park acme" is no answer to which deal was won, however much it is like the name of one.
		enough = scoreWhole
	}
	if len(found) == 0 || found[0].Score < enough {
		return dialog.Value{}, funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": text})
	}
	found = meant(found, verb)
	if len(found) == 1 {
		return dialog.TextOf(dealChoice(&found[0].DealView).Key), nil
	}
	several := &dialog.AmbiguousError{}
	for i := range found {
		several.Candidates = append(several.Candidates, dialog.TextOf(dealChoice(&found[i].DealView).Name))
	}
	return dialog.Value{}, several
}

// choiceStep asks which of several readings was meant.
func (c *call) choiceStep(open Choice) dialog.Step {
	step := dialog.Step{Key: string(open.Arg), Kind: dialog.Choice}
	options := make([]dialog.Option, len(open.Options))
	for i, o := range open.Options {
		options[i] = dialog.Option{Key: o.Key, Label: c.nameOf(open.Arg, o.Key)}
		if !o.When.IsZero() {
			step.Kind = dialog.Date
			options[i].Key = strconv.Itoa(i + 1)
			options[i].Value = dateValue(o.When)
		}
	}
	step.Options = dialog.Options(options...)
	if step.Kind == dialog.Date {
		step.Parse = c.dateParser(directionOf(open.Arg))
	}
	return step
}

// nameOf returns the name of a thing in the member's language, or "" for the catalog to name it.
func (c *call) nameOf(arg Arg, key string) string {
	switch arg {
	case ArgStage:
		if s, ok := c.plan.Stage(funnel.StageKey(key)); ok {
			return s.Titles.In(c.me.Locale)
		}
	case ArgReason:
		if r, ok := c.plan.Reason(key); ok {
			return r.Titles.In(c.me.Locale)
		}
	case ArgSource:
		if s, ok := c.plan.Source(key); ok {
			return s.Titles.In(c.me.Locale)
		}
	case ArgPerson, ArgFrom:
		for _, m := range append(slices.Clone(c.names.members), c.former...) {
			if m.ID.String() == key {
				return m.Name
			}
		}
	case ArgZone:
		return key
	case ArgDeal, ArgAmount, ArgWhen, ArgActivity, ArgNext, ArgNextWhen, ArgText, ArgCompany, ArgTitle, ArgField, ArgClose,
		ArgList, ArgPage, ArgReport, ArgWindow, ArgAsOf, ArgTopic, ArgRole, ArgLanguage, ArgCode, ArgSwitch, ArgCircle, ArgPlan, ArgQuiet,
		ArgContact, ArgRoles, ArgStance, ArgMonth:
	}
	return ""
}

// dateValue keeps a day with its time of day, which rides along as text.
func dateValue(w When) dialog.Value {
	v := dialog.DateOf(w.Date)
	v.Text = w.Clock
	return v
}

func whenOf(v dialog.Value) When { return When{Date: v.Date, Clock: v.Text} }

func (c *call) dateParser(d Direction) dialog.Parse {
	return func(text string) (dialog.Value, error) {
		found, err := ParseDate(text, c.lex.now(), d, c.me.Locale)
		if err != nil {
			return dialog.Value{}, err
		}
		if len(found) == 1 {
			return dateValue(found[0]), nil
		}
		several := &dialog.AmbiguousError{}
		for _, w := range found {
			several.Candidates = append(several.Candidates, dateValue(w))
		}
		return dialog.Value{}, several
	}
}

func directionOf(arg Arg) Direction {
	if arg == ArgClose {
		return Deadline
	}
	if arg == ArgNextWhen {
		return Future
	}
	return Past
}
