package redistest

import (
	"net"
	"sync"
	"testing"
)

// Silent returns the address of a server that takes connections and never answers, as a machine does whose
// Redis hangs or whose network swallows packets.
func Silent(tb testing.TB) (address string) {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listen: %v", err)
	}
	var held []net.Conn
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			held = append(held, c)
		}
	})
	tb.Cleanup(func() {
		_ = l.Close()
		done.Wait()
		for _, c := range held {
			_ = c.Close()
		}
	})
	return "redis://" + l.Addr().String()
}
