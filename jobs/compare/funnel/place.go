package funnel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Config bounds what is said of a peer group.
type Config struct {
	Small     uint64  // denominators below it get no position
	Discovery float64 // expected share of false calls among organs called notable
}

// Point is one organ's proportion, or count per exposure, in a period.
type Point struct {
	Organ    string // organ id
	Num, Den uint64
}

// Place is where a point stands in its peer group. Position is empty when it
// cannot be said, and Note names the reason.
type Place struct {
	Point
	Centre   float64
	Limits   *Limits  // by chance alone, nil without a position
	Wide     *Limits  // with the spread between organs, nil where chance explains the group
	Z        *float64 // standardised distance from the centre, spread included; nil when undefined
	Q        *float64 // adjusted probability (false discovery), nil without a position
	Position string   // "", within, above_95, above_998, below_95, below_998
	Notable  bool     // Q is within the declared rate of false discoveries
	Note     string   // small_number, overdispersed …, empty otherwise
}

// The positions of a place.
const (
	Within   = "within"
	Above95  = "above_95"
	Above998 = "above_998"
	Below95  = "below_95"
	Below998 = "below_998"
)

// family is one kind of distribution around a centre.
type family struct {
	limits func(den uint64, centre float64) Limits
	se     func(den uint64, centre float64) float64
	p      func(num, den, groupNum, groupDen uint64) float64
	most   float64
}

func proportions() family {
	return family{
		limits: Binomial,
		se:     func(n uint64, c float64) float64 { return math.Sqrt(c * (1 - c) / float64(n)) },
		p:      binomialP, most: 1,
	}
}

func counts() family {
	return family{
		limits: func(e uint64, c float64) Limits { return Poisson(float64(e), c) },
		se:     func(e uint64, c float64) float64 { return math.Sqrt(c / float64(e)) },
		p:      poissonP, most: math.Inf(1),
	}
}

// Proportions places every point of one peer group against the group's own
// centre by binomial limits, in the order given: there is no rank.
func Proportions(points []Point, c Config) []Place { return place(points, c, proportions()) }

// Counts places counts per exposure (Den) by Poisson limits.
func Counts(points []Point, c Config) []Place { return place(points, c, counts()) }

// totals of a group are its numerator, denominator and centre.
type totals struct {
	num, den uint64
	centre   float64
}

func sum(points []Point) (t totals) {
	for _, p := range points {
		t.num, t.den = t.num+p.Num, t.den+p.Den
	}
	t.centre = float64(t.num) / float64(t.den)
	return t
}

func place(points []Point, c Config, f family) []Place {
	group := sum(points)
	if group.den == 0 {
		return nil
	}
	centre := group.centre
	out := make([]Place, len(points))
	var judged []int
	var z, s []float64
	for i, p := range points {
		out[i] = Place{Point: p, Centre: centre}
		if p.Den < c.Small || p.Den == 0 {
			out[i].Note = fmt.Sprintf("small_number: denominator below %d", c.Small)
			continue
		}
		judged = append(judged, i)
		if se := f.se(p.Den, centre); se > 0 {
			z, s = append(z, (float64(p.Num)/float64(p.Den)-centre)/se), append(s, se)
		}
	}
	d := Spread(z, s)
	stand(out, judged, group, d, f)
	discover(out, judged, c.Discovery)
	return out
}

// stand gives the judged points limits, distance and position.
func stand(out []Place, judged []int, group totals, d Dispersion, f family) {
	centre := group.centre
	for _, i := range judged {
		p := &out[i]
		l, se := f.limits(p.Den, centre), f.se(p.Den, centre)
		p.Limits = &l
		rate, probability := float64(p.Num)/float64(p.Den), f.p(p.Num, p.Den, group.num, group.den)
		by := l
		if d.Tau2 > 0 {
			by = widened(centre, se, d.Tau2, f.most)
			p.Wide, p.Note = &by, fmt.Sprintf("overdispersed: phi %.2f", d.Phi)
		}
		p.Position = position(rate, by)
		if se > 0 {
			distance := (rate - centre) / math.Sqrt(se*se+d.Tau2)
			p.Z = &distance
			if d.Tau2 > 0 {
				probability = 2 * distuv.UnitNormal.Survival(math.Abs(distance))
			}
		}
		p.Q = &probability
	}
}

// discover replaces the probabilities by adjusted ones and calls the notable.
func discover(out []Place, judged []int, rate float64) {
	p := make([]float64, len(judged))
	for k, i := range judged {
		p[k] = *out[i].Q
	}
	for k, q := range Discoveries(p) {
		out[judged[k]].Q = &q
		out[judged[k]].Notable = q <= rate
	}
}

// position compares a rate with limits; on a limit is within.
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
