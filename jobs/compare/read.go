package compare

import (
	"context"
	"fmt"

	"hengjian/jobs/compare/control"
	"hengjian/jobs/compare/funnel"
	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// Query names one comparison: an indicator in one period among one peer group.
type Query struct {
	Run                           string // "" = newest committed
	Indicator, PeriodKind, Period string
	PeerGroup                     string // provincial | prefectural, each alone, by /large /middle /small or /similar
}

// Standing is one organ's place and how it was judged.
type Standing struct {
	funnel.Place
	Coverage string
	Method   string // proportion | count
	Mix      *Mix   // by charge group, nil where the ratio is not split or the organ has no position
}

// Comparison is what a person may see of one peer group, in administrative order.
type Comparison struct {
	Run       string
	Centre    float64 // of the whole group, also where its members are out of scope
	Standings []Standing
}

// Reader serves comparisons to people.
type Reader struct{ db *warehouse.DB }

// NewReader returns a reader of db.
func NewReader(db *warehouse.DB) *Reader { return &Reader{db: db} }

// Compare returns the places that sc may see; NotFound when no run is committed
// or nothing of the group is in scope.
func (r *Reader) Compare(ctx context.Context, sc access.Scope, q Query) (Comparison, error) {
	out := Comparison{Run: q.Run}
	if out.Run == "" {
		if err := r.newest(ctx, &out.Run); err != nil {
			return out, err
		}
	}
	register, err := access.LoadRegister(ctx, r.db)
	if err != nil {
		return out, fmt.Errorf("load the organ register: %w", err)
	}
	found, err := r.places(ctx, out.Run, q)
	if err != nil {
		return out, fmt.Errorf("read comparison %s: %w", q.Indicator, err)
	}
	for _, o := range register.All() {
		if s, ok := found[o.ID]; ok && sc.Allows(o.ID, "general") {
			out.Centre = s.Centre
			out.Standings = append(out.Standings, s)
		}
	}
	if len(out.Standings) == 0 {
		return out, &warehouse.Error{Code: warehouse.NotFound, Message: "nothing to compare in this period among the organs you may see"}
	}
	return out, nil
}

// places reads all places of one group by organ.
func (r *Reader) places(ctx context.Context, run string, q Query) (map[string]Standing, error) {
	rows, err := r.db.Query(ctx, `SELECT organ_id, toString(coverage), method, toUInt64(num), toUInt64(den), centre,
    [lower, upper, lower998, upper998], [wide_lower, wide_upper, wide_lower998, wide_upper998], z, q, notable, position, note, expected, indirect, direct, mix_z
FROM comparison
WHERE run_id = {run:String} AND indicator = {indicator:String} AND period_kind = {kind:String} AND period = {period:String} AND peer_group = {group:String}`,
		warehouse.Param("run", run), warehouse.Param("indicator", q.Indicator), warehouse.Param("kind", q.PeriodKind),
		warehouse.Param("period", q.Period), warehouse.Param("group", q.PeerGroup))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]Standing{}
	for rows.Next() {
		var s Standing
		var chance, wide []*float64
		var expected, indirect, direct, mixZ *float64
		if err := rows.Scan(&s.Organ, &s.Coverage, &s.Method, &s.Num, &s.Den, &s.Centre, &chance, &wide, &s.Z, &s.Q, &s.Notable, &s.Position, &s.Note, &expected, &indirect, &direct, &mixZ); err != nil {
			return nil, err
		}
		s.Limits, s.Wide = limits(chance), limits(wide)
		if expected != nil && indirect != nil && mixZ != nil {
			s.Mix = &Mix{*expected, *indirect, direct, *mixZ}
		}
		out[s.Organ] = s
	}
	return out, rows.Err()
}

func limits(v []*float64) *funnel.Limits {
	if v[0] == nil || v[1] == nil || v[2] == nil || v[3] == nil {
		return nil
	}
	return &funnel.Limits{Lower95: *v[0], Upper95: *v[1], Lower998: *v[2], Upper998: *v[3]}
}

// Part is one office or charge group of an organ that stands out (构成).
type Part struct {
	Kind, Name string // office (an organ id) or charge_group
	Num, Den   uint64
	Expected   float64 // numerator that the group's centre would give
}

// Excess is how far the part's numerator lies beyond what the centre gives.
func (p Part) Excess() float64 { return float64(p.Num) - p.Expected }

// Parts returns by organ what makes the notable ones of a group stand out, the
// largest share of the excess first within each kind. Organs out of scope are
// left out, offices too.
func (r *Reader) Parts(ctx context.Context, sc access.Scope, q Query) (map[string][]Part, error) {
	rows, err := r.db.Query(ctx, `SELECT organ_id, toString(part_kind), part, toUInt64(num), toUInt64(den), expected FROM comparison_part
WHERE run_id = {run:String} AND indicator = {indicator:String} AND period_kind = {kind:String} AND period = {period:String} AND peer_group = {group:String}
ORDER BY organ_id, part_kind, abs(toFloat64(num) - expected) DESC, part`,
		warehouse.Param("run", q.Run), warehouse.Param("indicator", q.Indicator), warehouse.Param("kind", q.PeriodKind),
		warehouse.Param("period", q.Period), warehouse.Param("group", q.PeerGroup))
	if err != nil {
		return nil, fmt.Errorf("read the parts of %s: %w", q.Indicator, err)
	}
	defer rows.Close()
	out := map[string][]Part{}
	for rows.Next() {
		var organ string
		var p Part
		if err := rows.Scan(&organ, &p.Kind, &p.Name, &p.Num, &p.Den, &p.Expected); err != nil {
			return nil, fmt.Errorf("read the parts of %s: %w", q.Indicator, err)
		}
		if sc.Allows(organ, "general") && (p.Kind != "office" || sc.Allows(p.Name, "general")) {
			out[organ] = append(out[organ], p)
		}
	}
	return out, rows.Err()
}

// Course is one organ's own months with its natural limits.
type Course struct {
	Run, Coverage string
	Periods       []string
	control.Chart
}

// Course returns the course of one organ in a run, the newest when run is "";
// NotFound out of scope or where the course is too short.
func (r *Reader) Course(ctx context.Context, sc access.Scope, run, indicator, organ string) (Course, error) {
	c := Course{Run: run}
	if !sc.Allows(organ, "general") {
		return c, &warehouse.Error{Code: warehouse.NotFound, Message: "this organ is not among those you may see"}
	}
	if c.Run == "" {
		if err := r.newest(ctx, &c.Run); err != nil {
			return c, err
		}
	}
	args := []any{warehouse.Param("run", c.Run), warehouse.Param("indicator", indicator), warehouse.Param("organ", organ)}
	err := r.db.QueryRow(ctx, `SELECT toString(coverage), arrayMap(p -> toString(p), periods), adjusted, centre, lower, upper, seasonal FROM course
WHERE run_id = {run:String} AND indicator = {indicator:String} AND organ_id = {organ:String}`, args...).
		Scan(&c.Coverage, &c.Periods, &c.Adjusted, &c.Centre, &c.Lower, &c.Upper, &c.Seasonal)
	if err != nil {
		return c, &warehouse.Error{Code: warehouse.NotFound, Message: "fewer than twelve months with enough cases: there is no course to chart", Err: err}
	}
	rows, err := r.db.Query(ctx, `SELECT kind, period, since, up, level_before, level_after FROM course_signal
WHERE run_id = {run:String} AND indicator = {indicator:String} AND organ_id = {organ:String} ORDER BY period, kind`, args...)
	if err != nil {
		return c, fmt.Errorf("read the signals of %s: %w", indicator, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s control.Signal
		if err := rows.Scan(&s.Kind, &s.Period, &s.Since, &s.Up, &s.Before, &s.After); err != nil {
			return c, fmt.Errorf("read the signals of %s: %w", indicator, err)
		}
		c.Signals = append(c.Signals, s)
	}
	return c, rows.Err()
}

// newest finds the newest committed run.
func (r *Reader) newest(ctx context.Context, run *string) error {
	err := r.db.QueryRow(ctx, `SELECT run_id FROM run_commit WHERE family = 'compare' ORDER BY committed DESC, run_id DESC LIMIT 1`).Scan(run)
	if err != nil {
		return &warehouse.Error{Code: warehouse.NotFound, Message: "no comparison has been computed yet: wait for the first run", Err: err}
	}
	return nil
}
