package definition

import (
	"errors"
	"fmt"
	"time"

	"funnelbot/funnel"
)

// qualification is the section of that name: what is asked of a lead, and what the answers count.
type qualification struct {
	Promising   int       `yaml:"promising"`
	Enough      int       `yaml:"enough"`
	Payback     payback   `yaml:"payback"`
	Outside     string    `yaml:"outside"`
	Advance     string    `yaml:"advance"`
	NurtureDays int       `yaml:"nurture_days"`
	RemindAfter string    `yaml:"remind_after"`
	EndAfter    string    `yaml:"end_after"`
	Sections    []section `yaml:"sections"`
}

type payback struct {
	Effect string  `yaml:"effect"`
	Amount string  `yaml:"amount"`
	Good   float64 `yaml:"good_months"`
	Bad    float64 `yaml:"bad_months"`
	Weight float64 `yaml:"weight"`
}

type section struct {
	Key       string        `yaml:"key"`
	Title     funnel.Titles `yaml:"title"`
	Questions []question    `yaml:"questions"`
}

type question struct {
	Key      string              `yaml:"key"`
	Kind     funnel.QuestionKind `yaml:"kind"`
	Ask      funnel.Titles       `yaml:"ask"`
	Name     funnel.Titles       `yaml:"name"`
	Hint     funnel.Titles       `yaml:"hint"`
	Help     funnel.Titles       `yaml:"help"`
	Options  []option            `yaml:"options"`
	Weight   float64             `yaml:"weight"`
	Required bool                `yaml:"required"`
	When     when                `yaml:"when"`
	Fills    string              `yaml:"fills"`
	SoonDays int                 `yaml:"soon_days"`
	FarDays  int                 `yaml:"far_days"`
	Fits     []string            `yaml:"fits"`
}

type option struct {
	Key     string        `yaml:"key"`
	Title   funnel.Titles `yaml:"title"`
	Aliases []string      `yaml:"aliases"`
	// Score is nil where the file gives none: the option earns everything then, unless it
	// disqualifies or lies outside the profile.
	Score        *float64 `yaml:"score"`
	Disqualifies string   `yaml:"disqualifies"`
	Only         bool     `yaml:"only"`
}

type when struct {
	Question string   `yaml:"question"`
	Is       []string `yaml:"is"`
}

// committee is the section of that name: who takes part in a client's decision.
type committee struct {
	SilentAfter int    `yaml:"silent_after_days"`
	Roles       []role `yaml:"roles"`
}

type role struct {
	Key     string        `yaml:"key"`
	Title   funnel.Titles `yaml:"title"`
	Aliases []string      `yaml:"aliases"`
}

// build returns the qualification that the section describes. What it can say only in words of its
// own, such as a span of time, is an error here; everything else is checked on the result.
func (q *qualification) build() (*funnel.Qualification, error) {
	remind, err1 := span("remind_after", q.RemindAfter)
	end, err2 := span("end_after", q.EndAfter)
	out := &funnel.Qualification{
		Promising: q.Promising, Enough: q.Enough, Outside: q.Outside,
		Payback: funnel.Payback{
			Effect: q.Payback.Effect, Amount: q.Payback.Amount,
			Good: q.Payback.Good, Bad: q.Payback.Bad, Weight: q.Payback.Weight,
		},
		Advance: funnel.StageKey(q.Advance), Nurture: q.NurtureDays, RemindAfter: remind, EndAfter: end,
	}
	for _, s := range q.Sections {
		built := funnel.Section{Key: s.Key, Titles: s.Title}
		for i := range s.Questions {
			built.Questions = append(built.Questions, s.Questions[i].build())
		}
		out.Sections = append(out.Sections, built)
	}
	return out, errors.Join(err1, err2)
}

func (q *question) build() funnel.Question {
	out := funnel.Question{
		Key: q.Key, Kind: q.Kind, Ask: q.Ask, Name: q.Name, Hint: q.Hint, Help: q.Help,
		Weight: q.Weight, Required: q.Required, When: funnel.Condition{Question: q.When.Question, Is: q.When.Is},
		Fills: q.Fills, Soon: q.SoonDays, Far: q.FarDays, Fits: q.Fits,
	}
	for _, o := range q.Options {
		built := funnel.QuestionOption{Key: o.Key, Titles: o.Title, Aliases: o.Aliases, Disqualifies: o.Disqualifies, Only: o.Only}
		switch {
		case o.Score != nil:
			built.Score = *o.Score
		case o.Disqualifies == "" && out.InProfile(o.Key):
			built.Score = 1
		}
		out.Options = append(out.Options, built)
	}
	return out
}

// span reads a span of working time, such as 4h or 90m.
func span(field, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("qualification: %s %q: write a time such as 4h or 90m", field, text)
	}
	return d, nil
}

// build returns the roles of the committee.
func (c *committee) build() []funnel.CommitteeRole {
	var out []funnel.CommitteeRole
	for _, r := range c.Roles {
		out = append(out, funnel.CommitteeRole{Key: r.Key, Titles: r.Title, Aliases: r.Aliases})
	}
	return out
}
