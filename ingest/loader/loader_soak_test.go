//go:build soak

package loader_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"hengjian/ingest/loader"
	"hengjian/warehouse/engine/enginetest"
)

// TestSoakTenKills loads 200,000 records while the loader and the engine are
// killed ten times at random moments, loader and engine in turn.
func TestSoakTenKills(t *testing.T) {
	r := newRig(t, enginetest.Fresh(t))
	r.produce(200_000)
	config := quick()
	for i := range 10 {
		var before uint64
		r.until("the log can be read", func() bool { before = r.rows(); return before > 0 || i == 0 })
		c := r.child(orders{Config: config})
		r.until("the child has loaded something", func() bool { return r.rows() >= before+uint64(rand.IntN(12_000))+1 })
		<-time.NewTimer(time.Duration(rand.IntN(50)) * time.Millisecond).C
		if i%2 == 1 {
			generation := r.server.Engine().Generation()
			r.server.Engine().Kill()
			r.until("the engine is back", func() bool { return r.server.Engine().Generation() > generation })
		}
		c.Process.Kill()
		c.Wait()
		t.Logf("kill %d at %d rows", i+1, r.rows())
	}
	if n := r.rows(); n == r.sent {
		t.Error("nothing was left for the last owner: the kills prove less than they should")
	}
	config.MaxRows = 50_000
	l := r.start(config, r.deps())
	r.until("all rows are in the log", func() bool { return r.rows() >= r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
	audits, err := loader.ReadAudit(t.Context(), r.db, table)
	t.Log(audits, err)
}
