package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/storage/postgres/pgtest"
)

var reasonInCode = regexp.MustCompile(`\.(?:fail|reject)\((?:Field\w+|f|""), "([a-z_]+)"`)

func TestEveryReasonOfTheReaderHasWords(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../storage/csv/*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		code, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range reasonInCode.FindAllStringSubmatch(string(code), -1) {
			require.Contains(t, rejections(), m[1], file)
			found++
		}
	}
	require.Greater(t, found, 10)
}

func TestTheSummaryOfAnImportIsInWords(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "deals.csv")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join([]string{
		"Deal ID,Company,Stage,Amount,Created", "A-1,Acme Anvils,Lead,1200,2026-10-01", "A-2,Bolt Works,Lead,many,2026-10-02", "A-3,Cog Mill,Lead,500,2027-10-02", "",
	}, "\n")), 0o600))
	args := []string{"import", file, "--database-url", pgtest.New(t, nothing), "--data", t.TempDir()}

	code, out, errs := once(t, "", append(args, "--dry-run")...)
	require.Zero(t, code, errs)
	require.Empty(t, errs, "a progress bar is for terminals")
	require.Contains(t, out, "This is a dry run")
	require.Contains(t, out, "It would import 3 rows: 1 stored, 2 rejected.\n")

	code, out, errs = once(t, "", args...)
	require.Zero(t, code, errs)
	require.Empty(t, errs)
	require.Contains(t, out, "Imported 3 rows: 1 stored, 2 rejected.\nDeals: 1 new")
	require.Contains(t, out, "  an amount cannot be read (1 row)\n")
	require.Contains(t, out, "  a date lies in the future (1 row)\n")
	require.NotContains(t, out, "_")

	code, out, errs = once(t, "", args...)
	require.Zero(t, code, errs)
	require.Contains(t, out, "1 were here already, 2 rejected.")
}

func TestOneIsNoPlural(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1 row", counted(1))
	require.Equal(t, "0 rows", counted(0))
	require.Equal(t, "none", parts(part{0, "new"}))
	require.Equal(t, "2 new, 1 rejected", parts(part{2, "new"}, part{0, "updated"}, part{1, "rejected"}))
	require.Equal(t, "an amount is below zero", rejection(string(funnel.CodeNegativeAmount)))
}
