package funnel

import "math"

// Stratum is one group of the case mix (案件结构), such as a charge group.
type Stratum struct {
	Num, Den       float64 // the organ's own
	RefNum, RefDen float64 // the whole peer group's
}

// Standard is a rate made comparable across case mixes (标准化率).
type Standard struct {
	Rate     float64 // the standardised rate
	Expected float64 // numerator that the group's rates give for the organ's own mix (indirect only)
	Variance float64 // of Rate under the group's rates
	Missing  []int   // strata that the reference has and the organ has not (direct only)
}

// Direct weighs the organ's own rates by the case mix of the whole group
// (直接标准化). Where the organ has no case in a stratum of the reference there is no
// rate to weigh: Missing lists such strata and ok is false.
func Direct(strata []Stratum) (s Standard, ok bool) {
	var all float64
	for _, g := range strata {
		all += g.RefDen
	}
	if all == 0 {
		return s, false
	}
	for i, g := range strata {
		if g.RefDen == 0 {
			continue
		}
		if g.Den == 0 {
			s.Missing = append(s.Missing, i)
			continue
		}
		w, p := g.RefDen/all, g.Num/g.Den
		s.Rate += w * p
		s.Variance += w * w * p * (1 - p) / g.Den
	}
	return s, len(s.Missing) == 0
}

// Indirect compares the organ's numerator with the one that the group's rates
// give for the organ's own case mix (间接标准化), and scales the ratio by the
// group's overall rate. ok is false when nothing is expected.
func Indirect(strata []Stratum) (s Standard, ok bool) {
	var num, refNum, refDen, variance float64
	for _, g := range strata {
		refNum, refDen, num = refNum+g.RefNum, refDen+g.RefDen, num+g.Num
		if g.RefDen == 0 {
			continue
		}
		p := g.RefNum / g.RefDen
		s.Expected += g.Den * p
		variance += g.Den * p * (1 - p)
	}
	if s.Expected == 0 || refDen == 0 {
		return s, false
	}
	scale := refNum / refDen / s.Expected
	s.Rate, s.Variance = num*scale, variance*scale*scale
	return s, true
}

// Z is the distance of the standardised rate from centre in standard errors.
func (s Standard) Z(centre float64) float64 {
	if s.Variance <= 0 {
		return 0
	}
	return (s.Rate - centre) / math.Sqrt(s.Variance)
}
