package commands

import (
	"context"
	"maps"
	"slices"

	"funnelbot/funnel"
	"funnelbot/funnel/dialog"
)

// argSteps are the questions after one argument of a want.
func (c *call) argSteps(ctx context.Context, w *want, arg Arg) ([]dialog.Step, error) {
	one := func(s dialog.Step) ([]dialog.Step, error) {
		s.Key = string(arg)
		return []dialog.Step{s}, nil
	}
	switch arg {
	case ArgStage:
		return c.stageSteps(ctx, w)
	case ArgReason:
		view, err := c.view(ctx, w)
		if err != nil {
			return nil, err
		}
		return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(reasonOptions(c.planFor(view), c.me.Locale)...)})
	case ArgSource:
		return one(dialog.Step{Kind: dialog.Choice, Optional: true, Options: dialog.Options(c.sourceOptions()...)})
	case ArgAmount:
		return one(dialog.Step{Kind: dialog.Money, Optional: w.Intent.Verb != VerbQuota, Parse: c.readMoney("")})
	case ArgWhen, ArgNextWhen:
		return one(dialog.Step{
			Kind: dialog.Date, Parse: c.dateParser(Future), Options: dialog.Options(c.soon()...), Check: c.ahead(w),
		})
	case ArgFrom:
		options, err := c.giverOptions(ctx)
		if err != nil {
			return nil, err
		}
		return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(options...)})
	case ArgPlan, ArgQuiet:
		return one(wishStep(arg))
	case ArgPerson:
		if w.Intent.Verb == VerbTransfer {
			return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(c.takerOptions(w)...)})
		}
		return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(c.memberOptions()...)})
	case ArgActivity:
		return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(activityOptions()...), Parse: chooses(activityKey)})
	case ArgText:
		return one(dialog.Step{Kind: dialog.Text, Optional: w.Intent.Verb == VerbLog})
	case ArgCompany:
		return one(dialog.Step{Kind: dialog.Text, Check: fitsName})
	case ArgField:
		view, err := c.view(ctx, w)
		if err != nil {
			return nil, err
		}
		return c.fieldSteps(w, coin(view)), nil
	case ArgRole:
		return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(roleOptions()...), Parse: chooses(roleKey)})
	case ArgLanguage:
		return one(dialog.Step{Kind: dialog.Choice, Options: dialog.Options(languageOptions()...)})
	case ArgZone:
		return one(dialog.Step{Kind: dialog.Text, Parse: c.readZone})
	case ArgContact:
		if w.Intent.Verb == VerbForget {
			return one(dialog.Step{Kind: dialog.Text, Check: fitsName})
		}
		return one(contactStep(w))
	case ArgRoles:
		view, err := c.view(ctx, w)
		if err != nil {
			return nil, err
		}
		return one(roleStep(w, c.planFor(view).Roles, c.me.Locale))
	case ArgStance:
		return one(stanceStep())
	case ArgDeal, ArgNext, ArgTitle, ArgClose, ArgList, ArgPage, ArgReport, ArgWindow, ArgAsOf, ArgTopic, ArgCode, ArgSwitch, ArgCircle, ArgMonth:
	}
	return nil, nil
}

// stageSteps ask for a stage other than the present one, and why if it lies behind.
func (c *call) stageSteps(ctx context.Context, w *want) ([]dialog.Step, error) {
	view, err := c.view(ctx, w)
	if err != nil {
		return nil, err
	}
	plan := c.planFor(view)
	var options []dialog.Option
	behind := map[string]bool{}
	for i, s := range plan.Stages {
		if view != nil && (s.Key == view.Stage || view.Outcome == funnel.Won != plan.Signed(s.Key) && s.Key != plan.Signature) {
			continue
		}
		options = append(options, dialog.Option{Key: string(s.Key), Label: s.Titles.In(c.me.Locale), Names: namesOf(s.Titles, s.Aliases)})
		behind[string(s.Key)] = view != nil && i < plan.Index(view.Stage)
	}
	steps := []dialog.Step{{Key: string(ArgStage), Kind: dialog.Choice, Options: dialog.Options(options...)}}
	if w.Intent.Text == "" {
		steps = append(steps, dialog.Step{
			Key: string(ArgText), Kind: dialog.Text,
			When: func(before dialog.Answers) bool { return behind[before.Choice(string(ArgStage))] },
		})
	}
	return steps, nil
}

func namesOf(t funnel.Titles, aliases []string) []string {
	return append(slices.Sorted(maps.Values(t)), aliases...)
}

func reasonOptions(plan *funnel.Funnel, l funnel.Locale) []dialog.Option {
	options := make([]dialog.Option, len(plan.Reasons))
	for i, r := range plan.Reasons {
		options[i] = dialog.Option{Key: r.Key, Label: r.Titles.In(l), Names: namesOf(r.Titles, r.Aliases)}
	}
	return options
}

func (c *call) sourceOptions() []dialog.Option {
	options := make([]dialog.Option, len(c.plan.Sources))
	for i, s := range c.plan.Sources {
		options[i] = dialog.Option{Key: s.Key, Label: s.Titles.In(c.me.Locale), Names: namesOf(s.Titles, s.Aliases)}
	}
	return options
}

func (c *call) memberOptions() []dialog.Option {
	options := make([]dialog.Option, len(c.names.members))
	for i, m := range c.names.members {
		options[i] = dialog.Option{Key: m.ID.String(), Label: m.Name, Names: []string{"@" + m.Name}}
	}
	return options
}

func activityOptions() []dialog.Option {
	var options []dialog.Option
	for _, k := range funnel.ActivityKinds() {
		if k != funnel.StepDone {
			options = append(options, dialog.Option{Key: string(k)})
		}
	}
	return options
}

func roleOptions() []dialog.Option {
	var options []dialog.Option
	for _, r := range funnel.Roles() {
		options = append(options, dialog.Option{Key: string(r)})
	}
	return options
}

func languageOptions() []dialog.Option {
	return []dialog.Option{
		{Key: string(funnel.English), Label: "English", Names: []string{"английский"}},
		{Key: string(funnel.Russian), Label: "Русский", Names: []string{"russian"}},
	}
}

// soon offers days that are often meant, each once: before a weekend tomorrow is the day in three days.
func (c *call) soon() []dialog.Option {
	today := c.today()
	work := c.space.Calendar.NextWorkday
	days := []dialog.Option{
		{Key: "tomorrow", Value: dialog.DateOf(work(today.AddDays(1)))},
		{Key: "in3days", Value: dialog.DateOf(work(today.AddDays(3)))},
		{Key: "week", Value: dialog.DateOf(work(today.AddDays(7)))},
		{Key: "month", Value: dialog.DateOf(work(funnel.DateOf(today.In(c.lex.Zone).AddDate(0, 1, 0))))},
	}
	return slices.CompactFunc(days, func(a, b dialog.Option) bool { return a.Value.Date == b.Value.Date })
}

// ahead refuses days that are over; a deal cannot be parked until today either.
func (c *call) ahead(w *want) func(dialog.Value, dialog.Answers) error {
	first := c.today()
	if w.Intent.Verb == VerbPark || w.Intent.Verb == VerbAway {
		first = first.AddDays(1)
	}
	return func(v dialog.Value, _ dialog.Answers) error {
		if v.Date.Before(first) {
			return funnel.Refuse(funnel.CodeInPast, funnel.Args{"date": v.Date})
		}
		return nil
	}
}

// readMoney reads an amount; without a currency of its own it is in the one given, else in that of
// the workspace.
func (c *call) readMoney(in funnel.Currency) dialog.Parse {
	if in == "" {
		in = c.space.Currency
	}
	return func(text string) (dialog.Value, error) {
		m, err := ParseMoney(text, in, c.me.Locale)
		if err != nil {
			return dialog.Value{}, err
		}
		return dialog.MoneyOf(m), nil
	}
}

func fitsName(v dialog.Value, _ dialog.Answers) error {
	if len([]rune(v.Text)) > funnel.MaxName {
		return funnel.Refuse(funnel.CodeTooLong, funnel.Args{"field": "company", "limit": funnel.MaxName})
	}
	return nil
}

// readZone reads the name of a time zone the way the verb does.
func (c *call) readZone(text string) (dialog.Value, error) {
	in, err := c.desk.parser.Parse("timezone "+text, &c.lex)
	if err != nil {
		return dialog.Value{}, err
	}
	if in.Zone != "" {
		return dialog.TextOf(in.Zone), nil
	}
	several := &dialog.AmbiguousError{}
	for _, open := range in.Choices {
		for _, o := range open.Options {
			several.Candidates = append(several.Candidates, dialog.TextOf(o.Key))
		}
	}
	if len(several.Candidates) == 0 {
		return dialog.Value{}, funnel.Refuse(funnel.CodeUnknownZone, funnel.Args{"zone": text})
	}
	return dialog.Value{}, several
}
