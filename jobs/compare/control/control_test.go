package control

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// months makes points of equal denominators from 2023-01 on.
func months(rates ...float64) []Point {
	out := make([]Point, len(rates))
	for i, r := range rates {
		out[i] = Point{Period: fmt.Sprintf("%d-%02d", 2023+i/12, 1+i%12), Num: r * 1000, Den: 1000}
	}
	return out
}

func kinds(c Chart) map[string]Signal {
	out := map[string]Signal{}
	for _, s := range c.Signals {
		out[s.Kind] = s
	}
	return out
}

// Worked by hand: twelve months alternate .30 and .32; mean .31, average moving
// range .02, natural limits .31 ± 2.66 × .02 = .2568 and .3632, range limit .06536.
func TestNaturalLimitsByHand(t *testing.T) {
	var rates []float64
	for i := range 12 {
		rates = append(rates, 0.30+0.02*float64(i%2))
	}
	c := Of(months(rates...), DefaultConfig())
	for _, v := range [][2]float64{{c.Centre, 0.31}, {c.Lower, 0.2568}, {c.Upper, 0.3632}, {c.RangeLimit, 0.06536}} {
		if math.Abs(v[0]-v[1]) > 1e-9 {
			t.Errorf("got %v, want %v", v[0], v[1])
		}
	}
	if len(c.Signals) != 0 {
		t.Errorf("a quiet course has no signals: %+v", c.Signals)
	}
}

func TestShortCourseSaysSo(t *testing.T) {
	points := months(make([]float64, 14)...)
	for i := range 3 {
		points[i].Den = 0
	}
	c := Of(points, DefaultConfig())
	if len(c.Signals) != 1 || c.Signals[0].Kind != Short {
		t.Errorf("eleven months with cases are too few: %+v", c.Signals)
	}
}

// noise is a repeatable course around a level.
func noise(r *rand.Rand, n int, level, sigma float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = level + sigma*r.NormFloat64()
	}
	return out
}

func TestSignals(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	level := append(noise(r, 12, 0.30, 0.016), noise(r, 8, 0.40, 0.016)...)
	c := Of(months(level...), Config{Base: 12, K: 0.5, H: 5})
	got := kinds(c)
	if s := got[Change]; s.Period != "2024-01" || !s.Up || math.Abs(s.Before-0.30) > 0.015 || math.Abs(s.After-0.40) > 0.015 {
		t.Errorf("a new level from 2024-01 on: %+v", s)
	}
	if s := got[Run]; s.Since > "2024-01" || s.Period != "2024-08" || !s.Up {
		t.Errorf("eight months above the centre: %+v", s)
	}
	if s := got[Drift]; !s.Up || s.Since < "2023-11" {
		t.Errorf("a drift from about 2024-01 on: %+v", s)
	}
	spike := noise(r, 18, 0.30, 0.01)
	spike[15] = 0.5
	if s := kinds(Of(months(spike...), DefaultConfig()))[Outside]; s.Period != "2024-04" || !s.Up {
		t.Errorf("one month outside: %+v", s)
	}
}

// A pure season is taken out and leaves no signal; without whole years it stays.
func TestSeasonIsTakenOut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rates := noise(r, 36, 0.30, 0.005)
	for i := range rates {
		rates[i] += 0.1 * math.Sin(2*math.Pi*float64(i%12)/12)
	}
	c := Of(months(rates...), DefaultConfig())
	if !c.Seasonal {
		t.Fatal("three whole years show a season")
	}
	if slices.Max(c.Adjusted)-slices.Min(c.Adjusted) > 0.05 {
		t.Errorf("the season of ±0.1 is not out: %v", c.Adjusted)
	}
	if Of(months(rates[:20]...), DefaultConfig()).Seasonal {
		t.Error("twenty months show no season")
	}
}

// The average run length of the two-sided CUSUM equals what R's spc computes.
func TestCusumRunLengthsEqualR(t *testing.T) {
	f, err := os.Open("testdata/arl.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for _, row := range rows[1:] {
		h, _ := strconv.ParseFloat(row[0], 64)
		mu, _ := strconv.ParseFloat(row[1], 64)
		want, _ := strconv.ParseFloat(row[2], 64)
		const runs = 4000
		total := 0
		for range runs {
			c := Cusum{K: 0.5, H: h}
			for n := 1; ; n++ {
				if c.Add(mu+r.NormFloat64()) > 0 {
					total += n
					break
				}
			}
		}
		if got := float64(total) / runs; math.Abs(got-want)/want > 0.06 {
			t.Errorf("h %v, shift %v: average run length %.2f, spc says %.2f", h, mu, got, want)
		}
	}
}

// exhaustive tries every split.
func exhaustive(z []float64, penalty float64) float64 {
	n := len(z)
	best := math.Inf(1)
	var walk func(from int, cost float64)
	walk = func(from int, cost float64) {
		if from == n {
			best = math.Min(best, cost-penalty)
			return
		}
		for to := from + minSegment; to <= n; to++ {
			m := mean(z[from:to])
			c := penalty
			for _, v := range z[from:to] {
				c += (v - m) * (v - m)
			}
			walk(to, cost+c)
		}
	}
	walk(0, 0)
	return best
}

func TestPartitionEqualsExhaustiveSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SliceOfN(rapid.Float64Range(-4, 4), minSegment, 18).Draw(t, "z")
		penalty := rapid.Float64Range(0.1, 12).Draw(t, "penalty")
		starts := append(partition(z, penalty), len(z))
		cost := -penalty
		for i := 1; i < len(starts); i++ {
			part := z[starts[i-1]:starts[i]]
			m := mean(part)
			cost += penalty
			for _, v := range part {
				cost += (v - m) * (v - m)
			}
		}
		if want := exhaustive(z, penalty); math.Abs(cost-want) > 1e-9 {
			t.Fatalf("cost %v of %v, exhaustive search finds %v", cost, starts, want)
		}
	})
}
