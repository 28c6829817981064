package score

import "math"

// Drift is the population stability index of two histograms: how far the shares
// of the bins have moved. Up to 0.1 is noise, above 0.2 somebody should look
// (Siddiqi 2006, Credit Risk Scorecards). An empty bin counts as half a pair.
func Drift(before, now map[int]uint64) float64 {
	var was, is float64
	bins := map[int]bool{}
	for at, n := range before {
		bins[at], was = true, was+float64(n)
	}
	for at, n := range now {
		bins[at], is = true, is+float64(n)
	}
	if was == 0 || is == 0 {
		return 0
	}
	index := 0.0
	for at := range bins {
		p, q := max(float64(before[at]), 0.5)/was, max(float64(now[at]), 0.5)/is
		index += (q - p) * math.Log(q/p)
	}
	return index
}
