package redis

import (
	"context"
	"fmt"
	"log/slog"

	goredis "github.com/redis/go-redis/v9"
)

// LogTo sends what the client library prints to log, for debugging: whatever matters comes back as
// an error of a call. The library has one logger for the whole process, so a program calls this
// once, before [Dial].
func LogTo(log *slog.Logger) { goredis.SetLogger(printer{log}) }

// printer is a logger of the library.
type printer struct{ log *slog.Logger }

// Printf logs a line of the library.
func (p printer) Printf(ctx context.Context, format string, args ...any) {
	if p.log.Enabled(ctx, slog.LevelDebug) {
		p.log.DebugContext(ctx, "redis client", slog.String("says", fmt.Sprintf(format, args...)))
	}
}
