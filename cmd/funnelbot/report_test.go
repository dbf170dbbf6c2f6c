package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

func TestTheReportOnQualificationsIsForPeopleAndForPrograms(t *testing.T) {
	t.Parallel()
	url, args := office(t)
	code, _, errs := once(t, "new Acme 12k\n", append([]string{"chat"}, args...)...)
	require.Zero(t, code, errs)
	asked := func(more ...string) string {
		t.Helper()
		call := []string{"report", "qualification", "--database-url", url}
		code, out, errs := once(t, "", append(call, more...)...)
		require.Zero(t, code, errs)
		require.Empty(t, errs)
		return out
	}
	read := func(more ...string) (r struct {
		funnel.ReportHead
		Came    funnel.QualifiedShare `json:"came_in"`
		Open    funnel.ProfileShare   `json:"open"`
		Answers funnel.AnswerReport   `json:"answers"`
	},
	) {
		t.Helper()
		require.NoError(t, json.Unmarshal([]byte(asked(append(more, "--json")...)), &r))
		return r
	}

	require.Contains(t, asked("--lang", "en"), "Too few deals to tell which answers go with winning: in 365 days")
	require.Contains(t, asked("--lang", "ru", "--window", "30d"), "за 30 дней")
	usual := read()
	require.Equal(t, []int{90, 365}, []int{usual.WindowDays, usual.Answers.WindowDays})
	require.Equal(t, 1, usual.Came.Deals)
	require.Zero(t, *usual.Came.Value)
	require.Equal(t, 1, usual.Open.Unqualified)
	asWished := read("--window", "30")
	require.Equal(t, []int{30, 30}, []int{asWished.WindowDays, asWished.Answers.WindowDays})
	require.Zero(t, read("--as-of", "2020-01-31").Came.Deals)
}
