package loader

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the figures of one loader.
type metrics struct {
	rows, batches, duplicates, fences, gaps *prometheus.CounterVec
	failures, refused                       *prometheus.CounterVec
	episodes, shortage                      *prometheus.CounterVec
	seconds, size                           *prometheus.HistogramVec
	lag, next                               *prometheus.GaugeVec
}

// newMetrics makes the figures and registers them; nil keeps them private.
func newMetrics(r prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "hengjian", Subsystem: "loader", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "hengjian", Subsystem: "loader", Name: name, Help: help}, []string{"topic", "partition"})
	}
	m := &metrics{
		rows:       counter("rows_total", "Rows whose INSERT was answered.", "topic"),
		batches:    counter("batches_total", "Blocks whose INSERT was answered.", "topic"),
		duplicates: counter("duplicate_blocks_total", "Blocks the server dropped because their token was known.", "topic"),
		fences:     counter("fences_total", "Epochs taken.", "topic"),
		gaps:       counter("gaps_total", "Gaps declared.", "topic"),
		failures:   counter("failures_total", "Failed attempts by class.", "topic", "class"),
		refused:    counter("refused_total", "Records in quarantine, by the reason they were sent back for.", "topic", "reason"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "hengjian", Subsystem: "loader", Name: "insert_seconds", Help: "Duration of answered INSERTs.",
			Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30},
		}, []string{"topic"}),
		episodes: counter("pressure_episodes_total", "How often fetching or inserting had to wait, by cause: memory of the loader, or room in the warehouse.", "topic", "cause"),
		shortage: counter("pressure_seconds_total", "For how long, by cause.", "topic", "cause"),
		size: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "hengjian", Subsystem: "loader", Name: "batch_rows", Help: "Rows of answered blocks.",
			Buckets: []float64{1, 10, 100, 1000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000},
		}, []string{"topic"}),
		lag:  gauge("lag", "Records in Kafka that are not in the log."),
		next: gauge("next_offset", "Offset of the next record to load."),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.rows, m.batches, m.duplicates, m.fences, m.gaps, m.failures, m.refused, m.episodes, m.shortage, m.seconds, m.size, m.lag, m.next} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// The causes of back-pressure.
const (
	causeMemory    = "memory"
	causeWarehouse = "warehouse"
)

// held counts one episode in which memory was short.
func (m *metrics) held(topic string, waited time.Duration) {
	m.episodes.WithLabelValues(topic, causeMemory).Inc()
	m.shortage.WithLabelValues(topic, causeMemory).Add(waited.Seconds())
}

func itoa[T int | int32 | uint32](n T) string { return strconv.FormatInt(int64(n), 10) }
