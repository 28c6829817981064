package publish

import (
	"math/rand/v2"
	"testing"
)

// TestWholeCountryExposesNothing protects and verifies a table of the real
// size (34 procuratorates, four quarters) in which most cells are small.
func TestWholeCountryExposesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, top := range []int64{3, 12, 400} {
		num, den := make([][]int64, 34), make([][]int64, 34)
		for i := range num {
			num[i], den[i] = make([]int64, 4), make([]int64, 4)
			for j := range num[i] {
				num[i][j] = rng.Int64N(top)
				den[i][j] = num[i][j] + rng.Int64N(top)
			}
		}
		table := share(num, den)
		protect(table)
		if e := Verify(table); len(e) > 0 {
			t.Errorf("counts below %d: exposed %v", top, e)
		}
	}
}
