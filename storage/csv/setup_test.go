package csv_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
	"funnelbot/funnel/definition"
	"funnelbot/storage/csv"
)

func theFunnel(tb testing.TB) *funnel.Funnel {
	tb.Helper()
	f, err := definition.Default()
	require.NoError(tb, err)
	return f
}

func options(tb testing.TB) csv.Options {
	tb.Helper()
	zone, err := time.LoadLocation("Europe/Moscow")
	require.NoError(tb, err)
	return csv.Options{Funnel: theFunnel(tb), Zone: zone, Currency: "RUB"}
}

// open opens a file by a mapping, which may be nil.
func open(tb testing.TB, path string, m *csv.Mapping) (*csv.Source, error) {
	tb.Helper()
	if m == nil {
		m = &csv.Mapping{}
	}
	return csv.Open(tb.Context(), path, m, options(tb))
}

// sample opens a file of testdata.
func sample(tb testing.TB, name string) *csv.Source {
	tb.Helper()
	s, err := open(tb, filepath.Join("testdata", name), nil)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	return s
}

// text opens a text as a file.
func text(tb testing.TB, content string, m *csv.Mapping) (*csv.Source, error) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "file.csv")
	require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	s, err := open(tb, path, m)
	if err == nil {
		tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	}
	return s, err
}

// all reads every row, and the rows that cannot be used.
func all(tb testing.TB, s *csv.Source) ([]funnel.ImportRow, []*funnel.RowError) {
	tb.Helper()
	var rows []funnel.ImportRow
	var rejected []*funnel.RowError
	for {
		var r funnel.ImportRow
		_, err := s.Next(&r)
		if errors.Is(err, io.EOF) {
			return rows, rejected
		}
		if e, ok := errors.AsType[*funnel.RowError](err); ok {
			rejected = append(rejected, e)
			continue
		}
		require.NoError(tb, err)
		rows = append(rows, r)
	}
}

func mapping(tb testing.TB, yaml string) *csv.Mapping {
	tb.Helper()
	m, err := csv.ReadMapping([]byte(yaml))
	require.NoError(tb, err)
	return m
}

func rub(minor int64) funnel.Money { return funnel.Money{Minor: minor, Currency: "RUB"} }
