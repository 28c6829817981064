// Package run owns the ledger of batch runs: which run took what in, what each
// family did, and which results are visible. It promises that results become
// visible family by family through one row of run_commit, and that a family that
// failed or was interrupted stays invisible. It never reads the wall clock itself
// and never knows what a job computes.
package run

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"hengjian/warehouse"
)

// Job is one family of batch work.
type Job interface {
	// Name is the family under which results are committed.
	Name() string
	// Run reads what r may know and appends results under r; it commits nothing.
	Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error)
}

// Deps are the neighbours of a Runner.
type Deps struct {
	DB          *warehouse.DB
	Jobs        []Job // in order: each reads what its predecessors appended
	Now         func() time.Time
	AsOf        func(now time.Time) time.Time // legal day where none is asked for; nil = the day of now
	Log         *slog.Logger
	Definitions string         // digest of all definitions in force
	Code        string         // version of the program
	Progress    func(Progress) // may be nil
}

// Progress tells how far a run has come.
type Progress struct {
	Run    warehouse.Run
	Family string
	Step   int    // 1 for the first family
	Steps  int    // number of families
	State  string // started, done or failed
	Report warehouse.Report
}

// Request asks for one run.
type Request struct {
	AsOf   time.Time       // legal day, zero for today
	Known  warehouse.Known // nil for everything derived so far
	Reason string          // why, for the ledger
}

// Runner executes the families in order.
type Runner struct {
	config Config
	deps   Deps

	mu     sync.Mutex // one run at a time
	lastID int64      // milliseconds of the last id, so that ids grow
}

// New checks the configuration; it starts nothing.
func New(c Config, d Deps) (*Runner, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("configure runs: %w", err)
	}
	if d.DB == nil || d.Now == nil || len(d.Jobs) == 0 {
		return nil, errors.New("configure runs: database, clock and at least one job are needed")
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.AsOf == nil {
		d.AsOf = func(now time.Time) time.Time { return now }
	}
	if d.Progress == nil {
		d.Progress = func(Progress) {}
	}
	return &Runner{config: c, deps: d}, nil
}

// Once makes one run of all families and returns the reports of those that were
// done. A family that fails ends the run: its rows stay invisible, and so does
// everything after it.
func (r *Runner) Once(ctx context.Context, q Request) (warehouse.Run, []warehouse.Report, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run, err := r.begin(ctx, q)
	if err != nil {
		return warehouse.Run{}, nil, err
	}
	var reports []warehouse.Report
	for i, job := range r.deps.Jobs {
		report, err := r.step(ctx, run, i, job)
		if err != nil {
			return run, reports, err
		}
		reports = append(reports, report)
	}
	if err := r.dropOld(ctx, run); err != nil {
		r.deps.Log.Warn("old generations stay", "run", run.ID, "error", err)
	}
	return run, reports, nil
}

// begin writes the run and its inputs.
func (r *Runner) begin(ctx context.Context, q Request) (warehouse.Run, error) {
	db, now := r.deps.DB, r.deps.Now()
	id, err := r.newID(now)
	if err != nil {
		return warehouse.Run{}, err
	}
	run := warehouse.Run{
		ID: id, AsOf: midnight(q.AsOf), Known: maps.Clone(q.Known), Definitions: r.deps.Definitions, Code: r.deps.Code, Started: now,
	}
	if q.AsOf.IsZero() {
		run.AsOf = midnight(r.deps.AsOf(now))
	}
	if run.Known == nil {
		if run.Known, err = Positions(ctx, db); err != nil {
			return run, err
		}
	}
	if err := db.QueryRow(ctx, "SELECT toUInt32(max(generation) + 1) FROM run").Scan(&run.Generation); err != nil {
		return run, fmt.Errorf("number the generation of run %s: %w", id, err)
	}
	if err := appendRow(ctx, db, "INSERT INTO run (run_id, generation, as_of, definitions, code, started, reason)",
		run.ID, run.Generation, dateOf(run.AsOf), run.Definitions, run.Code, now, q.Reason); err != nil {
		return run, fmt.Errorf("write run %s: %w", id, err)
	}
	return run, writeInputs(ctx, db, run)
}

// newID makes a time-ordered id (UUIDv7) of the injected time.
func (r *Runner) newID(now time.Time) (string, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return "", fmt.Errorf("make a run id: %w", err)
	}
	r.lastID = max(now.UnixMilli(), r.lastID+1)
	for i := range 6 {
		id[i] = byte(r.lastID >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	return id.String(), nil
}

// step runs one family, writes what it did, and makes it visible.
func (r *Runner) step(ctx context.Context, run warehouse.Run, i int, job Job) (warehouse.Report, error) {
	p := Progress{Run: run, Family: job.Name(), Step: i + 1, Steps: len(r.deps.Jobs), State: "started"}
	if err := r.writeStep(ctx, p, ""); err != nil {
		return warehouse.Report{}, err
	}
	r.deps.Progress(p)
	report, err := job.Run(ctx, run)
	if err == nil {
		err = ctx.Err()
	}
	p.Report = report
	if err != nil {
		p.State = "failed"
		r.deps.Progress(p)
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		message := "failed, see the log"
		if errors.Is(err, context.Canceled) {
			message = "interrupted"
		}
		return report, errors.Join(fmt.Errorf("run %s, family %s: %w", run.ID, p.Family, err), r.writeStep(late, p, message))
	}
	p.State = "done"
	if err := r.writeStep(ctx, p, ""); err != nil {
		return report, err
	}
	if err := appendRow(ctx, r.deps.DB, "INSERT INTO run_commit (family, run_id, generation, as_of, committed)",
		p.Family, run.ID, run.Generation, dateOf(run.AsOf), r.deps.Now()); err != nil {
		return report, fmt.Errorf("commit family %s of run %s: %w", p.Family, run.ID, err)
	}
	r.deps.Progress(p)
	r.deps.Log.Info("family committed", "run", run.ID, "family", p.Family, "units", report.Units, "rows", report.Rows)
	return report, nil
}

func (r *Runner) writeStep(ctx context.Context, p Progress, message string) error {
	notes, figures := p.Report.Notes, p.Report.Figures
	if notes == nil {
		notes = []string{}
	}
	if figures == nil {
		figures = map[string]uint64{}
	}
	err := appendRow(ctx, r.deps.DB, "INSERT INTO run_step (run_id, family, state, units, rows, notes, figures, message, at)",
		p.Run.ID, p.Family, p.State, p.Report.Units, p.Report.Rows, notes, figures, message, r.deps.Now())
	if err != nil {
		return fmt.Errorf("write step %s of run %s: %w", p.Family, p.Run.ID, err)
	}
	return nil
}
