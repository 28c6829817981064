//go:build kafka

package loader_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/kafkatest"
	"hengjian/warehouse/engine/enginetest"
)

// The suite against Apache Kafka with TLS and SCRAM: make test-kafka.

// TestKafka runs the suite on one broker, each part with a topic and a database
// of its own.
func TestKafka(t *testing.T) {
	kafka, server := kafkatest.Start(t), enginetest.Fresh(t)
	seed := rand.Uint64N(1 << 40)
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 2))
	part := func(name string, run func(r *rig)) {
		t.Run(name, func(t *testing.T) {
			r := newRigOn(t, server, kafka.Remote)
			defer func() { // also after a failure: the next part has the same name for its topic
				if err := r.client.DeleteTopics(t.Context(), []string{topic}); err != nil {
					t.Error(err)
				}
			}()
			run(r)
		})
	}
	part("every record once", func(r *rig) {
		r.produce(20_000)
		r.complete()
	})
	part("broker killed", func(r *rig) { killKafka(r, kafka) })
	part("loaders share the partitions", shareKafka)
	short := []string{"answer lost", "owner stopped, another takes over, the first wakes", "loader killed at unanswered"}
	for _, f := range faults() {
		if testing.Short() && !slices.Contains(short, f.name) {
			continue // make test-kafka runs them all
		}
		if slices.Contains([]string{"broker restarted", "group offsets moved"}, f.name) {
			continue // above, in their own way; nothing reads the offsets of a group
		}
		part(f.name, func(r *rig) {
			r.produce(4000)
			f.act(r, rnd)
			r.complete()
		})
	}
	t.Run("wrong sign-in is one sentence", func(t *testing.T) { refuseKafka(t, kafka.Remote) })
}

// killKafka kills the broker while records are loaded.
func killKafka(r *rig, kafka *kafkatest.Server) {
	r.produce(20_000)
	r.during(r.deps(), func() {
		r.until("some rows are in", func() bool { return r.rows() > 0 })
		kafka.Kill()
		kafka.Restart()
		r.produce(2000)
	})
	r.complete()
}

// shareKafka lets two members of a group share the partitions, one
// of them die, and a third join.
func shareKafka(r *rig) {
	t := r.t
	r.produce(5000)
	d := r.deps()
	d.Sharing = r.client.Group("hengjian-test", nil)
	first := r.start(quick(), d)
	r.until("the first has loaded all", func() bool { return r.rows() == r.sent })
	owners := func() (n uint64) {
		if err := r.db.QueryRow(t.Context(), "SELECT uniqExact(owner) FROM (SELECT owner FROM epoch ORDER BY epoch DESC, owner DESC LIMIT 1 BY stream)").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	second := r.child(orders{Group: "hengjian-test", Config: quick()})
	r.until("both own partitions", func() bool { return owners() == 2 })
	r.produce(5000)
	r.until("both have loaded", func() bool { return r.rows() == r.sent })
	if all, err := first.Status(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("the first shows %d streams, %v; want the 2 that are its own", len(all), err)
	}
	second.Process.Signal(syscall.SIGKILL)
	second.Wait()
	r.produce(2000)
	r.until("the first has taken over", func() bool { return r.rows() == r.sent && owners() == 1 })
	third := r.child(orders{Group: "hengjian-test", Config: quick()})
	r.until("both own partitions", func() bool { return owners() == 2 })
	if err := first.end(); err != nil {
		t.Fatal(err)
	}
	r.produce(2000)
	r.until("the third has taken over", func() bool { return r.rows() == r.sent && owners() == 1 })
	third.Process.Kill()
	third.Wait()
	r.verify()
}

// refuseKafka signs in with a wrong password, and without the authority.
func refuseKafka(t *testing.T, right broker.Remote) {
	remote := right
	remote.Password, remote.Timeout = "wrong", 5*time.Second
	if _, err := broker.Dial(t.Context(), remote); err == nil || !strings.Contains(err.Error(), "sign-in") {
		t.Errorf("a wrong password: %v", err)
	}
	remote = right
	remote.CAFile, remote.Timeout = "", 5*time.Second
	if _, err := broker.Dial(t.Context(), remote); err == nil || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("a certificate of an unknown authority: %v", err)
	}
}
