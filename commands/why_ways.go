package commands

import (
	"cmp"
	"slices"

	"funnelbot/funnel"
)

// How many groups are led to of each division: keyboards have an end.
const (
	maxPeopleWays  = 20
	maxWeekWays    = 14
	maxSourceWays  = 15
	maxFindingWays = 10
)

// ways gathers the ways to the numbers of a report.
type ways struct {
	in  Report
	all []Way
}

// to adds the way to the deals behind a number, unless there are none.
func (w *ways) to(of funnel.Behind, name, token string, count int) {
	if count == 0 {
		return
	}
	r := w.in
	r.Of, r.Stage, r.Owner, r.Kind, r.Token = of.Of, of.Stage, of.Owner, of.Kind, token
	what := actWhy
	if r.Page = 0; of.Part != "" {
		what, r.Page = partLetter(of.Part), 1
	}
	w.all = append(w.all, Way{Of: of, Name: name, Count: count, Action: reportAction(r, what)})
}

// activities offers to look behind what was done: by person and by kind, by week, by stage.
func (c *call) activities(in Report, r funnel.ActivityReport) Activities {
	reply := Activities{Report: r}
	if len(r.Activities) == 0 {
		return reply
	}
	if !in.Why {
		reply.Offers = []Offer{whyOffer(in, "")}
		return reply
	}
	w := ways{in: in}
	if reply.Why = true; in.Of == funnel.OfOwner {
		reply.Group = funnel.Behind{Of: in.Of, Owner: in.Owner}
		did := w.kinds(r.Activities, in.Owner)
		reply.Name, reply.To = did, w.all
		return reply
	}
	w.people(r.Activities)
	for _, week := range lastOf(grouped(r.Activities, func(a *funnel.ActivityCount) string { return a.Week }), maxWeekWays) {
		w.to(funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfWeek, Week: week.key}, "", week.key, week.count)
	}
	stages := grouped(r.Activities, func(a *funnel.ActivityCount) funnel.StageKey { return a.Stage })
	slices.SortStableFunc(stages, func(a, b tallied[funnel.StageKey]) int { return cmp.Compare(c.plan.Index(a.key), c.plan.Index(b.key)) })
	for _, stage := range stages {
		w.to(funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfStage, Stage: stage.key}, "", "", stage.count)
	}
	reply.To = w.all
	return reply
}

// people are the ways to the numbers of those who did most.
func (w *ways) people(all []funnel.ActivityCount) {
	names := map[funnel.ID]string{}
	for i := range all {
		names[all[i].Owner] = all[i].Name
	}
	people := grouped(all, func(a *funnel.ActivityCount) funnel.ID { return a.Owner })
	slices.SortStableFunc(people, func(a, b tallied[funnel.ID]) int { return cmp.Compare(b.count, a.count) })
	for _, p := range people[:min(len(people), maxPeopleWays)] {
		w.to(funnel.Behind{Of: funnel.OfOwner, Owner: p.key}, names[p.key], "", p.count)
	}
}

// kinds are the ways to what one person did, and returns the name.
func (w *ways) kinds(all []funnel.ActivityCount, owner funnel.ID) (name string) {
	var own []funnel.ActivityCount
	total := 0
	for i := range all {
		if all[i].Owner == owner {
			own, name, total = append(own, all[i]), all[i].Name, total+all[i].Count
		}
	}
	of := funnel.Behind{Part: funnel.BehindDone, Of: funnel.OfOwner, Owner: owner}
	w.to(of, name, "", total)
	did := grouped(own, func(a *funnel.ActivityCount) funnel.ActivityKind { return a.Kind })
	slices.SortFunc(did, func(a, b tallied[funnel.ActivityKind]) int {
		return cmp.Compare(slices.Index(funnel.ActivityKinds(), a.key), slices.Index(funnel.ActivityKinds(), b.key))
	})
	for _, k := range did {
		of.Kind = k.key
		w.to(of, name, "", k.count)
	}
	return name
}

// tallied is a group with how much is in it.
type tallied[K comparable] struct {
	key   K
	count int
}

// grouped adds activities up, in the order in which groups come.
func grouped[K comparable](all []funnel.ActivityCount, by func(*funnel.ActivityCount) K) []tallied[K] {
	var groups []tallied[K]
	for i := range all {
		key := by(&all[i])
		at := slices.IndexFunc(groups, func(g tallied[K]) bool { return g.key == key })
		if at < 0 {
			at, groups = len(groups), append(groups, tallied[K]{key: key})
		}
		groups[at].count += all[i].Count
	}
	return groups
}

func lastOf[T any](all []T, most int) []T { return all[max(len(all)-most, 0):] }

// qualifications offers to look behind the report: by source, by owner, by what was answered.
func (c *call) qualifications(in Report, r funnel.QualificationReport) Qualifications {
	reply := Qualifications{Report: r}
	if !in.Why {
		if r.Came.Deals+r.Open.Deals+r.Answers.Closed > 0 {
			reply.Offers = []Offer{whyOffer(in, "")}
		}
		return reply
	}
	reply.Why, reply.Group = true, groupOf(&in, &r)
	w := ways{in: in}
	switch reply.Group.Of {
	case funnel.OfSource, funnel.OfOwner:
		reply.Name = w.shares(&reply.Group, in.Token, &r)
	case funnel.OfAnswer:
		w.finding(reply.Group, in.Token, &r)
	case funnel.OfAll, funnel.OfStage, funnel.OfWeek:
		w.qualified(&r)
	}
	reply.To = w.all
	return reply
}

// qualified are the ways to the numbers of the whole report and to its groups.
func (w *ways) qualified(r *funnel.QualificationReport) {
	for _, n := range []struct {
		part  funnel.BehindPart
		count int
	}{
		{funnel.BehindCame, r.Came.Deals},
		{funnel.BehindQualified, r.Came.Qualified},
		{funnel.BehindKnown, r.Open.Qualified},
		{funnel.BehindUnknown, r.Open.Unqualified},
		{funnel.BehindOutside, r.Open.Outside},
		{funnel.BehindAnswered, r.Answers.Qualified},
	} {
		w.to(funnel.Behind{Part: n.part}, "", "", n.count)
	}
	for i := range r.Sources[:min(len(r.Sources), maxSourceWays)] {
		s := &r.Sources[i]
		w.to(funnel.Behind{Of: funnel.OfSource, Source: s.Source}, "", hashed(s.Source), s.Deals)
	}
	for i := range r.Owners[:min(len(r.Owners), maxPeopleWays)] {
		o := &r.Owners[i]
		w.to(funnel.Behind{Of: funnel.OfOwner, Owner: o.Owner}, o.Name, "", o.Deals)
	}
	for i := range r.Answers.Findings[:min(len(r.Answers.Findings), maxFindingWays)] {
		f := &r.Answers.Findings[i]
		w.to(funnel.Behind{Of: funnel.OfAnswer, Question: f.Question, Option: f.Option}, "", hashed(f.Question, f.Option), f.With.Closed)
	}
}

// shares are the ways to the numbers of a source or an owner, and returns the owner's name.
func (w *ways) shares(of *funnel.Behind, token string, r *funnel.QualificationReport) (name string) {
	var share funnel.QualifiedShare
	for i := range r.Sources {
		if of.Of == funnel.OfSource && r.Sources[i].Source == of.Source {
			share = r.Sources[i].QualifiedShare
		}
	}
	for i := range r.Owners {
		if of.Of == funnel.OfOwner && r.Owners[i].Owner == of.Owner {
			share, name = r.Owners[i].QualifiedShare, r.Owners[i].Name
		}
	}
	came, qualified := *of, *of
	came.Part, qualified.Part = funnel.BehindCame, funnel.BehindQualified
	w.to(came, name, token, share.Deals)
	w.to(qualified, name, token, share.Qualified)
	return name
}

// finding are the ways to the deals with an answer and to those without.
func (w *ways) finding(of funnel.Behind, token string, r *funnel.QualificationReport) {
	for i := range r.Answers.Findings {
		f := &r.Answers.Findings[i]
		if f.Question != of.Question || f.Option != of.Option {
			continue
		}
		with, without := of, of
		with.Part, without.Part = funnel.BehindWith, funnel.BehindWithout
		w.to(with, "", token, f.With.Closed)
		w.to(without, "", token, f.Without.Closed)
	}
}
