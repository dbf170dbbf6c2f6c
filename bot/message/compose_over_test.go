package message_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/commands"
	"funnelbot/funnel"
)

func TestOnlyARefusalOfAnOldButtonIsOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t, funnel.English)
	over := commands.Refused{Err: funnel.Refuse(commands.CodeQuestionOver, nil)}
	require.True(t, d.composed(over).Over)
	require.False(t, d.composed(commands.Refused{Err: funnel.Refuse(commands.CodePrivateOnly, nil)}).Over)
	require.False(t, d.composed(commands.Aside{Reply: over, Back: "~t~resume"}).Over, "there is a way back to press")
	over.Offers = []commands.Offer{{Label: "help", Action: "help:0:0"}}
	require.False(t, d.composed(over).Over, "there is something to press")
}
