package verify

import "github.com/prometheus/client_golang/prometheus"

// metrics are the figures of this package.
type metrics struct {
	faults *prometheus.GaugeVec
	rows   prometheus.Gauge
	last   prometheus.Gauge
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		faults: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hengjian_verify_faults", Help: "Faults of the newest verification by sort."}, []string{"fault"}),
		rows:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "hengjian_verify_rows", Help: "Log rows that the newest verification read."}),
		last:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "hengjian_verify_finished_seconds", Help: "Unix time of the end of the newest verification."}),
	}
	if r != nil {
		r.MustRegister(m.faults, m.rows, m.last)
	}
	return m
}

func (m metrics) say(r Result) {
	m.faults.Reset()
	for _, sort := range Sorts() {
		m.faults.WithLabelValues(sort).Set(0)
	}
	seen := map[string]bool{}
	for _, f := range r.Faults {
		if id := f.Fault + "|" + f.RecordType; !seen[id] {
			seen[id] = true
			m.faults.WithLabelValues(f.Fault).Add(float64(f.Total))
		}
	}
	m.rows.Set(float64(r.Rows))
	m.last.Set(float64(r.Finished.Unix()))
}
