package indicator

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hengjian/warehouse"
	"hengjian/warehouse/access"
	"hengjian/warehouse/rollup"
)

// Restated is one line of the log of restatements (重述记录): a published figure
// that was stated again.
type Restated struct {
	Indicator, PeriodKind, Period string
	Organ, Coverage, Dim          string
	Was, Now                      string // num / den as stored
	WasRun, NowRun                string
	Reason, Person                string
	At                            time.Time
}

// Restatements lists what was stated again of an indicator for the organs that
// the scope holds, newest first. NotFound for an unknown id.
func (r *Reader) Restatements(ctx context.Context, sc access.Scope, indicator string) ([]Restated, error) {
	if _, err := r.Definition(indicator); err != nil {
		return nil, err
	}
	register, err := access.LoadRegister(ctx, r.deps.DB)
	if err != nil {
		return nil, fmt.Errorf("load the organ register: %w", err)
	}
	rows, err := r.deps.DB.Query(ctx, `SELECT toString(period_kind), toString(period), toString(organ_id), toString(dim), was_run, was, now_run, now, reason, person, at
FROM indicator_restatement WHERE indicator = {indicator:String} ORDER BY at DESC, period, organ_id, dim`, warehouse.Param("indicator", indicator))
	if err != nil {
		return nil, fmt.Errorf("read the restatements of %s: %w", indicator, err)
	}
	defer rows.Close()
	var out []Restated
	for rows.Next() {
		one := Restated{Indicator: indicator, Coverage: "closure"}
		if err := rows.Scan(&one.PeriodKind, &one.Period, &one.Organ, &one.Dim, &one.WasRun, &one.Was, &one.NowRun, &one.Now, &one.Reason, &one.Person, &one.At); err != nil {
			return nil, fmt.Errorf("read the restatements of %s: %w", indicator, err)
		}
		if organ, own := strings.CutSuffix(one.Organ, "/own"); own {
			one.Organ, one.Coverage = organ, "own"
		}
		if allowed(sc, register, one.Organ, one.Coverage) {
			out = append(out, one)
		}
	}
	return out, rows.Err()
}

// Nation is the national value of an indicator with what it is made of (全国数及其余):
// the national figure sums up every procuratorate led by the highest one; what
// organs outside them hold is its remainder and is shown, never added.
type Nation struct {
	Value            // of the highest procuratorate with all it leads
	Organs    uint64 // procuratorates with a value of their own
	Sum       string // of their own numerators; differs from the value only where persons are counted once
	Remainder string // numerator held by organs that no procuratorate of the nation leads
	RestDen   string // its denominator
	Rest      uint64 // its rows
}

// Nation answers one period; NotFound when the scope does not hold the whole
// nation, or nothing was counted.
func (r *Reader) Nation(ctx context.Context, sc access.Scope, indicator, kind, period string) (Nation, error) {
	run, err := r.run(ctx, "")
	if err != nil {
		return Nation{}, err
	}
	values, err := r.Values(ctx, sc, ValuesQuery{Run: run, Indicator: indicator, Level: "national", PeriodKind: kind, Period: period, Coverage: "closure"})
	if err != nil {
		return Nation{}, err
	}
	if len(values) == 0 {
		return Nation{}, &warehouse.Error{Code: warehouse.NotFound, Message: "there is no national value among those you may see"}
	}
	out := Nation{Value: values[0]}
	own := rollup.Ask{Periods: "kind = {kind:String} AND period = {period:String}", Coverage: "own", Where: "indicator = {indicator:String} AND dim = {dim:String}", Sums: !r.persons([]string{indicator})}
	err = r.deps.DB.QueryRow(ctx, `SELECT toUInt64(countIf(inside)), toString(sumIf(num, inside)), toString(sumIf(num, NOT inside)), toString(sumIf(ifNull(den, 0), NOT inside)), toUInt64(sumIf(n, NOT inside)) FROM (
    SELECT organ_id IN (SELECT organ_id FROM indicator_above WHERE edition IN (SELECT edition FROM indicator_part WHERE run_id = {run:String}) AND above = {nation:String}) AS inside, num, den, n FROM `+own.SQL()+`)`,
		warehouse.Param("nation", out.Organ), warehouse.Param("run", run), warehouse.Param("indicator", indicator), warehouse.Param("dim", out.Dim),
		warehouse.Param("kind", kind), warehouse.Param("period", out.Period)).Scan(&out.Organs, &out.Sum, &out.Remainder, &out.RestDen, &out.Rest)
	if err != nil {
		return Nation{}, fmt.Errorf("sum up the nation of %s: %w", indicator, err)
	}
	return out, nil
}
