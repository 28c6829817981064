// Package indicator computes the indicators (指标) of legal supervision. It owns
// the catalogue of definitions and the table indicator_value; it promises that
// every value follows from its definition through SQL made of nothing else, that
// rates are sums divided by sums, and that num + other + undetermined = all. It
// never averages rates and never counts a missing value as anything but
// undetermined.
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

// Run computes every indicator by month and organ, then sums up the organs that
// each procuratorate leads, then the periods, then recomputes published figures.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	report := warehouse.Report{Figures: map[string]uint64{}}
	register, err := access.LoadRegister(ctx, j.deps.DB)
	if err != nil {
		return report, fmt.Errorf("load the organ register: %w", err)
	}
	for _, ind := range j.deps.Catalogue.Indicators() {
		if err := j.months(ctx, r, ind, &report); err != nil {
			return report, err
		}
	}
	if err := j.exec(ctx, r, closureSQL, warehouse.Param("above", above(register))); err != nil {
		return report, fmt.Errorf("sum up the organs that each procuratorate leads: %w", err)
	}
	if err := j.exec(ctx, r, periodsSQL); err != nil {
		return report, fmt.Errorf("sum up months to longer periods: %w", err)
	}
	if err := j.external(ctx, r, register, &report); err != nil {
		return report, fmt.Errorf("recompute published figures: %w", err)
	}
	err = j.deps.DB.QueryRow(ctx, `SELECT count(), uniqExact(indicator, period_kind, period, organ_id, coverage, dim, vintage) FROM indicator_value WHERE run_id = {run:String}`,
		warehouse.Param("run", r.ID)).Scan(&report.Rows, &report.Units)
	if err != nil {
		return report, fmt.Errorf("count the values of run %s: %w", r.ID, err)
	}
	return report, nil
}

// months computes one indicator by month and own organ.
func (j *Job) months(ctx context.Context, r warehouse.Run, ind Indicator, report *warehouse.Report) error {
	if err := j.exec(ctx, r, monthsSQL(ind, j.deps.Contracts)); err != nil {
		return fmt.Errorf("compute indicator %s: %w", ind.ID, err)
	}
	var lost uint64
	err := j.deps.DB.QueryRow(ctx, lostSQL(ind, j.deps.Contracts), warehouse.Param("run", r.ID), warehouse.Param("as_of", r.AsOf.Format(time.DateOnly))).Scan(&lost)
	if err != nil {
		return fmt.Errorf("count what indicator %s cannot attribute: %w", ind.ID, err)
	}
	if lost > 0 {
		report.Figures["not_attributable_"+ind.ID] = lost
		report.Notes = append(report.Notes, fmt.Sprintf("%s: %d records name no organ in %s and belong to no organ's value", ind.ID, lost, ind.Organ))
	}
	return nil
}

// exec runs a statement of the run.
func (j *Job) exec(ctx context.Context, r warehouse.Run, sql string, more ...any) error {
	ctx, cancel := context.WithTimeout(ctx, j.config.Timeout)
	defer cancel()
	args := append([]any{
		warehouse.Param("run", r.ID), warehouse.Param("generation", strconv.FormatUint(uint64(r.Generation), 10)),
		warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)),
	}, more...)
	return j.deps.DB.Exec(ctx, sql, args...)
}

// above maps each procuratorate to those whose closure holds it, itself
// included, as a ClickHouse map literal.
func above(register *access.Register) string {
	up := map[string][]string{}
	var order []string
	for _, o := range register.All() {
		if o.System != "procuratorate" {
			continue
		}
		for _, id := range register.Led(o.ID) {
			if up[id] == nil {
				order = append(order, id)
			}
			up[id] = append(up[id], o.ID)
		}
	}
	entries := make([]string, len(order))
	for i, id := range order {
		entries[i] = literal(id) + ":" + array(up[id])
	}
	return "{" + strings.Join(entries, ",") + "}"
}

// literal writes a string for a bound parameter of a composite type.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// array writes strings for a bound parameter of type Array(String).
func array(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = literal(s)
	}
	return "[" + strings.Join(slices.Clip(quoted), ",") + "]"
}
