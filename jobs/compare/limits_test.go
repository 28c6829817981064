package compare

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

func TestQuantileEqualsExactSums(t *testing.T) {
	for _, n := range []uint64{1, 5, 20, 37, 60} {
		for _, p := range []*big.Rat{big.NewRat(1, 100), big.NewRat(3, 10), big.NewRat(1, 2), big.NewRat(9, 10)} {
			for _, q := range []*big.Rat{big.NewRat(1, 1000), big.NewRat(25, 1000), big.NewRat(975, 1000), big.NewRat(999, 1000)} {
				pf, _ := p.Float64()
				qf, _ := q.Float64()
				if got, want := quantile(n, pf, qf), exactQuantile(n, p, q); got != want {
					t.Errorf("quantile(%d, %v, %v) = %d, exact sum says %d", n, p, q, got, want)
				}
			}
		}
	}
}

// The values of R's qbinom for n = 100.
func TestQuantileEqualsR(t *testing.T) {
	for _, c := range []struct {
		n    uint64
		p, q float64
		want uint64
	}{
		{100, 0.5, 0.025, 40},
		{100, 0.5, 0.975, 60},
		{10, 0.5, 0.025, 2},
		{10, 0.5, 0.975, 8},
		{20, 0.3, 0.025, 2},
		{20, 0.3, 0.975, 10},
	} {
		if got := quantile(c.n, c.p, c.q); got != c.want {
			t.Errorf("quantile(%d, %v, %v) = %d, want %d", c.n, c.p, c.q, got, c.want)
		}
	}
}

// Worked by hand for n = 10, p = 1/2: P(R<=1) = 11/1024, P(R<=2) = 56/1024,
// so r = 2, share = (56/1024 - 0.025)/(45/1024) = 0.675555…, limit = 0.1324444.
func TestLimitIsInterpolated(t *testing.T) {
	if got, want := limit(10, 0.5, 0.025), (2-(56.0/1024-0.025)/(45.0/1024))/10; math.Abs(got-want) > 1e-12 {
		t.Errorf("lower 95 %% limit = %.9f, want %.9f", got, want)
	}
	l := LimitsOf(10, 0.5)
	if math.Abs(l.Lower95+l.Upper95-0.9) > 1e-9 {
		t.Errorf("limits of a symmetric binomial must mirror about (n-1)/2n under this interpolation: %v", l)
	}
}

func TestLimitsHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(1, 200000).Draw(t, "n")
		c := rapid.Float64Range(0.0005, 0.9995).Draw(t, "centre")
		l := LimitsOf(n, c)
		if !(0 <= l.Lower998 && l.Lower998 <= l.Lower95 && l.Lower95 <= l.Upper95 && l.Upper95 <= l.Upper998 && l.Upper998 <= 1) {
			t.Fatalf("n %d centre %v: limits out of order: %+v", n, c, l)
		}
		if cdf(n, c, quantile(n, c, 0.975)) < 0.975 {
			t.Fatalf("quantile too low")
		}
	})
}

func TestPlace(t *testing.T) {
	points := []Point{{"a", 50, 100}, {"b", 500, 1000}, {"c", 9, 19}, {"d", 70, 100}, {"e", 38, 100}, {"f", 60, 100}}
	got := map[string]Place{}
	for _, p := range place(points, 20) {
		got[p.Organ] = p
	}
	want := map[string]string{"a": Within, "b": Within, "c": "", "d": Above998, "e": Below95, "f": Within}
	for organ, position := range want {
		if got[organ].Position != position {
			t.Errorf("%s: position %q, want %q (centre %.4f)", organ, got[organ].Position, position, got[organ].Centre)
		}
	}
	if got["c"].Lower != nil || got["c"].Note == "" {
		t.Errorf("a denominator of 19 must have no limits and a note: %+v", got["c"])
	}
	if got["d"].Z == nil || math.Abs(*got["d"].Z-(0.7-got["d"].Centre)/math.Sqrt(got["d"].Centre*(1-got["d"].Centre)/100)) > 1e-12 {
		t.Errorf("z of d: %v", got["d"].Z)
	}
	if got["a"].Note == "" {
		t.Errorf("sum of squared z about 22 of 5 points exceeds chi-square: the group is overdispersed")
	}
	if place([]Point{{"a", 0, 0}}, 20) != nil {
		t.Errorf("a group without a denominator has no centre and no places")
	}
	for _, p := range place([]Point{{"a", 0, 50}, {"b", 0, 80}}, 20) {
		if p.Position != Within || p.Z != nil {
			t.Errorf("a group at zero is within and has no z: %+v", p)
		}
	}
}

func TestGroupWithoutSpreadIsNotOverdispersed(t *testing.T) {
	for _, p := range place([]Point{{"a", 50, 100}, {"b", 52, 100}, {"c", 48, 100}}, 20) {
		if p.Note != "" {
			t.Errorf("%s: %s", p.Organ, p.Note)
		}
	}
}
