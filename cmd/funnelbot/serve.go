package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"funnelbot/bot"
	"funnelbot/funnel"
)

type serveCommand struct{ person }

// Run serves the platforms that have tokens; with none, it is the local chat.
func (c *serveCommand) Run(ctx context.Context, s *settings, io *streams) error {
	if !s.slack() && !s.telegram() {
		return (&chatCommand{person: c.person}).Run(ctx, s, io)
	}
	a, err := newApp(ctx, s, io, options{})
	if err != nil {
		return err
	}
	defer a.close(ctx)
	l := funnel.Locale(c.Lang)
	if l == "" {
		l = machineLanguage(io.getenv)
	}
	w, err := a.workspace(ctx, l, io)
	if err != nil {
		return err
	}
	listener, err := io.listen(ctx, s.Listen)
	if err != nil {
		return fmt.Errorf("listen for the platforms at %s: %w; choose another address with FUNNELBOT_LISTEN", s.Listen, err)
	}
	defer runtime.KeepAlive(lessGarbageWork())
	return a.serve(ctx, w, listener)
}

// lessGarbageWork returns memory that is never written, so that it is none to the system, but counts
// as in use when the time of the next collection is found. What serving really holds is so little that
// a busy program would collect thirty times a second, which takes a tenth of its time. GOGC would
// do the same to a program that has come to hold much.
func lessGarbageWork() []byte { return make([]byte, 16<<20) }

// door is what the program needs of the door of a platform.
type door interface {
	bot.Sender
	// Handler takes what the platform sends.
	Handler() http.Handler
	// Run does what goes on beside: signing in, long connections. It returns when ctx ends, or with
	// an error that nothing but another setting mends.
	Run(ctx context.Context) error
	// Check says how tokens and rights are.
	Check(ctx context.Context) []bot.Check
}

// platform is a door that is open, with what brings messages out through it.
type platform struct {
	door
	name string
	// path is where the platform sends to.
	path    string
	limiter *bot.Limiter
	// greet learns from the platform what has to be known before it is served well.
	greet func(ctx context.Context) error
	// closed is closed when the door cannot go on.
	closed chan struct{}
}

// Limits of the server. Platforms send small bodies and hang up after a few seconds.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	writeTimeout  = 20 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 1 << 16
)

// await waits until the platforms are met, but not for those that do not answer.
func (a *app) await(ctx context.Context, met <-chan struct{}) {
	enough := time.NewTimer(meetTimeout)
	defer enough.Stop()
	select {
	case <-met:
	case <-enough.C:
	case <-ctx.Done():
	}
}

// serve runs every platform until ctx ends or none can go on. First nothing more is taken in, then
// what is under way is finished or given back.
func (a *app) serve(ctx context.Context, w funnel.Workspace, listener net.Listener) error {
	registry := prometheus.NewRegistry()
	open, err := a.platforms(w, bot.NewMeter(registry))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	health := &health{store: a.store, registry: registry}
	server := &http.Server{
		Handler: health.routes(open), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var background sync.WaitGroup
	background.Go(func() { a.schedule(working) })
	met := make(chan struct{})
	background.Go(func() {
		defer close(met)
		var all sync.WaitGroup
		for _, p := range open {
			all.Go(func() { a.meet(working, p) })
		}
		all.Wait()
	})
	a.await(working, met)
	background.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			stop(fmt.Errorf("serve: %w", err))
		}
	})
	var left atomic.Int64
	left.Store(int64(len(open)))
	for _, p := range open {
		background.Go(func() {
			err := a.keep(working, p)
			if err == nil || working.Err() != nil {
				return
			}
			a.log.ErrorContext(ctx, "door closed: run funnelbot doctor, then start again", slog.String("door", p.name), slog.Any("error", err))
			if left.Add(-1) == 0 {
				stop(fmt.Errorf("%s: %w", p.name, err))
			}
		})
		a.log.InfoContext(ctx, "door open", slog.String("door", p.name))
	}
	a.log.InfoContext(ctx, "serving", slog.String("address", listener.Addr().String()), slog.String("workspace", w.Name))
	health.serving.Store(true)

	<-working.Done()
	health.serving.Store(false)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), workStop)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		a.log.WarnContext(ctx, "requests not finished in time", slog.Any("error", errors.Join(err, server.Close())))
	}
	background.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(working)
}

// keep runs the door of a platform and its courier until ctx ends or the door cannot go on. What is
// owed there waits then, instead of being tried until it is given up, and other doors stay open.
func (a *app) keep(ctx context.Context, p *platform) error {
	ctx, stop := context.WithCancel(ctx)
	var courier sync.WaitGroup
	courier.Go(func() { a.courier(p).Run(ctx) })
	err := p.Run(ctx)
	if err != nil {
		close(p.closed)
	}
	stop()
	courier.Wait()
	return err
}
