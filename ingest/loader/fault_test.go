package loader_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"hengjian/ingest/broker"
	"hengjian/ingest/loader"
	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
)

// TestDroppedRecordsAreAGap lets Kafka drop records before they are loaded.
func TestDroppedRecordsAreAGap(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(4000)
	dropBefore(t, r.broker.Addrs(), 2, 300)
	l := r.start(quick(), r.deps())
	r.until("the rest is in the log", func() bool { return r.rows() == r.sent-300 })
	all, err := l.Status(t.Context())
	if err != nil || !strings.Contains(all[0].Alarm, "0 to 299") {
		t.Errorf("status %+v, %v", all, err)
	}
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.wantGap(2, 0, 299)

	config := quick()
	config.StopAtGap = true
	dropBefore(t, r.broker.Addrs(), 1, 1000)
	r.produce(400)
	if err := r.db.Exec(t.Context(), "TRUNCATE TABLE "+table); err != nil {
		t.Fatal(err)
	}
	if err := r.start(config, r.deps()).wait(); warehouse.CodeOf(err) != warehouse.Conflict {
		t.Errorf("stop_at_gap: Run said %v", err)
	}
}

// skipping is the real Kafka with one record hidden.
type skipping struct {
	*broker.Client
	partition int
	offset    uint64
}

func (s skipping) Fetch(ctx context.Context, topic string, partition int, from uint64, maxBytes int64, wait time.Duration) (broker.Fetched, error) {
	f, err := s.Client.Fetch(ctx, topic, partition, from, maxBytes, wait)
	kept := f.Records[:0]
	for _, r := range f.Records {
		if partition != s.partition || r.Offset != s.offset {
			kept = append(kept, r)
		}
	}
	f.Records = kept
	return f, err
}

func TestSkippedOffsetIsDeclaredOnce(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(4000)
	d, stopped := r.deps(), errors.New("stopped on purpose")
	d.Broker = skipping{r.client, 1, 450}
	d.Hooks.Reach = func(p loader.Point, b loader.Batch) error {
		if p == loader.Decoded && b.Rows > 0 && r.gaps() > 0 {
			return stopped
		}
		return nil
	}
	if err := r.start(quick(), d).wait(); !errors.Is(err, stopped) {
		t.Fatal(err)
	}
	d.Hooks = loader.Hooks{}
	l := r.start(quick(), d)
	r.until("all others are in the log", func() bool { return r.rows() == r.sent-1 })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.wantGap(1, 450, 450)
	audits, err := loader.ReadAudit(t.Context(), r.db, table)
	if err != nil || len(audits) != 4 {
		t.Fatal(audits, err)
	}
	for _, a := range audits {
		if !a.Whole() {
			t.Errorf("audit %+v", a)
		}
	}
}

// overtaken is the real Kafka after whose first look at the bounds something happens.
type overtaken struct {
	*broker.Client
	once    *sync.Once
	happens func()
}

func (o overtaken) Bounds(ctx context.Context, topic string) ([]broker.Bound, error) {
	bounds, err := o.Client.Bounds(ctx, topic)
	o.once.Do(o.happens)
	return bounds, err
}

// An owner that is overtaken between its look at Kafka and its look at the log
// sees a log longer than the Kafka it remembers; that is no topic made anew.
func TestOvertakenFenceIsNoNewTopic(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(400)
	d := r.deps()
	d.Broker = overtaken{r.client, &sync.Once{}, func() {
		r.produce(600)
		first := r.start(quick(), r.deps())
		r.until("another owner has loaded what came meanwhile", func() bool { return r.rows() == r.sent })
		if err := first.end(); err != nil {
			t.Error(err)
		}
	}}
	second := r.start(quick(), d)
	r.until("the second owner has begun", func() bool { return r.rows() == 1000 })
	r.produce(200)
	r.until("the second owner has loaded the rest", func() bool { return r.rows() == r.sent })
	if err := second.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
}

func (r *rig) gaps() (n uint64) {
	if err := r.db.QueryRow(context.Background(), "SELECT count() FROM gap").Scan(&n); err != nil {
		r.t.Error(err)
	}
	return n
}

func (r *rig) wantGap(partition int, first, last uint64) {
	r.t.Helper()
	var stream string
	var f, l uint64
	if n := r.gaps(); n != 1 {
		r.t.Fatalf("%d gaps declared", n)
	}
	if err := r.db.QueryRow(r.t.Context(), "SELECT stream, first, last FROM gap").Scan(&stream, &f, &l); err != nil {
		r.t.Fatal(err)
	}
	if want := loader.StreamName(r.client.ClusterID(), topic, 1, partition); stream != want || f != first || l != last {
		r.t.Fatalf("gap %s %d to %d", stream, f, l)
	}
}

func dropBefore(t *testing.T, brokers []string, partition int32, offset int64) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	request := kmsg.NewPtrDeleteRecordsRequest()
	one, p := kmsg.NewDeleteRecordsRequestTopic(), kmsg.NewDeleteRecordsRequestTopicPartition()
	p.Partition, p.Offset = partition, offset
	one.Topic, one.Partitions = topic, append(one.Partitions, p)
	request.Topics, request.TimeoutMillis = append(request.Topics, one), 5000
	if _, err := request.RequestWith(t.Context(), client); err != nil {
		t.Fatal(err)
	}
}

// TestKafkaShorterThanTheLogStops is a topic made anew under its old name.
func TestKafkaShorterThanTheLogStops(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(400)
	stream := loader.StreamName(r.client.ClusterID(), topic, 1, 3)
	if err := r.db.Exec(t.Context(), fmt.Sprintf("INSERT INTO %s (stream, offset) VALUES ('%s', 5000)", table, stream)); err != nil {
		t.Fatal(err)
	}
	err := r.start(quick(), r.deps()).wait()
	if warehouse.CodeOf(err) != warehouse.Conflict || !strings.Contains(err.Error(), "kafka.incarnation") {
		t.Fatalf("Run said %v", err)
	}
	config := quick()
	config.Incarnation = 2
	l := r.start(config, r.deps())
	r.until("the new incarnation is loaded", func() bool { return r.rows() == r.sent+1 })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
}

// TestDeletedRowsComeAgain deletes rows, which leaves their tokens in the table's window.
func TestDeletedRowsComeAgain(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(4000)
	l := r.start(quick(), r.deps())
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	if err := r.db.Exec(t.Context(), "ALTER TABLE "+table+" DELETE WHERE offset >= 500 SETTINGS mutations_sync = 2"); err != nil {
		t.Fatal(err)
	}
	if n := r.rows(); n != 2000 {
		t.Fatalf("%d rows left", n)
	}
	r.complete()
}

func TestMissingColumnStopsWithASentence(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(100)
	if err := r.db.Exec(t.Context(), "ALTER TABLE "+table+" DROP COLUMN sealed"); err != nil {
		t.Fatal(err)
	}
	err := r.start(quick(), r.deps()).wait()
	var e *warehouse.Error
	if !errors.As(err, &e) || e.Code != warehouse.Invalid || !strings.Contains(e.Message, table) || !strings.Contains(e.Message, "hengjian check") {
		t.Fatalf("Run said %v", err)
	}
}

// TestRefusedByTheTableIsFoundByCutting breaks table and contract apart for one record.
func TestRefusedByTheTableIsFoundByCutting(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(2000)
	if err := r.db.Exec(t.Context(), "ALTER TABLE "+table+" ADD CONSTRAINT odd CHECK NOT (offset = 77 AND endsWith(stream, '/2'))"); err != nil {
		t.Fatal(err)
	}
	err := r.start(quick(), r.deps()).wait()
	if err == nil || !strings.Contains(err.Error(), "offset 77") || !strings.Contains(err.Error(), "/1/2 ") {
		t.Fatalf("Run said %v", err)
	}
	if err := r.db.Exec(t.Context(), "ALTER TABLE "+table+" DROP CONSTRAINT odd"); err != nil {
		t.Fatal(err)
	}
	r.complete()
}

// TestTooManyPartsIsWaitedOut makes the table refuse every INSERT for a while.
func TestTooManyPartsIsWaitedOut(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(1000)
	d, figures := r.deps(), prometheus.NewRegistry()
	d.Registerer = figures
	for _, sql := range []string{"SYSTEM STOP MERGES " + table, "ALTER TABLE " + table + " MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1"} {
		if err := r.db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	l := r.start(quick(), d)
	r.until("the first rows are in the log", func() bool { return r.rows() > 0 })
	r.produce(1000)
	r.until("the alarm says that nothing is taken", func() bool {
		all, _ := l.Status(t.Context())
		return strings.Contains(all[0].Alarm, "takes no rows") && figure(t, figures, "hengjian_loader_failures_total") > 6
	})
	if err := r.db.Exec(t.Context(), "ALTER TABLE "+table+" MODIFY SETTING parts_to_delay_insert = 1000, parts_to_throw_insert = 3000"); err != nil {
		t.Fatal(err)
	}
	r.until("all rows are in the log and the alarm is over", func() bool {
		all, _ := l.Status(t.Context())
		return r.rows() == r.sent && all[0].Alarm == ""
	})
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	r.verify()
}

// faltering fails a few times without adding a row, as a vault that is down does.
type faltering struct {
	plainDecoder
	failures *atomic.Int64
}

func (f faltering) Append(ctx context.Context, b loader.Block, at loader.Coordinates, key, value []byte, headers []loader.Header) error {
	if at.Offset == 50 && f.failures.Add(-1) >= 0 {
		return errors.New("the vault is down")
	}
	return f.plainDecoder.Append(ctx, b, at, key, value, headers)
}

func (f faltering) Fork() loader.Decoder { return f }

func TestVaultThatIsDownIsWaitedFor(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(1000)
	d, failures := r.deps(), new(atomic.Int64)
	failures.Store(5)
	d.Topics[0].Decoder = faltering{failures: failures}
	l := r.start(quick(), d)
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil || failures.Load() >= 0 {
		t.Fatal(failures.Load(), err)
	}
	r.verify()
}

// TestStopAnswersTheBlockInFlight stops in the middle and compares what the
// loader says with what the log holds.
func TestStopAnswersTheBlockInFlight(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(8000)
	d, figures, sending := r.deps(), prometheus.NewRegistry(), make(chan struct{}, 100)
	d.Registerer = figures
	d.Hooks.Reach = func(p loader.Point, _ loader.Batch) error {
		if p == loader.Sending {
			sending <- struct{}{}
		}
		return nil
	}
	l := r.start(quick(), d)
	<-sending
	<-sending
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
	if rows, said := r.rows(), figure(t, figures, "hengjian_loader_rows_total"); rows == 0 || rows == r.sent || float64(rows) != said {
		t.Fatalf("%d rows in the log, the loader says %v", rows, said)
	}
	r.complete()
}

// TestOthersWaitForTheGate loads the first topic, then asks the gate.
func TestOthersWaitForTheGate(t *testing.T) {
	r := newRig(t, enginetest.Start(t))
	r.produce(1000)
	if err := r.db.Exec(t.Context(), "CREATE TABLE log_first AS "+table); err != nil {
		t.Fatal(err)
	}
	if err := r.client.CreateTopics(t.Context(), []string{"hj.first"}, 1); err != nil {
		t.Fatal(err)
	}
	d, asked, open := r.deps(), make(chan struct{}), make(chan struct{})
	d.Topics = append(d.Topics, loader.Topic{Name: "hj.first", RecordType: "first", Table: "log_first", First: true, Decoder: plainDecoder{}})
	d.Gate = func(ctx context.Context) error {
		close(asked)
		<-open
		return ctx.Err()
	}
	l := r.start(quick(), d)
	<-asked
	all, err := l.Status(t.Context())
	var lag uint64
	for _, s := range all {
		lag += s.Lag
	}
	if err != nil || len(all) != 5 || all[0].State != loader.StateWaiting || lag != r.sent || r.rows() != 0 {
		t.Fatalf("before the gate opens: %+v, %v", all, err)
	}
	close(open)
	r.until("all rows are in the log", func() bool { return r.rows() == r.sent })
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
}
