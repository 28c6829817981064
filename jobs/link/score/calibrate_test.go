package score

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTwoThousandLabelsCalibrate labels 2,000 pairs of a population, spread over
// the weights, and compares the probabilities with the truth of all other pairs.
func TestTwoThousandLabelsCalibrate(t *testing.T) {
	plan, tb, truth, pairs, p := learned(t, 41)
	w := NewWeigher(plan, p)
	edges := Weigh(w, NewTerms(plan, Count(tb, nil)), tb, pairs, -12)
	label := func(e Edge) Label {
		return Label{Weight: float64(e.Weight), Stratum: Stratum(plan, e.Pattern), Same: truth[e.A] == truth[e.B]}
	}
	r := rand.New(rand.NewPCG(5, 5))
	r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
	if len(edges) < 6000 {
		t.Fatalf("only %d pairs", len(edges))
	}
	var labels []Label
	for _, e := range edges[:2000] {
		labels = append(labels, label(e))
	}
	c := Calibrate(labels)
	type bin struct{ said, was, n float64 }
	bins := make([]bin, 10)
	for _, e := range edges[2000:] {
		l := label(e)
		q, ok := c.Probability(l.Stratum, l.Weight)
		if !ok {
			t.Fatal("no curve")
		}
		b := &bins[min(9, int(q*10))]
		b.said, b.n = b.said+q, b.n+1
		if l.Same {
			b.was++
		}
	}
	for i, b := range bins {
		// a bin counts when chance alone would rarely move it by half the bar
		if b.n >= 400 && math.Abs(b.said-b.was)/b.n > 0.05 {
			t.Errorf("bin %d of %.0f pairs: said %.3f, true %.3f", i, b.n, b.said/b.n, b.was/b.n)
		}
	}
	model := func(weight float64) float64 { return math.Exp2(weight) / (1 + math.Exp2(weight)) }
	if raw, _ := c.Probability("no_number", 6); raw == model(6) {
		t.Error("the calibrated probability is the model's own")
	}
}

func TestIsotonic(t *testing.T) {
	got := isotonic([]Label{{Weight: 1}, {Weight: 2, Same: true}, {Weight: 3}, {Weight: 4, Same: true}, {Weight: 5, Same: true}})
	want := []Point{{1, 0.25}, {2, 0.5}, {4, 2.5 / 3}} // pools 0/1, 1/2, 2/2 with half a label each way
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if math.Abs(got[i].Probability-want[i].Probability) > 1e-9 || got[i].Weight != want[i].Weight {
			t.Errorf("step %d: %v, want %v", i, got[i], want[i])
		}
	}
	var none *Calibration
	if _, ok := none.Probability("both", 3); ok {
		t.Error("a probability without labels")
	}
	if BandOf(17, 4) != Firm || BandOf(8, 4) != Likely || BandOf(4, 4) != Doubtful || BandOf(3.9, 4) != Below {
		t.Error("bands")
	}
}
