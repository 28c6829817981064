package score

import (
	"math"
	"testing"
)

func TestDriftOfHistograms(t *testing.T) {
	for _, c := range []struct {
		before, now map[int]uint64
		want        float64
	}{
		{map[int]uint64{1: 50, 2: 50}, map[int]uint64{1: 500, 2: 500}, 0},
		{map[int]uint64{1: 50, 2: 50}, map[int]uint64{1: 60, 2: 40}, 0.0405},     // 0.1 ln 1.2 - 0.1 ln 0.8
		{map[int]uint64{1: 90, 2: 10}, map[int]uint64{1: 50, 2: 50}, 0.8789},     // 0.4 ln 5 - 0.4 ln(5/9)
		{map[int]uint64{1: 100}, map[int]uint64{1: 50, 3: 50}, 0.3466 + 2.27955}, // 0.5 ln 2 + 0.495 ln 100
		{nil, map[int]uint64{1: 1}, 0},
	} {
		if got := Drift(c.before, c.now); math.Abs(got-c.want) > 5e-4 {
			t.Errorf("%v to %v: %.4f, want %.4f", c.before, c.now, got, c.want)
		}
	}
}
