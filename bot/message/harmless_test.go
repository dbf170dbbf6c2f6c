package message_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
)

func TestHarmlessWordsHideAndSteerNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Acme Anvils":              "Acme Anvils",
		"Ромашка 👩\u200d🔧":         "Ромашка 👩\u200d🔧",
		"a\r\nb\rc\u0085d\u2028e":  "a\nb\nc\nd\ne",
		"a\tb":                     "a b",
		"\x1b[31mred\x00":          "?[31mred?",
		"abc\u202edef\u2066\u200b": "abcdef",
		"a\xffb":                   "a\ufffdb",
	} {
		require.Equal(t, want, message.Harmless(in, '?'))
	}
	require.Equal(t, "[31mred", message.Harmless("\x1b[31mred\x00", message.Dropped))
}
