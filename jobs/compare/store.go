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

// writer counts what is appended for one level and remembers what stands out.
type writer struct {
	run     warehouse.Run
	level   level
	mix     mixes
	report  *warehouse.Report
	notable []notable
}

// notable is one organ that stands out in one cell of one group.
type notable struct {
	cell   cellKey
	group  string
	organ  string
	centre float64
}

// append writes the places of every group in one batch.
func (j *Job) append(ctx context.Context, w *writer, groups []peerGroup, cells map[cellKey][]funnel.Point, order []cellKey) error {
	if len(order) == 0 {
		return nil
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, `INSERT INTO comparison (run_id, generation, indicator, period_kind, period, peer_group, organ_id, coverage, method, num, den, centre,
lower, upper, lower998, upper998, wide_lower, wide_upper, wide_lower998, wide_upper998, z, q, notable, position, note, expected, indirect, direct, mix_z)`)
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, k := range order {
		method := "proportion"
		if slices.Contains(j.deps.Rates, k.indicator) {
			method = "count"
		}
		for _, g := range groups {
			standard := w.mix.standards(k, g)
			for _, p := range j.places(k.indicator, g.of(cells[k])) {
				if g.subject != "" && p.Organ != g.subject {
					continue
				}
				w.count(k, g, p)
				mix, known := standard[p.Organ]
				if err := batch.Append(slices.Concat([]any{
					w.run.ID, w.run.Generation, k.indicator, k.kind, k.period, g.name, p.Organ, w.level.coverage, method,
					fmt.Sprint(p.Num), fmt.Sprint(p.Den), p.Centre,
				}, bounds(p.Limits), bounds(p.Wide), []any{p.Z, p.Q, p.Notable, p.Position, p.Note}, mix.columns(known && p.Position != ""))...); err != nil {
					return err
				}
			}
		}
	}
	return batch.Send()
}

func (w *writer) count(k cellKey, g peerGroup, p funnel.Place) {
	w.report.Rows++
	if g.subject == "" && g.name == w.level.name {
		w.report.Units++
	}
	if p.Position == "" {
		w.report.Figures["without_position"]++
	}
	if p.Notable {
		w.report.Figures["notable"]++
		w.notable = append(w.notable, notable{k, g.name, p.Organ, p.Centre})
	}
}

// bounds are the four limits as columns, NULL where there are none.
func bounds(l *funnel.Limits) []any {
	if l == nil {
		return []any{nil, nil, nil, nil}
	}
	return []any{l.Lower95, l.Upper95, l.Lower998, l.Upper998}
}

// parts says what makes notable organs stand out: the numerators and
// denominators of the offices that they lead and of their charge groups, with
// the numerator that the group's centre would give. One statement per part kind
// reads all at once.
func (j *Job) parts(ctx context.Context, r warehouse.Run, l level, register *access.Register, found []notable) error {
	if len(found) == 0 {
		return nil
	}
	batch, err := j.deps.DB.PrepareBatch(ctx, `INSERT INTO comparison_part (run_id, generation, indicator, period_kind, period, peer_group, organ_id, part_kind, part, num, den, expected)`)
	if err != nil {
		return err
	}
	defer batch.Close()
	offices, err := j.read(ctx, "own", "dim = ''", found, func(organ string) []string { return register.Led(organ) })
	if err != nil {
		return err
	}
	charges, err := j.read(ctx, l.coverage, "startsWith(dim, 'charge_group=')", found, func(organ string) []string { return []string{organ} })
	if err != nil {
		return err
	}
	for _, n := range found {
		add := func(kind, name string, v part) error {
			if v.den == 0 {
				return nil
			}
			return batch.Append(r.ID, r.Generation, n.cell.indicator, n.cell.kind, n.cell.period, n.group, n.organ, kind, name,
				fmt.Sprint(v.num), fmt.Sprint(v.den), n.centre*float64(v.den))
		}
		if l.coverage == "closure" {
			for _, office := range register.Led(n.organ) {
				if err := add("office", office, offices[partKey{n.cell, office, ""}]); err != nil {
					return err
				}
			}
		}
		for k, v := range charges {
			if k.cell == n.cell && k.organ == n.organ {
				if err := add("charge_group", k.dim[len("charge_group="):], v); err != nil {
					return err
				}
			}
		}
	}
	return batch.Send()
}

type part struct{ num, den uint64 }

type partKey struct {
	cell       cellKey
	organ, dim string
}

// read gives the values of the parts of all notable cells.
func (j *Job) read(ctx context.Context, coverage, dims string, found []notable, partsOf func(string) []string) (map[partKey]part, error) {
	indicators, periods, organs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, n := range found {
		indicators[n.cell.indicator], periods[n.cell.period] = true, true
		for _, o := range partsOf(n.organ) {
			organs[o] = true
		}
	}
	rows, err := j.deps.DB.Query(ctx, `SELECT indicator, period_kind, period, organ_id, dim, toUInt64(num), toUInt64(assumeNotNull(den)) FROM comparison_read
WHERE coverage = {coverage:String} AND den IS NOT NULL AND den > 0 AND indicator IN {indicators:Array(String)}
  AND period IN {periods:Array(String)} AND organ_id IN {organs:Array(String)} AND `+dims,
		warehouse.Param("coverage", coverage), warehouse.Param("indicators", warehouse.Array(sorted(indicators))),
		warehouse.Param("periods", warehouse.Array(sorted(periods))), warehouse.Param("organs", warehouse.Array(sorted(organs))))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[partKey]part{}
	for rows.Next() {
		var k partKey
		var v part
		if err := rows.Scan(&k.cell.indicator, &k.cell.kind, &k.cell.period, &k.organ, &k.dim, &v.num, &v.den); err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, rows.Err()
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// courses charts every organ's monthly course of every ratio.
func (j *Job) courses(ctx context.Context, r warehouse.Run, l level, organs []string, report *warehouse.Report) error {
	rows, err := j.deps.DB.Query(ctx, `SELECT indicator, organ_id, groupArray(toString(period)), groupArray(toFloat64(num)), groupArray(toFloat64(assumeNotNull(den))) FROM (
    SELECT indicator, organ_id, period, num, den FROM comparison_read
    WHERE dim = '' AND coverage = {coverage:String} AND period_kind = 'month' AND period_to < {as_of:Date32}
      AND indicator IN {indicators:Array(String)} AND organ_id IN {organs:Array(String)} AND den IS NOT NULL AND den >= {small:UInt64}
    ORDER BY indicator, organ_id, period)
GROUP BY indicator, organ_id ORDER BY indicator, organ_id`,
		warehouse.Param("coverage", l.coverage), warehouse.Param("as_of", r.AsOf.AddDate(0, 0, 1).Format("2006-01-02")),
		warehouse.Param("indicators", warehouse.Array(slices.Concat(j.deps.Proportions, j.deps.Rates))), warehouse.Param("organs", warehouse.Array(organs)), warehouse.Param("small", fmt.Sprint(j.config.SmallNumber)))
	if err != nil {
		return err
	}
	defer rows.Close()
	charts, err := j.deps.DB.PrepareBatch(ctx, `INSERT INTO course (run_id, generation, indicator, organ_id, coverage, periods, adjusted, centre, lower, upper, seasonal)`)
	if err != nil {
		return err
	}
	defer charts.Close()
	signals, err := j.deps.DB.PrepareBatch(ctx, `INSERT INTO course_signal (run_id, generation, indicator, organ_id, kind, period, since, up, level_before, level_after)`)
	if err != nil {
		return err
	}
	defer signals.Close()
	for rows.Next() {
		var indicator, organ string
		var periods []string
		var num, den []float64
		if err := rows.Scan(&indicator, &organ, &periods, &num, &den); err != nil {
			return err
		}
		points := make([]control.Point, len(periods))
		for i := range points {
			points[i] = control.Point{Period: periods[i], Num: num[i], Den: den[i]}
		}
		chart := control.Of(points, j.config.Chart)
		if len(chart.Adjusted) == 0 {
			report.Figures["courses_too_short"]++
			continue
		}
		report.Figures["courses"]++
		if err := charts.Append(r.ID, r.Generation, indicator, organ, l.coverage, periods, chart.Adjusted, chart.Centre, chart.Lower, chart.Upper, chart.Seasonal); err != nil {
			return err
		}
		for _, s := range chart.Signals {
			report.Figures["course_signals"]++
			if err := signals.Append(r.ID, r.Generation, indicator, organ, s.Kind, s.Period, s.Since, s.Up, s.Before, s.After); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := charts.Send(); err != nil {
		return err
	}
	return signals.Send()
}
