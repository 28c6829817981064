package run

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/engine/enginetest"
	"hengjian/warehouse/migrations"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// job is a family whose Run is a function.
type job struct {
	name string
	run  func(context.Context, warehouse.Run) (warehouse.Report, error)
}

func (j job) Name() string { return j.name }
func (j job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	return j.run(ctx, r)
}

func database(t *testing.T) *warehouse.DB {
	t.Helper()
	s := enginetest.Start(t)
	base := s.Database(t)
	db := warehouse.Wrap(s.Conn(t, base), base)
	if err := migrations.Apply(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// clock is a wall clock that moves one second at each look.
func clock() func() time.Time {
	var ticks atomic.Int64
	start := time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC) // already 1 April in Beijing
	return func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) }
}

// judging appends one marker row per run.
func judging(db *warehouse.DB, after func(context.Context) error) job {
	return job{"clock", func(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
		if err := appendRow(ctx, db, "INSERT INTO judged (run_id, generation, rule, units)", r.ID, r.Generation, "R060", uint64(7)); err != nil {
			return warehouse.Report{}, err
		}
		report := warehouse.Report{Units: 7, Rows: 1, Notes: []string{"one"}, Figures: map[string]uint64{"in_time": 7}}
		return report, after(ctx)
	}}
}

func fine(context.Context) error { return nil }

func runner(t *testing.T, db *warehouse.DB, c Config, jobs ...Job) *Runner {
	t.Helper()
	r, err := New(c, Deps{DB: db, Jobs: jobs, Now: clock(), Definitions: "d1", Code: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// derived lets derive have reached an offset of a stream.
func derived(t *testing.T, db *warehouse.DB, stream string, offset uint64) {
	t.Helper()
	sql := fmt.Sprintf("INSERT INTO record_fate (record_type, stream, offset, key, revision, fate) VALUES ('trial', '%s', %d, 'k', 1, 'applied')", stream, offset)
	if err := db.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestOnceWritesLedgerAndCommits(t *testing.T) {
	db, ctx := database(t), context.Background()
	derived(t, db, "a", 4)
	derived(t, db, "a", 9)
	derived(t, db, "b", 2)
	var told []string
	link := job{"link", func(context.Context, warehouse.Run) (warehouse.Report, error) { return warehouse.Report{Units: 3}, nil }}
	r := runner(t, db, DefaultConfig(), link, judging(db, fine))
	r.deps.Progress = func(p Progress) { told = append(told, fmt.Sprint(p.Step, "/", p.Steps, p.Family, p.State)) }
	first, reports, err := r.Once(ctx, Request{Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if first.Generation != 1 || len(reports) != 2 || reports[1].Units != 7 {
		t.Errorf("run %+v, reports %+v", first, reports)
	}
	if got := first.AsOf.Format(time.DateOnly); got != "2026-04-01" {
		t.Errorf("as_of %s, want the legal day in Beijing", got)
	}
	if first.ID[14] != '7' {
		t.Errorf("id %s is no UUIDv7", first.ID)
	}
	second, _, err := r.Once(ctx, Request{AsOf: time.Date(2025, 6, 30, 0, 0, 0, 0, beijing()), Known: warehouse.Known{"a": 4}})
	if err != nil {
		t.Fatal(err)
	}
	if second.Generation != 2 || second.ID <= first.ID {
		t.Errorf("second run %+v after %s", second, first.ID)
	}
	newest, found, err := Newest(ctx, db, "clock")
	if err != nil || !found || newest.ID != second.ID || newest.Known["a"] != 4 || len(newest.Known) != 1 || newest.Definitions != "d1" ||
		newest.AsOf.Format(time.DateOnly) != "2025-06-30" {
		t.Errorf("newest %+v %v %v", newest, found, err)
	}
	entries, err := List(ctx, db, 10)
	if err != nil || len(entries) != 2 || entries[0].Run.ID != second.ID || entries[1].Reason != "test" {
		t.Fatalf("list %+v %v", entries, err)
	}
	f := entries[1].Families
	if len(f) != 2 || f[0].Name != "link" || f[1].State != "done" || !f[1].Committed || f[1].Report.Figures["in_time"] != 7 || f[1].Report.Notes[0] != "one" || f[1].Ended.IsZero() {
		t.Errorf("families %+v", f)
	}
	if known, err := inputs(ctx, db, first.ID); err != nil || known["a"] != 9 || known["b"] != 2 {
		t.Errorf("inputs %v %v", known, err)
	}
	if want := []string{"1/2linkstarted", "1/2linkdone", "2/2clockstarted", "2/2clockdone"}; !slices.Equal(told[:4], want) {
		t.Errorf("progress %q", told)
	}
}

func TestInterruptedRunStaysInvisible(t *testing.T) {
	db := database(t)
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	broken := true
	reached := false
	between := func(context.Context) error {
		if broken {
			kill() // the rows are in, the commit is not
		}
		return nil
	}
	last := job{"indicator", func(context.Context, warehouse.Run) (warehouse.Report, error) {
		reached = true
		return warehouse.Report{}, nil
	}}
	r := runner(t, db, DefaultConfig(), judging(db, between), last)
	dead, _, err := r.Once(ctx, Request{})
	if !errors.Is(err, context.Canceled) || reached {
		t.Fatalf("error %v, next family reached: %v", err, reached)
	}
	if _, found, err := Newest(context.Background(), db, "clock"); found || err != nil {
		t.Errorf("an interrupted family is visible: %v", err)
	}
	var rows uint64
	if err := db.QueryRow(context.Background(), "SELECT count() FROM judged WHERE run_id = {run:String}", warehouse.Param("run", dead.ID)).Scan(&rows); err != nil || rows != 1 {
		t.Fatalf("the interrupted run left %d rows (%v): the test proves nothing", rows, err)
	}
	entries, err := List(context.Background(), db, 1)
	if err != nil || entries[0].Families[0].State != "failed" || entries[0].Families[0].Committed || entries[0].Families[0].Message != "interrupted" {
		t.Errorf("ledger %+v %v", entries, err)
	}
	broken = false
	next, _, err := r.Once(context.Background(), Request{})
	if err != nil {
		t.Fatal(err)
	}
	if newest, found, _ := Newest(context.Background(), db, "clock"); !found || newest.ID != next.ID || !reached {
		t.Errorf("newest %+v", newest)
	}
}

func TestFailedFamilyStopsTheRest(t *testing.T) {
	db := database(t)
	boom := errors.New("boom")
	r := runner(t, db, DefaultConfig(), judging(db, fine), job{"indicator", func(context.Context, warehouse.Run) (warehouse.Report, error) {
		return warehouse.Report{}, boom
	}}, job{"compare", func(context.Context, warehouse.Run) (warehouse.Report, error) {
		t.Error("a family after the failed one ran")
		return warehouse.Report{}, nil
	}})
	_, reports, err := r.Once(context.Background(), Request{})
	if !errors.Is(err, boom) || len(reports) != 1 {
		t.Errorf("error %v, %d reports", err, len(reports))
	}
	for family, want := range map[string]bool{"clock": true, "indicator": false, "compare": false} {
		if _, found, _ := Newest(context.Background(), db, family); found != want {
			t.Errorf("family %s visible: %v, want %v", family, found, want)
		}
	}
}

func TestOldGenerationsGo(t *testing.T) {
	db, ctx := database(t), context.Background()
	c := DefaultConfig()
	c.Keep = 2
	fail := false
	r := runner(t, db, c, judging(db, func(context.Context) error {
		if fail {
			return errors.New("no")
		}
		return nil
	}))
	first, _, err := r.Once(ctx, Request{})
	if err != nil {
		t.Fatal(err)
	}
	if err := appendRow(ctx, db, "INSERT INTO release (release_id, run_id, drafted)", "r1", first.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	fail = true
	if _, _, err := r.Once(ctx, Request{}); err == nil { // generation 2, never committed
		t.Fatal("the failing run did not fail")
	}
	fail = false
	for range 3 { // generations 3 to 5
		if _, _, err := r.Once(ctx, Request{}); err != nil {
			t.Fatal(err)
		}
	}
	left, err := generations(ctx, db, "SELECT DISTINCT generation FROM judged")
	if err != nil || len(left) != 3 || !left[1] || !left[4] || !left[5] {
		t.Errorf("generations left %v (%v), want the pinned 1 and the newest 4 and 5", left, err)
	}
}

// TestWhatAKeptRunStandsOnStays lets every run but the first build on the first.
func TestWhatAKeptRunStandsOnStays(t *testing.T) {
	db, ctx := database(t), context.Background()
	c := DefaultConfig()
	c.Keep = 1
	root := ""
	r := runner(t, db, c, job{"clock", func(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
		if root == "" {
			root = r.ID
		} else if err := appendRow(ctx, db, "INSERT INTO run_base (family, run_id, generation, root, root_generation)", "clock", r.ID, r.Generation, root, uint32(1)); err != nil {
			return warehouse.Report{}, err
		}
		err := appendRow(ctx, db, "INSERT INTO verdict (run_id, generation, finding_id, chain)", r.ID, r.Generation, "f", fmt.Sprint("c-", r.Generation))
		return warehouse.Report{}, errors.Join(err, appendRow(ctx, db, "INSERT INTO case_part (family, run_id, generation, chain, part, part_generation)", "clock", r.ID, r.Generation, fmt.Sprint("c-", r.Generation), r.ID, r.Generation))
	}}, judging(db, fine))
	for range 3 {
		if _, _, err := r.Once(ctx, Request{}); err != nil {
			t.Fatal(err)
		}
	}
	for table, want := range map[string][]uint32{"verdict": {1, 3}, "judged": {3}, "case_part": {3}} {
		left, err := generations(ctx, db, "SELECT DISTINCT generation FROM "+table)
		if got := slices.Sorted(maps.Keys(left)); err != nil || !slices.Equal(got, want) {
			t.Errorf("generations left of %s: %v (%v), want %v", table, got, err, want)
		}
	}
}

func TestLoopRunsWhenPositionsMovedAndStoodStill(t *testing.T) {
	db := database(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	runs := make(chan warehouse.Run, 10)
	watched := job{"clock", func(_ context.Context, r warehouse.Run) (warehouse.Report, error) {
		runs <- r
		return warehouse.Report{}, nil
	}}
	// the clock moves one second per look: three looks without movement are settled
	r := runner(t, db, Config{Poll: 20 * time.Millisecond, Settle: 3 * time.Second, Retry: time.Second, Keep: 3}, watched)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	select {
	case run := <-runs:
		t.Errorf("a run without data: %+v", run)
	case <-time.After(200 * time.Millisecond):
	}
	derived(t, db, "a", 1)
	if run := next(t, runs); run.Known["a"] != 1 {
		t.Errorf("first run knows %v", run.Known)
	}
	select {
	case run := <-runs:
		t.Errorf("a second run without movement: %+v", run)
	case <-time.After(300 * time.Millisecond):
	}
	derived(t, db, "a", 5)
	if run := next(t, runs); run.Known["a"] != 5 {
		t.Errorf("second run knows %v", run.Known)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the loop ended with %v", err)
	}
}

func next(t *testing.T, runs <-chan warehouse.Run) warehouse.Run {
	t.Helper()
	select {
	case run := <-runs:
		return run
	case <-time.After(30 * time.Second):
		t.Fatal("no run came")
		return warehouse.Run{}
	}
}

func TestNewNamesEveryBadValue(t *testing.T) {
	if _, err := New(Config{}, Deps{}); err == nil {
		t.Error("an empty configuration was accepted")
	}
	if _, err := New(DefaultConfig(), Deps{}); err == nil {
		t.Error("a runner without database was accepted")
	}
	if err := (Config{}).Validate(); err == nil || len(err.Error()) < 100 {
		t.Errorf("problems: %v", err)
	}
}
