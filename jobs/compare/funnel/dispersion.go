package funnel

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// winsor is the share at each end whose standardised distances are pulled in
// before the spread is estimated, so that a few organs that differ truly do not
// pass as the spread of all (Spiegelhalter, Handling over-dispersion of
// performance indicators, Quality and Safety in Health Care 14 (2005) 347-351).
const winsor = 0.1

// Dispersion is how much a peer group spreads beyond chance (过度离散).
type Dispersion struct {
	Phi  float64 // mean squared standardised distance; 1 is what chance gives
	Tau2 float64 // variance between organs beyond chance, on the scale of the rate; 0 when chance suffices
	P    float64 // probability of at least this spread by chance
}

// Spread estimates the dispersion from standardised distances z and their
// standard errors at the centre. Fewer than three organs give none. The variance
// between organs is the moment estimate of DerSimonian and Laird, Controlled
// Clinical Trials 7 (1986), on the distances after winsorising, and 0 unless the
// spread passes the 95 % point of chi-square.
func Spread(z, s []float64) Dispersion {
	if len(z) < 3 {
		return Dispersion{Phi: 1, P: 1}
	}
	return spread(winsorised(z), s)
}

func spread(z, s []float64) Dispersion {
	k, sum := float64(len(z)), 0.0
	for _, v := range z {
		sum += v * v
	}
	d := Dispersion{Phi: sum / k, P: distuv.ChiSquared{K: k - 1}.Survival(sum)}
	if d.P < 0.05 {
		d.Tau2 = tau2(sum, s)
	}
	return d
}

// tau2 is (Q - (k-1)) / (Σw - Σw²/Σw) with w = 1/s², not below 0.
func tau2(q float64, s []float64) float64 {
	var w1, w2 float64
	for _, v := range s {
		w := 1 / (v * v)
		w1, w2 = w1+w, w2+w*w
	}
	return math.Max(0, (q-float64(len(s)-1))/(w1-w2/w1))
}

// winsorised pulls the lowest and highest tenth in to their neighbours.
func winsorised(z []float64) []float64 {
	sorted := slices.Sorted(slices.Values(z))
	low := stat.Quantile(winsor, stat.Empirical, sorted, nil)
	high := stat.Quantile(1-winsor, stat.Empirical, sorted, nil)
	out := make([]float64, len(z))
	for i, v := range z {
		out[i] = math.Min(high, math.Max(low, v))
	}
	return out
}

// widened are normal limits around the centre with the variance between organs
// added to that of chance.
func widened(centre, s, tau2, most float64) Limits {
	at := func(q float64) float64 {
		return math.Min(most, math.Max(0, centre+distuv.UnitNormal.Quantile(q)*math.Sqrt(s*s+tau2)))
	}
	return Limits{Lower95: at(warningTail), Upper95: at(1 - warningTail), Lower998: at(actionTail), Upper998: at(1 - actionTail)}
}

// Discoveries returns the adjusted probabilities of Benjamini and Hochberg
// (Journal of the Royal Statistical Society B 57 (1995) 289-300): calling all
// with an adjusted value up to q notable keeps the expected share of false
// calls among them at or below q. The order of p is kept.
func Discoveries(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] > p[b]:
			return -1
		case p[a] < p[b]:
			return 1
		}
		return 0
	})
	out, least := make([]float64, len(p)), 1.0
	for i, at := range order {
		rank := float64(len(p) - i)
		least = math.Min(least, p[at]*float64(len(p))/rank)
		out[at] = least
	}
	return out
}
