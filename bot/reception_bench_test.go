package bot_test

import (
	"strconv"
	"testing"

	"funnelbot/bot"
	"funnelbot/funnel"
)

// BenchmarkReception is what a line costs that only has to be let through and read: members who are
// known, in their own chats.
func BenchmarkReception(b *testing.B) {
	l := newLobby(b)
	const people = 64
	visits := make([]bot.Visit, people)
	for i := range visits {
		external := strconv.Itoa(1000 + i)
		l.admit(b, l.bluefin, external, "Person "+external, funnel.Rep)
		visits[i] = l.private("telegram", external, "help move")
	}
	for _, v := range visits {
		l.doc(b, v)
	}
	asked := l.store.asked.Load()
	b.ResetTimer()
	i := 0
	for b.Loop() {
		if _, err := l.Handle(b.Context(), visits[i%people]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(l.store.asked.Load()-asked)/float64(b.N), "queries/op")
}
