package loader

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the figures of one loader.
type metrics struct {
	rows, batches, duplicates, fences, gaps *prometheus.CounterVec
	failures                                *prometheus.CounterVec
	seconds                                 *prometheus.HistogramVec
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
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "hengjian", Subsystem: "loader", Name: "insert_seconds", Help: "Duration of answered INSERTs.",
			Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30},
		}, []string{"topic"}),
		lag:  gauge("lag", "Records in Kafka that are not in the log."),
		next: gauge("next_offset", "Offset of the next record to load."),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.rows, m.batches, m.duplicates, m.fences, m.gaps, m.failures, m.seconds, m.lag, m.next} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func itoa[T int | int32 | uint32](n T) string { return strconv.FormatInt(int64(n), 10) }
