package loader

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// TestDashboardAsksForFiguresThatExist holds the Grafana dashboard against the
// figures of the loader.
func TestDashboardAsksForFiguresThatExist(t *testing.T) {
	text, err := os.ReadFile("../../deploy/monitoring/ingest.json")
	if err != nil || !json.Valid(text) {
		t.Fatal("the dashboard is no JSON", err)
	}
	registry := prometheus.NewRegistry()
	m, err := newMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*prometheus.CounterVec{m.rows, m.batches, m.duplicates, m.fences, m.gaps} {
		c.WithLabelValues("t")
	}
	for _, c := range []*prometheus.CounterVec{m.failures, m.refused, m.episodes, m.shortage} {
		c.WithLabelValues("t", "x")
	}
	m.seconds.WithLabelValues("t").Observe(1)
	m.size.WithLabelValues("t").Observe(1)
	m.lag.WithLabelValues("t", "0").Set(1)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range families {
		known[f.GetName()], known[f.GetName()+"_bucket"] = true, true
	}
	asked := regexp.MustCompile(`hengjian_loader_[a-z_]+`).FindAllString(string(text), -1)
	if len(asked) < 10 {
		t.Fatalf("the dashboard asks for %d figures of the loader", len(asked))
	}
	for _, name := range asked {
		if !known[name] {
			t.Errorf("the dashboard asks for %s, which the loader does not count", name)
		}
	}
}
