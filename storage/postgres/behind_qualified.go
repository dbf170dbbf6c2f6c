package postgres

import (
	"github.com/jackc/pgx/v5"

	"funnelbot/funnel"
)

// cameDeals are the deals that came in, or those of them that are qualified, with when they came.
func cameDeals(k knowledge, of funnel.Behind) string {
	narrow := ""
	switch of.Of {
	case funnel.OfOwner:
		narrow = ` AND ` + k.owner + ` IS NOT DISTINCT FROM @owner`
	case funnel.OfSource:
		narrow = ` AND ` + k.source + ` = @source`
	case funnel.OfAll, funnel.OfStage, funnel.OfWeek, funnel.OfAnswer:
	}
	if of.Part == funnel.BehindQualified {
		narrow += ` AND j.seq IS NOT NULL`
	}
	return `SELECT p.deal_id, p.entered AS at` + cameIn(k) + narrow
}

// fittingDeals are open deals by whether they are qualified and fit, with when they came where they are.
func fittingDeals(k knowledge, of funnel.Behind) string {
	narrow := ` AND j.seq IS NOT NULL`
	switch of.Part { //nolint:exhaustive // the numbers of open deals
	case funnel.BehindUnknown:
		narrow = ` AND j.seq IS NULL`
	case funnel.BehindOutside:
		narrow = ` AND j.outside`
	}
	return `SELECT p.deal_id, p.entered AS at` + openJudged(k) + narrow
}

// gave reports whether the closed deal c has answered the question, with one of the options where there are
// some.
func gave(question, kind, options string) string {
	return `EXISTS (
		SELECT FROM jsonb_array_elements(c.answers) a
		WHERE a ->> 'question' = ` + question + ` AND a #>> '{given,kind}' = ` + kind + `
		  AND (cardinality(` + options + `::text[]) = 0 OR coalesce(a #> '{given,keys}', '[]') ?| ` + options + `::text[])
	)`
}

// answeredDeals are the closed deals that a finding is made of, with when they were closed: those with the
// answer, and those without it that could have given it. A question with options could have been answered with
// another; one without could have been answered where the version of the funnel had it and its condition was
// met.
func answeredDeals(p funnel.Period, of funnel.Behind, args pgx.NamedArgs) string {
	var asked funnel.Question
	if q := p.Funnel.Qualification; q != nil {
		asked, _ = q.Question(of.Question)
		on, _ := q.Question(asked.When.Question)
		args["on"], args["on_kind"], args["on_is"] = on.Key, on.Kind, append([]string{}, asked.When.Is...)
	}
	args["disqualified"] = disqualifying(p.Funnel)
	args["question"], args["given"], args["options"] = asked.Key, asked.Kind, []string{}
	if of.Option != "" {
		args["options"] = []string{of.Option}
	}
	counted := `WITH closed AS (` + closedJudged + `) SELECT c.deal_id, c.left_at AS at FROM closed c WHERE c.seq IS NOT NULL`
	with := gave("@question", "@given", "@options")
	switch {
	case of.Part == funnel.BehindAnswered:
		return counted
	case of.Part == funnel.BehindWith:
		return counted + ` AND ` + with
	case of.Option != "":
		return counted + ` AND ` + gave("@question", "@given", "'{}'") + ` AND NOT ` + with
	case asked.When.Question != "":
		counted += ` AND ` + gave("@on", "@on_kind", "@on_is")
	}
	return counted + ` AND NOT ` + with + ` AND c.definition IN (
		SELECT v.definition FROM (SELECT c.definition FROM closed c WHERE c.seq IS NOT NULL AND ` + with + `) v)`
}
