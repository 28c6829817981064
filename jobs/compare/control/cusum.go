package control

import "math"

// Cusum is a two-sided tabular CUSUM of standardised distances (Page, Biometrika
// 41 (1954)); both sums start at 0 and begin anew after a signal.
type Cusum struct {
	K, H      float64 // allowance and decision interval, in sigma
	up, down  float64
	upAt      int // points since the upper sum left 0
	downAt    int
	Signalled int // +1 up, -1 down, 0 none, at the last point
}

// Add takes one standardised distance and returns how many points the sum that
// signalled has been away from 0; 0 without a signal.
func (c *Cusum) Add(z float64) int {
	c.up, c.upAt = step(c.up, c.upAt, z-c.K)
	c.down, c.downAt = step(c.down, c.downAt, -z-c.K)
	c.Signalled = 0
	since := 0
	switch {
	case c.up > c.H:
		c.Signalled, since = 1, c.upAt
	case c.down > c.H:
		c.Signalled, since = -1, c.downAt
	}
	if c.Signalled != 0 {
		c.up, c.down, c.upAt, c.downAt = 0, 0, 0, 0
	}
	return since
}

func step(sum float64, at int, by float64) (float64, int) {
	if sum += by; sum <= 0 {
		return 0, 0
	}
	return sum, at + 1
}

// drifts runs a CUSUM over the months, each distance standardised by the spread
// of the base or by chance (binomial at the month's denominator), whichever is
// wider, so that months with few cases weigh less.
func (c *Chart) drifts(points []Point, base []float64, cfg Config) {
	sigma := (c.Upper - c.Centre) / 3
	sum := Cusum{K: cfg.K, H: cfg.H}
	for i, v := range c.Adjusted {
		chance := 0.0
		if m := math.Min(1, math.Max(0, c.Centre)); m > 0 && m < 1 {
			chance = math.Sqrt(m * (1 - m) / points[i].Den)
		}
		s := math.Max(sigma, chance)
		if s == 0 {
			continue
		}
		if since := sum.Add((v - c.Centre) / s); since > 0 {
			from := i - since + 1
			c.Signals = append(c.Signals, Signal{
				Kind: Drift, Period: points[i].Period, Since: points[from].Period, Up: sum.Signalled > 0,
				Before: c.Centre, After: mean(c.Adjusted[from : i+1]),
			})
		}
	}
}
