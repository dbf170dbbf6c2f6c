package commands

import (
	"context"
	"hash/fnv"
	"strconv"
	"strings"

	"funnelbot/funnel"
)

// What a group begins with in an action; a stage stands for itself. A group without has nothing behind its mark.
const (
	markStage  = "!"
	markOwner  = "@"
	markWeek   = "~"
	markSource = "$"
	markAnswer = "?"
	markKind   = "/"
)

// groupAction writes the group of a number and, behind it, the kind of what was done.
func groupAction(r *Report) string {
	of := string(r.Stage)
	switch r.Of {
	case funnel.OfStage:
		if of == "" {
			of = markStage
		}
	case funnel.OfOwner:
		if of = markOwner; !r.Owner.IsZero() {
			of += shortID(r.Owner)
		}
	case funnel.OfWeek:
		of = markWeek + r.Token
	case funnel.OfSource:
		of = markSource + r.Token
	case funnel.OfAnswer:
		of = markAnswer + r.Token
	case funnel.OfAll:
	}
	if r.Kind != "" {
		of += markKind + kindLetters()[r.Kind]
	}
	return of
}

// fillGroup takes what groupAction wrote. What is no group is the whole report.
func fillGroup(r *Report, of string) {
	of, kind, _ := strings.Cut(of, markKind)
	r.Kind = letterOf(kindLetters(), kind)
	for mark, group := range map[string]funnel.BehindOf{
		markOwner: funnel.OfOwner, markWeek: funnel.OfWeek, markSource: funnel.OfSource, markAnswer: funnel.OfAnswer,
	} {
		token, ok := strings.CutPrefix(of, mark)
		if !ok {
			continue
		}
		if group != funnel.OfOwner {
			r.Of, r.Token = group, token
			return
		}
		id, known := readShortID(token)
		if known || token == "" {
			r.Of, r.Owner = group, id
		}
		return
	}
	if of != "" {
		r.Of, r.Stage = funnel.OfStage, funnel.StageKey(strings.TrimPrefix(of, markStage))
	}
}

// kindLetters are what stands for a kind of activity.
func kindLetters() map[funnel.ActivityKind]string {
	letters := map[funnel.ActivityKind]string{}
	for i, kind := range funnel.ActivityKinds() {
		letters[kind] = strconv.Itoa(i)
	}
	return letters
}

// hashed stands for words that may be too long for an action.
func hashed(words ...string) string {
	hash := fnv.New32a()
	for _, w := range words {
		hash.Write([]byte(w))
		hash.Write([]byte{0})
	}
	return strconv.FormatUint(uint64(hash.Sum32()), 36)
}

// groupBehind is the group that is asked for. What a token stands for is looked for in the report; where it is
// there no more, the number is that of the whole report, and in says so.
func (c *call) groupBehind(ctx context.Context, in *Report, q funnel.ReportQuery) (funnel.Behind, error) {
	of := funnel.Behind{Of: in.Of, Stage: in.Stage, Owner: in.Owner}
	switch in.Of {
	case funnel.OfWeek:
		of.Week = in.Token
	case funnel.OfSource, funnel.OfAnswer:
		r, err := c.desk.service.QualificationReport(ctx, c.ask.Workspace, q)
		if err != nil {
			return of, err
		}
		return groupOf(in, &r), nil
	case funnel.OfAll, funnel.OfStage, funnel.OfOwner:
	}
	return of, nil
}

// groupOf is the group of a report on the qualification that is asked for.
func groupOf(in *Report, r *funnel.QualificationReport) funnel.Behind {
	switch in.Of {
	case funnel.OfOwner:
		return funnel.Behind{Of: in.Of, Owner: in.Owner}
	case funnel.OfSource:
		for i := range r.Sources {
			if s := r.Sources[i].Source; hashed(s) == in.Token {
				return funnel.Behind{Of: in.Of, Source: s}
			}
		}
	case funnel.OfAnswer:
		for i := range r.Answers.Findings {
			if f := &r.Answers.Findings[i]; hashed(f.Question, f.Option) == in.Token {
				return funnel.Behind{Of: in.Of, Question: f.Question, Option: f.Option}
			}
		}
	case funnel.OfAll, funnel.OfStage, funnel.OfWeek:
	}
	in.Of, in.Token = funnel.OfAll, ""
	return funnel.Behind{}
}
