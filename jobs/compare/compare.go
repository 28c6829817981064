// Package compare places organs within their peer groups (同级比较) and each
// organ against its own course (控制图). It owns the tables comparison,
// comparison_part, course and course_signal; it promises exact control limits, a
// group's own centre, a declared share of false discoveries, and silence where
// numbers are small. It never ranks and never judges.
package compare

import (
	"context"
	"fmt"
	"slices"

	"hengjian/jobs/compare/control"
	"hengjian/jobs/compare/funnel"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Config bounds what is said of small groups.
type Config struct {
	SmallNumber uint64         // denominators below it get no position
	Discovery   float64        // expected share of false calls among organs called notable
	Neighbours  int            // organs in a group of like caseload
	Chart       control.Config // of the course over time
}

// DefaultConfig gives no position to denominators below 20 and declares one
// false call in ten.
func DefaultConfig() Config {
	return Config{SmallNumber: 20, Discovery: 0.1, Neighbours: 12, Chart: control.DefaultConfig()}
}

// Deps are the neighbours of the job.
type Deps struct {
	DB          *warehouse.DB
	Proportions []string // ids of indicators whose numerator is part of the denominator
	Rates       []string // ids of flow ratios: counts per denominator, which may exceed 100 %
}

// Job compares all ratios of a run.
type Job struct {
	config Config
	deps   Deps
}

// New returns the job; Invalid when there is nothing to compare or no bound.
func New(c Config, d Deps) (*Job, error) {
	switch {
	case c.SmallNumber == 0:
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "compare.small_number is 0: set the smallest denominator that may be compared, such as 20"}
	case c.Discovery <= 0 || c.Discovery >= 1:
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "compare.discovery is not between 0 and 1: set the share of false calls to declare, such as 0.1"}
	case c.Neighbours < 3:
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "compare.neighbours is below 3: set how many organs of like caseload make a group, such as 12"}
	case d.DB == nil:
		return nil, &warehouse.Error{Code: warehouse.Internal, Message: "compare needs a warehouse"}
	}
	return &Job{config: c, deps: d}, nil
}

// Name returns the family's name.
func (j *Job) Name() string { return "compare" }

// level is one level of organs and how it is compared: provinces with all they
// lead in every kind of period, prefectures by their own cases where a quarter
// at least is summed up, since their months are too small.
type level struct {
	name, coverage string
	kinds          []string
}

func levels() []level {
	return []level{
		{"provincial", "closure", []string{"month", "quarter", "half", "year", "ytd"}},
		{"prefectural", "own", []string{"quarter", "half", "year"}},
	}
}

// cellKey is one indicator and period.
type cellKey struct{ indicator, kind, period string }

// Run places every organ in every peer group and period of the run's indicator
// values, says which parts of an organ make it stand out, and charts its course.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	report := warehouse.Report{Figures: map[string]uint64{}}
	register, err := access.LoadRegister(ctx, j.deps.DB)
	if err != nil {
		return report, fmt.Errorf("load the organ register: %w", err)
	}
	if err := j.rollUp(ctx, r); err != nil {
		return report, fmt.Errorf("read the run's values: %w", err)
	}
	for _, l := range levels() {
		organs := organsOf(register, l.name)
		if len(organs) == 0 {
			continue
		}
		cells, order, err := j.points(ctx, l, organs)
		if err != nil {
			return report, fmt.Errorf("read values of level %s: %w", l.name, err)
		}
		groups, err := j.groups(ctx, l, organs)
		if err != nil {
			return report, fmt.Errorf("make peer groups of level %s: %w", l.name, err)
		}
		mix, err := j.mix(ctx, l, organs)
		if err != nil {
			return report, fmt.Errorf("read the case mix of level %s: %w", l.name, err)
		}
		out := &writer{run: r, level: l, mix: mix, report: &report}
		if err := j.append(ctx, out, groups, cells, order); err != nil {
			return report, fmt.Errorf("append comparisons of level %s: %w", l.name, err)
		}
		if err := j.parts(ctx, r, l, register, out.notable); err != nil {
			return report, fmt.Errorf("find what makes organs of level %s stand out: %w", l.name, err)
		}
		if err := j.courses(ctx, r, l, organs, &report); err != nil {
			return report, fmt.Errorf("chart courses of level %s: %w", l.name, err)
		}
	}
	if err := j.dropRollUp(ctx); err != nil {
		return report, fmt.Errorf("drop the run's values read: %w", err)
	}
	report.Notes = append(report.Notes, "counts and distributions are not compared between organs; flow ratios are compared as counts per denominator")
	return report, nil
}

func organsOf(register *access.Register, level string) []string {
	var organs []string
	for _, o := range register.All() {
		if o.System == "procuratorate" && o.Level == level {
			organs = append(organs, o.ID)
		}
	}
	return organs
}

// points reads one level's ratios, organs in administrative order.
func (j *Job) points(ctx context.Context, l level, organs []string) (map[cellKey][]funnel.Point, []cellKey, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT indicator, period_kind, period, organ_id, toUInt64(num), toUInt64(assumeNotNull(den))
FROM comparison_read
WHERE dim = '' AND coverage = {coverage:String} AND period_kind IN {kinds:Array(String)}
  AND indicator IN {indicators:Array(String)} AND organ_id IN {organs:Array(String)} AND den IS NOT NULL AND den > 0
ORDER BY indicator, period_kind, period, indexOf({organs:Array(String)}, toString(organ_id))`,
		warehouse.Param("coverage", l.coverage), warehouse.Param("kinds", warehouse.Array(l.kinds)),
		warehouse.Param("indicators", warehouse.Array(slices.Concat(j.deps.Proportions, j.deps.Rates))), warehouse.Param("organs", warehouse.Array(organs)))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	cells, order := map[cellKey][]funnel.Point{}, []cellKey{}
	for rows.Next() {
		var k cellKey
		var p funnel.Point
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

// places compares one group by what its ratio is.
func (j *Job) places(indicator string, points []funnel.Point) []funnel.Place {
	c := funnel.Config{Small: j.config.SmallNumber, Discovery: j.config.Discovery}
	if slices.Contains(j.deps.Rates, indicator) {
		return funnel.Counts(points, c)
	}
	return funnel.Proportions(points, c)
}
