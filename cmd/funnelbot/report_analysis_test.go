package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryReportIsForPeopleForProgramsAndSomeArePictures(t *testing.T) {
	t.Parallel()
	url, args := office(t)
	code, _, errs := once(t, "new Acme 12k\n#1 proposal\nnew Globex 3k\nlost #2 price\n", append([]string{"chat"}, args...)...)
	require.Zero(t, code, errs)
	asked := func(name string, more ...string) (int, string, string) {
		return once(t, "", append([]string{"report", name, "--database-url", url}, more...)...)
	}
	for _, name := range []string{"funnel", "owners", "activity", "bottleneck", "stuck", "forecast", "trend"} {
		for _, l := range []string{"en", "ru"} {
			code, out, errs := asked(name, "--lang", l)
			require.Zero(t, code, errs)
			require.NotEmpty(t, out, name)
		}
		code, out, errs := asked(name, "--json", "--as-of", "2026-01-31")
		require.Zero(t, code, errs)
		var head struct {
			AsOf   string `json:"as_of"`
			Window int    `json:"window_days"`
		}
		require.NoError(t, json.Unmarshal([]byte(out), &head), name)
		require.NotEmpty(t, head.AsOf, name)
		require.Positive(t, head.Window, name)
	}

	file := filepath.Join(t.TempDir(), "funnel.png")
	code, out, errs := asked("funnel", "--png", file, "--json")
	require.Zero(t, code, errs)
	require.True(t, json.Valid([]byte(out)), "the picture goes to the file alone")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	_, err = png.DecodeConfig(bytes.NewReader(data))
	require.NoError(t, err)
	code, _, errs = asked("stuck", "--png", file)
	require.NotZero(t, code)
	require.Contains(t, errs, "picture")
}
