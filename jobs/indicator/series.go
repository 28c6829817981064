package indicator

import (
	"context"
	"fmt"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
)

// SeriesQuery asks for one organ's values over time.
type SeriesQuery struct {
	Run, Indicator, Organ string
	PeriodKind, Coverage  string
	Edition               string // as in Question
	Dim                   string
	From, To              string // as in ValuesQuery
}

// Point is one period of a series beside the same period a year earlier (同比).
type Point struct {
	Value
	Before *Value   // nil when a year earlier lies before the first period of the run
	Change *float64 // percentage points for ratios, relative change in percent for counts; nil when undefined
}

// Series returns every period between the first and the last that the run has
// for the indicator; a period without rows counts nothing. NotFound when the
// organ is out of scope.
func (r *Reader) Series(ctx context.Context, sc access.Scope, q SeriesQuery) ([]Point, error) {
	ind, err := r.Definition(q.Indicator)
	if err != nil {
		return nil, err
	}
	if q.Run, err = r.run(ctx, q.Run); err != nil {
		return nil, err
	}
	base := ValuesQuery{Run: q.Run, Indicator: q.Indicator, Organs: []string{q.Organ}, PeriodKind: q.PeriodKind, Coverage: q.Coverage, Edition: q.Edition, To: q.To, From: "1900-01-01"}
	organs, _, err := r.organs(ctx, sc, base)
	if err != nil {
		return nil, err
	}
	if len(organs) == 0 {
		return nil, &warehouse.Error{Code: warehouse.NotFound, Message: "there is no such organ among those you may see"}
	}
	values, err := r.Values(ctx, sc, base)
	if err != nil {
		return nil, err
	}
	found := map[string]Value{}
	for _, v := range values {
		if v.Dim == q.Dim {
			found[v.Period] = v
		}
	}
	axis, err := r.axis(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Point
	known := map[string]bool{}
	for _, v := range axis {
		known[v.Period] = true
		if q.From != "" && v.From.Format(time.DateOnly) < q.From || q.To != "" && v.To.Format(time.DateOnly) > q.To {
			continue
		}
		p := Point{Value: pick(found, v, q, ind)}
		if known[v.Before] {
			b := pick(found, Value{PeriodKind: v.PeriodKind, Period: v.Before, From: v.From.AddDate(-1, 0, 0), To: v.To.AddDate(-1, 0, 0)}, q, ind)
			p.Before, p.Change = &b, change(ind, p.Value, b)
		}
		out = append(out, p)
	}
	return out, nil
}

// axis lists the periods that the run has for the indicator anywhere.
func (r *Reader) axis(ctx context.Context, q SeriesQuery) ([]Value, error) {
	rows, err := r.deps.DB.Query(ctx, `SELECT v.period, any(v.period_from), any(v.period_to), any(v.note), any(k.before), any(k.zh), any(k.en) FROM `+r.periods(q.Indicator)+` AS v
INNER JOIN (SELECT DISTINCT period, before, zh, en FROM period_calendar WHERE kind = {kind:String}) AS k ON k.period = v.period GROUP BY v.period ORDER BY v.period`,
		warehouse.Param("run", q.Run), warehouse.Param("indicator", q.Indicator), warehouse.Param("kind", q.PeriodKind))
	if err != nil {
		return nil, fmt.Errorf("list the periods of %s: %w", q.Indicator, err)
	}
	defer rows.Close()
	var out []Value
	for rows.Next() {
		v := Value{PeriodKind: q.PeriodKind}
		if err := rows.Scan(&v.Period, &v.From, &v.To, &v.Note, &v.Before, &v.Name.ZH, &v.Name.EN); err != nil {
			return nil, fmt.Errorf("list the periods of %s: %w", q.Indicator, err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// pick returns the value of a period, or the one that counts nothing.
func pick(found map[string]Value, empty Value, q SeriesQuery, ind Indicator) Value {
	if v, ok := found[empty.Period]; ok {
		return v
	}
	empty.Indicator, empty.Organ, empty.Coverage, empty.Dim, empty.Status, empty.Num = q.Indicator, q.Organ, q.Coverage, q.Dim, "value", "0"
	if ind.Ratio() {
		zero := "0"
		empty.Den = &zero
	}
	empty.complete(ind)
	return empty
}

// change compares two values: ratios in percentage points, counts in percent of
// the earlier one.
func change(ind Indicator, now, before Value) *float64 {
	if now.Amount == nil || before.Amount == nil {
		return nil
	}
	c := 100 * (*now.Amount - *before.Amount)
	if !ind.Ratio() {
		if *before.Amount == 0 {
			return nil
		}
		c /= *before.Amount
	}
	return &c
}
