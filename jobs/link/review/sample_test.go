package review

import (
	"context"
	"math"
	"testing"

	"hengjian/jobs/link/level"
	"hengjian/jobs/link/linktest"
	"hengjian/jobs/link/pair"
	"hengjian/jobs/link/score"
)

// TestSampledLabelsCalibrate answers the sample of several populations by their
// truth, at most 2,000 pairs each, and compares the probabilities with all pairs.
func TestSampledLabelsCalibrate(t *testing.T) {
	plan, err := level.Standard()
	if err != nil {
		t.Fatal(err)
	}
	model, err := score.Standard(plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range []uint64{71, 72, 73, 74} {
		tb, truth := linktest.Table(t, 8000, seed)
		pairs, _, err := pair.Find(context.Background(), pair.DefaultConfig(), plan, tb)
		if err != nil {
			t.Fatal(err)
		}
		edges := score.Weigh(score.NewWeigher(plan, model), score.NewTerms(plan, score.Count(tb, nil)), tb, pairs, -8)
		same, bits := map[[2]uint64]bool{}, map[int]uint64{}
		var all []Candidate
		for _, e := range edges {
			c := Candidate{A: tb.Rows[e.A].Key, B: tb.Rows[e.B].Key, Weight: float64(e.Weight), Records: 1, Stratum: score.Stratum(plan, e.Pattern)}
			all = append(all, c)
			same[[2]uint64{c.A, c.B}] = truth[e.A] == truth[e.B]
			bits[int(math.Floor(c.Weight))]++
		}
		var labels []score.Label
		for _, i := range Sample(all, model.Threshold, 1) {
			labels = append(labels, score.Label{Weight: i.Weight, Stratum: i.Stratum, Same: same[[2]uint64{i.A, i.B}]})
		}
		if len(labels) > 2000 || len(labels) < 500 {
			t.Errorf("seed %d: %d labels", seed, len(labels))
		}
		c := Calibrate(labels, bits)
		worst := 0.0
		type bin struct{ said, was, n float64 }
		bins := make([]bin, 10)
		for _, x := range all {
			q, ok := c.Probability(x.Stratum, x.Weight)
			if !ok {
				t.Fatal("no curve")
			}
			b := &bins[min(9, int(q*10))]
			b.said, b.n = b.said+q, b.n+1
			if same[[2]uint64{x.A, x.B}] {
				b.was++
			}
		}
		for i, b := range bins {
			if b.n < 400 { // chance alone moves it
				continue
			}
			apart := math.Abs(b.said-b.was) / b.n
			worst = max(worst, apart)
			if apart > 0.05 {
				t.Errorf("seed %d, bin %d of %.0f pairs: said %.3f, true %.3f", seed, i, b.n, b.said/b.n, b.was/b.n)
			}
		}
		t.Logf("seed %d: %d labels of %d pairs, worst bin off by %.3f", seed, len(labels), len(all), worst)
	}
}
