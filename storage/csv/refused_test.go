package csv_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/storage/csv"
)

func TestWhatIsNoTableIsRefused(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 64<<10)
	random := rand.NewChaCha8([32]byte{7})
	_, err := random.Read(noise)
	require.NoError(t, err)
	// Numbers of a program: every other byte is zero, as in UTF-16.
	numbers := make([]byte, 0, 16<<10)
	for i := range 8 << 10 {
		numbers = append(numbers, 0, byte(i*7))
	}
	for name, x := range map[string]struct{ content, says string }{
		"noise":              {string(noise), ""},
		"numbers":            {string(numbers), ""},
		"zeros":              {string(make([]byte, 5000)), "no table of text"},
		"a program":          {"\x7fELF\x02\x01\x01" + string(make([]byte, 9)) + string(noise[:4096]), "no table of text"},
		"a workbook":         {"PK\x03\x04\x14\x00\x06\x00", "save the sheet as CSV"},
		"an old workbook":    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "save the sheet as CSV"},
		"only a header":      {"deal,company,stage,opened\n", "no rows"},
		"a header and blank": {"deal,company,stage,opened\n,,,\n\n", "no rows"},
		"no objects":         {"[]", "no rows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := text(t, x.content, nil)

			require.ErrorContains(t, err, x.says)
		})
	}
}

// An export of a workspace without any activity is a header, and belongs to the others.
func TestAnExportOfOurOwnMayBeEmpty(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "activities.csv")
	require.NoError(t, os.WriteFile(path, []byte("deal,row,type,direction,at,recorded,actor,text\n"), 0o600))
	m, err := csv.Recognise(path)
	require.NoError(t, err)
	require.NotNil(t, m)

	s, err := open(t, path, m)

	require.NoError(t, err)
	require.NoError(t, s.Close())
}

func TestNumbersOfRussianExportsIdentifyDeals(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"Номер", "№", "№ сделки", "НОМЕР СДЕЛКИ"} {
		s, err := text(t, header+";Компания;Этап;Дата открытия\n17;Кедр;Лид;2026-01-02\n", nil)
		require.NoError(t, err)

		rows, rejected := all(t, s)

		require.Empty(t, rejected)
		require.Equal(t, "17", rows[0].Case)
	}
}

func TestFindingsSayWhatBecomesOfOwnersWhoAreNotHere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deals.csv")
	require.NoError(t, os.WriteFile(path, []byte("deal,company,owner,opened\n"+
		"1,Cedar,Anna,2026-01-02\n2,Cedar,Wanda Reed,2026-01-02\n3,Cedar,Milo Stone,2026-01-02\n"), 0o600))
	for owners, want := range map[string]string{
		"keep":   "column \"owner\": 2 names that nobody here has; kept as the custom field owner; say `owners: create` in a mapping to make them members",
		"create": "column \"owner\": 2 names that nobody here has; they become members",
	} {
		o := options(t)
		o.Members = []string{"anna", "Борис"}

		s, err := csv.Open(t.Context(), path, &csv.Mapping{Owners: owners}, o)

		require.NoError(t, err)
		require.Contains(t, s.Findings(), want)
		require.NoError(t, s.Close())
	}
}

func TestAMappingSaysWhetherKnownDealsAreUpdated(t *testing.T) {
	t.Parallel()
	const content = "deal,company,opened\n1,Cedar,2026-01-02\n"
	for known, want := range map[string]bool{"": false, "known: keep\n": false, "known: update\n": true} {
		s, err := text(t, content, mapping(t, "schema: 1\n"+known))
		require.NoError(t, err)

		rows, _ := all(t, s)

		require.Equal(t, want, rows[0].Deal.Update)
	}
	_, err := csv.ReadMapping([]byte("schema: 1\nknown: overwrite\n"))
	require.ErrorContains(t, err, "use keep, update")
}
