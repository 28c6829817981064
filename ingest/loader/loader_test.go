package loader_test

import (
	"errors"
	"testing"

	"hengjian/ingest/loader"
	"hengjian/warehouse/engine/enginetest"
)

func TestEveryRecordOnce(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(6000)
	l := r.start(quick(), r.deps())
	r.until("the first part is in the log", func() bool { return r.rows() == r.sent })
	r.produce(2000)
	r.until("the second part is in the log", func() bool { return r.rows() == r.sent })
	r.until("the status says so", func() bool {
		all, err := l.Status(t.Context())
		var position uint64
		for _, s := range all {
			position += s.Position
			if s.Lag != 0 || s.State != loader.StateLoading || s.Alarm != "" || s.Type != "record" {
				return false
			}
		}
		return err == nil && position == r.sent
	})
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
	var streams uint64
	if err := r.db.QueryRow(t.Context(), "SELECT count() FROM stream FINAL WHERE record_type = 'record'").Scan(&streams); err != nil || streams != 4 {
		t.Fatalf("%d streams registered, %v", streams, err)
	}
}

func TestErrorAtEveryPoint(t *testing.T) {
	for _, p := range []loader.Point{loader.Decoded, loader.Sending, loader.Unanswered, loader.Answered} {
		t.Run(pointNames[p], func(t *testing.T) {
			r := newRig(t, enginetest.Start(t))
			r.produce(8000)
			d, broken, passed := r.deps(), errors.New("broken on purpose"), 0
			d.Hooks.Reach = func(at loader.Point, _ loader.Batch) error {
				if at == p {
					if passed++; passed == 3 {
						return broken
					}
				}
				return nil
			}
			if err := r.start(quick(), d).wait(); !errors.Is(err, broken) {
				t.Fatalf("Run said %v", err)
			}
			if n := r.rows(); n == r.sent {
				t.Fatal("nothing was left for the second owner")
			}
			r.complete()
		})
	}
}

var pointNames = []string{"decoded", "sending", "unanswered", "answered"}

// TestPartitionsAddedDuringALoadAreLoaded raises the number of partitions of a
// topic that is being loaded: the new ones are taken in without a restart.
func TestPartitionsAddedDuringALoadAreLoaded(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(500)
	l := r.start(quick(), r.deps())
	r.until("the first rows are in", func() bool { return r.rows() >= r.sent })
	r.addPartitions(3)
	r.produce(2100)
	r.until("the new partitions are loaded", func() bool { return r.rows() >= r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
	bounds, err := r.client.Bounds(t.Context(), topic)
	must(t, err)
	if len(bounds) != 7 || bounds[6].Next == 0 {
		t.Errorf("the new partitions got nothing: %+v", bounds)
	}
}
