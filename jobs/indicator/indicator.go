// Package indicator computes the indicators (指标) of legal supervision. It owns
// the catalogue of definitions, the cells they are counted in (indicator_cell,
// indicator_part, indicator_person) and the frozen vintages in indicator_value;
// it promises that every value follows from its definition through SQL made of
// nothing else, that indicators over one source and day share one scan, that a
// later run adds only what changed, that rates are sums divided by sums, and
// that num + other + undetermined = all. It never averages rates and never
// counts a missing value as anything but undetermined.
package indicator

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract"
)

// Config bounds a run.
type Config struct {
	Timeout time.Duration // of one statement
	Full    bool          // compute everything although an earlier run could be built on
}

// DefaultConfig gives each statement ten minutes.
func DefaultConfig() Config { return Config{Timeout: 10 * time.Minute} }

// Deps are the neighbours of the job.
type Deps struct {
	DB        *warehouse.DB
	Contracts *contract.Catalogue
	Catalogue *Catalogue
}

// Job computes all indicators of a run.
type Job struct {
	config Config
	deps   Deps
}

// New returns the job; it starts nothing.
func New(c Config, d Deps) (*Job, error) {
	if c.Timeout <= 0 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "indicator.timeout is not positive: set the longest time for one statement, such as 10m"}
	}
	if d.DB == nil || d.Contracts == nil || d.Catalogue == nil {
		return nil, &warehouse.Error{Code: warehouse.Internal, Message: "indicator needs a warehouse, contracts and a catalogue"}
	}
	return &Job{config: c, deps: d}, nil
}

// Name returns the family's name.
func (j *Job) Name() string { return "indicator" }

// Run counts every indicator by month and organ, or what changed since the
// newest visible run where it can be added to that, notes of what the values
// are made, and recomputes published figures. Organs above and longer periods
// are summed up when they are read.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	report := warehouse.Report{Figures: map[string]uint64{}}
	register, err := access.LoadRegister(ctx, j.deps.DB)
	if err != nil {
		return report, fmt.Errorf("load the organ register: %w", err)
	}
	b := base{}
	if !j.config.Full {
		if b, err = j.baseOf(ctx, r); err != nil {
			return report, fmt.Errorf("find a run to build on: %w", err)
		}
	}
	if err := j.count(ctx, r, b, j.deps.Catalogue.Indicators(), &report); err != nil {
		return report, err
	}
	edition, err := j.writeAbove(ctx, register)
	if err != nil {
		return report, err
	}
	if err := j.writeParts(ctx, r, b, edition); err != nil {
		return report, fmt.Errorf("note of what run %s is made: %w", r.ID, err)
	}
	if err := j.external(ctx, r, register, &report); err != nil {
		return report, fmt.Errorf("recompute published figures: %w", err)
	}
	err = j.deps.DB.QueryRow(ctx, `SELECT count(), uniqExact(indicator, organ_id, month, dim) FROM indicator_cell WHERE run_id = {run:String}`,
		warehouse.Param("run", r.ID)).Scan(&report.Rows, &report.Units)
	if err != nil {
		return report, fmt.Errorf("count the cells of run %s: %w", r.ID, err)
	}
	if b.run != "" {
		report.Notes = append(report.Notes, "what changed since run "+b.run+" was added to it")
	}
	return report, nil
}

// count runs the scans of the indicators: whole ones, or of what changed since
// the base where every part of an indicator can be added up.
func (j *Job) count(ctx context.Context, r warehouse.Run, b base, indicators []Indicator, report *warehouse.Report) error {
	var whole, added []Indicator
	for _, ind := range indicators {
		if b.run != "" && j.deps.Catalogue.additive(ind) {
			added = append(added, ind)
		} else {
			whole = append(whole, ind)
		}
	}
	how, err := j.currents(ctx, r, whole)
	if err != nil {
		return err
	}
	if err := j.scans(ctx, r, b, whole, how, report); err != nil {
		return err
	}
	again, err := j.currents(ctx, r, whole)
	if err != nil {
		return err
	}
	for name := range how {
		if again[name] == asKnown {
			return j.recount(ctx, r, whole, name, report)
		}
	}
	changed := map[string]reading{}
	for _, s := range scansOf(added) {
		changed[s.from] = changing
	}
	return j.scans(ctx, r, b, added, changed, report)
}

// recount undoes what was read from a current table that moved on while it was
// read: the cells are taken back, and everything is read from the history.
func (j *Job) recount(ctx context.Context, r warehouse.Run, whole []Indicator, name string, report *warehouse.Report) error {
	report.Notes = append(report.Notes, name+" moved on while it was read: its history was read instead")
	if err := j.exec(ctx, r, base{}, `INSERT INTO indicator_cell (`+cellColumns+`)
SELECT run_id, generation, indicator, dim, organ_id, month, -num, -den, -n, -undetermined FROM indicator_cell WHERE run_id = {run:String}`); err != nil {
		return fmt.Errorf("take back the cells of run %s: %w", r.ID, err)
	}
	return j.scans(ctx, r, base{}, whole, nil, report)
}

// currents says which record types of the indicators can be read from their
// current tables: those that hold nothing the run does not know.
func (j *Job) currents(ctx context.Context, r warehouse.Run, indicators []Indicator) (map[string]reading, error) {
	how := map[string]reading{}
	for _, s := range scansOf(indicators) {
		types := []string{s.from}
		if derived, ok := j.deps.Catalogue.sources[s.from]; ok {
			types = derived.Types
		}
		for _, name := range types {
			t, ok := j.deps.Contracts.Type(name)
			if _, done := how[name]; done || !ok {
				continue
			}
			var beyond uint64
			if err := j.deps.DB.QueryRow(ctx, t.BeyondSQL(), warehouse.Param("run", r.ID)).Scan(&beyond); err != nil {
				return nil, fmt.Errorf("see whether the run knows all of %s: %w", name, err)
			}
			how[name] = current
			if beyond > 0 {
				how[name] = asKnown
			}
		}
	}
	return how, nil
}

// scans runs one statement per place.
func (j *Job) scans(ctx context.Context, r warehouse.Run, b base, indicators []Indicator, how map[string]reading, report *warehouse.Report) error {
	lost := map[[2]string][]part{}
	var sources [][2]string
	for _, s := range scansOf(indicators) {
		from := j.deps.Catalogue.sourceSQL(s.from, j.deps.Contracts, how)
		sql := scanSQL(s, from, how[s.from] == changing)
		if s.distinct != "" { // pairs cannot be taken back, so they never come from a moving table
			sql = pairsSQL(s, j.deps.Catalogue.sourceSQL(s.from, j.deps.Contracts, nil))
		}
		if err := j.exec(ctx, r, b, sql); err != nil {
			return fmt.Errorf("count %s of %s by %s: %w", names(s.parts), s.from, s.date, err)
		}
		report.Figures["scans"]++
		at := [2]string{s.from, s.organ}
		if lost[at] == nil {
			sources = append(sources, at)
		}
		lost[at] = append(lost[at], s.parts...)
	}
	for _, at := range sources {
		if err := j.lost(ctx, r, lost[at], j.deps.Catalogue.sourceSQL(at[0], j.deps.Contracts, how), how[at[0]] == changing, report); err != nil {
			return err
		}
	}
	return nil
}

// names lists the indicators of parts, each once.
func names(parts []part) string {
	var out []string
	for _, p := range parts {
		if !slices.Contains(out, p.indicator) {
			out = append(out, p.indicator)
		}
	}
	return strings.Join(out, ", ")
}

// lost reports rows that name no organ and so belong to no organ's value.
func (j *Job) lost(ctx context.Context, r warehouse.Run, parts []part, from string, changed bool, report *warehouse.Report) error {
	if changed {
		return nil
	}
	rows, err := j.deps.DB.Query(ctx, lostSQL(parts, from), warehouse.Param("run", r.ID), warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)))
	if err != nil {
		return fmt.Errorf("count what %s cannot attribute: %w", names(parts), err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var n uint64
		if err := rows.Scan(&id, &n); err != nil {
			return fmt.Errorf("count what %s cannot attribute: %w", names(parts), err)
		}
		report.Figures["not_attributable_"+id] += n
		report.Notes = append(report.Notes, fmt.Sprintf("%s: %d records of %s name no organ in %s and belong to no organ's value", id, n, parts[0].from, parts[0].organ))
	}
	return rows.Err()
}

// exec runs a statement of the run.
func (j *Job) exec(ctx context.Context, r warehouse.Run, b base, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, j.config.Timeout)
	defer cancel()
	return j.deps.DB.Exec(ctx, sql, warehouse.Param("run", r.ID), warehouse.Param("generation", strconv.FormatUint(uint64(r.Generation), 10)),
		warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)), warehouse.Param("base", b.run))
}

// literal writes a string for a bound parameter of a composite type.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// array writes strings as a bound parameter of type Array(String).
func array(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = literal(s)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}
