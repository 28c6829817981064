package loader_test

import (
	"strings"
	"sync"
	"testing"

	"hengjian/ingest/loader"
	"hengjian/warehouse/engine/enginetest"
)

// TestGapThatGrew declares a gap again, longer, because its owner died before it
// had loaded what comes behind and Kafka dropped more meanwhile.
func TestGapThatGrew(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	for _, sql := range []string{
		"INSERT INTO " + table + " (stream, offset) VALUES ('s', 0), ('s', 1), ('s', 6)",
		"INSERT INTO gap (stream, first, last, reason, declared) VALUES ('s', 2, 3, 'dropped', now64(3)), ('s', 2, 5, 'dropped', now64(3))",
	} {
		must(t, r.db.Exec(t.Context(), sql))
	}
	audits, err := loader.ReadAudit(t.Context(), r.db, table)
	must(t, err)
	if len(audits) != 1 || !audits[0].Whole() || audits[0].Gaps != 4 {
		t.Errorf("%+v", audits)
	}
}

// TestKnownBlockBehindAnotherOwner loses an answer, lets the block be dropped as
// known at the second attempt, and lets another owner go on before the first looks
// at the log: no rows were deleted, and none may be said to be.
func TestKnownBlockBehindAnotherOwner(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(8000)
	d := r.deps()
	p, dsn := newProxy(t, d.DSN)
	d.DSN = dsn
	p.left.Store(1)
	p.swallow.Store(50_000)
	known, goOn, once := make(chan struct{}), make(chan struct{}), sync.Once{}
	d.Hooks.Reach = func(p loader.Point, b loader.Batch) error {
		if p == loader.Unanswered && b.Attempt > 1 {
			once.Do(func() { close(known); <-goOn })
		}
		return nil
	}
	first := r.start(quick(), d)
	<-known
	second := r.start(quick(), r.deps())
	r.until("the second owner has loaded all", func() bool { return r.rows() >= r.sent })
	must(t, second.end())
	close(goOn)
	r.until("the first is the owner again", func() bool {
		all, err := first.Status(t.Context())
		return err == nil && len(all) == 4 && all[0].State == loader.StateLoading && all[0].Lag+all[1].Lag+all[2].Lag+all[3].Lag == 0
	})
	all, err := first.Status(t.Context())
	must(t, err)
	if strings.Contains(all[0].Alarm, "nobody may delete") {
		t.Errorf("alarm: %s", all[0].Alarm)
	}
	must(t, first.end())
	r.verify()
}
