// Package measure owns the comparison of clusters with a known truth: pairs of
// records found and missed, slices by kind of error, persons mixed and split. It
// promises to count every pair of records, not only those that were compared.
package measure

import (
	"math"
	"slices"
	"strings"
)

// Truth is what a generator knows of one record.
type Truth struct {
	Person uint64
	Errors []string
}

// Rate is a share with what it was counted from.
type Rate struct {
	Hit, Of uint64
}

// Share is Hit/Of, 0 of nothing.
func (r Rate) Share() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Hit) / float64(r.Of)
}

// Score is a result against the truth.
type Score struct {
	Precision, Recall, F1 float64
	TruePairs, Found      uint64
	Slices                map[string]Rate // recall among true pairs by error on a side
	Shared, Split         float64         // share of persons with a record in another's cluster; in more than one
	Persons               int
}

// Of compares clusters with the truth; both are by row.
func Of(cluster []uint32, truth []Truth) Score {
	s := Score{Slices: map[string]Rate{}}
	byPerson := groups(len(truth), func(i int) uint64 { return truth[i].Person })
	byCluster := groups(len(truth), func(i int) uint64 { return uint64(cluster[i]) })
	var hit uint64
	split, shared := 0, map[uint64]bool{}
	for _, g := range byPerson {
		whole := true
		for i, a := range g {
			for _, b := range g[:i] {
				same := cluster[a] == cluster[b]
				whole = whole && same
				s.TruePairs++
				if same {
					hit++
				}
				slice(s.Slices, &truth[a], &truth[b], same)
			}
		}
		if !whole {
			split++
		}
	}
	for _, g := range byCluster {
		n := uint64(len(g))
		s.Found += n * (n - 1) / 2
		for _, a := range g {
			if truth[a].Person != truth[g[0]].Person {
				for _, b := range g {
					shared[truth[b].Person] = true
				}
				break
			}
		}
	}
	s.Persons = len(byPerson)
	if s.Found > 0 {
		s.Precision = float64(hit) / float64(s.Found)
	}
	if s.TruePairs > 0 {
		s.Recall = float64(hit) / float64(s.TruePairs)
	}
	if hit > 0 {
		s.F1 = 2 * float64(hit) / float64(s.Found+s.TruePairs)
	}
	s.Split, s.Shared = float64(split)/float64(max(1, s.Persons)), float64(len(shared))/float64(max(1, s.Persons))
	return s
}

// groups sorts rows by a key and cuts them.
func groups(n int, key func(int) uint64) [][]int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if x, y := key(a), key(b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return a - b
	})
	var out [][]int
	for from := 0; from < n; {
		to := from
		for to < n && key(order[to]) == key(order[from]) {
			to++
		}
		out = append(out, order[from:to])
		from = to
	}
	return out
}

// slice counts one true pair under each error that a side has.
func slice(all map[string]Rate, a, b *Truth, same bool) {
	add := func(name string) {
		r := all[name]
		r.Of++
		if same {
			r.Hit++
		}
		all[name] = r
	}
	if len(a.Errors)+len(b.Errors) == 0 {
		add("clean")
		return
	}
	for _, e := range a.Errors {
		add(e)
		if e == "id_missing" && slices.Contains(b.Errors, e) {
			add("id_missing_both")
		}
	}
	for _, e := range b.Errors {
		if !slices.Contains(a.Errors, e) {
			add(e)
		}
	}
}

// Errors splits the tags of a truth file.
func Errors(tags string) []string {
	if tags == "" {
		return nil
	}
	return strings.Split(tags, "|")
}

// Wilson is the interval of Wilson (1927) of a share at 95 %.
func Wilson(hit, of float64) (low, high float64) {
	if of <= 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	p := hit / of
	middle, half := p+z*z/2/of, z*math.Sqrt(p*(1-p)/of+z*z/4/of/of)
	return max(0, (middle-half)/(1+z*z/of)), min(1, (middle+half)/(1+z*z/of))
}
