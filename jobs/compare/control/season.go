package control

import (
	"slices"
	"strings"
)

// seasonYears is how many values each calendar month needs before a season is known.
const seasonYears = 2

// deseasoned takes the season out of a monthly course: the median distance of
// each calendar month from its year's median, centred on 0. It needs every
// calendar month at least twice and whole years; else the course stays as it is.
// Medians keep one unusual month from passing as a season.
func deseasoned(points []Point, rates []float64) ([]float64, bool) {
	byYear := map[string][]float64{}
	for i, p := range points {
		byYear[year(p)] = append(byYear[year(p)], rates[i])
	}
	byMonth := map[string][]float64{}
	for i, p := range points {
		if len(byYear[year(p)]) == 12 {
			byMonth[month(p)] = append(byMonth[month(p)], rates[i]-median(byYear[year(p)]))
		}
	}
	if len(byMonth) < 12 {
		return rates, false
	}
	effect, sum := map[string]float64{}, 0.0
	for _, m := range slices.Sorted(keys(byMonth)) {
		if len(byMonth[m]) < seasonYears {
			return rates, false
		}
		effect[m] = median(byMonth[m])
		sum += effect[m]
	}
	out := make([]float64, len(rates))
	for i, p := range points {
		out[i] = rates[i] - effect[month(p)] + sum/12
	}
	return out, true
}

func keys(m map[string][]float64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func year(p Point) string {
	y, _, _ := strings.Cut(p.Period, "-")
	return y
}

func month(p Point) string {
	_, m, _ := strings.Cut(p.Period, "-")
	return m
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
