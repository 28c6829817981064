package loader_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/segmentio/kafka-go"
	"golang.org/x/sys/unix"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/brokertest"
	"hengjian/ingest/loader"
	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

// childVariable carries the orders of a loader that runs as a child of the test.
const childVariable = "HENGJIAN_TEST_LOADER"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		os.Exit(childMain(text))
	}
	enginetest.Main(m)
}

const topic, table = "hj.record", "log_record"

// rig is one engine database with one topic.
type rig struct {
	t      testing.TB
	server *enginetest.Server
	broker *brokertest.Broker // nil where the broker is not embedded
	remote broker.Remote
	client *broker.Client
	base   string
	db     *warehouse.DB
	sent   uint64

	engineDir string // of an engine whose configuration the test may change
}

// newRig makes the tables and a topic of four partitions on its own broker.
func newRig(t testing.TB, server *enginetest.Server) *rig {
	t.Helper()
	b := brokertest.Start(t)
	r := newRigOn(t, server, broker.Remote{Brokers: b.Addrs()})
	r.broker = b
	return r
}

// newRigOn makes the tables and the topic on a given broker.
func newRigOn(t testing.TB, server *enginetest.Server, remote broker.Remote) *rig {
	t.Helper()
	r := &rig{t: t, server: server, remote: remote, base: server.Database(t)}
	var err error
	if r.client, err = broker.Dial(t.Context(), remote); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.client.Close)
	r.db = warehouse.Wrap(server.Conn(t, r.base), r.base)
	if err := migrations.Apply(t.Context(), r.db); err != nil {
		t.Fatal(err)
	}
	if err := r.db.Exec(t.Context(), "CREATE TABLE "+table+` (stream LowCardinality(String), offset UInt64, batch String, landed DateTime64(3, 'Asia/Shanghai'),
		status Enum8('accepted' = 1, 'refused' = 2), reason LowCardinality(String), digest FixedString(32), sealed String)
		ENGINE = MergeTree ORDER BY (stream, offset) SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1`); err != nil {
		t.Fatal(err)
	}
	if err := r.client.CreateTopics(t.Context(), []string{topic}, 4); err != nil {
		t.Fatal(err)
	}
	return r
}

// produce writes n records; one in a hundred is not JSON.
func (r *rig) produce(n int) {
	r.t.Helper()
	w := r.client.Writer()
	w.BatchTimeout, w.Balancer = 5*time.Millisecond, &kafka.RoundRobin{}
	defer w.Close()
	messages := make([]kafka.Message, n)
	for i := range messages {
		number := r.sent + uint64(i)
		value := fmt.Sprintf(`{"message_id":"%d","filler":"%s"}`, number, strings.Repeat("衡", int(number%90)))
		if number%100 == 7 {
			value = fmt.Sprintf(`broken %d`, number)
		}
		messages[i] = kafka.Message{Topic: topic, Key: fmt.Append(nil, number), Value: []byte(value)}
	}
	if err := w.WriteMessages(r.t.Context(), messages...); err != nil {
		r.t.Fatalf("produce: %v", err)
	}
	r.sent += uint64(n)
}

// quick are settings with small blocks and short waits.
func quick() loader.Config {
	return loader.Config{
		MaxRows: 1500, Linger: 30 * time.Millisecond, FetchBytes: 64 << 10, FetchWait: 300 * time.Millisecond,
		PauseMin: 20 * time.Millisecond, PauseMax: 300 * time.Millisecond, Patience: time.Minute, StandbyPoll: 100 * time.Millisecond, ControlPoll: 50 * time.Millisecond,
	}
}

func (r *rig) deps() loader.Deps {
	return loader.Deps{DB: r.db, DSN: r.server.DSN("owner", r.base), Broker: r.client, Topics: []loader.Topic{recordTopic()}}
}

func recordTopic() loader.Topic {
	return loader.Topic{Name: topic, RecordType: "record", Table: table, Decoder: plainDecoder{}}
}

// running is a loader in this process.
type running struct {
	*loader.Loader
	rig  *rig
	stop context.CancelFunc
	done chan error
}

// start runs a loader until stopped or the test ends.
func (r *rig) start(c loader.Config, d loader.Deps) *running {
	r.t.Helper()
	l, err := loader.New(c, d)
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := &running{Loader: l, rig: r, stop: cancel, done: make(chan error, 1)}
	go func() { run.done <- l.Run(ctx) }()
	r.t.Cleanup(func() { cancel() })
	return run
}

// end stops the loader and returns what Run said.
func (l *running) end() error {
	l.rig.t.Helper()
	l.stop()
	return l.wait()
}

// wait returns what Run said.
func (l *running) wait() error {
	l.rig.t.Helper()
	select {
	case err := <-l.done:
		return err
	case <-time.After(time.Minute):
		l.rig.t.Fatal("the loader does not end")
		return nil
	}
}

// rows counts the log; an engine that is down counts as no rows.
func (r *rig) rows() uint64 {
	var n uint64
	if err := r.db.QueryRow(context.Background(), "SELECT count() FROM "+table).Scan(&n); err != nil {
		return 0
	}
	return n
}

// until polls a condition.
func (r *rig) until(what string, holds func() bool) {
	r.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(90 * time.Second); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain until %s (%d of %d rows)", what, r.rows(), r.sent)
		}
	}
}

// complete loads the rest with a new owner and checks everything.
func (r *rig) complete() {
	r.t.Helper()
	l := r.start(quick(), r.deps())
	r.until("all rows are in the log", func() bool { return r.rows() >= r.sent })
	if err := l.end(); err != nil {
		r.t.Fatalf("the second owner: %v", err)
	}
	r.verify()
}

// verify compares the log with Kafka, record by record, and runs the audit.
func (r *rig) verify() {
	r.t.Helper()
	audits, err := loader.ReadAudit(r.t.Context(), r.db, table)
	if err != nil {
		r.t.Fatal(err)
	}
	var rows uint64
	for _, a := range audits {
		if rows += a.Rows; !a.Whole() || a.First != 0 {
			r.t.Errorf("audit: %+v", a)
		}
	}
	if rows != r.sent {
		r.t.Errorf("%d rows for %d records", rows, r.sent)
	}
	type place struct {
		stream string
		offset uint64
	}
	want := map[place][32]byte{}
	bounds, err := r.client.Bounds(r.t.Context(), topic)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, b := range bounds {
		for from := b.First; from < b.Next; {
			f, err := r.client.Fetch(r.t.Context(), topic, b.Partition, from, 1<<20, time.Second)
			if err != nil || len(f.Records) == 0 {
				r.t.Fatalf("read Kafka again: %d records, %v", len(f.Records), err)
			}
			for _, one := range f.Records {
				want[place{loader.StreamName(r.client.ClusterID(), topic, 1, b.Partition), one.Offset}] = sha256.Sum256(one.Value)
				from = one.Offset + 1
			}
		}
	}
	found, err := r.db.Query(r.t.Context(), "SELECT stream, offset, digest, status = 'refused', startsWith(sealed, 'broken') FROM "+table)
	if err != nil {
		r.t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var at place
		var digest string
		var refused, broken uint8
		if err := found.Scan(&at.stream, &at.offset, &digest, &refused, &broken); err != nil {
			r.t.Fatal(err)
		}
		if sum, ok := want[at]; !ok || digest != string(sum[:]) || refused != broken {
			r.t.Fatalf("%v: in Kafka %v, digest equal %v, refused %d, broken %d", at, ok, digest == string(sum[:]), refused, broken)
		}
		delete(want, at)
	}
	if len(want) > 0 {
		r.t.Errorf("%d records of Kafka are not in the log", len(want))
	}
}

// orders tell a loader child what to do.
type orders struct {
	DSN    string
	Remote broker.Remote
	Group  string // shares the partitions; empty = all are its own
	Point  loader.Point
	Batch  int // at which passage of the point; 0 = never
	Signal syscall.Signal
	Config loader.Config
}

// child starts a loader in a process of its own.
func (r *rig) child(o orders) *exec.Cmd {
	r.t.Helper()
	return r.childAt(r.server.DSN("owner", r.base), o)
}

// childAt starts a loader that reaches the engine at an address of its own.
func (r *rig) childAt(dsn string, o orders) *exec.Cmd {
	r.t.Helper()
	o.DSN, o.Remote = dsn, r.remote
	text, err := json.Marshal(o)
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { cmd.Process.Kill() })
	return cmd
}

func childMain(text string) int {
	var o orders
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = runChild(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "loader child:", err)
		return 1
	}
	return 0
}

func runChild(o orders) error {
	address, err := url.Parse(o.DSN)
	if err != nil {
		return err
	}
	db, err := warehouse.Open(context.Background(), o.DSN, 4)
	if err != nil {
		return err
	}
	client, err := broker.Dial(context.Background(), o.Remote)
	if err != nil {
		return err
	}
	passed := 0
	hooks := loader.Hooks{Reach: func(p loader.Point, _ loader.Batch) error {
		if p == o.Point {
			if passed++; passed == o.Batch {
				return raise(o.Signal)
			}
		}
		return nil
	}}
	var sharing loader.Sharing
	if o.Group != "" {
		sharing = client.Group(o.Group, nil)
	}
	l, err := loader.New(o.Config, loader.Deps{
		Sharing: sharing, DB: warehouse.Wrap(db.Conn(), strings.TrimPrefix(address.Path, "/")), DSN: o.DSN, Broker: client, Topics: []loader.Topic{recordTopic()}, Hooks: hooks,
	})
	if err != nil {
		return err
	}
	return l.Run(context.Background())
}

// raise sends a signal to this very thread: it stops before the hook returns.
func raise(signal syscall.Signal) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return unix.Tgkill(unix.Getpid(), unix.Gettid(), signal)
}

// plainDecoder keeps what the loader needs of a decoder: one row per record, in clear.
type plainDecoder struct{}

type plainBlock struct {
	stream, reason        *proto.ColLowCardinality[string]
	offset                proto.ColUInt64
	batch, sealed, status proto.ColStr
	landed                *proto.ColDateTime64
	digest                proto.ColFixedStr
	bytes                 int
}

func (plainDecoder) NewBlock() loader.Block {
	b := &plainBlock{
		stream: new(proto.ColStr).LowCardinality(), reason: new(proto.ColStr).LowCardinality(),
		landed: new(proto.ColDateTime64).WithPrecision(proto.PrecisionMilli), digest: proto.ColFixedStr{Size: 32},
	}
	return b
}

func (plainDecoder) Append(_ context.Context, to loader.Block, at loader.Coordinates, _, value []byte, _ []loader.Header) error {
	b := to.(*plainBlock)
	status, reason := "accepted", ""
	if !json.Valid(value) {
		status, reason = "refused", "not_json"
	}
	sum := sha256.Sum256(value)
	b.stream.Append(at.Stream)
	b.offset.Append(at.Offset)
	b.batch.Append(at.Batch)
	b.landed.Append(at.Landed)
	b.status.Append(status)
	b.reason.Append(reason)
	b.digest.Append(sum[:])
	b.sealed.AppendBytes(value)
	b.bytes += len(value) + 100
	return nil
}

func (b *plainBlock) Input() proto.Input {
	return proto.Input{
		{Name: "stream", Data: b.stream},
		{Name: "offset", Data: b.offset},
		{Name: "batch", Data: b.batch},
		{Name: "landed", Data: b.landed},
		{Name: "status", Data: b.status},
		{Name: "reason", Data: b.reason},
		{Name: "digest", Data: b.digest},
		{Name: "sealed", Data: b.sealed},
	}
}

func (b *plainBlock) Rows() int  { return b.offset.Rows() }
func (b *plainBlock) Bytes() int { return b.bytes }

func (b *plainBlock) Refusals(each func(reason string, rows int)) {
	n := 0
	for i := range b.reason.Rows() {
		if b.reason.Row(i) != "" {
			n++
		}
	}
	each("not_json", n)
}

func (b *plainBlock) Reset() {
	for _, c := range []proto.Resettable{b.stream, b.reason, &b.offset, &b.batch, b.landed, &b.status, &b.digest, &b.sealed} {
		c.Reset()
	}
	b.bytes = 0
}

func (plainDecoder) Grow(loader.Block, int, int) {}

func (plainDecoder) Fork() loader.Decoder { return plainDecoder{} }

// Join copies the rows of all blocks into one.
func (d plainDecoder) Join(blocks []loader.Block) (proto.Input, error) {
	all := d.NewBlock().(*plainBlock)
	for _, one := range blocks {
		b := one.(*plainBlock)
		for i := range b.Rows() {
			all.stream.Append(b.stream.Row(i))
			all.offset.Append(b.offset.Row(i))
			all.batch.Append(b.batch.Row(i))
			all.landed.Append(b.landed.Row(i))
			all.status.Append(b.status.Row(i))
			all.reason.Append(b.reason.Row(i))
			all.digest.Append(b.digest.Row(i))
			all.sealed.Append(b.sealed.Row(i))
		}
	}
	return all.Input(), nil
}
