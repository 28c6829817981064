package funnel

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// exactQuantile adds binomial probabilities as fractions: independent of the
// incomplete beta function.
func exactQuantile(n uint64, p, q *big.Rat) uint64 {
	one := big.NewRat(1, 1)
	sum := new(big.Rat)
	for r := uint64(0); r <= n; r++ {
		term := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(r)))
		for range r {
			term.Mul(term, p)
		}
		for range n - r {
			term.Mul(term, new(big.Rat).Sub(one, p))
		}
		if sum.Add(sum, term).Cmp(q) >= 0 {
			return r
		}
	}
	return n
}

func binomialQuantile(n uint64, p, q float64) uint64 {
	return quantile(func(r uint64) float64 { return binomialCDF(n, p, r) }, n, q)
}

func TestQuantileEqualsExactSums(t *testing.T) {
	for _, n := range []uint64{1, 5, 20, 37, 60} {
		for _, p := range []*big.Rat{big.NewRat(1, 100), big.NewRat(3, 10), big.NewRat(1, 2), big.NewRat(9, 10)} {
			for _, q := range []*big.Rat{big.NewRat(1, 1000), big.NewRat(25, 1000), big.NewRat(975, 1000), big.NewRat(999, 1000)} {
				pf, _ := p.Float64()
				qf, _ := q.Float64()
				if got, want := binomialQuantile(n, pf, qf), exactQuantile(n, p, q); got != want {
					t.Errorf("quantile(%d, %v, %v) = %d, exact sum says %d", n, p, q, got, want)
				}
			}
		}
	}
}

func TestQuantilesEqualR(t *testing.T) {
	for _, c := range reference(t, "qbinom.csv") {
		if got := binomialQuantile(uint64(c["n"]), c["p"], c["q"]); float64(got) != c["r"] {
			t.Errorf("binomial %v: got %d", c, got)
		}
	}
	for _, c := range reference(t, "qpois.csv") {
		mean := c["mu"]
		got := quantile(func(r uint64) float64 { return poissonCDF(mean, r) }, uint64(mean+20*math.Sqrt(mean)+50), c["q"])
		if float64(got) != c["r"] {
			t.Errorf("Poisson %v: got %d", c, got)
		}
	}
}

func TestProbabilitiesEqualR(t *testing.T) {
	for _, c := range reference(t, "exact.csv") {
		if got := binomialP(uint64(c["r"]), uint64(c["n"]), uint64(c["num"]), uint64(c["den"])); !near(got, c["hyper"], 1e-6) {
			t.Errorf("hypergeometric %v: got %v", c, got)
		}
		if got := poissonP(uint64(c["r"]), uint64(c["n"]), uint64(c["num"]), uint64(c["den"])); !near(got, c["binom"], 1e-6) {
			t.Errorf("binomial share %v: got %v", c, got)
		}
	}
}

// Worked by hand for n = 10, p = 1/2: P(R<=1) = 11/1024, P(R<=2) = 56/1024,
// so r = 2, share = (56/1024 - 0.025)/(45/1024) = 0.675555…, limit = 0.1324444.
func TestLimitIsInterpolated(t *testing.T) {
	l := Binomial(10, 0.5)
	if want := (2 - (56.0/1024-0.025)/(45.0/1024)) / 10; math.Abs(l.Lower95-want) > 1e-12 {
		t.Errorf("lower 95 %% limit = %.9f, want %.9f", l.Lower95, want)
	}
	if math.Abs(l.Lower95+l.Upper95-0.9) > 1e-9 {
		t.Errorf("limits of a symmetric binomial must mirror about (n-1)/2n under this interpolation: %v", l)
	}
	if l := Poisson(1, 0); l != (Limits{}) {
		t.Errorf("a group without any count has no spread: %v", l)
	}
}

func TestLimitsHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(1, 200000).Draw(t, "n")
		c := rapid.Float64Range(0.0005, 0.9995).Draw(t, "centre")
		for name, l := range map[string]Limits{"binomial": Binomial(n, c), "poisson": Poisson(float64(n), c)} {
			if !(0 <= l.Lower998 && l.Lower998 <= l.Lower95 && l.Lower95 <= l.Upper95 && l.Upper95 <= l.Upper998) {
				t.Fatalf("%s n %d centre %v: limits out of order: %+v", name, n, c, l)
			}
		}
		if binomialCDF(n, c, binomialQuantile(n, c, 0.975)) < 0.975 {
			t.Fatalf("quantile too low")
		}
	})
}
