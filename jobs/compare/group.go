package compare

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"hengjian/jobs/compare/funnel"
	"hengjian/warehouse"
)

// peerGroup is a set of organs compared with one another (同类组). A group with a
// subject speaks of that organ alone: the others are its likes.
type peerGroup struct {
	name    string
	members map[string]bool
	subject string
}

// profile is an organ's caseload: its denominators by indicator over the run.
type profile map[string]float64

// groups of a level: all of it, thirds by caseload, and for each organ those of
// the most similar work.
func (j *Job) groups(ctx context.Context, l level, organs []string) ([]peerGroup, error) {
	profiles, indicators, err := j.profiles(ctx, l, organs)
	if err != nil {
		return nil, err
	}
	all := peerGroup{name: l.name, members: setOf(organs)}
	out := append([]peerGroup{all}, bands(l.name, organs, profiles)...)
	for organ, near := range neighbours(organs, profiles, indicators, j.config.Neighbours) {
		out = append(out, peerGroup{name: l.name + "/similar", members: setOf(append(near, organ)), subject: organ})
	}
	slices.SortFunc(out, func(a, b peerGroup) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.subject, b.subject))
	})
	return out, nil
}

// profiles reads the caseload of each organ: sums of denominators by indicator.
func (j *Job) profiles(ctx context.Context, l level, organs []string) (map[string]profile, []string, error) {
	rows, err := j.deps.DB.Query(ctx, `SELECT organ_id, indicator, toFloat64(sum(assumeNotNull(den))) FROM comparison_read
WHERE dim = '' AND coverage = {coverage:String} AND period_kind = 'month'
  AND indicator IN {indicators:Array(String)} AND organ_id IN {organs:Array(String)} AND den IS NOT NULL
GROUP BY organ_id, indicator ORDER BY organ_id, indicator`,
		warehouse.Param("coverage", l.coverage), warehouse.Param("indicators", warehouse.Array(j.deps.Proportions)), warehouse.Param("organs", warehouse.Array(organs)))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	profiles, seen := map[string]profile{}, map[string]bool{}
	for rows.Next() {
		var organ, indicator string
		var den float64
		if err := rows.Scan(&organ, &indicator, &den); err != nil {
			return nil, nil, err
		}
		if profiles[organ] == nil {
			profiles[organ] = profile{}
		}
		profiles[organ][indicator], seen[indicator] = den, true
	}
	var indicators []string
	for _, id := range j.deps.Proportions {
		if seen[id] {
			indicators = append(indicators, id)
		}
	}
	return profiles, indicators, rows.Err()
}

// bandSize is the fewest organs that a third of a level may hold.
const bandSize = 8

// bands are thirds of a level by caseload; levels too small for three have none.
func bands(name string, organs []string, profiles map[string]profile) []peerGroup {
	if len(organs) < 3*bandSize {
		return nil
	}
	size := func(organ string) float64 {
		var sum float64
		for _, den := range profiles[organ] {
			sum += den
		}
		return sum
	}
	order := slices.Clone(organs)
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(size(b), size(a)) })
	third := len(order) / 3
	return []peerGroup{
		{name: name + "/large", members: setOf(order[:third])},
		{name: name + "/middle", members: setOf(order[third : len(order)-third])},
		{name: name + "/small", members: setOf(order[len(order)-third:])},
	}
}

// neighbours finds for each organ the k whose caseload profile is nearest: the
// Euclidean distance of log denominators, each indicator standardised over the
// level. Outcomes play no part, so that an organ is not compared with those that
// are like it in what is compared.
func neighbours(organs []string, profiles map[string]profile, indicators []string, k int) map[string][]string {
	out := map[string][]string{}
	if len(organs) <= k+1 || len(indicators) == 0 {
		return out
	}
	features := make([][]float64, len(organs))
	for i := range features {
		features[i] = make([]float64, len(indicators))
	}
	column := make([]float64, len(organs))
	for f, id := range indicators {
		for i, organ := range organs {
			column[i] = math.Log1p(profiles[organ][id])
		}
		mean, spread := stat.MeanStdDev(column, nil)
		for i := range organs {
			if spread > 0 {
				features[i][f] = (column[i] - mean) / spread
			}
		}
	}
	for i, organ := range organs {
		far := make([]float64, len(organs))
		order := make([]int, 0, len(organs)-1)
		for o := range organs {
			if o != i {
				far[o] = floats.Distance(features[i], features[o], 2)
				order = append(order, o)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(far[a], far[b]) })
		for _, o := range order[:k] {
			out[organ] = append(out[organ], organs[o])
		}
	}
	return out
}

func setOf(organs []string) map[string]bool {
	set := make(map[string]bool, len(organs))
	for _, o := range organs {
		set[o] = true
	}
	return set
}

// of picks the points of the group's members.
func (g peerGroup) of(points []funnel.Point) []funnel.Point {
	var out []funnel.Point
	for _, p := range points {
		if g.members[p.Organ] {
			out = append(out, p)
		}
	}
	return out
}
