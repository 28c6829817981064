// Package compare places organs within their peer group (同级比较). It owns the
// table comparison; it promises exact control limits, a group's own centre, and
// silence where numbers are small. It never ranks and never judges.
package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Config bounds what is said of small groups.
type Config struct {
	SmallNumber uint64 // denominators below it get no position
}

// DefaultConfig gives no position to denominators below 20.
func DefaultConfig() Config { return Config{SmallNumber: 20} }

// Deps are the neighbours of the job.
type Deps struct {
	DB          *warehouse.DB
	Proportions []string // ids of indicators whose numerator is part of the denominator
}

// Job compares all proportions of a run.
type Job struct {
	config Config
	deps   Deps
}

// New returns the job; Invalid when there is nothing to compare or no bound.
func New(c Config, d Deps) (*Job, error) {
	if c.SmallNumber == 0 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "compare.small_number is 0: set the smallest denominator that may be compared, such as 20"}
	}
	if d.DB == nil {
		return nil, &warehouse.Error{Code: warehouse.Internal, Message: "compare needs a warehouse"}
	}
	return &Job{config: c, deps: d}, nil
}

// Name returns the family's name.
func (j *Job) Name() string { return "compare" }

// group is one peer group: the organs of a level with the coverage they are compared by.
type group struct {
	name, level, coverage string
}

// groups are the peer groups: provinces with all they lead, prefectures by
// their own cases.
var groups = []group{
	{"provincial", "provincial", "closure"},
	{"prefectural", "prefectural", "own"},
}

// cellKey is one indicator and period of a group.
type cellKey struct{ indicator, kind, period string }

// Run places every organ of every group in every period of the run's indicator values.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	report := warehouse.Report{Figures: map[string]uint64{}}
	register, err := access.LoadRegister(ctx, j.deps.DB)
	if err != nil {
		return report, fmt.Errorf("load the organ register: %w", err)
	}
	for _, g := range groups {
		var organs []string
		for _, o := range register.All() {
			if o.System == "procuratorate" && o.Level == g.level {
				organs = append(organs, o.ID)
			}
		}
		cells, order, err := j.points(ctx, r, g, organs)
		if err != nil {
			return report, fmt.Errorf("read values of the group %s: %w", g.name, err)
		}
		if err := j.append(ctx, r, g, cells, order, &report); err != nil {
			return report, fmt.Errorf("append comparisons of the group %s: %w", g.name, err)
		}
	}
	report.Notes = append(report.Notes, "flow ratios whose numerator is not part of the denominator, and distributions, are not compared")
	return report, nil
}

// points reads one group's proportions, organs in administrative order.
func (j *Job) points(ctx context.Context, r warehouse.Run, g group, organs []string) (map[cellKey][]Point, []cellKey, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT indicator, period_kind, period, organ_id, toUInt64(num), toUInt64(assumeNotNull(den))
FROM indicator_value
WHERE run_id = {run:String} AND vintage = 'live' AND dim = '' AND coverage = {coverage:String}
  AND indicator IN {indicators:Array(String)} AND organ_id IN {organs:Array(String)} AND den IS NOT NULL AND den > 0
ORDER BY indicator, period_kind, period, indexOf({organs:Array(String)}, organ_id)`,
		warehouse.Param("run", r.ID), warehouse.Param("coverage", g.coverage),
		warehouse.Param("indicators", array(j.deps.Proportions)), warehouse.Param("organs", array(organs)))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	cells, order := map[cellKey][]Point{}, []cellKey{}
	for rows.Next() {
		var k cellKey
		var p Point
		if err := rows.Scan(&k.indicator, &k.kind, &k.period, &p.Organ, &p.Num, &p.Den); err != nil {
			return nil, nil, err
		}
		if cells[k] == nil {
			order = append(order, k)
		}
		cells[k] = append(cells[k], p)
	}
	return cells, order, rows.Err()
}

// append writes one group's places in one batch.
func (j *Job) append(ctx context.Context, r warehouse.Run, g group, cells map[cellKey][]Point, order []cellKey, report *warehouse.Report) error {
	if len(order) == 0 {
		return nil
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, `INSERT INTO comparison (run_id, generation, indicator, period_kind, period, peer_group, organ_id, coverage, num, den, centre, lower, upper, z, position, note)`)
	if err != nil {
		return err
	}
	for _, k := range order {
		report.Units++
		for _, p := range place(cells[k], j.config.SmallNumber) {
			if err := batch.Append(r.ID, r.Generation, k.indicator, k.kind, k.period, g.name, p.Organ, g.coverage,
				fmt.Sprint(p.Num), fmt.Sprint(p.Den), p.Centre, p.Lower, p.Upper, p.Z, p.Position, p.Note); err != nil {
				return err
			}
			report.Rows++
			if p.Position == "" {
				report.Figures["without_position"]++
			}
		}
	}
	return batch.Send()
}

// array writes strings as a ClickHouse array literal for a bound parameter.
func array(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
	}
	return "[" + strings.Join(slices.Clip(quoted), ",") + "]"
}
