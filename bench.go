package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"hengjian/warehouse"
)

// bench is one comparison with named peers, all measured in the same run on the
// same data. One of ours per file bench<name>.go; it is listed in benches.
type bench struct {
	name, about string
	run         func(c *call) (measured, error)
}

// measured is what a bench found.
type measured struct {
	Ratios  map[string]float64 `json:"ratios"`            // ours divided by the peer: above 1 we are better
	Figures map[string]float64 `json:"figures,omitempty"` // as measured, the unit in the name
	Notes   []string           `json:"notes,omitempty"`   // what a reader must know to judge the ratios
	Details any                `json:"details,omitempty"` // all that was seen, as the bench itself writes it
}

// benches lists every bench.
func benches() []bench {
	return []bench{
		{"ingest", "Kafka to tables: our loader beside the Kafka table engine, a row-append loader and a file insert", benchIngest},
		{"clocks", "five million case events by all rules, against five of them as plain window SQL", benchClocks},
		{"decode", "messages of all record types into columns, against JSON parsers that check nothing", benchDecode},
		{"indicators", "the full catalogue: against separate statements, one scan of its columns, and what a day changes", benchIndicators},
		{"link", "which records are one person, against a known truth and Splink", benchLink},
		{"strangers", "persons that change because records of strangers arrive", benchStrangers},
	}
}

// withScratch is withStore on a new warehouse that goes away with the bench.
func (c *call) withScratch(work func(context.Context, *store) error) error {
	scratch, err := os.MkdirTemp("", "hengjian-bench-")
	if err != nil {
		return fmt.Errorf("make a scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	c.cfg.Data, c.cfg.ClickHouse.Port = scratch, 0
	return c.withStore(work)
}

type benchCommand struct {
	Name   string `arg:"" optional:"" help:"Which bench; without a name all are listed."`
	Input  string `help:"Folder of the data to measure on, where a bench needs one." placeholder:"DIR"`
	Python string `help:"Python with the packages of the peer, where a bench needs one." placeholder:"PROGRAM"`
	JSON   string `help:"Write the figures to this file too." placeholder:"FILE"`

	Records   int      `help:"ingest: about how many records." default:"10000000" placeholder:"N"`
	Sample    int      `help:"ingest: after so many records the clock of the Kafka table engine and of the row-append loader stops; 0 = all." default:"1000000" placeholder:"N"`
	Rounds    int      `help:"ingest: how often each contender runs; the median counts." default:"1" placeholder:"N"`
	Only      []string `help:"ingest: these contenders alone. indicators: these steps alone." placeholder:"NAME,…"`
	Keep      string   `help:"indicators: keep the records in this folder and measure on them again." placeholder:"DIR"`
	Events    int      `help:"clocks: about how many case events." default:"5000000" placeholder:"N"`
	Strangers string   `help:"strangers: folder of records that have nothing to do with those of --input." placeholder:"DIR"`
	Profile   string   `help:"ingest: write processor profiles of the loaders beside this path; clocks: of the full run, to it." placeholder:"FILE"`
}

// Help gives an example.
func (benchCommand) Help() string {
	return "Example: hengjian bench decode --json decode.json\n\nA ratio is ours divided by the named peer, measured in the same run: above 1 we are better."
}

// Run measures one bench and prints its ratios.
func (b benchCommand) Run(c *call) error {
	all := benches()
	if b.Name == "" {
		for _, x := range all {
			fmt.Fprintf(c.out, "%-12s %s\n", x.name, x.about)
		}
		return nil
	}
	at := slices.IndexFunc(all, func(x bench) bool { return x.name == b.Name })
	if at < 0 {
		return usageError{fmt.Errorf("there is no bench %q: hengjian bench lists them", b.Name)}
	}
	c.bench = b
	found, err := all[at].run(c)
	if err != nil {
		return fmt.Errorf("bench %s: %w", b.Name, err)
	}
	for _, figures := range []map[string]float64{found.Figures, found.Ratios} {
		for _, name := range slices.Sorted(maps.Keys(figures)) {
			fmt.Fprintf(c.out, "%-44s %12.4g\n", name, figures[name])
		}
	}
	for _, note := range found.Notes {
		fmt.Fprintln(c.out, "note:", note)
	}
	if b.JSON == "" {
		return nil
	}
	text, err := json.MarshalIndent(struct {
		Bench string `json:"bench"`
		measured
		Commit  string `json:"commit"`
		Machine string `json:"machine"`
	}{b.Name, found, commit(), thisMachine()}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	if err := os.WriteFile(b.JSON, append(text, '\n'), 0o644); err != nil { //nolint:gosec // figures are for everybody
		return &warehouse.Error{Code: warehouse.Unavailable, Message: "the figures cannot be written to " + b.JSON, Err: err}
	}
	return nil
}

// contender is one side of a race: round does the same work as every other side
// and returns how many units (rows, messages) that was.
type contender struct {
	name  string
	round func(ctx context.Context) (units int, err error)
}

// race lets the contenders take turns, so that all meet the same machine, and
// returns the median units per second of each. The first turn only warms up.
func race(ctx context.Context, rounds int, all ...contender) (map[string]float64, error) {
	speeds := map[string][]float64{}
	for turn := range rounds + 1 {
		for _, x := range all {
			runtime.GC()
			started := time.Now()
			units, err := x.round(ctx)
			took := time.Since(started).Seconds()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", x.name, err)
			}
			if turn > 0 {
				speeds[x.name] = append(speeds[x.name], float64(units)/took)
			}
		}
	}
	medians := map[string]float64{}
	for name, s := range speeds {
		slices.Sort(s)
		medians[name] = s[len(s)/2]
	}
	return medians, nil
}

// against turns speeds into ratios of ours to every other.
func against(ours string, speeds map[string]float64) map[string]float64 {
	ratios := map[string]float64{}
	for name, speed := range speeds {
		if name != ours {
			ratios[name] = speeds[ours] / speed
		}
	}
	return ratios
}

// commit names the revision of this build, with "+" when the tree had changes.
func commit() string {
	revision, changed := version, ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "+"
			}
		}
	}
	return revision + changed
}

// thisMachine names processor, cores and toolchain.
func thisMachine() string {
	model := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s %s", model, runtime.GOMAXPROCS(0), runtime.GOOS, runtime.Version())
}
