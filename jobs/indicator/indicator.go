// Package indicator computes the indicators (指标) of legal supervision. It owns
// the catalogue of definitions, the cells they are counted in (indicator_months,
// indicator_part, indicator_person) and the frozen vintages in indicator_value;
// it promises that every value follows from its definition through SQL made of
// nothing else, that indicators over one source and day share one scan, that a
// later run adds only what changed, that rates are sums divided by sums, and
// that num + other + undetermined = all. It never averages rates and never
// counts a missing value as anything but undetermined.
package indicator

import (
	"cmp"
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
	b.pairs = r.ID
	if err := j.count(ctx, r, &b, j.deps.Catalogue.Indicators(), &report); err != nil {
		return report, err
	}
	edition, err := j.writeAbove(ctx, register, r.AsOf)
	if err != nil {
		return report, err
	}
	if err := j.writeParts(ctx, r, b, edition); err != nil {
		return report, fmt.Errorf("note of what run %s is made: %w", r.ID, err)
	}
	if err := j.external(ctx, r, register, &report); err != nil {
		return report, fmt.Errorf("recompute published figures: %w", err)
	}
	err = j.deps.DB.QueryRow(ctx, `SELECT count(), uniqExact(indicator, organ_id, dim) FROM indicator_months WHERE run_id = {run:String}`,
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
func (j *Job) count(ctx context.Context, r warehouse.Run, b *base, indicators []Indicator, report *warehouse.Report) error {
	var whole, added []Indicator
	for _, ind := range indicators {
		if b.run != "" && j.deps.Catalogue.additive(ind, b.asOf, r.AsOf) {
			added = append(added, ind)
		} else {
			whole = append(whole, ind)
		}
	}
	how, err := j.currents(ctx, r, whole)
	if err != nil {
		return err
	}
	if err := j.scans(ctx, r, *b, whole, how, report); err != nil {
		return err
	}
	again, err := j.currents(ctx, r, whole)
	if err != nil {
		return err
	}
	for name := range how {
		if again[name] == asKnown {
			if err := j.recount(ctx, r, b, whole, name, report); err != nil {
				return err
			}
			break
		}
	}
	return j.differences(ctx, r, *b, added, report)
}

// recount undoes what was read from a current table that moved on while it was
// read: the cells are taken back, the pairs of cell and person are written under
// another name, and everything is read from the history.
func (j *Job) recount(ctx context.Context, r warehouse.Run, b *base, whole []Indicator, name string, report *warehouse.Report) error {
	report.Notes = append(report.Notes, name+" moved on while it was read: its history was read instead")
	if err := j.exec(ctx, r, base{}, `INSERT INTO indicator_months (`+monthsColumns+`)
SELECT run_id, generation, indicator, dim, organ_id, months, arrayMap(a -> -a, num), arrayMap(a -> -a, den), arrayMap(a -> -a, n), arrayMap(a -> -a, undetermined) FROM indicator_months WHERE run_id = {run:String}`); err != nil {
		return fmt.Errorf("take back the cells of run %s: %w", r.ID, err)
	}
	b.pairs = r.ID + "/again"
	return j.scans(ctx, r, *b, whole, nil, report)
}

// currents says which record types of the indicators can be read from their
// current tables: those that hold nothing the run does not know.
func (j *Job) currents(ctx context.Context, r warehouse.Run, indicators []Indicator) (map[string]reading, error) {
	how := map[string]reading{}
	var selects []string
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
			how[name] = current
			selects = append(selects, "SELECT '"+name+"' FROM ("+t.BeyondSQL()+") WHERE beyond > 0")
		}
	}
	if len(selects) == 0 {
		return how, nil
	}
	rows, err := j.deps.DB.Query(long(ctx), strings.Join(selects, "\nUNION ALL "), warehouse.Param("run", r.ID))
	if err != nil {
		return nil, fmt.Errorf("see which record types the run knows whole: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("see which record types the run knows whole: %w", err)
		}
		how[name] = asKnown
	}
	return how, rows.Err()
}

// scans runs one statement per source, which holds one scan per place, and one
// that looks for what names no organ.
func (j *Job) scans(ctx context.Context, r warehouse.Run, b base, indicators []Indicator, how map[string]reading, report *warehouse.Report) error {
	if err := j.sources(ctx, r, b, scansOf(indicators), how, report); err != nil {
		return err
	}
	return j.lost(ctx, r, scansOf(indicators), how, report)
}

// sources runs the scans source by source.
func (j *Job) sources(ctx context.Context, r warehouse.Run, b base, all []scan, how map[string]reading, report *warehouse.Report) error {
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].from == all[0].from {
			n++
		}
		if err := j.source(ctx, r, b, all[:n], how, report); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// source counts all scans of one source.
func (j *Job) source(ctx context.Context, r warehouse.Run, b base, scans []scan, how map[string]reading, report *warehouse.Report) error {
	c := j.deps.Catalogue
	var selects []string
	var parts []part
	for _, s := range scans {
		parts = append(parts, s.parts...)
		if s.distinct == "" {
			selects = append(selects, foldSQL(s, c.sourceSQL(s.from, j.deps.Contracts, how), how[s.from] == changing)...)
		} else if err := j.exec(ctx, r, b, insertPairsSQL(pairsSQL(s, c.sourceSQL(s.from, j.deps.Contracts, how)))); err != nil {
			return fmt.Errorf("pair cells and persons of %s: %w", names(s.parts), err)
		}
	}
	if err := j.exec(ctx, r, b, insertMonthsSQL(selects)); err != nil {
		return fmt.Errorf("count %s of %s: %w", names(parts), scans[0].from, err)
	}
	report.Figures["scans"] += uint64(len(scans))
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
func (j *Job) lost(ctx context.Context, r warehouse.Run, scans []scan, how map[string]reading, report *warehouse.Report) error {
	parts := map[[2]string][]part{}
	var order [][2]string
	for _, s := range scans {
		at := [2]string{s.from, s.organ}
		if parts[at] == nil {
			order = append(order, at)
		}
		parts[at] = append(parts[at], s.parts...)
	}
	without, err := j.without(ctx, r, order, how)
	if err != nil {
		return err
	}
	var selects []string
	for _, at := range without {
		selects = append(selects, lostSQL(parts[at], j.deps.Catalogue.sourceSQL(at[0], j.deps.Contracts, how)))
	}
	if len(selects) == 0 {
		return nil
	}
	rows, err := j.deps.DB.Query(long(ctx), strings.Join(selects, "\nUNION ALL\n"), warehouse.Param("run", r.ID), warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)))
	if err != nil {
		return fmt.Errorf("count what cannot be attributed: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, from, organ string
		var n uint64
		if err := rows.Scan(&id, &n, &from, &organ); err != nil {
			return fmt.Errorf("count what cannot be attributed: %w", err)
		}
		report.Figures["not_attributable_"+id] += n
		report.Notes = append(report.Notes, fmt.Sprintf("%s: %d records of %s name no organ in %s and belong to no organ's value", id, n, from, organ))
	}
	return rows.Err()
}

// without lists the sources that hold rows without an organ: few do, and looking
// is cheap. Derived sources and what changed are not looked through.
func (j *Job) without(ctx context.Context, r warehouse.Run, order [][2]string, how map[string]reading) ([][2]string, error) {
	var selects []string
	for i, at := range order {
		t, ok := j.deps.Contracts.Type(at[0])
		from := fromVerdict + " WHERE run_id = {run:String} AND "
		if ok {
			from = "(" + stateSQL(t, how[at[0]]) + ") WHERE "
		}
		if _, derived := j.deps.Catalogue.sources[at[0]]; !derived && how[at[0]] != changing {
			selects = append(selects, fmt.Sprintf("SELECT toUInt32(%d) FROM %s%s = '' GROUP BY 1", i, from, organSQL(at[1])))
		}
	}
	if len(selects) == 0 {
		return nil, nil
	}
	rows, err := j.deps.DB.Query(long(ctx), strings.Join(selects, "\nUNION ALL "), warehouse.Param("run", r.ID))
	if err != nil {
		return nil, fmt.Errorf("look for records without an organ: %w", err)
	}
	defer rows.Close()
	var out [][2]string
	for rows.Next() {
		var i uint32
		if err := rows.Scan(&i); err != nil {
			return nil, fmt.Errorf("look for records without an organ: %w", err)
		}
		out = append(out, order[i])
	}
	return out, rows.Err()
}

// long lets a statement be long: one text holds all scans of a source. Machine
// code is not made for it: it runs a few times in the life of the engine, and
// making it costs more than it saves.
func long(ctx context.Context) context.Context {
	return warehouse.WithQuery(ctx, "", map[string]any{"max_query_size": 4 << 20, "compile_expressions": 0, "compile_aggregate_expressions": 0})
}

// exec runs a statement of the run.
func (j *Job) exec(ctx context.Context, r warehouse.Run, b base, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, j.config.Timeout)
	defer cancel()
	return j.deps.DB.Exec(long(ctx), sql, warehouse.Param("run", r.ID), warehouse.Param("generation", strconv.FormatUint(uint64(r.Generation), 10)),
		warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)), warehouse.Param("base", b.run), warehouse.Param("pairs", cmp.Or(b.pairs, r.ID)), warehouse.Param("base_as_of", cmp.Or(b.asOf, r.AsOf).Format(time.DateOnly)))
}

// literal writes a string for a bound parameter of a composite type.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
