package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPgbenchIsRead(t *testing.T) {
	t.Parallel()
	r, err := readPgbench([]byte("number of transactions actually processed: 90017\nlatency average = 0.891 ms\ntps = 8978.116200 (without initial connection time)\n"))
	require.NoError(t, err)
	require.InDelta(t, 8978.1162, r.rate, 1e-6)
	require.Equal(t, 891*time.Microsecond, r.mean)
	_, err = readPgbench([]byte("pgbench: error: connection refused"))
	require.ErrorContains(t, err, "refused")
}

func TestTableNamesWhatWasNotRight(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	table := newTable(&out)
	r := result{took: []time.Duration{time.Millisecond, 3 * time.Millisecond}, elapsed: time.Second, sight: "401 Unauthorized"}
	r.counts[right], r.counts[refused] = 1, 1
	table.result("bot", &r)
	table.statement("pgbench after", statementResult{rate: 8978.4, mean: 891 * time.Microsecond})
	require.NoError(t, table.print())
	require.Regexp(t, `bot +1\.0 +1\.00 +3\.00 +3\.00 +3\.00 +2 +1 +0 +0 +0`, out.String())
	require.Regexp(t, `pgbench after +8978 +mean 0\.89`, out.String())
	require.Contains(t, out.String(), "bot: the first that was not right: 401 Unauthorized")
}

func TestMessagesOfAChatArriveInTheirOrder(t *testing.T) {
	t.Parallel()
	at := func(ms int) time.Time { return epoch.Add(time.Duration(ms) * time.Millisecond) }
	owed := []owedMessage{{"1", at(-500)}, {"1", at(0)}, {"2", at(5)}, {"1", at(10)}}
	got := []arrival{{"2", at(7).UnixNano()}, {"1", at(30).UnixNano()}, {"1", at(31).UnixNano()}}
	late, err := match(owed, got)
	require.NoError(t, err)
	require.Equal(t, []time.Duration{2 * time.Millisecond, 21 * time.Millisecond, 30 * time.Millisecond}, late)
	_, err = match(owed[:1], got)
	require.Error(t, err, "more than was owed")
}
