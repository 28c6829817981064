package loader_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"hengjian/ingest/loader"
	"hengjian/warehouse/engine/enginetest"
)

// TestPausedTopicRests pauses a topic, restarts the loader and resumes it.
func TestPausedTopicRests(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(1000)
	must(t, loader.SetPaused(t.Context(), r.db, topic, true, "operator", "the sender repeats a month"))
	state := func(l *running) string {
		all, err := l.Status(t.Context())
		must(t, err)
		return all[0].State
	}
	for range 2 {
		l := r.start(quick(), r.deps())
		r.until("the topic rests", func() bool { return state(l) == loader.StatePaused })
		if n := r.rows(); n != 0 {
			t.Fatalf("%d rows were loaded in a pause", n)
		}
		must(t, l.end())
	}
	d, figures := r.deps(), prometheus.NewRegistry()
	d.Registerer = figures
	l := r.start(quick(), d)
	r.until("the topic rests", func() bool { return state(l) == loader.StatePaused })
	must(t, loader.SetPaused(t.Context(), r.db, topic, false, "operator", "done"))
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	must(t, l.end())
	r.verify()
	if refused := figure(t, figures, "hengjian_loader_refused_total"); refused != 10 {
		t.Errorf("%v refused records counted, 10 were sent", refused)
	}
}
