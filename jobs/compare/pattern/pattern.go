// Package pattern looks for ways of reporting that make figures look better than
// the work behind them (填报规律). It owns the table reporting_pattern; it promises
// that each pattern is a definition with SQL, compared with the whole country in
// the same quarter at a declared share of false calls. It never says that figures
// are wrong, names no person and ranks no organ.
package pattern

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hengjian/jobs/compare/funnel"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Config bounds what is said.
type Config struct {
	Small     uint64  // acts below which nothing is said of an organ's quarter
	Discovery float64 // expected share of false calls
	Quarters  int     // quarters looked at, the newest first
}

// DefaultConfig looks at two years and says nothing of fewer than 20 acts.
func DefaultConfig() Config { return Config{Small: 20, Discovery: 0.1, Quarters: 8} }

// Deps are the neighbours of the job.
type Deps struct {
	DB       *warehouse.DB
	Patterns []Pattern
}

// Job looks for every pattern.
type Job struct {
	config Config
	deps   Deps
}

// New returns the job; Invalid for bounds that say nothing.
func New(c Config, d Deps) (*Job, error) {
	if c.Small == 0 || c.Discovery <= 0 || c.Discovery >= 1 || c.Quarters < 1 {
		return nil, &warehouse.Error{Code: warehouse.Invalid, Message: "pattern: small must be at least 1, discovery between 0 and 1, quarters at least 1"}
	}
	if d.DB == nil {
		return nil, &warehouse.Error{Code: warehouse.Internal, Message: "pattern needs a warehouse"}
	}
	return &Job{config: c, deps: d}, nil
}

// Name returns the family's name.
func (j *Job) Name() string { return "pattern" }

// Run counts every pattern by organ and quarter and compares with the country.
func (j *Job) Run(ctx context.Context, r warehouse.Run) (warehouse.Report, error) {
	report := warehouse.Report{Figures: map[string]uint64{}}
	register, err := access.LoadRegister(ctx, j.deps.DB)
	if err != nil {
		return report, fmt.Errorf("load the organ register: %w", err)
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, `INSERT INTO reporting_pattern (run_id, generation, pattern, quarter, organ_id, observed, of, share, z, q, notable, note)`)
	if err != nil {
		return report, fmt.Errorf("append reporting patterns: %w", err)
	}
	defer batch.Close()
	for _, p := range j.deps.Patterns {
		quarters, err := j.count(ctx, r, p, register)
		if err != nil {
			return report, fmt.Errorf("count the reporting pattern %s: %w", p.ID, err)
		}
		for _, q := range quarters {
			report.Units++
			for _, place := range funnel.Proportions(q.points, funnel.Config{Small: j.config.Small, Discovery: j.config.Discovery}) {
				// Only more than usual is a pattern; less is none.
				above := place.Notable && place.Z != nil && *place.Z > 0
				if above {
					report.Figures["notable"]++
				}
				report.Rows++
				if err := batch.Append(r.ID, r.Generation, p.ID, q.start, place.Organ, place.Num, place.Den, place.Centre, place.Z, place.Q, above, place.Note); err != nil {
					return report, fmt.Errorf("append reporting patterns: %w", err)
				}
			}
		}
	}
	if err := batch.Send(); err != nil {
		return report, fmt.Errorf("append reporting patterns: %w", err)
	}
	return report, nil
}

// quarter holds the counts of all organs in administrative order.
type quarter struct {
	start  time.Time
	points []funnel.Point
}

func (j *Job) count(ctx context.Context, r warehouse.Run, p Pattern, register *access.Register) ([]quarter, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT toString(organ_id), toDate32(quarter), observed, of FROM
(
    SELECT organ_id, toStartOfQuarter(day) AS quarter, countIf(shows) AS observed, count() AS of FROM (`+p.SQL+`) AS listed GROUP BY organ_id, quarter
) AS counted
WHERE quarter >= addQuarters(toStartOfQuarter({as_of:Date32}), {back:Int32}) AND quarter <= {as_of:Date32} ORDER BY quarter, organ_id`,
		warehouse.Param("run", r.ID), warehouse.Param("organ", ""), warehouse.Param("as_of", r.AsOf.Format(time.DateOnly)), warehouse.Param("back", fmt.Sprint(-j.config.Quarters)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []quarter
	for rows.Next() {
		var at time.Time
		var point funnel.Point
		if err := rows.Scan(&point.Organ, &at, &point.Num, &point.Den); err != nil {
			return nil, err
		}
		if len(out) == 0 || !out[len(out)-1].start.Equal(at) {
			out = append(out, quarter{start: at})
		}
		last := &out[len(out)-1]
		last.points = append(last.points, point)
	}
	for _, q := range out {
		slices.SortFunc(q.points, func(a, b funnel.Point) int { return place(register, a.Organ, b.Organ) })
	}
	return out, rows.Err()
}

// place orders organs administratively; unknown ones last, by id.
func place(register *access.Register, a, b string) int {
	x, okX := register.ByID(a)
	y, okY := register.ByID(b)
	switch {
	case okX && okY && x.Order != y.Order:
		if x.Order < y.Order {
			return -1
		}
		return 1
	case okX != okY:
		if okX {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}
