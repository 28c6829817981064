package loader_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hengjian/ingest/broker"
	"hengjian/ingest/broker/brokertest"
	"hengjian/ingest/loader"
	"hengjian/warehouse/engine"
	"hengjian/warehouse/engine/enginetest"
)

// Flags of the random runs; a run is repeated with -faults.seed N -faults.runs 1.
var (
	faultRuns = flag.Int("faults.runs", faultRunsByDefault, "random fault runs")
	faultSeed = flag.Uint64("faults.seed", 0, "seed of the first run; 0 draws one")
	faultJSON = flag.String("faults.json", "", "write what was done to this file")
)

// fault is one way to break things while an owner loads; it returns once the
// fault has happened. Numbers are those of the list of fault points that loaders
// are known to fail at.
type fault struct {
	name string
	act  func(r *rig, rnd *rand.Rand)
}

// faults are all ways. Gaps, recreated topics, refused values and misfit tables
// end or mark a load instead of being survived: they have tests of their own.
func faults() []fault {
	all := []fault{
		{"loader killed at a random moment", killSomewhen},
		{"engine killed during inserts", killEngine},
		{"connection cut after k bytes", cutSomewhere},
		{"answer lost", loseAnswers},
		{"answer lost, then loader killed", loseAnswerAndDie},
		{"owner stopped, another takes over, the first wakes", wakeZombie},
		{"storm of owners", stormOfOwners},
		{"too many parts", func(r *rig, rnd *rand.Rand) {
			r.refuseFor(rnd, "parts_to_delay_insert = 1, parts_to_throw_insert = 1", "parts_to_delay_insert = 1000, parts_to_throw_insert = 3000")
		}},
		{"table read-only", func(r *rig, rnd *rand.Rand) { r.refuseFor(rnd, "table_readonly = 1", "table_readonly = 0") }},
		{"disk full", func(r *rig, rnd *rand.Rand) {
			// The engine's own refusal for want of space, at a threshold that no disk meets.
			r.refuseFor(rnd, "min_free_disk_bytes_to_perform_insert = 1000000000000000", "min_free_disk_bytes_to_perform_insert = 0")
		}},
		{"memory limit", limitMemory},
		{"partitions added during a load", addPartitions},
		{"broker restarted", restartBroker},
		{"group offsets moved", func(r *rig, rnd *rand.Rand) { commit(r.t.(*testing.T), r.broker.Addrs(), int64(rnd.IntN(2))*1_000_000) }},
		{"tokens forgotten", forgetTokens},
		{"clock jumps", jumpClock},
	}
	for p, name := range pointNames {
		all = append(all, fault{"loader killed at " + name, func(r *rig, rnd *rand.Rand) { r.killAt(loader.Point(p), rnd) }})
	}
	return all
}

// TestRandomFaults breaks loaders, engine, broker and network in random order
// and number and lets a last owner finish. Then every record of Kafka must be in
// the log once, with the digest of what was written.
func TestRandomFaults(t *testing.T) {
	seed := *faultSeed
	if seed == 0 {
		seed = rand.Uint64N(1 << 40)
	}
	dir := t.TempDir()
	server := enginetest.Fresh(t, func(c *engine.Config) { c.Dir = dir })
	done := record{Runs: *faultRuns, FirstSeed: seed, Faults: map[string]int{}}
	for i := range *faultRuns {
		passed := t.Run(fmt.Sprintf("seed=%d", seed+uint64(i)), func(t *testing.T) {
			done.add(randomRun(t, server, dir, seed+uint64(i)))
		})
		if !passed {
			done.Failed++
		}
	}
	t.Logf("%d runs from seed %d: %d records, %d faults, %d failed", done.Runs, seed, done.Records, done.total(), done.Failed)
	if *faultJSON == "" {
		return
	}
	text, err := json.MarshalIndent(done, "", "  ")
	must(t, err)
	must(t, os.WriteFile(*faultJSON, append(text, '\n'), 0o644))
}

// record says what was done and found.
type record struct {
	Runs      int            `json:"runs"`
	FirstSeed uint64         `json:"first_seed"`
	Records   uint64         `json:"records"`
	Failed    int            `json:"failed"`
	Lost      int            `json:"lost"`
	Doubled   int            `json:"doubled"`
	Faults    map[string]int `json:"faults"`
}

func (d *record) add(records uint64, names []string) {
	d.Records += records
	for _, n := range names {
		d.Faults[n]++
	}
}

func (d *record) total() (n int) {
	for _, c := range d.Faults {
		n += c
	}
	return n
}

// randomRun is one run: two to four faults, each with new records.
func randomRun(t *testing.T, server *enginetest.Server, dir string, seed uint64) (uint64, []string) {
	if seed%everyEighth == 0 {
		return randomCountry(t, server, seed)
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t, server)
	r.engineDir = dir
	all, names := faults(), []string{}
	for range 2 + rnd.IntN(3) {
		f := all[rnd.IntN(len(all))]
		names = append(names, f.name)
		t.Log(f.name)
		r.produce(2000 + rnd.IntN(3000))
		f.act(r, rnd)
	}
	r.complete()
	return r.sent, names
}

func (r *rig) killAt(p loader.Point, rnd *rand.Rand) {
	c := r.child(orders{Point: p, Batch: 1 + rnd.IntN(2), Signal: syscall.SIGKILL, Config: quick()})
	if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		r.t.Fatalf("the child ended with %v", err)
	}
}

func killSomewhen(r *rig, rnd *rand.Rand) {
	before := r.rows()
	c := r.child(orders{Config: quick()})
	r.until("the child has loaded something", func() bool { return r.rows() > before })
	<-time.After(time.Duration(rnd.IntN(30)) * time.Millisecond)
	c.Process.Kill()
	c.Wait()
}

// during runs an owner in this process while something happens, until all is loaded.
func (r *rig) during(d loader.Deps, happens func()) {
	r.t.Helper()
	config := quick()
	config.Patience = 300 * time.Millisecond // a standby takes over soon
	l := r.start(config, d)
	happens()
	r.until("all rows are in the log", func() bool { return r.rows() >= r.sent })
	if err := l.end(); err != nil {
		r.t.Fatal(err)
	}
}

func killEngine(r *rig, rnd *rand.Rand) {
	before := r.rows()
	r.during(r.deps(), func() {
		r.until("some rows are in", func() bool { return r.rows() > before })
		<-time.After(time.Duration(rnd.IntN(20)) * time.Millisecond)
		generation := r.server.Engine().Generation()
		r.server.Engine().Kill()
		r.until("the engine is back", func() bool { return r.server.Engine().Generation() > generation })
	})
}

func cutSomewhere(r *rig, rnd *rand.Rand) {
	d := r.deps()
	p, dsn := newProxy(r.t, d.DSN)
	d.DSN = dsn
	p.left.Store(int64(1 + rnd.IntN(4)))
	p.cut.Store(rnd.Int64N(300_000) + 1)
	r.during(d, func() {})
}

func loseAnswers(r *rig, rnd *rand.Rand) {
	d := r.deps()
	p, dsn := newProxy(r.t, d.DSN)
	d.DSN = dsn
	p.left.Store(int64(1 + rnd.IntN(2)))
	p.swallow.Store(100_000)
	r.during(d, func() {})
}

// loseAnswerAndDie ends the owner after its block is in and before it knows.
func loseAnswerAndDie(r *rig, rnd *rand.Rand) {
	address := r.server.DSN("owner", r.base)
	p, dsn := newProxy(r.t, address)
	p.left.Store(1)
	p.swallow.Store(50_000 + rnd.Int64N(100_000))
	before := r.rows()
	c := r.childAt(dsn, orders{Config: quick()})
	r.until("a block is in whose answer is lost", func() bool { return p.broken.Load() > 0 || r.rows() >= r.sent })
	r.until("rows are in", func() bool { return r.rows() > before })
	c.Process.Kill()
	c.Wait()
}

func wakeZombie(r *rig, rnd *rand.Rand) {
	config := quick()
	config.ReceiveTimeout = 60
	c := r.child(orders{Point: loader.Point(rnd.IntN(3)), Batch: 1, Signal: syscall.SIGSTOP, Config: config})
	r.until("the owner has stopped", func() bool { return stopped(r.t, c.Process.Pid) })
	r.during(r.deps(), func() {
		r.until("the second owner has begun", func() bool { return r.rows() > 0 })
		if err := c.Process.Signal(syscall.SIGCONT); err != nil {
			r.t.Fatal(err)
		}
		r.produce(500)
	})
	c.Process.Kill()
	c.Wait()
}

// stormOfOwners starts owner after owner, each of which takes the streams from
// the one before.
func stormOfOwners(r *rig, rnd *rand.Rand) {
	r.during(r.deps(), func() {
		for range 2 + rnd.IntN(3) {
			c := r.child(orders{Config: quick()})
			<-time.After(time.Duration(20+rnd.IntN(150)) * time.Millisecond)
			c.Process.Kill()
			c.Wait()
		}
	})
}

// refuseFor lets the table take no rows for a while.
func (r *rig) refuseFor(rnd *rand.Rand, broken, healed string) {
	set := func(settings string) {
		r.t.Helper()
		if err := r.db.Exec(r.t.Context(), "ALTER TABLE "+table+" MODIFY SETTING "+settings); err != nil {
			r.t.Fatal(err)
		}
	}
	set(broken)
	r.during(r.deps(), func() {
		<-time.After(time.Duration(100+rnd.IntN(400)) * time.Millisecond)
		set(healed)
	})
}

// limitMemory lets every account have hardly any memory from one start of the
// engine to the next.
func limitMemory(r *rig, rnd *rand.Rand) {
	const free, tight = "<max_memory_usage>0<", "<max_memory_usage>200000<"
	file := filepath.Join(r.engineDir, "users.xml")
	set := func(from, to string) {
		r.t.Helper()
		text, err := os.ReadFile(file)
		must(r.t, err)
		if !strings.Contains(string(text), from) {
			r.t.Fatalf("%s has no %s", file, from)
		}
		must(r.t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), from, to)), 0o600))
		generation := r.server.Engine().Generation()
		r.server.Engine().Kill()
		r.until("the engine is back", func() bool { return r.server.Engine().Generation() > generation })
	}
	set(free, tight)
	if err := r.db.Exec(r.t.Context(), "INSERT INTO "+table+" (stream) SELECT toString(number) FROM numbers(300000)"); err == nil || !strings.Contains(err.Error(), "memory limit") {
		r.t.Fatalf("memory is not short: %v", err)
	}
	r.during(r.deps(), func() {
		<-time.After(time.Duration(100+rnd.IntN(400)) * time.Millisecond)
		set(tight, free)
	})
}

// addPartitions gives the topic two partitions more while it is loaded.
func addPartitions(r *rig, _ *rand.Rand) {
	before := r.rows()
	r.during(r.deps(), func() {
		r.until("some rows are in", func() bool { return r.rows() > before })
		r.addPartitions(2)
		r.produce(800)
	})
}

// addPartitions raises the number of partitions and waits until clients see it.
func (r *rig) addPartitions(more int) {
	r.t.Helper()
	bounds, err := r.client.Bounds(r.t.Context(), topic)
	must(r.t, err)
	want := len(bounds) + more
	if want > 12 {
		return
	}
	raw := kafka.Client{Addr: kafka.TCP(r.remote.Brokers...), Transport: &kafka.Transport{}}
	answer, err := raw.CreatePartitions(r.t.Context(), &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: topic, Count: int32(want)}}})
	must(r.t, err)
	must(r.t, answer.Errors[topic])
	r.until("the new partitions are seen", func() bool {
		bounds, err := r.client.Bounds(r.t.Context(), topic)
		return err == nil && len(bounds) == want
	})
}

// restartBroker closes the broker in the middle and opens it on the same port.
func restartBroker(r *rig, _ *rand.Rand) {
	before := r.rows()
	r.during(r.deps(), func() {
		r.until("some rows are in", func() bool { return r.rows() > before })
		_, port, err := net.SplitHostPort(r.broker.Addrs()[0])
		must(r.t, err)
		number, err := strconv.Atoi(port)
		must(r.t, err)
		must(r.t, r.broker.Close())
		again, err := broker.NewEmbedded(broker.Config{Dir: r.broker.Dir, Port: number}, broker.Deps{})
		must(r.t, err)
		go again.Run(r.t.Context())
		must(r.t, again.Ready(r.t.Context()))
		r.t.Cleanup(func() { again.Close() })
		r.broker = &brokertest.Broker{Embedded: again, Dir: r.broker.Dir}
	})
}

// forgetTokens lets answers be lost while the table remembers one token only and
// others insert.
func forgetTokens(r *rig, rnd *rand.Rand) {
	if err := r.db.Exec(r.t.Context(), "ALTER TABLE "+table+" MODIFY SETTING non_replicated_deduplication_window = 1"); err != nil {
		r.t.Fatal(err)
	}
	killSomewhen(r, rnd)
	r.produce(3500)
	r.killAt(loader.Unanswered, rnd)
}

func jumpClock(r *rig, rnd *rand.Rand) {
	d := r.deps()
	var jump atomic.Int64
	d.Now = func() time.Time { return time.Now().Add(time.Duration(jump.Load())) }
	r.during(d, func() {
		for range 4 {
			jump.Store(int64(time.Duration(rnd.IntN(96)-48) * time.Hour))
			<-time.After(20 * time.Millisecond)
		}
	})
}

// TestFaultsAreNamedOnce keeps the list of a record readable.
func TestFaultsAreNamedOnce(t *testing.T) {
	var names []string
	for _, f := range faults() {
		names = append(names, f.name)
	}
	for _, f := range countryFaults() {
		names = append(names, f.name)
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("a name stands twice in %v", names)
	}
}
