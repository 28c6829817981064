package compare

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Probabilities of the two pairs of control limits (控制限), each tail.
const (
	warningTail = 0.025 // 95 %
	actionTail  = 0.001 // 99.8 %
)

// Limits are the exact binomial control limits of a proportion around a centre,
// as shares between 0 and 1: interpolated between the two integers next to the
// quantile (Spiegelhalter, Funnel plots for comparing institutional
// performance, Statistics in Medicine 24 (2005), appendix A.1.1).
type Limits struct {
	Lower95, Upper95   float64
	Lower998, Upper998 float64
}

// LimitsOf returns the limits for a denominator of n around centre.
func LimitsOf(n uint64, centre float64) Limits {
	return Limits{
		Lower95: limit(n, centre, warningTail), Upper95: limit(n, centre, 1-warningTail),
		Lower998: limit(n, centre, actionTail), Upper998: limit(n, centre, 1-actionTail),
	}
}

// limit is the interpolated quantile q of a binomial proportion, kept in 0..1.
func limit(n uint64, centre, q float64) float64 {
	if n == 0 || centre <= 0 || centre >= 1 {
		return centre
	}
	r := quantile(n, centre, q)
	at, before := cdf(n, centre, r), 0.0
	if r > 0 {
		before = cdf(n, centre, r-1)
	}
	share := 0.0
	if at > before {
		share = (at - q) / (at - before)
	}
	return math.Min(1, math.Max(0, (float64(r)-share)/float64(n)))
}

// quantile is the smallest r with P(R <= r) >= q for R of a binomial (n, p).
func quantile(n uint64, p, q float64) uint64 {
	low, high := uint64(0), n
	for low < high {
		mid := low + (high-low)/2
		if cdf(n, p, mid) >= q {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// cdf is P(R <= r) of a binomial (n, p), by the regularised incomplete beta function.
func cdf(n uint64, p float64, r uint64) float64 {
	if r >= n {
		return 1
	}
	return mathext.RegIncBeta(float64(n-r), float64(r)+1, 1-p)
}

// Point is one organ's proportion in a period.
type Point struct {
	Organ    string // organ id
	Num, Den uint64
}

// Place is where a point stands in its peer group. Position is empty when it
// cannot be said, and Note names the reason.
type Place struct {
	Point
	Centre       float64
	Lower, Upper *float64 // 95 % limits, nil without a position
	Z            *float64 // standardised distance from the centre, nil when undefined
	Position     string   // "", within, above_95, above_998, below_95, below_998
	Note         string   // small_number, overdispersed …, empty otherwise
}

// The positions of a place.
const (
	Within   = "within"
	Above95  = "above_95"
	Above998 = "above_998"
	Below95  = "below_95"
	Below998 = "below_998"
)

// place puts every point of one peer group against the group's own centre, in
// the order given: there is no rank. Denominators below small get no position.
func place(points []Point, small uint64) []Place {
	var num, den uint64
	for _, p := range points {
		num, den = num+p.Num, den+p.Den
	}
	if den == 0 {
		return nil
	}
	centre := float64(num) / float64(den)
	out := make([]Place, len(points))
	sum, k := 0.0, 0
	for i, p := range points {
		out[i] = Place{Point: p, Centre: centre}
		if p.Den < small {
			out[i].Note = fmt.Sprintf("small_number: denominator below %d", small)
			continue
		}
		l := LimitsOf(p.Den, centre)
		out[i].Lower, out[i].Upper = &l.Lower95, &l.Upper95
		out[i].Position = position(float64(p.Num)/float64(p.Den), l)
		if centre > 0 && centre < 1 {
			z := (float64(p.Num)/float64(p.Den) - centre) / math.Sqrt(centre*(1-centre)/float64(p.Den))
			out[i].Z = &z
			sum, k = sum+z*z, k+1
		}
	}
	if note := dispersion(sum, k); note != "" {
		for i := range out {
			if out[i].Position != "" {
				out[i].Note = note
			}
		}
	}
	return out
}

// position compares a rate with its limits; on a limit is within.
func position(rate float64, l Limits) string {
	switch {
	case rate > l.Upper998:
		return Above998
	case rate > l.Upper95:
		return Above95
	case rate < l.Lower998:
		return Below998
	case rate < l.Lower95:
		return Below95
	}
	return Within
}

// dispersion names a group whose spread is more than chance explains: the sum
// of squared z of k points beyond the 95 % point of chi-square with k-1 degrees.
func dispersion(sum float64, k int) string {
	if k < 3 || sum <= (distuv.ChiSquared{K: float64(k - 1)}).Quantile(0.95) {
		return ""
	}
	return fmt.Sprintf("overdispersed: phi %.2f", sum/float64(k-1))
}
