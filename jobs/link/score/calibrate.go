package score

import (
	"cmp"
	"math"
	"slices"

	"hengjian/jobs/link/level"
)

// Label is what a person said of a pair.
type Label struct {
	Weight  float64
	Stratum string // see Stratum
	Same    bool   // one person
	Share   float64
}

// Point is a step of a curve: from this weight on, this probability.
type Point struct {
	Weight      float64 `json:"weight"`
	Probability float64 `json:"probability"`
}

// Calibration (校准) turns weights into probabilities. The model's own are none:
// its fields depend on one another, so it is far too sure of itself.
type Calibration struct {
	Labels int                `json:"labels"`
	Curves map[string][]Point `json:"curves"` // by stratum; "all" for a stratum with too few labels
}

// Stratum groups pairs by whether both records have an identity number: what a
// pattern alone says.
func Stratum(plan *level.Plan, x level.Pattern) string {
	if plan.Of(x, plan.Index("id")) > 0 {
		return "numbers"
	}
	return "no_number"
}

const (
	everyStratum    = "all"
	labelsOfStratum = 200 // below, a stratum borrows the curve of all
)

// Calibrate fits a rising step function to labels, by stratum: isotonic
// regression by pooling adjacent violators (Ayer et al. 1955). Share is the part
// of its kind that was labelled, so that a stratified sample counts right; 0 is 1.
func Calibrate(labels []Label) Calibration {
	by := map[string][]Label{everyStratum: labels}
	for _, l := range labels {
		by[l.Stratum] = append(by[l.Stratum], l)
	}
	out := Calibration{Labels: len(labels), Curves: map[string][]Point{}}
	for stratum, some := range by {
		if stratum == everyStratum || len(some) >= labelsOfStratum {
			out.Curves[stratum] = isotonic(some)
		}
	}
	return out
}

// pool is a stretch of labels with one probability.
type pool struct{ from, hit, all float64 }

func isotonic(labels []Label) []Point {
	sorted := slices.Clone(labels)
	slices.SortStableFunc(sorted, func(a, b Label) int { return cmp.Compare(a.Weight, b.Weight) })
	var pools []pool
	for _, l := range sorted {
		share := l.Share
		if share == 0 {
			share = 1
		}
		p := pool{from: l.Weight, all: 1 / share}
		if l.Same {
			p.hit = p.all
		}
		pools = append(pools, p)
		for len(pools) > 1 {
			x, y := pools[len(pools)-2], pools[len(pools)-1]
			if x.from < y.from && x.hit/x.all < y.hit/y.all {
				break
			}
			pools = append(pools[:len(pools)-2], pool{x.from, x.hit + y.hit, x.all + y.all})
		}
	}
	out := make([]Point, len(pools))
	for i, p := range pools {
		out[i] = Point{p.from, (p.hit + 0.5) / (p.all + 1)} // never certain
		if i > 0 {
			out[i].Probability = max(out[i].Probability, out[i-1].Probability)
		}
	}
	return out
}

// Probability is the calibrated probability of a pair; false without a curve,
// and then only Band may be shown.
func (c *Calibration) Probability(stratum string, weight float64) (float64, bool) {
	if c == nil {
		return 0, false
	}
	curve, ok := c.Curves[stratum]
	if !ok {
		curve, ok = c.Curves[everyStratum]
	}
	if !ok || len(curve) == 0 || math.IsNaN(weight) {
		return 0, false
	}
	at, exact := slices.BinarySearchFunc(curve, weight, func(p Point, w float64) int { return cmp.Compare(p.Weight, w) })
	if !exact {
		at--
	}
	return curve[max(at, 0)].Probability, true
}

// Band (档) names how far a weight stands from the threshold: what is shown
// before labels allow a probability.
type Band string

// The bands.
const (
	Firm     Band = "firm"     // 可靠: 12 bits over the threshold and more
	Likely   Band = "likely"   // 较可靠: 4 bits over it and more
	Doubtful Band = "doubtful" // 存疑: over it
	Below    Band = "below"    // 未达: not joined by this edge
)

// BandOf is the band of a weight.
func BandOf(weight, threshold float64) Band {
	switch over := weight - threshold; {
	case over >= 12:
		return Firm
	case over >= 4:
		return Likely
	case over >= 0:
		return Doubtful
	}
	return Below
}
