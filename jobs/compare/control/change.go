package control

import "math"

// minSegment is the shortest stretch that counts as a level.
const minSegment = 4

// changes splits the course into stretches of one level each: the split of least
// cost, normal with the chart's own sigma, by optimal partitioning (Jackson and
// others, IEEE Signal Processing Letters 12 (2005) 105-108), and one signal per
// change.
func (c *Chart) changes(points []Point, cfg Config) {
	sigma := c.RangeLimit / rangeFactor / 1.128
	if sigma == 0 {
		return
	}
	z := make([]float64, len(c.Adjusted))
	for i, v := range c.Adjusted {
		z[i] = v / sigma
	}
	penalty := cfg.Penalty
	if penalty == 0 {
		penalty = 3 * math.Log(float64(len(z)))
	}
	starts := partition(z, penalty)
	for k := 1; k < len(starts); k++ {
		end := len(z)
		if k+1 < len(starts) {
			end = starts[k+1]
		}
		before, after := mean(c.Adjusted[starts[k-1]:starts[k]]), mean(c.Adjusted[starts[k]:end])
		at := points[starts[k]].Period
		c.Signals = append(c.Signals, Signal{Kind: Change, Period: at, Since: at, Up: after > before, Before: before, After: after})
	}
}

// partition returns the first index of each stretch, 0 first, so that the sum of
// squared distances from each stretch's mean plus penalty per stretch is least.
func partition(z []float64, penalty float64) []int {
	n := len(z)
	sum, square := make([]float64, n+1), make([]float64, n+1)
	for i, v := range z {
		sum[i+1], square[i+1] = sum[i]+v, square[i]+v*v
	}
	cost := func(from, to int) float64 {
		d := sum[to] - sum[from]
		return square[to] - square[from] - d*d/float64(to-from)
	}
	best, last := make([]float64, n+1), make([]int, n+1)
	best[0] = -penalty
	for to := 1; to <= n; to++ {
		best[to] = math.Inf(1)
		for from := 0; from+minSegment <= to; from++ {
			if v := best[from] + cost(from, to) + penalty; v < best[to] {
				best[to], last[to] = v, from
			}
		}
	}
	var starts []int
	for at := n; at > 0; at = last[at] {
		starts = append([]int{last[at]}, starts...)
	}
	return starts
}
