package bot

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Meter counts what doors and the courier do. The nil Meter counts nothing.
type Meter struct {
	requests *prometheus.CounterVec
	refused  *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	sent     *prometheus.CounterVec
	delay    *prometheus.HistogramVec
}

// NewMeter registers what is measured.
func NewMeter(r prometheus.Registerer) *Meter {
	m := &Meter{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "funnelbot_requests_total", Help: "What people did, by door and by how it ended.",
		}, []string{"door", "result"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "funnelbot_refused_total", Help: "What was turned away at a door, by reason.",
		}, []string{"door", "reason"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "funnelbot_request_seconds", Help: "How long an answer takes from the request to its words.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"door"}),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "funnelbot_sends_total", Help: "Attempts at delivering messages, by door and result.",
		}, []string{"door", "result"}),
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "funnelbot_delivery_seconds", Help: "From the writing of a message to its arrival.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 5, 30, 120, 600, 3600},
		}, []string{"door"}),
	}
	r.MustRegister(m.requests, m.refused, m.seconds, m.sent, m.delay)
	return m
}

// Answered counts a request of a door that was answered after so long.
func (m *Meter) Answered(door, result string, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(door, result).Inc()
	m.seconds.WithLabelValues(door).Observe(took.Seconds())
}

// Refused counts what was turned away. The reason is one of a few words of the program, such as
// "signature" or "stranger", never something that was sent.
func (m *Meter) Refused(door, reason string) {
	if m != nil {
		m.refused.WithLabelValues(door, reason).Inc()
	}
}

// Sent counts an attempt at a delivery: "delivered", "retry", "doubt", "gone", "rejected" or
// "buried".
func (m *Meter) Sent(door, result string) {
	if m != nil {
		m.sent.WithLabelValues(door, result).Inc()
	}
}

// Delivered counts a message that arrived so long after it was written.
func (m *Meter) Delivered(door string, after time.Duration) {
	if m == nil {
		return
	}
	m.sent.WithLabelValues(door, "delivered").Inc()
	m.delay.WithLabelValues(door).Observe(after.Seconds())
}
