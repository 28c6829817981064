package compare

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"hengjian/jobs/compare/funnel"
	"hengjian/warehouse"
)

// unrecorded is the stratum of cases whose charge group was not stated.
const unrecorded = "charge_group=unrecorded"

// mixes holds, per cell and organ, the case mix (案件结构) by charge group.
type mixes map[cellKey]map[string]map[string]part

// Mix is what the case mix makes of an organ's rate within its group.
type Mix struct {
	Expected float64  // numerator that the group's rates give for the organ's own charges
	Indirect float64  // the organ's rate as if the group had its charges (间接标准化)
	Direct   *float64 // its rates at the group's charges (直接标准化); nil where it lacks a charge group that others have
	Z        float64  // distance of the indirect rate from the group's, in standard errors by chance
}

// mix reads the case mix of one level's ratios that are split by charge group.
func (j *Job) mix(ctx context.Context, l level, organs []string) (mixes, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT indicator, period_kind, period, organ_id, dim, toUInt64(num), toUInt64(assumeNotNull(den)) FROM comparison_read
WHERE coverage = {coverage:String} AND startsWith(dim, 'charge_group=') AND period_kind IN {kinds:Array(String)} AND period_kind != 'month'
  AND indicator IN {indicators:Array(String)} AND organ_id IN {organs:Array(String)} AND den IS NOT NULL AND den > 0`,
		warehouse.Param("coverage", l.coverage), warehouse.Param("kinds", warehouse.Array(l.kinds)),
		warehouse.Param("indicators", warehouse.Array(j.deps.Proportions)), warehouse.Param("organs", warehouse.Array(organs)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := mixes{}
	for rows.Next() {
		var k cellKey
		var organ, group string
		var v part
		if err := rows.Scan(&k.indicator, &k.kind, &k.period, &organ, &group, &v.num, &v.den); err != nil {
			return nil, err
		}
		if out[k] == nil {
			out[k] = map[string]map[string]part{}
		}
		if out[k][organ] == nil {
			out[k][organ] = map[string]part{}
		}
		out[k][organ][group] = v
	}
	return out, rows.Err()
}

// standards gives every member of a group its rates made comparable. Where more
// than half of the group's cases state no charge group there is nothing to say.
func (m mixes) standards(k cellKey, g peerGroup) map[string]Mix {
	of := m[k]
	reference, all := map[string]part{}, part{}
	for organ := range g.members {
		for name, v := range of[organ] {
			sum := reference[name]
			reference[name] = part{sum.num + v.num, sum.den + v.den}
			all.num, all.den = all.num+v.num, all.den+v.den
		}
	}
	if all.den == 0 || 2*reference[unrecorded].den > all.den {
		return nil
	}
	names := slices.Sorted(maps.Keys(reference))
	centre := float64(all.num) / float64(all.den)
	out := map[string]Mix{}
	for organ, groups := range of {
		if !g.members[organ] || g.subject != "" && organ != g.subject {
			continue
		}
		strata := make([]funnel.Stratum, len(names))
		for i, name := range names {
			own, ref := groups[name], reference[name]
			strata[i] = funnel.Stratum{Num: float64(own.num), Den: float64(own.den), RefNum: float64(ref.num), RefDen: float64(ref.den)}
		}
		indirect, ok := funnel.Indirect(strata)
		if !ok {
			continue
		}
		one := Mix{Expected: indirect.Expected, Indirect: indirect.Rate, Z: indirect.Z(centre)}
		if direct, whole := funnel.Direct(strata); whole {
			one.Direct = &direct.Rate
		}
		out[organ] = one
	}
	return out
}

// columns are the standardised figures as stored, NULL where there are none.
func (m Mix) columns(known bool) []any {
	if !known {
		return []any{nil, nil, nil, nil}
	}
	return []any{m.Expected, m.Indirect, m.Direct, m.Z}
}

// mixSentence says whether the difference stays once charges are taken into account.
func mixSentence(s Standing, unit string) Text {
	if s.Mix == nil || s.Den == 0 {
		return Text{}
	}
	crude, gap := float64(s.Num)/float64(s.Den)-s.Centre, s.Mix.Indirect-s.Centre
	zh, en := "差别基本不变", "the difference stays about the same"
	switch {
	case crude*gap <= 0 || abs(gap) < abs(crude)/2:
		zh, en = "差别大半由案件结构而来", "most of the difference comes from the mix of charges"
	case abs(gap) > 1.5*abs(crude):
		zh, en = "差别更大", "the difference is larger"
	}
	return Text{
		fmt.Sprintf("按案由结构标准化后为%s，%s。", show(s.Mix.Indirect, unit), zh),
		fmt.Sprintf(" Standardised for its mix of charges it is %s: %s.", show(s.Mix.Indirect, unit), en),
	}
}

func abs(v float64) float64 { return max(v, -v) }
