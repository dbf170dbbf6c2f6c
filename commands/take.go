package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// take puts the answers of a finished dialog into the want. It returns a reply where the answers
// lead elsewhere: to a deal that was there already.
func (c *call) take(ctx context.Context, w *want, answers dialog.Answers) (Reply, error) {
	if answers.Given(stepTwin) {
		if reply, err := c.takeTwin(ctx, w, answers.Choice(stepTwin)); reply != nil || err != nil {
			return reply, err
		}
	}
	if answers.Given(string(ArgDeal)) {
		if err := c.takeDeal(ctx, w, answers.Text(string(ArgDeal))); err != nil {
			return nil, err
		}
	}
	in := &w.Intent
	if in.Verb == VerbSet && (len(in.Fields) == 0 || in.Fields[0].Empty()) {
		takeField(in, answers)
	}
	for arg, v := range answers {
		if !v.Skipped() {
			takeAnswer(in, Arg(arg), v)
		}
	}
	in.Choices = nil
	w.takeSeat(answers)
	if in.Verb == VerbNew {
		// Whoever answered every question has seen what there is of the company's name.
		w.Twins = nil
	}
	return nil, c.adjust(ctx, w)
}

func takeAnswer(in *Intent, arg Arg, v dialog.Value) {
	switch arg {
	case ArgStage:
		in.Stage = funnel.StageKey(v.Key)
	case ArgReason:
		in.Reason = v.Key
	case ArgSource:
		if in.Verb != VerbSet {
			in.Source = v.Key
		} else {
			choose(in, arg, Option{Key: v.Key})
		}
	case ArgAmount:
		if in.Verb != VerbSet {
			in.Amount = v.Money
		}
	case ArgWhen:
		in.When = whenOf(v)
	case ArgNextWhen:
		in.Next.When = whenOf(v)
	case ArgClose, ArgAsOf:
		choose(in, arg, Option{When: whenOf(v)})
	case ArgPerson:
		choose(in, arg, Option{Key: v.Key})
	case ArgFrom:
		choose(in, arg, Option{Key: v.Key})
	case ArgPlan:
		in.Wishes.Plan = v.Text
	case ArgQuiet:
		in.Wishes.Quiet = v.Text
	case ArgActivity:
		in.Activity.Kind = funnel.ActivityKind(v.Key)
	case ArgText:
		in.Text = v.Text
	case ArgCompany:
		in.Company = v.Text
	case ArgRole:
		in.Role = funnel.Role(v.Key)
	case ArgLanguage:
		in.Language = funnel.Locale(v.Key)
	case ArgZone:
		in.Zone = v.Text + v.Key
	case ArgContact:
		takePerson(&in.Seat, v)
	case ArgRoles:
		in.Seat.Roles = v.Picked()
	case ArgStance:
		in.Seat.Stance = funnel.Stance(v.Key)
	case ArgDeal, ArgNext, ArgTitle, ArgField, ArgList, ArgPage, ArgReport, ArgWindow, ArgTopic, ArgCode, ArgSwitch, ArgCircle, ArgMonth:
	}
}

// takeSeat settles what was asked of somebody at the client. The roles that were picked take the place
// of those that the person had.
func (w *want) takeSeat(answers dialog.Answers) {
	seat := &w.Intent.Seat
	if len(w.Persons) > 0 && answers.Choice(string(ArgContact)) == contactNew {
		w.Fresh = true
	}
	if answers.Given(string(ArgRoles)) {
		for _, had := range w.Has {
			if !slices.Contains(seat.Roles, had) {
				seat.role(had, true)
			}
		}
	}
	w.Answered = w.Answered || len(w.Asks) > 0
	w.Asks, w.Client, w.Persons, w.Has = nil, nil, nil, nil
}

// takePerson takes whom the answer names: somebody who is known, or somebody new.
func takePerson(seat *Seat, v dialog.Value) {
	switch v.Kind { //nolint:exhaustive // the step is of one of these kinds
	case dialog.Person:
		seat.Contact = v.Person.ID
		seat.named(v.Person.Name, nil)
	case dialog.Text:
		seat.Name = v.Text
	case dialog.Choice:
		if id, err := funnel.ParseID(v.Key); err == nil {
			seat.Contact = id
		}
	}
}

// takeDeal takes the deal that was chosen: "#42", or "#42 Name" where names were offered.
func (c *call) takeDeal(ctx context.Context, w *want, key string) error {
	head, _, _ := strings.Cut(strings.TrimPrefix(key, "#"), " ")
	number, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		return funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": key})
	}
	view, err := c.desk.service.Read().Deal(ctx, c.ask.Workspace, funnel.ID{}, number)
	if err != nil {
		return err
	}
	if view == nil {
		return funnel.Refuse(funnel.CodeNoDeal, funnel.Args{"ref": key})
	}
	w.found(view)
	w.Intent.Deal, w.Among = Ref{Number: number}, nil
	return nil
}

// Keys of the answers about likely duplicates, before the deal's number or the company's identifier.
const (
	twinNew     = "new"
	twinDeal    = "#"
	twinCompany = "c:"
)

func (c *call) takeTwin(ctx context.Context, w *want, key string) (Reply, error) {
	w.Twins, w.Fresh = nil, true
	if id, ok := strings.CutPrefix(key, twinCompany); ok {
		company, err := funnel.ParseID(id)
		w.Company = company
		return nil, err
	}
	if strings.HasPrefix(key, twinDeal) {
		if err := c.takeDeal(ctx, w, key); err != nil {
			return nil, err
		}
		return c.show(ctx, w)
	}
	return nil, nil
}
