package commands

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestZonesAreFoundByNameCityAndOffset(t *testing.T) {
	t.Parallel()
	winter := time.Date(2026, time.January, 10, 12, 0, 0, 0, time.UTC)
	for typed, want := range map[string][]string{
		"Europe/Moscow":    {"Europe/Moscow"},
		"EUROPE/moscow":    {"Europe/Moscow"},
		"Питер":            {"Europe/Moscow"},
		"america/new_york": {"America/New_York"},
		"New York":         {"America/New_York"},
		"Vienna":           {"Europe/Vienna"},
		"utc":              {"UTC"},
		"+5:30":            {"Asia/Kolkata"},
		"мск-1":            {"Europe/Kaliningrad"},
		"UTC+7":            {"Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Bangkok"},
		"-8":               {"America/Los_Angeles"},
		"local":            nil,
		"":                 nil,
		"../etc/passwd":    nil,
		"/etc/localtime":   nil,
		"+99":              nil,
		"+5:99":            nil,
		"Атлантида":        nil,
	} {
		require.Equal(t, want, FindZones(typed, winter), typed)
	}
}

func TestEveryCityHasAZone(t *testing.T) {
	t.Parallel()
	for _, c := range cities() {
		_, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		require.Equal(t, []string{c.zone}, FindZones(c.english, monday), c.english)
		require.Equal(t, []string{c.zone}, FindZones(c.russian, monday), c.russian)
	}
}
