package bottest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// update rewrites the goldens instead of comparing with them: go test ./... -update. Look at the
// difference before it is committed.
var update = flag.Bool("update", false, "rewrite golden files")

// Golden compares what a test got with the file of that path.
func Golden(tb testing.TB, file, got string) {
	tb.Helper()
	if *update {
		require.NoError(tb, os.MkdirAll(filepath.Dir(file), 0o750))
		require.NoError(tb, os.WriteFile(file, []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(tb, err, "run the test with -update to make the golden")
	require.Equal(tb, string(want), got)
}
