package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"
	"time"

	"hengjian/ingest/simulate"
	pipeline "hengjian/jobs/run"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
	"hengjian/warehouse/engine"
)

// version is set at build time; a build without it says "dev".
var version = "dev"

type versionCommand struct{}

// Help gives an example.
func (versionCommand) Help() string { return "Example: hengjian version" }

// Run prints program, engine and platform.
func (versionCommand) Run(c *call) error {
	revision := version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision += " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintf(c.out, "hengjian %s, engine %s, %s/%s, %s\n", revision, engine.Version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	return err
}

type configCommand struct{}

// Help gives an example.
func (configCommand) Help() string {
	return "Example: HENGJIAN_LISTEN=127.0.0.1:9090 hengjian config\n\nOrder: file, environment (HENGJIAN_SECTION_KEY), flags; the later wins."
}

// Run prints every setting with its source; secrets are hidden.
func (configCommand) Run(c *call) error {
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	for _, s := range c.settings {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.key, s.value, s.source, s.doc)
	}
	return w.Flush()
}

type checkCommand struct{}

// Help gives an example.
func (checkCommand) Help() string { return "Example: hengjian check --definitions ./mine" }

// Run loads configuration and definitions and starts nothing.
func (checkCommand) Run(c *call) error {
	defs, err := loadDefinitions(c.cfg.Definitions)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "configuration and definitions are valid: %d record types, %d rules, %d indicators, digest %s\n",
		len(defs.contracts.Types()), len(defs.rules.All()), len(defs.indicators.Indicators()), defs.digest[:16])
	return err
}

type engineCommand struct {
	Fetch engineFetchCommand `cmd:"" help:"Download the pinned engine through npm; does nothing when it is there."`
}

type engineFetchCommand struct {
	Force bool `help:"Fetch again although it is there."`
}

// Help gives an example.
func (engineFetchCommand) Help() string { return "Example: hengjian engine fetch --force" }

// Run fetches the engine and shows progress.
func (e engineFetchCommand) Run(c *call) error {
	shown := -1
	err := engine.Fetch(c.ctx, engine.FetchConfig{Cache: c.cfg.ClickHouse.Library, Force: e.Force}, func(done, total int64) {
		if total <= 0 {
			return
		}
		if percent := int(done * 100 / total); percent != shown {
			shown = percent
			fmt.Fprintf(c.err, "\rengine: %d of %d MB (%d %%)", done>>20, total>>20, percent)
		}
	})
	if shown >= 0 {
		fmt.Fprintln(c.err)
	}
	if err != nil {
		return err
	}
	library, err := engine.FetchedLibrary(c.cfg.ClickHouse.Library)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "engine %s is ready (%s)\n", engine.Version, filepath.Base(library))
	return err
}

type simulateCommand struct {
	Cases int    `help:"Case chains." default:"0" placeholder:"N"`
	Seed  uint64 `help:"Same seed, same country." default:"0" placeholder:"S"`
	AsOf  string `help:"Last day of the records, YYYY-MM-DD." placeholder:"DAY"`
	Out   string `help:"kafka, or a folder for JSON lines." required:"" placeholder:"kafka|DIR"`
}

// Help gives an example.
func (simulateCommand) Help() string {
	return "Example: hengjian simulate --cases 20000 --seed 7 --out ./country\n\nThe truth is written to truth.json before any record."
}

// Run writes the country.
func (s simulateCommand) Run(c *call) error {
	cfg := c.cfg.Simulate
	if s.Cases > 0 {
		cfg.Cases = s.Cases
	}
	if s.Seed > 0 {
		cfg.Seed = s.Seed
	}
	if s.AsOf != "" {
		cfg.AsOf = s.AsOf
	}
	if s.Out != "kafka" {
		country, err := c.newCountry(cfg, c.progress("simulated", "records"))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(s.Out, 0o700); err != nil {
			return fmt.Errorf("make the folder: %w", err)
		}
		sink, err := simulate.NewDirSink(s.Out)
		if err != nil {
			return err
		}
		return emit(c.ctx, country, filepath.Join(s.Out, "truth.json"), sink, sink.Close)
	}
	return c.withStore(func(ctx context.Context, st *store) error {
		return c.simulateInto(ctx, st, cfg)
	})
}

// newCountry plans the country of cfg.
func (c *call) newCountry(cfg SimulateConfig, progress func(uint64)) (*simulate.Country, error) {
	asOf, err := time.ParseInLocation(time.DateOnly, cfg.AsOf, shanghai())
	if err != nil {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "simulate --as-of: write a day as YYYY-MM-DD", Err: err}
	}
	contracts, err := contract.Load(c.cfg.Definitions)
	if err != nil {
		return nil, definitionError(err)
	}
	country, err := simulate.New(simulate.Config{
		Seed: cfg.Seed, Cases: cfg.Cases, Start: asOf.AddDate(-3, 0, 1), AsOf: asOf, Faults: 0.05, Progress: progress,
		Contracts: contracts, Definitions: c.cfg.Definitions,
	})
	var wrong contract.Problems
	if errors.As(err, &wrong) {
		return nil, definitionError(wrong)
	}
	return country, err
}

// emit writes the truth first, then the records, then closes what they go to.
func emit(ctx context.Context, country *simulate.Country, truth string, to simulate.Sink, closing func() error) error {
	if err := country.WriteTruth(truth); err != nil {
		return fmt.Errorf("write the truth: %w", err)
	}
	err := country.Emit(ctx, to)
	if err := errors.Join(err, closing()); err != nil {
		return fmt.Errorf("write the simulated records: %w", err)
	}
	return nil
}

type jobsCommand struct {
	List jobsListCommand `cmd:"" help:"List the runs, newest first."`
	Run  jobsRunCommand  `cmd:"" help:"Run all jobs once."`
}

type jobsListCommand struct {
	Limit int `help:"How many." default:"10"`
}

// Help gives an example.
func (jobsListCommand) Help() string { return "Example: hengjian jobs list --limit 5" }

// Run prints the run ledger.
func (j jobsListCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		entries, err := pipeline.List(ctx, s.owner, j.Limit)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			_, err = fmt.Fprintln(c.out, "no run yet: hengjian jobs run")
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "run\tas of\tstarted\tstate\treason")
		for _, e := range entries {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.Run.ID, e.Run.AsOf.Format(time.DateOnly), e.Run.Started.In(shanghai()).Format(time.DateTime), state(e), e.Reason)
		}
		return w.Flush()
	})
}

type jobsRunCommand struct {
	AsOf  string `help:"Legal day on which clocks are read, YYYY-MM-DD." placeholder:"DAY"`
	Known string `help:"Use what an earlier run knew." placeholder:"RUN"`
}

// Help gives an example.
func (jobsRunCommand) Help() string {
	return "Example: hengjian jobs run --as-of 2026-06-30\n\nWith --known RUN the data are read as that run knew them."
}

// Run executes the pipeline once.
func (j jobsRunCommand) Run(c *call) error {
	return c.withStore(func(ctx context.Context, s *store) error {
		runner, err := s.runner(c.cfg)
		if err != nil {
			return err
		}
		request := pipeline.Request{AsOf: s.asOf(c.cfg, time.Now()), Reason: "asked for"}
		if j.AsOf != "" {
			if request.AsOf, err = time.ParseInLocation(time.DateOnly, j.AsOf, shanghai()); err != nil {
				return usageError{fmt.Errorf("--as-of: write a day as YYYY-MM-DD")}
			}
		}
		if j.Known != "" {
			if request.Known, err = pipeline.KnownOf(ctx, s.owner, j.Known); err != nil {
				return err
			}
		}
		done, reports, err := runner.Once(ctx, request)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "run %s as of %s\n", done.ID, done.AsOf.Format(time.DateOnly))
		for _, r := range reports {
			fmt.Fprintf(c.out, "  %d units, %d rows %v %s\n", r.Units, r.Rows, r.Figures, strings.Join(r.Notes, "; "))
		}
		return nil
	})
}

// shanghai is where legal days begin and end; the zone is compiled in.
func shanghai() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return time.FixedZone("Asia/Shanghai", 8*3600)
	}
	return zone
}

// asOf is the legal day on which clocks are read: as configured, else the last
// day of the records in a simulated warehouse, else today.
func (s *store) asOf(c Config, now time.Time) time.Time {
	days := []string{c.Jobs.AsOf}
	if s.kind == "simulated" {
		days = append(days, c.Simulate.AsOf)
	}
	for _, day := range days {
		if t, err := time.ParseInLocation(time.DateOnly, day, shanghai()); day != "" && err == nil {
			return t
		}
	}
	y, m, d := now.In(shanghai()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, shanghai())
}

// progress returns a callback that shows a counter on the error stream.
func (c *call) progress(did, what string) func(uint64) {
	return func(n uint64) { fmt.Fprintf(c.err, "\r%s %d %s", did, n, what) }
}

// state sums up the families of a run in one word.
func state(e pipeline.Entry) string {
	for _, f := range e.Families {
		if f.State != "done" {
			return f.Name + " " + f.State
		}
	}
	return "done"
}

// newest returns the newest run whose last family was committed.
func newest(ctx context.Context, s *store) (warehouse.Run, bool, error) {
	return pipeline.Newest(ctx, s.owner, "compare")
}

// firstRun asks for the run after the first load.
func firstRun() pipeline.Request { return pipeline.Request{Reason: "first load"} }
