package slack

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/bot/message"
)

func TestWhatIsTypedWithASlashIsShownAsSlackTakesIt(t *testing.T) {
	t.Parallel()
	for in, want := range map[message.Run]string{
		message.Code("/move acme lead"): "/deal move acme lead",
		message.Code("/deal today"):     "/deal today",
		message.Code("move acme lead"):  "move acme lead",
		message.Plain("/move"):          "/move",
	} {
		require.Equal(t, want, clean(message.Line{in}).String())
	}
}
