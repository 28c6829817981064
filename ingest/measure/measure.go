// Package measure owns the benchmark of the way in: one topic set, one broker,
// one engine, and the loader beside the tools a team would otherwise take. It
// promises that every contender reads the same bytes into fresh tables of the
// same contracts, one after the other, and that a contender counts only when
// every row is there. It never touches the data of a warehouse in use.
package measure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine"
	"hengjian/warehouse/migrations"
)

// Config says how much is measured and where.
type Config struct {
	Dir        string   // scratch folder; removed at the end
	Records    int      // about how many records the topics get
	Seed       uint64   // the same seed and size give the same records
	Contenders []string // names to run; empty = all
	Sample     int      // after so many records the clock of the slow peers stops; 0 = all
	Rounds     int      // how often each contender runs; the median counts
	Library    string   // folder with the fetched engine; "" = the user cache
	Memory     uint64   // bytes the engine may use; 0 = 4 GiB
	Profile    string   // path of processor profiles of the loaders; "" = none
}

// Deps are the neighbours. Part is the command line that runs Part in a child
// process; Say is told what is going on.
type Deps struct {
	Part []string
	Say  func(format string, args ...any)
	Log  *slog.Logger
}

// validate lists every value out of range.
func (c *Config) validate() error {
	var errs []error
	if c.Records < 10_000 {
		errs = append(errs, fmt.Errorf("records: %d: at least 10000 are needed", c.Records))
	}
	if c.Rounds < 1 {
		c.Rounds = 1
	}
	for _, name := range c.Contenders {
		if !slices.ContainsFunc(contenders(), func(one contender) bool { return one.name == name }) {
			errs = append(errs, fmt.Errorf("contender %q is not known", name))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &warehouse.Error{Code: warehouse.Invalid, Message: "the benchmark cannot run: " + err.Error(), Err: err}
	}
	return nil
}

// brokerThreads lets every consumer of the Kafka table engine work, as its
// documentation advises; the engine's own default is 16.
const brokerThreads = 64

// bench is one running benchmark.
type bench struct {
	config    Config
	deps      Deps
	catalogue *contract.Catalogue
	engine    *engine.Engine
	broker    *part
	brokers   []string
	files     string // folder of the JSON files, inside what file() may read
	load      load
	bases     int
}

// Run fills the topics, lets every contender load them and compares.
func Run(ctx context.Context, c Config, d Deps) (Result, error) {
	if err := c.validate(); err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b := &bench{config: c, deps: d}
	var err error
	if b.catalogue, err = contract.Load(""); err != nil {
		return Result{}, err
	}
	ended, err := b.startEngine(ctx)
	if err != nil {
		return Result{}, err
	}
	defer func() { cancel(); <-ended }()
	if err := b.startBroker(ctx); err != nil {
		return Result{}, err
	}
	defer b.broker.end()
	if err := b.fill(ctx); err != nil {
		return Result{}, err
	}
	result := Result{Records: b.load.records, Bytes: b.load.bytes, Topics: len(b.load.types)}
	for round := range c.Rounds {
		for _, one := range contenders() {
			if len(c.Contenders) > 0 && !slices.Contains(c.Contenders, one.name) {
				continue
			}
			run, err := b.measure(ctx, one)
			if err != nil {
				return result, fmt.Errorf("%s: %w", one.name, err)
			}
			d.Say("%s, round %d: %.0f rows/s", one.name, round+1, run.RowsPerSecond)
			result.Runs = append(result.Runs, run)
		}
	}
	result.compare()
	return result, nil
}

// startEngine runs an engine of the benchmark's own until ctx ends.
func (b *bench) startEngine(ctx context.Context) (<-chan error, error) {
	library, err := engine.FetchedLibrary(b.config.Library)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.config.Dir, "engine")
	b.files = filepath.Join(dir, "files")
	b.engine, err = engine.New(engine.Config{Dir: dir, Library: library, MaxMemory: b.config.Memory, BrokerThreads: brokerThreads}, engine.Deps{Log: b.deps.Log})
	if err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- b.engine.Run(ctx) }()
	return ended, b.engine.Ready(ctx)
}

// startBroker runs the broker as a process of its own, so that its work is not
// taken for a loader's.
func (b *bench) startBroker(ctx context.Context) error {
	var err error
	if b.broker, err = b.start(ctx, order{Kind: partBroker, Dir: filepath.Join(b.config.Dir, "broker")}); err != nil {
		return err
	}
	var ready answer
	if ready, err = b.broker.read(); err != nil {
		return err
	}
	b.brokers = ready.Addrs
	return nil
}

// measure gives a contender a fresh database and watches it load everything.
func (b *bench) measure(ctx context.Context, one contender) (Turn, error) {
	b.bases++
	base := fmt.Sprintf("bench_%d", b.bases)
	admin, err := warehouse.Open(ctx, b.engine.DSN("owner", "default"), 2)
	if err != nil {
		return Turn{}, err
	}
	defer admin.Close() //nolint:errcheck // nothing is on its way
	if err := admin.Exec(ctx, "CREATE DATABASE "+base); err != nil {
		return Turn{}, fmt.Errorf("make the database: %w", err)
	}
	defer admin.Exec(context.WithoutCancel(ctx), "DROP DATABASE "+base+" SYNC") //nolint:errcheck // the folder is removed in the end
	db, err := warehouse.Open(ctx, b.engine.DSN("owner", base), 4)
	if err != nil {
		return Turn{}, err
	}
	defer db.Close() //nolint:errcheck // nothing is on its way
	if err := migrations.Apply(ctx, db); err != nil {
		return Turn{}, err
	}
	if err := contract.Reconcile(ctx, db, b.catalogue); err != nil {
		return Turn{}, err
	}
	whole := b.load.records
	if one.slow && b.config.Sample > 0 {
		whole = min(whole, uint64(b.config.Sample))
	}
	f := &field{bench: b, db: db, base: base, whole: whole, run: Turn{Name: one.name, Label: one.label, Lacks: one.lacks}}
	if err := one.run(ctx, f); err != nil {
		return Turn{}, err
	}
	return f.run, f.check(ctx)
}

// field is what a contender gets: a database of empty tables and a stopwatch.
type field struct {
	bench *bench
	db    *warehouse.DB
	base  string
	run   Turn
	begun time.Time
	used  usage
	whole uint64    // rows at which the clock stops
	work  [2]uint64 // parts and merged rows of the engine when the clock began
}

// begin starts the clock.
func (f *field) begin(ctx context.Context) error {
	settle(f.bench.engine.PID())
	var err error
	if f.work, err = f.engineWork(ctx); err != nil {
		return err
	}
	f.used = f.usage()
	f.begun = time.Now()
	return nil
}

// finish waits until every row is there and stops the clock. It looks seldom
// while much is missing: a look costs the engine some milliseconds.
func (f *field) finish(ctx context.Context) error {
	var rows uint64
	for {
		var err error
		if rows, err = f.rows(ctx); err != nil {
			return err
		}
		if rows >= f.whole {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(f.untilNextLook(rows)):
		}
	}
	seconds := time.Since(f.begun).Seconds()
	used := f.usage()
	f.run.Rows, f.run.Seconds, f.run.RowsPerSecond = rows, seconds, float64(rows)/seconds
	f.run.MBPerSecond = f.run.RowsPerSecond * float64(f.bench.load.bytes) / float64(f.bench.load.records) / 1e6
	million := float64(rows) / 1e6
	f.run.EngineCPU, f.run.BrokerCPU = (used.engine-f.used.engine)/million, (used.broker-f.used.broker)/million
	f.run.EnginePeakMB = peakMB(f.bench.engine.PID())
	work, err := f.engineWork(ctx)
	f.run.Parts, f.run.MergedRows = work[0]-f.work[0], work[1]-f.work[1]
	return err
}

// untilNextLook is a third of the time that the missing rows will take at the
// present pace.
func (f *field) untilNextLook(rows uint64) time.Duration {
	const least, most = 20 * time.Millisecond, time.Second
	if rows == 0 {
		return 5 * least
	}
	missing := float64(f.whole-rows) / float64(rows)
	return min(max(time.Duration(missing*float64(time.Since(f.begun))/3), least), most)
}

// engineWork reads how many parts the engine has written for INSERTs and how many
// rows it has merged.
func (f *field) engineWork(ctx context.Context) (work [2]uint64, err error) {
	err = f.db.QueryRow(ctx, "SELECT sumIf(value, event = 'MergeTreeDataWriterBlocks'), sumIf(value, event = 'MergedRows') FROM system.events").Scan(&work[0], &work[1])
	if err != nil {
		return work, fmt.Errorf("read the engine's counters: %w", err)
	}
	return work, nil
}

// rows counts what is in the log tables, but for the organ register.
func (f *field) rows(ctx context.Context) (uint64, error) {
	var n uint64
	err := f.db.QueryRow(ctx, "SELECT toUInt64(ifNull(sum(rows), 0)) FROM system.parts WHERE active AND database = {base:String} AND startsWith(table, 'log_') AND table != 'log_organ'", warehouse.Param("base", f.base)).Scan(&n)
	return n, err
}

// check counts rows that are there twice.
func (f *field) check(ctx context.Context) error {
	if f.whole < f.bench.load.records {
		return nil // stopped while it was loading
	}
	rows, err := f.rows(ctx)
	if err != nil {
		return fmt.Errorf("count the rows: %w", err)
	}
	if rows != f.bench.load.records {
		f.run.Doubled = int64(rows) - int64(f.bench.load.records)
	}
	return nil
}
