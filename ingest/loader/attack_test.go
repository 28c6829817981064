package loader_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"

	"hengjian/ingest/loader"
	"hengjian/warehouse/engine/enginetest"
)

func TestKillAtEveryPoint(t *testing.T) {
	for _, p := range []loader.Point{loader.Decoded, loader.Sending, loader.Unanswered, loader.Answered} {
		t.Run(pointNames[p], func(t *testing.T) {
			r := newRig(t, enginetest.Start(t))
			r.produce(8000)
			c := r.child(orders{Point: p, Batch: 3, Signal: syscall.SIGKILL, Config: quick()})
			if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the child ended with %v", err)
			}
			if n := r.rows(); n == 0 || n == r.sent {
				t.Fatalf("%d rows at the kill: nothing to prove", n)
			}
			r.complete()
		})
	}
}

func TestKillLoaderAtRandomMoments(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(20_000)
	for i := range 4 {
		before := r.rows()
		c := r.child(orders{Config: quick()})
		r.until("the child has loaded something", func() bool { return r.rows() > before })
		timer := time.NewTimer(time.Duration(rand.IntN(30)) * time.Millisecond)
		<-timer.C
		c.Process.Kill()
		c.Wait()
		t.Logf("kill %d after %d rows", i, r.rows())
	}
	r.produce(2000)
	r.complete()
}

func TestKillEngineDuringLoad(t *testing.T) {
	r := newRig(t, enginetest.Fresh(t))
	r.produce(24_000)
	l := r.start(quick(), r.deps())
	for i := range 3 {
		r.until("some rows are in", func() bool { return r.rows() > uint64(i)*6000+1000 })
		generation := r.server.Engine().Generation()
		r.server.Engine().Kill()
		r.until("the engine is back", func() bool { return r.server.Engine().Generation() > generation })
	}
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
}

// TestStoppedOwnerWakes stops the owner at the worst moments: before it sends,
// and after it has checked its epoch. Another takes over, then the first wakes.
func TestStoppedOwnerWakes(t *testing.T) {
	for _, p := range []loader.Point{loader.Decoded, loader.Sending, loader.Unanswered} {
		t.Run(pointNames[p], func(t *testing.T) {
			r := newRig(t, enginetest.Start(t))
			r.produce(12_000)
			config := quick()
			config.ReceiveTimeout = 60 // the server would end a silent INSERT by itself too soon
			c := r.child(orders{Point: p, Batch: 3, Signal: syscall.SIGSTOP, Config: config})
			r.until("the owner has stopped", func() bool { return stopped(t, c.Process.Pid) })
			l := r.start(quick(), r.deps())
			r.until("the second owner has begun", func() bool { return r.rows() > 7000 })
			if err := c.Process.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			r.produce(2000)
			r.until("all rows are in the log", func() bool { return r.rows() >= r.sent })
			r.until("the second owner stays the owner", func() bool {
				all, _ := l.Status(t.Context())
				return len(all) == 4 && all[0].State == loader.StateLoading && all[0].Lag == 0
			})
			if err := l.end(); err != nil {
				t.Fatal(err)
			}
			c.Process.Kill()
			c.Wait()
			r.verify()
		})
	}
}

// TestStandbyTakesOver lets the owner die silently: the standby must go on by itself.
func TestStandbyTakesOver(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(3000)
	config := quick()
	config.Patience = time.Second
	first := r.start(config, r.deps())
	r.until("the first owner has loaded", func() bool { return r.rows() == r.sent })
	owner := r.child(orders{Config: quick()})
	r.until("the child has taken the epoch", func() bool {
		var owners uint64
		err := r.db.QueryRow(t.Context(), "SELECT uniqExact(owner) FROM epoch").Scan(&owners)
		return err == nil && owners == 2
	})
	r.produce(1000)
	r.until("the first owner stands by", func() bool {
		all, _ := first.Status(t.Context())
		return all[0].State == loader.StateStandby
	})
	r.until("the child has loaded", func() bool { return r.rows() == r.sent })
	owner.Process.Kill()
	owner.Wait()
	r.produce(1000)
	r.until("the standby has taken over", func() bool { return r.rows() == r.sent })
	if err := first.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
}

func TestLostAnswerIsCountedAsKnown(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(10_000)
	d := r.deps()
	p, dsn := newProxy(t, d.DSN)
	figures := prometheus.NewRegistry()
	d.DSN, d.Registerer = dsn, figures
	p.left.Store(2)
	p.swallow.Store(100_000)
	l := r.start(quick(), d)
	r.until("all rows are in the log", func() bool { return r.rows() >= r.sent })
	p.left.Store(1)
	r.produce(4000)
	r.until("all rows are in the log", func() bool { return r.rows() >= r.sent })
	r.until("the loader knows it", func() bool {
		all, _ := l.Status(t.Context())
		var position uint64
		for _, s := range all {
			position += s.Position
		}
		return position == r.sent
	})
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
	if known := figure(t, figures, "hengjian_loader_duplicate_blocks_total"); known == 0 || known > float64(p.broken.Load()) {
		t.Errorf("%d answers lost, %v blocks counted as known", p.broken.Load(), known)
	}
	if rows := figure(t, figures, "hengjian_loader_rows_total"); rows != float64(r.sent) {
		t.Errorf("%v rows counted, %d sent", rows, r.sent)
	}
}

func TestCutBlockLeavesNoPart(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(10_000)
	d := r.deps()
	p, dsn := newProxy(t, d.DSN)
	d.DSN = dsn
	p.left.Store(8)
	p.cut.Store(1)
	l := r.start(quick(), d)
	r.until("all rows are in the log", func() bool {
		p.cut.Store(rand.Int64N(300_000) + 1)
		return r.rows() >= r.sent
	})
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	if p.broken.Load() < 5 {
		t.Errorf("only %d cuts", p.broken.Load())
	}
	r.verify()
}

// TestSilentInsertCannotCommit registers an INSERT of an earlier owner that has
// sent part of its block and falls silent; after the fence it may say what it
// likes.
func TestSilentInsertCannotCommit(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(4000)
	first := r.start(quick(), r.deps())
	r.until("the first owner has loaded", func() bool { return r.rows() == r.sent })
	if err := first.end(); err != nil {
		t.Fatal(err)
	}
	var id string
	hash := loader.StreamHash(r.base, loader.StreamName(r.client.ClusterID(), topic, 1, 0))
	id = fmt.Sprintf("ing/%s/%s/1/early/1", topic, hash)
	registered, resume, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { ended <- silentInsert(r, id, registered, resume) }()
	<-registered
	r.produce(1000)
	second := r.start(quick(), r.deps())
	r.until("the second owner has loaded", func() bool { return r.rows() == r.sent })
	close(resume)
	if err := <-ended; err == nil {
		t.Error("the INSERT from before the fence was answered ok")
	}
	if err := second.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
}

// silentInsert registers an INSERT of 500 rows far behind the position, waits, then sends.
func silentInsert(r *rig, id string, registered, resume chan struct{}) error {
	address, err := url.Parse(r.server.DSN("owner", r.base))
	if err != nil {
		return err
	}
	password, _ := address.User.Password()
	conn, err := ch.Dial(context.Background(), ch.Options{Address: address.Host, Database: r.base, User: "owner", Password: password})
	if err != nil {
		return err
	}
	defer conn.Close()
	offsets, called := new(proto.ColUInt64), false
	return conn.Do(context.Background(), ch.Query{
		Body: "INSERT INTO " + table + " (offset) VALUES", QueryID: id, Input: proto.Input{{Name: "offset", Data: offsets}},
		OnInput: func(context.Context) error {
			if called {
				offsets.Reset()
				return io.EOF
			}
			called = true
			close(registered)
			<-resume
			for i := range 500 {
				offsets.Append(uint64(1_000_000 + i))
			}
			return nil
		},
	})
}

// TestGroupOffsetsAreIgnored commits nonsense for a group of that name.
func TestGroupOffsetsAreIgnored(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(3000)
	l := r.start(quick(), r.deps())
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	commit(t, r.broker.Addrs(), 0)
	r.produce(500)
	l = r.start(quick(), r.deps())
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	commit(t, r.broker.Addrs(), 1_000_000)
	r.produce(500)
	r.complete()
}

// commit writes the same group offset for every partition.
func commit(t *testing.T, brokers []string, offset int64) {
	t.Helper()
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{ID: "hengjian", Brokers: brokers, Topics: []string{topic}})
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	generation, err := group.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := generation.CommitOffsets(map[string]map[int]int64{topic: {0: offset, 1: offset, 2: offset, 3: offset}}); err != nil {
		t.Fatal(err)
	}
}

func figure(t *testing.T, figures *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := figures.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.GetMetric() {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}
