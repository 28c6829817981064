package funnel

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

var usual = Config{Small: 20, Discovery: 0.1}

func TestPlace(t *testing.T) {
	points := []Point{{"a", 50, 100}, {"b", 500, 1000}, {"c", 9, 19}, {"d", 53, 100}, {"e", 44, 100}, {"f", 210, 300}, {"g", 515, 1000}, {"h", 52, 100}, {"i", 50, 100}, {"j", 49, 100}, {"k", 51, 100}}
	got := map[string]Place{}
	for _, p := range Proportions(points, usual) {
		got[p.Organ] = p
	}
	if !strings.HasPrefix(got["f"].Position, "above") || !got["f"].Notable || got["a"].Notable || got["d"].Position != Within {
		t.Errorf("f stands out and a, d do not: %+v", got)
	}
	if got["c"].Limits != nil || got["c"].Q != nil || got["c"].Note == "" {
		t.Errorf("a denominator of 19 must have no limits and a note: %+v", got["c"])
	}
	if Proportions([]Point{{"a", 0, 0}}, usual) != nil {
		t.Errorf("a group without a denominator has no centre and no places")
	}
	for _, p := range Proportions([]Point{{"a", 0, 50}, {"b", 0, 80}}, usual) {
		if p.Position != Within || p.Z != nil || p.Notable {
			t.Errorf("a group at zero is within and has no z: %+v", p)
		}
	}
}

func TestSpreadGroupGetsWiderLimits(t *testing.T) {
	points := []Point{{"a", 50, 100}, {"b", 580, 1000}, {"d", 70, 100}, {"e", 38, 100}, {"f", 420, 1000}, {"g", 610, 1000}, {"h", 390, 1000}}
	for _, p := range Proportions(points, usual) {
		if p.Wide == nil || p.Note == "" || p.Wide.Upper998-p.Wide.Lower998 <= p.Limits.Upper998-p.Limits.Lower998 {
			t.Errorf("%s: a group that spreads beyond chance has wider limits and says so: %+v", p.Organ, p)
		}
		if p.Position != Within {
			t.Errorf("%s is within the spread of its group, got %s", p.Organ, p.Position)
		}
	}
	for _, p := range Proportions([]Point{{"a", 50, 100}, {"b", 52, 100}, {"c", 48, 100}}, usual) {
		if p.Note != "" || p.Wide != nil {
			t.Errorf("%s: chance explains this group: %s", p.Organ, p.Note)
		}
	}
}

// binomial draws a count; exact for the sizes used here.
func binomial(r *rand.Rand, n int, p float64) uint64 {
	var k uint64
	for range n {
		if r.Float64() < p {
			k++
		}
	}
	return k
}

// nation draws 31 provinces with different caseloads; organ i has the rate of at(i, n).
func nation(seed uint64, at func(i, n int) float64) []Point {
	r := rand.New(rand.NewPCG(seed, 3))
	out := make([]Point, 31)
	for i := range out {
		n := 150 + 90*i
		out[i] = Point{Organ: string(rune('A' + i)), Num: binomial(r, n, at(i, n)), Den: uint64(n)}
	}
	return out
}

// A nation without true differences: over 200 seeds the share of nations in
// which anything is called notable stays within the declared rate (where nothing
// is true, the false discovery rate is the chance of any call).
func TestNationWithoutDifferencesFlagsNoMoreThanDeclared(t *testing.T) {
	called := 0
	for seed := range uint64(200) {
		for _, p := range Proportions(nation(seed, func(int, int) float64 { return 0.3 }), usual) {
			if p.Notable {
				called++
				break
			}
		}
	}
	rate := float64(called) / 200
	t.Logf("%.1f %% of 200 nations without differences have a call, declared %.1f %%", 100*rate, 100*usual.Discovery)
	if rate > usual.Discovery {
		t.Errorf("something was notable in %.1f %% of nations without differences, declared %.1f %%", 100*rate, 100*usual.Discovery)
	}
}

// An organ on or beyond the three-sigma limits of its group is called notable in
// at least nine of ten nations: the numerator is raised until it stands there.
func TestThreeSigmaIsFound(t *testing.T) {
	found, all := 0, 0
	for seed := range uint64(200) {
		points := nation(seed, func(int, int) float64 { return 0.3 })
		for _, i := range []int{7, 22} {
			for {
				c := sum(points).centre
				if n := float64(points[i].Den); float64(points[i].Num)/n >= c+3*math.Sqrt(c*(1-c)/n) {
					break
				}
				points[i].Num++
			}
		}
		for i, p := range Proportions(points, usual) {
			if i == 7 || i == 22 {
				all++
				if p.Notable {
					found++
				}
			}
		}
	}
	power := float64(found) / float64(all)
	t.Logf("%.1f %% of %d deviations of three sigma found", 100*power, all)
	if power < 0.9 {
		t.Errorf("found %.1f %% of injected deviations, want at least 90 %%", 100*power)
	}
}
