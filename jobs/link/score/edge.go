package score

import (
	"maps"
	"slices"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/pair"
	"hengjian/jobs/link/record"
)

// Edge is a weighed pair.
type Edge struct {
	A, B    uint32
	Weight  float32
	Pattern level.Pattern
}

func sortedKeys(m map[level.Pattern]float64) []level.Pattern {
	return slices.Sorted(maps.Keys(m))
}

// Weigh returns the pairs whose weight is at least floor, in their order.
func Weigh(w *Weigher, s *Terms, t *record.Table, pairs []pair.Pair, floor float64) []Edge {
	out := make([]Edge, 0, len(pairs)/2)
	for _, p := range pairs {
		if v := w.Pattern(p.Pattern) + s.Of(t, p.Pattern, &t.Rows[p.A]); v >= floor {
			out = append(out, Edge{p.A, p.B, float32(v), p.Pattern})
		}
	}
	return out
}
