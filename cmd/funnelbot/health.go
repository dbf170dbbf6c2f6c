package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"funnelbot/storage/postgres"
)

// readyTimeout bounds the question whether the database answers.
const readyTimeout = 2 * time.Second

// health tells those who watch over the process how it is.
type health struct {
	store    *postgres.Store
	registry *prometheus.Registry
	serving  atomic.Bool
}

// routes is everything that is served: the doors, whether the process lives (/healthz), whether it
// can do its work (/readyz), and what is measured (/metrics).
func (h *health) routes(open []*platform) http.Handler {
	h.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &owed{store: h.store},
	)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", h.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(h.registry, promhttp.HandlerOpts{}))
	for _, p := range open {
		mux.Handle(p.path, p.Handler())
	}
	return mux
}

// ready answers 200 while the process takes requests and the database answers.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	if !h.serving.Load() {
		say(w, http.StatusServiceUnavailable, "starting or stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := h.store.Ping(ctx); err != nil {
		say(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	say(w, http.StatusOK, "ready")
}

func say(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(words + "\n"))
}

// owed measures the outbox whenever somebody asks.
type owed struct{ store *postgres.Store }

// What is measured of the outbox.
var (
	owedPending = prometheus.NewDesc("funnelbot_outbox_pending", "Messages that wait for their delivery.", []string{"door"}, nil)
	owedOldest  = prometheus.NewDesc("funnelbot_outbox_oldest_timestamp_seconds", "Unix time at which the oldest of them was written, 0 for none.",
		[]string{"door"}, nil)
	owedBuried = prometheus.NewDesc("funnelbot_outbox_buried", "Messages that were given up and are kept to be seen.",
		[]string{"door", "cause"}, nil)
)

// Describe implements [prometheus.Collector].
func (o *owed) Describe(out chan<- *prometheus.Desc) {
	out <- owedPending
	out <- owedOldest
	out <- owedBuried
}

// Collect implements [prometheus.Collector]. Without the database there is nothing to tell.
func (o *owed) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	state, err := o.store.OutboxState(ctx)
	if err != nil {
		return
	}
	for _, d := range state.Doors {
		oldest := 0.0
		if !d.Oldest.IsZero() {
			oldest = float64(d.Oldest.Unix())
		}
		out <- prometheus.MustNewConstMetric(owedPending, prometheus.GaugeValue, float64(d.Pending), d.Door)
		out <- prometheus.MustNewConstMetric(owedOldest, prometheus.GaugeValue, oldest, d.Door)
		for cause, n := range d.Buried {
			out <- prometheus.MustNewConstMetric(owedBuried, prometheus.GaugeValue, float64(n), d.Door, string(cause))
		}
	}
}
